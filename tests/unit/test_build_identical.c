/* Whether base and head execute the same: what must be equal, and all that can differ. The trees
 * are built for real, by a compiler where a program is needed. */
#include "build_scene.h"

#include <unistd.h>

/* "prog" and "other" are programs of C; a library; a script; data. */
static const char PROJECT[] =
    "new r\n"
    "echo 'int main(void) { return 0; }' >prog.c\n"
    "echo 'int main(void) { return 1; }' >other.c\n"
    "echo 'int f(void) { return 0; }' >lib.c\n"
    "printf '#!/bin/sh\\n:\\n' >script; chmod +x script; mkdir data data/deep; echo d >data/in\n"
    "echo e >data/deep/e; echo notes >notes.md; echo t >data.txt; "
    "echo unused >unused.c; ln -s prog-1 prog-link\n"
    "git add -A; c base; git rev-parse HEAD >../base\n";

#define HEADER "version: 1\n"
#define BUILD                                                                                      \
    "build:\n  - cc -o prog prog.c && cc -o other other.c && cp prog prog-1\n"                     \
    "  - cc -shared -fPIC -o libx.so.1 lib.c\n"

struct comparison {
    const char *change;    /**< what head does to the project */
    const char *benchmark; /**< settings beside the name */
    const char *what;      /**< NULL: not identical */
};

static const struct comparison comparisons[] = {
    {"true", "command: [./prog]", "./prog is byte for byte the same"},
    {"echo x >>notes.md", "command: [./prog, -v, --size=3]", "./prog is byte for byte the same"},
    {"echo 'int main(void) { return 5; }' >unused.c; mkdir n; echo >n/new.h", "command: [./prog]",
     "./prog is byte for byte the same"},
    {"echo '# words' >perfwarden.yml", "command: [./prog]", "./prog is byte for byte the same"},
    {"echo '/* only words */' >>prog.c", "command: [./prog]", "./prog is byte for byte the same"},
    {"echo x >>notes.md", "command: [../prog], cwd: data", "../prog is byte for byte the same"},
    {"echo x >>notes.md", "command: [./prog], stdin: data/in", "./prog is byte for byte the same"},
    {"echo x >>notes.md", "command: [./prog, data, /etc/passwd], env: {D: \"data:/tmp\"}",
     "./prog is byte for byte the same"},
    {"echo x >>notes.md", "command: [./prog-link]", "./prog-link is byte for byte the same"},
    /* another program */
    {"echo 'int main(void) { return 5; }' >prog.c", "command: [./prog]", NULL},
    {"echo 'int main(void) { return 5; }' >prog.c", "command: [./prog-link]", NULL},
    {"ln -sf prog prog-link", "command: [./prog-link]", NULL},
    {"sed -i 's/0/0, 1/' prog.c", "command: [./prog]", NULL},
    /* what cannot be relied on */
    {"true", "command: ./prog", NULL},
    {"true", "command: [./script]", NULL},
    {"true", "command: [sh, ./script]", NULL},
    {"true", "command: [/bin/true]", NULL},
    {"true", "command: [./prog], prepare: ./script", NULL},
    {"true", "command: [./prog], setup: ./script", NULL},
    {"true", "command: [./absent]", NULL},
    {"true", "command: [./prog], cwd: /tmp", NULL},
    /* what it is given */
    {"echo x >>data/in", "command: [./prog, data/in]", NULL},
    {"echo x >>data/in", "command: [./prog, --file=data/in]", NULL},
    {"echo x >>data/in", "command: [./prog, \"@data/in\"]", NULL},
    {"echo x >>data/deep/e", "command: [./prog, data]", NULL},
    {"rm data/in", "command: [./prog, data/in]", NULL},
    {"echo x >>data/in", "command: [./prog], stdin: data/in", NULL},
    {"echo x >>data/in", "command: [./prog], env: {D: data/in}", NULL},
    {"echo x >>data/in", "command: [./prog], env: {D: \"/tmp:data\"}", NULL},
    {"echo x >>data/in", "command: [../prog, in], cwd: data", NULL},
    /* what it may open or execute by itself */
    {"echo x >>data.txt", "command: [./prog]", NULL},
    {"echo x >>data/in", "command: [./prog]", NULL},
    {"rm data.txt", "command: [./prog]", NULL},
    {"echo new >data/new", "command: [./prog]", NULL},
    {"echo ': more' >>script", "command: [./prog]", NULL},
    {"echo 'int main(void) { return 5; }' >other.c", "command: [./prog]", NULL},
    {"echo x >data/perfwarden.yml", "command: [./prog]", NULL},
    {"echo x >>data.txt", "command: [./prog], artifacts: [prog]", "prog is byte for byte the same"},
    /* libraries, wherever they are */
    {"echo 'int f(void) { return 7; }' >lib.c", "command: [./prog]", NULL},
    {"mkdir deep; echo text >deep/plugin.so", "command: [./prog]", NULL},
    {"ln -s libx.so.1 libx.so", "command: [./prog]", NULL},
    /* artifacts */
    {"echo x >>notes.md", "command: ./script, artifacts: [script]",
     "script is byte for byte the same"},
    {"echo x >>notes.md", "command: ./script, artifacts: [script, data]",
     "2 artifacts are byte for byte the same"},
    {"echo 'int f(void) { return 7; }' >lib.c", "command: [./prog], artifacts: [prog]",
     "prog is byte for byte the same"},
    {"echo x >>notes.md", "command: [../script], cwd: data, artifacts: [../script]",
     "../script is byte for byte the same"},
    {"echo x >>data/in", "command: ./script, artifacts: [script], stdin: data/in", NULL},
    {"echo ': more' >>script", "command: ./script, artifacts: [script]", NULL},
    {"chmod -x script", "command: sh script, artifacts: [script]", NULL},
    {"rm script", "command: sh script, artifacts: [script]", NULL},
    {"echo x >>data/deep/e", "command: ./script, artifacts: [script, data]", NULL},
    {"touch data/new", "command: ./script, artifacts: [data]", NULL},
    {"git mv data/in data/out", "command: ./script, artifacts: [data]", NULL},
    {"rm data/in; ln -s deep/e data/in", "command: ./script, artifacts: [data]", NULL},
};

/* One for all comparisons: a build of base serves them all. */
static void compare(struct scene *scene, const struct comparison *comparison)
{
    struct pw_arena arena = {NULL};
    struct pw_error err = PW_ERROR_INIT;
    struct pw_strbuf text = PW_STRBUF_INIT;
    struct pw_config configs[2];
    bool is_identical = comparison->what == NULL;
    const char *what = "unset";
    char *base = fixture_run("cat base");
    char *head = fixture_run("cd r; git checkout -q $(cat ../base); %s\n git add -A; c head; "
                             "git rev-parse HEAD",
                             comparison->change);
    struct pw_build base_build = build(scene, "base", base);
    struct pw_build head_build = build(scene, "head", head);

    pw_strbuf_printf(&text, HEADER "benchmarks: [{name: a, %s}]\n", comparison->benchmark);
    configs[0] = configure(base_build.directory, pw_strbuf_text(&text));
    configs[1] = configure(head_build.directory, pw_strbuf_text(&text));
    fixture_assert_ok(pw_build_is_identical(&base_build, &configs[0].benchmarks[0], &head_build,
                                            &configs[1].benchmarks[0], &arena, &is_identical, &what,
                                            &err),
                      &err);
    if (is_identical != (comparison->what != NULL)) {
        fail_msg("after '%s', '%s' is %sidentical", comparison->change, comparison->benchmark,
                 is_identical ? "" : "not ");
    }
    assert_true((what != NULL) == is_identical);
    if (what != NULL) {
        assert_string_equal(what, comparison->what);
    }
    pw_config_release(&configs[0]);
    pw_config_release(&configs[1]);
    pw_strbuf_release(&text);
    pw_arena_release(&arena);
    pw_build_release(&base_build);
    pw_build_release(&head_build);
    free(head);
    free(base);
}

static void test_comparisons(void **state)
{
    struct scene scene;
    (void)state;
    fixture_do(PROJECT);
    open_scene(&scene, "r", HEADER BUILD "benchmarks: [{name: a, command: [./a]}]\n");
    for (size_t i = 0; i < PW_COUNT(comparisons); i++) {
        compare(&scene, &comparisons[i]);
    }
    close_scene(&scene);
}

static void test_artifacts_that_say_nothing(void **state)
{
    static const struct {
        const char *artifact;
        const char *message;
    } cases[] = {
        {"typo", "artifact 'typo' of benchmark 'a' is neither in base nor in head"},
        {"../..", "artifact '../..' of benchmark 'a' lies outside of the tree"},
        {"outside", "artifact 'outside' of benchmark 'a' lies outside of the tree"},
    };
    struct scene scene;
    struct pw_error err = PW_ERROR_INIT;
    (void)state;
    fixture_do("new r; echo f >f; ln -s /etc/passwd outside; git add -A; c one");
    char *commit = fixture_run("cd r; git rev-parse HEAD");
    open_scene(&scene, "r", HEADER "benchmarks: [{name: a, command: [./a]}]\n");
    struct pw_build made = build(&scene, "base", commit);
    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        struct pw_arena arena = {NULL};
        struct pw_strbuf text = PW_STRBUF_INIT;
        bool is_identical = false;
        const char *what = NULL;
        pw_strbuf_printf(&text, HEADER "benchmarks: [{name: a, command: [./a], artifacts: [%s]}]\n",
                         cases[i].artifact);
        struct pw_config config = configure(made.directory, pw_strbuf_text(&text));
        fixture_assert_error(pw_build_is_identical(&made, &config.benchmarks[0], &made,
                                                   &config.benchmarks[0], &arena, &is_identical,
                                                   &what, &err),
                             PW_ECONFIG, &err, cases[i].message);
        pw_config_release(&config);
        pw_strbuf_release(&text);
        pw_arena_release(&arena);
    }
    pw_build_release(&made);
    close_scene(&scene);
    free(commit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FIXTURE(test_comparisons),
        IN_FIXTURE(test_artifacts_that_say_nothing),
    };
    struct pw_error err = PW_ERROR_INIT;

    if (pw_launcher_start(&executor, &err) != 0) {
        (void)fprintf(stderr, "%s\n", pw_error_message(&err));
        return 1;
    }
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    executor->free(executor);
    return failed;
}

/* Building revisions: where they lie, what is cached, what a failure says, who waits for whom, and
 * that nothing of it is left in the repository. */
#include "build_scene.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define STEPS_HEAD "version: 1\nbenchmarks: [{name: a, command: [./a]}]\nbuild:\n"
/* Each build is counted in a file beside the cache. */
#define COUNTED                                                                                    \
    STEPS_HEAD "  - echo \"$PERFWARDEN_SIDE $(cat file)\" | tee built\n"                           \
               "  - echo x >>../../../../count\n"

static const char REPOSITORY[] = "new r; mkdir sub; echo s >sub/s; echo one >file; git add -A; "
                                 "c one; git rev-parse HEAD >../first; echo two >file; git add -A; "
                                 "c two; git rev-parse HEAD >../second";

/* Nothing in the repository says that it was built from. */
static void expect_clean(void)
{
    expect("cd r; git status --porcelain; git worktree list | wc -l; test ! -e .git/worktrees; "
           "git fsck --strict --no-dangling 2>&1",
           "1");
}

static void test_two_sides_of_equal_length(void **state)
{
    struct scene scene;
    (void)state;
    fixture_do(REPOSITORY);
    char *first = fixture_run("cat first");
    char *second = fixture_run("cat second");
    open_scene(&scene, "r", COUNTED);

    struct pw_build base = build(&scene, "base", first);
    struct pw_build head = build(&scene, "head", second);
    assert_string_equal(base.commit, first);
    assert_string_equal(base.root, base.directory);
    assert_int_equal(strlen(base.root), strlen(head.root));
    assert_string_not_equal(base.root, head.root);
    assert_false(base.was_cached);
    char *built = fixture_run("cat '%s/built' '%s/built'; cat count; cat '%s'", base.root,
                              head.root, head.log);
    assert_non_null(strstr(built, "base one\nhead two\nx\nx\nhead "));
    assert_non_null(strstr(built, "\n$ echo x >>../../../../count"));
    assert_non_null(strstr(built, "\nhead two\n"));
    free(built);
    assert_string_equal(pw_strbuf_text(&scene.seen), "base one\nhead two\n");
    assert_non_null(strstr(pw_strbuf_text(&scene.told), "base: check out\nbase: echo \"$PERF"));
    pw_build_release(&base);
    pw_build_release(&head);
    expect_clean();

    /* a second time nothing is run, whichever side it is for */
    pw_strbuf_clear(&scene.told);
    head = build(&scene, "base", second);
    assert_true(head.was_cached);
    assert_string_equal(pw_strbuf_text(&scene.told), "base: take from the cache\n");
    expect("wc -l <count", "2");
    expect("stat -c %a cache cache/builds cache/logs; cat cache/.gitignore", "700\n700\n700\n*");

    /* in use it is not built again, and unused it is */
    scene.options.is_rebuild = true;
    struct pw_build again = build(&scene, "head", second);
    assert_true(again.was_cached);
    pw_build_release(&again);
    pw_build_release(&head);
    again = build(&scene, "head", second);
    assert_false(again.was_cached);
    expect("wc -l <count", "3");
    pw_build_release(&again);
    pw_build_release(&again);
    close_scene(&scene);
    free(second);
    free(first);
}

/* What is done to a built tree, and whether it still serves. */
static void test_a_tree_that_was_written_to(void **state)
{
    static const struct {
        const char *change;
        bool is_kept;
    } cases[] = {
        {"cat tree/file tree/sub/s >seen; touch tree/t; rm tree/t", true},
        {"echo warm >tree/warm", false},
        {"echo warm >tree/sub/warm", false},
        {"echo ONE >tree/file", false},
        {"touch -d 2001-01-01 tree/file", false},
        {"chmod +x tree/file", false},
        {"rm tree/sub/s", false},
        {"mv tree/sub tree/other", false},
        {"mkdir tree/empty", false},
        {"ln -s nowhere tree/link", false},
        {": >complete", false},
        {"rm complete", false},
    };
    struct scene scene;
    (void)state;
    fixture_do(REPOSITORY);
    char *first = fixture_run("cat first");
    open_scene(&scene, "r", COUNTED);
    struct pw_build made = build(&scene, "base", first);
    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        fixture_do("cd '%s/..'; : >../../../count; %s", made.root, cases[i].change);

        /* in use it is taken as it is */
        struct pw_build shared = {0};
        if (strstr(cases[i].change, "complete") == NULL) {
            shared = build(&scene, "head", first);
            assert_true(shared.was_cached);
        }
        pw_build_release(&shared);
        pw_build_release(&made);
        pw_strbuf_clear(&scene.told);
        made = build(&scene, "base", first);
        if (made.was_cached != cases[i].is_kept) {
            fail_msg("after '%s' it is %staken from the cache", cases[i].change,
                     made.was_cached ? "" : "not ");
        }
        expect("wc -l <count", made.was_cached ? "0" : "1");
        const bool is_told = strstr(pw_strbuf_text(&scene.told), PW_BUILD_STEP_ANEW) != NULL;
        assert_int_equal(is_told, !made.was_cached && strcmp(cases[i].change, "rm complete") != 0);
        expect("cd cache/builds/*/tree; ls; cat file; rm -f ../seen", "built\nfile\nsub\none");
    }
    pw_build_release(&made);
    expect_clean();
    close_scene(&scene);
    free(first);
}

static void test_what_makes_another_build(void **state)
{
    struct scene scene;
    static const char *const texts[] = {COUNTED, STEPS_HEAD "  - \"true\"\n",
                                        STEPS_HEAD "  - \"true\"\n  - \"true\"\n",
                                        "version: 1\nbenchmarks: [{name: a, command: [./a]}]\n"};
    char seen[16][4096];
    size_t count = 0;
    (void)state;
    fixture_do(REPOSITORY);
    char *first = fixture_run("cat first");
    for (size_t i = 0; i < PW_COUNT(texts) + 2; i++) {
        const bool is_flags = i == PW_COUNT(texts) + 1;
        open_scene(&scene, i == PW_COUNT(texts) ? "r/sub" : "r",
                   texts[i < PW_COUNT(texts) ? i : 1]);
        assert_int_equal(is_flags ? setenv("CFLAGS", "-O3", 1) : 0, 0);
        struct pw_build made = build(&scene, "base", first);
        assert_false(made.was_cached);
        (void)snprintf(seen[count], sizeof(seen[count]), "%s", made.root);
        for (size_t j = 0; j < count; j++) {
            assert_string_not_equal(seen[j], made.root);
        }
        count++;
        if (i == PW_COUNT(texts)) {
            assert_non_null(strstr(made.directory, "/tree/sub"));
        }
        pw_build_release(&made);
        close_scene(&scene);
    }
    assert_int_equal(unsetenv("CFLAGS"), 0);
    expect_clean();
    free(first);
}

static void test_a_failure_is_told_and_its_log_kept(void **state)
{
    struct scene scene;
    struct pw_build made = {0};
    struct pw_error err = PW_ERROR_INIT;
    (void)state;
    fixture_do(REPOSITORY);
    char *first = fixture_run("cat first");
    char *second = fixture_run("cat second");
    open_scene(&scene, "r",
               STEPS_HEAD "  - echo start\n"
                          "  - \"echo working; grep -q two file || { echo no good >&2; echo; "
                          "exit 3; }\"\n"
                          "  - echo more\n");
    int status = try_build(&scene, "base", first, &made, &err);
    assert_int_equal(status, PW_EBUILD);
    char *log = fixture_run("ls cache/logs/*-base.log");
    struct pw_strbuf text = PW_STRBUF_INIT;
    pw_strbuf_printf(&text, "could not build base (%.12s): step 'echo working; ", first);
    assert_non_null(strstr(pw_error_message(&err), pw_strbuf_text(&text)));
    assert_non_null(strstr(pw_error_message(&err), "ended with exit status 3; last line: 'no good'"
                                                   "; the whole log is in '"));
    assert_non_null(strstr(pw_error_message(&err), log));
    assert_null(made.root);
    pw_error_release(&err);
    char *content = fixture_run("cat '%s' | tail -n +3; ls cache/builds", log);
    assert_string_equal(content,
                        "$ echo start\nstart\n\n$ echo working; grep -q two file || { echo "
                        "no good >&2; echo; exit 3; }\nworking\nno good");
    expect_clean();

    /* the other side is another matter; and base fails again, not from the cache */
    made = build(&scene, "head", second);
    pw_build_release(&made);
    fixture_assert_error(try_build(&scene, "base", first, &made, &err), PW_EBUILD, &err,
                         "could not build base");
    pw_config_release(&scene.config);
    scene.config = configure(pw_git_workdir(scene.git), STEPS_HEAD "  - kill -9 $$\n");
    fixture_assert_error(try_build(&scene, "head", first, &made, &err), PW_EBUILD, &err,
                         "step 'kill -9 $$' was killed by signal 9; the whole log");
    expect_clean();
    pw_strbuf_release(&text);
    free(content);
    free(log);
    close_scene(&scene);
    free(second);
    free(first);
}

/* It is counted, for it was built again and again once. */
static void test_a_tree_that_its_steps_remove(void **state)
{
    struct scene scene;
    struct pw_build made = {0};
    struct pw_error err = PW_ERROR_INIT;
    (void)state;
    fixture_do(REPOSITORY);
    char *first = fixture_run("cat first");
    open_scene(&scene, "r",
               STEPS_HEAD "  - echo x >>../../../../count; test $(wc -l <../../../../count) -lt 4\n"
                          "  - rm -rf \"$PWD\"\n");
    fixture_assert_error(try_build(&scene, "base", first, &made, &err), PW_EBUILD, &err,
                         "after its build steps the checked-out tree '");
    expect("wc -l <count; ls cache/builds", "1");
    expect_clean();
    close_scene(&scene);
    free(first);
}

static void test_a_revision_without_the_directory(void **state)
{
    struct scene scene;
    struct pw_build made = {0};
    struct pw_error err = PW_ERROR_INIT;
    (void)state;
    fixture_do(REPOSITORY);
    fixture_do("cd r; mkdir late; echo l >late/l; git add -A; c three");
    char *first = fixture_run("cat first");
    open_scene(&scene, "r/late", COUNTED);
    fixture_assert_error(try_build(&scene, "base", first, &made, &err), PW_EBUILD, &err,
                         "it has no directory 'late'");
    close_scene(&scene);
    open_scene(&scene, "r/late", "version: 1\nbenchmarks: [{name: a, command: [./a]}]\n");
    made = build(&scene, "base", first);
    pw_build_release(&made);
    close_scene(&scene);
    fixture_do("mkdir out");
    open_scene(&scene, "out", COUNTED);
    fixture_assert_error(try_build(&scene, "base", first, &made, &err), PW_EUSAGE, &err,
                         "does not lie in the work tree");
    close_scene(&scene);
    fixture_do("rm -rf r.away; mv r r.away; git clone -q --bare r.away r");
    open_scene(&scene, "r", COUNTED);
    fixture_assert_error(try_build(&scene, "base", first, &made, &err), PW_EUSAGE, &err,
                         "bare repository");
    close_scene(&scene);
    free(first);
}

static void test_snapshots_are_built_too(void **state)
{
    struct scene scene;
    struct pw_error err = PW_ERROR_INIT;
    char commit[PW_OID_SIZE];
    (void)state;
    fixture_do(REPOSITORY);
    fixture_do("cd r; echo three >file; echo new >new");
    open_scene(&scene, "r", COUNTED);
    for (int i = 0; i < 2; i++) {
        fixture_assert_ok(pw_git_snapshot(scene.git, commit, &err), &err);
        struct pw_build made = build(&scene, "head", commit);
        assert_int_equal(made.was_cached, i == 1);
        char *built = fixture_run("cat '%s/built' '%s/new'", made.root, made.root);
        assert_string_equal(built, "head three\nnew");
        free(built);
        pw_build_release(&made);
    }
    expect("cd r; git status --porcelain", " M file\n?? new");
    close_scene(&scene);
}

/* The caller may be a hook, whose variables lead to the user's repository. */
static void test_the_environment_of_steps(void **state)
{
    struct scene scene;
    (void)state;
    fixture_do(REPOSITORY);
    char *first = fixture_run("cat first");
    open_scene(&scene, "r",
               STEPS_HEAD "  - git rev-parse HEAD; echo \"${GIT_DIR-unset} $WISH $LC_ALL\"\n");
    (void)setenv("GIT_DIR", "/nowhere", 1);
    (void)setenv("WISH", "kept", 1);
    (void)setenv("LC_ALL", "C.UTF-8", 1);
    struct pw_build made = build(&scene, "base", first);
    (void)unsetenv("GIT_DIR");
    (void)unsetenv("LC_ALL");
    (void)unsetenv("WISH");
    assert_memory_equal(pw_strbuf_text(&scene.seen), first, PW_OID_SIZE - 1);
    assert_non_null(strstr(pw_strbuf_text(&scene.seen), "\nunset kept C.UTF-8\n"));
    pw_build_release(&made);
    close_scene(&scene);
    free(first);
}

static void test_interruptions(void **state)
{
    struct scene scene;
    struct pw_build made = {0};
    struct pw_error err = PW_ERROR_INIT;
    volatile int interrupted = SIGTERM;
    (void)state;
    fixture_do(REPOSITORY);
    char *first = fixture_run("cat first");
    open_scene(&scene, "r", COUNTED);
    scene.options.interrupted = &interrupted;
    fixture_assert_error(try_build(&scene, "base", first, &made, &err), PW_EINTERRUPTED, &err,
                         "interrupted");
    expect("ls cache/builds; test ! -e count", "");
    expect_clean();
    close_scene(&scene);
    free(first);
}

/* Told that a step is started, a signal arrives. */
static void interrupt_at_step(void *context, const char *side, const char *step)
{
    (void)side;
    if (strcmp(step, "sleep 300") == 0) {
        *(volatile int *)context = SIGINT;
    }
}

static void test_an_interrupted_step(void **state)
{
    struct scene scene;
    struct pw_build made = {0};
    struct pw_error err = PW_ERROR_INIT;
    volatile int interrupted = 0;
    (void)state;
    fixture_do(REPOSITORY);
    char *first = fixture_run("cat first");
    open_scene(&scene, "r", STEPS_HEAD "  - touch made\n  - sleep 300\n");
    scene.options.interrupted = &interrupted;
    scene.options.step_started = interrupt_at_step;
    scene.options.context = (void *)&interrupted;
    fixture_assert_error(try_build(&scene, "base", first, &made, &err), PW_EINTERRUPTED, &err,
                         "interrupted while building base");
    expect("ls cache/builds cache/logs", "cache/builds:\n\ncache/logs:");
    expect_clean();
    close_scene(&scene);
    free(first);
}

static void test_places_of_the_cache(void **state)
{
    static const struct {
        const char *script;
        const char *message;
    } cases[] = {
        {"rm -rf cache; mkdir real; ln -s ../real cache", "is a symbolic link"},
        {"rm -rf cache; touch cache", "is not a directory"},
        {"rm -rf cache; mkdir cache; ln -s /tmp cache/builds", "is a symbolic link"},
        {"rm -rf cache; mkdir cache; chown 12345 cache", "belongs to another user"},
    };
    struct scene scene;
    struct pw_build made = {0};
    struct pw_error err = PW_ERROR_INIT;
    (void)state;
    fixture_do(REPOSITORY);
    char *first = fixture_run("cat first");
    open_scene(&scene, "r", COUNTED);
    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        if (strstr(cases[i].script, "chown") != NULL && geteuid() != 0) {
            continue;
        }
        fixture_do("%s", cases[i].script);
        fixture_assert_error(try_build(&scene, "base", first, &made, &err), PW_EIO, &err,
                             cases[i].message);
    }
    fixture_do("rm -rf cache");
    free(scene.cache);
    scene.cache = fixture_path("r/file/cache");
    scene.options.cache = scene.cache;
    fixture_assert_error(try_build(&scene, "base", first, &made, &err), PW_EIO, &err,
                         "cannot make the cache");

    /* unless it is named, the environment says where; an open one is closed to others */
    char *other = fixture_path("other");
    scene.options.cache = NULL;
    fixture_do("mkdir -m 777 other");
    (void)setenv("PERFWARDEN_CACHE", other, 1);
    made = build(&scene, "base", first);
    (void)unsetenv("PERFWARDEN_CACHE");
    assert_memory_equal(made.root, other, strlen(other));
    pw_build_release(&made);
    expect("stat -c %a other", "700");
    made = build(&scene, "base", first);
    assert_non_null(strstr(made.root, "/.cache/perfwarden/builds/"));
    pw_build_release(&made);
    close_scene(&scene);
    free(other);
    free(first);
}

/* The last used ones stay; what is in use stays in any case. */
static void test_old_entries_go(void **state)
{
    struct scene scene;
    struct pw_build used = {0};
    (void)state;
    fixture_do("new r; for i in $(seq 16); do echo $i >file; git add file; c $i; "
               "git rev-parse HEAD >>../commits; done");
    open_scene(&scene, "r", "version: 1\nbenchmarks: [{name: a, command: [./a]}]\n");
    for (unsigned i = 1; i <= 16; i++) {
        char *commit = fixture_run("sed -n %up commits", i);
        struct pw_build made = build(&scene, "base", commit);
        fixture_do("touch -d @%u '%s/../lock'", 1000000000 + i, made.root);
        if (i == 1) {
            used = made;
        } else {
            pw_build_release(&made);
        }
        free(commit);
    }
    /* cleaning comes first, so the newest one is one more */
    expect("cat cache/builds/*/tree/file | sort -n | tr '\\n' ' '",
           "1 5 6 7 8 9 10 11 12 13 14 15 16 ");
    pw_build_release(&used);
    close_scene(&scene);
}

/* A process of its own that builds: killed, or one of several. */
static int work(char **arguments)
{
    struct pw_error err = PW_ERROR_INIT;
    struct pw_git *git = NULL;
    struct pw_build made = {0};
    struct pw_config config = {0};
    struct pw_diagnostics mistakes = {0};
    struct pw_build_options options = {.cache = arguments[1]};
    const char *text = arguments[3];
    int status = pw_git_open(arguments[0], &git, &err);

    if (status == PW_OK && pw_config_parse(text, strlen(text), "perfwarden.yml", arguments[0],
                                           &config, &mistakes) == PW_OK) {
        status =
            pw_build_revision(git, executor, "base", arguments[2], &config, &options, &made, &err);
    }
    if (status != PW_OK) {
        (void)fprintf(stderr, "%s\n", pw_error_message(&err));
    }
    pw_build_release(&made);
    pw_config_release(&config);
    pw_git_free(git);
    pw_error_release(&err);
    return status == PW_OK ? 0 : 1;
}

static pid_t start_worker(const struct scene *scene, const char *commit, const char *text)
{
    char *repository = fixture_path("r");
    const pid_t pid = fork();

    if (pid == 0) {
        (void)execl("/proc/self/exe", "test_build", "worker", repository, scene->cache, commit,
                    text, (char *)NULL);
        _exit(127);
    }
    assert_true(pid > 0);
    free(repository);
    return pid;
}

static void wait_for(const char *name)
{
    char *path = fixture_path(name);
    const struct timespec pause = {.tv_nsec = 10000000};

    for (int i = 0; i < 6000 && !pw_path_exists(path); i++) {
        (void)nanosleep(&pause, NULL);
    }
    assert_true(pw_path_exists(path));
    free(path);
}

static void test_a_killed_build_is_cleaned_up(void **state)
{
#define HANGING STEPS_HEAD "  - touch ../../../../hanging; sleep 300\n"
    struct scene scene;
    (void)state;
    fixture_do(REPOSITORY);
    char *first = fixture_run("cat first");
    char *second = fixture_run("cat second");
    open_scene(&scene, "r", COUNTED);
    fixture_do("cd r; git worktree add -q ../own HEAD~0 2>/dev/null");
    const pid_t pid = start_worker(&scene, first, HANGING);
    wait_for("hanging");
    expect("cd r; git worktree list | wc -l; ls ../cache/builds | wc -l", "3\n1");

    /* while it builds nobody takes it away */
    struct pw_build made = build(&scene, "head", second);
    pw_build_release(&made);
    expect("cd r; git worktree list | wc -l; ls ../cache/builds | wc -l", "3\n2");
    assert_int_equal(kill(pid, SIGKILL), 0);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    expect("cd r; git worktree list | wc -l", "3");

    /* another key's run, even one that only takes from the cache */
    made = build(&scene, "head", second);
    assert_true(made.was_cached);
    pw_build_release(&made);
    expect("cd r; git worktree list | wc -l; ls ../cache/builds | wc -l; git fsck --no-dangling "
           "2>&1; cat ../own/file",
           "2\n1\ntwo");
    close_scene(&scene);
    free(second);
    free(first);
}

static void test_one_of_several_builds(void **state)
{
#define SLOW                                                                                       \
    STEPS_HEAD "  - echo x >>../../../../count; touch ../../../../begun; while test ! -e "         \
               "../../../../go; do sleep 0.05; done\n"
    struct scene scene;
    pid_t pids[4];
    (void)state;
    fixture_do(REPOSITORY);
    char *first = fixture_run("cat first");
    open_scene(&scene, "r", SLOW);
    for (size_t i = 0; i < PW_COUNT(pids); i++) {
        pids[i] = start_worker(&scene, first, SLOW);
    }
    wait_for("begun");
    fixture_do("touch go");
    for (size_t i = 0; i < PW_COUNT(pids); i++) {
        int wait_status = -1;
        assert_int_equal(waitpid(pids[i], &wait_status, 0), pids[i]);
        assert_int_equal(wait_status, 0);
    }
    expect("wc -l <count", "1");
    struct pw_build made = build(&scene, "head", first);
    assert_true(made.was_cached);
    pw_build_release(&made);
    expect_clean();
    close_scene(&scene);
    free(first);
}

/* What another process is at work on is waited for, but not beyond a signal. */
static void note_waiting(void *context, const char *side, const char *step)
{
    (void)side;
    if (strcmp(step, PW_BUILD_STEP_WAIT) == 0) {
        *(volatile int *)context = SIGINT;
    }
}

static void test_waiting_can_be_interrupted(void **state)
{
    struct scene scene;
    struct pw_build made = {0};
    struct pw_error err = PW_ERROR_INIT;
    volatile int interrupted = 0;
    (void)state;
    fixture_do(REPOSITORY);
    char *first = fixture_run("cat first");
    open_scene(&scene, "r", SLOW);
    const pid_t pid = start_worker(&scene, first, SLOW);
    wait_for("begun");
    scene.options.interrupted = &interrupted;
    scene.options.step_started = note_waiting;
    scene.options.context = (void *)&interrupted;
    fixture_assert_error(try_build(&scene, "head", first, &made, &err), PW_EINTERRUPTED, &err,
                         "interrupted while waiting for another build");
    fixture_do("touch go");
    int wait_status = -1;
    assert_int_equal(waitpid(pid, &wait_status, 0), pid);
    assert_int_equal(wait_status, 0);
    close_scene(&scene);
    free(first);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        IN_FIXTURE(test_two_sides_of_equal_length),
        IN_FIXTURE(test_a_tree_that_was_written_to),
        IN_FIXTURE(test_what_makes_another_build),
        IN_FIXTURE(test_a_failure_is_told_and_its_log_kept),
        IN_FIXTURE(test_a_tree_that_its_steps_remove),
        IN_FIXTURE(test_a_revision_without_the_directory),
        IN_FIXTURE(test_snapshots_are_built_too),
        IN_FIXTURE(test_the_environment_of_steps),
        IN_FIXTURE(test_interruptions),
        IN_FIXTURE(test_an_interrupted_step),
        IN_FIXTURE(test_places_of_the_cache),
        IN_FIXTURE(test_old_entries_go),
        IN_FIXTURE(test_a_killed_build_is_cleaned_up),
        IN_FIXTURE(test_one_of_several_builds),
        IN_FIXTURE(test_waiting_can_be_interrupted),
    };
    struct pw_error err = PW_ERROR_INIT;

    if (pw_launcher_start(&executor, &err) != 0) {
        (void)fprintf(stderr, "%s\n", pw_error_message(&err));
        return 1;
    }
    const int failed = argc == 6 && strcmp(argv[1], "worker") == 0
                           ? work(argv + 2)
                           : cmocka_run_group_tests(tests, NULL, NULL);
    executor->free(executor);
    return failed;
}

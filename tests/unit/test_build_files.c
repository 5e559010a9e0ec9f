/* The parts that handle foreign files: comparing, telling libraries, removing, logs. */
#include "git_fixture.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../src/build/compare.h"
#include "../../src/build/elf.h"
#include "../../src/build/log.h"
#include "../../src/build/remove.h"
#include "../../src/build/trees.h"
#include "perfwarden/build.h"

#define IN_FIXTURE(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

/* What is done to folder "b", a copy of "a", and whether they are the same then. */
static const struct {
    const char *change;
    bool is_same;
} changes[] = {
    {"true", true},
    {"touch -d 2001-01-01 b/f; chmod 640 b/f", true},
    {"mkdir b/.git; touch b/.git/x", true},
    {"for x in a b; do ln -s nowhere $x/dangling; done", true},
    {"for x in a b; do ln -s d $x/to-folder; done", true},
    {"for x in a b; do ln -s ../$x-data $x/to-file; echo 1 >$x-data; done", false},
    {"for x in a b; do ln -s /etc/passwd $x/absolute; done", true},
    {"echo 1 >b/f", false},
    {"printf 2 >b/large; head -c 199999 /dev/zero >>b/large", false},
    {"head -c 199999 /dev/zero >b/large; printf 2 >>b/large", false},
    {"chmod +x b/f", false},
    {"rm b/f", false},
    {"rm b/f; mkdir b/f", false},
    {"mv b/d/g b/d/h", false},
    {"rmdir b/empty", false},
    {"ln -sf g b/d/link; ln -sf f a/d/link", false},
    {"for x in a b; do mkfifo $x/pipe; done", false},
    {"for x in a b; do ln -s / $x/root; done", false},
    {"for x in a b; do ln -s ../.. $x/d/up; done", false},
    {"for x in a b; do ln -s loop $x/loop; done", true},
    {"for x in a b; do mkdir -p $x/$(seq -s / 80); done", false},
};

static void test_folders(void **state)
{
    (void)state;
    for (size_t i = 0; i < PW_COUNT(changes); i++) {
        struct pw_error err = PW_ERROR_INIT;
        bool is_same = !changes[i].is_same;
        fixture_do("rm -rf a b; mkdir -p a/d a/empty; echo 0 >a/f; echo g >a/d/g; "
                   "head -c 200000 /dev/zero >a/large; cp -a a b; %s",
                   changes[i].change);
        char *a = fixture_path("a");
        char *b = fixture_path("b");
        fixture_assert_ok(pw_build_paths_are_same(a, b, &is_same, &err), &err);
        if (is_same != changes[i].is_same) {
            fail_msg("after '%s': %d", changes[i].change, is_same);
        }
        free(a);
        free(b);
    }
}

static void test_trees(void **state)
{
    static const struct {
        const char *change;
        bool is_same;
    } cases[] = {
        {"true", true},
        {"echo 2 >b/text", false},
        {"rm b/text", false},
        {"echo 3 >b/x.sort", false},
        {"chmod +x b/text", false},
        {"touch -d 2001-01-01 b/text; chmod 640 b/text", true},
        {"cp b/other b/prog", false},
        {"rm b/text; mkdir b/text", false},
        {"mkfifo a/pipe b/pipe", false},
        {"echo :>b/run.sh", false},
        {"echo :>b/run.py", false},
        {"echo x>b/config.yml", false},
        {"mkdir b/empty", true},
        /* what cannot matter */
        {"for f in x.c x.S x.d d/x.hpp README README.txt LICENSE.MIT x.o x.lo Makefile x.mk "
         "CMakeCache.txt "
         "configure.ac meson.build build.log .gitignore perfwarden.yml; do echo 1 >b/$f; done",
         true},
        {"for x in a b; do mkdir $x/src; echo $x >$x/src/x.rs; done", true},
        {"mkdir -p b/d/CMakeFiles/3 b/.github b/meson-private; echo 1 | tee b/d/CMakeFiles/3/x "
         "b/.github/x b/meson-private/x",
         true},
        {"mkdir -p b/target/debug/deps b/x/target/r/.fingerprint/q; cp b/prog "
         "b/target/debug/deps/p; "
         "echo 1 >b/x/target/r/.fingerprint/q/p",
         true},
        {"ln -s nowhere b/README", true},
        /* and what only looks so */
        {"mkdir -p b/debug/deps; echo 1 >b/debug/deps/p", false},
        {"mkdir -p b/target/deps; echo 1 >b/target/deps/p", false},
        {"mkdir b/x.c; echo 1 >b/x.c/data", false},
        {"mkdir b/meson-data; echo 1 >b/meson-data/x", false},
        {"echo 1 >b/CMakeFiles", false},
        {"echo 1 >b/d/perfwarden.yml", false},
        {"cp b/prog b/x.c", false},
        {"mkdir b/CMakeFiles; cp b/d/unnamed b/CMakeFiles/x.o", false},
        {"printf 'int f(void) { return 2; }' | cc -shared -fPIC -xc -o b/d/unnamed -", false},
        {"rm b/d/unnamed", false},
        {"cp b/d/unnamed b/copy", false},
        {"echo x >b/new.so", false},
        {"echo x >b/new.so.1.2", false},
        {"ln -s d/unnamed b/link.so", false},
        {"ln -s d/unnamed b/link", false},
        {"for x in a b; do ln -s d/unnamed $x/link; ln -s d $x/folder; done", true},
        {"for x in a b; do ln -s nowhere $x/dangling; ln -s /etc $x/etc; done", true},
        {"for x in a b; do ln -s ../$x/text $x/link; done", false},
        {"for x in a b; do ln -s ../up $x/link; done; touch up", false},
        {"for x in a b; do ln -s \"$PWD/a/text\" $x/link; done", false},
        {"ln -s text a/link; ln -s prog b/link", false},
        {"mkdir -p b/$(seq -s / 80)", false},
    };
    (void)state;
    fixture_do("mkdir -p a/d; echo 1 >a/text; printf 'int main(void) { return 0; }' | "
               "cc -xc -fPIE -pie -o a/prog -; printf 'int main(void) { return 1; }' | "
               "cc -xc -fPIE -pie -o a/other -; printf 'int f(void) { return 1; }' | "
               "cc -shared -fPIC -xc -o a/d/unnamed -; cp -a a kept");
    char *a = fixture_path("a");
    char *b = fixture_path("b");
    char *configuration = fixture_path("b/perfwarden.yml");
    const struct pw_build_tree trees[2] = {{a, NULL}, {b, configuration}};
    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        struct pw_error err = PW_ERROR_INIT;
        bool is_same = !cases[i].is_same;
        fixture_do("rm -rf a b up; cp -a kept a; cp -a kept b; %s", cases[i].change);
        fixture_assert_ok(pw_build_trees_are_same(&trees[0], &trees[1], &is_same, &err), &err);
        if (is_same != cases[i].is_same) {
            fail_msg("after '%s': %d", cases[i].change, is_same);
        }
    }
    free(configuration);
    free(a);
    free(b);
}

static void test_kinds_of_files(void **state)
{
    static const struct {
        const char *script;
        enum pw_elf_kind kind;
    } cases[] = {
        {"printf 'int main(void) { return 0; }' | cc -xc -fPIE -pie -o f -", PW_ELF_PROGRAM},
        {"printf 'int main(void) { return 0; }' | cc -xc -no-pie -o f -", PW_ELF_PROGRAM},
        {"printf 'int f(void) { return 0; }' | cc -xc -shared -fPIC -o f -", PW_ELF_LIBRARY},
        {"printf 'int f(void) { return 0; }' | cc -xc -c -o f -", PW_ELF_OTHER},
        {"echo '#!/bin/sh' >f", PW_ELF_NONE},
        {":>f", PW_ELF_NONE},
        {"printf '\\177ELF' >f", PW_ELF_NONE},
        {"mkdir f", PW_ELF_NONE},
        {"mkfifo f", PW_ELF_NONE},
        {"true", PW_ELF_NONE},
        /* segments that lie nowhere: not to be told from a library */
        {"printf '\\177ELF\\002\\001\\001\\0\\0\\0\\0\\0\\0\\0\\0\\0\\003\\0' >f; "
         "head -c 46 /dev/zero | tr '\\0' '\\377' >>f",
         PW_ELF_LIBRARY},
        {"printf '\\177ELF\\001\\002\\001\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\002' >f; "
         "head -c 46 /dev/zero >>f",
         PW_ELF_PROGRAM},
    };
    (void)state;
    char *path = fixture_path("f");
    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        fixture_do("rm -rf f; %s", cases[i].script);
        if (pw_elf_kind_of(path) != cases[i].kind) {
            fail_msg("'%s' is of kind %d", cases[i].script, (int)pw_elf_kind_of(path));
        }
    }
    free(path);
}

static void test_removing(void **state)
{
    static const char *const scripts[] = {
        "true",
        "touch x",
        "ln -s kept x",
        "mkdir x; ln -s ../kept x/link; ln -s nowhere x/none; mkfifo x/pipe",
        "mkdir -p x/a/b; touch x/a/b/c; chmod 0 x/a/b x/a; chmod 500 x",
        "mkdir x; cd x; for i in $(seq 400); do mkdir d; touch f; cd d; done",
        "mkdir x; cd x; for i in $(seq 2000); do : >$i; done",
    };
    (void)state;
    fixture_do("mkdir kept; touch kept/file");
    char *path = fixture_path("x");
    for (size_t i = 0; i < PW_COUNT(scripts); i++) {
        struct pw_error err = PW_ERROR_INIT;
        struct stat info;
        fixture_do("%s", scripts[i]);
        fixture_assert_ok(pw_build_remove(path, &err), &err);
        assert_int_not_equal(lstat(path, &info), 0);
    }
    free(path);
    fixture_do("test -e kept/file");
}

static void last_line_is(const char *output, const char *expected)
{
    struct pw_build_log log = {.fd = -1, .error_number = 1};
    struct pw_strbuf line = PW_STRBUF_INIT;

    for (size_t i = 0; i < strlen(output); i += 3) {
        const size_t left = strlen(output) - i;
        pw_build_log_write(&log, output + i, left < 3 ? left : 3);
    }
    pw_build_log_last_line(&log, &line);
    assert_string_equal(pw_strbuf_text(&line), expected);
    pw_strbuf_release(&line);
}

static void test_last_lines(void **state)
{
    static char large[20000];
    (void)state;
    last_line_is("", "");
    last_line_is("\n \n", "");
    last_line_is("one", "one");
    last_line_is("one\ntwo\n\n  \r\n", "two");
    last_line_is("10%\r20%\r", "20%");
    memset(large, 'x', sizeof(large) - 1);
    memcpy(large + sizeof(large) - 9, "\nthe end", 8);
    last_line_is(large, "the end");
    memset(large, 'x', sizeof(large) - 1);
    memset(large + 200, '\0', 1);
    last_line_is(large, large);
    large[200] = 'y';
    large[210] = '\0';
    struct pw_strbuf cut = PW_STRBUF_INIT;
    pw_strbuf_append(&cut, large, 200);
    pw_strbuf_puts(&cut, "...");
    last_line_is(large, pw_strbuf_text(&cut));
    /* not in the middle of a character */
    memcpy(large + 199, "\xc3\xa4", 2);
    pw_strbuf_truncate(&cut, 199);
    pw_strbuf_puts(&cut, "...");
    last_line_is(large, pw_strbuf_text(&cut));
    pw_strbuf_release(&cut);
}

static void test_logs_are_bounded(void **state)
{
    struct pw_error err = PW_ERROR_INIT;
    struct pw_build_log log;
    struct stat info;
    (void)state;
    const size_t piece = (size_t)1 << 20;
    char *data = calloc(1, piece);
    char *path = fixture_path("log");
    assert_non_null(data);
    fixture_assert_ok(pw_build_log_open(&log, path, &err), &err);
    for (size_t i = 0; i < PW_BUILD_LOG_MAX_BYTES / piece + 5; i++) {
        pw_build_log_write(&log, data, piece - 1);
    }
    fixture_assert_ok(pw_build_log_close(&log, &err), &err);
    assert_int_equal(stat(path, &info), 0);
    assert_in_range(info.st_size, PW_BUILD_LOG_MAX_BYTES, PW_BUILD_LOG_MAX_BYTES + 100);
    char *note = fixture_run("tail -c 50 log");
    assert_non_null(strstr(note, "the log ends here"));
    free(note);

    /* a full disk is no success */
    if (access("/dev/full", W_OK) == 0) {
        fixture_assert_ok(pw_build_log_open(&log, "/dev/full", &err), &err);
        pw_build_log_note(&log, "text");
        fixture_assert_error(pw_build_log_close(&log, &err), PW_EIO, &err, "/dev/full");
    }
    free(path);
    free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FIXTURE(test_folders),          IN_FIXTURE(test_trees),
        IN_FIXTURE(test_kinds_of_files),   IN_FIXTURE(test_removing),
        cmocka_unit_test(test_last_lines), IN_FIXTURE(test_logs_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

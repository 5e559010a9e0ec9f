/*
 * Repositories for tests. Everything lies in one temporary directory per test, and git sees no
 * configuration but its own.
 */
#define _XOPEN_SOURCE 700 /* mkdtemp */

#include "git_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *root;

/* libgit2 1.5 forgets pcre2's match data whenever an expression does not match a setting's name. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libpcre2";
}

static const char prelude[] =
    "set -e\n"
    "now=1700000000\n"
    "dated() { now=$((now + 60)); GIT_AUTHOR_DATE=\"$now +0000\" GIT_COMMITTER_DATE=\"$now +0000\" "
    "\"$@\"; }\n"
    "new() { git init -q \"$1\"; cd \"$1\"; }\n"
    "c() { dated git commit -q --allow-empty -m \"$1\"; }\n"
    "m() { dated git merge -q --no-ff -m \"merge $1\" \"$1\" >/dev/null; }\n";

/* What a git hook or a CI system may have set, and what would make git read the user's files. */
static void clean_environment(void)
{
    static const char *const unset[] = {
        "GIT_DIR",        "GIT_WORK_TREE",           "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY",
        "GIT_COMMON_DIR", "GIT_CEILING_DIRECTORIES", "GIT_NAMESPACE",  "XDG_CONFIG_HOME",
    };
    static const char *const set[][2] = {
        {"GIT_CONFIG_GLOBAL", "/dev/null"},
        {"GIT_CONFIG_SYSTEM", "/dev/null"},
        {"GIT_AUTHOR_NAME", "A U Thor"},
        {"GIT_AUTHOR_EMAIL", "author@example.com"},
        {"GIT_COMMITTER_NAME", "C O Mitter"},
        {"GIT_COMMITTER_EMAIL", "committer@example.com"},
        {"GIT_CONFIG_COUNT", "3"},
        {"GIT_CONFIG_KEY_0", "init.defaultBranch"},
        {"GIT_CONFIG_VALUE_0", "main"},
        {"GIT_CONFIG_KEY_1", "protocol.file.allow"},
        {"GIT_CONFIG_VALUE_1", "always"},
        {"GIT_CONFIG_KEY_2", "gc.auto"},
        {"GIT_CONFIG_VALUE_2", "0"},
    };

    for (size_t i = 0; i < PW_COUNT(unset); i++) {
        assert_int_equal(unsetenv(unset[i]), 0);
    }
    for (size_t i = 0; i < PW_COUNT(set); i++) {
        assert_int_equal(setenv(set[i][0], set[i][1], 1), 0);
    }
    assert_int_equal(setenv("HOME", root, 1), 0);
}

int fixture_setup(void **state)
{
    const char *directory = getenv("TMPDIR");
    struct pw_strbuf path = PW_STRBUF_INIT;

    (void)state;
    pw_path_join(&path, directory == NULL ? "/tmp" : directory, "perfwarden-test-XXXXXX");
    root = pw_strbuf_detach(&path);
    assert_non_null(root);
    assert_non_null(mkdtemp(root));
    clean_environment();
    return 0;
}

int fixture_teardown(void **state)
{
    (void)state;
    fixture_do("cd / && chmod -R u+rwx '%s' && rm -rf '%s'", root, root);
    free(root);
    root = NULL;
    return 0;
}

const char *fixture_root(void)
{
    return root;
}

char *fixture_path(const char *name)
{
    struct pw_strbuf path = PW_STRBUF_INIT;

    pw_path_join(&path, root, name);
    char *text = pw_strbuf_detach(&path);
    assert_non_null(text);
    return text;
}

static char *run(const char *script)
{
    struct pw_strbuf output = PW_STRBUF_INIT;
    char chunk[4096];
    size_t got;
    FILE *pipe = popen(script, "r");

    assert_non_null(pipe);
    while ((got = fread(chunk, 1, sizeof(chunk), pipe)) > 0) {
        pw_strbuf_append(&output, chunk, got);
    }
    if (pclose(pipe) != 0) {
        print_message("script failed:\n%s\n", script);
        fail();
    }
    while (output.length > 0 && output.data[output.length - 1] == '\n') {
        pw_strbuf_truncate(&output, output.length - 1);
    }
    char *text = output.data == NULL ? strdup("") : pw_strbuf_detach(&output);
    assert_non_null(text);
    return text;
}

PW_PRINTF(1, 0) static char *run_formatted(const char *format, va_list args)
{
    struct pw_strbuf script = PW_STRBUF_INIT;

    pw_strbuf_puts(&script, prelude);
    pw_strbuf_printf(&script, "cd '%s'\n", root);
    pw_strbuf_vprintf(&script, format, args);
    assert_false(pw_strbuf_failed(&script));
    char *output = run(pw_strbuf_text(&script));
    pw_strbuf_release(&script);
    return output;
}

char *fixture_run(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    char *output = run_formatted(format, args);
    va_end(args);
    return output;
}

void fixture_do(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    free(run_formatted(format, args));
    va_end(args);
}

struct pw_git *fixture_open(const char *name)
{
    struct pw_error err = PW_ERROR_INIT;
    struct pw_git *git = NULL;
    char *path = fixture_path(name);

    fixture_assert_ok(pw_git_open(path, &git, &err), &err);
    free(path);
    return git;
}

void fixture_assert_error(int status, int expected, struct pw_error *err, const char *text)
{
    if (status != expected || strstr(pw_error_message(err), text) == NULL) {
        print_message("status %d (expected %d), message: %s\nlacks: %s\n", status, expected,
                      pw_error_message(err), text);
    }
    assert_int_equal(status, expected);
    assert_int_equal(err->status, expected);
    assert_non_null(strstr(pw_error_message(err), text));
    pw_error_release(err);
}

void fixture_assert_ok(int status, struct pw_error *err)
{
    if (status != PW_OK) {
        print_message("status %d: %s\n", status, pw_error_message(err));
    }
    assert_int_equal(status, PW_OK);
}

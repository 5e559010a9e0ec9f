/* Repositories for tests, made by the real git program in temporary directories. */
#ifndef PERFWARDEN_TESTS_GIT_FIXTURE_H
#define PERFWARDEN_TESTS_GIT_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "perfwarden/git.h"
#include "perfwarden/util.h"

/** Make a temporary directory and an environment in which nothing of the user's is seen. */
int fixture_setup(void **state);
/** Remove it. */
int fixture_teardown(void **state);

/** The temporary directory. */
const char *fixture_root(void);
/** A path in it; freed by the caller. */
char *fixture_path(const char *name);

/**
 * Run a shell script in the temporary directory and assert that it succeeds.
 *
 * Shell functions it may use: `new DIR` (an empty repository, and go there), `c TEXT` (an empty
 * commit, each a minute after the last), `m BRANCH` (a merge commit).
 *
 * @return what it printed, without trailing newlines; freed by the caller
 */
char *fixture_run(const char *format, ...) PW_PRINTF(1, 2);
/** As fixture_run(), for scripts that print nothing of interest. */
void fixture_do(const char *format, ...) PW_PRINTF(1, 2);

/** Open a repository in the temporary directory. */
struct pw_git *fixture_open(const char *name);

/** Assert that a call failed with this status and a message that contains a text; release it. */
void fixture_assert_error(int status, int expected, struct pw_error *err, const char *text);
/** Assert that a call succeeded, else show its message. */
void fixture_assert_ok(int status, struct pw_error *err);

#endif

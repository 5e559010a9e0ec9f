/* What the tests of the launcher share: running the test program, and marking what it starts. */
#ifndef PERFWARDEN_TESTS_LAUNCHED_H
#define PERFWARDEN_TESTS_LAUNCHED_H

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "perfwarden/run.h"
#include "perfwarden/util.h"

#define MS  UINT64_C(1000000)
#define MIB ((uint64_t)1 << 20)

/** The variable by which a test finds the processes that it started. */
#define MARKER_NAME "PERFWARDEN_TEST_MARKER"

/** Set by main(). */
static struct pw_executor *executor;

/** The marker of this test process: "NAME=<pid>". */
static inline void format_marker(char *out, size_t size)
{
    (void)snprintf(out, size, MARKER_NAME "=%ld", (long)getpid());
}

/** Run a command line of the test program with defaults that a test may change before. */
static inline struct pw_process_outcome run_spec(struct pw_process_spec *spec)
{
    struct pw_process_outcome outcome;
    struct pw_error err = PW_ERROR_INIT;
    char marker[64];
    const char *envp[] = {marker, "PATH=/usr/bin:/bin", NULL};
    int status;

    format_marker(marker, sizeof(marker));
    if (spec->envp == NULL) {
        spec->envp = envp;
    }
    if (spec->cwd == NULL) {
        spec->cwd = "/";
    }
    memset(&outcome, 0, sizeof(outcome));
    status = executor->execute(executor, spec, &outcome, &err);
    if (status != 0) {
        fail_msg("execute: %s", pw_error_message(&err));
    }
    if (spec->envp == envp) {
        spec->envp = NULL;
    }
    return outcome;
}

static inline struct pw_process_outcome run_habit(const char *habit, const char *number)
{
    const char *argv[] = {MISBEHAVE, habit, number, NULL};
    struct pw_process_spec spec = {
        .argv = argv, .wants_io = true, .timeout_ns = 30000 * MS, .output_max_bytes = 65536};

    return run_spec(&spec);
}

#endif

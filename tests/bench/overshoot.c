/*
 * `overshoot MISBEHAVE [REPEATS]`: how long after their time limit badly behaved programs are
 * really gone, as a markdown table. MISBEHAVE is the test program of tests/programs.
 *
 * Timed around the whole call, so that the end of every descendant is in it, not of the leader
 * alone. Where a program does not heed SIGTERM, the grace that it is given is taken off.
 */
#define _XOPEN_SOURCE 700 /* NOLINT(bugprone-reserved-identifier): the name glibc reads */

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "perfwarden/run.h"
#include "perfwarden/util/clock.h"

static const uint64_t LIMIT_NS = UINT64_C(100000000);
static const uint64_t GRACE_NS = UINT64_C(200000000);
enum { OUTPUT_BYTES = 1 << 20, REPEATS_MAX = 1000 };

struct habit {
    const char *name;
    const char *what;
    bool heeds_sigterm;
};

static const struct habit HABITS[] = {
    {"hang", "sleeps", true},
    {"spin-forever", "spins", true},
    {"print-forever", "writes without end", true},
    {"stop-itself", "has stopped itself", true},
    {"ignore-sigterm", "ignores SIGTERM", false},
    {"double-fork-then-hang", "left a daemon, ignores SIGTERM", false},
};

struct figures {
    double median_ms;
    double max_ms;
    unsigned timed_out;
};

static int compare_doubles(const void *a, const void *b)
{
    const double *x = a;
    const double *y = b;

    return (*x > *y) - (*x < *y);
}

/** @return 0; what the executor returned */
static int measure(struct pw_executor *executor, const char *program, const struct habit *habit,
                   int repeats, struct figures *out, struct pw_error *err)
{
    const char *argv[] = {program, habit->name, NULL};
    const char *envp[] = {NULL};
    uint64_t allowed_ns = LIMIT_NS + (habit->heeds_sigterm ? 0 : GRACE_NS);
    struct pw_process_spec spec;
    double over_ms[REPEATS_MAX];

    memset(out, 0, sizeof(*out));
    memset(&spec, 0, sizeof(spec));
    spec.argv = argv;
    spec.envp = envp;
    spec.cwd = "/";
    spec.timeout_ns = LIMIT_NS;
    spec.output_max_bytes = OUTPUT_BYTES;
    for (int i = 0; i < repeats; i++) {
        struct pw_process_outcome outcome;
        uint64_t started_ns = pw_clock_monotonic_ns();
        int status;

        memset(&outcome, 0, sizeof(outcome));
        status = executor->execute(executor, &spec, &outcome, err);
        if (status != 0) {
            return status;
        }
        over_ms[i] = ((double)(pw_clock_monotonic_ns() - started_ns) - (double)allowed_ns) / 1e6;
        out->timed_out += outcome.end == PW_PROCESS_TIMED_OUT;
        pw_process_outcome_release(&outcome);
    }
    qsort(over_ms, (size_t)repeats, sizeof(over_ms[0]), compare_doubles);
    out->median_ms = over_ms[repeats / 2];
    out->max_ms = over_ms[repeats - 1];
    return 0;
}

int main(int argc, char **argv)
{
    struct pw_executor *executor = NULL;
    struct pw_error err = PW_ERROR_INIT;
    char *program = argc > 1 ? realpath(argv[1], NULL) : NULL;
    long repeats = argc > 2 ? strtol(argv[2], NULL, 10) : 21;
    int status;

    if (program == NULL || repeats < 1 || repeats > REPEATS_MAX) {
        (void)fprintf(stderr, "usage: overshoot MISBEHAVE [REPEATS]\n");
        return 2;
    }
    status = pw_launcher_start(&executor, &err);
    if (status == 0) {
        (void)printf("| a program that | times | ended for the time limit | median over it | most "
                     "over it |\n"
                     "|---|---|---|---|---|\n");
    }
    for (size_t i = 0; status == 0 && i < PW_COUNT(HABITS); i++) {
        struct figures figures;

        status = measure(executor, program, &HABITS[i], (int)repeats, &figures, &err);
        if (status == 0) {
            (void)printf("| %s | %ld | %u | %.1f ms | %.1f ms |\n", HABITS[i].what, repeats,
                         figures.timed_out, figures.median_ms, figures.max_ms);
        }
    }
    if (status != 0) {
        (void)fprintf(stderr, "overshoot: %s\n", pw_error_message(&err));
    }
    if (executor != NULL) {
        executor->free(executor);
    }
    pw_error_release(&err);
    free(program);
    return status == 0 ? 0 : 1;
}

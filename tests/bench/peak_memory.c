/*
 * `peak_memory`: how far the reported peak of a child is from its real one, for children of 1 to
 * 500 MB started by a perfwarden of 0 to 1000 MB, as a markdown table. The real one is what the
 * kernel counts for the child's own memory (VmHWM), which starts anew at exec, where the peak that
 * wait4 reports goes on from the parent's.
 *
 * `peak_memory --child MB` is the child. `peak_memory --quick` leaves out the large ones.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "perfwarden/run.h"

static const size_t MB = 1000000;
static const size_t PARENTS_MB[] = {0, 100, 1000};
static const size_t CHILDREN_MB[] = {1, 10, 100, 500};
enum { SMALL_MB = 100, OUTPUT_BYTES = 4096 };

/** Memory that is really there. @return NULL when there is not so much */
static char *touch(size_t bytes)
{
    char *memory = malloc(bytes + 1);

    if (memory != NULL) {
        memset(memory, 1, bytes + 1);
    }
    return memory;
}

/** Use memory and print the peak in kB. */
static int be_child(size_t megabytes)
{
    char line[256];
    char *memory = touch(megabytes * MB);
    FILE *status = fopen("/proc/self/status", "re");
    bool is_found = false;

    while (memory != NULL && status != NULL && fgets(line, sizeof(line), status) != NULL) {
        if (strncmp(line, "VmHWM:", 6) == 0) {
            is_found = printf("%s", line + 6) > 0;
        }
    }
    if (status != NULL) {
        (void)fclose(status);
    }
    free(memory);
    return is_found ? 0 : 1;
}

/** @param[out] error_mb  reported less real. @return whether there is one */
static bool measure(struct pw_executor *executor, size_t child_mb, double *reported_mb,
                    double *error_mb, struct pw_error *err)
{
    char number[32];
    const char *argv[] = {"/proc/self/exe", "--child", number, NULL};
    const char *envp[] = {NULL};
    struct pw_process_spec spec;
    struct pw_process_outcome outcome;
    char *end = NULL;
    bool is_fine;

    (void)snprintf(number, sizeof(number), "%zu", child_mb);
    memset(&spec, 0, sizeof(spec));
    memset(&outcome, 0, sizeof(outcome));
    spec.argv = argv;
    spec.envp = envp;
    spec.cwd = "/";
    spec.output_max_bytes = OUTPUT_BYTES;
    if (executor->execute(executor, &spec, &outcome, err) != 0) {
        return false;
    }
    is_fine = outcome.end == PW_PROCESS_EXITED && outcome.exit_status == 0 &&
              outcome.standard_output.data != NULL;
    if (is_fine) {
        double real_bytes = strtod(outcome.standard_output.data, &end) * 1024;

        *reported_mb = (double)outcome.max_rss_bytes / (double)MB;
        *error_mb = *reported_mb - real_bytes / (double)MB;
    }
    pw_process_outcome_release(&outcome);
    return is_fine;
}

static bool print_row(struct pw_executor *executor, size_t parent_mb, bool is_quick,
                      struct pw_error *err)
{
    char *ballast = parent_mb > 0 ? touch(parent_mb * MB) : NULL;
    bool is_fine = parent_mb == 0 || ballast != NULL;

    (void)printf("| %zu MB |", parent_mb);
    for (size_t i = 0; is_fine && i < PW_COUNT(CHILDREN_MB); i++) {
        double reported_mb = 0;
        double error_mb = 0;

        if (is_quick && CHILDREN_MB[i] > SMALL_MB) {
            continue;
        }
        is_fine = measure(executor, CHILDREN_MB[i], &reported_mb, &error_mb, err);
        (void)printf(" %.2f MB (%+.2f) |", reported_mb, error_mb);
    }
    (void)printf("\n");
    free(ballast);
    return is_fine;
}

int main(int argc, char **argv)
{
    struct pw_executor *executor = NULL;
    struct pw_error err = PW_ERROR_INIT;
    bool is_quick = argc > 1 && strcmp(argv[1], "--quick") == 0;
    bool is_fine;

    if (argc == 3 && strcmp(argv[1], "--child") == 0) {
        return be_child(strtoul(argv[2], NULL, 10));
    }
    is_fine = pw_launcher_start(&executor, &err) == 0;
    (void)printf("| perfwarden of | child of 1 MB | 10 MB | 100 MB |%s\n|---|---|---|---|%s\n",
                 is_quick ? "" : " 500 MB |", is_quick ? "" : "---|");
    for (size_t i = 0; is_fine && i < PW_COUNT(PARENTS_MB); i++) {
        if (!is_quick || PARENTS_MB[i] <= SMALL_MB) {
            is_fine = print_row(executor, PARENTS_MB[i], is_quick, &err);
        }
    }
    if (!is_fine) {
        (void)fprintf(stderr, "peak_memory: %s\n",
                      err.message != NULL ? err.message : "a child failed");
    }
    if (executor != NULL) {
        executor->free(executor);
    }
    pw_error_release(&err);
    return is_fine ? 0 : 1;
}

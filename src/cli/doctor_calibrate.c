/* From a workload to a process of a known length on this machine: perfwarden itself, called anew.
 */
#define _XOPEN_SOURCE 700 /* realpath */

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "doctor.h"
#include "perfwarden/util/file.h"

/* The quickest of so many: what else the machine does makes a run longer, never shorter. */
#define TRIES 7

#define TIMEOUT_NS UINT64_C(20000000000)

extern char **environ;

int pw_own_program(struct pw_strbuf *out, struct pw_error *err)
{
    char *path = realpath("/proc/self/exe", NULL);
    if (path == NULL) {
        return pw_error_set_errno(err, errno, "cannot tell where perfwarden itself lies");
    }
    pw_strbuf_puts(out, path);
    free(path);
    return pw_strbuf_check(out, err);
}

static int judge_run(const struct pw_workload *workload, const struct pw_process_outcome *outcome,
                     struct pw_error *err)
{
    if (outcome->end == PW_PROCESS_INTERRUPTED) {
        return pw_error_set(err, PW_EINTERRUPTED, "interrupted");
    }
    if (outcome->end == PW_PROCESS_EXITED && outcome->exit_status == 0) {
        return PW_OK;
    }
    return pw_error_set(
        err, PW_EBUILD, "the built-in workload '%s' could not be measured: %s%.*s", workload->name,
        outcome->end == PW_PROCESS_TIMED_OUT     ? "it took longer than 20 s"
        : outcome->end == PW_PROCESS_NOT_STARTED ? "it could not be started"
                                                 : "it failed: ",
        (int)strcspn(outcome->standard_error.data == NULL ? "" : outcome->standard_error.data,
                     "\n"),
        outcome->standard_error.data == NULL ? "" : outcome->standard_error.data);
}

/* The shortest processor time of so many units: waiting for other programs adds nothing to it. */
static int time_units(struct pw_cli *cli, const struct pw_workload *workload, unsigned long units,
                      double *out_ns, struct pw_error *err)
{
    struct pw_strbuf program = PW_STRBUF_INIT;
    struct pw_strbuf word = PW_STRBUF_INIT;
    double shortest = INFINITY;
    pw_strbuf_printf(&word, "%s:%lu", workload->name, units);
    int status = pw_own_program(&program, err);
    if (status == PW_OK) {
        status = pw_strbuf_check(&word, err);
    }
    const char *const argv[] = {pw_strbuf_text(&program), "doctor", "workload",
                                pw_strbuf_text(&word), NULL};
    const struct pw_process_spec spec = {
        .argv = argv,
        .envp = (const char *const *)environ,
        .cwd = "/",
        .timeout_ns = TIMEOUT_NS,
        .output_max_bytes = 4096,
        .interrupted = cli->interrupted,
    };
    for (int i = 0; status == PW_OK && i < TRIES; i++) {
        struct pw_process_outcome outcome = {0};
        status = cli->executor->execute(cli->executor, &spec, &outcome, err);
        if (status == PW_OK) {
            status = judge_run(workload, &outcome, err);
            shortest = fmin(shortest, (double)(outcome.user_ns + outcome.system_ns));
            pw_process_outcome_release(&outcome);
        }
    }
    pw_strbuf_release(&program);
    pw_strbuf_release(&word);
    if (status == PW_OK) {
        *out_ns = shortest;
    }
    return status;
}

/* Of telling apart, with four times the work each time. */
enum { ATTEMPTS = 4 };

int pw_calibrate(struct pw_cli *cli, const struct pw_workload *workload, struct pw_calibration *out,
                 struct pw_error *err)
{
    double unit_ns = 0;
    double start_ns = 0;
    if (cli->executor == NULL) {
        return pw_error_set(err, PW_EIO, "the launcher process could not be started");
    }
    /* Where the machine was too busy to tell, more work tells more clearly. */
    for (int attempt = 0; attempt < ATTEMPTS && !(unit_ns > 0); attempt++) {
        const unsigned long few = workload->units_few << (2 * attempt);
        double few_ns = 0;
        double many_ns = 0;
        int status = time_units(cli, workload, few, &few_ns, err);
        if (status == PW_OK) {
            status = time_units(cli, workload, 4 * few, &many_ns, err);
        }
        if (status != PW_OK) {
            return status;
        }
        unit_ns = (many_ns - few_ns) / (3.0 * (double)few);
        start_ns = few_ns - unit_ns * (double)few;
    }
    if (!(unit_ns > 0)) {
        return pw_error_set(err, PW_EBUILD,
                            "the built-in workload '%s' could not be measured: four times the work "
                            "took no longer; the machine is too busy",
                            workload->name);
    }
    *out = (struct pw_calibration){
        .workload = workload,
        .units =
            (unsigned long)fmax((PW_WORKLOAD_NS - start_ns) / unit_ns, (double)workload->units_few),
        .unit_ns = unit_ns,
        .start_ns = start_ns,
    };
    return PW_OK;
}

unsigned long pw_calibration_extra(const struct pw_calibration *calibration, double slowdown_ratio)
{
    const double whole_ns =
        calibration->start_ns + calibration->unit_ns * (double)calibration->units;
    return (unsigned long)(slowdown_ratio * fmax(whole_ns, 0) / calibration->unit_ns + 0.5);
}

/* A word in double quotes, as YAML reads it: any path can be written so. */
static void put_quoted(struct pw_strbuf *yaml, const char *word)
{
    pw_strbuf_putc(yaml, '"');
    for (; *word != '\0'; word++) {
        if (*word == '"' || *word == '\\') {
            pw_strbuf_putc(yaml, '\\');
        }
        pw_strbuf_putc(yaml, *word);
    }
    pw_strbuf_putc(yaml, '"');
}

int pw_calibration_put(const struct pw_calibration *calibration, double slowdown_ratio,
                       struct pw_strbuf *yaml, struct pw_error *err)
{
    struct pw_strbuf program = PW_STRBUF_INIT;
    const int status = pw_own_program(&program, err);
    if (status == PW_OK) {
        pw_strbuf_printf(yaml, "  - name: %s\n    command: [", calibration->workload->name);
        put_quoted(yaml, pw_strbuf_text(&program));
        pw_strbuf_printf(yaml, ", doctor, workload, \"%s:%lu:%lu\"]\n", calibration->workload->name,
                         calibration->units, pw_calibration_extra(calibration, slowdown_ratio));
    }
    pw_strbuf_release(&program);
    return status;
}

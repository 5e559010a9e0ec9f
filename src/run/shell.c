/* Measures the shell as a benchmark would be measured, and takes its times off those of a run. */
#include "shell.h"

#include <string.h>

#include "failure.h"
#include "perfwarden/stats.h"
#include "perfwarden/util/number.h"

/** Runs that fill the caches, and those that count. */
enum { WARMUP_RUNS = 3, COUNTED_RUNS = 20 };

static const char SHELL[] = "sh";

/** Times of the counted runs, in nanoseconds. */
struct times {
    double wall[COUNTED_RUNS];
    double user[COUNTED_RUNS];
    double system[COUNTED_RUNS];
};

/** Run the shell once. @param[out] is_usable whether it did what it should */
static int run_once(const struct pw_run_session *session, struct pw_process_outcome *outcome,
                    bool *is_usable, struct pw_error *err)
{
    static const char *const NOTHING[] = {"sh", "-c", "", NULL};
    const struct pw_benchmark plain = {.cwd = session->benchmark->cwd};
    struct pw_executor *executor = session->suite->executor;
    struct pw_process_spec spec;
    int status;

    memset(&spec, 0, sizeof(spec));
    spec.argv = NOTHING;
    spec.envp = session->environment.variables;
    spec.cwd = plain.cwd;
    spec.timeout_ns = session->benchmark->timeout_ns;
    spec.interrupted = session->suite->options->interrupted;
    spec.cpus = session->benchmark->cpus;
    spec.cpu_count = session->benchmark->cpu_count;
    status = executor->execute(executor, &spec, outcome, err);
    if (status == 0) {
        *is_usable = pw_run_judge(&plain, outcome) == PW_MEASURED_OK;
    }
    return status;
}

static int measure(const struct pw_run_session *session, struct times *times, bool *is_usable,
                   struct pw_error *err)
{
    int status = 0;

    *is_usable = true;
    for (int i = -WARMUP_RUNS; status == 0 && *is_usable && i < COUNTED_RUNS; i++) {
        struct pw_process_outcome outcome;

        memset(&outcome, 0, sizeof(outcome));
        status = run_once(session, &outcome, is_usable, err);
        if (status == 0 && i >= 0) {
            times->wall[i] = (double)outcome.wall_ns;
            times->user[i] = (double)outcome.user_ns;
            times->system[i] = (double)outcome.system_ns;
        }
        pw_process_outcome_release(&outcome);
    }
    return status;
}

int pw_run_shell_calibrate(struct pw_run_session *session, struct pw_error *err)
{
    struct pw_run_shell *shell = session->suite->shell;
    struct pw_error failure = PW_ERROR_INIT;
    struct times times;
    int status;

    if (!shell->is_measured) {
        status = measure(session, &times, &shell->is_usable, err);
        if (status != 0) {
            return status;
        }
        if (shell->is_usable) {
            shell->overhead.path = SHELL;
            shell->overhead.wall_ns = pw_stats_median(times.wall, COUNTED_RUNS, &failure);
            shell->overhead.user_ns = pw_stats_median(times.user, COUNTED_RUNS, &failure);
            shell->overhead.system_ns = pw_stats_median(times.system, COUNTED_RUNS, &failure);
        }
        if (failure.status != PW_OK) {
            status = (int)failure.status;
            pw_error_move(err, &failure);
            return status;
        }
        shell->is_measured = shell->is_usable;
    }
    if (shell->is_usable) {
        struct pw_result_shell *copy =
            pw_arena_alloc(&session->suite->result->arena, sizeof(*copy));

        if (copy == NULL) {
            return pw_error_set_no_memory(err);
        }
        *copy = shell->overhead;
        session->shell = copy;
    }
    return 0;
}

/** What can be taken of an overhead: never more than there is. */
static uint64_t least(uint64_t value, double overhead)
{
    return (double)value > overhead ? (uint64_t)overhead : value;
}

void pw_run_shell_subtract(const struct pw_run_session *session, struct pw_process_outcome *outcome)
{
    const struct pw_result_shell *shell = session->shell;
    uint64_t user_ns;
    uint64_t system_ns;
    double left;

    if (shell == NULL) {
        return;
    }
    outcome->wall_ns -= least(outcome->wall_ns, shell->wall_ns);
    /* The kernel divides a short process's time between the two by where its clock ticked. What one
     * of them cannot give is taken of the other, so that the sum is right. */
    user_ns = least(outcome->user_ns, shell->user_ns);
    system_ns = least(outcome->system_ns, shell->system_ns);
    left = shell->user_ns + shell->system_ns - (double)user_ns - (double)system_ns;
    outcome->user_ns -= user_ns;
    outcome->system_ns -= system_ns;
    user_ns = least(outcome->user_ns, left);
    outcome->user_ns -= user_ns;
    outcome->system_ns -= least(outcome->system_ns, left - (double)user_ns);
}

int pw_run_shell_remark(const struct pw_run_session *session, struct pw_error *err)
{
    struct pw_result_benchmark *entry = pw_run_session_entry(session);
    const struct pw_series *series = pw_result_benchmark_series(entry, "wall_time");
    struct pw_strbuf text = PW_STRBUF_INIT;
    double median;
    int status;

    if (session->shell == NULL || series == NULL || series->count == 0) {
        return 0;
    }
    median = pw_stats_median(series->samples, series->count, NULL);
    if (!(median < session->shell->wall_ns / 2)) {
        return 0;
    }
    pw_strbuf_puts(&text, "it takes less than half as long as the shell that runs it (");
    pw_format_value(&text, session->shell->wall_ns, "ns");
    pw_strbuf_puts(&text, ", subtracted); write the command as a list, or use --shell=none");
    status = pw_strbuf_check(&text, err);
    if (status == 0) {
        status = pw_result_add_warning(session->suite->result, entry, pw_strbuf_text(&text), err);
    }
    pw_strbuf_release(&text);
    return status;
}

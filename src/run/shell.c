/*
 * Measures the shell as a benchmark would be measured, and takes its times off those of a run. What
 * cannot be told from the shell's own times is no value and has a reason.
 */
#include "shell.h"

#include <math.h>
#include <string.h>

#include "failure.h"
#include "perfwarden/stats.h"
#include "perfwarden/util/number.h"

/** Runs that fill the caches, and those that count. */
enum { WARMUP_RUNS = 3, COUNTED_RUNS = 20 };

/** Standard errors of the shell's median up to which a difference to it may be chance. */
static const double STANDARD_ERRORS = 3;

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

/** How far a median of the shell's times may be from the true one by chance. The standard error of
 * a median of n normal values is √(π/2)·σ/√n; σ is taken from the median absolute deviation. */
static double find_spread(const double *times, struct pw_error *failure)
{
    const double median_factor = 1.2533141373155003; /* √(π/2) */

    return STANDARD_ERRORS * median_factor * pw_stats_mad_sigma(times, COUNTED_RUNS, failure) /
           sqrt(COUNTED_RUNS);
}

static void summarise(const double *times, double *median, double *spread, struct pw_error *failure)
{
    *median = pw_stats_median(times, COUNTED_RUNS, failure);
    *spread = find_spread(times, failure);
}

/** Measure the shell and say what it takes. */
static int calibrate(const struct pw_run_session *session, struct pw_run_shell *shell,
                     struct pw_error *err)
{
    struct pw_error failure = PW_ERROR_INIT;
    struct times times;
    double cpu[COUNTED_RUNS];
    int status = measure(session, &times, &shell->is_usable, err);

    if (status != 0 || !shell->is_usable) {
        return status;
    }
    for (int i = 0; i < COUNTED_RUNS; i++) {
        cpu[i] = times.user[i] + times.system[i];
    }
    shell->overhead.path = SHELL;
    summarise(times.wall, &shell->overhead.wall_ns, &shell->wall_spread_ns, &failure);
    summarise(times.user, &shell->overhead.user_ns, &shell->user_spread_ns, &failure);
    summarise(times.system, &shell->overhead.system_ns, &shell->system_spread_ns, &failure);
    shell->cpu_spread_ns = find_spread(cpu, &failure);
    if (failure.status != PW_OK) {
        status = (int)failure.status;
        pw_error_move(err, &failure);
        return status;
    }
    shell->is_measured = true;
    return 0;
}

int pw_run_shell_calibrate(struct pw_run_session *session, struct pw_error *err)
{
    struct pw_run_shell *shell = session->suite->shell;
    struct pw_result_shell *copy;

    if (!shell->is_measured) {
        int status = calibrate(session, shell, err);

        if (status != 0) {
            return status;
        }
    }
    if (!shell->is_usable) {
        return 0;
    }
    copy = pw_arena_alloc(&session->suite->result->arena, sizeof(*copy));
    if (copy == NULL) {
        return pw_error_set_no_memory(err);
    }
    *copy = shell->overhead;
    session->shell = copy;
    return 0;
}

/** What can be taken of an overhead: never more than there is. */
static uint64_t least(uint64_t value, double overhead)
{
    return (double)value > overhead ? (uint64_t)overhead : value;
}

/** The shortest time that is told from the shell's own. */
static double least_wall_ns(const struct pw_run_shell *shell)
{
    return shell->wall_spread_ns > 1 ? shell->wall_spread_ns : 1;
}

/** A time of 0 would be a lie, and has no ratio to any other. */
static uint64_t subtract_wall(const struct pw_run_shell *shell, uint64_t wall_ns)
{
    uint64_t floor_ns = (uint64_t)least_wall_ns(shell);
    uint64_t left_ns = wall_ns - least(wall_ns, shell->overhead.wall_ns);

    if (left_ns >= floor_ns) {
        return left_ns;
    }
    return floor_ns < wall_ns ? floor_ns : wall_ns;
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
    outcome->wall_ns = subtract_wall(session->suite->shell, outcome->wall_ns);
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

/** What is said where a time cannot be told from the shell's. @return NULL when out of memory */
static const char *explain(const struct pw_run_session *session)
{
    const struct pw_run_shell *shell = session->suite->shell;
    struct pw_strbuf text = PW_STRBUF_INIT;
    const char *copy;

    pw_strbuf_puts(&text, "it cannot be told from what the shell takes that runs the command (");
    pw_format_value(&text, shell->overhead.wall_ns, "ns");
    pw_strbuf_puts(&text, " ± ");
    pw_format_value(&text, shell->wall_spread_ns, "ns");
    pw_strbuf_puts(&text, "); write the command as a list, or use --shell=none");
    copy = pw_strbuf_failed(&text)
               ? NULL
               : pw_arena_strdup(&session->suite->result->arena, pw_strbuf_text(&text));
    pw_strbuf_release(&text);
    return copy;
}

/** A series of the session's entry that has samples, or NULL. */
static struct pw_series *find_series(const struct pw_run_session *session, const char *metric)
{
    struct pw_result_benchmark *entry = pw_run_session_entry(session);

    for (size_t i = 0; i < entry->series_count; i++) {
        if (strcmp(entry->series[i].metric, metric) == 0 && entry->series[i].count > 0) {
            return &entry->series[i];
        }
    }
    return NULL;
}

/**
 * Make null what cannot be told from the shell's own.
 *
 * @param least_ns  a median up to this cannot be told
 * @return whether it was made null
 */
static bool withhold(const struct pw_run_session *session, const char *metric, double least_ns,
                     const char *reason)
{
    struct pw_series *series = find_series(session, metric);

    if (series == NULL || pw_stats_median(series->samples, series->count, NULL) > least_ns) {
        return false;
    }
    series->count = 0;
    series->null_reason = reason;
    return true;
}

static int warn(const struct pw_run_session *session, const char *text, struct pw_error *err)
{
    return pw_result_add_warning(session->suite->result, pw_run_session_entry(session), text, err);
}

/** Warn where most of a run is the shell's. */
static int warn_of_share(const struct pw_run_session *session, struct pw_error *err)
{
    const struct pw_series *series = find_series(session, "wall_time");
    struct pw_strbuf text = PW_STRBUF_INIT;
    int status;

    if (series == NULL ||
        !(pw_stats_median(series->samples, series->count, NULL) < session->shell->wall_ns / 2)) {
        return 0;
    }
    pw_strbuf_puts(&text, "it takes less than half as long as the shell that runs it (");
    pw_format_value(&text, session->shell->wall_ns, "ns");
    pw_strbuf_puts(&text, ", subtracted); write the command as a list, or use --shell=none");
    status = pw_strbuf_check(&text, err);
    if (status == 0) {
        status = warn(session, pw_strbuf_text(&text), err);
    }
    pw_strbuf_release(&text);
    return status;
}

int pw_run_shell_remark(const struct pw_run_session *session, struct pw_error *err)
{
    const struct pw_run_shell *shell = session->suite->shell;
    const char *reason;
    bool is_wall_lost;
    bool is_cpu_lost;

    if (session->shell == NULL) {
        return 0;
    }
    reason = explain(session);
    if (reason == NULL) {
        return pw_error_set_no_memory(err);
    }
    is_wall_lost = withhold(session, "wall_time", least_wall_ns(shell), reason);
    is_cpu_lost = withhold(session, "cpu_time", shell->cpu_spread_ns, reason);
    (void)withhold(session, "user_time", shell->user_spread_ns, reason);
    (void)withhold(session, "system_time", shell->system_spread_ns, reason);
    if (is_wall_lost || is_cpu_lost) {
        (void)withhold(session, "cpu_utilization", INFINITY, reason);
    }
    return is_wall_lost ? warn(session, reason, err) : warn_of_share(session, err);
}

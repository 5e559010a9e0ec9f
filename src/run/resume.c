/*
 * Going on from a saved result. Only what was measured of the same commit, by the same
 * configuration, with the same shell and in the same environment can stand beside what is measured
 * now.
 */
#include <stdint.h>
#include <string.h>

#include "perfwarden/run.h"
#include "session.h"

static bool is_equal(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static const char *or_none(const char *text)
{
    return text != NULL ? text : "none";
}

static int refuse_environment(const struct pw_result *saved, const struct pw_result *now,
                              const char *name, struct pw_error *err)
{
    struct pw_strbuf facts = PW_STRBUF_INIT;
    int status;

    pw_environment_describe_difference(&saved->environment, &now->environment, &facts);
    status = pw_error_set(err, PW_EUSAGE,
                          "'%s' cannot be resumed: it was measured in another environment (%s), "
                          "which differs in %s; run without --resume",
                          name, saved->environment.id, pw_strbuf_text(&facts));
    pw_strbuf_release(&facts);
    return status;
}

static int check(const struct pw_result *saved, const struct pw_result *now, const char *name,
                 struct pw_error *err)
{
    if (!is_equal(saved->config_hash, now->config_hash)) {
        return pw_error_set(err, PW_EUSAGE,
                            "'%s' cannot be resumed: the configuration has changed since; run "
                            "without --resume",
                            name);
    }
    if (!is_equal(saved->commit, now->commit)) {
        return pw_error_set(err, PW_EUSAGE,
                            "'%s' cannot be resumed: it is of commit %.12s, the work tree of "
                            "%.12s; check that out, or run without --resume",
                            name, or_none(saved->commit), or_none(now->commit));
    }
    if (saved->is_dirty != now->is_dirty) {
        return pw_error_set(err, PW_EUSAGE,
                            "'%s' cannot be resumed: the work tree %s uncommitted changes and %s "
                            "when it was measured; run without --resume",
                            name, now->is_dirty ? "has" : "has no",
                            now->is_dirty ? "had none" : "had some");
    }
    if (strcmp(saved->environment.id, now->environment.id) != 0) {
        return refuse_environment(saved, now, name, err);
    }
    return 0;
}

/** Whether a command is in words what was executed. */
static bool is_command(const struct pw_result_benchmark *entry, const struct pw_strings *command)
{
    bool is_same = entry->command_count == command->count;

    for (size_t i = 0; is_same && i < command->count; i++) {
        is_same = is_equal(entry->command[i], command->items[i]);
    }
    return is_same;
}

/** The configuration is the same: commands can differ by who runs them alone. */
static int check_commands(const struct pw_result *saved, const struct pw_run_plan *plan,
                          const char *name, struct pw_error *err)
{
    for (size_t i = 0; i < plan->config->benchmark_count; i++) {
        const struct pw_benchmark *benchmark = &plan->config->benchmarks[i];
        const struct pw_result_benchmark *entry = pw_result_find(saved, benchmark->id);

        if (entry == NULL || is_command(entry, &benchmark->command) ||
            !pw_benchmark_is_selected(benchmark, plan->options->filters,
                                      plan->options->filter_count)) {
            continue;
        }
        return pw_error_set(err, PW_EUSAGE,
                            "'%s' cannot be resumed: the command of '%s' was run %s a shell; use "
                            "--shell=%s again, or run without --resume",
                            name, benchmark->id, benchmark->is_shell ? "without" : "by",
                            benchmark->is_shell ? "none" : "sh");
    }
    return 0;
}

/** How many runs an entry is of. @return SIZE_MAX when nothing in it tells */
static size_t count_runs(const struct pw_result_benchmark *entry)
{
    size_t runs = 0;
    bool is_known = false;

    for (size_t i = 0; i < entry->series_count; i++) {
        const struct pw_series *series = &entry->series[i];
        bool is_apart = is_equal(series->metric, "binary_size") ||
                        (series->source != NULL && strncmp(series->source, "cachegrind", 10) == 0);

        if (!is_apart && series->count > 0) {
            is_known = true;
            runs = series->count > runs ? series->count : runs;
        }
    }
    return is_known ? runs : SIZE_MAX;
}

/** True when every entry of the process that yielded this one is measured in full. */
static bool is_measured(const struct pw_result *result, const char *declared)
{
    for (size_t i = 0; i < result->benchmark_count; i++) {
        if (strcmp(result->benchmarks[i].declared, declared) == 0 &&
            result->benchmarks[i].status != PW_MEASURED_OK) {
            return false;
        }
    }
    return pw_result_find(result, declared) != NULL;
}

/** True when more runs are asked for now than were made of it. */
static bool is_short(const struct pw_result *result, const char *declared,
                     const struct pw_run_plan *plan)
{
    const struct pw_result_benchmark *entry = pw_result_find(result, declared);

    for (size_t i = 0; i < plan->config->benchmark_count; i++) {
        const struct pw_benchmark *benchmark = &plan->config->benchmarks[i];
        unsigned min;
        unsigned max;

        if (strcmp(benchmark->id, declared) == 0 &&
            pw_benchmark_is_selected(benchmark, plan->options->filters,
                                     plan->options->filter_count)) {
            pw_run_bounds(benchmark, plan->options, &min, &max);
            return count_runs(entry) < min;
        }
    }
    return false;
}

int pw_run_resume(struct pw_result *saved, const struct pw_result *now,
                  const struct pw_run_plan *plan, const char *name, unsigned *short_of_runs,
                  struct pw_error *err)
{
    bool *is_kept = pw_arena_array(&saved->arena, saved->benchmark_count, sizeof(*is_kept));
    unsigned dropped = 0;
    size_t kept = 0;
    int status = check(saved, now, name, err);

    if (status == 0) {
        status = check_commands(saved, plan, name, err);
    }
    if (status != 0) {
        return status;
    }
    if (is_kept == NULL) {
        return pw_error_set_no_memory(err);
    }
    for (size_t i = 0; i < saved->benchmark_count; i++) {
        const struct pw_result_benchmark *entry = &saved->benchmarks[i];

        is_kept[i] = is_measured(saved, entry->declared);
        if (is_kept[i] && is_short(saved, entry->declared, plan)) {
            is_kept[i] = false;
            dropped += strcmp(entry->id, entry->declared) == 0;
        }
    }
    for (size_t i = 0; i < saved->benchmark_count; i++) {
        if (is_kept[i]) {
            saved->benchmarks[kept++] = saved->benchmarks[i];
        }
    }
    saved->benchmark_count = kept;
    *short_of_runs = dropped;
    return 0;
}

/* perfwarden baseline update: measure the commit that is checked out and store the result. */
#include "baseline.h"

#include <stdlib.h>

#include "measure.h"
#include "outputs.h"
#include "shard.h"

static size_t measured_count(const struct pw_result *result)
{
    size_t count = 0;
    for (size_t i = 0; i < result->benchmark_count; i++) {
        count += result->benchmarks[i].status == PW_MEASURED_OK;
    }
    return count;
}

/* Failed benchmarks are stored as failed, beside the measured ones; a result of failures alone is
 * not a baseline. */
static int store_result(struct pw_cli *cli, const struct pw_arguments *arguments,
                        struct pw_project *project, const struct pw_result *result)
{
    struct pw_error err = PW_ERROR_INIT;
    const size_t measured = measured_count(result);
    if (measured == 0) {
        (void)pw_error_set(&err, PW_EFORMAT, "nothing was stored: no benchmark could be measured");
        pw_cli_print_error(cli, &err);
        pw_error_release(&err);
        return PW_EXIT_UNMEASURED;
    }
    if (pw_store_add(project->store, result, &err) != PW_OK) {
        return pw_baseline_fail_store(cli, &err);
    }
    if (!arguments->is_quiet) {
        fprintf(cli->err, "perfwarden: stored %zu benchmark%s for %.12s (environment %s) in %s\n",
                measured, measured == 1 ? "" : "s", result->commit, result->environment.id,
                pw_store_location(project->store));
    }
    return pw_baseline_tell_quarantine(cli, project, result);
}

static int measure_and_store(struct pw_cli *cli, const struct pw_arguments *arguments,
                             struct pw_project *project, struct pw_result *result)
{
    struct pw_error err = PW_ERROR_INIT;
    const int status = pw_measure_run(cli, arguments, project, NULL, result, &err);
    if (status == PW_EINTERRUPTED) {
        pw_cli_print_error(cli, &err);
        pw_error_release(&err);
        return pw_measure_signal_code(cli);
    }
    if (status != PW_OK) {
        return pw_cli_fail(cli, &err);
    }
    const struct pw_subject subject = {.result = result};
    const int reported = pw_outputs_write(cli, arguments, NULL, subject);
    const int stored = store_result(cli, arguments, project, result);
    return pw_exit_worst(pw_exit_worst(reported, stored), pw_measure_exit_code(result));
}

static const char *environment_variable(const char *name)
{
    return getenv(name);
}

/* A part of a suite is no baseline: each of several jobs would measure all, and store it. */
static void warn_about_jobs(struct pw_cli *cli)
{
    struct pw_shard_choice choice = {0, 0, NULL};
    struct pw_error unused = PW_ERROR_INIT;
    struct pw_strbuf text = PW_STRBUF_INIT;
    if (pw_shard_choose(NULL, environment_variable, &choice, &unused) == PW_OK &&
        choice.count > 0) {
        pw_strbuf_printf(&text,
                         "this is one of %u jobs by %s's variables, and each measures and stores "
                         "the whole suite; to share it, 'perfwarden run -o FILE' in each, then "
                         "'perfwarden merge', and 'perfwarden baseline update --from'",
                         choice.count, choice.system);
        pw_cli_print_warning(cli, pw_strbuf_text(&text));
    }
    pw_strbuf_release(&text);
    pw_error_release(&unused);
}

int pw_baseline_update(struct pw_cli *cli, const struct pw_arguments *arguments,
                       struct pw_project *project, const struct pw_words *operands)
{
    struct pw_error err = PW_ERROR_INIT;
    if (arguments->from.count > 0) {
        return pw_baseline_update_from(cli, arguments, project, operands);
    }
    if (operands->count > 0) {
        return pw_baseline_fail_usage(cli, "'baseline update' measures the work tree and takes no",
                                      operands->items[0]);
    }
    if (project->head.is_dirty && !arguments->is_force_dirty) {
        (void)pw_error_set(&err, PW_EUSAGE,
                           "the work tree has uncommitted changes, so it is not commit '%.12s'; "
                           "commit or stash them, "
                           "or pass --force-dirty",
                           project->head.commit);
        return pw_cli_fail(cli, &err);
    }
    /* what cannot be stored need not be measured */
    if (pw_store_check_writable(project->store, &err) != PW_OK) {
        return pw_baseline_fail_store(cli, &err);
    }
    warn_about_jobs(cli);
    struct pw_result result = {0};
    if (pw_measure_begin(project, &result, &err) != PW_OK) {
        return pw_cli_fail(cli, &err);
    }
    const int code = measure_and_store(cli, arguments, project, &result);
    pw_result_release(&result);
    return code;
}

/* perfwarden run: measure, report, write the result. Works without a repository. */
#include "cli.h"

#include <stdlib.h>

#include "measure.h"
#include "outputs.h"
#include "project.h"
#include "shard.h"
#include "shell_choice.h"

/* Outside a repository a result has no commit; any other trouble with git is told, but is no reason
 * not to measure. */
static void open_git_if_any(struct pw_cli *cli, struct pw_project *project)
{
    struct pw_error err = PW_ERROR_INIT;
    if (pw_project_open_git(project, &err) != PW_OK) {
        struct pw_strbuf text = PW_STRBUF_INIT;
        pw_strbuf_printf(&text, "the result names no commit: %s", pw_error_message(&err));
        pw_cli_print_warning(cli, pw_strbuf_text(&text));
        pw_strbuf_release(&text);
        pw_error_release(&err);
        pw_git_free(project->git);
        project->git = NULL;
    }
}

static void tell_short_of_runs(struct pw_cli *cli, const char *path, unsigned count)
{
    struct pw_strbuf text = PW_STRBUF_INIT;
    if (count > 0) {
        pw_strbuf_printf(&text,
                         "'%s' has fewer runs of %u benchmark%s than are asked for now: %s "
                         "measured anew",
                         path, count, count == 1 ? "" : "s", count == 1 ? "it is" : "they are");
        pw_cli_print_warning(cli, pw_strbuf_text(&text));
    }
    pw_strbuf_release(&text);
}

/* Compare what was measured with what would be now, the choice of a shell included. */
static int resume_as(struct pw_cli *cli, const struct pw_arguments *arguments,
                     const struct pw_project *project, const struct pw_result *now,
                     struct pw_result *saved, struct pw_error *err)
{
    const struct pw_run_options options = {
        .filters = arguments->filters.items,
        .filter_count = arguments->filters.count,
        .runs_min = arguments->runs_min,
        .runs_max = arguments->runs_max,
    };
    struct pw_arena arena = {NULL};
    struct pw_config config = project->config;
    const struct pw_run_plan plan = {&config, &options};
    unsigned short_of_runs = 0;
    int status = pw_shell_choice_apply(arguments, &arena, &config, err);
    if (status == PW_OK) {
        status = pw_run_resume(saved, now, &plan, arguments->resume, &short_of_runs, err);
    }
    if (status == PW_OK) {
        tell_short_of_runs(cli, arguments->resume, short_of_runs);
    }
    pw_arena_release(&arena);
    return status;
}

/* What a saved result lacks is measured. A file that cannot be read, or not be gone on from, is a
 * mistake of the command line. */
static int resume(struct pw_cli *cli, const struct pw_arguments *arguments,
                  const struct pw_project *project, struct pw_result *result, struct pw_error *err)
{
    struct pw_result saved = {0};
    int status = pw_result_load(arguments->resume, &saved, err);
    if (status == PW_OK) {
        status = pw_shard_check_saved(project->shard, saved.shard, arguments->resume, err);
        if (status == PW_OK) {
            status = resume_as(cli, arguments, project, result, &saved, err);
        }
    } else if (status != PW_ENOMEM) {
        err->status = PW_EUSAGE;
        return PW_EUSAGE;
    }
    if (status == PW_OK) {
        pw_result_release(result);
        *result = saved;
        return PW_OK;
    }
    pw_result_release(&saved);
    return status;
}

static int begin(struct pw_cli *cli, const struct pw_arguments *arguments,
                 const struct pw_project *project, struct pw_result *out, struct pw_error *err)
{
    struct pw_result result = {0};
    int status = pw_measure_begin(project, &result, err);
    if (status == PW_OK && arguments->resume != NULL) {
        status = resume(cli, arguments, project, &result, err);
    }
    if (status == PW_OK) {
        *out = result;
    } else {
        pw_result_release(&result);
    }
    return status;
}

static int run_and_report(struct pw_cli *cli, const struct pw_arguments *arguments,
                          struct pw_project *project)
{
    struct pw_error err = PW_ERROR_INIT;
    struct pw_result result = {0};
    if (pw_outputs_check(arguments, NULL, &err) != PW_OK ||
        begin(cli, arguments, project, &result, &err) != PW_OK) {
        return pw_cli_fail(cli, &err);
    }
    int code = PW_EXIT_PASS;
    const int status = pw_measure_run(cli, arguments, project, arguments->output, &result, &err);
    if (status == PW_EINTERRUPTED) {
        pw_cli_print_error(cli, &err);
        pw_error_release(&err);
        code = pw_measure_signal_code(cli);
    } else if (status != PW_OK) {
        code = pw_cli_fail(cli, &err);
    } else {
        code = pw_measure_exit_code(&result);
    }
    /* After a mistake on the command line a file to resume from stays as it is. */
    if ((result.benchmark_count > 0 || pw_shard_is_empty(result.shard)) && status != PW_EUSAGE) {
        const struct pw_subject subject = {.result = &result};
        code = pw_exit_worst(code, pw_outputs_write(cli, arguments, NULL, subject));
    }
    pw_result_release(&result);
    return code;
}

static const char *environment_variable(const char *name)
{
    return getenv(name);
}

/* Which part of the suite is run, by the sessions of the commits before the one checked out. */
static int cut_suite(const struct pw_arguments *arguments, const struct pw_shard_choice *choice,
                     struct pw_project *project, struct pw_error *err)
{
    const char *commit = project->git != NULL ? project->head.commit : NULL;
    const struct pw_shard_scene scene = {.base = commit,
                                         .head = commit,
                                         .runs_min = arguments->runs_min,
                                         .runs_max = arguments->runs_max};
    return pw_shard_cut(arguments, choice, &scene, project, err);
}

static int run_project(struct pw_cli *cli, const struct pw_arguments *arguments,
                       struct pw_project *project)
{
    struct pw_error err = PW_ERROR_INIT;
    struct pw_shard_choice choice;
    if (pw_shard_choose(arguments->shard, environment_variable, &choice, &err) != PW_OK) {
        return pw_cli_fail(cli, &err);
    }
    if (!arguments->is_dry_run || choice.count > 0) {
        open_git_if_any(cli, project);
    }
    if (cut_suite(arguments, &choice, project, &err) != PW_OK) {
        return pw_cli_fail(cli, &err);
    }
    return arguments->is_dry_run ? pw_measure_print_plan(cli, arguments, project)
                                 : run_and_report(cli, arguments, project);
}

int pw_cmd_run(struct pw_cli *cli, const struct pw_arguments *arguments)
{
    struct pw_project project = {0};
    struct pw_arguments wanted = *arguments;
    if (wanted.output == NULL) {
        wanted.output = wanted.resume;
    }
    int code = pw_project_load_config(cli, &wanted, PW_REQUIRED, &project);
    if (code == PW_EXIT_PASS) {
        code = run_project(cli, &wanted, &project);
    }
    pw_project_release(&project);
    return code;
}

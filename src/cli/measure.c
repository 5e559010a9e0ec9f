/* From a configuration to a result. */
#include "measure.h"

#include <signal.h>

#include <string.h>
#include <sys/stat.h>

#include "progress.h"
#include "shell_choice.h"
#include "show_output.h"

static int copy_head(const struct pw_git_head *head, struct pw_result *result, struct pw_error *err)
{
    struct pw_arena *arena = &result->arena;
    result->commit = pw_arena_strdup(arena, head->commit);
    result->branch = head->branch == NULL ? NULL : pw_arena_strdup(arena, head->branch);
    result->parents = pw_arena_array(arena, head->parent_count, sizeof(*result->parents));
    if (result->commit == NULL || result->parents == NULL ||
        (head->branch != NULL && result->branch == NULL)) {
        return pw_error_set_no_memory(err);
    }
    for (size_t i = 0; i < head->parent_count; i++) {
        result->parents[i] = pw_arena_strdup(arena, head->parents[i]);
        if (result->parents[i] == NULL) {
            return pw_error_set_no_memory(err);
        }
    }
    result->parent_count = head->parent_count;
    result->is_dirty = head->is_dirty;
    return PW_OK;
}

int pw_measure_begin(const struct pw_project *project, struct pw_result *out, struct pw_error *err)
{
    struct pw_result result = {0};
    int status = pw_result_init(&result, err);
    if (status != PW_OK) {
        return status;
    }
    result.config_hash = pw_arena_strdup(&result.arena, project->config.hash);
    if (result.config_hash == NULL) {
        status = pw_error_set_no_memory(err);
    }
    if (status == PW_OK && project->git != NULL) {
        status = copy_head(&project->head, &result, err);
    }
    if (status == PW_OK) {
        status = pw_environment_detect(&result, err);
    }
    if (status != PW_OK) {
        pw_result_release(&result);
        return status;
    }
    *out = result;
    return PW_OK;
}

/* A pipe or a terminal would get the result again and again. */
static bool can_be_saved(const char *path)
{
    struct stat entry;
    return path != NULL && strcmp(path, "-") != 0 &&
           (stat(path, &entry) != 0 || S_ISREG(entry.st_mode));
}

static int save_result(void *context, const struct pw_result *result, struct pw_error *err)
{
    return pw_result_save(result, context, err);
}

static int run_suite(struct pw_cli *cli, const struct pw_arguments *arguments,
                     const struct pw_config *config, const struct pw_run_options *wanted,
                     struct pw_result *result, struct pw_error *err)
{
    struct pw_run_options options = *wanted;
    struct pw_progress progress;
    struct pw_show_output show = {0};
    pw_progress_init(&progress, cli->err, arguments);
    int status = PW_OK;
    if (arguments->shows_output) {
        options.output_seen = pw_show_output_seen;
        options.output_context = &show;
        status = pw_show_output_init(&show, cli->err, err);
    }
    options.observer = &progress.observer;
    if (status == PW_OK) {
        status = pw_run_suite(config, &options, cli->executor, result, err);
    }
    pw_show_output_finish(&show);
    pw_progress_finish(&progress);
    return status;
}

/* Filters that select nothing are a mistake on the command line. */
static int of_selection(int status, struct pw_error *err)
{
    if (status == PW_ENOTFOUND) {
        err->status = PW_EUSAGE;
        return PW_EUSAGE;
    }
    return status;
}

int pw_measure_run(struct pw_cli *cli, const struct pw_arguments *arguments,
                   const struct pw_project *project, const char *save_path,
                   struct pw_result *result, struct pw_error *err)
{
    if (cli->executor == NULL) {
        return pw_error_set(err, PW_EIO, "the launcher process could not be started");
    }
    struct pw_run_options options = {
        .filters = arguments->filters.items,
        .filter_count = arguments->filters.count,
        .runs_min = arguments->runs_min,
        .runs_max = arguments->runs_max,
        .budget_ns = arguments->budget_ns,
        .machine_root = "",
        .interrupted = cli->interrupted,
    };
    if (can_be_saved(save_path)) {
        options.save = save_result;
        options.save_context = (void *)save_path; /* save_result() only reads it */
    }
    struct pw_arena arena = {NULL};
    struct pw_config config = project->config;
    int status = pw_shell_choice_apply(arguments, &arena, &config, err);
    if (status == PW_OK) {
        status = run_suite(cli, arguments, &config, &options, result, err);
    }
    pw_arena_release(&arena);
    return of_selection(status, err);
}

int pw_measure_exit_code(const struct pw_result *result)
{
    bool has_measured = false;
    for (size_t i = 0; i < result->benchmark_count; i++) {
        if (result->benchmarks[i].status != PW_MEASURED_OK) {
            return PW_EXIT_UNMEASURED;
        }
        has_measured = true;
    }
    return has_measured ? PW_EXIT_PASS : PW_EXIT_UNMEASURED;
}

int pw_measure_signal_code(const struct pw_cli *cli)
{
    return cli->interrupted != NULL && *cli->interrupted == SIGTERM ? PW_EXIT_SIGTERM
                                                                    : PW_EXIT_SIGINT;
}

static void put_command(struct pw_strbuf *line, const struct pw_benchmark *benchmark)
{
    for (size_t i = 0; i < benchmark->command.count; i++) {
        struct pw_strbuf word = PW_STRBUF_INIT;
        pw_escape_shell(&word, benchmark->command.items[i]);
        pw_strbuf_putc(line, ' ');
        pw_escape_terminal(line, pw_strbuf_text(&word));
        pw_strbuf_release(&word);
    }
}

static int print_plan(struct pw_cli *cli, const struct pw_arguments *arguments,
                      const struct pw_config *config)
{
    const struct pw_run_options options = {
        .filters = arguments->filters.items,
        .filter_count = arguments->filters.count,
    };
    struct pw_error err = PW_ERROR_INIT;
    if (of_selection(pw_run_check_selection(config, &options, &err), &err) != PW_OK) {
        return pw_cli_fail(cli, &err);
    }
    struct pw_strbuf line = PW_STRBUF_INIT;
    for (size_t i = 0; i < config->benchmark_count; i++) {
        const struct pw_benchmark *benchmark = &config->benchmarks[i];
        if (!pw_benchmark_is_selected(benchmark, arguments->filters.items,
                                      arguments->filters.count)) {
            continue;
        }
        pw_strbuf_clear(&line);
        pw_escape_terminal(&line, benchmark->id);
        pw_strbuf_putc(&line, ':');
        put_command(&line, benchmark);
        fprintf(cli->out, "%s\n", pw_strbuf_text(&line));
    }
    pw_strbuf_release(&line);
    return PW_EXIT_PASS;
}

int pw_measure_print_plan(struct pw_cli *cli, const struct pw_arguments *arguments,
                          const struct pw_project *project)
{
    struct pw_error err = PW_ERROR_INIT;
    struct pw_arena arena = {NULL};
    struct pw_config config = project->config;
    int code = PW_EXIT_PASS;
    if (pw_shell_choice_apply(arguments, &arena, &config, &err) == PW_OK) {
        code = print_plan(cli, arguments, &config);
    } else {
        code = pw_cli_fail(cli, &err);
    }
    pw_arena_release(&arena);
    return code;
}

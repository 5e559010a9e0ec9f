/* perfwarden baseline update | list | show | remove: a table of subcommands over one opened
 * project. */
#include "cli.h"

#include <assert.h>
#include <string.h>

#include "measure.h"
#include "outputs.h"
#include "project.h"
#include "stored.h"

/* A subcommand. `operands` are those behind its own name. */
struct subcommand {
    const char *name;
    enum pw_need config;
    int (*run)(struct pw_cli *cli, const struct pw_arguments *arguments, struct pw_project *project,
               const struct pw_words *operands);
};

static int fail_usage(struct pw_cli *cli, const char *message, const char *subject)
{
    struct pw_error err = PW_ERROR_INIT;
    (void)pw_error_set(&err, PW_EUSAGE, "%s '%s'", message, subject);
    return pw_cli_fail(cli, &err);
}

/* An invalid argument of the store is its ref, as one that is checked out: a wrong configuration.
 */
static int fail_store(struct pw_cli *cli, struct pw_error *err)
{
    err->status = err->status == PW_EINVAL ? PW_ECONFIG : err->status;
    return pw_cli_fail(cli, err);
}

/* What the user named does not exist: a wrong command line. */
static int fail_word(struct pw_cli *cli, struct pw_error *err)
{
    if (err->status == PW_ENOTFOUND) {
        err->status = PW_EUSAGE;
    }
    return fail_store(cli, err);
}

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
        return fail_store(cli, &err);
    }
    if (!arguments->is_quiet) {
        fprintf(cli->err, "perfwarden: stored %zu benchmark%s for %.12s (environment %s) in %s\n",
                measured, measured == 1 ? "" : "s", result->commit, result->environment.id,
                pw_store_location(project->store));
    }
    return PW_EXIT_PASS;
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

static int update(struct pw_cli *cli, const struct pw_arguments *arguments,
                  struct pw_project *project, const struct pw_words *operands)
{
    struct pw_error err = PW_ERROR_INIT;
    if (operands->count > 0) {
        return fail_usage(cli, "'baseline update' measures the work tree and takes no",
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
    struct pw_result result = {0};
    if (pw_measure_begin(project, &result, &err) != PW_OK) {
        return pw_cli_fail(cli, &err);
    }
    const int code = measure_and_store(cli, arguments, project, &result);
    pw_result_release(&result);
    return code;
}

/* Called for each selected entry. */
typedef void (*entry_fn)(void *context, const struct pw_store_entry *entry);

/* Run over what the operands name; no operands name everything. */
static int for_each_selected(struct pw_cli *cli, const struct pw_arguments *arguments,
                             struct pw_project *project, const struct pw_words *operands,
                             entry_fn visit, void *context)
{
    struct pw_store_listing listing = {0};
    struct pw_error err = PW_ERROR_INIT;
    int status = pw_store_list(project->store, &listing, &err);
    const size_t words = operands->count == 0 ? 1 : operands->count;
    for (size_t w = 0; status == PW_OK && w < words; w++) {
        struct pw_stored_selection selection = {0};
        status =
            pw_stored_select(project, &listing, operands->count == 0 ? NULL : operands->items[w],
                             arguments->environment, &selection, &err);
        for (size_t i = 0; status == PW_OK && i < selection.count; i++) {
            visit(context, &selection.entries[i]);
        }
    }
    pw_store_listing_release(&listing);
    return status == PW_OK ? PW_EXIT_PASS : fail_word(cli, &err);
}

struct table {
    struct pw_strbuf text;
    size_t rows;
};

static void add_table_row(void *context, const struct pw_store_entry *entry)
{
    struct table *table = context;
    char recorded[PW_TIME_TEXT_SIZE];
    pw_clock_format_utc(pw_run_id_wall_s(entry->run_id), recorded);
    pw_strbuf_printf(&table->text, "%.12s  %s  %s  %s\n", entry->commit, recorded,
                     entry->environment_id, entry->run_id);
    table->rows++;
}

static void add_json_row(void *context, const struct pw_store_entry *entry)
{
    struct pw_json_writer *writer = context;
    char recorded[PW_TIME_TEXT_SIZE];
    pw_clock_format_utc(pw_run_id_wall_s(entry->run_id), recorded);
    pw_json_begin_compact_object(writer, NULL);
    pw_json_put_string(writer, "commit", entry->commit);
    pw_json_put_string(writer, "recorded_at", recorded);
    pw_json_put_string(writer, "environment", entry->environment_id);
    pw_json_put_string(writer, "run_id", entry->run_id);
    pw_json_put_string(writer, "path", entry->path);
    pw_json_end(writer);
}

static int list_as_json(struct pw_cli *cli, const struct pw_arguments *arguments,
                        struct pw_project *project, const struct pw_words *operands)
{
    struct pw_strbuf text = PW_STRBUF_INIT;
    struct pw_json_writer writer;
    pw_json_writer_init(&writer, &text);
    pw_json_begin_object(&writer, NULL);
    pw_json_put_string(&writer, "schema", "perfwarden/baselines/1");
    pw_json_put_string(&writer, "store", pw_store_location(project->store));
    pw_json_begin_array(&writer, "baselines");
    const int code = for_each_selected(cli, arguments, project, operands, add_json_row, &writer);
    pw_json_end(&writer);
    pw_json_end(&writer);
    pw_json_writer_finish(&writer);
    if (code == PW_EXIT_PASS) {
        fputs(pw_strbuf_text(&text), cli->out);
    }
    pw_strbuf_release(&text);
    return code;
}

static int list(struct pw_cli *cli, const struct pw_arguments *arguments,
                struct pw_project *project, const struct pw_words *operands)
{
    if (arguments->is_json) {
        return list_as_json(cli, arguments, project, operands);
    }
    struct table table = {.text = PW_STRBUF_INIT};
    pw_strbuf_puts(&table.text, "COMMIT        RECORDED              ENVIRONMENT   RUN ID\n");
    const int code = for_each_selected(cli, arguments, project, operands, add_table_row, &table);
    if (code == PW_EXIT_PASS && table.rows > 0) {
        fputs(pw_strbuf_text(&table.text), cli->out);
    } else if (code == PW_EXIT_PASS) {
        fprintf(
            cli->err,
            "perfwarden: nothing matches in %s; 'perfwarden baseline update' stores a baseline\n",
            pw_store_location(project->store));
    }
    pw_strbuf_release(&table.text);
    return code;
}

static int show(struct pw_cli *cli, const struct pw_arguments *arguments,
                struct pw_project *project, const struct pw_words *operands)
{
    if (operands->count > 1) {
        return fail_usage(cli, "'baseline show' takes one revision or run id, not also",
                          operands->items[1]);
    }
    struct pw_error err = PW_ERROR_INIT;
    struct pw_result here = {0};
    struct pw_result stored = {0};
    int status = pw_measure_begin(project, &here, &err);
    if (status == PW_OK) {
        status = pw_stored_load(project, operands->count == 0 ? "HEAD" : operands->items[0],
                                here.environment.id, arguments->environment, &stored, &err);
    }
    pw_result_release(&here);
    if (status != PW_OK) {
        return fail_word(cli, &err);
    }
    const struct pw_subject subject = {.result = &stored};
    struct pw_arguments shown = *arguments;
    shown.is_quiet = false; /* all of it was asked for */
    const int code =
        pw_outputs_render(cli, &shown, arguments->is_json ? "json" : "text", NULL, subject);
    pw_result_release(&stored);
    return code;
}

/* Removing is the one way to lose a measurement, so a revision that stands for several must be
 * meant. */
static int remove_word(struct pw_cli *cli, const struct pw_arguments *arguments,
                       struct pw_project *project, struct pw_store_listing *listing,
                       const char *word)
{
    struct pw_error err = PW_ERROR_INIT;
    struct pw_stored_selection selection = {0};
    int status = pw_stored_select(project, listing, word, arguments->environment, &selection, &err);
    if (status == PW_OK && selection.count == 0) {
        status = pw_error_set(&err, PW_EUSAGE, "nothing is stored for '%s' in '%s'", word,
                              pw_store_location(project->store));
    }
    if (status == PW_OK && selection.count > 1 && !arguments->is_all) {
        status =
            pw_error_set(&err, PW_EUSAGE,
                         "%zu results are stored for '%s'; name one by its run id, or pass --all",
                         selection.count, word);
    }
    if (status == PW_OK) {
        status = pw_store_remove(project->store, selection.entries, selection.count, &err);
    }
    if (status != PW_OK) {
        return fail_word(cli, &err);
    }
    for (size_t i = 0; i < selection.count; i++) {
        fprintf(cli->err, "perfwarden: removed %s\n", selection.entries[i].path);
    }
    return PW_EXIT_PASS;
}

static int remove_stored(struct pw_cli *cli, const struct pw_arguments *arguments,
                         struct pw_project *project, const struct pw_words *operands)
{
    struct pw_error err = PW_ERROR_INIT;
    struct pw_store_listing listing = {0};
    if (operands->count == 0) {
        (void)pw_error_set(&err, PW_EUSAGE,
                           "'baseline remove' needs a revision or run id; 'perfwarden baseline "
                           "list' shows them");
        return pw_cli_fail(cli, &err);
    }
    if (pw_store_list(project->store, &listing, &err) != PW_OK) {
        return pw_cli_fail(cli, &err);
    }
    int code = PW_EXIT_PASS;
    for (size_t i = 0; i < operands->count; i++) {
        code =
            pw_exit_worst(code, remove_word(cli, arguments, project, &listing, operands->items[i]));
    }
    pw_store_listing_release(&listing);
    return code;
}

static const struct subcommand subcommands[] = {
    {"update", PW_REQUIRED, update},
    {"list", PW_OPTIONAL, list},
    {"show", PW_OPTIONAL, show},
    {"remove", PW_OPTIONAL, remove_stored},
};

/* The command table has checked the word already. */
static const struct subcommand *find_subcommand(const char *name)
{
    for (size_t i = 0; i < PW_COUNT(subcommands); i++) {
        if (strcmp(name, subcommands[i].name) == 0) {
            return &subcommands[i];
        }
    }
    assert(0 /* the command table and the subcommands disagree */);
    return &subcommands[0];
}

/* The option table knows commands, not what stands behind 'baseline'. An option that would be
 * passed over is refused: 'remove REV --filter x' must not remove more than was meant. */
static int check_options(const struct pw_arguments *arguments, const char *name,
                         struct pw_error *err)
{
    const struct {
        bool is_given;
        const char *option;
        const char *takers;
    } rules[] = {
        {arguments->filters.count > 0, "--filter", "update"},
        {arguments->runs_min > 0, "--runs", "update"},
        {arguments->budget_ns > 0, "--budget", "update"},
        {arguments->is_force_dirty, "--force-dirty", "update"},
        {arguments->is_all, "--all", "remove"},
        {arguments->is_json, "--json", "list, show"},
        {arguments->environment != NULL, "--environment", "list, show, remove"},
    };
    for (size_t i = 0; i < PW_COUNT(rules); i++) {
        if (rules[i].is_given && strstr(rules[i].takers, name) == NULL) {
            return pw_error_set(err, PW_EUSAGE,
                                "option '%s' does not apply to 'baseline %s', only to %s",
                                rules[i].option, name, rules[i].takers);
        }
    }
    return PW_OK;
}

static int open_project(struct pw_cli *cli, struct pw_project *project)
{
    struct pw_error err = PW_ERROR_INIT;
    int status = pw_project_open_git(project, &err);
    if (status == PW_OK) {
        status = pw_project_open_store(project, &err);
    }
    return status == PW_OK ? PW_EXIT_PASS : pw_cli_fail(cli, &err);
}

/* `--environment this` means the machine at hand: put its id in the place of the word. */
static int resolve_environment(struct pw_cli *cli, const struct pw_project *project,
                               struct pw_result *here, struct pw_arguments *arguments)
{
    if (arguments->environment == NULL || strcmp(arguments->environment, "this") != 0) {
        return PW_EXIT_PASS;
    }
    struct pw_error err = PW_ERROR_INIT;
    if (pw_measure_begin(project, here, &err) != PW_OK) {
        return pw_cli_fail(cli, &err);
    }
    arguments->environment = here->environment.id;
    return PW_EXIT_PASS;
}

int pw_cmd_baseline(struct pw_cli *cli, const struct pw_arguments *arguments)
{
    const struct subcommand *subcommand = find_subcommand(arguments->operands.items[0]);
    const struct pw_words operands = {
        .items = arguments->operands.items + 1,
        .count = arguments->operands.count - 1,
    };
    struct pw_error err = PW_ERROR_INIT;
    if (check_options(arguments, subcommand->name, &err) != PW_OK) {
        return pw_cli_fail(cli, &err);
    }
    struct pw_project project = {0};
    int code = pw_project_load_config(cli, arguments, subcommand->config, &project);
    if (code == PW_EXIT_PASS) {
        code = open_project(cli, &project);
    }
    struct pw_arguments resolved = *arguments;
    struct pw_result here = {0};
    if (code == PW_EXIT_PASS) {
        code = resolve_environment(cli, &project, &here, &resolved);
    }
    if (code == PW_EXIT_PASS) {
        code = subcommand->run(cli, &resolved, &project, &operands);
    }
    pw_result_release(&here);
    pw_project_release(&project);
    return code;
}

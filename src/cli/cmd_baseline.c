/* perfwarden baseline: a table of subcommands over one opened project. */
#include "baseline.h"

#include <assert.h>
#include <string.h>

#include "measure.h"

struct subcommand {
    const char *name;
    enum pw_need config;
    pw_baseline_fn run;
};

int pw_baseline_fail_usage(struct pw_cli *cli, const char *message, const char *subject)
{
    struct pw_error err = PW_ERROR_INIT;
    (void)pw_error_set(&err, PW_EUSAGE, "%s '%s'", message, subject);
    return pw_cli_fail(cli, &err);
}

int pw_baseline_fail_store(struct pw_cli *cli, struct pw_error *err)
{
    err->status = err->status == PW_EINVAL ? PW_ECONFIG : err->status;
    return pw_cli_fail(cli, err);
}

int pw_baseline_fail_word(struct pw_cli *cli, struct pw_error *err)
{
    if (err->status == PW_ENOTFOUND) {
        err->status = PW_EUSAGE;
    }
    return pw_baseline_fail_store(cli, err);
}

int pw_baseline_refuse_operands(struct pw_cli *cli, const char *name,
                                const struct pw_words *operands)
{
    struct pw_error err = PW_ERROR_INIT;
    if (operands->count == 0) {
        return PW_EXIT_PASS;
    }
    (void)pw_error_set(&err, PW_EUSAGE, "'baseline %s' takes no arguments, so not '%s'", name,
                       operands->items[0]);
    return pw_cli_fail(cli, &err);
}

static const struct subcommand subcommands[] = {
    {"update", PW_REQUIRED, pw_baseline_update}, {"list", PW_OPTIONAL, pw_baseline_list},
    {"show", PW_OPTIONAL, pw_baseline_show},     {"remove", PW_OPTIONAL, pw_baseline_remove},
    {"fetch", PW_OPTIONAL, pw_baseline_fetch},   {"push", PW_OPTIONAL, pw_baseline_push},
    {"prune", PW_OPTIONAL, pw_baseline_prune},   {"export", PW_OPTIONAL, pw_baseline_export},
    {"import", PW_OPTIONAL, pw_baseline_import}, {"verify", PW_OPTIONAL, pw_baseline_verify},
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
        {arguments->filters.count > 0, "--filter", "update, list, export"},
        {arguments->runs_min > 0, "--runs", "update"},
        {arguments->budget_ns > 0, "--budget", "update"},
        {arguments->is_force_dirty, "--force-dirty", "update"},
        {arguments->is_all, "--all", "remove"},
        {arguments->timeout_ns > 0, "--timeout", "fetch, push"},
        {arguments->is_read_only_allowed, "--allow-read-only", "push"},
        {arguments->is_json, "--json", "list, show, prune, verify"},
        {arguments->environment != NULL, "--environment", "list, show, remove, export"},
        {arguments->has_since, "--since", "list, export"},
        {arguments->has_until, "--until", "list, export"},
        {arguments->limit > 0, "--limit", "list, export"},
        {arguments->from.count > 0, "--from", "update"},
        {arguments->is_dry_run, "--dry-run", "prune"},
        {arguments->output != NULL, "--output", "export"},
        {arguments->portable != NULL, "--format", "export, import"},
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

static int open_project(struct pw_cli *cli, const struct pw_arguments *arguments,
                        struct pw_project *project, pw_baseline_fn run)
{
    struct pw_error err = PW_ERROR_INIT;
    /* only measuring needs a work tree and a commit */
    const bool measures = run == pw_baseline_update && arguments->from.count == 0;
    int status =
        measures ? pw_project_open_git(project, &err) : pw_project_open_repository(project, &err);
    if (status == PW_OK) {
        status = pw_project_open_store(project, &err);
    }
    if (status == PW_OK) {
        pw_store_watch(project->store, cli->interrupted);
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
    /* what was measured elsewhere needs no benchmarks here */
    const enum pw_need need = arguments->from.count > 0 ? PW_OPTIONAL : subcommand->config;
    int code = pw_project_load_config(cli, arguments, need, &project);
    if (code == PW_EXIT_PASS) {
        code = open_project(cli, arguments, &project, subcommand->run);
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

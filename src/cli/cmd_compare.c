/* perfwarden compare A B: two results, from files or from the store, compared without running
 * anything. */
#include "cli.h"

#include "acceptances.h"
#include "outputs.h"
#include "perfwarden/gate.h"
#include "perfwarden/gate/renamed.h"
#include "project.h"
#include "stored.h"

/* One side: where it came from and what was measured. */
struct operand {
    const char *word;
    struct pw_result result;
    struct pw_side side;
    bool is_file;
    bool is_unfit; /* the user named what is not there, or a file that is no result */
};

/* What the configuration and the commits between the two say about them. */
struct context {
    struct pw_result base; /* under today's names; borrows from the operand */
    struct pw_agreements agreements;
    struct pw_acceptances agreed;
    struct pw_arena arena;
};

static int open_store(struct pw_project *project, struct pw_error *err)
{
    if (project->store != NULL) {
        return PW_OK;
    }
    int status = PW_OK;
    if (project->git == NULL) {
        status = pw_project_open_repository(project, err);
    }
    return status == PW_OK ? pw_project_open_store(project, err) : status;
}

/* A file that exists is a file; any other word is a revision or a run id. */
static int load_operand(struct pw_project *project, const char *prefer_environment,
                        struct operand *operand, struct pw_error *err)
{
    int status = PW_OK;
    operand->is_file = pw_path_exists(operand->word);
    if (operand->is_file) {
        status = pw_result_load(operand->word, &operand->result, err);
        operand->is_unfit = status == PW_EFORMAT || status == PW_EIO;
        operand->side.source = operand->word;
    } else {
        status = open_store(project, err);
        if (status != PW_OK) {
            err->status = status == PW_EGIT ? PW_EUSAGE : err->status;
            return pw_error_prefix(
                err, "'%s' is no file, and no revision can be looked up: ", operand->word);
        }
        status =
            pw_stored_load(project, operand->word, prefer_environment, NULL, &operand->result, err);
        operand->side.source = pw_store_location(project->store);
    }
    operand->is_unfit = operand->is_unfit || status == PW_ENOTFOUND;
    if (status == PW_OK) {
        const char *source = operand->side.source;
        operand->side = pw_side_of(&operand->result);
        operand->side.source = source;
        operand->side.reason = operand->word;
    }
    return status;
}

static int load_both(struct pw_project *project, struct operand *base, struct operand *head,
                     struct pw_error *err)
{
    int status = load_operand(project, NULL, base, err);
    if (status == PW_OK) {
        status = load_operand(project, base->result.environment.id, head, err);
    }
    return status;
}

/* Files may be of any project and age; results of the store are of commits of this one, so that
 * what was agreed to between them counts as in a check. */
static int gather(struct pw_cli *cli, struct pw_project *project, const struct operand *base,
                  const struct operand *head, struct context *context, struct pw_error *err)
{
    context->base = base->result;
    if (!project->has_config) {
        return PW_OK;
    }
    int status = pw_gate_rename_base(&project->config, &base->result, &head->result,
                                     &context->arena, &context->base, err);
    if (status != PW_OK || base->is_file || head->is_file || base->result.commit == NULL ||
        head->result.commit == NULL) {
        return status;
    }
    status = pw_agreements_read(&context->agreements, cli, project, &context->arena, NULL, err);
    if (status == PW_OK) {
        status = pw_agreements_find(&context->agreements, base->result.commit, head->result.commit,
                                    &context->agreed, err);
    }
    return status;
}

static void release(struct context *context)
{
    pw_acceptances_release(&context->agreed);
    pw_agreements_release(&context->agreements);
    pw_arena_release(&context->arena);
}

static bool has_selected(const struct pw_result *result, const struct pw_words *filters)
{
    for (size_t i = 0; i < result->benchmark_count; i++) {
        const struct pw_benchmark named = {.id = result->benchmarks[i].declared,
                                           .name = result->benchmarks[i].name};
        if (pw_benchmark_is_selected(&named, filters->items, filters->count)) {
            return true;
        }
    }
    return false;
}

/* Filters that select nothing are a mistake on the command line. */
static int check_selection(const struct pw_words *filters, const struct operand *base,
                           const struct operand *head, const struct pw_result *renamed,
                           struct pw_error *err)
{
    if (filters->count == 0 || has_selected(renamed, filters) ||
        has_selected(&head->result, filters)) {
        return PW_OK;
    }
    return pw_error_set(err, PW_EUSAGE, "no benchmark of '%s' or '%s' matches '%s'%s", base->word,
                        head->word, filters->items[0],
                        filters->count > 1 ? " or the other filters" : "");
}

/* What was measured in pairs is decided by pairs. */
static int decide(const struct pw_gate_options *options, const struct operand *base,
                  const struct operand *head, const struct context *context,
                  struct pw_comparison *out, struct pw_error *err)
{
    const bool is_paired = pw_gate_is_interleaved(&context->base, &head->result);
    const int status = is_paired ? pw_gate_replay(options, &context->base, &base->side,
                                                  &head->result, &head->side, out, err)
                                 : pw_gate_unpaired(options, &context->base, &base->side,
                                                    &head->result, &head->side, out, err);
    return status == PW_OK ? pw_agreements_warn(&context->agreements, out, err) : status;
}

static int compare(struct pw_cli *cli, const struct pw_arguments *arguments,
                   struct pw_project *project, const struct operand *base,
                   const struct operand *head)
{
    struct context context = {.base = base->result};
    const struct pw_gate_options options = {
        .config = project->has_config ? &project->config : NULL,
        .fail_on = arguments->fail_on,
        .filters = arguments->filters.items,
        .filter_count = arguments->filters.count,
        .acceptances = &context.agreed,
    };
    struct pw_comparison comparison = {0};
    struct pw_error err = PW_ERROR_INIT;
    if (gather(cli, project, base, head, &context, &err) != PW_OK ||
        check_selection(&arguments->filters, base, head, &context.base, &err) != PW_OK ||
        decide(&options, base, head, &context, &comparison, &err) != PW_OK ||
        pw_project_place_config(project, &comparison, &err) != PW_OK) {
        release(&context);
        pw_comparison_release(&comparison);
        return pw_cli_fail(cli, &err);
    }
    const struct pw_subject subject = {.comparison = &comparison};
    const int written = pw_outputs_write(cli, arguments, NULL, subject);
    const int code = pw_exit_worst(written, comparison.exit_code);
    pw_comparison_release(&comparison);
    release(&context);
    return code;
}

/* A wrong command line, unless the store, git or perfwarden itself failed. */
static int fail_to_load(struct pw_cli *cli, const struct operand *base, const struct operand *head,
                        struct pw_error *err)
{
    if (base->is_unfit || head->is_unfit) {
        err->status = PW_EUSAGE;
    }
    return pw_cli_fail(cli, err);
}

int pw_cmd_compare(struct pw_cli *cli, const struct pw_arguments *arguments)
{
    struct pw_error err = PW_ERROR_INIT;
    struct pw_project project = {0};
    struct operand base = {.word = arguments->operands.items[0]};
    struct operand head = {.word = arguments->operands.items[1]};
    if (pw_outputs_check(arguments, NULL, &err) != PW_OK) {
        return pw_cli_fail(cli, &err);
    }
    int code = pw_project_load_config(cli, arguments, PW_OPTIONAL, &project);
    if (code == PW_EXIT_PASS) {
        code = load_both(&project, &base, &head, &err) == PW_OK
                   ? compare(cli, arguments, &project, &base, &head)
                   : fail_to_load(cli, &base, &head, &err);
    }
    pw_result_release(&base.result);
    pw_result_release(&head.result);
    pw_project_release(&project);
    return code;
}

/*
 * perfwarden check: measure head, compare it with the base's stored sessions, report, exit with the
 * verdict.
 *
 * The base is searched for before anything is measured, so that a wrong revision costs no time.
 */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

#include "measure.h"
#include "outputs.h"
#include "perfwarden/gate.h"
#include "project.h"

/* STATISTICS: a stored verdict rests on up to this many sessions among the ancestors. */
#define MAX_SESSIONS 20

/* What one check gathers on its way. */
struct check {
    struct pw_project project;
    struct pw_arena arena;
    struct pw_git_base base;
    bool has_base;
    const char *no_baseline; /* why there is nothing to compare with */
    struct pw_store_search search;
    struct pw_result head;
    struct pw_comparison comparison;
    bool is_interrupted;
    const char *failure; /* what ended the measuring early, NULL when nothing did */
};

static const char *environment_variable(const char *name)
{
    return getenv(name);
}

static void release(struct check *check)
{
    pw_comparison_release(&check->comparison);
    pw_result_release(&check->head);
    pw_store_search_release(&check->search);
    pw_arena_release(&check->arena);
    pw_project_release(&check->project);
}

/* A root commit and a shallow clone have no base: that is no failure, but every row will say why.
 */
static int find_base(const struct pw_arguments *arguments, struct check *check,
                     struct pw_error *err)
{
    const int status = pw_git_find_base(check->project.git, arguments->base, environment_variable,
                                        &check->arena, &check->base, err);
    if (status == PW_OK) {
        check->has_base = true;
        return PW_OK;
    }
    if (status != PW_ENOTFOUND) {
        return status;
    }
    if (arguments->base != NULL) {
        err->status = PW_EUSAGE;
        return PW_EUSAGE;
    }
    check->no_baseline = pw_arena_strdup(&check->arena, pw_error_message(err));
    pw_error_release(err);
    return check->no_baseline == NULL ? pw_error_set_no_memory(err) : PW_OK;
}

static const char *walk_remedy(enum pw_git_walk_end end)
{
    switch (end) {
    case PW_WALK_SHALLOW:
        return "; the clone is shallow and history ends here: set fetch-depth: 0 or run 'git fetch "
               "--unshallow'";
    case PW_WALK_CAPPED:
        return "; the nearest 10000 ancestors were searched";
    case PW_WALK_STOPPED:
    case PW_WALK_ROOT:
        break;
    }
    return "; run 'perfwarden baseline update' on the base, or fetch the baselines of another "
           "clone";
}

/* The nearest baseline from elsewhere, and what tells its machine from this one where that is
 * known.
 */
static void put_other_environment(struct pw_strbuf *out, const struct check *check)
{
    const struct pw_store_search *search = &check->search;
    const struct pw_environment other = {.facts = search->other_facts,
                                         .fact_count = search->other_fact_count};
    struct pw_strbuf differences = PW_STRBUF_INIT;
    if (search->other_fact_count > 0) {
        pw_environment_describe_difference(&check->head.environment, &other, &differences);
    }
    pw_strbuf_printf(out, " from this environment (%s); there is one from %s%s%s",
                     check->head.environment.id, search->nearest_other_environment,
                     differences.length > 0 ? ", which differs in " : "",
                     pw_strbuf_text(&differences));
    pw_strbuf_release(&differences);
}

/* Say what was looked for and was not there, with the remedy. */
static int explain_no_baseline(struct check *check, struct pw_error *err)
{
    const struct pw_store_search *search = &check->search;
    struct pw_strbuf text = PW_STRBUF_INIT;
    pw_strbuf_printf(&text, "no baseline in '%s' for %.12s or its ancestors",
                     pw_store_location(check->project.store), check->base.commit);
    if (search->nearest_other_environment != NULL) {
        put_other_environment(&text, check);
    }
    pw_strbuf_puts(&text, walk_remedy(search->walk_end));
    check->no_baseline = pw_arena_strdup(&check->arena, pw_strbuf_text(&text));
    pw_strbuf_release(&text);
    return check->no_baseline == NULL ? pw_error_set_no_memory(err) : PW_OK;
}

static int find_sessions(struct check *check, struct pw_error *err)
{
    if (!check->has_base) {
        return PW_OK;
    }
    int status = pw_project_open_store(&check->project, err);
    if (status == PW_OK) {
        status = pw_store_find(check->project.store, check->base.commit, check->head.environment.id,
                               MAX_SESSIONS, &check->search, err);
    }
    if (status == PW_OK && check->search.session_count == 0) {
        status = explain_no_baseline(check, err);
    }
    return status;
}

static int prepare(const struct pw_arguments *arguments, struct check *check, struct pw_error *err)
{
    int status = pw_outputs_check(arguments, &check->project.config.report, err);
    if (status == PW_OK) {
        status = pw_project_open_git(&check->project, err);
    }
    if (status == PW_OK) {
        status = find_base(arguments, check, err);
    }
    if (status == PW_OK) {
        status = pw_measure_begin(&check->project, &check->head, err);
    }
    if (status == PW_OK) {
        status = find_sessions(check, err);
    }
    return status;
}

/* Of the sessions measured with uncommitted changes the nearest; NULL for none. */
static const struct pw_result *nearest_dirty(const struct pw_store_search *search)
{
    for (size_t i = 0; i < search->session_count; i++) {
        if (search->sessions[i].is_dirty) {
            return &search->sessions[i];
        }
    }
    return NULL;
}

static int decide(const struct pw_arguments *arguments, struct check *check, struct pw_error *err)
{
    const struct pw_store_search *search = &check->search;
    const struct pw_gate_options options = {
        .config = &check->project.config,
        .fail_on = arguments->fail_on,
        .filters = arguments->filters.items,
        .filter_count = arguments->filters.count,
        .is_environment_mismatch =
            search->session_count == 0 && search->nearest_other_environment != NULL,
    };
    const struct pw_side base = {
        .commit = search->session_count > 0 ? search->commit
                  : check->has_base         ? check->base.commit
                                            : NULL,
        .reason = check->base.reason,
        .source = check->project.store == NULL ? NULL : pw_store_location(check->project.store),
        .is_dirty = nearest_dirty(search) != NULL,
        .distance = search->distance,
        .sessions = search->session_count,
    };
    return pw_gate_stored(&options, search->sessions, search->session_count, check->no_baseline,
                          &base, &check->head, &check->comparison, err);
}

static int warn(struct check *check, struct pw_error *err, const char *format, ...) PW_PRINTF(3, 4);

static int warn(struct check *check, struct pw_error *err, const char *format, ...)
{
    struct pw_strbuf text = PW_STRBUF_INIT;
    va_list args;
    va_start(args, format);
    pw_strbuf_vprintf(&text, format, args);
    va_end(args);
    const int status = pw_comparison_warn(&check->comparison, pw_strbuf_text(&text), err);
    pw_strbuf_release(&text);
    return status;
}

static void put_damage(struct pw_strbuf *out, const struct pw_store_damage *damage)
{
    const char *slash = strrchr(damage->path, '/');
    pw_strbuf_printf(
        out,
        "the stored baseline '%s' cannot be used and was passed over: %s; if it is beyond "
        "repair, 'perfwarden baseline remove %.26s' removes it",
        damage->path, damage->message, slash == NULL ? damage->path : slash + 1);
}

/* What is wrong with the sessions of the base. A damaged one was passed over: the verdict stands on
 * the others, but perfwarden could not do all it should. */
static int warn_about_sessions(struct check *check, struct pw_error *err)
{
    const struct pw_store_search *search = &check->search;
    const struct pw_result *dirty = nearest_dirty(search);
    int status = PW_OK;
    if (dirty != NULL) {
        status = warn(check, err,
                      "the base holds uncommitted changes, which were measured as part of %.12s; "
                      "store a clean baseline and remove this one with 'perfwarden baseline remove "
                      "%s'",
                      dirty->commit, dirty->run_id);
    }
    for (size_t i = 0; status == PW_OK && i < search->damage_count; i++) {
        struct pw_strbuf text = PW_STRBUF_INIT;
        put_damage(&text, &search->damage[i]);
        status = pw_comparison_warn(&check->comparison, pw_strbuf_text(&text), err);
        pw_strbuf_release(&text);
        pw_comparison_escalate(&check->comparison, PW_EXIT_INTERNAL);
    }
    return status;
}

static int add_warnings(struct check *check, struct pw_error *err)
{
    int status = PW_OK;
    if (check->head.is_dirty) {
        status = warn(
            check, err,
            "the work tree has uncommitted changes, which were measured as part of %.12s; commit "
            "them, or pass --base HEAD to compare them with the commit alone",
            check->head.commit);
    }
    if (status == PW_OK) {
        status = warn_about_sessions(check, err);
    }
    if (status == PW_OK && check->is_interrupted) {
        status = warn(check, err, "interrupted: only what was measured until then is reported");
    }
    if (status == PW_OK && check->failure != NULL) {
        status =
            warn(check, err, "%s; only what was measured until then is reported", check->failure);
        pw_comparison_escalate(&check->comparison, PW_EXIT_INTERNAL);
    }
    return status;
}

/* What was measured before perfwarden itself failed is worth a report; that it failed is told at
 * once, and decides the exit code. */
static int note_failure(struct pw_cli *cli, struct check *check, struct pw_error *err)
{
    check->failure = pw_arena_strdup(&check->arena, pw_error_message(err));
    if (check->failure == NULL) {
        return err->status;
    }
    pw_cli_print_error(cli, err);
    pw_error_release(err);
    return PW_OK;
}

static int measure(struct pw_cli *cli, const struct pw_arguments *arguments, struct check *check,
                   struct pw_error *err)
{
    int status = pw_measure_run(cli, arguments, &check->project, NULL, &check->head, err);
    if (status == PW_EINTERRUPTED) {
        check->is_interrupted = true;
        pw_error_release(err);
        status = PW_OK;
    } else if (status != PW_OK && check->head.benchmark_count > 0) {
        status = note_failure(cli, check, err);
    }
    if (status == PW_OK) {
        status = decide(arguments, check, err);
    }
    if (status == PW_OK) {
        status = add_warnings(check, err);
    }
    if (status == PW_OK && check->is_interrupted) {
        pw_comparison_escalate(&check->comparison, pw_measure_signal_code(cli));
    }
    return status;
}

static int print_plan(struct pw_cli *cli, const struct pw_arguments *arguments,
                      const struct check *check)
{
    const struct pw_store_search *search = &check->search;
    struct pw_strbuf line = PW_STRBUF_INIT;
    if (check->has_base) {
        pw_strbuf_printf(&line, "base: %.12s (%s)", check->base.commit, check->base.reason);
    } else {
        pw_strbuf_puts(&line, "base: none");
    }
    if (search->session_count > 0) {
        pw_strbuf_printf(&line, ", baseline: %.12s, %zu commit%s away, %zu session%s",
                         search->commit, search->distance, search->distance == 1 ? "" : "s",
                         search->session_count, search->session_count == 1 ? "" : "s");
    }
    struct pw_strbuf escaped = PW_STRBUF_INIT;
    pw_escape_terminal(&escaped, pw_strbuf_text(&line));
    fprintf(cli->out, "%s\n", pw_strbuf_text(&escaped));
    if (check->no_baseline != NULL) {
        pw_cli_print_warning(cli, check->no_baseline);
    }
    for (size_t i = 0; i < search->damage_count; i++) {
        pw_strbuf_clear(&line);
        put_damage(&line, &search->damage[i]);
        pw_cli_print_warning(cli, pw_strbuf_text(&line));
    }
    pw_strbuf_release(&escaped);
    pw_strbuf_release(&line);
    return pw_exit_worst(pw_measure_print_plan(cli, arguments, &check->project),
                         search->damage_count > 0 ? PW_EXIT_INTERNAL : PW_EXIT_PASS);
}

int pw_cmd_check(struct pw_cli *cli, const struct pw_arguments *arguments)
{
    struct check check = {0};
    struct pw_error err = PW_ERROR_INIT;
    int code = pw_project_load_config(cli, arguments, PW_REQUIRED, &check.project);
    if (code != PW_EXIT_PASS) {
        goto out;
    }
    if (prepare(arguments, &check, &err) != PW_OK) {
        code = pw_cli_fail(cli, &err);
        goto out;
    }
    if (arguments->is_dry_run) {
        code = print_plan(cli, arguments, &check);
        goto out;
    }
    if (measure(cli, arguments, &check, &err) != PW_OK) {
        code = pw_cli_fail(cli, &err);
        goto out;
    }
    const struct pw_subject subject = {.comparison = &check.comparison};
    code = pw_outputs_write(cli, arguments, &check.project.config.report, subject);
    code = pw_exit_worst(code, check.comparison.exit_code);
out:
    release(&check);
    return code;
}

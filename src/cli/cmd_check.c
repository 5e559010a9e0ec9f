/*
 * perfwarden check: measure, compare with the base in the way that is asked for or can be had,
 * report, exit with the verdict.
 *
 * The base is searched for before anything is measured, so that a wrong revision costs no time.
 */
#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "measure.h"
#include "outputs.h"
#include "perfwarden/util/clock.h"

static const char *environment_variable(const char *name)
{
    return getenv(name);
}

static void release(struct pw_check *check)
{
    pw_comparison_release(&check->comparison);
    pw_result_release(&check->head);
    pw_store_search_release(&check->search);
    pw_check_release_anchor(check);
    pw_strbuf_release(&check->config_text);
    pw_agreements_release(&check->agreements);
    pw_acceptances_release(&check->agreed);
    pw_acceptances_release(&check->agreed_pairs);
    pw_acceptances_release(&check->past);
    pw_arena_release(&check->arena);
    pw_project_release(&check->project);
}

/* A root commit and a shallow clone have no base: that is no failure, but every row will say why.
 */
static int find_base(struct pw_check *check, struct pw_error *err)
{
    const struct pw_arguments *arguments = check->arguments;
    /* What uncommitted changes cost is seen against the commit that they are to be added to. */
    const bool is_worktree = arguments->head != NULL && strcmp(arguments->head, "worktree") == 0;
    const char *revision = arguments->base == NULL && is_worktree ? "HEAD" : arguments->base;
    int status = pw_check_deepen_to_base(check, revision, err);
    if (status != PW_OK) {
        return status;
    }
    status = pw_git_find_base(check->project.git, revision, environment_variable, &check->arena,
                              &check->base, err);
    if (status == PW_OK) {
        check->has_base = true;
        if (revision != arguments->base) {
            check->base.reason = "HEAD, which the uncommitted changes start from";
        }
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

/* What the words of the command line say together. */
static int choose_mode(struct pw_check *check, struct pw_error *err)
{
    static const char *const names[] = {
        [PW_CHECK_AUTO] = "auto", [PW_CHECK_STORED] = "stored", [PW_CHECK_PAIRED] = "paired"};
    const struct pw_arguments *arguments = check->arguments;
    for (size_t i = 0; arguments->mode != NULL && i < PW_COUNT(names); i++) {
        if (strcmp(arguments->mode, names[i]) == 0) {
            check->mode = (enum pw_check_mode)i;
        }
    }
    if (arguments->head == NULL) {
        return PW_OK;
    }
    if (check->mode == PW_CHECK_STORED) {
        return pw_error_set(err, PW_EUSAGE,
                            "'--head %s' needs pairs, which --mode stored does not make",
                            arguments->head);
    }
    if (arguments->base == NULL && strcmp(arguments->head, "worktree") != 0) {
        return pw_error_set(err, PW_EUSAGE,
                            "'--head %s' does not say what to compare it with; pass --base REV too",
                            arguments->head);
    }
    check->mode = PW_CHECK_PAIRED;
    return PW_OK;
}

static int prepare(struct pw_check *check, struct pw_error *err)
{
    int status = pw_outputs_check(check->arguments, &check->project.config.report, err);
    if (status == PW_OK) {
        status = choose_mode(check, err);
    }
    if (status == PW_OK) {
        status = pw_check_choose_shard(check, err);
    }
    if (status == PW_OK) {
        status = pw_project_open_git(&check->project, err);
    }
    if (status == PW_OK) {
        status = find_base(check, err);
    }
    if (status == PW_OK && check->mode != PW_CHECK_STORED) {
        status = pw_check_find_head(check, err);
    }
    if (status == PW_OK && check->mode == PW_CHECK_PAIRED) {
        status = pw_check_use_head_config(check, err);
    }
    if (status == PW_OK) {
        status = pw_check_read_accepted(check, err);
    }
    if (status == PW_OK) {
        status = pw_measure_begin(&check->project, &check->head, err);
    }
    /* How long benchmarks take, which shards are cut by, stands in the baselines too. */
    if (status == PW_OK && (check->mode != PW_CHECK_PAIRED || check->shard.count > 0)) {
        status = pw_check_fetch_baselines(check, err);
    }
    if (status == PW_OK && check->mode != PW_CHECK_PAIRED) {
        status = pw_check_find_sessions(check, err);
    }
    if (status == PW_OK && check->mode != PW_CHECK_PAIRED) {
        status = pw_check_deepen_to_sessions(check, err);
    }
    if (status == PW_OK) {
        status = pw_check_find_anchor(check, err);
    }
    if (status == PW_OK) {
        status = pw_check_cut_suite(check, err);
    }
    return status;
}

int pw_check_warn(struct pw_check *check, struct pw_error *err, const char *format, ...)
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

static int warn_about_changes(struct pw_check *check, struct pw_error *err)
{
    if (!check->project.head.is_dirty || check->arguments->head != NULL) {
        return PW_OK;
    }
    if (check->mode == PW_CHECK_PAIRED) {
        return pw_check_warn(check, err,
                             "the work tree has uncommitted changes%s, which were not measured; "
                             "commit them, or pass --head worktree",
                             check->has_other_config ? ", to the configuration too" : "");
    }
    return pw_check_warn(
        check, err,
        "the work tree has uncommitted changes, which were measured as part of %.12s; commit "
        "them, or pass --head worktree to compare them with the commit alone",
        check->head.commit);
}

static int add_warnings(struct pw_check *check, struct pw_error *err)
{
    int status = warn_about_changes(check, err);
    if (status == PW_OK && check->fetch_failure != NULL) {
        status = pw_check_warn(check, err, "%s", check->fetch_failure);
    }
    if (status == PW_OK) {
        status = pw_check_warn_about_sessions(check, err);
    }
    if (status == PW_OK) {
        status = pw_check_warn_about_messages(check, err);
    }
    if (status == PW_OK && check->is_interrupted) {
        status =
            pw_check_warn(check, err, "interrupted: only what was measured until then is reported");
    }
    if (status == PW_OK && check->failure != NULL) {
        status = pw_check_warn(check, err, "%s; only what was measured until then is reported",
                               check->failure);
        pw_comparison_escalate(&check->comparison, PW_EXIT_INTERNAL);
    }
    return status;
}

int pw_check_note_failure(struct pw_check *check, struct pw_error *err)
{
    check->failure = pw_arena_strdup(&check->arena, pw_error_message(err));
    if (check->failure == NULL) {
        return err->status;
    }
    pw_cli_print_error(check->cli, err);
    pw_error_release(err);
    return PW_OK;
}

/* Whether stored sessions have nothing to say, and pairs can say it. */
static bool starts_with_pairs(const struct pw_check *check)
{
    const struct pw_baseline_config *baseline = &check->project.config.baseline;
    const bool is_elsewhere = check->search.nearest_other_environment != NULL;
    return check->has_base && check->search.session_count == 0 &&
           check->project.config.build.count > 0 &&
           (!is_elsewhere || baseline->on_environment_mismatch == PW_POLICY_REMEASURE);
}

/* "in pairs because there is no baseline in '…' for 1234567 or its ancestors" */
static int explain_pairs(struct pw_check *check, struct pw_error *err)
{
    struct pw_strbuf text = PW_STRBUF_INIT;
    pw_strbuf_puts(&text, "in pairs because there is ");
    pw_strbuf_append(&text, check->no_baseline, strcspn(check->no_baseline, ";"));
    int status = pw_strbuf_check(&text, err);
    if (status == PW_OK) {
        status = pw_comparison_explain_mode(&check->comparison, pw_strbuf_text(&text), err);
    }
    pw_strbuf_release(&text);
    return status;
}

static int compare_somehow(struct pw_check *check, struct pw_error *err)
{
    if (starts_with_pairs(check)) {
        const int paired = pw_check_pairs(check, err);
        return paired == PW_OK ? explain_pairs(check, err) : paired;
    }
    int status = pw_check_stored(check, err);
    if (status == PW_OK && check->has_base && check->project.config.build.count > 0 &&
        check->search.session_count > 0 && !check->is_interrupted && check->failure == NULL) {
        status = pw_check_confirm(check, err);
    }
    return status;
}

static int compare(struct pw_check *check, struct pw_error *err)
{
    static int (*const ways[])(struct pw_check *, struct pw_error *) = {
        [PW_CHECK_AUTO] = compare_somehow,
        [PW_CHECK_STORED] = pw_check_stored,
        [PW_CHECK_PAIRED] = pw_check_pairs,
    };
    check->started_ns = pw_clock_monotonic_ns();
    int status = ways[check->mode](check, err);
    if (status == PW_OK && !check->is_interrupted && check->failure == NULL) {
        status = pw_check_anchor(check, err);
    }
    if (status == PW_OK) {
        status = add_warnings(check, err);
    }
    if (status == PW_OK) {
        status = pw_project_place_config(&check->project, &check->comparison, err);
    }
    if (status == PW_OK && check->is_interrupted) {
        pw_comparison_escalate(&check->comparison, pw_measure_signal_code(check->cli));
    }
    return status;
}

static int print_plan(const struct pw_check *check)
{
    struct pw_cli *cli = check->cli;
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
    if (check->fetch_failure != NULL) {
        pw_cli_print_warning(cli, check->fetch_failure);
    }
    pw_strbuf_clear(&line);
    pw_strbuf_clear(&escaped);
    pw_check_describe_anchor(check, &line);
    if (line.length > 0) {
        pw_escape_terminal(&escaped, pw_strbuf_text(&line));
        fprintf(cli->out, "%s\n", pw_strbuf_text(&escaped));
    }
    if (check->no_baseline != NULL) {
        pw_cli_print_warning(cli, check->no_baseline);
    }
    for (size_t i = 0; i < search->damage_count; i++) {
        pw_strbuf_clear(&line);
        pw_check_put_damage(&line, &search->damage[i]);
        pw_cli_print_warning(cli, pw_strbuf_text(&line));
    }
    pw_strbuf_release(&escaped);
    pw_strbuf_release(&line);
    return pw_exit_worst(pw_measure_print_plan(cli, check->arguments, &check->project),
                         search->damage_count > 0 ? PW_EXIT_INTERNAL : PW_EXIT_PASS);
}

int pw_cmd_check(struct pw_cli *cli, const struct pw_arguments *arguments)
{
    struct pw_check check = {.cli = cli, .arguments = arguments};
    struct pw_error err = PW_ERROR_INIT;
    int code = pw_project_load_config(cli, arguments, PW_REQUIRED, &check.project);
    if (code != PW_EXIT_PASS) {
        goto out;
    }
    if (prepare(&check, &err) != PW_OK) {
        const bool is_interrupted = err.status == PW_EINTERRUPTED;
        code = pw_cli_fail(cli, &err);
        code = is_interrupted ? pw_measure_signal_code(cli) : code;
        goto out;
    }
    if (arguments->is_dry_run) {
        code = print_plan(&check);
        goto out;
    }
    if (compare(&check, &err) != PW_OK) {
        code = err.status == PW_EINTERRUPTED ? pw_measure_signal_code(cli) : PW_EXIT_PASS;
        code = pw_exit_worst(code, pw_cli_fail(cli, &err));
        goto out;
    }
    const struct pw_subject subject = {.comparison = &check.comparison};
    code = pw_outputs_write(cli, arguments, &check.project.config.report, subject);
    code = pw_exit_worst(code, check.comparison.exit_code);
out:
    release(&check);
    return code;
}

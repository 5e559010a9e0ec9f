/* Measuring in pairs, with the gate asked before each of them. */
#include "paired.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "measure.h"
#include "pair_progress.h"
#include "paired_sides.h"
#include "paired_warnings.h"
#include "perfwarden/util/clock.h"
#include "show_output.h"

/* One paired measurement under way. */
struct session {
    struct pw_cli *cli;
    const struct pw_arguments *arguments;
    const struct pw_project *project;
    const struct pw_paired_request *request;
    struct pw_paired_sides sides;
    struct pw_gate_options gate_options;
    struct pw_gate_pairs *gate;
    struct pw_paired out;
    size_t missing;             /* benchmarks of the base that head has not */
    struct pw_strbuf base_file; /* where the results are kept; empty for nowhere */
    struct pw_strbuf head_file;
};

static const struct pw_config *head_config(const struct session *session)
{
    return &session->sides.configs[PW_PAIRED_HEAD];
}

static int begin_gate(struct session *session, struct pw_error *err)
{
    session->gate_options = (struct pw_gate_options){
        .config = head_config(session),
        .fail_on = session->arguments->fail_on,
        .decided_elsewhere = session->request->decided_elsewhere,
        .runs_min = session->arguments->runs_min,
        .is_anchor = session->request->is_anchor,
        .acceptances = session->request->acceptances,
        .is_part = session->request->wanted != NULL || session->arguments->filters.count > 0,
    };
    return pw_gate_pairs_begin(&session->gate_options, &session->sides.results[PW_PAIRED_BASE],
                               &session->sides.results[PW_PAIRED_HEAD], &session->gate, err);
}

/* Whether it is held to a ceiling, which it may break though nothing changed. */
static bool has_limit(const struct pw_benchmark *benchmark)
{
    for (size_t i = 0; i < benchmark->threshold_count; i++) {
        if (!isnan(benchmark->thresholds[i].limit)) {
            return true;
        }
    }
    return false;
}

/* Whether the base has a benchmark, be it under a former name. */
static bool is_declared(const struct pw_config *declared, const struct pw_benchmark *benchmark)
{
    bool is_found = pw_config_find(declared, benchmark->id) != NULL;
    for (size_t i = 0; !is_found && i < benchmark->renamed_from.count; i++) {
        is_found = pw_config_find(declared, benchmark->renamed_from.items[i]) != NULL;
    }
    return is_found;
}

/* Why no pair of this benchmark is needed, where none is. */
static int exempt_one(struct session *session, size_t index, struct pw_error *err)
{
    const struct pw_benchmark *head = &session->sides.configs[PW_PAIRED_HEAD].benchmarks[index];
    const struct pw_benchmark *base = &session->sides.configs[PW_PAIRED_BASE].benchmarks[index];
    bool is_identical = false;
    const char *what = NULL;
    if (session->sides.has_declared && !is_declared(&session->sides.declared, head)) {
        return pw_gate_pairs_exempt(session->gate, head->id, PW_VERDICT_NO_BASELINE, NULL,
                                    "new benchmark: the base's configuration has none of this id",
                                    err);
    }
    if (session->arguments->runs_identical || has_limit(head)) {
        return PW_OK;
    }
    const int status = pw_build_is_identical(&session->sides.builds[PW_PAIRED_BASE], base,
                                             &session->sides.builds[PW_PAIRED_HEAD], head,
                                             &session->sides.arena, &is_identical, &what, err);
    if (status != PW_OK || !is_identical) {
        return status;
    }
    return pw_gate_pairs_exempt(session->gate, head->id, PW_VERDICT_PASS, "identical", what, err);
}

/* What the base declares and head does not. */
static int exempt_missing(struct session *session, struct pw_error *err)
{
    const struct pw_config *declared = &session->sides.declared;
    const struct pw_arguments *arguments = session->arguments;
    int status = PW_OK;
    if (!session->sides.has_declared || session->request->wanted != NULL) {
        return PW_OK;
    }
    for (size_t i = 0; status == PW_OK && i < declared->benchmark_count; i++) {
        const struct pw_benchmark *benchmark = &declared->benchmarks[i];
        if (pw_benchmark_is_selected(benchmark, arguments->filters.items,
                                     arguments->filters.count) &&
            pw_config_find(&session->project->config, benchmark->id) == NULL &&
            pw_config_find_renamed(&session->project->config, benchmark->id) == NULL) {
            status = pw_gate_pairs_exempt(session->gate, benchmark->id, PW_VERDICT_MISSING, NULL,
                                          "the base has this benchmark, the head has not", err);
            session->missing++;
        }
    }
    return status;
}

static int exempt(struct session *session, struct pw_error *err)
{
    int status = PW_OK;
    for (size_t i = 0; status == PW_OK && i < head_config(session)->benchmark_count; i++) {
        status = exempt_one(session, i, err);
    }
    return status == PW_OK ? exempt_missing(session, err) : status;
}

static int wants_pair(void *judge, const struct pw_benchmark *benchmark, bool *wanted,
                      struct pw_error *err)
{
    const struct session *session = judge;
    return pw_gate_pairs_want(session->gate, benchmark->id, wanted, err);
}

static int save(void *context, const struct pw_result *result, struct pw_error *err)
{
    const struct session *session = context;
    (void)result; /* head's; both are saved */
    int status = pw_result_save(&session->sides.results[PW_PAIRED_BASE],
                                pw_strbuf_text(&session->base_file), err);
    if (status == PW_OK) {
        status = pw_result_save(&session->sides.results[PW_PAIRED_HEAD],
                                pw_strbuf_text(&session->head_file), err);
    }
    return status;
}

/* Where --results DIR puts the two results. */
static int choose_files(struct session *session, struct pw_error *err)
{
    const char *directory = session->arguments->results;
    if (directory == NULL) {
        return PW_OK;
    }
    int status = pw_make_directories(directory, err);
    const bool is_anchor = session->request->is_anchor;
    pw_path_join(&session->base_file, directory, is_anchor ? "anchor.json" : "base.json");
    pw_path_join(&session->head_file, directory, is_anchor ? "anchor-head.json" : "head.json");
    if (status == PW_OK) {
        status = pw_strbuf_check(&session->base_file, err);
    }
    return status == PW_OK ? pw_strbuf_check(&session->head_file, err) : status;
}

static uint64_t seed_of(const struct pw_arguments *arguments)
{
    return arguments->has_seed ? arguments->seed
                               : pw_clock_monotonic_ns() ^ ((uint64_t)getpid() << 40);
}

static int run_pairs(struct session *session, struct pw_error *err)
{
    struct pw_cli *cli = session->cli;
    const struct pw_arguments *arguments = session->arguments;
    struct pw_pair_progress progress;
    struct pw_show_output show = {0};
    const struct pw_pair_watched watched = {head_config(session), session->gate,
                                            session->request->budget_ns};
    int status = pw_pair_progress_init(&progress, cli->err, arguments, &watched, err);
    if (status != PW_OK) {
        return status;
    }
    struct pw_pair_options options = {
        .run = {.runs_min = arguments->runs_min,
                .runs_max = arguments->runs_max,
                .budget_ns = session->request->budget_ns,
                .machine_root = "",
                .observer = &progress.observer,
                .interrupted = cli->interrupted},
        .seed = seed_of(arguments),
        .wants_pair = wants_pair,
        .judge = session,
    };
    if (session->base_file.length > 0) {
        options.run.save = save;
        options.run.save_context = session;
    }
    if (arguments->shows_output) {
        options.run.output_seen = pw_show_output_seen;
        options.run.output_context = &show;
        status = pw_show_output_init(&show, cli->err, err);
    }
    if (status == PW_OK) {
        const struct pw_pair_side base = {&session->sides.configs[PW_PAIRED_BASE],
                                          &session->sides.results[PW_PAIRED_BASE]};
        const struct pw_pair_side head = {&session->sides.configs[PW_PAIRED_HEAD],
                                          &session->sides.results[PW_PAIRED_HEAD]};
        status = pw_run_pairs(&base, &head, &options, cli->executor, err);
    }
    pw_show_output_finish(&show);
    pw_pair_progress_finish(&progress);
    return status;
}

/* What was measured before the end is worth a report. */
static int take_early_end(struct session *session, int status, struct pw_error *err)
{
    if (status == PW_EINTERRUPTED) {
        session->out.is_interrupted = true;
        pw_error_release(err);
        return PW_OK;
    }
    if (status != PW_OK && status != PW_ENOMEM &&
        session->sides.results[PW_PAIRED_HEAD].benchmark_count > 0) {
        session->out.failure = strdup(pw_error_message(err));
        if (session->out.failure != NULL) {
            pw_error_release(err);
            return PW_OK;
        }
    }
    return status;
}

static int measure(struct session *session, struct pw_error *err)
{
    const struct pw_arguments *arguments = session->arguments;
    if (head_config(session)->benchmark_count == 0 && session->missing == 0 &&
        arguments->filters.count > 0) {
        return pw_error_set(err, PW_EUSAGE, "no benchmark of '%s' matches '%s'%s",
                            session->project->config.path, arguments->filters.items[0],
                            arguments->filters.count > 1 ? " or the other filters" : "");
    }
    if (head_config(session)->benchmark_count == 0) {
        return PW_OK; /* all that is left to say is what vanished */
    }
    pw_paired_warn_about_few(session->cli, arguments, head_config(session));
    return take_early_end(session, run_pairs(session, err), err);
}

static void describe(const struct session *session, struct pw_side sides[PW_PAIRED_SIDES])
{
    for (int side = 0; side < PW_PAIRED_SIDES; side++) {
        const struct pw_result *result = &session->sides.results[side];
        sides[side] = (struct pw_side){
            .commit = result->commit,
            .branch = result->branch,
            .environment_id = result->environment.id,
            .started_at = result->started_at,
            .run_id = result->run_id,
            .is_dirty = result->is_dirty,
            .sessions = 1,
        };
    }
    sides[PW_PAIRED_BASE].reason = session->request->base->reason;
    sides[PW_PAIRED_HEAD].reason = session->request->head_label;
}

/* A program that is installed, and not built, is compared with itself. */
static int warn_about_outsiders(struct session *session, struct pw_error *err)
{
    const struct pw_config *config = head_config(session);
    int status = PW_OK;
    for (size_t i = 0; status == PW_OK && i < config->benchmark_count; i++) {
        const struct pw_benchmark *benchmark = &config->benchmarks[i];
        if (session->sides.is_built[PW_PAIRED_HEAD] &&
            !pw_build_is_inside(&session->sides.builds[PW_PAIRED_HEAD], benchmark)) {
            struct pw_strbuf text = PW_STRBUF_INIT;
            pw_strbuf_printf(&text,
                             "benchmark '%s' runs nothing of the tree that was built ('%s'): base "
                             "and head may be one and the same program; name it by a path in the "
                             "tree",
                             benchmark->id, benchmark->command.items[0]);
            status = pw_comparison_warn(&session->out.comparison, pw_strbuf_text(&text), err);
            pw_strbuf_release(&text);
        }
    }
    return status;
}

static int finish(struct session *session, struct pw_error *err)
{
    struct pw_side sides[PW_PAIRED_SIDES];
    describe(session, sides);
    int status = pw_gate_pairs_finish(session->gate, &sides[PW_PAIRED_BASE], &sides[PW_PAIRED_HEAD],
                                      &session->out.comparison, err);
    if (status == PW_OK && !session->out.is_interrupted && session->out.failure == NULL) {
        status =
            pw_paired_warn_about_budget(session->arguments, head_config(session),
                                        session->request->budget_ns, &session->out.comparison, err);
    }
    return status == PW_OK ? warn_about_outsiders(session, err) : status;
}

/* Without a build nothing can be measured: every benchmark is an error with its reason. */
static int fail_all(struct session *session, struct pw_error *err)
{
    struct pw_config *config = &session->sides.configs[PW_PAIRED_HEAD];
    /* The base is built first. */
    const bool is_anchors = session->request->is_anchor && !session->sides.is_built[PW_PAIRED_BASE];
    const enum pw_verdict verdict = is_anchors ? PW_VERDICT_NO_BASELINE : PW_VERDICT_ERROR;
    struct pw_strbuf reason = PW_STRBUF_INIT;
    pw_strbuf_puts(&reason, pw_error_message(err));
    pw_error_release(err);
    int status = pw_strbuf_check(&reason, err);
    if (status == PW_OK) {
        status = pw_paired_select(session->arguments, session->request, &session->project->config,
                                  &session->sides.arena, config, err);
    }
    if (status == PW_OK) {
        status = begin_gate(session, err);
    }
    for (size_t i = 0; status == PW_OK && i < config->benchmark_count; i++) {
        status = pw_gate_pairs_exempt(session->gate, config->benchmarks[i].id, verdict, NULL,
                                      pw_strbuf_text(&reason), err);
    }
    pw_strbuf_release(&reason);
    return status == PW_OK ? finish(session, err) : status;
}

static int run(struct session *session, struct pw_error *err)
{
    int status = choose_files(session, err);
    if (status == PW_OK) {
        status = pw_paired_sides_prepare(session->cli, session->arguments, session->project,
                                         session->request, &session->sides, err);
        if (status == PW_EBUILD) {
            pw_cli_print_error(session->cli, err);
            return fail_all(session, err);
        }
    }
    if (status == PW_OK) {
        status = begin_gate(session, err);
    }
    if (status == PW_OK) {
        status = exempt(session, err);
    }
    if (status == PW_OK) {
        status = measure(session, err);
    }
    return status == PW_OK ? finish(session, err) : status;
}

int pw_paired_run(struct pw_cli *cli, const struct pw_arguments *arguments,
                  const struct pw_project *project, const struct pw_paired_request *request,
                  struct pw_paired *out, struct pw_error *err)
{
    struct session session = {
        .cli = cli, .arguments = arguments, .project = project, .request = request};
    if (cli->executor == NULL) {
        return pw_error_set(err, PW_EIO, "the launcher process could not be started");
    }
    const int status = run(&session, err);
    pw_gate_pairs_free(session.gate);
    if (status == PW_OK) {
        *out = session.out;
    } else {
        pw_paired_release(&session.out);
    }
    pw_strbuf_release(&session.base_file);
    pw_strbuf_release(&session.head_file);
    pw_paired_sides_release(&session.sides);
    return status;
}

void pw_paired_release(struct pw_paired *paired)
{
    pw_comparison_release(&paired->comparison);
    free(paired->failure);
    *paired = (struct pw_paired){0};
}

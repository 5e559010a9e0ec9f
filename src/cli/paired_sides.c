/* From two commits to two trees that can be measured. Measures and decides nothing. */
#include "paired_sides.h"

#include <string.h>

#include "measure.h"
#include "perfwarden/util/file.h"
#include "shard.h"
#include "shell_choice.h"
#include "show_output.h"

/* Larger than any configuration that is read. */
#define CONFIG_MAX_BYTES ((size_t)1 << 20)

const char *pw_paired_side_name(enum pw_paired_side side)
{
    static const char *const names[PW_PAIRED_SIDES] = {"base", "head"};
    return names[side];
}

/* A build takes its time: say what is going on, where progress is wanted. */
static void step_started(void *context, const char *side, const char *step)
{
    struct pw_cli *cli = context;
    struct pw_strbuf line = PW_STRBUF_INIT;
    pw_strbuf_printf(&line, "%s: ", side);
    pw_escape_terminal(&line, step);
    fprintf(cli->err, "%s\n", pw_strbuf_text(&line));
    fflush(cli->err);
    pw_strbuf_release(&line);
}

static void output_seen(void *context, int fd, const char *data, size_t length)
{
    static const struct pw_benchmark build = {.id = "build"};
    pw_show_output_seen(context, &build, fd, data, length);
}

static int build(struct pw_cli *cli, const struct pw_arguments *arguments,
                 const struct pw_project *project, const struct pw_paired_request *request,
                 struct pw_paired_sides *sides, struct pw_error *err)
{
    const char *commits[PW_PAIRED_SIDES] = {request->base->commit, request->head_commit};
    struct pw_show_output show = {0};
    struct pw_build_options options = {
        .is_rebuild = arguments->is_rebuild,
        .interrupted = cli->interrupted,
    };
    int status = PW_OK;
    if (!arguments->is_quiet && arguments->progress != PW_WHEN_NEVER) {
        options.step_started = step_started;
        options.context = cli;
    }
    if (arguments->shows_output) {
        options.output_seen = output_seen;
        options.output_context = &show;
        status = pw_show_output_init(&show, cli->err, err);
    }
    for (int side = 0; status == PW_OK && side < PW_PAIRED_SIDES; side++) {
        options.label = request->is_anchor && side == PW_PAIRED_BASE ? "anchor" : NULL;
        status = pw_build_revision(project->git, cli->executor,
                                   pw_paired_side_name((enum pw_paired_side)side), commits[side],
                                   &project->config, &options, &sides->builds[side], err);
        sides->is_built[side] = status == PW_OK;
    }
    pw_show_output_finish(&show);
    return status;
}

static int first_mistake(struct pw_diagnostics *mistakes, struct pw_error *err)
{
    int status = PW_ENOMEM;
    if (mistakes->count > 0) {
        status = (int)mistakes->items[0].status;
        pw_error_move(err, &mistakes->items[0]);
    }
    return status;
}

/* Head's configuration, with everything relative in it starting in this side's tree. */
static int parse(const struct pw_project *project, const struct pw_strbuf *text,
                 const struct pw_build *built, struct pw_config *out, struct pw_error *err)
{
    struct pw_diagnostics mistakes = {0};
    int status = pw_config_parse(pw_strbuf_text(text), text->length, project->config.path,
                                 built->directory, out, &mistakes);
    if (status != PW_OK) {
        status = first_mistake(&mistakes, err);
    }
    pw_diagnostics_release(&mistakes);
    return status;
}

static bool is_wanted(const struct pw_arguments *arguments, const struct pw_paired_request *request,
                      const struct pw_config *config, size_t index)
{
    return request->wanted != NULL
               ? request->wanted[index]
               : pw_benchmark_is_selected(&config->benchmarks[index], arguments->filters.items,
                                          arguments->filters.count);
}

int pw_paired_select(const struct pw_arguments *arguments, const struct pw_paired_request *request,
                     const struct pw_config *parsed, struct pw_arena *arena, struct pw_config *out,
                     struct pw_error *err)
{
    struct pw_config config = *parsed;
    struct pw_benchmark *chosen =
        pw_arena_array(arena, parsed->benchmark_count + 1, sizeof(*chosen));
    if (chosen == NULL) {
        return pw_error_set_no_memory(err);
    }
    config.benchmark_count = 0;
    for (size_t i = 0; i < parsed->benchmark_count; i++) {
        if (is_wanted(arguments, request, parsed, i)) {
            chosen[config.benchmark_count++] = parsed->benchmarks[i];
        }
    }
    config.benchmarks = chosen;
    int status = pw_shell_choice_apply(arguments, arena, &config, err);
    if (status == PW_OK && request->is_anchor) {
        status = pw_gate_anchor_config(&config, arena, &config, err);
    }
    if (status == PW_OK) {
        *out = config;
    }
    return status;
}

static int configure(const struct pw_arguments *arguments, const struct pw_project *project,
                     const struct pw_paired_request *request, struct pw_paired_sides *sides,
                     struct pw_error *err)
{
    struct pw_strbuf read = PW_STRBUF_INIT;
    const struct pw_strbuf *text = request->config_text != NULL ? request->config_text : &read;
    int status = PW_OK;
    if (text == &read) {
        status = pw_file_read(project->config.path, CONFIG_MAX_BYTES, &read, err);
    }
    for (int side = 0; status == PW_OK && side < PW_PAIRED_SIDES; side++) {
        status = parse(project, text, &sides->builds[side], &sides->parsed[side], err);
        sides->is_parsed[side] = status == PW_OK;
        if (status == PW_OK && project->shard != NULL) {
            status = pw_shard_mark_like(&project->config, &sides->parsed[side], err);
        }
        if (status == PW_OK) {
            status = pw_paired_select(arguments, request, &sides->parsed[side], &sides->arena,
                                      &sides->configs[side], err);
        }
    }
    pw_strbuf_release(&read);
    return status;
}

/* What the base declares itself, to tell a new benchmark from a broken one. Older configurations
 * may have mistakes by today's rules: then nothing is known. */
static void read_declared(const struct pw_project *project, struct pw_paired_sides *sides)
{
    const char *slash = strrchr(project->config.path, '/');
    const char *name = slash == NULL ? project->config.path : slash + 1;
    struct pw_strbuf path = PW_STRBUF_INIT;
    struct pw_diagnostics mistakes = {0};
    pw_path_join(&path, sides->builds[PW_PAIRED_BASE].directory, name);
    sides->has_declared =
        !pw_strbuf_failed(&path) &&
        pw_config_load(pw_strbuf_text(&path), &sides->declared, &mistakes) == PW_OK;
    pw_diagnostics_release(&mistakes);
    pw_strbuf_release(&path);
}

static int begin_result(const struct pw_project *project, const struct pw_paired_request *request,
                        enum pw_paired_side side, struct pw_result *out, struct pw_error *err)
{
    const bool is_base = side == PW_PAIRED_BASE;
    const int status = pw_measure_begin(project, out, err);
    if (status != PW_OK) {
        return status;
    }
    const char *commit = is_base                       ? request->base->commit
                         : request->head_label != NULL ? project->head.commit
                                                       : request->head_commit;
    const bool is_head = strcmp(commit, project->head.commit) == 0;
    out->commit = pw_arena_strdup(&out->arena, commit);
    out->is_dirty = !is_base && request->head_label != NULL;
    if (!is_head) {
        out->branch = NULL;
        out->parent_count = 0;
    }
    return out->commit == NULL ? pw_error_set_no_memory(err) : PW_OK;
}

int pw_paired_sides_prepare(struct pw_cli *cli, const struct pw_arguments *arguments,
                            const struct pw_project *project,
                            const struct pw_paired_request *request, struct pw_paired_sides *sides,
                            struct pw_error *err)
{
    int status = PW_OK;
    for (int side = 0; status == PW_OK && side < PW_PAIRED_SIDES; side++) {
        status =
            begin_result(project, request, (enum pw_paired_side)side, &sides->results[side], err);
    }
    if (status == PW_OK) {
        status = build(cli, arguments, project, request, sides, err);
    }
    if (status == PW_OK) {
        status = configure(arguments, project, request, sides, err);
    }
    if (status == PW_OK) {
        read_declared(project, sides);
    }
    return status;
}

void pw_paired_sides_release(struct pw_paired_sides *sides)
{
    for (int side = 0; side < PW_PAIRED_SIDES; side++) {
        pw_result_release(&sides->results[side]);
        if (sides->is_parsed[side]) {
            pw_config_release(&sides->parsed[side]);
        }
        if (sides->is_built[side]) {
            pw_build_release(&sides->builds[side]);
        }
    }
    if (sides->has_declared) {
        pw_config_release(&sides->declared);
    }
    pw_arena_release(&sides->arena);
    *sides = (struct pw_paired_sides){0};
}

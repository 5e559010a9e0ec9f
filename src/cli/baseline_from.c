/* perfwarden baseline update --from: store results that were measured before, or elsewhere. */
#include "baseline.h"

#include <string.h>

static int check_line(const struct pw_arguments *arguments, struct pw_error *err)
{
    const struct {
        bool is_given;
        const char *option;
    } measuring[] = {
        {arguments->filters.count > 0, "--filter"}, {arguments->runs_min > 0, "--runs"},
        {arguments->budget_ns > 0, "--budget"},     {arguments->shell != NULL, "--shell"},
        {arguments->shows_output, "--show-output"},
    };
    for (size_t i = 0; i < PW_COUNT(measuring); i++) {
        if (measuring[i].is_given) {
            return pw_error_set(err, PW_EUSAGE,
                                "option '%s' says how to measure, and '--from' measures nothing",
                                measuring[i].option);
        }
    }
    return PW_OK;
}

static bool has_measured(const struct pw_result *result)
{
    for (size_t i = 0; i < result->benchmark_count; i++) {
        if (result->benchmarks[i].status == PW_MEASURED_OK) {
            return true;
        }
    }
    return false;
}

static int check_result(const struct pw_arguments *arguments, const char *name,
                        const struct pw_result *result, struct pw_error *err)
{
    if (result->shard != NULL) {
        return pw_error_set(err, PW_EUSAGE,
                            "'%s' is shard %u of %u, which is no baseline; join all shards with "
                            "'perfwarden merge -o FILE', and store that",
                            name, result->shard->index, result->shard->count);
    }
    if (result->commit == NULL) {
        return pw_error_set(err, PW_EUSAGE,
                            "'%s' has no commit, so it cannot be a baseline; measure inside a git "
                            "repository",
                            name);
    }
    if (result->is_dirty && !arguments->is_force_dirty) {
        return pw_error_set(err, PW_EUSAGE,
                            "'%s' was measured with uncommitted changes, so it is not commit "
                            "'%.12s'; measure the commit, or pass --force-dirty",
                            name, result->commit);
    }
    if (!has_measured(result)) {
        return pw_error_set(err, PW_EBUILD,
                            "nothing was stored: no benchmark of '%s' could be measured", name);
    }
    return PW_OK;
}

static int read_text(const char *path, const char *name, struct pw_strbuf *text,
                     struct pw_error *err)
{
    struct pw_error failure = PW_ERROR_INIT;
    int status = pw_file_read(path, PW_RESULT_MAX_BYTES, text, &failure);
    if (status == PW_ENOTFOUND) {
        status = pw_error_set(err, PW_EUSAGE, "there is no file '%s'", name);
    } else if (status != PW_OK) {
        pw_error_move(err, &failure);
    }
    pw_error_release(&failure);
    return status;
}

static int read_one(const struct pw_arguments *arguments, const char *path,
                    struct pw_import *import, struct pw_error *err)
{
    const bool is_stdin = strcmp(path, "-") == 0;
    const char *name = is_stdin ? "standard input" : path;
    struct pw_strbuf text = PW_STRBUF_INIT;
    struct pw_result result = {0};
    pw_strbuf_init(&text, PW_RESULT_MAX_BYTES + 1);
    int status = read_text(is_stdin ? "/dev/stdin" : path, name, &text, err);
    if (status == PW_OK) {
        status = pw_result_read(pw_strbuf_text(&text), text.length, name, &result, err);
    }
    if (status == PW_OK) {
        status = check_result(arguments, name, &result, err);
    }
    if (status == PW_OK) {
        status = pw_import_add(import, &result, false, name, 0, err);
    }
    pw_result_release(&result);
    pw_strbuf_release(&text);
    return status;
}

static int read_all(const struct pw_arguments *arguments, const struct pw_words *operands,
                    struct pw_import *import, struct pw_error *err)
{
    const struct pw_words *const lists[] = {&arguments->from, operands};
    int status = PW_OK;
    for (size_t i = 0; i < PW_COUNT(lists); i++) {
        for (size_t j = 0; j < lists[i]->count && status == PW_OK; j++) {
            status = read_one(arguments, lists[i]->items[j], import, err);
        }
    }
    return status;
}

static void say(struct pw_cli *cli, struct pw_project *project, const struct pw_import *import,
                const struct pw_store_added *added)
{
    if (added->stored > 0) {
        fprintf(cli->err, "perfwarden: stored %zu result%s in %s\n", added->stored,
                added->stored == 1 ? "" : "s", pw_store_location(project->store));
    }
    if (added->present > 0) {
        fprintf(cli->err, "perfwarden: %zu of %zu %s stored already\n", added->present,
                import->count, added->present == 1 ? "was" : "were");
    }
}

int pw_baseline_update_from(struct pw_cli *cli, const struct pw_arguments *arguments,
                            struct pw_project *project, const struct pw_words *operands)
{
    struct pw_import import = {.interrupted = cli->interrupted};
    struct pw_store_added added = {0};
    struct pw_error err = PW_ERROR_INIT;
    int status = check_line(arguments, &err);
    if (status == PW_OK) {
        status = pw_store_check_writable(project->store, &err);
    }
    if (status == PW_OK) {
        status = read_all(arguments, operands, &import, &err);
    }
    if (status == PW_OK) {
        status = pw_store_add_many(project->store, import.items, import.count, &added, &err);
    }
    if (status == PW_OK) {
        pw_baseline_warn_unknown(cli, project, &import);
    }
    if (status == PW_OK && !arguments->is_quiet) {
        say(cli, project, &import, &added);
    }
    pw_import_release(&import);
    return status == PW_OK ? PW_EXIT_PASS : pw_baseline_fail_store(cli, &err);
}

/* Choosing among what is stored: by names, environment, time, benchmarks, number. */
#include <stdlib.h>
#include <string.h>

#include "baseline.h"
#include "stored.h"

static int newest_first(const void *a, const void *b)
{
    const struct pw_store_entry *left = a;
    const struct pw_store_entry *right = b;
    return strcmp(right->run_id, left->run_id);
}

/* Listings are sorted by path. */
static int compare_paths(const void *a, const void *b)
{
    return strcmp(((const struct pw_store_entry *)a)->path,
                  ((const struct pw_store_entry *)b)->path);
}

/* Two words may name the same result: it is chosen once. */
static int mark_word(struct pw_project *project, struct pw_store_listing *listing, const char *word,
                     const char *environment, bool *is_named, struct pw_error *err)
{
    struct pw_stored_selection selection = {0};
    const int status = pw_stored_select(project, listing, word, environment, &selection, err);
    for (size_t i = 0; status == PW_OK && i < selection.count; i++) {
        const struct pw_store_entry *found =
            bsearch(&selection.entries[i], listing->entries, listing->count,
                    sizeof(*listing->entries), compare_paths);
        if (found != NULL) {
            is_named[found - listing->entries] = true;
        }
    }
    return status;
}

static bool is_of_time(const struct pw_arguments *arguments, const struct pw_store_entry *entry)
{
    const int64_t recorded_s = pw_run_id_wall_s(entry->run_id);
    return (!arguments->has_since || recorded_s >= arguments->since_s) &&
           (!arguments->has_until || recorded_s <= arguments->until_s);
}

static bool has_benchmark(const struct pw_result *result, const struct pw_words *globs)
{
    for (size_t i = 0; i < result->benchmark_count; i++) {
        for (size_t j = 0; j < globs->count; j++) {
            if (pw_glob_match(globs->items[j], result->benchmarks[i].id) ||
                pw_glob_match(globs->items[j], result->benchmarks[i].name)) {
                return true;
            }
        }
    }
    return false;
}

/* Reading stops as soon as there are enough. */
static int filter(struct pw_cli *cli, const struct pw_arguments *arguments,
                  struct pw_project *project, struct pw_baseline_choice *choice)
{
    int code = PW_EXIT_PASS;
    size_t kept = 0;
    for (size_t i = 0; i < choice->count && (arguments->limit == 0 || kept < arguments->limit);
         i++) {
        struct pw_error err = PW_ERROR_INIT;
        struct pw_result result = {0};
        if (pw_store_read(project->store, &choice->entries[i], &result, &err) != PW_OK) {
            code = pw_exit_worst(code, pw_cli_fail(cli, &err));
            continue;
        }
        if (has_benchmark(&result, &arguments->filters)) {
            choice->entries[kept++] = choice->entries[i];
        }
        pw_result_release(&result);
    }
    choice->count = kept;
    return code;
}

static int choose_named(const struct pw_arguments *arguments, struct pw_project *project,
                        const struct pw_words *operands, struct pw_baseline_choice *choice,
                        struct pw_error *err)
{
    struct pw_store_listing *listing = &choice->listing;
    int status = pw_store_list(project->store, listing, err);
    if (status != PW_OK) {
        return status;
    }
    bool *is_named = pw_arena_array(&listing->arena, listing->count + 1, sizeof(*is_named));
    choice->entries = pw_arena_array(&listing->arena, listing->count + 1, sizeof(*choice->entries));
    if (is_named == NULL || choice->entries == NULL) {
        return pw_error_set_no_memory(err);
    }
    const size_t words = operands->count == 0 ? 1 : operands->count;
    for (size_t i = 0; i < words && status == PW_OK; i++) {
        status = mark_word(project, listing, operands->count == 0 ? NULL : operands->items[i],
                           arguments->environment, is_named, err);
    }
    for (size_t i = 0; i < listing->count && status == PW_OK; i++) {
        if (is_named[i] && is_of_time(arguments, &listing->entries[i])) {
            choice->entries[choice->count++] = listing->entries[i];
        }
    }
    if (choice->count > 1) {
        qsort(choice->entries, choice->count, sizeof(*choice->entries), newest_first);
    }
    return status;
}

int pw_baseline_choose(struct pw_cli *cli, const struct pw_arguments *arguments,
                       struct pw_project *project, const struct pw_words *operands,
                       struct pw_baseline_choice *out)
{
    struct pw_error err = PW_ERROR_INIT;
    if (choose_named(arguments, project, operands, out, &err) != PW_OK) {
        out->count = 0;
        return pw_baseline_fail_word(cli, &err);
    }
    if (arguments->filters.count > 0) {
        return filter(cli, arguments, project, out);
    }
    if (arguments->limit > 0 && out->count > arguments->limit) {
        out->count = arguments->limit;
    }
    return PW_EXIT_PASS;
}

void pw_baseline_put_head(struct pw_strbuf *out)
{
    pw_strbuf_puts(out, "COMMIT        RECORDED              ENVIRONMENT   RUN ID");
}

void pw_baseline_put_row(struct pw_strbuf *out, const struct pw_store_entry *entry)
{
    char recorded[PW_TIME_TEXT_SIZE];
    pw_clock_format_utc(pw_run_id_wall_s(entry->run_id), recorded);
    pw_strbuf_printf(out, "%.12s  %s  %s  %s", entry->commit, recorded, entry->environment_id,
                     entry->run_id);
}

void pw_baseline_put_entry(struct pw_json_writer *writer, const struct pw_store_entry *entry)
{
    char recorded[PW_TIME_TEXT_SIZE];
    pw_clock_format_utc(pw_run_id_wall_s(entry->run_id), recorded);
    pw_json_put_string(writer, "commit", entry->commit);
    pw_json_put_string(writer, "recorded_at", recorded);
    pw_json_put_string(writer, "environment", entry->environment_id);
    pw_json_put_string(writer, "run_id", entry->run_id);
    pw_json_put_string(writer, "path", entry->path);
}

/* perfwarden baseline prune: forget what no rule of baseline.keep speaks for. */
#include "baseline.h"

/* What is to be done, and what was decided. */
struct pruning {
    const struct pw_store_listing *listing;
    struct pw_store_entry *removed; /* in the listing's order */
    size_t removed_count;
    size_t kept[PW_KEEP_COUNT_OF]; /* by reason */
};

static int check_rules(const struct pw_keep_config *keep, struct pw_error *err)
{
    if (keep->days > 0 || keep->count > 0 || keep->tags.count > 0 || keep->branches.count > 0) {
        return PW_OK;
    }
    return pw_error_set(err, PW_EUSAGE,
                        "nothing says what to keep; set days, count, tags or branches in "
                        "'baseline.keep' of perfwarden.yml, as in 'keep: {days: 365}'");
}

/* A pattern that matches nothing is right in a young project, and a clone without its tags. */
static void warn_idle(struct pw_cli *cli, const struct pw_keep_config *keep,
                      const struct pw_store_retention *retention)
{
    if (keep->tags.count > 0 && retention->tag_count == 0) {
        pw_cli_print_warning(cli, "no tag of this clone matches 'baseline.keep.tags', so tags keep "
                                  "nothing; 'git fetch --tags' fetches them");
    }
    if (keep->branches.count > 0 && retention->branch_count == 0) {
        pw_cli_print_warning(cli, "no branch of this clone matches 'baseline.keep.branches', so "
                                  "branches keep nothing");
    }
}

static int decide(struct pw_cli *cli, struct pw_project *project, struct pw_store_listing *listing,
                  struct pruning *out, struct pw_error *err)
{
    const struct pw_keep_config *keep = &project->config.baseline.keep;
    struct pw_store_retention retention = {0};
    const int status =
        pw_store_retain(project->store, listing, keep, pw_clock_wall_s(), &retention, err);
    if (status != PW_OK) {
        return status;
    }
    if (listing->count > 0) {
        warn_idle(cli, keep, &retention);
    }
    out->listing = listing;
    out->removed = pw_arena_array(&listing->arena, listing->count + 1, sizeof(*out->removed));
    if (out->removed == NULL) {
        pw_store_retention_release(&retention);
        return pw_error_set_no_memory(err);
    }
    for (size_t i = 0; i < listing->count; i++) {
        if (retention.reasons[i] == PW_KEEP_NOT) {
            out->removed[out->removed_count++] = listing->entries[i];
        } else {
            out->kept[retention.reasons[i]]++;
        }
    }
    pw_store_retention_release(&retention);
    return PW_OK;
}

static void put_json(const struct pruning *pruning, const char *store, bool is_dry_run,
                     struct pw_strbuf *out)
{
    struct pw_json_writer writer;
    pw_json_writer_init(&writer, out);
    pw_json_begin_object(&writer, NULL);
    pw_json_put_string(&writer, "schema", "perfwarden/prune/1");
    pw_json_put_string(&writer, "store", store);
    pw_json_put_bool(&writer, "dry_run", is_dry_run);
    pw_json_begin_compact_object(&writer, "kept");
    pw_json_put_uint64(&writer, "total", pruning->listing->count - pruning->removed_count);
    for (int i = PW_KEEP_NOT + 1; i < PW_KEEP_COUNT_OF; i++) {
        pw_json_put_uint64(&writer, pw_store_keep_name((enum pw_store_keep)i), pruning->kept[i]);
    }
    pw_json_end(&writer);
    pw_json_begin_array(&writer, "removed");
    for (size_t i = 0; i < pruning->removed_count; i++) {
        pw_json_begin_compact_object(&writer, NULL);
        pw_baseline_put_entry(&writer, &pruning->removed[i]);
        pw_json_end(&writer);
    }
    pw_json_end(&writer);
    pw_json_end(&writer);
    pw_json_writer_finish(&writer);
}

/* "kept 3 (2 days, 1 newest)" */
static void put_kept(const struct pruning *pruning, struct pw_strbuf *out)
{
    const char *before = " (";
    pw_strbuf_printf(out, "%zu", pruning->listing->count - pruning->removed_count);
    for (int i = PW_KEEP_NOT + 1; i < PW_KEEP_COUNT_OF; i++) {
        if (pruning->kept[i] > 0) {
            pw_strbuf_printf(out, "%s%s: %zu", before, pw_store_keep_name((enum pw_store_keep)i),
                             pruning->kept[i]);
            before = ", ";
        }
    }
    pw_strbuf_puts(out, before[0] == ',' ? ")" : "");
}

static void put_text(const struct pruning *pruning, bool is_dry_run, struct pw_strbuf *out)
{
    if (pruning->removed_count > 0) {
        pw_baseline_put_head(out);
        pw_strbuf_putc(out, '\n');
    }
    for (size_t i = 0; i < pruning->removed_count; i++) {
        pw_baseline_put_row(out, &pruning->removed[i]);
        pw_strbuf_putc(out, '\n');
    }
    pw_strbuf_printf(out, "%s %zu, %s ", is_dry_run ? "would remove" : "removed",
                     pruning->removed_count, is_dry_run ? "keep" : "kept");
    put_kept(pruning, out);
    pw_strbuf_putc(out, '\n');
}

static int print(struct pw_cli *cli, const struct pw_arguments *arguments,
                 struct pw_project *project, const struct pruning *pruning)
{
    struct pw_strbuf text = PW_STRBUF_INIT;
    struct pw_error err = PW_ERROR_INIT;
    if (arguments->is_json) {
        put_json(pruning, pw_store_location(project->store), arguments->is_dry_run, &text);
    } else if (!arguments->is_quiet) {
        put_text(pruning, arguments->is_dry_run, &text);
    }
    const int status = pw_strbuf_check(&text, &err);
    if (status == PW_OK) {
        fputs(pw_strbuf_text(&text), cli->out);
    }
    pw_strbuf_release(&text);
    if (status != PW_OK) {
        return pw_cli_fail(cli, &err);
    }
    const bool is_git = project->config.baseline.store == PW_STORE_GIT;
    if (is_git && pruning->removed_count > 0 && !arguments->is_dry_run && !arguments->is_quiet) {
        fprintf(cli->err,
                "perfwarden: what was removed stays in the history of %s and so on disk; git gc "
                "frees only what no history has\n",
                project->config.baseline.ref);
    }
    return PW_EXIT_PASS;
}

static int prune(struct pw_cli *cli, const struct pw_arguments *arguments,
                 struct pw_project *project, struct pw_store_listing *listing)
{
    struct pw_error err = PW_ERROR_INIT;
    struct pruning pruning = {0};
    int status = pw_store_list(project->store, listing, &err);
    if (status == PW_OK) {
        status = decide(cli, project, listing, &pruning, &err);
    }
    if (status == PW_OK && !arguments->is_dry_run) {
        status = pw_store_remove(project->store, pruning.removed, pruning.removed_count, &err);
    }
    return status == PW_OK ? print(cli, arguments, project, &pruning)
                           : pw_baseline_fail_store(cli, &err);
}

int pw_baseline_prune(struct pw_cli *cli, const struct pw_arguments *arguments,
                      struct pw_project *project, const struct pw_words *operands)
{
    struct pw_error err = PW_ERROR_INIT;
    int code = pw_baseline_refuse_operands(cli, "prune", operands);
    if (code == PW_EXIT_PASS && check_rules(&project->config.baseline.keep, &err) != PW_OK) {
        code = pw_cli_fail(cli, &err);
    }
    if (code == PW_EXIT_PASS) {
        struct pw_store_listing listing = {0};
        code = prune(cli, arguments, project, &listing);
        pw_store_listing_release(&listing);
    }
    return code;
}

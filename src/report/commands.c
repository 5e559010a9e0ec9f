/*
 * Command lines for people. A word that no one could copy from a rendered page (control characters,
 * extreme length) is never part of one: without its filter a command does more, not something else.
 */
#include "commands.h"

#include <stdbool.h>
#include <string.h>

#include "perfwarden/gate/acceptance.h"
#include "perfwarden/util/escape.h"

#define MOST_FILTERS 10
#define LONGEST_WORD 300

/* Out of memory it is taken for one: what is left out then would not be missed by anybody. */
static bool is_copyable(const char *word)
{
    struct pw_strbuf shown = PW_STRBUF_INIT;
    bool is_same = false;
    if (strlen(word) <= LONGEST_WORD) {
        pw_escape_terminal(&shown, word);
        is_same = pw_strbuf_failed(&shown) || strcmp(pw_strbuf_text(&shown), word) == 0;
    }
    pw_strbuf_release(&shown);
    return is_same;
}

static void put_option(struct pw_strbuf *out, const char *option, const char *value)
{
    pw_strbuf_printf(out, " %s ", option);
    pw_escape_shell(out, value);
}

static void put_config(const struct pw_comparison *comparison, struct pw_strbuf *out)
{
    const char *config = comparison->config;
    if (config != NULL && strcmp(config, PW_CONFIG_DEFAULT_PATH) != 0 && is_copyable(config)) {
        put_option(out, "-c", config);
    }
}

/* A filter is a pattern: what an id has of a pattern's own characters must mean itself. */
static void put_filter(const char *id, struct pw_strbuf *out)
{
    struct pw_strbuf pattern = PW_STRBUF_INIT;
    for (const char *p = id; *p != '\0'; p++) {
        if (strchr("*?[\\", *p) != NULL) {
            pw_strbuf_putc(&pattern, '\\');
        }
        pw_strbuf_putc(&pattern, *p);
    }
    put_option(out, "--filter", pw_strbuf_text(&pattern));
    pw_strbuf_share_failure(out, &pattern);
    pw_strbuf_release(&pattern);
}

/* What a filter selects a row by: values that an adapter found are measured with their process. */
static const char *selected_id(const struct pw_comparison_row *row)
{
    return row->declared != NULL ? row->declared : row->benchmark;
}

/** Ids to select benchmarks by, each once. */
struct filters {
    const char *ids[MOST_FILTERS];
    size_t count;
};

/* @return false when there was no room for it */
static bool add_filter(struct filters *filters, const char *id)
{
    for (size_t i = 0; i < filters->count; i++) {
        if (strcmp(filters->ids[i], id) == 0) {
            return true;
        }
    }
    if (filters->count == MOST_FILTERS) {
        return false;
    }
    filters->ids[filters->count++] = id;
    return true;
}

/* The benchmarks of a group. @return false when there are too many, one that is not there to be
   selected, or one that cannot be copied: then no filter is used at all */
static bool collect_filters(const struct pw_report_rows *rows, enum pw_report_group group,
                            struct filters *filters)
{
    for (size_t i = 0; i < rows->count; i++) {
        const char *id = selected_id(rows->entries[i].row);
        if (rows->entries[i].group != group) {
            continue;
        }
        if (id == NULL || rows->entries[i].row->verdict == PW_VERDICT_MISSING || !is_copyable(id) ||
            !add_filter(filters, id)) {
            return false;
        }
    }
    return true;
}

static void put_filters(const struct filters *filters, struct pw_strbuf *out)
{
    for (size_t i = 0; i < filters->count; i++) {
        put_filter(filters->ids[i], out);
    }
}

static void put_filters_of_rows(const struct pw_report_rows *rows, struct pw_strbuf *out)
{
    struct filters filters = {.count = 0};
    enum pw_report_group group = PW_REPORT_FAILING;
    if (rows == NULL) {
        return;
    }
    if (rows->group_counts[group] == 0) {
        group = PW_REPORT_ATTENTION;
    }
    if (collect_filters(rows, group, &filters)) {
        put_filters(&filters, out);
    }
}

/* What names a side on a command line: the file it was read from, else its commit. */
static const char *name_of(const struct pw_side *side)
{
    const char *name = side->source != NULL ? side->source : side->commit;
    return name != NULL && is_copyable(name) ? name : NULL;
}

void pw_report_reproduce_command(const struct pw_comparison *comparison,
                                 const struct pw_report_rows *rows, struct pw_strbuf *out)
{
    const char *base = name_of(&comparison->base);
    const char *head = name_of(&comparison->head);
    bool is_check = comparison->mode == NULL || strcmp(comparison->mode, "unpaired") != 0;
    if (!is_check && base != NULL && head != NULL) {
        pw_strbuf_puts(out, "perfwarden compare ");
        pw_escape_shell(out, base);
        pw_strbuf_putc(out, ' ');
        pw_escape_shell(out, head);
        put_config(comparison, out);
        put_filters_of_rows(rows, out);
        return;
    }
    pw_strbuf_puts(out, "perfwarden check");
    put_config(comparison, out);
    if (comparison->base.commit != NULL && is_copyable(comparison->base.commit)) {
        put_option(out, "--base", comparison->base.commit);
    }
    put_filters_of_rows(rows, out);
}

bool pw_report_output_command(const struct pw_comparison *comparison,
                              const struct pw_report_rows *rows, struct pw_strbuf *out)
{
    struct filters filters = {.count = 0};
    bool is_copyable_each = true;
    bool has_error = false;
    for (size_t i = 0; i < rows->count && comparison->config != NULL; i++) {
        const struct pw_comparison_row *row = rows->entries[i].row;
        const char *id = selected_id(row);
        if (row->verdict != PW_VERDICT_ERROR || !pw_report_obeys_trailers(comparison)) {
            continue;
        }
        has_error = true;
        is_copyable_each = is_copyable_each && id != NULL && is_copyable(id);
        if (is_copyable_each) {
            (void)add_filter(&filters, id); /* of many the first will do */
        }
    }
    if (has_error) {
        pw_strbuf_puts(out, "perfwarden run --show-output");
        put_config(comparison, out);
        filters.count = is_copyable_each ? filters.count : 0;
        put_filters(&filters, out);
    }
    return has_error;
}

bool pw_report_obeys_trailers(const struct pw_comparison *comparison)
{
    return comparison->head.source == NULL;
}

static bool is_same(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* The row of the anchor and that of the base may ask for the same: the larger bound, which stands
 * first, is enough. */
static bool is_told_before(const struct pw_comparison *comparison,
                           const struct pw_report_rows *rows, size_t index)
{
    const struct pw_comparison_row *row = rows->entries[index].row;
    for (size_t i = 0; comparison->anchor.label != NULL && i < index; i++) {
        const struct pw_comparison_row *other = rows->entries[i].row;
        if (rows->entries[i].group == PW_REPORT_FAILING && other->verdict == row->verdict &&
            is_same(other->benchmark, row->benchmark) && is_same(other->metric, row->metric)) {
            return true;
        }
    }
    return false;
}

size_t pw_report_accept_trailers(const struct pw_comparison *comparison,
                                 const struct pw_report_rows *rows, pw_report_trailer_fn *tell,
                                 void *context, bool *failed)
{
    struct pw_strbuf line = PW_STRBUF_INIT;
    size_t count = 0;
    for (size_t i = 0; pw_report_obeys_trailers(comparison) && i < rows->count; i++) {
        if (rows->entries[i].group != PW_REPORT_FAILING || is_told_before(comparison, rows, i)) {
            continue;
        }
        pw_strbuf_clear(&line);
        pw_acceptance_advise(rows->entries[i].row, &line);
        *failed = *failed || pw_strbuf_failed(&line);
        if (line.length == 0 || pw_strbuf_failed(&line) || !is_copyable(line.data)) {
            continue;
        }
        if (count++ < PW_REPORT_MOST_TRAILERS) {
            tell(context, line.data);
        }
    }
    pw_strbuf_release(&line);
    return count;
}

void pw_report_accept_command(const struct pw_comparison *comparison, struct pw_strbuf *out)
{
    pw_strbuf_puts(out, "perfwarden baseline update");
    put_config(comparison, out);
}

/* What a failing row needs that no acceptance gives; NULL for nothing. */
static const char *remedy_of(const struct pw_comparison *comparison,
                             const struct pw_comparison_row *row)
{
    if (row->metric == NULL || comparison->config == NULL) {
        return NULL;
    }
    if (row->verdict == PW_VERDICT_MISSING) {
        return "A metric that is no longer reported cannot be accepted: report it again, or take "
               "its threshold out of the configuration.";
    }
    if (row->verdict == PW_VERDICT_REGRESSION && pw_acceptance_breaks_limit(row)) {
        return "A limit cannot be accepted: raise it in the configuration, if that is intended.";
    }
    return NULL;
}

void pw_report_remedies(const struct pw_comparison *comparison, const struct pw_report_rows *rows,
                        pw_report_trailer_fn *tell, void *context)
{
    const char *told[2] = {NULL, NULL};
    for (size_t i = 0; i < rows->count; i++) {
        const struct pw_report_entry *entry = &rows->entries[i];
        const char *remedy =
            entry->group == PW_REPORT_FAILING ? remedy_of(comparison, entry->row) : NULL;
        if (remedy == NULL || told[1] != NULL || remedy == told[0]) {
            continue;
        }
        told[told[0] == NULL ? 0 : 1] = remedy;
        tell(context, remedy);
    }
}

/* Whether a failing row would not be one with new values as the base. The anchor stays where it is,
 * a limit holds whatever the base, what vanished is given up by trailers, and what could not be
 * measured has no values. */
static bool is_settled_by_baseline(const struct pw_comparison_row *row)
{
    return row->since == NULL && row->verdict != PW_VERDICT_MISSING &&
           row->verdict != PW_VERDICT_ERROR &&
           !(row->verdict == PW_VERDICT_REGRESSION && pw_acceptance_breaks_limit(row));
}

bool pw_report_is_settled_by_baseline(const struct pw_report_rows *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        if (rows->entries[i].group == PW_REPORT_FAILING &&
            is_settled_by_baseline(rows->entries[i].row)) {
            return true;
        }
    }
    return false;
}

/* The order and the groups of a comparison's rows. Shows what the gate decided, decides nothing. */
#include "rows.h"

#include <math.h>
#include <stdlib.h>

enum pw_report_group pw_report_group_of(const struct pw_comparison *comparison,
                                        const struct pw_comparison_row *row)
{
    if (pw_comparison_row_fails(comparison, row)) {
        return PW_REPORT_FAILING;
    }
    if (row->verdict >= PW_VERDICT_NO_BASELINE || row->verdict == PW_VERDICT_ACCEPTED) {
        return PW_REPORT_ATTENTION;
    }
    return row->verdict == PW_VERDICT_IMPROVEMENT ? PW_REPORT_IMPROVED : PW_REPORT_QUIET;
}

/* How much worse head is, as a ratio; 0 where that is not known. */
static double worsening_of(const struct pw_comparison_row *row)
{
    double ratio = row->better == PW_BETTER_HIGHER ? 1 / row->ratio : row->ratio;
    return isnan(ratio) ? 0 : ratio - 1;
}

/* Rows that are equally serious keep the order of the configuration: all point into one array. */
static int compare_entries(const void *left, const void *right)
{
    const struct pw_report_entry *a = left;
    const struct pw_report_entry *b = right;
    if (a->group != b->group) {
        return a->group < b->group ? -1 : 1;
    }
    if (a->row->verdict != b->row->verdict) {
        return a->row->verdict > b->row->verdict ? -1 : 1;
    }
    if (a->group == PW_REPORT_FAILING && a->worsening != b->worsening) {
        return a->worsening > b->worsening ? -1 : 1;
    }
    return (a->row > b->row) - (a->row < b->row);
}

int pw_report_rows_init(struct pw_report_rows *rows, const struct pw_comparison *comparison,
                        struct pw_error *err)
{
    struct pw_report_rows made = {NULL, comparison->row_count, {0}};
    if (made.count > 0) {
        made.entries = calloc(made.count, sizeof *made.entries);
        if (made.entries == NULL) {
            return pw_error_set_no_memory(err);
        }
        for (size_t i = 0; i < made.count; i++) {
            const struct pw_comparison_row *row = &comparison->rows[i];
            enum pw_report_group group = pw_report_group_of(comparison, row);
            made.entries[i] = (struct pw_report_entry){row, group, worsening_of(row)};
            made.group_counts[group]++;
        }
        qsort(made.entries, made.count, sizeof *made.entries, compare_entries);
    }
    *rows = made;
    return 0;
}

void pw_report_rows_release(struct pw_report_rows *rows)
{
    free(rows->entries);
    rows->entries = NULL;
    rows->count = 0;
}

size_t pw_report_rows_count(const struct pw_report_rows *rows, unsigned groups)
{
    size_t count = 0;
    for (size_t group = 0; group < PW_REPORT_GROUP_COUNT; group++) {
        if ((groups & PW_REPORT_GROUP_BIT(group)) != 0) {
            count += rows->group_counts[group];
        }
    }
    return count;
}

/* All cells stand in one buffer, each ended by a NUL, and are pointed at when it moves no more. */
static int fill_view(const struct pw_report_entry *entry, struct pw_strbuf *scratch,
                     struct pw_report_view *view, struct pw_error *err)
{
    size_t starts[PW_REPORT_COLUMN_COUNT];
    pw_strbuf_clear(scratch);
    for (size_t column = 0; column < PW_REPORT_COLUMN_COUNT; column++) {
        starts[column] = scratch->length;
        pw_report_cell(entry->row, (enum pw_report_column)column, scratch);
        pw_strbuf_putc(scratch, '\0');
    }
    int status = pw_strbuf_check(scratch, err);
    if (status < 0) {
        return status;
    }
    view->row = entry->row;
    view->group = entry->group;
    for (size_t column = 0; column < PW_REPORT_COLUMN_COUNT; column++) {
        view->cells[column] = scratch->data + starts[column];
    }
    return 0;
}

int pw_report_rows_visit(const struct pw_report_rows *rows, unsigned groups,
                         pw_report_visit_fn *visit, void *context, struct pw_error *err)
{
    struct pw_strbuf scratch = PW_STRBUF_INIT;
    int status = 0;
    for (size_t i = 0; i < rows->count; i++) {
        struct pw_report_view view;
        if ((groups & PW_REPORT_GROUP_BIT(rows->entries[i].group)) == 0) {
            continue;
        }
        status = fill_view(&rows->entries[i], &scratch, &view, err);
        if (status < 0 || !visit(context, &view)) {
            break;
        }
    }
    pw_strbuf_release(&scratch);
    return status;
}

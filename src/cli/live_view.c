/* Which benchmarks are shown, and the bar above them. The columns are live_table.c's. */
#include "live_view.h"

#include "live_table.h"
#include "perfwarden/report/terminal.h"
#include "perfwarden/util/number.h"
#include "perfwarden/util/text.h"

#define BAR_CELLS 16U
#define SECOND_NS UINT64_C(1000000000)
/* Of the terminal's rows: the bar, the cursor below the table, and one line of what was before. */
#define OTHER_ROWS 3U
/* A table of fewer lines has better use for them than titles. */
#define LEAST_TITLED 4U

/** What a row waits for. */
enum stage { STAGE_OPEN, STAGE_ENDED, STAGE_WAITING, STAGE_COUNT };

static enum stage stage_of(const struct pw_live_row *row)
{
    if (row->ended > 0) {
        return STAGE_ENDED;
    }
    return row->is_begun ? STAGE_OPEN : STAGE_WAITING;
}

size_t pw_live_ended(const struct pw_live_view *view)
{
    size_t ended = 0;
    for (size_t i = 0; i < view->count; i++) {
        ended += view->rows[i].ended > 0;
    }
    return ended;
}

/* Parts of the bar, in their order; a line without room drops them as listed in `dropped`. */
enum part { PART_BAR, PART_DECIDED, PART_BAD, PART_PAIRS, PART_ELAPSED, PART_LEFT, PART_COUNT };

static const enum part dropped[] = {PART_PAIRS, PART_BAR, PART_ELAPSED, PART_BAD, PART_LEFT};

static void put_bar(const struct pw_live_view *view, struct pw_strbuf *out)
{
    const size_t full = view->count == 0 ? 0 : pw_live_ended(view) * BAR_CELLS / view->count;
    for (size_t i = 0; i < BAR_CELLS; i++) {
        pw_strbuf_puts(out, i < full ? "█" : "░");
    }
}

static void put_decided(const struct pw_live_view *view, struct pw_strbuf *out)
{
    pw_strbuf_printf(out, "%zu/%zu decided", pw_live_ended(view), view->count);
}

static void put_bad(const struct pw_live_view *view, struct pw_strbuf *out)
{
    static const enum pw_verdict bad[] = {PW_VERDICT_REGRESSION, PW_VERDICT_ERROR};
    const char *separator = "";
    for (size_t k = 0; k < PW_COUNT(bad); k++) {
        size_t count = 0;
        for (size_t i = 0; i < view->count; i++) {
            count += view->rows[i].ended > 0 && view->rows[i].status.verdict == bad[k];
        }
        if (count > 0) {
            pw_strbuf_printf(out, "%s%zu %s%s", separator, count, pw_verdict_name(bad[k]),
                             count == 1 ? "" : "s");
            separator = ", ";
        }
    }
}

static void put_pairs(const struct pw_live_view *view, struct pw_strbuf *out)
{
    if (view->pairs == 0) {
        return;
    }
    pw_strbuf_printf(out, "%zu pair%s", view->pairs, view->pairs == 1 ? "" : "s");
}

static void put_elapsed(const struct pw_live_view *view, struct pw_strbuf *out)
{
    if (view->elapsed_ns >= SECOND_NS) {
        pw_format_duration(out, view->elapsed_ns - view->elapsed_ns % SECOND_NS);
    }
}

static void put_left(const struct pw_live_view *view, struct pw_strbuf *out)
{
    pw_strbuf_puts(out, view->left);
}

static void put_parts(const struct pw_live_view *view, unsigned parts, struct pw_strbuf *out)
{
    static void (*const writers[PART_COUNT])(const struct pw_live_view *, struct pw_strbuf *) = {
        [PART_BAR] = put_bar,     [PART_DECIDED] = put_decided, [PART_BAD] = put_bad,
        [PART_PAIRS] = put_pairs, [PART_ELAPSED] = put_elapsed, [PART_LEFT] = put_left,
    };
    for (unsigned part = 0; part < PART_COUNT; part++) {
        const size_t start = out->length;
        if ((parts & 1U << part) == 0) {
            continue;
        }
        pw_strbuf_puts(out, start > 0 ? "  " : "");
        const size_t separated = out->length;
        writers[part](view, out);
        if (out->length == separated) {
            pw_strbuf_truncate(out, start);
        }
    }
}

static void put_headline(const struct pw_live_view *view, size_t width, struct pw_strbuf *out)
{
    struct pw_strbuf line = PW_STRBUF_INIT;
    unsigned parts = (1U << PART_COUNT) - 1;
    put_parts(view, parts, &line);
    for (size_t i = 0; i < PW_COUNT(dropped) && pw_text_width(pw_strbuf_text(&line)) > width; i++) {
        parts &= ~(1U << dropped[i]);
        pw_strbuf_clear(&line);
        put_parts(view, parts, &line);
    }
    if (pw_text_width(pw_strbuf_text(&line)) <= width) {
        pw_strbuf_puts(out, pw_strbuf_text(&line));
    } else if (width >= 3) {
        pw_report_shorten(pw_strbuf_text(&line), width, out);
    }
    pw_strbuf_putc(out, '\n');
    pw_strbuf_share_failure(out, &line);
    pw_strbuf_release(&line);
}

/* The row to be shown after another in its stage. @param after  NULL for the first of it
 * @return NULL when there is none */
static struct pw_live_row *next_in_stage(const struct pw_live_view *view, enum stage stage,
                                         struct pw_live_row *after)
{
    struct pw_live_row *found = NULL;
    if (stage == STAGE_ENDED) { /* the last one first */
        for (size_t i = 0; i < view->count; i++) {
            struct pw_live_row *row = &view->rows[i];
            if (row->ended > 0 && (after == NULL || row->ended < after->ended) &&
                (found == NULL || row->ended > found->ended)) {
                found = row;
            }
        }
        return found;
    }
    const struct pw_live_row *end = view->rows + view->count;
    for (struct pw_live_row *row = after == NULL ? view->rows : after + 1;
         found == NULL && row < end; row++) {
        found = stage_of(row) == stage ? row : NULL;
    }
    return found;
}

/* "  and 17 more: 3 undecided, 10 decided, 4 waiting" @param rest  of each stage */
static void put_rest(const size_t rest[STAGE_COUNT], size_t width, struct pw_strbuf *out)
{
    static const char *const names[STAGE_COUNT] = {"undecided", "decided", "waiting"};
    struct pw_strbuf line = PW_STRBUF_INIT;
    const char *separator = ": ";
    size_t stages = 0;
    for (size_t i = 0; i < STAGE_COUNT; i++) {
        stages += rest[i] > 0;
    }
    pw_strbuf_printf(&line, "  and %zu more",
                     rest[STAGE_OPEN] + rest[STAGE_ENDED] + rest[STAGE_WAITING]);
    for (size_t i = 0; i < STAGE_COUNT; i++) {
        if (rest[i] > 0 && stages == 1) {
            pw_strbuf_printf(&line, " %s", names[i]);
        } else if (rest[i] > 0) {
            pw_strbuf_printf(&line, "%s%zu %s", separator, rest[i], names[i]);
            separator = ", ";
        }
    }
    if (width >= 3) {
        pw_report_shorten(pw_strbuf_text(&line), width, out);
    }
    pw_strbuf_putc(out, '\n');
    pw_strbuf_share_failure(out, &line);
    pw_strbuf_release(&line);
}

static void put_rows(const struct pw_live_view *view, const struct pw_live_table *table,
                     size_t lines, size_t width, struct pw_strbuf *out)
{
    const size_t shown = view->count <= lines ? view->count : lines - 1;
    size_t rest[STAGE_COUNT] = {0};
    size_t done = 0;
    for (size_t i = 0; i < view->count; i++) {
        rest[stage_of(&view->rows[i])]++;
    }
    for (unsigned stage = 0; stage < STAGE_COUNT && done < shown; stage++) {
        struct pw_live_row *row = NULL;
        while (done < shown && (row = next_in_stage(view, stage, row)) != NULL) {
            pw_live_table_row(table, row, out);
            row->is_shown = true;
            rest[stage]--;
            done++;
        }
    }
    if (shown < view->count) {
        put_rest(rest, width, out);
    }
}

void pw_live_compose(const struct pw_live_view *view, unsigned columns, unsigned rows,
                     struct pw_strbuf *out)
{
    const size_t width = columns > 1 ? columns - 1 : 1; /* some terminals wrap at the last one */
    size_t lines = rows > OTHER_ROWS ? rows - OTHER_ROWS : 0;
    struct pw_live_table table;
    for (size_t i = 0; i < view->count; i++) {
        view->rows[i].is_shown = false;
    }
    put_headline(view, width, out);
    if (lines == 0 || view->count == 0 || !pw_live_table_init(&table, view, width)) {
        return;
    }
    if (lines >= LEAST_TITLED) {
        pw_live_table_titles(&table, out);
        lines--;
    }
    put_rows(view, &table, lines, width, out);
}

/*
 * Rounds visit all benchmarks by turns, so no single one is "under way", and when each is decided
 * nobody knows before: what is shown is how each stands, and how long it can take at most.
 *
 * The observer is called between two pairs, never while anything is measured.
 */
#include "pair_progress.h"

#include <math.h>
#include <stdlib.h>

#include "terminal.h"

/* Often enough to look alive; drawing takes at most one part in so many of the time. */
#define REDRAW_NS  UINT64_C(100000000)
#define DRAW_SHARE 50
/* On a busy machine drawing may seem to take long, and no pause is longer all the same. */
#define LONGEST_PAUSE_NS UINT64_C(500000000)
/* Of that for the figures: each takes up to some milliseconds. */
#define LOOK_NS UINT64_C(10000000)

/* Of a terminal that does not tell its size. */
#define USUAL_COLUMNS 80
#define USUAL_ROWS    24
/* For a line, and the cursor below it. */
#define LEAST_ROWS 2

static size_t index_of(const struct pw_pair_progress *progress,
                       const struct pw_benchmark *benchmark)
{
    return (size_t)(benchmark - progress->watched.config->benchmarks);
}

static size_t total(const struct pw_pair_progress *progress)
{
    return progress->watched.config->benchmark_count;
}

static void end(struct pw_pair_progress *progress, size_t index)
{
    if (progress->rows[index].ended == 0) {
        progress->rows[index].ended = ++progress->ended;
        progress->paces[index].is_over = true;
    }
}

/* Ask the gate about a benchmark. What it cannot tell for want of memory stays as it was. */
static void look_at(struct pw_pair_progress *progress, size_t index)
{
    const struct pw_benchmark *benchmark = &progress->watched.config->benchmarks[index];
    struct pw_pair_status *status = &progress->rows[index].status;
    if (progress->watched.gate == NULL ||
        pw_gate_pairs_peek(progress->watched.gate, benchmark->id, status, NULL) != PW_OK) {
        return;
    }
    progress->is_stale[index] = false;
    if (status->is_decided) {
        end(progress, index);
    } else if (status->metric == NULL && benchmark->threshold_count > 0) {
        status->metric = benchmark->thresholds[0].metric; /* a table that does not jump later */
    }
}

/* Bring the figures that are shown up to date, by turns, as far as there is time. */
static void look(struct pw_pair_progress *progress)
{
    const uint64_t until_ns = pw_clock_monotonic_ns() + LOOK_NS;
    size_t index = progress->next_look;
    for (size_t i = 0; i < total(progress) && pw_clock_monotonic_ns() < until_ns; i++) {
        index %= total(progress);
        if (progress->is_stale[index] && progress->rows[index].is_shown) {
            look_at(progress, index);
        }
        index++;
    }
    progress->next_look = index;
}

static uint64_t elapsed_ns(const struct pw_pair_progress *progress)
{
    return pw_clock_monotonic_ns() - progress->line.started_ns;
}

/* "at most 3 min left"; nothing before the first pair. */
static void put_left(const struct pw_pair_progress *progress, struct pw_strbuf *out)
{
    const uint64_t budget_ns = progress->watched.budget_ns;
    const uint64_t spent_ns = elapsed_ns(progress);
    const uint64_t rest_ns = budget_ns > spent_ns ? budget_ns - spent_ns : 0;
    const struct pw_pair_time_left left =
        pw_pair_time_left(progress->paces, total(progress), budget_ns == 0 ? UINT64_MAX : rest_ns);
    if (left.at_most_ns > 0) {
        pw_strbuf_printf(out, "at most %s", left.is_rough ? "about " : "");
        pw_format_duration(out, pw_pair_time_round_up(left.at_most_ns));
        pw_strbuf_puts(out, " left");
    }
}

static void draw_table(struct pw_pair_progress *progress)
{
    struct pw_strbuf left = PW_STRBUF_INIT;
    struct pw_strbuf lines = PW_STRBUF_INIT;
    unsigned columns = 0;
    unsigned rows = 0;
    if (!pw_terminal_size(progress->line.stream, &columns, &rows)) {
        columns = USUAL_COLUMNS;
        rows = USUAL_ROWS;
    }
    if (rows < LEAST_ROWS) {
        return;
    }
    put_left(progress, &left);
    const struct pw_live_view view = {
        .rows = progress->rows,
        .count = total(progress),
        .pairs = progress->pairs,
        .elapsed_ns = elapsed_ns(progress),
        .left = pw_strbuf_text(&left),
        .use_color = progress->line.use_color,
    };
    pw_live_compose(&view, columns, rows, &lines);
    if (!pw_strbuf_failed(&lines)) {
        pw_live_screen_show(&progress->screen, pw_strbuf_text(&lines), columns);
    }
    pw_strbuf_release(&lines);
    pw_strbuf_release(&left);
}

static void draw_line(struct pw_pair_progress *progress, const char *name)
{
    struct pw_strbuf status = PW_STRBUF_INIT;
    const double share = (double)progress->ended / (double)total(progress);
    pw_strbuf_printf(&status, "  %zu pairs  ", progress->pairs);
    put_left(progress, &status);
    pw_progress_draw(&progress->line, share, progress->ended, total(progress), name,
                     pw_strbuf_text(&status));
    pw_strbuf_release(&status);
}

/* Draw, where enough time has gone by since the last time, and that was worth it. */
static void draw(struct pw_pair_progress *progress, const char *name)
{
    const uint64_t started_ns = pw_clock_monotonic_ns();
    if (!progress->line.is_bar || started_ns < progress->due_ns) {
        return;
    }
    if (progress->is_live) {
        look(progress);
        draw_table(progress);
    } else {
        draw_line(progress, name);
    }
    const uint64_t ended_ns = pw_clock_monotonic_ns();
    uint64_t pause_ns = (ended_ns - started_ns) * DRAW_SHARE;
    pause_ns = pause_ns < LONGEST_PAUSE_NS ? pause_ns : LONGEST_PAUSE_NS;
    progress->due_ns = ended_ns + (pause_ns > REDRAW_NS ? pause_ns : REDRAW_NS);
}

/* "paired: 7 of 12 decided, 84 pairs, at most 3 min left" */
static void put_heartbeat(struct pw_pair_progress *progress)
{
    struct pw_strbuf line = PW_STRBUF_INIT;
    struct pw_strbuf left = PW_STRBUF_INIT;
    put_left(progress, &left);
    pw_strbuf_printf(&line, "paired: %zu of %zu decided, %zu pairs%s%s\n", progress->ended,
                     total(progress), progress->pairs, left.length > 0 ? ", " : "",
                     pw_strbuf_text(&left));
    fputs(pw_strbuf_text(&line), progress->line.stream);
    fflush(progress->line.stream);
    pw_strbuf_release(&left);
    pw_strbuf_release(&line);
}

static void benchmark_started(void *context, const struct pw_benchmark *benchmark, size_t index,
                              size_t count)
{
    struct pw_pair_progress *progress = context;
    const uint64_t now_ns = pw_clock_monotonic_ns();
    (void)count; /* of those that get pairs: others are decided without */
    if (index == 0) {
        progress->line.started_ns = now_ns;
        pw_heartbeat_start(&progress->line.heartbeat, now_ns);
    }
    progress->event_ns = now_ns;
    progress->rows[index_of(progress, benchmark)].is_begun = true;
    draw(progress, benchmark->id);
}

static void run_ended(void *context, const struct pw_benchmark *benchmark, unsigned done,
                      unsigned expected, uint64_t wall_ns)
{
    struct pw_pair_progress *progress = context;
    const size_t index = index_of(progress, benchmark);
    const uint64_t now_ns = pw_clock_monotonic_ns();
    (void)expected; /* the most there may be: nearly always fewer are needed */
    (void)wall_ns;  /* the time left is of all that is run around a pair, too */
    pw_pair_pace_add(&progress->paces[index], now_ns - progress->event_ns);
    progress->event_ns = now_ns;
    progress->is_stale[index] = true;
    progress->rows[index].status.pairs = done;
    progress->pairs++;
    draw(progress, benchmark->id);
    if (progress->line.has_heartbeat && pw_heartbeat_event(&progress->line.heartbeat, now_ns)) {
        put_heartbeat(progress);
    }
}

static void benchmark_ended(void *context, const struct pw_benchmark *benchmark,
                            const struct pw_result_benchmark *entry)
{
    struct pw_pair_progress *progress = context;
    const size_t index = index_of(progress, benchmark);
    look_at(progress, index);
    end(progress, index);
    if (!progress->line.is_plain) {
        return;
    }
    struct pw_strbuf line = PW_STRBUF_INIT;
    const struct pw_series *series = entry->series_count > 0 ? &entry->series[0] : NULL;
    pw_strbuf_printf(&line, "%zu/%zu ", progress->ended, total(progress));
    pw_escape_terminal(&line, benchmark->id);
    pw_strbuf_printf(&line, ": %s, %zu pairs\n", pw_measured_name(entry->status),
                     series == NULL ? 0 : series->count);
    fputs(pw_strbuf_text(&line), progress->line.stream);
    pw_heartbeat_spoken(&progress->line.heartbeat, pw_clock_monotonic_ns());
    pw_strbuf_release(&line);
}

/* What a benchmark may take, and a first look at it: some are decided without pairs. */
static void begin(struct pw_pair_progress *progress, const struct pw_arguments *arguments)
{
    for (size_t i = 0; i < total(progress); i++) {
        const struct pw_benchmark *benchmark = &progress->watched.config->benchmarks[i];
        const unsigned min = arguments->runs_min != 0 ? arguments->runs_min : benchmark->runs_min;
        const unsigned max = arguments->runs_max != 0 ? arguments->runs_max : benchmark->runs_max;
        progress->paces[i] = (struct pw_pair_pace){
            .pairs_min = min,
            .pairs_max = max > min ? max : min,
            .budget_ns = benchmark->budget_ns,
        };
        progress->rows[i].status = (struct pw_pair_status){
            .benchmark = benchmark->id,
            .ratio = NAN,
            .interval = {NAN, NAN},
            .verdict = PW_VERDICT_INCONCLUSIVE,
        };
        look_at(progress, i);
    }
}

static void release(struct pw_pair_progress *progress)
{
    free(progress->rows);
    free(progress->is_stale);
    free(progress->paces);
    progress->rows = NULL;
    progress->is_stale = NULL;
    progress->paces = NULL;
}

int pw_pair_progress_init(struct pw_pair_progress *progress, FILE *stream,
                          const struct pw_arguments *arguments,
                          const struct pw_pair_watched *watched, struct pw_error *err)
{
    const size_t count = watched->config->benchmark_count + 1;
    *progress = (struct pw_pair_progress){
        .watched = *watched,
        .rows = calloc(count, sizeof(*progress->rows)),
        .is_stale = calloc(count, sizeof(*progress->is_stale)),
        .paces = calloc(count, sizeof(*progress->paces)),
        .screen = {.stream = stream, .shown = PW_STRBUF_INIT},
    };
    pw_progress_init(&progress->line, stream, arguments);
    if (progress->rows == NULL || progress->is_stale == NULL || progress->paces == NULL) {
        release(progress);
        return pw_error_set_no_memory(err);
    }
    progress->is_live = progress->line.is_bar && watched->gate != NULL && pw_terminal_is(stream);
    progress->observer = (struct pw_run_observer){
        .context = progress,
        .benchmark_started = benchmark_started,
        .run_ended = run_ended,
        .benchmark_ended = benchmark_ended,
    };
    begin(progress, arguments);
    return PW_OK;
}

void pw_pair_progress_finish(struct pw_pair_progress *progress)
{
    if (progress->is_live) {
        pw_live_screen_wipe(&progress->screen, pw_terminal_columns(progress->line.stream));
    } else {
        pw_progress_finish(&progress->line);
    }
    release(progress);
}

/* Drawing progress. Told by the schedule through the observer; owns one line of the terminal. */
#include "progress.h"

#include <string.h>
#include <unistd.h>

#include "terminal.h"

/* Often enough to look alive, seldom enough not to disturb what is being measured. */
#define REDRAW_NS    UINT64_C(100000000)
#define BAR_CELLS    20U
#define NAME_COLUMNS 16U /* what is kept for a name on a narrow terminal */
#define FIXED_COLUMNS                                                                              \
    56U /* bar, counters and the time left; without room for them there is no bar */

static uint64_t at_most(uint64_t time_ns, uint64_t bound_ns, uint64_t least_ns)
{
    const uint64_t bounded_ns = time_ns < bound_ns ? time_ns : bound_ns;
    return bounded_ns > least_ns ? bounded_ns : least_ns;
}

static uint64_t left_of(unsigned wanted, unsigned done)
{
    return wanted > done ? wanted - done : 0;
}

uint64_t pw_progress_estimate_ns(const struct pw_progress_pace *pace)
{
    const uint64_t least = pace->run_ns * left_of(pace->runs_min, pace->runs_done);
    const uint64_t current = at_most(pace->run_ns * left_of(pace->runs_expected, pace->runs_done),
                                     pace->benchmark_left_ns, least);
    const uint64_t typical = pace->finished > 0 ? pace->finished_ns / pace->finished
                                                : pace->run_ns * pace->runs_expected;
    return at_most(current + typical * pace->remaining, pace->suite_left_ns, least);
}

/* Of a budget. @param spent_ns, budget_ns  0 for no budget */
static uint64_t budget_left(uint64_t budget_ns, uint64_t spent_ns)
{
    if (budget_ns == 0) {
        return UINT64_MAX;
    }
    return budget_ns > spent_ns ? budget_ns - spent_ns : 0;
}

/* The first run has the setup before it, so it counts only where there is no other. */
static uint64_t run_ns_of(const struct pw_progress *progress)
{
    if (progress->runs_done > 1) {
        return (progress->run_sum_ns - progress->first_ns) / (progress->runs_done - 1);
    }
    return progress->run_sum_ns;
}

static uint64_t time_left_ns(const struct pw_progress *progress)
{
    const uint64_t now_ns = pw_clock_monotonic_ns();
    const struct pw_progress_pace pace = {
        .finished_ns = progress->benchmark_start_ns - progress->started_ns,
        .finished = progress->index,
        .remaining =
            progress->total > progress->index + 1 ? progress->total - progress->index - 1 : 0,
        .run_ns = run_ns_of(progress),
        .runs_done = progress->runs_done,
        .runs_min = progress->runs_min,
        .runs_expected = progress->runs_expected,
        .benchmark_left_ns =
            budget_left(progress->benchmark_budget_ns, now_ns - progress->benchmark_start_ns),
        .suite_left_ns = budget_left(progress->suite_budget_ns, now_ns - progress->started_ns),
    };
    return pw_progress_estimate_ns(&pace);
}

/* Share of the whole that is done, in [0, 1]: benchmarks, and within one its runs. */
static double share_done(const struct pw_progress *progress)
{
    const double within =
        progress->runs_expected == 0 ? 0 : (double)progress->runs_done / progress->runs_expected;
    return ((double)progress->index + (within > 1 ? 1 : within)) / (double)progress->total;
}

static void put_bar(struct pw_strbuf *line, double share)
{
    const unsigned full = (unsigned)(share * BAR_CELLS);
    for (unsigned i = 0; i < BAR_CELLS; i++) {
        pw_strbuf_puts(line, i < full ? "█" : "░");
    }
}

/* Append a text, its end cut where it is wider than the room there is. */
static void put_cut(struct pw_strbuf *line, const char *text, size_t room)
{
    if (pw_text_width(text) <= room) {
        pw_strbuf_puts(line, text);
        return;
    }
    const size_t length = strlen(text);
    size_t width = 1; /* of the ellipsis */
    for (size_t at = 0; at < length;) {
        char character[5] = "";
        uint32_t code_point = 0;
        const size_t bytes = pw_utf8_decode(text + at, length - at, &code_point);
        memcpy(character, text + at, bytes);
        width += pw_text_width(character);
        if (width > room) {
            break;
        }
        pw_strbuf_puts(line, character);
        at += bytes;
    }
    pw_strbuf_puts(line, "…");
}

/* A name of any bytes, made harmless and cut to the columns there are. */
static void put_name(struct pw_strbuf *line, const char *name, unsigned columns)
{
    struct pw_strbuf escaped = PW_STRBUF_INIT;
    pw_escape_terminal(&escaped, name);
    const unsigned room =
        columns > FIXED_COLUMNS + NAME_COLUMNS ? columns - FIXED_COLUMNS : NAME_COLUMNS;
    put_cut(line, pw_strbuf_text(&escaped), columns == 0 ? SIZE_MAX : room);
    pw_strbuf_release(&escaped);
}

bool pw_progress_is_due(struct pw_progress *progress, bool is_forced)
{
    const uint64_t now = pw_clock_monotonic_ns();
    if (!progress->is_bar || (!is_forced && now - progress->drawn_ns < REDRAW_NS)) {
        return false;
    }
    progress->drawn_ns = now;
    return true;
}

void pw_progress_draw(struct pw_progress *progress, double share, size_t number, size_t total,
                      const char *name, const char *status)
{
    unsigned columns = pw_terminal_columns(progress->stream); /* it may have changed */
    struct pw_strbuf line = PW_STRBUF_INIT;
    columns = columns != 0 ? columns : progress->columns;
    if (columns == 0 || columns > FIXED_COLUMNS + NAME_COLUMNS) {
        put_bar(&line, share);
        pw_strbuf_putc(&line, ' ');
    }
    pw_strbuf_printf(&line, "%zu/%zu  ", number, total);
    put_name(&line, name, columns);
    pw_strbuf_puts(&line, status);
    /* A line that wraps cannot be wiped. The last column is left free: some terminals wrap there.
     */
    struct pw_strbuf drawn = PW_STRBUF_INIT;
    pw_strbuf_puts(&drawn, "\r\033[K");
    put_cut(&drawn, pw_strbuf_text(&line), columns == 0 ? SIZE_MAX : columns - 1);
    fputs(pw_strbuf_text(&drawn), progress->stream);
    fflush(progress->stream);
    pw_strbuf_release(&drawn);
    pw_strbuf_release(&line);
}

static void draw(struct pw_progress *progress, const struct pw_benchmark *benchmark)
{
    struct pw_strbuf status = PW_STRBUF_INIT;
    if (!pw_progress_is_due(progress, progress->runs_done == 0)) {
        return;
    }
    pw_strbuf_printf(&status, "  run %u/%u", progress->runs_done, progress->runs_expected);
    const uint64_t left = time_left_ns(progress);
    if (left > 0) {
        pw_strbuf_puts(&status, "  ");
        pw_format_duration(&status, left);
        pw_strbuf_puts(&status, " left");
    }
    pw_progress_draw(progress, share_done(progress), progress->index + 1, progress->total,
                     benchmark->id, pw_strbuf_text(&status));
    pw_strbuf_release(&status);
}

/* "run: 7 of 12 measured, 3 min left" */
static void put_heartbeat(const struct pw_progress *progress)
{
    const uint64_t left_ns = time_left_ns(progress);
    struct pw_strbuf line = PW_STRBUF_INIT;
    pw_strbuf_printf(&line, "run: %zu of %zu measured", progress->index, progress->total);
    if (left_ns > 0) {
        pw_strbuf_puts(&line, ", ");
        pw_format_duration(&line, left_ns);
        pw_strbuf_puts(&line, " left");
    }
    pw_strbuf_putc(&line, '\n');
    fputs(pw_strbuf_text(&line), progress->stream);
    fflush(progress->stream);
    pw_strbuf_release(&line);
}

static void benchmark_started(void *context, const struct pw_benchmark *benchmark, size_t index,
                              size_t total)
{
    struct pw_progress *progress = context;
    progress->benchmark_start_ns = pw_clock_monotonic_ns();
    if (index == 0) {
        progress->started_ns = progress->benchmark_start_ns;
        pw_heartbeat_start(&progress->heartbeat, progress->started_ns);
    }
    progress->event_ns = progress->benchmark_start_ns;
    progress->index = index;
    progress->total = total;
    progress->runs_done = 0;
    progress->runs_min =
        progress->runs_min_override != 0 ? progress->runs_min_override : benchmark->runs_min;
    progress->runs_expected = progress->runs_min;
    progress->run_sum_ns = 0;
    progress->first_ns = 0;
    progress->benchmark_budget_ns = benchmark->budget_ns;
    draw(progress, benchmark);
}

static void run_ended(void *context, const struct pw_benchmark *benchmark, unsigned done,
                      unsigned expected, uint64_t wall_ns)
{
    struct pw_progress *progress = context;
    const uint64_t now_ns = pw_clock_monotonic_ns();
    /* The hooks take time, too. Several short runs may be told of at once. */
    const uint64_t passed_ns = now_ns - progress->event_ns;
    progress->run_sum_ns += passed_ns > wall_ns ? passed_ns : wall_ns;
    progress->first_ns = done == 1 ? progress->run_sum_ns : progress->first_ns;
    progress->event_ns = now_ns;
    progress->runs_done = done;
    progress->runs_expected = expected;
    draw(progress, benchmark);
    if (progress->has_heartbeat && pw_heartbeat_event(&progress->heartbeat, now_ns)) {
        put_heartbeat(progress);
    }
}

static void benchmark_ended(void *context, const struct pw_benchmark *benchmark,
                            const struct pw_result_benchmark *entry)
{
    struct pw_progress *progress = context;
    if (!progress->is_plain) {
        return;
    }
    struct pw_strbuf line = PW_STRBUF_INIT;
    pw_strbuf_printf(&line, "%zu/%zu ", progress->index + 1, progress->total);
    pw_escape_terminal(&line, benchmark->id);
    pw_strbuf_printf(&line, ": %s, %u runs in ", pw_measured_name(entry->status),
                     progress->runs_done);
    pw_format_duration(&line, pw_clock_monotonic_ns() - progress->benchmark_start_ns);
    pw_strbuf_putc(&line, '\n');
    fputs(pw_strbuf_text(&line), progress->stream);
    pw_heartbeat_spoken(&progress->heartbeat, pw_clock_monotonic_ns());
    pw_strbuf_release(&line);
}

void pw_progress_init(struct pw_progress *progress, FILE *stream,
                      const struct pw_arguments *arguments)
{
    *progress = (struct pw_progress){
        .stream = stream,
        .total = 1,
        .runs_min_override = arguments->runs_min,
        .suite_budget_ns = arguments->budget_ns,
        .use_color = pw_terminal_use_color(stream, arguments->color),
    };
    const bool is_wanted =
        arguments->progress == PW_WHEN_AUTO && !arguments->is_quiet && !arguments->shows_output;
    /* What benchmarks print would stand in the middle of a bar. */
    progress->is_bar = (arguments->progress == PW_WHEN_ALWAYS && !arguments->shows_output) ||
                       (is_wanted && pw_terminal_is_watched(stream));
    progress->has_heartbeat = is_wanted && !progress->is_bar;
    progress->is_plain =
        !progress->is_bar && arguments->is_verbose && arguments->progress != PW_WHEN_NEVER;
    progress->observer = (struct pw_run_observer){
        .context = progress,
        .benchmark_started = benchmark_started,
        .run_ended = run_ended,
        .benchmark_ended = benchmark_ended,
    };
}

void pw_progress_finish(struct pw_progress *progress)
{
    if (progress->is_bar) {
        fputs("\r\033[K", progress->stream);
        fflush(progress->stream);
    }
}

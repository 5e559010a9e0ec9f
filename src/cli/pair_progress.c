/* Rounds visit all benchmarks by turns, so no single one is "under way", and when each is decided
 * nobody knows before: the bar counts what is decided. */
#include "pair_progress.h"

static void draw(struct pw_pair_progress *progress, const char *name, unsigned pair, bool is_forced)
{
    struct pw_strbuf status = PW_STRBUF_INIT;
    const double share =
        progress->total == 0 ? 0 : (double)progress->ended / (double)progress->total;
    if (!pw_progress_is_due(&progress->line, is_forced)) {
        return;
    }
    pw_strbuf_printf(&status, "  pair %u  (%zu pairs, ", pair, progress->pairs);
    pw_format_duration(&status, pw_clock_monotonic_ns() - progress->line.started_ns);
    pw_strbuf_putc(&status, ')');
    pw_progress_draw(&progress->line, share, progress->ended, progress->total, name,
                     pw_strbuf_text(&status));
    pw_strbuf_release(&status);
}

static void benchmark_started(void *context, const struct pw_benchmark *benchmark, size_t index,
                              size_t total)
{
    struct pw_pair_progress *progress = context;
    if (index == 0) {
        progress->line.started_ns = pw_clock_monotonic_ns();
    }
    progress->total = total;
    draw(progress, benchmark->id, 0, index == 0);
}

static void run_ended(void *context, const struct pw_benchmark *benchmark, unsigned done,
                      unsigned expected, uint64_t wall_ns)
{
    struct pw_pair_progress *progress = context;
    (void)expected; /* the most there may be: nearly always fewer are needed */
    (void)wall_ns;
    progress->pairs++;
    draw(progress, benchmark->id, done, false);
}

static void benchmark_ended(void *context, const struct pw_benchmark *benchmark,
                            const struct pw_result_benchmark *entry)
{
    struct pw_pair_progress *progress = context;
    progress->ended++;
    if (!progress->line.is_plain) {
        return;
    }
    struct pw_strbuf line = PW_STRBUF_INIT;
    const struct pw_series *series = entry->series_count > 0 ? &entry->series[0] : NULL;
    pw_strbuf_printf(&line, "%zu/%zu ", progress->ended, progress->total);
    pw_escape_terminal(&line, benchmark->id);
    pw_strbuf_printf(&line, ": %s, %zu pairs\n", pw_measured_name(entry->status),
                     series == NULL ? 0 : series->count);
    fputs(pw_strbuf_text(&line), progress->line.stream);
    pw_strbuf_release(&line);
}

void pw_pair_progress_init(struct pw_pair_progress *progress, FILE *stream,
                           const struct pw_arguments *arguments)
{
    *progress = (struct pw_pair_progress){.total = 1};
    pw_progress_init(&progress->line, stream, arguments);
    progress->observer = (struct pw_run_observer){
        .context = progress,
        .benchmark_started = benchmark_started,
        .run_ended = run_ended,
        .benchmark_ended = benchmark_ended,
    };
}

void pw_pair_progress_finish(struct pw_pair_progress *progress)
{
    pw_progress_finish(&progress->line);
}

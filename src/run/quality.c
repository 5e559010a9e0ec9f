/*
 * Looks at the wall times for what makes them doubtful and says so in the result. Drops nothing: a
 * threshold is for the gate, and a value that was measured was measured.
 */
#include "quality.h"

#include <math.h>

#include "perfwarden/stats.h"
#include "perfwarden/util/strbuf.h"

/** |x − median| / MAD over this is an outlier: ten standard deviations of a normal sample, 1.4826
 * · 10. */
static const double OUTLIER_SIGMAS = 10.0;
/** Fewer samples say nothing about a spread. */
enum { SAMPLES_MIN = 5 };

static int add_warning(struct pw_result *result, struct pw_result_benchmark *entry,
                       struct pw_strbuf *text, struct pw_error *err)
{
    int status = pw_strbuf_check(text, err);

    if (status == 0) {
        status = pw_result_add_warning(result, entry, pw_strbuf_text(text), err);
    }
    pw_strbuf_release(text);
    return status;
}

static int remark_first_run(struct pw_result *result, struct pw_result_benchmark *entry,
                            double times_the_median, struct pw_error *err)
{
    struct pw_strbuf text = PW_STRBUF_INIT;

    pw_strbuf_printf(&text, "the first run took %.1f times the median; raise 'warmup'",
                     times_the_median);
    return add_warning(result, entry, &text, err);
}

static int remark_outliers(struct pw_result *result, struct pw_result_benchmark *entry,
                           size_t outliers, size_t count, struct pw_error *err)
{
    struct pw_strbuf text = PW_STRBUF_INIT;

    pw_strbuf_printf(&text,
                     "%zu of %zu wall times %s, far from the median; the machine may be busy",
                     outliers, count, outliers == 1 ? "is an outlier" : "are outliers");
    return add_warning(result, entry, &text, err);
}

static int remark_wall_times(struct pw_result *result, struct pw_result_benchmark *entry,
                             const struct pw_series *series, struct pw_error *err)
{
    struct pw_error failure = PW_ERROR_INIT;
    double median = pw_stats_median(series->samples, series->count, &failure);
    double sigma = pw_stats_mad_sigma(series->samples, series->count, &failure);
    size_t outliers = 0;
    bool is_first_slow;

    if (failure.status != PW_OK) {
        int status = (int)failure.status;

        pw_error_move(err, &failure);
        return status;
    }
    if (!(sigma > 0.0)) {
        return 0;
    }
    for (size_t i = 0; i < series->count; i++) {
        outliers += fabs(series->samples[i] - median) > OUTLIER_SIGMAS * sigma;
    }
    is_first_slow = series->samples[0] - median > OUTLIER_SIGMAS * sigma;
    if (is_first_slow && outliers == 1) {
        return remark_first_run(result, entry, series->samples[0] / median, err);
    }
    return outliers > 0 ? remark_outliers(result, entry, outliers, series->count, err) : 0;
}

int pw_run_quality_remark(struct pw_result *result, struct pw_result_benchmark *entry,
                          unsigned survivors_ended, struct pw_error *err)
{
    const struct pw_series *series = pw_result_benchmark_series(entry, "wall_time");
    int status = 0;

    if (series != NULL && series->count >= SAMPLES_MIN) {
        status = remark_wall_times(result, entry, series, err);
    }
    if (status == 0 && survivors_ended > 0) {
        struct pw_strbuf text = PW_STRBUF_INIT;

        pw_strbuf_printf(&text,
                         "%u process(es) that it had started were still running when it ended, and "
                         "were ended; their work is not in the figures",
                         survivors_ended);
        status = add_warning(result, entry, &text, err);
    }
    return status;
}

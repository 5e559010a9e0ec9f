/*
 * Which sessions a metric of the head is compared with: those that measured the same thing, less
 * those whose values no change can be told from.
 */
#include <math.h>

#include "comparison.h"
#include "entries.h"
#include "stored.h"
#include "threshold.h"

const struct pw_series *pw_stored_series(struct pw_arena *arena,
                                         const struct pw_result_benchmark *entry,
                                         const struct pw_series *head, const char **why)
{
    const struct pw_series *series;
    const char *obstacle;

    if (entry == NULL) {
        return NULL;
    }
    series = pw_result_benchmark_series(entry, head->metric);
    if (*why == NULL) {
        *why = entry->status == PW_MEASURED_OK
                   ? pw_series_emptiness(arena, "the baseline", series,
                                         "new metric: no baseline has it")
                   : "the benchmark failed in the baseline";
    }
    if (entry->status != PW_MEASURED_OK) {
        return NULL;
    }
    if (series == NULL || series->count == 0) {
        return NULL;
    }
    obstacle = pw_series_obstacle(arena, "the baseline", series, head);
    if (obstacle != NULL) {
        *why = obstacle;
        return NULL;
    }
    return series;
}

/* A value that no change can be told from. */
static bool is_unfit(const struct pw_series *series, const struct pw_threshold *threshold)
{
    struct pw_samples_nature nature = {0, 0, false, 0.0};

    pw_samples_inspect(series, &nature);
    return nature.has_bad || (nature.zeros > 0 && isnan(threshold->at_least));
}

/*
 * One damaged session among others is passed over, or it would forbid every comparison as long as
 * it is remembered. Where there is no other, the verdict will name the value.
 */
int pw_stored_pass_over_unfit(struct pw_comparison *out, struct pw_metric_case *item,
                              const struct pw_series **bases, struct pw_error *err)
{
    size_t kept = 0;
    size_t passed;

    for (size_t i = 0; i < item->base_count; i++) {
        kept += !is_unfit(bases[i], item->threshold);
    }
    passed = item->base_count - kept;
    if (kept == 0 || passed == 0 || !pw_threshold_has_change(item->threshold)) {
        return 0;
    }
    kept = 0;
    for (size_t i = 0; i < item->base_count; i++) {
        if (!is_unfit(bases[i], item->threshold)) {
            bases[kept++] = bases[i];
        }
    }
    item->base_count = kept;
    return pw_comparison_warnf(out, err,
                               "%zu stored session%s of '%s' %s had a value that is no more than "
                               "0 and %s passed over",
                               passed, passed == 1 ? "" : "s", item->benchmark, item->head->metric,
                               passed == 1 ? "was" : "were");
}

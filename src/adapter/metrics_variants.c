/* What comes of the values that programs name themselves, by worker and step, and of errors. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "formats.h"
#include "metrics_reader.h"

/** What one entry comes to. */
struct summary {
    double value; /**< the median, or the last step's */
    double least; /**< over steps, as the next */
    double greatest;
};

/** Sort by step; those of one step stay in the file's order, which their number tells. */
static int compare_points(const void *left, const void *right)
{
    const double *a = left;
    const double *b = right;

    return (a[0] > b[0]) - (a[0] < b[0]) != 0 ? (a[0] > b[0]) - (a[0] < b[0])
                                              : (a[2] > b[2]) - (a[2] < b[2]);
}

/** Put the points in order. @return NULL when out of memory */
static double (*sort_points(struct pw_metrics_reader *reader,
                            const struct pw_metrics_entry *entry))[2]
{
    const size_t count = entry->point_count;
    double(*numbered)[3] = calloc(count + 1, sizeof(*numbered));
    double(*points)[2] = pw_arena_array(&reader->out.arena, count, sizeof(*points));

    if (numbered == NULL || points == NULL) {
        free(numbered);
        pw_metrics_fail_memory(reader);
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        numbered[i][0] = entry->points[i][0];
        numbered[i][1] = entry->points[i][1];
        numbered[i][2] = (double)i;
    }
    qsort(numbered, count, sizeof(*numbered), compare_points);
    for (size_t i = 0; i < count; i++) {
        points[i][0] = numbered[i][0];
        points[i][1] = numbered[i][1];
    }
    free(numbered);
    return points;
}

static bool add_steps(struct pw_metrics_reader *reader, const struct pw_metrics_entry *entry,
                      struct summary *out)
{
    struct pw_metrics *metrics = &reader->out;
    double(*points)[2] = sort_points(reader, entry);
    struct pw_metrics_steps *grown =
        pw_arena_grow(&metrics->arena, metrics->steps, metrics->steps_count,
                      &reader->steps_capacity, sizeof(*grown));

    if (points == NULL || grown == NULL) {
        return pw_metrics_fail_memory(reader);
    }
    metrics->steps = grown;
    grown[metrics->steps_count++] = (struct pw_metrics_steps){
        .variant = pw_arena_strdup(&metrics->arena, entry->extra),
        .metric = pw_arena_strdup(&metrics->arena, entry->name),
        .worker = *entry->worker == '\0' ? NULL : pw_arena_strdup(&metrics->arena, entry->worker),
        .unit = pw_arena_strdup(&metrics->arena, entry->base),
        .better = entry->better,
        .points = points,
        .count = entry->point_count};
    out->value = points[entry->point_count - 1][1];
    out->least = out->greatest = out->value;
    for (size_t i = 0; i < entry->point_count; i++) {
        out->least = fmin(out->least, points[i][1]);
        out->greatest = fmax(out->greatest, points[i][1]);
    }
    return true;
}

static bool add_worker(struct pw_metrics_reader *reader, const struct pw_metrics_entry *entry,
                       double value)
{
    struct pw_metrics *metrics = &reader->out;
    struct pw_metrics_worker *grown =
        pw_arena_grow(&metrics->arena, metrics->workers, metrics->worker_count,
                      &reader->worker_capacity, sizeof(*grown));

    if (grown == NULL) {
        return pw_metrics_fail_memory(reader);
    }
    metrics->workers = grown;
    grown[metrics->worker_count++] =
        (struct pw_metrics_worker){pw_arena_strdup(&metrics->arena, entry->extra),
                                   pw_arena_strdup(&metrics->arena, entry->name),
                                   pw_arena_strdup(&metrics->arena, entry->worker), value};
    return true;
}

/** The summaries of one metric's workers. */
struct workers {
    double *values;
    double *least;
    double *greatest;
    size_t count;
    bool are_steps;
};

static bool add_entry(struct pw_metrics_reader *reader, const struct pw_metrics_entry *entry,
                      struct workers *workers)
{
    struct summary summary = {0, 0, 0};

    if (entry->sample_count == 0 && entry->point_count == 0) {
        return true;
    }
    if (entry->point_count > 0) {
        workers->are_steps = true;
        if (!add_steps(reader, entry, &summary)) {
            return false;
        }
    } else {
        summary.value = pw_adapter_median(entry->samples, entry->sample_count);
        summary.least = summary.greatest = summary.value;
    }
    workers->values[workers->count] = summary.value;
    workers->least[workers->count] = summary.least;
    workers->greatest[workers->count++] = summary.greatest;
    return *entry->worker == '\0' || add_worker(reader, entry, summary.value);
}

static bool emit_workers(struct pw_metrics_reader *reader, const struct pw_metrics_entry *group,
                         struct workers *workers)
{
    const struct {
        const char *suffix;
        double *values;
    } parts[] = {{"", workers->values}, {"/min", workers->least}, {"/max", workers->greatest}};
    const size_t wanted = workers->are_steps ? PW_COUNT(parts) : 1;

    for (size_t i = 0; workers->count > 0 && i < wanted; i++) {
        const char *metric = pw_arena_printf(&reader->work, "%s%s", group->name, parts[i].suffix);

        if (metric == NULL) {
            return pw_metrics_fail_memory(reader);
        }
        if (!pw_metrics_emit(reader, group->extra, metric, group->base, group->better,
                             pw_adapter_median(parts[i].values, workers->count))) {
            return false;
        }
    }
    return true;
}

static bool summarise_group(struct pw_metrics_reader *reader, const struct pw_metrics_entry *group)
{
    struct workers workers = {NULL, NULL, NULL, 0, false};
    size_t room = 1;
    bool is_done;

    for (const struct pw_metrics_entry *at = group->next_worker; at != NULL; at = at->next_worker) {
        room++;
    }
    workers.values = pw_arena_array(&reader->work, 3 * room, sizeof(double));
    if (workers.values == NULL) {
        return pw_metrics_fail_memory(reader);
    }
    workers.least = workers.values + room;
    workers.greatest = workers.least + room;
    is_done = add_entry(reader, group, &workers);
    for (const struct pw_metrics_entry *at = group->next_worker; is_done && at != NULL;
         at = at->next_worker) {
        is_done = add_entry(reader, at, &workers);
    }
    return is_done && emit_workers(reader, group, &workers);
}

bool pw_metrics_summarise_values(struct pw_metrics_reader *reader)
{
    bool is_done = true;

    for (size_t i = 0; is_done && i < reader->count; i++) {
        const struct pw_metrics_entry *entry = reader->entries[i];

        if (entry->kind == PW_METRICS_VALUE && *entry->worker == '\0') {
            is_done = summarise_group(reader, entry);
        }
    }
    return is_done;
}

/** How often a kind was told of, over all its messages; 0 where an earlier entry has said so. */
static double count_kind(const struct pw_metrics_reader *reader, size_t at)
{
    double sum = 0;

    for (size_t i = 0; i < reader->count; i++) {
        const struct pw_metrics_entry *entry = reader->entries[i];

        if (entry->kind == PW_METRICS_ERROR &&
            strcmp(entry->name, reader->entries[at]->name) == 0) {
            if (i < at) {
                return -1;
            }
            sum += entry->sums[0];
        }
    }
    return sum;
}

static bool add_error(struct pw_metrics_reader *reader, const struct pw_metrics_entry *entry)
{
    struct pw_metrics *metrics = &reader->out;
    struct pw_metrics_error *grown =
        pw_arena_grow(&metrics->arena, metrics->errors, metrics->error_count,
                      &reader->error_capacity, sizeof(*grown));
    const char *kind = pw_arena_strdup(&metrics->arena, entry->name);
    char *message = pw_arena_strdup(&metrics->arena, entry->extra);

    if (grown == NULL || kind == NULL || message == NULL) {
        return pw_metrics_fail_memory(reader);
    }
    for (char *at = message; *at != '\0'; at++) {
        *at = (char)((unsigned char)*at < ' ' || *at == 0x7f ? ' ' : *at);
    }
    metrics->errors = grown;
    grown[metrics->error_count++] =
        (struct pw_metrics_error){kind, message, (uint64_t)fmin(entry->sums[0], 1e18)};
    return true;
}

bool pw_metrics_summarise_errors(struct pw_metrics_reader *reader)
{
    bool has_records = false;
    bool is_done = true;
    double total = 0;

    for (size_t i = 0; is_done && i < reader->count; i++) {
        const struct pw_metrics_entry *entry = reader->entries[i];
        double sum;

        has_records = has_records || entry->kind != PW_METRICS_VALUE;
        if (entry->kind != PW_METRICS_ERROR) {
            continue;
        }
        total += entry->sums[0];
        sum = count_kind(reader, i);
        is_done = add_error(reader, entry);
        if (is_done && sum >= 0) {
            const char *metric = pw_arena_printf(&reader->work, "errors/%s", entry->name);

            is_done = metric != NULL &&
                      pw_metrics_emit(reader, "", metric, "count", PW_BETTER_LOWER, sum);
        }
    }
    /* Whoever tells of anything by records would tell of errors: then none is a measurement too. */
    return is_done && (!has_records || pw_metrics_emit(reader, "", "errors/total", "count",
                                                       PW_BETTER_LOWER, total));
}

/*
 * The values behind a row in a comparison and in its JSON: the runs of both sides, the history of
 * the base. Reports draw them; no verdict rests on these copies.
 */
#include "row_values.h"

#include <math.h>
#include <string.h>

#include "comparison.h"

static int copy_runs(struct pw_comparison *comparison, const double *values, size_t count,
                     struct pw_row_runs *out, struct pw_error *err)
{
    double *copy = pw_arena_array(&comparison->arena, count + 1, sizeof *copy);

    if (copy == NULL) {
        return pw_error_set_no_memory(err);
    }
    if (count > 0) {
        memcpy(copy, values, count * sizeof *copy);
    }
    *out = (struct pw_row_runs){copy, count};
    return 0;
}

static bool is_finite(const struct pw_series *series)
{
    for (size_t i = 0; i < series->count; i++) {
        if (!isfinite(series->samples[i])) {
            return false;
        }
    }
    return true;
}

/* What is not finite cannot be drawn, and no JSON can hold it. */
static int keep_runs(struct pw_comparison *comparison, const struct pw_series *series,
                     struct pw_row_runs *out, struct pw_error *err)
{
    return is_finite(series) ? copy_runs(comparison, series->samples, series->count, out, err) : 0;
}

int pw_row_keep_runs(struct pw_comparison *comparison, struct pw_comparison_row *row,
                     const struct pw_metric_case *item, struct pw_error *err)
{
    int status = keep_runs(comparison, item->head, &row->head_runs, err);

    if (status == 0 && item->base_count > 0) {
        status = keep_runs(comparison, item->bases[0], &row->base_runs, err);
    }
    return status;
}

static int copy_history(struct pw_comparison *comparison, struct pw_comparison_row *row,
                        struct pw_error *err)
{
    struct pw_row_session *copy =
        pw_arena_array(&comparison->arena, row->history_count + 1, sizeof *copy);
    int status = 0;

    if (copy == NULL) {
        return pw_error_set_no_memory(err);
    }
    for (size_t i = 0; i < row->history_count && status == 0; i++) {
        copy[i] = row->history[i];
        status = pw_comparison_copy(comparison, copy[i].commit, &copy[i].commit, err);
        if (status == 0) {
            status = pw_comparison_copy(comparison, copy[i].started_at, &copy[i].started_at, err);
        }
    }
    row->history = copy;
    return status;
}

int pw_row_copy_values(struct pw_comparison *comparison, struct pw_comparison_row *row,
                       struct pw_error *err)
{
    int status =
        copy_runs(comparison, row->base_runs.values, row->base_runs.count, &row->base_runs, err);

    if (status == 0) {
        status = copy_runs(comparison, row->head_runs.values, row->head_runs.count, &row->head_runs,
                           err);
    }
    return status == 0 ? copy_history(comparison, row, err) : status;
}

static void put_runs(struct pw_json_writer *writer, const char *key, const struct pw_row_runs *runs)
{
    pw_json_begin_compact_array(writer, key);
    for (size_t i = 0; i < runs->count; i++) {
        pw_json_put_double(writer, NULL, runs->values[i]);
    }
    pw_json_end(writer);
}

void pw_row_write_values(struct pw_json_writer *writer, const struct pw_comparison_row *row)
{
    if (row->base_runs.count + row->head_runs.count > 0) {
        pw_json_begin_object(writer, "runs");
        put_runs(writer, "base", &row->base_runs);
        put_runs(writer, "head", &row->head_runs);
        pw_json_end(writer);
    }
    if (row->history_count == 0) {
        return;
    }
    pw_json_begin_array(writer, "history");
    for (size_t i = 0; i < row->history_count; i++) {
        pw_json_begin_compact_object(writer, NULL);
        pw_json_put_string(writer, "commit", row->history[i].commit);
        pw_json_put_string(writer, "started_at", row->history[i].started_at);
        pw_json_put_double(writer, "value", row->history[i].value);
        if (!isnan(row->history[i].low)) {
            pw_json_put_double(writer, "low", row->history[i].low);
            pw_json_put_double(writer, "high", row->history[i].high);
        }
        if (row->history[i].is_change) {
            pw_json_put_bool(writer, "change", true);
        }
        pw_json_end(writer);
    }
    pw_json_end(writer);
}

static int refuse(const char *name, const char *member, const char *expected, struct pw_error *err)
{
    return pw_error_set_at(err, PW_EFORMAT, name, 0, 0, "'%s' is not %s", member, expected);
}

static int read_runs(struct pw_comparison *comparison, const struct pw_json *object,
                     const char *key, const char *name, struct pw_row_runs *out,
                     struct pw_error *err)
{
    const struct pw_json *array = pw_json_get(object, key);
    const size_t count = array == NULL ? 0 : pw_json_size(array);
    double *values = pw_arena_array(&comparison->arena, count + 1, sizeof *values);
    size_t read = 0;

    if (values == NULL) {
        return pw_error_set_no_memory(err);
    }
    if (array != NULL && pw_json_type(array) != PW_JSON_ARRAY) {
        return refuse(name, key, "a list of numbers", err);
    }
    for (const struct pw_json *item = pw_json_first(array); item != NULL;
         item = pw_json_next(item)) {
        if (!pw_json_number(item, &values[read++])) {
            return refuse(name, key, "a list of numbers", err);
        }
    }
    *out = (struct pw_row_runs){values, count};
    return 0;
}

/* @return whether it is a number, null or not there; NAN for the last two */
static bool read_optional(const struct pw_json *object, const char *key, double *out)
{
    const struct pw_json *value = pw_json_get(object, key);

    *out = NAN;
    return value == NULL || pw_json_type(value) == PW_JSON_NULL || pw_json_number(value, out);
}

static bool read_session(const struct pw_json *item, struct pw_row_session *out)
{
    const struct pw_json *change = pw_json_get(item, "change");

    *out = (struct pw_row_session){.commit = pw_json_string(pw_json_get(item, "commit")),
                                   .started_at = pw_json_string(pw_json_get(item, "started_at"))};
    return pw_json_number(pw_json_get(item, "value"), &out->value) &&
           read_optional(item, "low", &out->low) && read_optional(item, "high", &out->high) &&
           (change == NULL || pw_json_bool(change, &out->is_change));
}

static int read_history(struct pw_comparison *comparison, const struct pw_json *array,
                        const char *name, struct pw_comparison_row *row, struct pw_error *err)
{
    struct pw_row_session *history =
        pw_arena_array(&comparison->arena, pw_json_size(array) + 1, sizeof *history);
    size_t count = 0;

    if (history == NULL) {
        return pw_error_set_no_memory(err);
    }
    if (pw_json_type(array) != PW_JSON_ARRAY) {
        return refuse(name, "history", "a list of sessions", err);
    }
    for (const struct pw_json *item = pw_json_first(array); item != NULL;
         item = pw_json_next(item)) {
        if (!read_session(item, &history[count++])) {
            return refuse(name, "history", "a list of sessions with values", err);
        }
    }
    row->history = history;
    row->history_count = count;
    return 0;
}

int pw_row_read_values(struct pw_comparison *comparison, const struct pw_json *object,
                       const char *name, struct pw_comparison_row *row, struct pw_error *err)
{
    const struct pw_json *runs = pw_json_get(object, "runs");
    const struct pw_json *history = pw_json_get(object, "history");
    int status = 0;

    if (runs != NULL) {
        status = read_runs(comparison, runs, "base", name, &row->base_runs, err);
    }
    if (runs != NULL && status == 0) {
        status = read_runs(comparison, runs, "head", name, &row->head_runs, err);
    }
    return status == 0 && history != NULL ? read_history(comparison, history, name, row, err)
                                          : status;
}

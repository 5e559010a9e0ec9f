/* The benchmarks of a result file: ids unique, samples numbers, endings known. */
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "reader.h"

static int read_better(struct pw_reader *reader, const struct pw_json *object, bool has_samples,
                       const char *metric, enum pw_better *out)
{
    const char *text = NULL;
    int rc =
        pw_reader_text(reader, object, "better", has_samples ? PW_REQUIRED : PW_OPTIONAL, &text);
    if (rc < 0) {
        return rc;
    }
    if (text == NULL) {
        const struct pw_metric_info *info = pw_metric_find(metric);
        *out = info == NULL ? PW_BETTER_LOWER : info->better;
        return 0;
    }
    if (!pw_better_from_name(text, out)) {
        return pw_reader_fail(reader, "better", "is neither 'lower' nor 'higher'");
    }
    return 0;
}

static int read_samples(struct pw_reader *reader, const struct pw_json *object,
                        struct pw_series *out)
{
    const struct pw_json *list = NULL;
    int rc = pw_reader_member(reader, object, "samples", PW_JSON_ARRAY, PW_REQUIRED, &list);
    if (rc < 0) {
        return rc;
    }
    size_t size = pw_json_size(list);
    double *samples = pw_arena_array(&reader->result->arena, size + 1, sizeof(*samples));
    if (samples == NULL) {
        return pw_error_set_no_memory(reader->err);
    }
    size_t i = 0;
    for (const struct pw_json *item = pw_json_first(list); item != NULL;
         item = pw_json_next(item)) {
        if (!pw_json_number(item, &samples[i])) {
            (void)pw_reader_enter(reader, "samples");
            (void)pw_reader_enter_index(reader, i);
            return pw_reader_fail(reader, NULL, "is not a number");
        }
        i++;
    }
    out->samples = samples;
    out->count = size;
    out->capacity = size + 1;
    return 0;
}

/* One metric; the path names it. */
static int read_series(struct pw_reader *reader, const struct pw_json *object,
                       struct pw_series *out)
{
    struct pw_series series;
    memset(&series, 0, sizeof(series));
    series.metric = pw_json_key(object);
    if (pw_json_type(object) != PW_JSON_OBJECT) {
        return pw_reader_fail(reader, NULL, "is not an object");
    }
    int rc = pw_reader_text(reader, object, "unit", PW_REQUIRED, &series.unit);
    if (rc == 0) {
        rc = read_samples(reader, object, &series);
    }
    if (rc == 0) {
        rc = read_better(reader, object, series.count > 0, series.metric, &series.better);
    }
    if (rc == 0) {
        rc = pw_reader_text(reader, object, "source", PW_OPTIONAL, &series.source);
    }
    if (rc == 0) {
        rc = pw_reader_text(reader, object, "null_reason", PW_OPTIONAL, &series.null_reason);
    }
    if (rc < 0) {
        return rc;
    }
    if (series.null_reason != NULL && series.count > 0) {
        return pw_reader_fail(reader, "null_reason", "is given although there are samples");
    }
    *out = series;
    return 0;
}

static int read_metrics(struct pw_reader *reader, const struct pw_json *object,
                        struct pw_result_benchmark *out)
{
    const struct pw_json *metrics = NULL;
    int rc = pw_reader_member(reader, object, "metrics", PW_JSON_OBJECT, PW_REQUIRED, &metrics);
    if (rc < 0) {
        return rc;
    }
    size_t size = pw_json_size(metrics);
    out->series = pw_arena_array(&reader->result->arena, size + 1, sizeof(*out->series));
    if (out->series == NULL) {
        return pw_error_set_no_memory(reader->err);
    }
    out->series_capacity = size + 1;
    size_t mark = pw_reader_enter(reader, "metrics");
    for (const struct pw_json *item = pw_json_first(metrics); item != NULL;
         item = pw_json_next(item)) {
        if (*pw_json_key(item) == '\0') {
            return pw_reader_fail(reader, NULL, "has a metric without a name");
        }
        size_t inner = pw_reader_enter(reader, pw_json_key(item));
        rc = read_series(reader, item, &out->series[out->series_count++]);
        if (rc < 0) {
            return rc;
        }
        pw_reader_leave(reader, inner);
    }
    pw_reader_leave(reader, mark);
    return 0;
}

static int read_params(struct pw_reader *reader, const struct pw_json *object,
                       struct pw_result_benchmark *out)
{
    const struct pw_json *params = NULL;
    int rc = pw_reader_member(reader, object, "params", PW_JSON_OBJECT, PW_OPTIONAL, &params);
    if (rc < 0) {
        return rc;
    }
    size_t size = pw_json_size(params);
    out->params = pw_arena_array(&reader->result->arena, size + 1, sizeof(*out->params));
    if (out->params == NULL) {
        return pw_error_set_no_memory(reader->err);
    }
    for (const struct pw_json *item = pw_json_first(params); item != NULL;
         item = pw_json_next(item)) {
        const char *value = pw_json_string(item);
        if (value == NULL) {
            (void)pw_reader_enter(reader, "params");
            return pw_reader_fail(reader, pw_json_key(item), "is not a string");
        }
        out->params[out->param_count++] =
            (struct pw_result_param){.name = pw_json_key(item), .value = value};
    }
    return 0;
}

static int read_status(struct pw_reader *reader, const struct pw_json *object,
                       struct pw_result_benchmark *out)
{
    const char *status = NULL;
    int rc = pw_reader_text(reader, object, "status", PW_REQUIRED, &status);
    if (rc == 0) {
        rc = pw_reader_text(reader, object, "error", PW_OPTIONAL, &out->error);
    }
    if (rc < 0) {
        return rc;
    }
    if (!pw_measured_from_name(status, &out->status)) {
        return pw_reader_fail(reader, "status",
                              "is none of ok, exit, signal, timeout, limit, start, output, hook "
                              "and interrupted");
    }
    if (out->status == PW_MEASURED_OK && out->error != NULL) {
        return pw_reader_fail(reader, "error", "is given although the status is 'ok'");
    }
    return 0;
}

static int read_number(struct pw_reader *reader, const struct pw_json *object, const char *key,
                       double *out)
{
    const struct pw_json *member = NULL;
    int rc = pw_reader_member(reader, object, key, PW_JSON_NUMBER, PW_REQUIRED, &member);
    if (rc == 0 && (!pw_json_number(member, out) || !(*out >= 0.0))) {
        rc = pw_reader_fail(reader, key, "is negative");
    }
    return rc;
}

static int read_shell(struct pw_reader *reader, const struct pw_json *object,
                      struct pw_result_benchmark *out)
{
    const struct pw_json *member = NULL;
    int rc = pw_reader_member(reader, object, "shell", PW_JSON_OBJECT, PW_OPTIONAL, &member);
    if (rc < 0 || member == NULL) {
        return rc;
    }
    struct pw_result_shell *shell = pw_arena_alloc(&reader->result->arena, sizeof(*shell));
    if (shell == NULL) {
        return pw_error_set_no_memory(reader->err);
    }
    size_t mark = pw_reader_enter(reader, "shell");
    rc = pw_reader_text(reader, member, "path", PW_REQUIRED, &shell->path);
    if (rc == 0) {
        rc = read_number(reader, member, "wall_ns", &shell->wall_ns);
    }
    if (rc == 0) {
        rc = read_number(reader, member, "user_ns", &shell->user_ns);
    }
    if (rc == 0) {
        rc = read_number(reader, member, "system_ns", &shell->system_ns);
    }
    if (rc == 0) {
        pw_reader_leave(reader, mark);
        out->shell = shell;
    }
    return rc;
}

static int read_methods(struct pw_reader *reader, const struct pw_json *object,
                        struct pw_result_benchmark *out)
{
    const struct pw_json *member = NULL;
    int rc = pw_reader_member(reader, object, "methods", PW_JSON_OBJECT, PW_OPTIONAL, &member);
    if (rc < 0 || member == NULL) {
        return rc;
    }
    size_t mark = pw_reader_enter(reader, "methods");
    rc = pw_reader_text(reader, member, "ending", PW_OPTIONAL, &out->methods.ending);
    if (rc == 0) {
        rc = pw_reader_text(reader, member, "memory_limit", PW_OPTIONAL, &out->methods.memory);
    }
    if (rc == 0) {
        rc = pw_reader_text(reader, member, "cpu_limit", PW_OPTIONAL, &out->methods.cpu);
    }
    if (rc == 0) {
        pw_reader_leave(reader, mark);
    }
    return rc;
}

static int read_pairing(struct pw_reader *reader, const struct pw_json *object,
                        struct pw_result_benchmark *out)
{
    const char *pairing = NULL;
    int rc = pw_reader_text(reader, object, "pairing", PW_OPTIONAL, &pairing);
    if (rc == 0) {
        out->is_interleaved = pairing != NULL && strcmp(pairing, PW_RESULT_INTERLEAVED) == 0;
    }
    return rc;
}

/* One benchmark; the path names it. */
static int read_benchmark(struct pw_reader *reader, const struct pw_json *object,
                          struct pw_result_benchmark *out)
{
    struct pw_result_benchmark fresh;
    memset(&fresh, 0, sizeof(fresh));
    fresh.unknown = object;
    if (pw_json_type(object) != PW_JSON_OBJECT) {
        return pw_reader_fail(reader, NULL, "is not an object");
    }
    int rc = pw_reader_text(reader, object, "id", PW_REQUIRED, &fresh.id);
    if (rc == 0) {
        rc = pw_reader_text(reader, object, "name", PW_REQUIRED, &fresh.name);
    }
    if (rc == 0) {
        rc = pw_reader_text(reader, object, "declared", PW_OPTIONAL, &fresh.declared);
    }
    if (rc == 0) {
        rc = read_params(reader, object, &fresh);
    }
    if (rc == 0) {
        rc = pw_reader_texts(reader, object, "command", &fresh.command, &fresh.command_count);
    }
    if (rc == 0) {
        rc = read_shell(reader, object, &fresh);
    }
    if (rc == 0) {
        rc = read_methods(reader, object, &fresh);
    }
    if (rc == 0) {
        rc = read_pairing(reader, object, &fresh);
    }
    if (rc == 0) {
        rc = read_status(reader, object, &fresh);
    }
    if (rc == 0) {
        rc = pw_reader_texts(reader, object, "warnings", &fresh.warnings, &fresh.warning_count);
    }
    if (rc == 0) {
        rc = pw_reader_context(reader, object, &fresh.context);
    }
    if (rc == 0) {
        rc = read_metrics(reader, object, &fresh);
    }
    if (rc == 0) {
        rc = pw_reader_inside(reader, object, &fresh.inside);
    }
    if (rc < 0) {
        return rc;
    }
    fresh.warning_capacity = fresh.warning_count;
    if (fresh.declared == NULL) {
        fresh.declared = fresh.id;
    }
    *out = fresh;
    return 0;
}

/** An id and where it stands in the file. */
struct place {
    const char *id;
    size_t index;
};

static int compare_places(const void *left, const void *right)
{
    const struct place *a = left;
    const struct place *b = right;
    int order = strcmp(a->id, b->id);
    return order != 0 ? order : (a->index > b->index) - (a->index < b->index);
}

int pw_result_find_repeated(const struct pw_result *result, size_t *index, struct pw_error *err)
{
    size_t count = result->benchmark_count;
    struct place *places = calloc(count + 1, sizeof(*places));
    if (places == NULL) {
        return pw_error_set_no_memory(err);
    }
    for (size_t i = 0; i < count; i++) {
        places[i] = (struct place){.id = result->benchmarks[i].id, .index = i};
    }
    qsort(places, count, sizeof(*places), compare_places);
    *index = count;
    for (size_t i = 1; i < count && *index == count; i++) {
        if (strcmp(places[i - 1].id, places[i].id) == 0) {
            *index = places[i].index;
        }
    }
    free(places);
    return 0;
}

static int check_ids(struct pw_reader *reader)
{
    size_t repeated = 0;
    int rc = pw_result_find_repeated(reader->result, &repeated, reader->err);
    if (rc < 0 || repeated == reader->result->benchmark_count) {
        return rc;
    }
    (void)pw_reader_enter(reader, "benchmarks");
    (void)pw_reader_enter_index(reader, repeated);
    return pw_reader_fail(reader, "id", "is the id of an earlier benchmark");
}

int pw_reader_benchmarks(struct pw_reader *reader, const struct pw_json *document)
{
    struct pw_result *result = reader->result;
    const struct pw_json *list = NULL;
    int rc = pw_reader_member(reader, document, "benchmarks", PW_JSON_ARRAY, PW_REQUIRED, &list);
    if (rc < 0) {
        return rc;
    }
    size_t size = pw_json_size(list);
    result->benchmarks = pw_arena_array(&result->arena, size + 1, sizeof(*result->benchmarks));
    if (result->benchmarks == NULL) {
        return pw_error_set_no_memory(reader->err);
    }
    result->benchmark_capacity = size + 1;
    size_t mark = pw_reader_enter(reader, "benchmarks");
    for (const struct pw_json *item = pw_json_first(list); item != NULL;
         item = pw_json_next(item)) {
        size_t inner = pw_reader_enter_index(reader, result->benchmark_count);
        rc = read_benchmark(reader, item, &result->benchmarks[result->benchmark_count]);
        if (rc < 0) {
            return rc;
        }
        result->benchmark_count++;
        pw_reader_leave(reader, inner);
    }
    pw_reader_leave(reader, mark);
    return check_ids(reader);
}

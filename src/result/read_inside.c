/* Reading "steps", "workers", "errors" and "calls" of a benchmark. */
#include <string.h>

#include "internal.h"
#include "perfwarden/util/number.h"
#include "reader.h"

/** An integer; above 2^53 it is written as a string. */
static int read_count(struct pw_reader *reader, const struct pw_json *object, const char *key,
                      uint64_t *out)
{
    const struct pw_json *member = pw_json_get(object, key);
    const char *text = pw_json_string(member);
    double number = 0;

    if (text != NULL && pw_parse_uint64(text, out) == 0) {
        return 0;
    }
    if (text == NULL && pw_json_number(member, &number) && number >= 0 && number < 9.1e15) {
        *out = (uint64_t)number;
        return 0;
    }
    return pw_reader_fail(reader, key, "is not an integer from 0");
}

static int read_number(struct pw_reader *reader, const struct pw_json *object, const char *key,
                       double *out)
{
    return pw_json_number(pw_json_get(object, key), out)
               ? 0
               : pw_reader_fail(reader, key, "is not a number");
}

static int read_points(struct pw_reader *reader, const struct pw_json *object,
                       struct pw_result_steps *out)
{
    const struct pw_json *list = NULL;
    int rc = pw_reader_member(reader, object, "points", PW_JSON_ARRAY, PW_REQUIRED, &list);
    if (rc < 0) {
        return rc;
    }
    out->points =
        pw_arena_array(&reader->result->arena, pw_json_size(list) + 1, sizeof(*out->points));
    if (out->points == NULL) {
        return pw_error_set_no_memory(reader->err);
    }
    for (const struct pw_json *pair = pw_json_first(list); pair != NULL;
         pair = pw_json_next(pair)) {
        const struct pw_json *step = pw_json_first(pair);
        if (pw_json_size(pair) != 2 || !pw_json_number(step, &out->points[out->count][0]) ||
            !pw_json_number(pw_json_next(step), &out->points[out->count][1])) {
            return pw_reader_fail(reader, "points", "has an element that is not [step, value]");
        }
        out->count++;
    }
    return 0;
}

static int read_steps(struct pw_reader *reader, const struct pw_json *object, void *element)
{
    struct pw_result_steps *out = element;
    const char *better = NULL;
    int rc = pw_reader_text(reader, object, "metric", PW_REQUIRED, &out->metric);
    if (rc == 0) {
        rc = pw_reader_text(reader, object, "worker", PW_OPTIONAL, &out->worker);
    }
    if (rc == 0) {
        rc = pw_reader_text(reader, object, "unit", PW_REQUIRED, &out->unit);
    }
    if (rc == 0) {
        rc = pw_reader_text(reader, object, "better", PW_REQUIRED, &better);
    }
    if (rc == 0 && !pw_better_from_name(better, &out->better)) {
        rc = pw_reader_fail(reader, "better", "is neither 'lower' nor 'higher'");
    }
    return rc == 0 ? read_points(reader, object, out) : rc;
}

static int read_worker(struct pw_reader *reader, const struct pw_json *object, void *element)
{
    struct pw_result_worker *out = element;
    int rc = pw_reader_text(reader, object, "metric", PW_REQUIRED, &out->metric);
    if (rc == 0) {
        rc = pw_reader_text(reader, object, "worker", PW_REQUIRED, &out->worker);
    }
    return rc == 0 ? read_number(reader, object, "value", &out->value) : rc;
}

static int read_error(struct pw_reader *reader, const struct pw_json *object, void *element)
{
    struct pw_result_error *out = element;
    int rc = pw_reader_text(reader, object, "kind", PW_REQUIRED, &out->kind);
    if (rc == 0) {
        rc = pw_reader_text(reader, object, "message", PW_OPTIONAL, &out->message);
    }
    if (rc == 0 && out->message == NULL) {
        out->message = "";
    }
    return rc == 0 ? read_count(reader, object, "count", &out->count) : rc;
}

static int read_attributes(struct pw_reader *reader, const struct pw_json *object,
                           struct pw_result_call *out)
{
    const struct pw_json *list = NULL;
    int rc = pw_reader_member(reader, object, "attributes", PW_JSON_OBJECT, PW_OPTIONAL, &list);
    if (rc < 0 || list == NULL) {
        return rc;
    }
    out->attributes =
        pw_arena_array(&reader->result->arena, pw_json_size(list) + 1, sizeof(*out->attributes));
    if (out->attributes == NULL) {
        return pw_error_set_no_memory(reader->err);
    }
    for (const struct pw_json *item = pw_json_first(list); item != NULL;
         item = pw_json_next(item)) {
        const char *value = pw_json_string(item);
        if (value == NULL) {
            return pw_reader_fail(reader, "attributes", "has a member that is not a string");
        }
        out->attributes[out->attribute_count++] =
            (struct pw_result_param){pw_json_key(item), value};
    }
    return 0;
}

static int read_call(struct pw_reader *reader, const struct pw_json *object, void *element)
{
    struct pw_result_call *out = element;
    uint64_t run = 0;
    int rc = pw_reader_text(reader, object, "correlation", PW_REQUIRED, &out->correlation);
    if (rc == 0) {
        rc = pw_reader_text(reader, object, "op", PW_REQUIRED, &out->op);
    }
    if (rc == 0) {
        rc = pw_reader_text(reader, object, "error", PW_OPTIONAL, &out->error);
    }
    if (rc == 0) {
        rc = read_count(reader, object, "run", &run);
    }
    if (rc == 0) {
        rc = read_count(reader, object, "thread", &out->thread);
    }
    if (rc == 0) {
        rc = read_count(reader, object, "start_ns", &out->start_ns);
    }
    if (rc == 0) {
        rc = read_count(reader, object, "duration_ns", &out->duration_ns);
    }
    if (rc == 0 && !pw_json_bool(pw_json_get(object, "ok"), &out->is_ok)) {
        rc = pw_reader_fail(reader, "ok", "is neither true nor false");
    }
    out->run = run > 1000000000 ? 1000000000 : (unsigned)run;
    return rc == 0 ? read_attributes(reader, object, out) : rc;
}

/** A list of objects. @param[out] items and count untouched where there is none */
static int
read_list(struct pw_reader *reader, const struct pw_json *object, const char *key, size_t size,
          int (*read)(struct pw_reader *reader, const struct pw_json *object, void *element),
          void **items, size_t *count)
{
    const struct pw_json *list = NULL;
    int rc = pw_reader_member(reader, object, key, PW_JSON_ARRAY, PW_OPTIONAL, &list);
    if (rc < 0 || list == NULL) {
        return rc;
    }
    char *array = pw_arena_array(&reader->result->arena, pw_json_size(list) + 1, size);
    if (array == NULL) {
        return pw_error_set_no_memory(reader->err);
    }
    size_t mark = pw_reader_enter(reader, key);
    for (const struct pw_json *item = pw_json_first(list); item != NULL;
         item = pw_json_next(item)) {
        size_t inner = pw_reader_enter_index(reader, *count);
        if (pw_json_type(item) != PW_JSON_OBJECT) {
            return pw_reader_fail(reader, NULL, "is not an object");
        }
        rc = read(reader, item, array + *count * size);
        if (rc < 0) {
            return rc;
        }
        (*count)++;
        pw_reader_leave(reader, inner);
    }
    pw_reader_leave(reader, mark);
    *items = array;
    return 0;
}

int pw_reader_inside(struct pw_reader *reader, const struct pw_json *object,
                     struct pw_result_inside **out)
{
    struct pw_result_inside inside;
    void *items[4] = {NULL, NULL, NULL, NULL};
    memset(&inside, 0, sizeof(inside));
    int rc = read_list(reader, object, "steps", sizeof(*inside.steps), read_steps, &items[0],
                       &inside.steps_count);
    if (rc == 0) {
        rc = read_list(reader, object, "workers", sizeof(*inside.workers), read_worker, &items[1],
                       &inside.worker_count);
    }
    if (rc == 0) {
        rc = read_list(reader, object, "errors", sizeof(*inside.errors), read_error, &items[2],
                       &inside.error_count);
    }
    if (rc == 0) {
        rc = read_list(reader, object, "calls", sizeof(*inside.calls), read_call, &items[3],
                       &inside.call_count);
    }
    if (rc < 0 ||
        inside.steps_count + inside.worker_count + inside.error_count + inside.call_count == 0) {
        return rc;
    }
    inside.steps = items[0];
    inside.steps_capacity = inside.steps_count;
    inside.workers = items[1];
    inside.worker_capacity = inside.worker_count;
    inside.errors = items[2];
    inside.calls = items[3];
    *out = pw_arena_alloc(&reader->result->arena, sizeof(**out));
    if (*out == NULL) {
        return pw_error_set_no_memory(reader->err);
    }
    **out = inside;
    return 0;
}

/* "steps", "workers", "errors" and "calls" of a benchmark: what its processes told of themselves.
 */
#include <math.h>
#include <string.h>

#include "internal.h"
#include "reader.h"

static void put_steps(struct pw_json_writer *writer, const struct pw_result_steps *steps)
{
    pw_json_begin_compact_object(writer, NULL);
    pw_json_put_string(writer, "metric", steps->metric);
    if (steps->worker != NULL) {
        pw_json_put_string(writer, "worker", steps->worker);
    }
    pw_json_put_string(writer, "unit", steps->unit);
    pw_json_put_string(writer, "better", pw_better_name(steps->better));
    pw_json_begin_array(writer, "points");
    for (size_t i = 0; i < steps->count; i++) {
        pw_json_begin_array(writer, NULL);
        pw_json_put_double(writer, NULL, steps->points[i][0]);
        pw_json_put_double(writer, NULL, steps->points[i][1]);
        pw_json_end(writer);
    }
    pw_json_end(writer);
    pw_json_end(writer);
}

static void put_call(struct pw_json_writer *writer, const struct pw_result_call *call)
{
    pw_json_begin_compact_object(writer, NULL);
    pw_json_put_uint64(writer, "run", call->run);
    pw_json_put_string(writer, "correlation", call->correlation);
    pw_json_put_string(writer, "op", call->op);
    pw_json_put_uint64(writer, "thread", call->thread);
    pw_json_put_uint64(writer, "start_ns", call->start_ns);
    pw_json_put_uint64(writer, "duration_ns", call->duration_ns);
    pw_json_put_bool(writer, "ok", call->is_ok);
    if (call->error != NULL) {
        pw_json_put_string(writer, "error", call->error);
    }
    if (call->attribute_count > 0) {
        pw_json_begin_object(writer, "attributes");
        for (size_t i = 0; i < call->attribute_count; i++) {
            pw_json_put_string(writer, call->attributes[i].name, call->attributes[i].value);
        }
        pw_json_end(writer);
    }
    pw_json_end(writer);
}

static void put_errors(struct pw_json_writer *writer, const struct pw_result_inside *inside)
{
    pw_json_begin_array(writer, "errors");
    for (size_t i = 0; i < inside->error_count; i++) {
        pw_json_begin_compact_object(writer, NULL);
        pw_json_put_string(writer, "kind", inside->errors[i].kind);
        pw_json_put_string(writer, "message", inside->errors[i].message);
        pw_json_put_uint64(writer, "count", inside->errors[i].count);
        pw_json_end(writer);
    }
    pw_json_end(writer);
}

void pw_inside_put(struct pw_json_writer *writer, const struct pw_result_inside *inside)
{
    if (inside == NULL) {
        return;
    }
    if (inside->steps_count > 0) {
        pw_json_begin_array(writer, "steps");
        for (size_t i = 0; i < inside->steps_count; i++) {
            put_steps(writer, &inside->steps[i]);
        }
        pw_json_end(writer);
    }
    if (inside->worker_count > 0) {
        pw_json_begin_array(writer, "workers");
        for (size_t i = 0; i < inside->worker_count; i++) {
            pw_json_begin_compact_object(writer, NULL);
            pw_json_put_string(writer, "metric", inside->workers[i].metric);
            pw_json_put_string(writer, "worker", inside->workers[i].worker);
            pw_json_put_double(writer, "value", inside->workers[i].value);
            pw_json_end(writer);
        }
        pw_json_end(writer);
    }
    if (inside->error_count > 0) {
        put_errors(writer, inside);
    }
    if (inside->call_count > 0) {
        pw_json_begin_array(writer, "calls");
        for (size_t i = 0; i < inside->call_count; i++) {
            put_call(writer, &inside->calls[i]);
        }
        pw_json_end(writer);
    }
}

/*
 * What a metrics file tells, in the result: plain values in the benchmark's own entry, those with
 * labels in entries "<id>/<label>=<value>,…", and beside them errors, steps, workers and calls.
 */
#include <string.h>

#include "metrics_file.h"
#include "perfwarden/util/strbuf.h"
#include "session.h"
#include "values.h"

static const char SOURCE[] = "metrics";
static const char ERRORS[] = "errors/";

static const char *id_of(struct pw_run_session *session, const char *variant)
{
    return *variant == '\0'
               ? session->benchmark->id
               : pw_arena_printf(&session->arena, "%s/%s", session->benchmark->id, variant);
}

/** Say what stands against a value. @return true when something does */
static bool describe_obstacle(const struct pw_run_session *session,
                              const struct pw_metrics_value *value, const char *id,
                              struct pw_strbuf *message)
{
    const struct pw_result_benchmark *entry = pw_result_find(session->suite->result, id);
    const struct pw_series *series =
        entry != NULL ? pw_result_benchmark_series(entry, value->metric) : NULL;

    if (pw_run_values_is_taken(session, id)) {
        pw_strbuf_printf(message,
                         "its metrics file has labels of a variant that would be called '%s', as "
                         "another benchmark is called already; rename one of them",
                         id);
    } else if (series != NULL && (series->source == NULL || strcmp(series->source, SOURCE) != 0)) {
        pw_strbuf_printf(message, "'%s' stands both in its output and in its metrics file",
                         value->metric);
    } else if (series != NULL && strcmp(series->unit, value->unit) != 0) {
        pw_strbuf_printf(message, "'%s' is in '%s' in its metrics file, and was in '%s' before",
                         value->metric, value->unit, series->unit);
    }
    return message->length > 0;
}

/** How many runs have told of errors: those without one of a kind had none of it. */
static size_t runs_with_records(const struct pw_result_benchmark *entry)
{
    const struct pw_series *total = pw_result_benchmark_series(entry, "errors/total");

    return total != NULL ? total->count : 0;
}

/** A kind of error that is new had not happened before. In pairs both sides begin together. */
static int fill_before(struct pw_run_session *session, struct pw_series *series, size_t runs,
                       struct pw_error *err)
{
    int status = 0;

    if (session->pairing != NULL || series->count > 0 ||
        strncmp(series->metric, ERRORS, sizeof(ERRORS) - 1) != 0) {
        return 0;
    }
    for (size_t i = 0; status == 0 && i < runs; i++) {
        status = pw_series_add(session->suite->result, series, 0.0, err);
    }
    return status;
}

static int add_value(struct pw_run_session *session, const struct pw_metrics_value *value,
                     const char *id, size_t runs, struct pw_error *err)
{
    struct pw_result *result = session->suite->result;
    struct pw_series *series;
    int status = 0;

    if (pw_result_find(result, id) == NULL) {
        status = pw_run_session_add_entry(session, id, err);
    }
    if (status != 0) {
        return status;
    }
    series = pw_result_series(result, pw_result_find(result, id), value->metric, value->unit,
                              value->better, SOURCE);
    if (series == NULL) {
        return pw_error_set_no_memory(err);
    }
    status = fill_before(session, series, runs, err);
    if (status == 0) {
        status = pw_series_add(result, series, value->value, err);
    }
    if (status == 0) {
        series->null_reason = NULL;
    }
    return status;
}

/** Kinds of errors that this run had none of. */
static int fill_absent(struct pw_run_session *session, const struct pw_metrics *metrics,
                       struct pw_error *err)
{
    struct pw_result_benchmark *entry = pw_run_session_entry(session);
    int status = 0;

    for (size_t s = 0; status == 0 && s < entry->series_count; s++) {
        struct pw_series *series = &entry->series[s];
        bool is_there = strncmp(series->metric, ERRORS, sizeof(ERRORS) - 1) != 0 ||
                        series->source == NULL || strcmp(series->source, SOURCE) != 0;

        for (size_t i = 0; !is_there && i < metrics->value_count; i++) {
            is_there = *metrics->values[i].variant == '\0' &&
                       strcmp(metrics->values[i].metric, series->metric) == 0;
        }
        if (!is_there) {
            status = pw_series_add(session->suite->result, series, 0.0, err);
        }
    }
    return status;
}

static bool is_same_text(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

static int add_error(struct pw_run_session *session, const struct pw_metrics_error *error,
                     struct pw_error *err)
{
    struct pw_run_metrics_file *file = &session->metrics_file;
    struct pw_result_error *to = NULL;

    for (size_t i = 0; to == NULL && i < file->error_count; i++) {
        if (is_same_text(file->errors[i].kind, error->kind) &&
            is_same_text(file->errors[i].message, error->message)) {
            to = &file->errors[i];
        }
    }
    if (to == NULL && file->error_count == PW_RUN_ERRORS_MAX) {
        file->errors_left_out += error->count;
        return 0;
    }
    if (to == NULL) {
        struct pw_result_error fresh = {
            .kind = pw_arena_strdup(&session->suite->result->arena, error->kind),
            .message = pw_arena_strdup(&session->suite->result->arena, error->message)};

        if (fresh.kind == NULL || fresh.message == NULL) {
            return pw_error_set_no_memory(err);
        }
        to = &file->errors[file->error_count++];
        *to = fresh;
    }
    to->count += error->count;
    return 0;
}

/** How many single calls the result holds, with those of this benchmark that are still to come. */
static size_t calls_so_far(const struct pw_run_session *session)
{
    const struct pw_result *result = session->suite->result;
    size_t count = session->metrics_file.call_count;

    for (size_t i = 0; i < result->benchmark_count; i++) {
        count +=
            result->benchmarks[i].inside != NULL ? result->benchmarks[i].inside->call_count : 0;
    }
    return count;
}

static int add_call(struct pw_run_session *session, const struct pw_metrics_call *call,
                    unsigned run, struct pw_error *err)
{
    struct pw_run_metrics_file *file = &session->metrics_file;
    struct pw_arena *arena = &session->suite->result->arena;
    struct pw_result_param *attributes =
        pw_arena_array(arena, call->attribute_count, sizeof(*attributes));
    struct pw_result_call *grown =
        pw_arena_grow(arena, file->calls, file->call_count, &file->call_capacity, sizeof(*grown));
    bool is_complete = attributes != NULL && grown != NULL;

    for (size_t i = 0; is_complete && i < call->attribute_count; i++) {
        attributes[i].name = pw_arena_strdup(arena, call->attributes[i].name);
        attributes[i].value = pw_arena_strdup(arena, call->attributes[i].value);
        is_complete = attributes[i].name != NULL && attributes[i].value != NULL;
    }
    if (!is_complete) {
        return pw_error_set_no_memory(err);
    }
    file->calls = grown;
    grown[file->call_count] = (struct pw_result_call){
        .run = run,
        .correlation = pw_arena_strdup(arena, call->correlation),
        .op = pw_arena_strdup(arena, call->op),
        .thread = call->thread,
        .start_ns = call->start_ns,
        .duration_ns = call->duration_ns,
        .is_ok = call->is_ok,
        .error = call->error != NULL ? pw_arena_strdup(arena, call->error) : NULL,
        .attributes = attributes,
        .attribute_count = call->attribute_count};
    if (grown[file->call_count].correlation == NULL || grown[file->call_count].op == NULL ||
        (call->error != NULL && grown[file->call_count].error == NULL)) {
        return pw_error_set_no_memory(err);
    }
    file->call_count++;
    return 0;
}

static int add_besides(struct pw_run_session *session, const struct pw_metrics *metrics,
                       unsigned run, const char *prefix, struct pw_error *err)
{
    struct pw_run_metrics_file *file = &session->metrics_file;
    size_t room = calls_so_far(session);
    int status = 0;

    room = room < PW_RUN_CALLS_MAX ? PW_RUN_CALLS_MAX - room : 0;
    for (size_t i = 0; status == 0 && i < metrics->error_count; i++) {
        status = add_error(session, &metrics->errors[i], err);
    }
    for (size_t i = 0; status == 0 && i < metrics->call_count && i < room; i++) {
        status = add_call(session, &metrics->calls[i], run, err);
    }
    file->calls_left_out += metrics->calls_left_out;
    file->calls_left_out += metrics->call_count > room ? metrics->call_count - room : 0;
    file->dropped += metrics->dropped;
    file->bad_lines += metrics->bad_lines;
    file->bad_runs += metrics->bad_lines > 0;
    if (status == 0 && file->first_bad == NULL && metrics->bad_lines > 0) {
        struct pw_strbuf text = PW_STRBUF_INIT;

        pw_metrics_describe_bad(metrics, &text);
        file->first_bad = pw_arena_printf(&session->kept, "%s%s", prefix, pw_strbuf_text(&text));
        status =
            file->first_bad == NULL ? pw_error_set_no_memory(err) : pw_strbuf_check(&text, err);
        pw_strbuf_release(&text);
    }
    return status;
}

/** Look at all values before any is added: a run counts as a whole or not at all. */
static int find_ids(struct pw_run_session *session, const struct pw_metrics *metrics,
                    const char **ids, struct pw_strbuf *message, struct pw_error *err)
{
    if (metrics->value_count == 0 && metrics->bad_lines > 0) {
        pw_strbuf_puts(message, "no line of its metrics file can be read: ");
        pw_metrics_describe_bad(metrics, message);
        return 0;
    }
    for (size_t i = 0; i < metrics->value_count; i++) {
        ids[i] = id_of(session, metrics->values[i].variant);
        if (ids[i] == NULL) {
            return pw_error_set_no_memory(err);
        }
        if (describe_obstacle(session, &metrics->values[i], ids[i], message)) {
            return 0;
        }
    }
    return 0;
}

int pw_run_metrics_inside_add(struct pw_run_session *session, const struct pw_metrics *metrics,
                              unsigned run, const char *prefix, struct pw_error *err)
{
    const size_t runs = runs_with_records(pw_run_session_entry(session));
    struct pw_strbuf message = PW_STRBUF_INIT;
    const char **ids = pw_arena_array(&session->arena, metrics->value_count + 1, sizeof(*ids));
    int status;

    if (ids == NULL) {
        return pw_error_set_no_memory(err);
    }
    status = find_ids(session, metrics, ids, &message, err);
    if (status == 0 && message.length > 0) {
        const char *text =
            pw_arena_printf(&session->arena, "%s%s", prefix, pw_strbuf_text(&message));

        status = text == NULL || pw_strbuf_failed(&message)
                     ? pw_error_set_no_memory(err)
                     : pw_run_session_fail(session, PW_MEASURED_OUTPUT, text, err);
        pw_strbuf_release(&message);
        return status;
    }
    pw_strbuf_release(&message);
    for (size_t i = 0; status == 0 && i < metrics->value_count; i++) {
        status = add_value(session, &metrics->values[i], ids[i], runs, err);
    }
    if (status == 0 && metrics->value_count > 0) {
        status = fill_absent(session, metrics, err);
    }
    return status != 0 ? status : add_besides(session, metrics, run, prefix, err);
}

/*
 * Puts what an adapter found into the result. Refuses output that was cut, values that are not
 * finite, and names that would make two benchmarks one.
 */
#include "values.h"

#include <math.h>
#include <string.h>

#include "perfwarden/util/number.h"
#include "perfwarden/util/strbuf.h"

/** Fail with PW_MEASURED_OUTPUT and the text, which is released. */
static int fail_output(struct pw_run_session *session, struct pw_strbuf *message,
                       struct pw_error *err)
{
    int status = pw_strbuf_check(message, err);

    if (status == 0) {
        status = pw_run_session_fail(session, PW_MEASURED_OUTPUT, pw_strbuf_text(message), err);
    }
    pw_strbuf_release(message);
    return status;
}

int pw_run_values_begin(struct pw_run_session *session, struct pw_error *err)
{
    struct pw_strbuf message = PW_STRBUF_INIT;
    const struct pw_adapter *table;
    size_t count = 0;

    if (session->benchmark->format == NULL) {
        return 0;
    }
    session->adapter = pw_adapter_find(session->benchmark->format);
    if (session->adapter != NULL) {
        return 0;
    }
    table = pw_adapter_table(&count);
    pw_strbuf_printf(&message, "unknown format '%s'; known are", session->benchmark->format);
    for (size_t i = 0; i < count; i++) {
        pw_strbuf_printf(&message, "%s '%s'", i > 0 ? "," : "", table[i].name);
    }
    return fail_output(session, &message, err);
}

static bool is_blank(const struct pw_output *output)
{
    for (size_t i = 0; i < output->length; i++) {
        if (strchr(" \t\r\n", output->data[i]) == NULL || output->data[i] == '\0') {
            return false;
        }
    }
    return true;
}

/** The id of an inner benchmark's entry: "<id>/<name>", or the process's own where the harness has
 * no name. */
static const char *inner_id(struct pw_run_session *session, const char *name)
{
    if (name == NULL || name[0] == '\0') {
        return session->benchmark->id;
    }
    return pw_arena_printf(&session->arena, "%s/%s", session->benchmark->id, name);
}

/** True when an id belongs to another configured benchmark, measured already or still to come. */
static bool is_taken(const struct pw_run_session *session, const char *id)
{
    const struct pw_result_benchmark *entry = pw_result_find(session->suite->result, id);

    if (strcmp(id, session->benchmark->id) == 0) {
        return false;
    }
    return pw_config_find(session->suite->config, id) != NULL ||
           (entry != NULL && strcmp(entry->declared, session->benchmark->id) != 0);
}

static int add_value(struct pw_run_session *session, const struct pw_adapter_value *value,
                     const char *id, struct pw_error *err)
{
    struct pw_result *result = session->suite->result;
    struct pw_series *series;
    int status;

    if (pw_result_find(result, id) == NULL) {
        status = pw_run_session_add_entry(session, id, err);
        if (status != 0) {
            return status;
        }
    }
    series = pw_result_series(result, pw_result_find(result, id), value->metric, value->unit,
                              value->better, "adapter");
    if (series == NULL) {
        return pw_error_set_no_memory(err);
    }
    status = pw_series_add(result, series, value->value, err);
    if (status == 0) {
        series->null_reason = NULL;
    }
    return status;
}

/** Say what is wrong with a value. @return true when something is */
static bool describe_wrong_value(const struct pw_run_session *session,
                                 const struct pw_adapter_value *value, const char *id,
                                 const char *number, struct pw_strbuf *message)
{
    if (!isfinite(value->value)) {
        pw_strbuf_printf(message, "%s'%s' of '%s' is not a finite number", number, value->metric,
                         id);
        return true;
    }
    if (is_taken(session, id)) {
        pw_strbuf_printf(message,
                         "%sit prints a benchmark that would be called '%s', as another is called "
                         "already; rename one of them",
                         number, id);
        return true;
    }
    return false;
}

/** Look at all values before any is added: a run counts as a whole or not at all. */
static int add_values(struct pw_run_session *session, const struct pw_adapter_output *values,
                      const char *number, struct pw_error *err)
{
    struct pw_strbuf message = PW_STRBUF_INIT;
    const char **ids = pw_arena_array(&session->arena, values->count, sizeof(*ids));
    int status = 0;

    if (ids == NULL) {
        return pw_error_set_no_memory(err);
    }
    for (size_t i = 0; i < values->count; i++) {
        ids[i] = inner_id(session, values->values[i].benchmark);
        if (ids[i] == NULL) {
            return pw_error_set_no_memory(err);
        }
        if (describe_wrong_value(session, &values->values[i], ids[i], number, &message)) {
            return fail_output(session, &message, err);
        }
    }
    for (size_t i = 0; status == 0 && i < values->count; i++) {
        status = add_value(session, &values->values[i], ids[i], err);
    }
    return status;
}

/** Say why an output cannot be read before it is tried. @return true when there is a reason */
static bool describe_unreadable(const struct pw_run_session *session,
                                const struct pw_output *output, const char *number,
                                struct pw_strbuf *message)
{
    const char *format = session->adapter->name;

    if (is_blank(output)) {
        pw_strbuf_printf(message, "%sprinted nothing where %s output was expected", number, format);
        return true;
    }
    if (output->total_bytes > output->length) {
        pw_strbuf_printf(message, "%sprinted ", number);
        pw_format_value(message, (double)output->total_bytes, "bytes");
        pw_strbuf_puts(message, ", more than the ");
        pw_format_value(message, (double)output->length, "bytes");
        pw_strbuf_printf(message, " that are read as %s output; make it print less", format);
        return true;
    }
    return false;
}

int pw_run_values_add(struct pw_run_session *session, const struct pw_output *output,
                      const char *number, struct pw_error *err)
{
    struct pw_adapter_output values;
    struct pw_strbuf message = PW_STRBUF_INIT;
    struct pw_error failure = PW_ERROR_INIT;
    int status;

    if (describe_unreadable(session, output, number, &message)) {
        return fail_output(session, &message, err);
    }
    memset(&values, 0, sizeof(values));
    status = session->adapter->parse(output->data, output->length, NULL, &values, &failure);
    if (status == PW_EFORMAT) {
        pw_strbuf_printf(&message, "%s%s", number, pw_error_message(&failure));
        pw_error_release(&failure);
        return fail_output(session, &message, err);
    }
    if (status != 0) {
        pw_error_move(err, &failure);
        return status;
    }
    status = add_values(session, &values, number, err);
    pw_adapter_output_release(&values);
    return status;
}

int pw_run_values_check_complete(struct pw_run_session *session, struct pw_error *err)
{
    struct pw_result *result = session->suite->result;
    int status = 0;

    for (size_t i = 1; status == 0 && i < session->entry_count; i++) {
        struct pw_result_benchmark *entry = &result->benchmarks[session->entries[i]];

        for (size_t s = 0; status == 0 && s < entry->series_count; s++) {
            const struct pw_series *series = &entry->series[s];
            const char *text;

            if (series->count == session->runs_done || session->is_over) {
                continue;
            }
            text = pw_arena_printf(&session->arena,
                                   "'%s' has %zu values in %u runs: not every run printed it once",
                                   series->metric, series->count, session->runs_done);
            status = text != NULL ? pw_result_add_warning(result, entry, text, err)
                                  : pw_error_set_no_memory(err);
        }
    }
    return status;
}

/*
 * Puts what an adapter found into the result. Refuses output that was cut, values that are not
 * finite, and names that would make two benchmarks one.
 */
#include "values.h"

#include <math.h>
#include <string.h>

#include "perfwarden/util/number.h"
#include "perfwarden/util/strbuf.h"
#include "printed.h"

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

/** The adapter of a format that has one of its own; "exec" yields what "bmf" reads. */
static const struct pw_adapter *find_adapter(const char *format)
{
    return pw_adapter_find(strcmp(format, "exec") == 0 ? "bmf" : format);
}

static bool is_recognised_later(const char *format)
{
    return strcmp(format, "auto") == 0;
}

int pw_run_values_check(const struct pw_benchmark *benchmark, struct pw_error *err)
{
    const struct pw_adapter_settings settings = {benchmark->values, benchmark->value_count};
    const struct pw_adapter *adapter;
    const struct pw_adapter *table;
    struct pw_strbuf known = PW_STRBUF_INIT;
    size_t count = 0;
    int status;

    if (benchmark->format == NULL || is_recognised_later(benchmark->format)) {
        return 0;
    }
    adapter = find_adapter(benchmark->format);
    if (adapter != NULL) {
        return adapter->check == NULL ? 0 : adapter->check(&settings, err);
    }
    table = pw_adapter_table(&count);
    for (size_t i = 0; i < count; i++) {
        pw_strbuf_printf(&known, "'%s', ", table[i].name);
    }
    status = pw_error_set(err, PW_ECONFIG, "unknown format '%s'; known are %s'auto' and 'exec'",
                          benchmark->format, pw_strbuf_text(&known));
    pw_strbuf_release(&known);
    return status;
}

int pw_run_check_formats(const struct pw_config *config, struct pw_error *err)
{
    int status = 0;

    for (size_t i = 0; status == 0 && i < config->benchmark_count; i++) {
        const struct pw_benchmark *benchmark = &config->benchmarks[i];
        struct pw_error failure = PW_ERROR_INIT;

        status = pw_run_values_check(benchmark, &failure);
        if (status == PW_ECONFIG) {
            status =
                pw_error_set_at(err, PW_ECONFIG, config->path, benchmark->line, benchmark->column,
                                "'%s': %s", benchmark->name, pw_error_message(&failure));
        } else if (status != 0) {
            pw_error_move(err, &failure);
        }
        pw_error_release(&failure);
    }
    return status;
}

int pw_run_values_begin(struct pw_run_session *session, struct pw_error *err)
{
    const struct pw_benchmark *benchmark = session->benchmark;
    struct pw_strbuf message = PW_STRBUF_INIT;
    struct pw_error failure = PW_ERROR_INIT;
    int status;

    if (benchmark->format == NULL) {
        return 0;
    }
    session->settings = (struct pw_adapter_settings){benchmark->values, benchmark->value_count};
    status = pw_run_values_check(benchmark, &failure);
    if (status == PW_ECONFIG) {
        pw_strbuf_puts(&message, pw_error_message(&failure));
        pw_error_release(&failure);
        return fail_output(session, &message, err);
    }
    if (status != 0) {
        pw_error_move(err, &failure);
        return status;
    }
    session->adapter = find_adapter(benchmark->format);
    return 0;
}

static bool is_blank(const struct pw_run_printed *output)
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

bool pw_run_values_is_taken(const struct pw_run_session *session, const char *id)
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

/** Say what is wrong with a value, or with an id where that is NULL. @return true when something is
 */
static bool describe_wrong_value(const struct pw_run_session *session,
                                 const struct pw_adapter_value *value, const char *id,
                                 const char *number, struct pw_strbuf *message)
{
    if (value != NULL && !isfinite(value->value)) {
        pw_strbuf_printf(message, "%s'%s' of '%s' is not a finite number", number, value->metric,
                         id);
        return true;
    }
    if (pw_run_values_is_taken(session, id)) {
        pw_strbuf_printf(message,
                         "%sit prints a benchmark that would be called '%s', as another is called "
                         "already; rename one of them",
                         number, id);
        return true;
    }
    return false;
}

/** Add what the harness itself calls failed: the other benchmarks of its process have their values
 * all the same. */
static int add_failure(struct pw_run_session *session, const struct pw_adapter_failure *failure,
                       const char *id, const char *number, struct pw_error *err)
{
    struct pw_result *result = session->suite->result;
    struct pw_result_benchmark *entry;
    int status = 0;

    if (strcmp(id, session->benchmark->id) == 0) {
        return pw_run_session_fail(session, PW_MEASURED_FAILED, failure->message, err);
    }
    if (pw_result_find(result, id) == NULL) {
        status = pw_run_session_add_entry(session, id, err);
    }
    if (status != 0) {
        return status;
    }
    entry = pw_result_find(result, id);
    entry->error =
        pw_arena_printf(&result->arena, "%sit reports an error: %s", number, failure->message);
    entry->status = PW_MEASURED_FAILED;
    return entry->error == NULL ? pw_error_set_no_memory(err) : 0;
}

/** The ids of all values and failures, or why one cannot be. @param[out] ids values first */
static int find_ids(struct pw_run_session *session, const struct pw_adapter_output *values,
                    const char *number, const char **ids, struct pw_strbuf *message,
                    struct pw_error *err)
{
    for (size_t i = 0; i < values->count + values->failure_count; i++) {
        const bool is_value = i < values->count;
        const char *name =
            is_value ? values->values[i].benchmark : values->failures[i - values->count].benchmark;

        ids[i] = inner_id(session, name);
        if (ids[i] == NULL) {
            return pw_error_set_no_memory(err);
        }
        if (describe_wrong_value(session, is_value ? &values->values[i] : NULL, ids[i], number,
                                 message)) {
            return 0;
        }
    }
    return 0;
}

/** Look at all values before any is added: a run counts as a whole or not at all. */
static int add_values(struct pw_run_session *session, const struct pw_adapter_output *values,
                      const char *number, struct pw_error *err)
{
    struct pw_strbuf message = PW_STRBUF_INIT;
    const char **ids =
        pw_arena_array(&session->arena, values->count + values->failure_count + 1, sizeof(*ids));
    int status;

    if (ids == NULL) {
        return pw_error_set_no_memory(err);
    }
    status = find_ids(session, values, number, ids, &message, err);
    if (status == 0 && message.length > 0) {
        return fail_output(session, &message, err);
    }
    for (size_t i = 0; status == 0 && i < values->count; i++) {
        status = add_value(session, &values->values[i], ids[i], err);
    }
    for (size_t i = 0; status == 0 && i < values->failure_count; i++) {
        status = add_failure(session, &values->failures[i], ids[values->count + i], number, err);
    }
    pw_strbuf_release(&message);
    return status;
}

/** Say why a text cannot be read before it is tried. @return true when there is a reason */
static bool describe_unreadable(const struct pw_run_session *session,
                                const struct pw_run_printed *printed, const char *number,
                                struct pw_strbuf *message)
{
    const char *format = session->benchmark->format;

    if (is_blank(printed)) {
        pw_strbuf_printf(message, "%s%s nothing where %s output was expected", number,
                         session->benchmark->results_file == NULL ? "printed" : "wrote", format);
        return true;
    }
    if (printed->total_bytes > printed->length) {
        pw_strbuf_printf(message, "%sprinted ", number);
        pw_format_value(message, (double)printed->total_bytes, "bytes");
        pw_strbuf_puts(message, ", more than the ");
        pw_format_value(message, (double)printed->length, "bytes");
        pw_strbuf_printf(message,
                         " that are read as %s output; make it print less, or have it write a file "
                         "and name that as 'results_file'",
                         format);
        return true;
    }
    return false;
}

/** How much of an output a format is recognised by. */
enum { RECOGNISED_BYTES = 64 << 10 };

/** Parse the text; the first of a benchmark whose format is to be recognised says which it is. */
static int parse(struct pw_run_session *session, const struct pw_run_printed *printed,
                 struct pw_adapter_output *values, struct pw_error *err)
{
    int status = 0;

    if (session->adapter == NULL) {
        status = pw_adapter_recognise(
            printed->data, printed->length < RECOGNISED_BYTES ? printed->length : RECOGNISED_BYTES,
            &session->adapter, err);
    }
    return status != 0 ? status
                       : session->adapter->parse(printed->data, printed->length, &session->settings,
                                                 values, err);
}

/** Read the text and add its values. @return PW_EFORMAT for what cannot be read */
static int read_values(struct pw_run_session *session, const struct pw_output *output,
                       const char *number, struct pw_strbuf *message, struct pw_error *err)
{
    struct pw_adapter_output values;
    struct pw_run_printed printed;
    int status = pw_run_printed_get(session, output, &printed, err);

    memset(&values, 0, sizeof(values));
    if (status == 0 && !describe_unreadable(session, &printed, number, message)) {
        status = parse(session, &printed, &values, err);
        if (status == 0) {
            status = add_values(session, &values, number, err);
        }
    }
    pw_adapter_output_release(&values);
    pw_run_printed_release(&printed);
    return status;
}

int pw_run_values_add(struct pw_run_session *session, const struct pw_output *output,
                      const char *number, struct pw_error *err)
{
    struct pw_strbuf message = PW_STRBUF_INIT;
    struct pw_error failure = PW_ERROR_INIT;
    int status = read_values(session, output, number, &message, &failure);

    if (status == PW_EFORMAT) {
        pw_strbuf_printf(&message, "%s%s", number, pw_error_message(&failure));
        pw_error_release(&failure);
        status = 0;
    }
    if (status == 0 && message.length > 0) {
        return fail_output(session, &message, err);
    }
    pw_strbuf_release(&message);
    pw_error_move(err, &failure);
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

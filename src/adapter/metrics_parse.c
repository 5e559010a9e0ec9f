/* The metrics file line by line: which are good, and what is said of the others. */
#include "perfwarden/adapter/metrics.h"

#include <stdlib.h>
#include <string.h>

#include "metrics_reader.h"
#include "perfwarden/util/json.h"

void pw_metrics_release(struct pw_metrics *metrics)
{
    pw_arena_release(&metrics->arena);
    memset(metrics, 0, sizeof(*metrics));
}

void pw_metrics_describe_bad(const struct pw_metrics *metrics, struct pw_strbuf *out)
{
    for (size_t i = 0; i < PW_METRICS_NAMED_LINES && metrics->bad[i] != NULL; i++) {
        pw_strbuf_printf(out, "%s%s", i > 0 ? "; " : "", metrics->bad[i]);
    }
    if (metrics->bad_lines > PW_METRICS_NAMED_LINES) {
        pw_strbuf_printf(out, "; and %llu more",
                         (unsigned long long)(metrics->bad_lines - PW_METRICS_NAMED_LINES));
    }
}

bool pw_metrics_count_bad(struct pw_metrics_reader *reader, uint64_t line)
{
    struct pw_metrics *out = &reader->out;

    if (out->bad_lines < PW_METRICS_NAMED_LINES) {
        const char *problem = reader->problem != NULL ? reader->problem : "it is no JSON object";
        const char *text = line > 0 ? pw_arena_printf(&out->arena, "line %llu: %s",
                                                      (unsigned long long)line, problem)
                                    : pw_arena_strdup(&out->arena, problem);

        if (text == NULL) {
            return pw_metrics_fail_memory(reader);
        }
        out->bad[out->bad_lines] = text;
    }
    out->bad_lines++;
    reader->problem = NULL;
    return true;
}

/** Say in the words of the general reader why a line is no JSON object. */
static bool refuse_json(struct pw_metrics_reader *reader, const char *line, size_t length)
{
    struct pw_json *document = NULL;
    struct pw_error cause = PW_ERROR_INIT;
    bool is_object;

    if (reader->out.bad_lines >= PW_METRICS_NAMED_LINES) {
        return false;
    }
    if (pw_json_parse(line, length, "line", PW_JSON_DEFAULT, &document, &cause) != 0) {
        pw_metrics_refuse(reader, "column %u: %s", cause.column, pw_error_message(&cause));
        pw_error_release(&cause);
        return false;
    }
    is_object = pw_json_type(document) == PW_JSON_OBJECT;
    pw_json_free(document);
    return is_object
               ? pw_metrics_refuse(reader, "it has more than %d members", PW_METRICS_MAX_MEMBERS)
               : pw_metrics_refuse(reader, "it is no JSON object");
}

static bool read_line(struct pw_metrics_reader *reader, const char *line, size_t length,
                      char *scratch)
{
    reader->cursor = (struct pw_metrics_cursor){line, line + length, scratch};
    if (!pw_metrics_read_object(&reader->cursor, &reader->line)) {
        return refuse_json(reader, line, length);
    }
    if (pw_metrics_member(&reader->line, "record") != NULL) {
        return pw_metrics_read_record(reader);
    }
    if (pw_metrics_member(&reader->line, "metric") != NULL) {
        return pw_metrics_read_value(reader);
    }
    return pw_metrics_refuse(reader, "neither 'metric' nor 'record' is there");
}

static bool is_blank(const char *line, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (strchr(" \t\r", line[i]) == NULL || line[i] == '\0') {
            return false;
        }
    }
    return true;
}

static size_t longest_line(const char *text, size_t length)
{
    size_t longest = 0;

    for (size_t at = 0; at < length;) {
        const char *end = memchr(text + at, '\n', length - at);
        const size_t line = end != NULL ? (size_t)(end - text) - at : length - at;

        longest = line > longest ? line : longest;
        at += line + 1;
    }
    return longest;
}

static void read_lines(struct pw_metrics_reader *reader, const char *text, size_t length,
                       char *scratch)
{
    uint64_t number = 1;

    for (size_t at = 0; at < length && !reader->is_out_of_memory; number++) {
        const char *end = memchr(text + at, '\n', length - at);
        const size_t line = end != NULL ? (size_t)(end - text) - at : length - at;

        if (!is_blank(text + at, line)) {
            reader->out.lines++;
            if (!read_line(reader, text + at, line, scratch) && !reader->is_out_of_memory) {
                (void)pw_metrics_count_bad(reader, number);
            }
        }
        at += line + 1;
    }
}

int pw_metrics_parse(const char *text, size_t length, struct pw_metrics *out, struct pw_error *err)
{
    struct pw_metrics_reader *reader = calloc(1, sizeof(*reader));
    char *scratch = malloc(longest_line(text, length) + 1);
    int status = 0;

    if (reader == NULL || scratch == NULL) {
        free(reader);
        free(scratch);
        return pw_error_set_no_memory(err);
    }
    read_lines(reader, text, length, scratch);
    status =
        reader->is_out_of_memory ? pw_error_set_no_memory(err) : pw_metrics_summarise(reader, err);
    if (status == 0) {
        *out = reader->out;
    } else {
        pw_arena_release(&reader->out.arena);
    }
    pw_arena_release(&reader->work);
    pw_strbuf_release(&reader->variant);
    free(scratch);
    free(reader);
    return status;
}

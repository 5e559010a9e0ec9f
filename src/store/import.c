/*
 * Reading results back from files: which format it is, results by the line, and all of them kept
 * until the last one has been found right.
 */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "portable.h"

static const char sqlite_magic[] = "SQLite format 3"; /* with its NUL */
static const char byte_order_mark[] = "\xEF\xBB\xBF";

void pw_import_release(struct pw_import *import)
{
    for (size_t i = 0; i < import->count; i++) {
        free((void *)import->items[i].text);
    }
    pw_arena_release(&import->arena);
    memset(import, 0, sizeof(*import));
}

static bool copy_names(struct pw_arena *arena, const struct pw_result *result, const char *file,
                       struct pw_store_addition *out)
{
    out->commit = pw_arena_strdup(arena, result->commit);
    out->environment_id = pw_arena_strdup(arena, result->environment.id);
    out->run_id = pw_arena_strdup(arena, result->run_id);
    out->file = file == NULL ? NULL : pw_arena_strdup(arena, file);
    return out->commit != NULL && out->environment_id != NULL && out->run_id != NULL &&
           (file == NULL || out->file != NULL);
}

static int take_text(struct pw_import *import, struct pw_strbuf *text,
                     struct pw_store_addition *item, struct pw_error *err)
{
    int status = pw_strbuf_check(text, err);

    if (status != PW_OK) {
        return status;
    }
    if (text->length > PW_IMPORT_MAX_BYTES - import->bytes) {
        return pw_error_set_at(err, PW_EFORMAT, item->file, item->line, 0,
                               "there are more than %zu MiB of results; import them in parts",
                               PW_IMPORT_MAX_BYTES >> 20);
    }
    item->length = text->length;
    item->text = pw_strbuf_detach(text);
    return item->text == NULL ? pw_error_set_no_memory(err) : PW_OK;
}

/* Times and sizes are never negative: a comparison with such a one is an error for ever. */
static bool is_measure(const struct pw_series *series)
{
    return pw_metric_find(series->metric) != NULL || strcmp(series->unit, "ns") == 0 ||
           strcmp(series->unit, "bytes") == 0;
}

static int check_values(const struct pw_result *result, const char *file, unsigned line,
                        struct pw_error *err)
{
    for (size_t i = 0; i < result->benchmark_count; i++) {
        const struct pw_result_benchmark *benchmark = &result->benchmarks[i];
        for (size_t j = 0; j < benchmark->series_count; j++) {
            const struct pw_series *series = &benchmark->series[j];
            for (size_t k = 0; k < series->count; k++) {
                const double value = series->samples[k];
                if (!isfinite(value) || (value < 0.0 && is_measure(series))) {
                    return pw_error_set_at(err, PW_EFORMAT, file, line, 0,
                                           "metric '%s' of benchmark '%s' has the value '%g', "
                                           "which is %s",
                                           series->metric, benchmark->id, value,
                                           isfinite(value) ? "negative" : "not a finite number");
                }
            }
        }
    }
    return PW_OK;
}

int pw_import_check(const struct pw_result *result, const char *file, unsigned line,
                    struct pw_error *err)
{
    return result->benchmark_count > 0
               ? PW_OK
               : pw_error_set_at(err, PW_EFORMAT, file, line, 0,
                                 "the result has no benchmark, so it is nothing to compare with");
}

int pw_import_add(struct pw_import *import, const struct pw_result *result, bool is_partial,
                  const char *file, unsigned line, struct pw_error *err)
{
    struct pw_store_addition item = {.is_partial = is_partial, .line = line};
    struct pw_strbuf text = PW_STRBUF_INIT;

    if (import->interrupted != NULL && *import->interrupted != 0) {
        return pw_error_set(err, PW_EINTERRUPTED, "interrupted; nothing was stored");
    }
    if (result->commit == NULL) {
        return pw_error_set_at(err, PW_EFORMAT, file, line, 0,
                               "the result has no commit, so it cannot be a baseline");
    }
    int status = check_values(result, file, line, err);
    if (status != PW_OK) {
        return status;
    }
    struct pw_store_addition *items = pw_arena_grow(&import->arena, import->items, import->count,
                                                    &import->capacity, sizeof(*items));
    if (items == NULL || !copy_names(&import->arena, result, file, &item)) {
        return pw_error_set_no_memory(err);
    }
    import->items = items;
    pw_strbuf_init(&text, PW_RESULT_MAX_BYTES);
    pw_result_write(result, &text);
    status = take_text(import, &text, &item, err);
    pw_strbuf_release(&text);
    if (status == PW_OK) {
        import->items[import->count++] = item;
        import->bytes += item.length;
    }
    return status;
}

/* The error of a result that is a line of something: its own lines mean nothing. */
static int fail_line(const char *file, unsigned line, struct pw_error *failure,
                     struct pw_error *err)
{
    const int status = (int)failure->status;

    if (status == PW_EFORMAT && line > 0) {
        return pw_error_set_at(err, PW_EFORMAT, file, line,
                               failure->line == 1 ? failure->column : 0, "%s",
                               pw_error_message(failure));
    }
    pw_error_move(err, failure);
    return status;
}

int pw_import_text(struct pw_import *import, const struct pw_strbuf *text, const char *file,
                   unsigned line, struct pw_error *err)
{
    struct pw_error failure = PW_ERROR_INIT;
    struct pw_result result = {0};
    int status = pw_result_read(pw_strbuf_text(text), text->length, file, &result, &failure);

    if (status != PW_OK) {
        status = fail_line(file, line, &failure, err);
        pw_error_release(&failure);
        return status;
    }
    status = pw_import_add(import, &result, false, file, line, err);
    if (status == PW_OK) {
        status = pw_import_check(&result, file, line, err);
    }
    pw_result_release(&result);
    return status;
}

static bool is_blank_from(const struct pw_strbuf *text, size_t start)
{
    return strspn(pw_strbuf_text(text) + start, " \t\r\n") == text->length - start;
}

/* Whether an object that begins on a line goes on behind its end, as `run -o` and others write it.
 */
static bool is_spread(const struct pw_strbuf *line)
{
    const char *text = pw_strbuf_text(line);
    size_t depth = 0;
    bool is_string = false;

    for (size_t i = 0; i < line->length; i++) {
        if (is_string && text[i] == '\\') {
            i++;
        } else if (text[i] == '"') {
            is_string = !is_string;
        } else if (!is_string && (text[i] == '{' || text[i] == '[')) {
            depth++;
        } else if (!is_string && (text[i] == '}' || text[i] == ']') && depth > 0) {
            depth--;
        }
    }
    /* a string ends on its line, or it was cut short */
    return depth > 0 && !is_string;
}

static int read_rest(struct pw_input *input, struct pw_strbuf *text, struct pw_error *err)
{
    bool has_line = true;
    int status = PW_OK;

    while (status == PW_OK && has_line) {
        pw_strbuf_putc(text, '\n');
        status = pw_input_line(input, text, &has_line, err);
    }
    return status;
}

int pw_import_lines(struct pw_import *import, struct pw_input *input, struct pw_error *err)
{
    struct pw_strbuf text = PW_STRBUF_INIT;
    bool has_line = true;
    bool is_first = true;
    int status = PW_OK;

    pw_strbuf_init(&text, PW_RESULT_MAX_BYTES);
    while (status == PW_OK && has_line) {
        const unsigned line = input->line;
        pw_strbuf_clear(&text);
        status = pw_input_line(input, &text, &has_line, err);
        if (status != PW_OK || !has_line || is_blank_from(&text, 0)) {
            continue;
        }
        const size_t length = text.length;
        bool is_single = is_first && is_spread(&text);
        if (is_single) {
            status = read_rest(input, &text, err);
            /* with nothing behind it, it is a line that was cut short */
            is_single = !is_blank_from(&text, length);
        }
        is_first = false;
        if (status == PW_OK) {
            status = pw_import_text(import, &text, input->name, is_single ? 0 : line, err);
        }
    }
    pw_strbuf_release(&text);
    return status;
}

/* By the first bytes, which stay where they are. */
static int recognise(struct pw_input *input, enum pw_portable *out, struct pw_error *err)
{
    const int status = pw_input_fill(input, PW_INPUT_CHUNK_BYTES, err);
    const char *start = (const char *)input->chunk;
    const size_t mark = sizeof(byte_order_mark) - 1;

    if (status != PW_OK) {
        return status;
    }
    if (input->filled >= sizeof(sqlite_magic) &&
        memcmp(start, sqlite_magic, sizeof(sqlite_magic)) == 0) {
        *out = PW_PORTABLE_SQLITE;
        return PW_OK;
    }
    if (input->filled >= mark && memcmp(start, byte_order_mark, mark) == 0) {
        input->at = mark;
    }
    for (size_t i = input->at; i < input->filled; i++) {
        if (strchr(" \t\r\n", start[i]) == NULL || start[i] == '\0') {
            *out = start[i] == '{' ? PW_PORTABLE_JSONL : PW_PORTABLE_CSV;
            return PW_OK;
        }
    }
    return pw_error_set(err, PW_EFORMAT, "'%s' is empty", input->name);
}

static int read_input(struct pw_import *import, enum pw_portable format, const char *path,
                      struct pw_input *input, struct pw_error *err)
{
    enum pw_portable found = PW_PORTABLE_COUNT;
    int status = recognise(input, &found, err);

    if (status != PW_OK) {
        return status;
    }
    format = format == PW_PORTABLE_COUNT ? found : format;
    if (format == PW_PORTABLE_SQLITE && strcmp(path, "-") == 0) {
        return pw_error_set(err, PW_EFORMAT,
                            "a database cannot be read from standard input; name the file");
    }
    if (format == PW_PORTABLE_SQLITE && found != PW_PORTABLE_SQLITE) {
        return pw_error_set(err, PW_EFORMAT, "'%s' is not an SQLite database", path);
    }
    if (format == PW_PORTABLE_SQLITE) {
        return pw_import_sqlite(import, path, err);
    }
    return format == PW_PORTABLE_CSV ? pw_import_csv(import, input, err)
                                     : pw_import_lines(import, input, err);
}

int pw_import_read(struct pw_import *import, enum pw_portable format, const char *path,
                   struct pw_error *err)
{
    const bool is_stdin = strcmp(path, "-") == 0;
    const char *name = is_stdin ? "standard input" : path;
    const int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    struct pw_input input;

    if (fd < 0) {
        return pw_error_set_errno(err, errno, "cannot read '%s'", path);
    }
    int status = pw_input_init(&input, fd, name, err);
    if (status == PW_OK) {
        input.interrupted = import->interrupted;
        status = read_input(import, format, path, &input, err);
        pw_input_release(&input);
    }
    if (!is_stdin) {
        close(fd);
    }
    return status;
}

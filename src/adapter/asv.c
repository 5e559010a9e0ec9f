/*
 * A file of results of airspeed velocity (version 2, of asv 0.5 and later). A benchmark is called
 * by its name, with "('a', 10)" behind it for its parameters as asv writes them. What is measured
 * follows from the beginning of the last part of the name, as in asv: time_… and timeraw_… in
 * seconds (a median, with the 99 % confidence interval and quartiles beside it), mem_… and
 * peakmem_… in bytes, any other is a number of its own.
 *
 * A result that is null has failed; NaN is one that was skipped.
 */
#include <string.h>

#include "asv.h"
#include "json_members.h"

#define FORMAT "asv"

/** Most parameters of a benchmark. */
#define MOST_PARAMETERS 16

/** Columns of a row that are used. */
enum column { RESULT, PARAMS, LOWER, UPPER, P25, P75, SAMPLES, COLUMN_COUNT };

static const char *const column_names[COLUMN_COUNT] = {
    "result", "params", "stats_ci_99_a", "stats_ci_99_b", "stats_q_25", "stats_q_75", "samples",
};

static const struct {
    enum column column;
    const char *suffix;
} details[] = {{LOWER, "lower"}, {UPPER, "upper"}, {P25, "p25"}, {P75, "p75"}};

static const struct pw_asv_kind kinds[] = {
    {"time_", "Time", "time", "time/error", "s"},
    {"timeraw_", "Timeraw", "time", "time/error", "s"},
    {"mem_", "Mem", "memory", "memory/error", "bytes"},
    {"peakmem_", "PeakMem", "peak_memory", "peak_memory/error", "bytes"},
    {"", "", "value", "value/error", "count"},
};

/** Where the columns stand in a row. */
struct columns {
    size_t at[COLUMN_COUNT]; /**< SIZE_MAX where there is none */
};

/** A row: a benchmark with all its parameters. */
struct row {
    const char *benchmark;
    const struct pw_asv_kind *kind;
    const struct pw_json *cells[COLUMN_COUNT];           /**< NULL for none */
    const struct pw_json *values[COLUMN_COUNT];          /**< of the combination it is at */
    const struct pw_json *params[MOST_PARAMETERS];       /**< lists of values */
    const struct pw_json *param_values[MOST_PARAMETERS]; /**< of the combination it is at */
    size_t param_count;
};

static bool begins_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

const struct pw_asv_kind *pw_asv_find_kind(const char *benchmark)
{
    const char *dot = strrchr(benchmark, '.');
    const char *last = dot == NULL ? benchmark : dot + 1;
    size_t i = 0;
    while (i + 1 < PW_COUNT(kinds) && !begins_with(last, kinds[i].prefix) &&
           !begins_with(last, kinds[i].class_prefix)) {
        i++;
    }
    return &kinds[i];
}

static int read_columns(const struct pw_json *list, struct columns *columns, struct pw_error *err)
{
    size_t position = 0;
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        columns->at[i] = (size_t)-1;
    }
    for (const struct pw_json *item = pw_json_first(list); item != NULL;
         item = pw_json_next(item), position++) {
        const char *name = pw_json_string(item);
        for (size_t i = 0; name != NULL && i < COLUMN_COUNT; i++) {
            columns->at[i] = strcmp(column_names[i], name) == 0 ? position : columns->at[i];
        }
    }
    if (columns->at[RESULT] == (size_t)-1 || columns->at[PARAMS] == (size_t)-1) {
        return pw_adapter_fail(err, FORMAT, 0, "'result_columns' lack 'result' or 'params'");
    }
    return 0;
}

static void read_cells(const struct pw_json *list, const struct columns *columns, struct row *row)
{
    size_t position = 0;
    for (const struct pw_json *cell = pw_json_first(list); cell != NULL;
         cell = pw_json_next(cell), position++) {
        for (size_t i = 0; i < COLUMN_COUNT; i++) {
            row->cells[i] = columns->at[i] == position ? cell : row->cells[i];
        }
    }
}

static int read_params(struct row *row, struct pw_error *err)
{
    const struct pw_json *list = row->cells[PARAMS];
    for (const struct pw_json *item = pw_json_first(list); item != NULL;
         item = pw_json_next(item)) {
        const struct pw_json *first =
            pw_json_type(item) == PW_JSON_ARRAY ? pw_json_first(item) : NULL;
        if (first == NULL || row->param_count == MOST_PARAMETERS) {
            return pw_adapter_fail(err, FORMAT, 0,
                                   "'params' of '%s' are not up to %d lists of values",
                                   row->benchmark, MOST_PARAMETERS);
        }
        row->params[row->param_count] = first;
        row->param_values[row->param_count++] = first;
    }
    return 0;
}

/* The next combination, the last parameter changing fastest. @return false behind the last one */
static bool next_combination(struct row *row)
{
    for (size_t i = row->param_count; i-- > 0;) {
        row->param_values[i] = pw_json_next(row->param_values[i]);
        if (row->param_values[i] != NULL) {
            return true;
        }
        row->param_values[i] = row->params[i];
    }
    return false;
}

static int name_combination(const struct row *row, struct pw_strbuf *name, struct pw_error *err)
{
    pw_strbuf_clear(name);
    pw_strbuf_puts(name, row->benchmark);
    for (size_t i = 0; i < row->param_count; i++) {
        const char *text = pw_json_string(row->param_values[i]);
        if (text == NULL) {
            return pw_adapter_fail(err, FORMAT, 0, "a parameter of '%s' is not a text",
                                   row->benchmark);
        }
        pw_strbuf_printf(name, "%s%s", i == 0 ? "(" : ", ", text);
    }
    pw_strbuf_puts(name, row->param_count > 0 ? ")" : "");
    return pw_strbuf_check(name, err);
}

static int add_details(const struct row *row, const char *name, struct pw_adapter_output *output,
                       struct pw_error *err)
{
    int status = 0;
    for (size_t i = 0; status == 0 && i < PW_COUNT(details); i++) {
        double number = 0;
        if (!pw_json_number(row->values[details[i].column], &number)) {
            continue;
        }
        char *metric =
            pw_arena_printf(&output->arena, "%s/%s", row->kind->metric, details[i].suffix);
        status = metric == NULL
                     ? pw_error_set_no_memory(err)
                     : pw_adapter_add_number(output, name, metric, row->kind->unit, number, err);
    }
    return status;
}

static int add_result(const struct row *row, const char *name, struct pw_adapter_output *output,
                      struct pw_error *err)
{
    const struct pw_json *result = row->values[RESULT];
    if (pw_json_type(result) == PW_JSON_NULL) {
        return pw_adapter_add_failure(output, name, "failed", err);
    }
    const char *text = pw_json_string(result);
    if (text != NULL && strcmp(text, "NaN") == 0) {
        return 0;
    }
    const struct pw_adapter_centre centre = {
        .metric = row->kind->metric,
        .unit = row->kind->unit,
        .median = result,
        .samples = row->values[SAMPLES],
    };
    if (pw_json_type(result) != PW_JSON_NUMBER) {
        return pw_adapter_fail(err, FORMAT, 0, "the result of '%s' is not a number", name);
    }
    const int status = pw_adapter_add_centre(output, FORMAT, name, &centre, err);
    return status == 0 ? add_details(row, name, output, err) : status;
}

/* The first of a cell's values; a cell of null, or none, has no values. */
static const struct pw_json *first_value(const struct pw_json *cell)
{
    return cell == NULL || pw_json_type(cell) != PW_JSON_ARRAY ? NULL : pw_json_first(cell);
}

static int add_row(const struct pw_json *list, const struct columns *columns,
                   struct pw_strbuf *name, struct pw_adapter_output *output, struct pw_error *err)
{
    struct row row = {.benchmark = pw_json_key(list)};
    row.kind = pw_asv_find_kind(row.benchmark);
    if (pw_json_type(list) != PW_JSON_ARRAY) {
        return pw_adapter_fail(err, FORMAT, 0, "'%s' is not a list of columns", row.benchmark);
    }
    read_cells(list, columns, &row);
    int status = read_params(&row, err);
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        row.values[i] = first_value(row.cells[i]);
    }
    if (status == 0 && row.values[RESULT] == NULL) {
        return pw_adapter_add_failure(output, row.benchmark, "failed", err);
    }
    for (bool has_more = true; status == 0 && has_more; has_more = next_combination(&row)) {
        if (row.values[RESULT] == NULL) {
            return pw_adapter_fail(err, FORMAT, 0, "'%s' has fewer results than parameters",
                                   row.benchmark);
        }
        status = name_combination(&row, name, err);
        if (status == 0) {
            status = add_result(&row, pw_strbuf_text(name), output, err);
        }
        for (size_t i = 0; i < COLUMN_COUNT; i++) {
            row.values[i] = row.values[i] == NULL ? NULL : pw_json_next(row.values[i]);
        }
    }
    return status;
}

static int read_document(const struct pw_json *document, struct pw_adapter_output *output,
                         struct pw_error *err)
{
    const struct pw_json *results = pw_json_get(document, "results");
    const struct pw_json *names = NULL;
    struct columns columns;
    struct pw_strbuf name = PW_STRBUF_INIT;
    int status =
        pw_adapter_member_list(FORMAT, document, "result_columns", "the document", &names, err);
    if (status == 0) {
        status = read_columns(names, &columns, err);
    }
    if (status == 0 && (results == NULL || pw_json_type(results) != PW_JSON_OBJECT)) {
        status = pw_adapter_fail(err, FORMAT, 0, "expected an object 'results'");
    }
    const struct pw_json *row = status == 0 ? pw_json_first(results) : NULL;
    for (; status == 0 && row != NULL; row = pw_json_next(row)) {
        status = add_row(row, &columns, &name, output, err);
    }
    pw_strbuf_release(&name);
    return status;
}

bool pw_adapter_recognise_asv(const char *text, size_t length)
{
    return pw_adapter_has_member(text, length, '{', "result_columns");
}

int pw_adapter_parse_asv(const char *text, size_t length,
                         const struct pw_adapter_settings *settings, struct pw_adapter_output *out,
                         struct pw_error *err)
{
    (void)settings;
    return pw_adapter_parse_python_document(FORMAT, text, length, read_document, out, err);
}

/* What one row of CSV says of a benchmark: its parameters, how it ended, the samples of a metric.
 */
#include "csv_row.h"

#include <string.h>

#include "perfwarden/util/json.h"
#include "perfwarden/util/number.h"

/* What a configuration can declare; finding a benchmark is linear. */
#define BENCHMARKS_MAX 10000

int pw_csv_row_fail(const struct pw_csv_row *row, enum pw_csv_column column, const char *problem)
{
    return pw_error_set_at(row->err, PW_EFORMAT, row->name, row->record.line, 0, "column '%s' %s",
                           pw_csv_column_name(column), problem);
}

char *pw_csv_row_field(struct pw_csv_row *row, enum pw_csv_column column)
{
    return pw_csv_record_field(&row->record, row->positions[column]);
}

static int read_status(struct pw_csv_row *row, enum pw_measured *out)
{
    const char *text = pw_csv_row_field(row, PW_CSV_STATUS);

    for (int i = PW_MEASURED_OK; i <= PW_MEASURED_INTERRUPTED; i++) {
        if (strcmp(text, pw_measured_name((enum pw_measured)i)) == 0) {
            *out = (enum pw_measured)i;
            return PW_OK;
        }
    }
    if (text[0] != '\0') {
        return pw_csv_row_fail(row, PW_CSV_STATUS, "is not how a benchmark can end");
    }
    *out = PW_MEASURED_OK;
    return PW_OK;
}

static int copy_params(struct pw_csv_row *row, struct pw_result *result,
                       const struct pw_json *object, struct pw_result_benchmark *benchmark)
{
    struct pw_arena *arena = &result->arena;

    if (pw_json_type(object) != PW_JSON_OBJECT) {
        return pw_csv_row_fail(row, PW_CSV_PARAMS, "is not a JSON object");
    }
    benchmark->params = pw_arena_array(arena, pw_json_size(object) + 1, sizeof(*benchmark->params));
    if (benchmark->params == NULL) {
        return pw_error_set_no_memory(row->err);
    }
    for (const struct pw_json *item = pw_json_first(object); item != NULL;
         item = pw_json_next(item)) {
        if (pw_json_string(item) == NULL) {
            return pw_csv_row_fail(row, PW_CSV_PARAMS, "has a value that is not a string");
        }
        struct pw_result_param *param = &benchmark->params[benchmark->param_count++];
        param->name = pw_arena_strdup(arena, pw_json_key(item));
        param->value = pw_arena_strdup(arena, pw_json_string(item));
        if (param->name == NULL || param->value == NULL) {
            return pw_error_set_no_memory(row->err);
        }
    }
    return PW_OK;
}

static int read_params(struct pw_csv_row *row, struct pw_result *result,
                       struct pw_result_benchmark *benchmark)
{
    const char *text = pw_csv_row_field(row, PW_CSV_PARAMS);
    struct pw_json *document = NULL;

    if (text[0] == '\0') {
        return PW_OK;
    }
    const int parsed = pw_json_parse(text, strlen(text), "", PW_JSON_DEFAULT, &document, NULL);
    if (parsed != PW_OK) {
        return parsed == PW_ENOMEM ? pw_error_set_no_memory(row->err)
                                   : pw_csv_row_fail(row, PW_CSV_PARAMS, "is not a JSON object");
    }
    const int status = copy_params(row, result, document, benchmark);
    pw_json_free(document);
    return status;
}

static int add_benchmark(struct pw_csv_row *row, struct pw_result *result, const char *id,
                         struct pw_result_benchmark **out)
{
    const char *name = pw_csv_row_field(row, PW_CSV_NAME);
    enum pw_measured status = PW_MEASURED_OK;
    int rc = read_status(row, &status);

    if (rc != PW_OK) {
        return rc;
    }
    if (result->benchmark_count == BENCHMARKS_MAX) {
        return pw_csv_row_fail(row, PW_CSV_BENCHMARK, "is one too many for a run");
    }
    struct pw_result_benchmark *benchmark =
        pw_result_add_benchmark(result, id, name[0] == '\0' ? id : name, id);
    if (benchmark == NULL) {
        return pw_error_set_no_memory(row->err);
    }
    benchmark->status = status;
    *out = benchmark;
    return read_params(row, result, benchmark);
}

/* The rows of a benchmark must agree on what it is; what a row leaves empty it does not say. */
static int check_benchmark(struct pw_csv_row *row, const struct pw_result_benchmark *found)
{
    const char *name = pw_csv_row_field(row, PW_CSV_NAME);
    const char *word = pw_csv_row_field(row, PW_CSV_STATUS);
    enum pw_measured status = found->status;
    const int rc = word[0] == '\0' ? PW_OK : read_status(row, &status);

    if (rc != PW_OK) {
        return rc;
    }
    if (status != found->status) {
        return pw_csv_row_fail(row, PW_CSV_STATUS,
                               "differs from that of an earlier row of this benchmark");
    }
    if (name[0] != '\0' && strcmp(name, found->name) != 0) {
        return pw_csv_row_fail(row, PW_CSV_NAME,
                               "differs from that of an earlier row of this benchmark");
    }
    return PW_OK;
}

/* Rows of a benchmark mostly follow each other. */
static int take_benchmark(struct pw_csv_row *row, struct pw_result *result, const char *id,
                          struct pw_result_benchmark **out)
{
    struct pw_result_benchmark *found = NULL;

    if (result->benchmark_count > 0 &&
        strcmp(result->benchmarks[result->benchmark_count - 1].id, id) == 0) {
        found = &result->benchmarks[result->benchmark_count - 1];
    } else {
        found = pw_result_find(result, id);
    }
    if (found == NULL) {
        return add_benchmark(row, result, id, out);
    }
    *out = found;
    return check_benchmark(row, found);
}

static int read_samples(struct pw_csv_row *row, struct pw_result *result, struct pw_series *series)
{
    char *rest = NULL;

    for (char *word = strtok_r(pw_csv_row_field(row, PW_CSV_SAMPLES), " ", &rest); word != NULL;
         word = strtok_r(NULL, " ", &rest)) {
        double value = 0;
        if (pw_parse_double(word, &value) != PW_OK) {
            return pw_csv_row_fail(row, PW_CSV_SAMPLES, "is not numbers with blanks between");
        }
        const int status = pw_series_add(result, series, value, row->err);
        if (status != PW_OK) {
            return status;
        }
    }
    return PW_OK;
}

static int read_better(struct pw_csv_row *row, const char *metric, enum pw_better *out)
{
    const char *text = pw_csv_row_field(row, PW_CSV_BETTER);
    const struct pw_metric_info *info = pw_metric_find(metric);

    if (text[0] != '\0' && !pw_better_from_name(text, out)) {
        return pw_csv_row_fail(row, PW_CSV_BETTER, "is neither 'lower' nor 'higher'");
    }
    if (text[0] == '\0') {
        *out = info == NULL ? PW_BETTER_LOWER : info->better;
    }
    return PW_OK;
}

static int take_series(struct pw_csv_row *row, struct pw_result *result,
                       struct pw_result_benchmark *benchmark)
{
    const char *metric = pw_csv_row_field(row, PW_CSV_METRIC);
    const char *source = pw_csv_row_field(row, PW_CSV_SOURCE);
    enum pw_better better = PW_BETTER_LOWER;

    if (metric[0] == '\0') {
        return pw_csv_row_field(row, PW_CSV_SAMPLES)[0] == '\0'
                   ? PW_OK
                   : pw_csv_row_fail(row, PW_CSV_METRIC, "is empty although there are samples");
    }
    if (pw_result_benchmark_series(benchmark, metric) != NULL) {
        return pw_csv_row_fail(row, PW_CSV_METRIC, "is that of an earlier row of this benchmark");
    }
    const int status = read_better(row, metric, &better);
    if (status != PW_OK) {
        return status;
    }
    struct pw_series *series =
        pw_result_series(result, benchmark, metric, pw_csv_row_field(row, PW_CSV_UNIT), better,
                         source[0] == '\0' ? NULL : source);
    return series == NULL ? pw_error_set_no_memory(row->err) : read_samples(row, result, series);
}

int pw_csv_row_take(struct pw_csv_row *row, struct pw_result *result)
{
    struct pw_result_benchmark *benchmark = NULL;
    const char *id = pw_csv_row_field(row, PW_CSV_BENCHMARK);

    if (id[0] == '\0') {
        return pw_csv_row_field(row, PW_CSV_METRIC)[0] == '\0'
                   ? PW_OK
                   : pw_csv_row_fail(row, PW_CSV_BENCHMARK, "is empty although there is a metric");
    }
    const int status = take_benchmark(row, result, id, &benchmark);
    return status == PW_OK ? take_series(row, result, benchmark) : status;
}

/*
 * Bencher's metric format, and the two of github-action-benchmark, which takes one direction a
 * file. Values are in base units, as there.
 */
#include "perfwarden/export.h"

#include <stdlib.h>
#include <string.h>

#include "perfwarden/util/json.h"

/** What a format knows of a metric. */
struct spread {
    double median;
    double low;
    double high;
};

static int compare_doubles(const void *left, const void *right)
{
    const double *a = left;
    const double *b = right;
    return (*a > *b) - (*a < *b);
}

static int summarise(const struct pw_series *series, struct spread *out, struct pw_error *err)
{
    double *sorted = malloc(series->count * sizeof(*sorted));
    if (sorted == NULL) {
        return pw_error_set_no_memory(err);
    }
    memcpy(sorted, series->samples, series->count * sizeof(*sorted));
    qsort(sorted, series->count, sizeof(*sorted), compare_doubles);
    const size_t middle = series->count / 2;
    *out = (struct spread){sorted[middle], sorted[0], sorted[series->count - 1]};
    if (series->count % 2 == 0) {
        out->median = sorted[middle - 1] / 2 + sorted[middle] / 2;
    }
    free(sorted);
    return 0;
}

static bool has_values(const struct pw_result_benchmark *benchmark)
{
    for (size_t i = 0; i < benchmark->series_count; i++) {
        if (benchmark->series[i].count > 0) {
            return true;
        }
    }
    return false;
}

static bool is_exported(const struct pw_result_benchmark *benchmark)
{
    return benchmark->status == PW_MEASURED_OK && has_values(benchmark);
}

static int finish(struct pw_json_writer *writer, size_t count, struct pw_strbuf *out,
                  struct pw_error *err)
{
    pw_json_end(writer);
    pw_json_writer_finish(writer);
    if (count == 0) {
        pw_strbuf_clear(out);
        return pw_error_set(err, PW_EUSAGE, "there is no measured value to export");
    }
    return pw_strbuf_check(out, err);
}

static int put_measures(struct pw_json_writer *writer, const struct pw_result_benchmark *benchmark,
                        struct pw_error *err)
{
    int status = 0;
    for (size_t i = 0; status == 0 && i < benchmark->series_count; i++) {
        const struct pw_series *series = &benchmark->series[i];
        struct spread spread = {0};
        if (series->count == 0) {
            continue;
        }
        status = summarise(series, &spread, err);
        if (status == 0) {
            pw_json_begin_compact_object(writer, series->metric);
            pw_json_put_double(writer, "value", spread.median);
            pw_json_put_double(writer, "lower_value", spread.low);
            pw_json_put_double(writer, "upper_value", spread.high);
            pw_json_end(writer);
        }
    }
    return status;
}

static int write_bmf(const struct pw_result *result, struct pw_strbuf *out, struct pw_error *err)
{
    struct pw_json_writer writer;
    size_t count = 0;
    int status = 0;
    pw_json_writer_init(&writer, out);
    pw_json_begin_object(&writer, NULL);
    for (size_t i = 0; status == 0 && i < result->benchmark_count; i++) {
        const struct pw_result_benchmark *benchmark = &result->benchmarks[i];
        if (is_exported(benchmark)) {
            pw_json_begin_object(&writer, benchmark->id);
            status = put_measures(&writer, benchmark, err);
            pw_json_end(&writer);
            count++;
        }
    }
    return status != 0 ? status : finish(&writer, count, out, err);
}

static int put_entry(struct pw_json_writer *writer, const struct pw_result_benchmark *benchmark,
                     const struct pw_series *series, struct pw_error *err)
{
    struct pw_strbuf text = PW_STRBUF_INIT;
    struct spread spread = {0};
    int status = summarise(series, &spread, err);
    if (status != 0) {
        return status;
    }
    pw_strbuf_printf(&text, "%s %s", benchmark->id, series->metric);
    pw_json_begin_compact_object(writer, NULL);
    pw_json_put_string(writer, "name", pw_strbuf_text(&text));
    pw_json_put_string(writer, "unit", series->unit);
    pw_json_put_double(writer, "value", spread.median);
    pw_strbuf_clear(&text);
    pw_strbuf_printf(&text, "%.6g", (spread.high - spread.low) / 2);
    pw_json_put_string(writer, "range", pw_strbuf_text(&text));
    pw_strbuf_clear(&text);
    pw_strbuf_printf(&text, "%zu runs", series->count);
    pw_json_put_string(writer, "extra", pw_strbuf_text(&text));
    pw_json_end(writer);
    status = pw_strbuf_check(&text, err);
    pw_strbuf_release(&text);
    return status;
}

static int write_entries(const struct pw_result *result, enum pw_better better,
                         struct pw_strbuf *out, struct pw_error *err)
{
    struct pw_json_writer writer;
    size_t count = 0;
    int status = 0;
    pw_json_writer_init(&writer, out);
    pw_json_begin_array(&writer, NULL);
    for (size_t i = 0; status == 0 && i < result->benchmark_count; i++) {
        const struct pw_result_benchmark *benchmark = &result->benchmarks[i];
        for (size_t s = 0; status == 0 && s < benchmark->series_count; s++) {
            const struct pw_series *series = &benchmark->series[s];
            if (is_exported(benchmark) && series->count > 0 && series->better == better) {
                status = put_entry(&writer, benchmark, series, err);
                count++;
            }
        }
    }
    return status != 0 ? status : finish(&writer, count, out, err);
}

static int write_smaller(const struct pw_result *result, struct pw_strbuf *out,
                         struct pw_error *err)
{
    return write_entries(result, PW_BETTER_LOWER, out, err);
}

static int write_bigger(const struct pw_result *result, struct pw_strbuf *out, struct pw_error *err)
{
    return write_entries(result, PW_BETTER_HIGHER, out, err);
}

static const struct pw_exporter exporters[] = {
    {"bmf", "Bencher Metric Format", write_bmf},
    {"github-action-benchmark-bigger", "customBiggerIsBetter of github-action-benchmark",
     write_bigger},
    {"github-action-benchmark-smaller", "customSmallerIsBetter of github-action-benchmark",
     write_smaller},
};

const struct pw_exporter *pw_exporter_table(size_t *count)
{
    *count = PW_COUNT(exporters);
    return exporters;
}

const struct pw_exporter *pw_exporter_find(const char *name)
{
    for (size_t i = 0; i < PW_COUNT(exporters); i++) {
        if (strcmp(exporters[i].name, name) == 0) {
            return &exporters[i];
        }
    }
    return NULL;
}

const char *pw_exporter_name(size_t index)
{
    return index < PW_COUNT(exporters) ? exporters[index].name : NULL;
}

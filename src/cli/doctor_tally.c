/* Counting what gates said against what is true, and the tables of it. */
#include "doctor_tally.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "perfwarden/util/json.h"
#include "perfwarden/util/text.h"

static const double SLOWDOWNS[PW_TALLY_LEVELS] = {0, 0.02, 0.05, 0.10};

void pw_tally_init(struct pw_tally tallies[PW_TALLY_LEVELS])
{
    for (size_t i = 0; i < PW_TALLY_LEVELS; i++) {
        tallies[i] = (struct pw_tally){.slowdown_ratio = SLOWDOWNS[i]};
    }
}

void pw_tally_release(struct pw_tally tallies[PW_TALLY_LEVELS])
{
    for (size_t i = 0; i < PW_TALLY_LEVELS; i++) {
        free(tallies[i].pairs);
        tallies[i] = (struct pw_tally){0};
    }
}

static int reserve(struct pw_tally *tally, size_t more, struct pw_error *err)
{
    size_t capacity = tally->pair_capacity == 0 ? 64 : tally->pair_capacity;
    if (tally->pair_count + more <= tally->pair_capacity) {
        return PW_OK;
    }
    while (capacity < tally->pair_count + more) {
        capacity *= 2;
    }
    double *grown = realloc(tally->pairs, capacity * sizeof(*grown));
    if (grown == NULL) {
        return pw_error_set_no_memory(err);
    }
    tally->pairs = grown;
    tally->pair_capacity = capacity;
    return PW_OK;
}

static void count_row(struct pw_tally *tally, const struct pw_comparison_row *row,
                      const char *slower)
{
    const bool is_slower = slower != NULL && strcmp(row->benchmark, slower) == 0;
    const bool is_regression = row->verdict == PW_VERDICT_REGRESSION;
    tally->comparisons++;
    tally->right += is_regression && is_slower;
    tally->wrong += is_regression && !is_slower;
    tally->passes += row->verdict == PW_VERDICT_PASS || row->verdict == PW_VERDICT_IMPROVEMENT;
    tally->inconclusive += row->verdict == PW_VERDICT_INCONCLUSIVE;
    tally->errors += row->verdict == PW_VERDICT_ERROR;
    tally->pairs[tally->pair_count++] = (double)row->pairs;
    if (is_slower && row->ratio > 0) {
        tally->log_ratio_sum += log(row->ratio);
        tally->ratio_count++;
    }
}

int pw_tally_add(struct pw_tally *tally, const struct pw_comparison *comparison, const char *slower,
                 uint64_t elapsed_ns, struct pw_error *err)
{
    const int status = reserve(tally, comparison->row_count, err);
    if (status != PW_OK) {
        return status;
    }
    for (size_t i = 0; i < comparison->row_count; i++) {
        count_row(tally, &comparison->rows[i], slower);
    }
    tally->gates++;
    tally->failed += comparison->counts[PW_VERDICT_REGRESSION] > 0;
    tally->elapsed_ns += elapsed_ns;
    return PW_OK;
}

static int compare_numbers(const void *a, const void *b)
{
    const double *x = a;
    const double *y = b;
    return (*x > *y) - (*x < *y);
}

/* Sorts what it looks at, whose order nobody needs. */
static double median_pairs(const struct pw_tally *tally)
{
    const size_t n = tally->pair_count;
    if (n == 0) {
        return (double)NAN;
    }
    qsort(tally->pairs, n, sizeof(*tally->pairs), compare_numbers);
    return (tally->pairs[(n - 1) / 2] + tally->pairs[n / 2]) / 2;
}

static double measured_ratio(const struct pw_tally *tally)
{
    return tally->ratio_count == 0 ? (double)NAN
                                   : exp(tally->log_ratio_sum / (double)tally->ratio_count) - 1;
}

/* "9 of 10 (55–100 %)": flush right, with the exact 95 % interval. */
static void put_rate(struct pw_strbuf *out, size_t hits, size_t n, size_t column)
{
    struct pw_strbuf cell = PW_STRBUF_INIT;
    const struct pw_interval interval = pw_gate_rate_interval(hits, n);
    pw_strbuf_printf(&cell, "%zu of %zu (%.1f–%.1f %%)", hits, n, 100 * interval.low,
                     100 * interval.high);
    const size_t width = pw_text_width(pw_strbuf_text(&cell));
    pw_strbuf_pad(out, ' ', width < column ? column - width : 1);
    pw_strbuf_puts(out, pw_strbuf_text(&cell));
    pw_strbuf_release(&cell);
}

static void put_level(const struct pw_tally *tally, struct pw_strbuf *out)
{
    pw_strbuf_printf(out, "%6.0f %%  ", 100 * tally->slowdown_ratio);
    if (isnan(measured_ratio(tally))) {
        pw_strbuf_puts(out, "       –");
    } else {
        pw_strbuf_printf(out, "%6.1f %%", 100 * measured_ratio(tally));
    }
    put_rate(out, tally->failed, tally->gates, 26);
    if (tally->slowdown_ratio > 0) {
        put_rate(out, tally->right, tally->gates, 26);
    } else {
        pw_strbuf_pad(out, ' ', 25);
        pw_strbuf_puts(out, "–");
    }
    pw_strbuf_printf(out, "%7zu%14zu%8zu of %-6zu%7.0f%9.1f s\n", tally->wrong, tally->inconclusive,
                     tally->passes, tally->comparisons, median_pairs(tally),
                     (double)tally->elapsed_ns / 1e9 / (double)tally->gates);
}

void pw_tally_write_text(const struct pw_tally tallies[PW_TALLY_LEVELS], struct pw_strbuf *out)
{
    size_t errors = 0;
    pw_strbuf_puts(out, "injected  measured              gates failed           right one named  "
                        "wrong  inconclusive      passes     pairs    a gate\n");
    for (size_t i = 0; i < PW_TALLY_LEVELS; i++) {
        errors += tallies[i].errors;
        if (tallies[i].gates > 0) {
            put_level(&tallies[i], out);
        }
    }
    pw_strbuf_puts(out,
                   "\nThe threshold is 5 %. In brackets: the exact 95 % interval of the rate.\n");
    if (errors > 0) {
        pw_strbuf_printf(out, "%zu comparison%s could not be measured.\n", errors,
                         errors == 1 ? "" : "s");
    }
}

static void write_rate(struct pw_json_writer *writer, const char *key, size_t hits, size_t n)
{
    const struct pw_interval interval = pw_gate_rate_interval(hits, n);
    pw_json_begin_compact_object(writer, key);
    pw_json_put_uint64(writer, "count", hits);
    pw_json_put_double(writer, "low", interval.low);
    pw_json_put_double(writer, "high", interval.high);
    pw_json_end(writer);
}

void pw_tally_write_json(const struct pw_tally tallies[PW_TALLY_LEVELS], bool has_load,
                         struct pw_strbuf *out)
{
    struct pw_json_writer writer;
    pw_json_writer_init(&writer, out);
    pw_json_begin_object(&writer, NULL);
    pw_json_put_string(&writer, "schema", "perfwarden/doctor/1");
    pw_json_put_bool(&writer, "load", has_load);
    pw_json_begin_array(&writer, "selftest");
    for (size_t i = 0; i < PW_TALLY_LEVELS; i++) {
        const struct pw_tally *tally = &tallies[i];
        if (tally->gates == 0) {
            continue;
        }
        pw_json_begin_object(&writer, NULL);
        pw_json_put_double(&writer, "slowdown_ratio", tally->slowdown_ratio);
        pw_json_put_double(&writer, "measured_ratio", measured_ratio(tally));
        pw_json_put_uint64(&writer, "gates", tally->gates);
        write_rate(&writer, "failed", tally->failed, tally->gates);
        write_rate(&writer, "right_named", tally->right, tally->gates);
        pw_json_put_uint64(&writer, "wrong_named", tally->wrong);
        pw_json_put_uint64(&writer, "comparisons", tally->comparisons);
        pw_json_put_uint64(&writer, "passes", tally->passes);
        pw_json_put_uint64(&writer, "inconclusive", tally->inconclusive);
        pw_json_put_uint64(&writer, "errors", tally->errors);
        pw_json_put_double(&writer, "median_pairs", median_pairs(tally));
        pw_json_put_double(&writer, "mean_seconds",
                           (double)tally->elapsed_ns / 1e9 / (double)tally->gates);
        pw_json_end(&writer);
    }
    pw_json_end(&writer);
    pw_json_end(&writer);
    pw_json_writer_finish(&writer);
}

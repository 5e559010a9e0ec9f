/* The metrics file's parser: every kind of line, what they add up to, and what is said of bad ones.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "metrics_line.h"
#include "perfwarden/adapter/metrics.h"
#include "perfwarden/util.h"

static struct pw_metrics parse(const char *text)
{
    struct pw_metrics metrics;
    struct pw_error err = PW_ERROR_INIT;

    assert_int_equal(pw_metrics_parse(text, strlen(text), &metrics, &err), 0);
    return metrics;
}

static const struct pw_metrics_value *find(const struct pw_metrics *metrics, const char *variant,
                                           const char *metric)
{
    for (size_t i = 0; i < metrics->value_count; i++) {
        if (strcmp(metrics->values[i].variant, variant) == 0 &&
            strcmp(metrics->values[i].metric, metric) == 0) {
            return &metrics->values[i];
        }
    }
    return NULL;
}

static void check(const struct pw_metrics *metrics, const char *variant, const char *metric,
                  const char *unit, double value)
{
    const struct pw_metrics_value *found = find(metrics, variant, metric);

    if (found == NULL) {
        fail_msg("there is no '%s'", metric);
    } else if (!(fabs(found->value - value) <= 1e-12 * fabs(value))) {
        fail_msg("'%s' is %.17g, not %.17g", metric, found->value, value);
    } else {
        assert_string_equal(found->unit, unit);
    }
}

static void test_values(void **state)
{
    struct pw_metrics metrics = parse(
        "{\"metric\":\"rows_per_s\",\"value\":12345,\"unit\":\"1/s\",\"better\":\"higher\"}\n"
        "{\"metric\":\"rows_per_s\",\"value\":12347,\"unit\":\"1/s\",\"better\":\"higher\"}\r\n"
        "\n"
        "{\"metric\":\"latency\",\"unit\":\"ms\",\"samples\":[3,1,2.5]}\n"
        "{\"metric\":\"depth\",\"value\":5e-1,\"unit\":\"levels\"}\n"
        "{\"metric\":\"caf\\u00e9\\n\",\"value\":1}\n"
        "{\"metric\":\"caf\\u00e9\",\"value\":1}");

    (void)state;
    check(&metrics, "", "rows_per_s", "1/s", 12346);
    assert_int_equal(find(&metrics, "", "rows_per_s")->better, PW_BETTER_HIGHER);
    check(&metrics, "", "latency", "ns", 2.5e6);
    assert_int_equal(find(&metrics, "", "latency")->better, PW_BETTER_LOWER);
    check(&metrics, "", "depth", "levels", 0.5);
    check(&metrics, "", "caf\xC3\xA9", "count", 1);
    assert_int_equal(metrics.value_count, 4);
    assert_int_equal(metrics.lines, 6);
    assert_int_equal(metrics.bad_lines, 1);
    assert_string_equal(metrics.bad[0], "line 6: 'metric' has a control character");
    pw_metrics_release(&metrics);
}

static void test_variants_and_workers(void **state)
{
    struct pw_metrics metrics = parse(
        "{\"metric\":\"hits\",\"value\":1,\"labels\":{\"zone\":\"a\",\"tier\":\"l1\"}}\n"
        "{\"metric\":\"hits\",\"value\":3,\"labels\":{\"tier\":\"l1\",\"zone\":\"a\"}}\n"
        "{\"metric\":\"hits\",\"value\":9,\"labels\":{\"tier\":\"l2\"}}\n"
        "{\"metric\":\"rate\",\"value\":10,\"unit\":\"s\",\"labels\":{\"worker\":\"w1\"}}\n"
        "{\"metric\":\"rate\",\"value\":30,\"unit\":\"s\",\"labels\":{\"worker\":\"w1\"}}\n"
        "{\"metric\":\"rate\",\"value\":50,\"unit\":\"s\",\"labels\":{\"worker\":\"w2\"}}\n"
        "{\"metric\":\"rate\",\"value\":51,\"unit\":\"ms\",\"labels\":{\"worker\":\"w3\"}}\n");

    (void)state;
    check(&metrics, "tier=l1,zone=a", "hits", "count", 2);
    check(&metrics, "tier=l2", "hits", "count", 9);
    check(&metrics, "", "rate", "ns", 35e9);
    assert_int_equal(metrics.value_count, 3);
    assert_int_equal(metrics.worker_count, 2);
    assert_int_equal(metrics.bad_lines, 1);
    assert_string_equal(metrics.bad[0], "line 7: 'rate' has another unit than on the lines before");
    pw_metrics_release(&metrics);
}

static void test_steps(void **state)
{
    struct pw_metrics metrics =
        parse("{\"metric\":\"loss\",\"value\":0.25,\"unit\":\"1\",\"step\":3}\n"
              "{\"metric\":\"loss\",\"value\":4,\"unit\":\"1\",\"step\":1}\n"
              "{\"metric\":\"loss\",\"value\":0.5,\"unit\":\"1\",\"step\":3}\n"
              "{\"metric\":\"loss\",\"value\":7,\"unit\":\"1\"}\n");

    (void)state;
    check(&metrics, "", "loss", "count", 0.5);
    check(&metrics, "", "loss/min", "count", 0.25);
    check(&metrics, "", "loss/max", "count", 4);
    assert_int_equal(metrics.steps_count, 1);
    assert_int_equal(metrics.steps[0].count, 3);
    assert_true(metrics.steps[0].points[0][0] == 1 && metrics.steps[0].points[2][1] == 0.5);
    assert_int_equal(metrics.bad_lines, 1);
    pw_metrics_release(&metrics);
}

#define SUMS(calls, failures, sum, squares, min, max)                                              \
    "{\"record\":\"op\",\"name\":\"add\",\"calls\":" calls ",\"failures\":" failures               \
    ",\"sum_ns\":" sum ",\"sum_squares_ns2\":" squares ",\"min_ns\":" min ",\"max_ns\":" max       \
    ",\"elapsed_ns\":1000,\"memory_bytes\":-20,\"histogram\":"

static void test_operations_add_up(void **state)
{
    struct pw_metrics metrics =
        parse(SUMS("3", "1", "300", "30002", "99", "101") "[[99,1],[100,1],[101,1]]}\n" SUMS(
            "1", "0", "100000", "1e10", "100000",
            "100000") "[]}\n"
                      "{\"record\":\"op\",\"name\":\"add\",\"histogram\":[[739,1]]}\n");

    (void)state;
    assert_int_equal(metrics.bad_lines, 0);
    check(&metrics, "", "op/add/calls", "count", 4);
    check(&metrics, "", "op/add/mean", "ns", 25075);
    check(&metrics, "", "op/add/min", "ns", 99);
    check(&metrics, "", "op/add/max", "ns", 100000);
    check(&metrics, "", "op/add/p50", "ns", 100);
    check(&metrics, "", "op/add/success_rate", "ratio", 0.75);
    check(&metrics, "", "op/add/calls_per_second", "1/s", 4e6);
    check(&metrics, "", "op/add/memory_per_call", "bytes", -10);
    check(&metrics, "", "errors/total", "count", 0);
    assert_true(fabs(find(&metrics, "", "op/add/p99")->value / 100000 - 1) < 0.01);
    pw_metrics_release(&metrics);
}

/** Every value of a wide range falls into a bucket whose middle is within 1/128 of it. */
static void test_percentiles_are_near(void **state)
{
    (void)state;
    for (uint64_t v = 1; v < UINT64_C(1) << 50; v += v / 3 + 1) {
        struct pw_strbuf text = PW_STRBUF_INIT;
        struct pw_metrics metrics;
        unsigned e = 0;
        uint64_t index = v;

        while (v >> (e + 1) != 0) {
            e++;
        }
        if (v >= 128) {
            index = 128 + (e - 7) * 64 + ((v >> (e - 6)) - 64);
        }
        pw_strbuf_printf(
            &text,
            "{\"record\":\"op\",\"name\":\"x\",\"calls\":2,\"failures\":0,\"sum_ns\":1,"
            "\"sum_squares_ns2\":1,\"min_ns\":0,\"max_ns\":9000000000000000000,"
            "\"elapsed_ns\":0,\"histogram\":[[%llu,2]]}",
            (unsigned long long)index);
        metrics = parse(pw_strbuf_text(&text));
        assert_int_equal(metrics.bad_lines, 0);
        assert_true(fabs(find(&metrics, "", "op/x/p95")->value / (double)v - 1) <= 1.0 / 128);
        pw_metrics_release(&metrics);
        pw_strbuf_release(&text);
    }
}

static void test_records(void **state)
{
    struct pw_metrics metrics = parse(
        "{\"record\":\"counter\",\"name\":\"n\",\"value\":3,\"unit\":\"1\"}\n"
        "{\"record\":\"counter\",\"name\":\"n\",\"value\":4,\"unit\":\"1\"}\n"
        "{\"record\":\"gauge\",\"name\":\"g\",\"value\":2,\"min\":1,\"max\":9,\"unit\":\"1\"}\n"
        "{\"record\":\"gauge\",\"name\":\"g\",\"value\":1.5,\"min\":1,\"max\":9,\"unit\":\"1\"}\n"
        "{\"record\":\"bytes\",\"direction\":\"in\",\"bytes\":100,\"elapsed_ns\":50}\n"
        "{\"record\":\"bytes\",\"direction\":\"in\",\"bytes\":100,\"elapsed_ns\":200}\n"
        "{\"record\":\"cache\",\"tier\":\"l1\",\"hits\":3,\"misses\":1}\n"
        "{\"record\":\"error\",\"kind\":\"io\",\"message\":\"no\\nfile\",\"count\":2}\n"
        "{\"record\":\"error\",\"kind\":\"io\",\"message\":\"\",\"count\":1}\n"
        "{\"record\":\"memory\",\"mark\":\"end\",\"heap_bytes\":10,\"rss_bytes\":20}\n"
        "{\"record\":\"memory\",\"mark\":\"end\",\"heap_bytes\":5,\"rss_bytes\":30}\n"
        "{\"record\":\"dropped\",\"count\":7}\n"
        "{\"record\":\"call\",\"op\":\"a\",\"correlation\":\"c1\",\"thread\":2,\"start_ns\":9,"
        "\"duration_ns\":1,\"ok\":true}\n"
        "{\"record\":\"call\",\"op\":\"b\",\"correlation\":\"c1\",\"thread\":2,\"start_ns\":4,"
        "\"duration_ns\":1,\"ok\":false,\"error\":\"io\",\"attributes\":{\"size\":\"10\"}}\n"
        "{\"record\":\"call\",\"op\":\"b\",\"thread\":2,\"start_ns\":4,\"duration_ns\":1,"
        "\"ok\":false,\"error\":\"io\"}\n");

    (void)state;
    assert_int_equal(metrics.bad_lines, 0);
    check(&metrics, "", "counter/n", "count", 7);
    check(&metrics, "", "gauge/g", "count", 1.5);
    check(&metrics, "", "bytes/in", "bytes", 200);
    check(&metrics, "", "bandwidth/in", "bytes/s", 1e9);
    check(&metrics, "", "cache/l1/hits", "count", 3);
    check(&metrics, "", "cache/l1/hit_rate", "ratio", 0.75);
    check(&metrics, "", "errors/io", "count", 3);
    check(&metrics, "", "errors/total", "count", 3);
    check(&metrics, "", "memory/end/heap", "bytes", 10);
    check(&metrics, "", "memory/end/rss", "bytes", 30);
    assert_int_equal(metrics.dropped, 7);
    assert_int_equal(metrics.error_count, 2);
    assert_string_equal(metrics.errors[0].message, "no file");
    assert_int_equal(metrics.call_count, 2);
    assert_string_equal(metrics.calls[0].op, "b");
    assert_string_equal(metrics.calls[0].attributes[0].value, "10");
    pw_metrics_release(&metrics);
}

/** A bad line, and what is said of it. */
static const struct {
    const char *line;
    const char *problem; /**< its beginning */
} BAD[] = {
    {"hello", "line 1: column 1: "},
    {"{\"metric\":\"a\",\"value\":1", "line 1: column "},
    {"{\"metric\":\"a\",\"value\":NaN}", "line 1: column "},
    {"{\"metric\":\"a\",\"value\":1e400}", "line 1: column "},
    {"{\"metric\":\"a\",\"value\":01}", "line 1: column "},
    {"{\"metric\":\"a\",\"metric\":\"b\",\"value\":1}", "line 1: column "},
    {"[1]", "line 1: it is no JSON object"},
    {"{}", "line 1: neither 'metric' nor 'record' is there"},
    {"{\"metric\":\"\",\"value\":1}", "line 1: 'metric' is empty"},
    {"{\"metric\":1,\"value\":1}", "line 1: 'metric' is not a string"},
    {"{\"metric\":\"a\"}", "line 1: 'value' is missing"},
    {"{\"metric\":\"a\",\"value\":\"1\"}", "line 1: 'value' is not a number"},
    {"{\"metric\":\"a\",\"value\":1,\"better\":\"more\"}", "line 1: 'better' is neither"},
    {"{\"metric\":\"a\",\"value\":1,\"labels\":[]}", "line 1: 'labels' is not an object"},
    {"{\"metric\":\"a\",\"value\":1,\"labels\":{\"x\":1}}", "line 1: 'labels' is not a string"},
    {"{\"metric\":\"a\",\"samples\":[]}", "line 1: 'samples' is empty"},
    {"{\"metric\":\"a\",\"samples\":[1,null]}", "line 1: 'samples' has an element"},
    {"{\"metric\":\"a\",\"value\":1,\"samples\":[1]}", "line 1: 'samples' stands beside"},
    {"{\"metric\":\"a\",\"value\":1e308,\"unit\":\"h\"}", "line 1: a value is too large"},
    {"{\"metric\":\"wall_time\",\"value\":1}", "line 1: 'wall_time' is a metric that perfwarden"},
    {"{\"metric\":\"op/x/p95\",\"value\":1}", "line 1: 'op/x/p95' begins as"},
    {"{\"record\":\"what\"}", "line 1: 'record' is none of"},
    {"{\"record\":\"op\",\"name\":\"x\"}", "line 1: 'calls' is missing"},
    {"{\"record\":\"op\",\"name\":\"x\",\"histogram\":[[3776,1]]}", "line 1: 'histogram' has"},
    {"{\"record\":\"op\",\"name\":\"x\",\"histogram\":[[1]]}", "line 1: 'histogram' has"},
    {"{\"record\":\"op\",\"name\":\"x\",\"histogram\":[[1,-1]]}", "line 1: 'histogram' has"},
    {"{\"record\":\"cache\",\"tier\":\"x\",\"hits\":-1,\"misses\":0}",
     "line 1: 'hits' is not an integer from 0"},
    {"{\"record\":\"bytes\",\"direction\":\"up\",\"bytes\":1,\"elapsed_ns\":0}",
     "line 1: 'direction' is neither"},
};

static void test_bad_lines(void **state)
{
    (void)state;
    for (size_t i = 0; i < PW_COUNT(BAD); i++) {
        struct pw_metrics metrics = parse(BAD[i].line);

        assert_int_equal(metrics.bad_lines, 1);
        assert_int_equal(metrics.value_count, 0);
        if (strncmp(metrics.bad[0], BAD[i].problem, strlen(BAD[i].problem)) != 0) {
            fail_msg("'%s' is told as '%s'", BAD[i].line, metrics.bad[0]);
        }
        pw_metrics_release(&metrics);
    }
}

static void test_bad_lines_are_counted(void **state)
{
    struct pw_strbuf text = PW_STRBUF_INIT;
    struct pw_strbuf told = PW_STRBUF_INIT;
    struct pw_metrics metrics;

    (void)state;
    for (int i = 0; i < 27; i++) {
        pw_strbuf_puts(&text, "{\"metric\":\"a\",\"value\":1}\n{\"metric\":\"a\"}\n");
    }
    metrics = parse(pw_strbuf_text(&text));
    pw_metrics_describe_bad(&metrics, &told);
    assert_string_equal(pw_strbuf_text(&told),
                        "line 2: 'value' is missing; line 4: 'value' is missing; "
                        "line 6: 'value' is missing; and 24 more");
    assert_int_equal(metrics.bad_lines, 27);
    check(&metrics, "", "a", "count", 1);
    pw_metrics_release(&metrics);
    pw_strbuf_release(&told);
    pw_strbuf_release(&text);
}

/** The scanner accepts what the general reader accepts, over mutations of good lines. */
static void test_the_scanner_agrees_with_the_reader(void **state)
{
    static const char SEED[] = "{\"a\":[1,-2.5e+3,{\"b\":\"\\u00e9\\\\x\\ud83d\\ude00\"},[]],"
                               "\"c\":{},\"d\":null,\"e\":true,\"f\":0.1,\"g\":\"\xC3\xA9\"}";
    static const char BYTES[] = "\"\\{}[],:0123eE+-. tfnu\xC3\xA9\x01\x7f";
    uint64_t random = 42;
    size_t accepted = 0;

    (void)state;
    for (int round = 0; round < 60000; round++) {
        char line[sizeof(SEED)];
        char scratch[sizeof(SEED)];
        struct pw_metrics_object object;
        struct pw_json *document = NULL;
        struct pw_metrics_cursor cursor = {line, line + sizeof(SEED) - 1, scratch};
        bool is_object;

        memcpy(line, SEED, sizeof(SEED));
        for (int i = 0; i < 1 + round % 3; i++) {
            random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            line[(random >> 33) % (sizeof(SEED) - 1)] = BYTES[(random >> 13) % (sizeof(BYTES) - 1)];
        }
        is_object =
            pw_json_parse(line, sizeof(SEED) - 1, "line", PW_JSON_DEFAULT, &document, NULL) == 0 &&
            pw_json_type(document) == PW_JSON_OBJECT;
        if (pw_metrics_read_object(&cursor, &object) != is_object) {
            fail_msg("the readers differ on '%s'", line);
        }
        accepted += is_object;
        pw_json_free(document);
    }
    assert_true(accepted > 1000);
}

static void test_too_many_names(void **state)
{
    struct pw_strbuf text = PW_STRBUF_INIT;
    struct pw_metrics metrics;

    (void)state;
    for (int i = 0; i < PW_METRICS_MAX_NAMES + 5; i++) {
        pw_strbuf_printf(&text, "{\"metric\":\"m%d\",\"value\":1}\n", i);
    }
    metrics = parse(pw_strbuf_text(&text));
    assert_int_equal(metrics.value_count, PW_METRICS_MAX_NAMES);
    assert_int_equal(metrics.bad_lines, 5);
    pw_metrics_release(&metrics);
    pw_strbuf_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_variants_and_workers),
        cmocka_unit_test(test_steps),
        cmocka_unit_test(test_operations_add_up),
        cmocka_unit_test(test_percentiles_are_near),
        cmocka_unit_test(test_records),
        cmocka_unit_test(test_bad_lines),
        cmocka_unit_test(test_bad_lines_are_counted),
        cmocka_unit_test(test_the_scanner_agrees_with_the_reader),
        cmocka_unit_test(test_too_many_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

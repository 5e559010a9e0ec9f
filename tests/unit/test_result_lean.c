/*
 * The lean reading against the general one: what a comparison sees of a result is equal, and so is
 * every refusal, for documents as perfwarden writes them, for others, and for damaged ones.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "perfwarden/result.h"
#include "perfwarden/util/compiler.h"
#include "result_sample.h"

/* As this version writes it: no unknown members, all known ones. */
#define OPENING                                                                                    \
    "{\"schema\": \"perfwarden/result/1\", \"tool\": {\"name\": \"perfwarden\", \"version\": "     \
    "\"0.1.0\"}, \"run_id\": \"" RUN_ID "\", \"commit\": \"" COMMIT "\", \"parents\": [\"" COMMIT  \
    "\"], \"branch\": \"main\", \"dirty\": false, \"started_at\": \"2026-11-20T10:00:00Z\", "      \
    "\"config_hash\": \"0123\", \"environment\": {\"id\": \"e3b0c44298fc\", \"cpu\": \"A\", "      \
    "\"kernel\": \"6.1\", \"info\": {\"host\": \"box\", \"empty\": \"\"}}, \"benchmarks\": ["
#define BENCHMARK(id, status, more, metrics)                                                       \
    "{\"id\": \"" id "\", \"name\": \"n\", \"params\": {\"a\": \"1\", \"b\": \"\"}, \"command\": " \
    "[\"sh\", \"-c\", \"echo \\\"x\\\" \\\\ \\t\xC3\xA9\\n\", \"\"], \"shell\": {\"path\": "       \
    "\"sh\", \"wall_ns\": 1.5, \"user_ns\": 0, \"system_ns\": 2e3}, \"methods\": {\"ending\": "    \
    "\"cgroup2\", \"memory_limit\": \"rlimit\"}, \"pairing\": \"interleaved\", \"status\": "       \
    "\"" status "\"" more ", \"context\": {\"load_before\": 0.25, \"throttle_events\": 3}, "       \
    "\"metrics\": {" metrics "}}"
#define WALL                                                                                       \
    "\"wall_time\": {\"unit\": \"ns\", \"better\": \"lower\", \"source\": \"clock\", "             \
    "\"samples\": [1, -0, 0.1, 123456789012345, 0.30000000000000004, 1e-7, 12345678.875, "         \
    "9007199254740993.5, 4.9e-324, 1.7976931348623157e308, 123456789.12345678901234567890]}"
#define EMPTY   "\"io\": {\"unit\": \"bytes\", \"samples\": [], \"null_reason\": \"no access\"}"
#define CLOSING "]}\n"

static const char plain_text[] =
    OPENING BENCHMARK("a", "ok", ", \"warnings\": [\"w\", \"\"]", WALL ", " EMPTY) ", " BENCHMARK(
        "b", "exit", ", \"error\": \"status 1\", \"declared\": \"a\"", WALL) CLOSING;

static void assert_same_text(const char *a, const char *b)
{
    assert_int_equal(a == NULL, b == NULL);
    if (a != NULL) {
        assert_string_equal(a, b);
    }
}

static void assert_same_texts(const char **a, size_t a_count, const char **b, size_t b_count)
{
    assert_int_equal(a_count, b_count);
    for (size_t i = 0; i < a_count; i++) {
        assert_string_equal(a[i], b[i]);
    }
}

static void assert_same_series(const struct pw_series *a, const struct pw_series *b)
{
    assert_string_equal(a->metric, b->metric);
    assert_string_equal(a->unit, b->unit);
    assert_int_equal(a->better, b->better);
    assert_same_text(a->source, b->source);
    assert_same_text(a->null_reason, b->null_reason);
    assert_int_equal(a->count, b->count);
    if (a->count > 0) {
        assert_memory_equal(a->samples, b->samples, a->count * sizeof(double));
    }
}

static void assert_same_benchmark(const struct pw_result_benchmark *a,
                                  const struct pw_result_benchmark *b)
{
    assert_string_equal(a->id, b->id);
    assert_string_equal(a->name, b->name);
    assert_string_equal(a->declared, b->declared);
    assert_int_equal(a->param_count, b->param_count);
    for (size_t i = 0; i < a->param_count; i++) {
        assert_string_equal(a->params[i].name, b->params[i].name);
        assert_string_equal(a->params[i].value, b->params[i].value);
    }
    assert_same_texts(a->command, a->command_count, b->command, b->command_count);
    assert_int_equal(a->shell == NULL, b->shell == NULL);
    if (a->shell != NULL) {
        assert_string_equal(a->shell->path, b->shell->path);
        assert_true(a->shell->wall_ns == b->shell->wall_ns);
        assert_true(a->shell->user_ns == b->shell->user_ns);
        assert_true(a->shell->system_ns == b->shell->system_ns);
    }
    assert_same_text(a->methods.ending, b->methods.ending);
    assert_same_text(a->methods.memory, b->methods.memory);
    assert_same_text(a->methods.cpu, b->methods.cpu);
    assert_int_equal(a->is_interleaved, b->is_interleaved);
    assert_int_equal(a->status, b->status);
    assert_same_text(a->error, b->error);
    assert_same_texts(a->warnings, a->warning_count, b->warnings, b->warning_count);
    assert_int_equal(a->series_count, b->series_count);
    for (size_t i = 0; i < a->series_count; i++) {
        assert_same_series(&a->series[i], &b->series[i]);
    }
    assert_null(b->context);
    assert_null(b->unknown);
}

static void assert_same_result(const struct pw_result *a, const struct pw_result *b)
{
    assert_null(b->document);
    assert_same_text(a->tool_version, b->tool_version);
    assert_string_equal(a->run_id, b->run_id);
    assert_same_text(a->commit, b->commit);
    assert_same_texts(a->parents, a->parent_count, b->parents, b->parent_count);
    assert_same_text(a->branch, b->branch);
    assert_int_equal(a->is_dirty, b->is_dirty);
    assert_string_equal(a->started_at, b->started_at);
    assert_same_text(a->config_hash, b->config_hash);
    assert_string_equal(a->environment.id, b->environment.id);
    assert_int_equal(a->environment.fact_count, b->environment.fact_count);
    for (size_t i = 0; i < a->environment.fact_count; i++) {
        assert_string_equal(a->environment.facts[i].name, b->environment.facts[i].name);
        assert_string_equal(a->environment.facts[i].value, b->environment.facts[i].value);
        assert_int_equal(a->environment.facts[i].is_identity, b->environment.facts[i].is_identity);
    }
    assert_int_equal(a->benchmark_count, b->benchmark_count);
    for (size_t i = 0; i < a->benchmark_count; i++) {
        assert_same_benchmark(&a->benchmarks[i], &b->benchmarks[i]);
    }
}

/* Read in both ways, from memory that ends where the text does. @return whether it was accepted */
static bool check_both(const char *text, size_t length)
{
    struct pw_error general_err = PW_ERROR_INIT;
    struct pw_error lean_err = PW_ERROR_INIT;
    struct pw_result general = {0};
    struct pw_result lean = {0};
    char *exact = malloc(length + (length == 0));

    assert_non_null(exact);
    memcpy(exact, text, length);
    const int wanted = pw_result_read(exact, length, "r.json", &general, &general_err);
    const int status = pw_result_read_lean(exact, length, "r.json", &lean, &lean_err);
    memset(exact, 'x', length);
    free(exact);
    assert_int_equal(status, wanted);
    assert_string_equal(pw_error_message(&lean_err), pw_error_message(&general_err));
    assert_int_equal(lean_err.line, general_err.line);
    assert_int_equal(lean_err.column, general_err.column);
    if (wanted == 0) {
        assert_same_result(&general, &lean);
    }
    pw_result_release(&general);
    pw_result_release(&lean);
    pw_error_release(&general_err);
    pw_error_release(&lean_err);
    return wanted == 0;
}

static void equal_results_are_read(void **state)
{
    (void)state;
    static const char *const texts[] = {
        plain_text,
        sample_text,
        OPENING CLOSING,
        OPENING BENCHMARK("\\u0061", "ok", "", WALL) CLOSING,
        OPENING BENCHMARK("a", "ok", ", \"declared\": null, \"error\": \"\"", EMPTY) CLOSING,
        OPENING BENCHMARK("a", "ok", ", \"future\": {\"x\": [1, {}]}", WALL) CLOSING,
        "\n\t {\"benchmarks\" : [ ] , \"environment\":{\"info\":{},\"id\":\"e3b0c44298fc\"},"
        "\"started_at\":\"x\",\"run_id\":\"" RUN_ID "\",\"schema\":\"perfwarden/result/1\"} \r\n",
        "{\"benchmarks\":[],\"environment\":{\"info\":{\"b\":\"c\"},\"id\":\"e3b0c44298fc\",\"a\":"
        "\"b\",\"n\":1},\"tool\":null,\"commit\":null,\"parents\":null,\"dirty\":null,"
        "\"started_at\":\"x\",\"run_id\":\"" RUN_ID "\",\"schema\":\"perfwarden/result/1\"}",
    };

    for (size_t i = 0; i < PW_COUNT(texts); i++) {
        print_message("text %zu\n", i);
        assert_true(check_both(texts[i], strlen(texts[i])));
    }
}

/* What only one of the two might accept. */
static void equal_refusals_are_made(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "[]",
        "{}",
        OPENING,
        OPENING CLOSING "x",
        OPENING BENCHMARK("a", "ok", "", WALL) "," CLOSING,
        OPENING BENCHMARK("a", "ok", "", WALL) "," BENCHMARK("a", "ok", "", EMPTY) CLOSING,
        OPENING BENCHMARK("a", "ok", "", WALL "," WALL) CLOSING,
        OPENING BENCHMARK("a", "ok", "", "\"\": {\"unit\": \"x\", \"samples\": []}") CLOSING,
        OPENING BENCHMARK("a", "ok", "", "\"m\": {\"unit\": \"x\", \"samples\": [1]}") CLOSING,
        OPENING BENCHMARK("a", "ok", "", "\"m\": {\"unit\": \"\", \"samples\": []}") CLOSING,
        OPENING BENCHMARK("a", "ok", "",
                          "\"m\": {\"unit\": \"x\", \"samples\": [9007199254740993]"
                          ", \"better\": \"lower\"}") CLOSING,
        OPENING BENCHMARK("a", "ok", "",
                          "\"m\": {\"unit\": \"x\", \"samples\": [1e400], "
                          "\"better\": \"lower\"}") CLOSING,
        OPENING BENCHMARK("a", "ok", "",
                          "\"m\": {\"unit\": \"x\", \"samples\": [01], "
                          "\"better\": \"lower\"}") CLOSING,
        OPENING BENCHMARK("a", "ok", "",
                          "\"m\": {\"unit\": \"x\", \"samples\": [1], \"better\": "
                          "\"lower\", \"null_reason\": \"r\"}") CLOSING,
        OPENING BENCHMARK("a", "fine", "", WALL) CLOSING,
        OPENING BENCHMARK("a", "ok", ", \"error\": \"x\"", WALL) CLOSING,
        OPENING BENCHMARK("a", "ok", ", \"status\": \"ok\"", WALL) CLOSING,
        OPENING BENCHMARK("a", "ok", ", \"context\": {\"load_after\": 1}", WALL) CLOSING,
        OPENING BENCHMARK("", "ok", "", WALL) CLOSING,
        OPENING BENCHMARK("a\xC3", "ok", "", WALL) CLOSING,
        OPENING BENCHMARK("a\\u0000", "ok", "", WALL) CLOSING,
        OPENING BENCHMARK("a\\x", "ok", "", WALL) CLOSING,
        OPENING BENCHMARK("a\n", "ok", "", WALL) CLOSING,
        OPENING "{\"id\": \"a\", \"name\": \"n\", \"status\": \"ok\", \"metrics\": {}, "
                "\"context\": {\"load_after\": 1, \"load_after\": 2}}" CLOSING,
        OPENING "{\"id\": \"a\", \"name\": \"n\", \"status\": \"ok\", \"metrics\": {}, "
                "\"params\": {\"a\": \"1\", \"a\": \"2\"}}" CLOSING,
        OPENING "{\"id\": \"a\", \"name\": \"n\", \"status\": \"ok\", \"metrics\": {}, "
                "\"shell\": {\"path\": \"sh\", \"wall_ns\": -1, \"user_ns\": 0, \"system_ns\": "
                "0}}" CLOSING,
    };

    for (size_t i = 0; i < PW_COUNT(texts); i++) {
        print_message("text %zu\n", i);
        assert_false(check_both(texts[i], strlen(texts[i])));
    }
}

/* Every byte of two documents damaged in several ways; some of that is still a result. */
static void damage_is_seen_alike(void **state)
{
    (void)state;
    static const char *const texts[] = {plain_text, sample_text};
    static const char bytes[] = {'"', '\\', ',', ']', '0', '-', '\xC3'};
    size_t accepted = 0;
    size_t tried = 0;

    for (size_t t = 0; t < PW_COUNT(texts); t++) {
        const size_t length = strlen(texts[t]);
        char *text = malloc(length + 1);
        assert_non_null(text);
        for (size_t at = 0; at < length; at++) {
            for (size_t i = 0; i < sizeof(bytes); i++, tried++) {
                memcpy(text, texts[t], length);
                text[at] = bytes[i];
                accepted += check_both(text, length);
            }
            memcpy(text, texts[t], at);
            memcpy(text + at, texts[t] + at + 1, length - at - 1);
            accepted += check_both(text, length - 1);
            accepted += check_both(texts[t], at);
            tried += 2;
        }
        free(text);
    }
    print_message("%zu of %zu are results still\n", accepted, tried);
    assert_true(accepted > 0 && accepted < tried);
}

/* More names than are compared one by one. */
static void many_names_are_read(void **state)
{
    (void)state;
    struct pw_strbuf text = PW_STRBUF_INIT;

    for (int twice = 0; twice < 2; twice++) {
        pw_strbuf_clear(&text);
        pw_strbuf_puts(&text, OPENING "{\"id\": \"a\", \"name\": \"n\", \"status\": \"ok\", "
                                      "\"metrics\": {");
        for (int i = 0; i < 300; i++) {
            pw_strbuf_printf(&text, "%s\"m%d\": {\"unit\": \"x\", \"samples\": []}",
                             i == 0 ? "" : ",", i);
        }
        pw_strbuf_puts(&text, twice ? ",\"m7\": {\"unit\": \"x\", \"samples\": []}" : "");
        pw_strbuf_puts(&text, "}}" CLOSING);
        assert_int_equal(check_both(pw_strbuf_text(&text), text.length), !twice);
    }
    pw_strbuf_release(&text);
}

/* The lean form is a result like any other: it can be added to and written. */
static void a_lean_result_can_be_used(void **state)
{
    (void)state;
    struct pw_strbuf out = PW_STRBUF_INIT;
    struct pw_result lean;
    struct pw_result back;

    assert_int_equal(pw_result_read_lean(plain_text, strlen(plain_text), "r", &lean, NULL), 0);
    struct pw_series *series = pw_result_series(&lean, pw_result_find(&lean, "a"), "wall_time",
                                                "ns", PW_BETTER_LOWER, "clock");
    const size_t count = series->count;
    assert_int_equal(pw_series_add(&lean, series, 5.0, NULL), 0);
    assert_int_equal(series->count, count + 1);
    assert_true(series->samples[0] == 1.0 && series->samples[count] == 5.0);
    assert_int_equal(pw_result_add_warning(&lean, &lean.benchmarks[0], "w", NULL), 0);
    assert_non_null(pw_result_add_benchmark(&lean, "new", "new", "new"));
    pw_result_write(&lean, &out);
    assert_int_equal(pw_result_read(pw_strbuf_text(&out), out.length, "r", &back, NULL), 0);
    assert_same_result(&back, &lean);
    pw_result_release(&back);
    pw_result_release(&lean);
    pw_strbuf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_results_are_read),    cmocka_unit_test(equal_refusals_are_made),
        cmocka_unit_test(damage_is_seen_alike),      cmocka_unit_test(many_names_are_read),
        cmocka_unit_test(a_lean_result_can_be_used),
    };

    return cmocka_run_group_tests_name("result_lean", tests, NULL, NULL);
}

/* Results: what is measured and written reads back equal. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "perfwarden/result.h"
#include "perfwarden/util.h"
#include "result_sample.h"

static int read_text(const char *text, struct pw_result *out, struct pw_error *err)
{
    return pw_result_read(text, strlen(text), "r.json", out, err);
}

static void a_whole_document_is_read(void **state)
{
    (void)state;
    struct pw_result result;
    struct pw_error err = PW_ERROR_INIT;
    int rc = read_text(sample_text, &result, &err);
    if (rc != 0)
        fail_msg("%s", pw_error_message(&err));
    assert_string_equal(result.run_id, RUN_ID);
    assert_string_equal(result.commit, COMMIT);
    assert_int_equal(result.parent_count, 1);
    assert_string_equal(result.branch, "main");
    assert_true(result.is_dirty);
    assert_string_equal(result.tool_version, "0.1.0");
    assert_string_equal(result.environment.id, "e3b0c44298fc");
    assert_int_equal(result.environment.fact_count, 3);
    assert_true(result.environment.facts[1].is_identity);
    assert_string_equal(result.environment.facts[2].name, "hostname");
    assert_false(result.environment.facts[2].is_identity);
    assert_int_equal(result.benchmark_count, 2);

    const struct pw_result_benchmark *parse = pw_result_find(&result, "parse/size=1024");
    assert_non_null(parse);
    assert_string_equal(parse->declared, "parse/size=1024");
    assert_string_equal(parse->params[0].value, "1024");
    assert_string_equal(parse->command[1], "--size=1024");
    assert_string_equal(parse->warnings[0], "the first run is an outlier");
    assert_true(parse->is_interleaved);
    assert_false(pw_result_find(&result, "codec/BM_x")->is_interleaved);
    assert_null(parse->error);
    const struct pw_series *wall = pw_result_benchmark_series(parse, "wall_time");
    assert_int_equal(wall->count, 2);
    assert_true(wall->samples[1] == 1240011.5);
    assert_null(wall->null_reason);
    const struct pw_series *io = pw_result_benchmark_series(parse, "io_read_bytes");
    assert_int_equal(io->count, 0);
    assert_string_equal(io->null_reason, "no access to /proc");
    assert_null(io->source);
    assert_null(pw_result_benchmark_series(parse, "max_rss"));

    const struct pw_result_benchmark *codec = pw_result_find(&result, "codec/BM_x");
    assert_string_equal(codec->declared, "codec");
    assert_int_equal(codec->status, PW_MEASURED_TIMEOUT);
    assert_string_equal(codec->error, "ended after 30 s");
    assert_null(pw_result_find(&result, "codec"));
    pw_result_release(&result);
}

static void unknown_members_are_kept_when_rewritten(void **state)
{
    (void)state;
    struct pw_result result;
    struct pw_strbuf out = PW_STRBUF_INIT;
    assert_int_equal(read_text(sample_text, &result, NULL), 0);
    pw_result_write(&result, &out);
    assert_string_equal(pw_strbuf_text(&out), sample_text);
    pw_strbuf_release(&out);
    pw_result_release(&result);
}

static void what_benchmarks_tell_of_themselves_is_kept(void **state)
{
    static const char TEXT[] =
        "{\"schema\":\"perfwarden/result/1\",\"run_id\":\"" RUN_ID
        "\",\"started_at\":\"2026-11-20T10:00:00Z\",\"environment\":{\"id\":\"e3b0c44298fc\"},"
        "\"benchmarks\":[{\"id\":\"a\",\"name\":\"a\",\"status\":\"ok\",\"metrics\":{},"
        "\"steps\":[{\"metric\":\"loss\",\"unit\":\"count\",\"better\":\"lower\","
        "\"points\":[[1,0.5],[2,0.25]]}],"
        "\"workers\":[{\"metric\":\"loss\",\"worker\":\"w1\",\"value\":0.25}],"
        "\"errors\":[{\"kind\":\"io\",\"message\":\"\",\"count\":3}],"
        "\"calls\":[{\"run\":2,\"correlation\":\"c\",\"op\":\"add\",\"thread\":1,"
        "\"start_ns\":\"18446744073709551615\",\"duration_ns\":5,\"ok\":false,\"error\":\"io\","
        "\"attributes\":{\"size\":\"10\"}}]}]}";
    struct pw_strbuf texts[2] = {PW_STRBUF_INIT, PW_STRBUF_INIT};
    struct pw_result result;

    (void)state;
    for (int i = 0; i < 2; i++) {
        const struct pw_result_inside *inside;

        assert_int_equal(read_text(i == 0 ? TEXT : pw_strbuf_text(&texts[0]), &result, NULL), 0);
        inside = result.benchmarks[0].inside;
        assert_non_null(inside);
        assert_int_equal(inside->steps[0].count, 2);
        assert_true(inside->steps[0].points[1][1] == 0.25);
        assert_string_equal(inside->workers[0].worker, "w1");
        assert_int_equal(inside->errors[0].count, 3);
        assert_true(inside->calls[0].start_ns == UINT64_MAX);
        assert_false(inside->calls[0].is_ok);
        assert_string_equal(inside->calls[0].attributes[0].value, "10");
        pw_result_write(&result, &texts[i]);
        pw_result_release(&result);
    }
    assert_string_equal(pw_strbuf_text(&texts[0]), pw_strbuf_text(&texts[1]));
    pw_strbuf_release(&texts[0]);
    pw_strbuf_release(&texts[1]);
}

static void a_measured_result_reads_back_equal(void **state)
{
    (void)state;
    struct pw_result made;
    struct pw_result back;
    struct pw_strbuf out = PW_STRBUF_INIT;
    struct pw_strbuf again = PW_STRBUF_INIT;
    assert_int_equal(pw_result_init(&made, NULL), 0);
    assert_int_equal(strlen(made.run_id), 26);
    for (int i = 0; i < 20; i++) {
        char id[32];
        snprintf(id, sizeof(id), "name \"%d\"\n", i);
        struct pw_result_benchmark *benchmark = pw_result_add_benchmark(&made, id, "name", id);
        assert_non_null(benchmark);
        for (int m = 0; m < 6; m++) {
            char metric[32];
            snprintf(metric, sizeof(metric), "metric_%d", m);
            struct pw_series *series =
                pw_result_series(&made, benchmark, metric, "ns", PW_BETTER_HIGHER, "clock");
            assert_ptr_equal(series, pw_result_series(&made, benchmark, metric, "ns",
                                                      PW_BETTER_HIGHER, "clock"));
            for (int s = 0; s < 30; s++)
                assert_int_equal(pw_series_add(&made, series, sqrt(s) * 1e9 + m / 3.0, NULL), 0);
        }
        for (int w = 0; w < 6; w++)
            assert_int_equal(pw_result_add_warning(&made, benchmark, "careful", NULL), 0);
    }
    pw_result_write(&made, &out);
    assert_int_equal(pw_result_read(out.data, out.length, "r.json", &back, NULL), 0);
    assert_int_equal(back.benchmark_count, 20);
    assert_null(back.commit);
    for (size_t i = 0; i < 20; i++) {
        const struct pw_result_benchmark *a = &made.benchmarks[i];
        const struct pw_result_benchmark *b = &back.benchmarks[i];
        assert_string_equal(a->id, b->id);
        assert_int_equal(b->warning_count, 6);
        assert_int_equal(b->series_count, 6);
        for (size_t m = 0; m < 6; m++) {
            assert_int_equal(b->series[m].better, PW_BETTER_HIGHER);
            assert_int_equal(a->series[m].count, b->series[m].count);
            assert_memory_equal(a->series[m].samples, b->series[m].samples, 30 * sizeof(double));
        }
    }
    pw_result_write(&back, &again);
    assert_string_equal(pw_strbuf_text(&out), pw_strbuf_text(&again));
    pw_strbuf_release(&out);
    pw_strbuf_release(&again);
    pw_result_release(&made);
    pw_result_release(&back);
}

/* A result that was read can be added to. */
static void a_read_result_grows(void **state)
{
    (void)state;
    struct pw_result result;
    assert_int_equal(read_text(sample_text, &result, NULL), 0);
    struct pw_result_benchmark *parse = pw_result_find(&result, "parse/size=1024");
    struct pw_series *wall =
        pw_result_series(&result, parse, "wall_time", "ns", PW_BETTER_LOWER, "clock");
    for (int i = 0; i < 10; i++) {
        assert_int_equal(pw_series_add(&result, wall, i, NULL), 0);
        assert_int_equal(pw_result_add_warning(&result, parse, "w", NULL), 0);
    }
    assert_int_equal(wall->count, 12);
    assert_true(wall->samples[0] == 1234567 && wall->samples[11] == 9);
    assert_string_equal(parse->warnings[0], "the first run is an outlier");
    assert_non_null(
        pw_result_series(&result, parse, "max_rss", "bytes", PW_BETTER_LOWER, "rusage"));
    assert_non_null(pw_result_add_benchmark(&result, "new", "new", "new"));
    assert_int_equal(result.benchmark_count, 3);
    pw_result_release(&result);
}

static void samples_must_be_finite(void **state)
{
    (void)state;
    static const double wrong[] = {NAN, INFINITY, -INFINITY};
    struct pw_result result;
    assert_int_equal(pw_result_init(&result, NULL), 0);
    struct pw_result_benchmark *benchmark = pw_result_add_benchmark(&result, "a", "a", "a");
    assert_non_null(benchmark);
    struct pw_series *series =
        pw_result_series(&result, benchmark, "m", "ns", PW_BETTER_LOWER, NULL);
    assert_non_null(series);
    for (size_t i = 0; i < PW_COUNT(wrong); i++) {
        struct pw_error err = PW_ERROR_INIT;
        assert_int_equal(pw_series_add(&result, series, wrong[i], &err), PW_EINVAL);
        assert_non_null(strstr(pw_error_message(&err), "'m'"));
        pw_error_release(&err);
    }
    assert_int_equal(series->count, 0);
    pw_result_release(&result);
}

static void absent_options_are_defaults(void **state)
{
    (void)state;
    static const char text[] =
        "{\"schema\": \"perfwarden/result/1\", \"run_id\": \"" RUN_ID "\", \"commit\": null, "
        "\"branch\": null, \"started_at\": \"x\", \"environment\": {\"id\": \"0123456789ab\"}, "
        "\"benchmarks\": [{\"id\": \"a\", \"name\": \"a\", \"status\": \"exit\", \"metrics\": "
        "{\"throughput\": {\"unit\": \"1/s\", \"samples\": [], \"null_reason\": \"r\"}}}]}";
    struct pw_result result;
    assert_int_equal(read_text(text, &result, NULL), 0);
    assert_null(result.commit);
    assert_null(result.branch);
    assert_null(result.tool_version);
    assert_false(result.is_dirty);
    assert_int_equal(result.parent_count, 0);
    assert_null(result.benchmarks[0].error);
    assert_int_equal(result.benchmarks[0].status, PW_MEASURED_EXIT);
    struct pw_strbuf out = PW_STRBUF_INIT;
    pw_result_write(&result, &out);
    struct pw_result back;
    assert_int_equal(pw_result_read(out.data, out.length, "r", &back, NULL), 0);
    pw_strbuf_release(&out);
    pw_result_release(&back);
    pw_result_release(&result);
}

static void every_ending_has_a_name(void **state)
{
    (void)state;
    static const char *const names[] = {"ok",    "exit",   "signal", "timeout", "limit",
                                        "start", "output", "failed", "hook",    "interrupted"};
    for (size_t i = 0; i < PW_COUNT(names); i++)
        assert_string_equal(pw_measured_name((enum pw_measured)i), names[i]);
}

static void files_are_saved_and_loaded(void **state)
{
    (void)state;
    char path[] = "/tmp/perfwarden-result-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    struct pw_result made;
    struct pw_result back;
    struct pw_error err = PW_ERROR_INIT;
    assert_int_equal(pw_result_init(&made, NULL), 0);
    assert_int_equal(pw_result_save(&made, path, NULL), 0);
    assert_int_equal(pw_result_load(path, &back, NULL), 0);
    assert_string_equal(made.run_id, back.run_id);
    pw_result_release(&made);
    pw_result_release(&back);
    unlink(path);
    assert_int_equal(pw_result_load(path, &back, &err), PW_ENOTFOUND);
    assert_non_null(strstr(pw_error_message(&err), path));
    pw_error_release(&err);
}

static void release_accepts_an_empty_result(void **state)
{
    (void)state;
    struct pw_result result;
    memset(&result, 0, sizeof(result));
    pw_result_release(&result);
    pw_result_release(&result);
    pw_result_release(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_document_is_read),
        cmocka_unit_test(unknown_members_are_kept_when_rewritten),
        cmocka_unit_test(a_measured_result_reads_back_equal),
        cmocka_unit_test(what_benchmarks_tell_of_themselves_is_kept),
        cmocka_unit_test(a_read_result_grows),
        cmocka_unit_test(samples_must_be_finite),
        cmocka_unit_test(absent_options_are_defaults),
        cmocka_unit_test(every_ending_has_a_name),
        cmocka_unit_test(files_are_saved_and_loaded),
        cmocka_unit_test(release_accepts_an_empty_result),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

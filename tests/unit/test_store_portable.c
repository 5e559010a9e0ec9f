/*
 * Results out of the store and back: lossless as JSON Lines and SQLite, as much as the columns hold
 * as CSV; and files that are damaged, foreign or hostile.
 */
#include "git_fixture.h"

#include <stdlib.h>
#include <string.h>

#include "perfwarden/store.h"
#include "result_sample.h"

static void read_sample(struct pw_result *out)
{
    struct pw_error err = PW_ERROR_INIT;

    fixture_assert_ok(pw_result_read(sample_text, strlen(sample_text), "sample", out, &err), &err);
}

static void save(const char *name, const char *data, size_t length)
{
    struct pw_error err = PW_ERROR_INIT;
    char *path = fixture_path(name);

    fixture_assert_ok(pw_file_write(path, data, length, &err), &err);
    free(path);
}

static int load(const char *name, struct pw_import *out, struct pw_error *err)
{
    char *path = fixture_path(name);
    const int status = pw_import_read(out, PW_PORTABLE_COUNT, path, err);

    free(path);
    return status;
}

/* What a format makes of the sample, read back. */
static void travel(enum pw_portable format, struct pw_import *out)
{
    struct pw_error err = PW_ERROR_INIT;
    struct pw_strbuf text = PW_STRBUF_INIT;
    struct pw_result result = {0};

    read_sample(&result);
    pw_portable_put_begin(format, &text);
    pw_portable_put_result(format, &result, &text);
    pw_portable_put_end(format, &text);
    fixture_assert_ok(pw_strbuf_check(&text, &err), &err);
    save("file", pw_strbuf_text(&text), text.length);
    fixture_assert_ok(load("file", out, &err), &err);
    assert_int_equal(out->count, 1);
    pw_strbuf_release(&text);
    pw_result_release(&result);
}

static void json_lines_lose_nothing(void **state)
{
    struct pw_import import = {0};
    (void)state;

    travel(PW_PORTABLE_JSONL, &import);
    assert_string_equal(import.items[0].text, sample_text);
    assert_false(import.items[0].is_partial);
    assert_string_equal(import.items[0].run_id, RUN_ID);
    char *lines = fixture_run("wc -l <file");
    assert_string_equal(lines, "1");
    free(lines);
    pw_import_release(&import);
}

/* What was read and what was just measured are written alike. */
static void json_lines_are_stable(void **state)
{
    struct pw_error err = PW_ERROR_INIT;
    struct pw_strbuf measured = PW_STRBUF_INIT;
    struct pw_strbuf again = PW_STRBUF_INIT;
    struct pw_result result = {0};
    struct pw_result read = {0};
    (void)state;

    fixture_assert_ok(pw_result_init(&result, &err), &err);
    result.commit = COMMIT;
    assert_non_null(pw_result_add_benchmark(&result, "a", "a", "a"));
    pw_portable_put_result(PW_PORTABLE_JSONL, &result, &measured);
    fixture_assert_ok(pw_strbuf_check(&measured, &err), &err);
    fixture_assert_ok(
        pw_result_read(pw_strbuf_text(&measured), measured.length, "line", &read, &err), &err);
    pw_portable_put_result(PW_PORTABLE_JSONL, &read, &again);
    assert_string_equal(pw_strbuf_text(&measured), pw_strbuf_text(&again));
    pw_strbuf_release(&measured);
    pw_strbuf_release(&again);
    pw_result_release(&read);
    pw_result_release(&result);
}

static void csv_keeps_the_values(void **state)
{
    struct pw_error err = PW_ERROR_INIT;
    struct pw_import import = {0};
    struct pw_result result = {0};
    (void)state;

    travel(PW_PORTABLE_CSV, &import);
    assert_true(import.items[0].is_partial);
    fixture_assert_ok(
        pw_result_read(import.items[0].text, import.items[0].length, "back", &result, &err), &err);
    assert_string_equal(result.run_id, RUN_ID);
    assert_string_equal(result.commit, COMMIT);
    assert_string_equal(result.branch, "main");
    assert_string_equal(result.started_at, "2026-11-20T10:00:00Z");
    assert_string_equal(result.environment.id, "e3b0c44298fc");
    assert_true(result.is_dirty);
    assert_int_equal(result.benchmark_count, 2);
    assert_string_equal(result.benchmarks[0].id, "parse/size=1024");
    assert_string_equal(result.benchmarks[0].name, "parse");
    assert_string_equal(result.benchmarks[0].params[0].value, "1024");
    assert_int_equal(result.benchmarks[0].series_count, 2);
    assert_int_equal(result.benchmarks[0].series[0].count, 2);
    assert_true(result.benchmarks[0].series[0].samples[1] == 1240011.5);
    assert_string_equal(result.benchmarks[0].series[0].source, "clock");
    assert_int_equal(result.benchmarks[0].series[1].count, 0);
    assert_int_equal(result.benchmarks[1].status, PW_MEASURED_TIMEOUT);
    pw_result_release(&result);
    pw_import_release(&import);
}

#define HEADER                                                                                     \
    "commit,environment,run_id,recorded_at,branch,dirty,benchmark,name,params,status,metric,"      \
    "unit,better,source,samples\r\n"
#define PREFIX COMMIT ",e3b0c44298fc," RUN_ID ",2026-11-20T10:00:00Z"

/* Texts that a spreadsheet would run, or a careless reader trip over. */
static void csv_defuses_and_restores(void **state)
{
    static const char *const texts[] = {
        "=1+1",
        "+1",
        "-1",
        "@x",
        "'quoted",
        "\ttab",
        "a,b",
        "say \"x\"",
        "two\r\nlines",
        "=\"a\",b",
        "\xC3\xA4\xE2\x82\xAC",
        " blanks ",
    };
    (void)state;

    for (size_t i = 0; i < PW_COUNT(texts); i++) {
        struct pw_error err = PW_ERROR_INIT;
        struct pw_strbuf csv = PW_STRBUF_INIT;
        struct pw_import import = {0};
        struct pw_result result = {0};
        struct pw_result back = {0};
        read_sample(&result);
        result.branch = texts[i];
        result.benchmarks[0].id = texts[i];
        result.benchmarks[0].series[0].metric = "score";
        result.benchmarks[0].series[0].unit = "points";
        result.benchmarks[0].series[0].samples[0] = -1.5;
        pw_portable_put_begin(PW_PORTABLE_CSV, &csv);
        pw_portable_put_result(PW_PORTABLE_CSV, &result, &csv);
        for (const char *bad = "=+-@\t"; *bad != '\0'; bad++) {
            const char after_comma[] = {',', *bad, '\0'};
            const char after_quote[] = {',', '"', *bad, '\0'};
            assert_null(strstr(pw_strbuf_text(&csv), after_comma));
            assert_null(strstr(pw_strbuf_text(&csv), after_quote));
        }
        save("file.csv", pw_strbuf_text(&csv), csv.length);
        fixture_assert_ok(load("file.csv", &import, &err), &err);
        fixture_assert_ok(
            pw_result_read(import.items[0].text, import.items[0].length, "back", &back, &err),
            &err);
        assert_string_equal(back.branch, texts[i]);
        assert_string_equal(back.benchmarks[0].id, texts[i]);
        assert_true(back.benchmarks[0].series[0].samples[0] == -1.5);
        pw_result_release(&back);
        pw_result_release(&result);
        pw_import_release(&import);
        pw_strbuf_release(&csv);
    }
}

static void csv_needs_few_columns_in_any_order(void **state)
{
    static const char text[] =
        "\xEF\xBB\xBFrun_id,samples,metric,unit,benchmark,environment,commit,"
        "recorded_at\n" RUN_ID ",1 2.5,wall_time,ns,a,e3b0c44298fc," COMMIT
        ",2026-11-20T10:00:00Z\n\n" RUN_ID ",3,score,points,a,e3b0c44298fc," COMMIT
        ",2026-11-20T10:00:00Z\n";
    struct pw_error err = PW_ERROR_INIT;
    struct pw_import import = {0};
    struct pw_result result = {0};
    (void)state;

    save("file", text, strlen(text));
    fixture_assert_ok(load("file", &import, &err), &err);
    assert_int_equal(import.count, 1);
    fixture_assert_ok(
        pw_result_read(import.items[0].text, import.items[0].length, "back", &result, &err), &err);
    assert_int_equal(result.benchmark_count, 1);
    assert_int_equal(result.benchmarks[0].series_count, 2);
    assert_string_equal(result.benchmarks[0].series[1].metric, "score");
    pw_result_release(&result);
    pw_import_release(&import);
}

static void damaged_files_are_named_with_the_line(void **state)
{
    static const struct {
        const char *text;
        unsigned line;
        const char *problem;
    } cases[] = {
        {"", 0, "is empty"},
        {" \n\n", 0, "is empty"},
        {"nonsense\n", 1, "no column 'nonsense'"},
        {"{\"schema\": \"perfwarden/result/1\"}\n", 1, "is missing"},
        {"{\"schema\": \"perfwarden/comparison/1\"}\n", 1, "is not that of a result"},
        {"\n{\"schema\": \"perfwarden/result/9\"}\n", 2, "newer version"},
        {"{\"schema\"\n", 1, "invalid JSON"},
        {HEADER PREFIX ",,,a,,,,wall_time,ns,,,1 2", 2, "may be cut short"},
        {HEADER PREFIX ",,,a,,,,wall_time,ns,,\r\n", 2, "fields, not"},
        {HEADER PREFIX ",,,a,,,,wall_time,ns,,,1 x\r\n", 2, "is not numbers"},
        {HEADER PREFIX ",,,a,,,,wall_time,ns,,,nan\r\n", 2, "is not numbers"},
        {HEADER PREFIX ",,,a,,,,wall_time,ns,,,1e999\r\n", 2, "is not numbers"},
        {HEADER PREFIX ",,,a,,[1],,wall_time,ns,,,1\r\n", 2, "is not a JSON object"},
        {HEADER PREFIX ",,,a,,{},fine,wall_time,ns,,,1\r\n", 2, "how a benchmark can end"},
        {HEADER PREFIX ",,,a,,,,wall_time,ns,more,,1\r\n", 2, "neither 'lower' nor 'higher'"},
        {HEADER PREFIX ",,maybe,a,,,,wall_time,ns,,,1\r\n", 2, "neither 'true' nor 'false'"},
        {HEADER PREFIX ",,,a,,,,,ns,,,1\r\n", 2, "although there are samples"},
        {HEADER PREFIX ",,,,,,,wall_time,ns,,,1\r\n", 2, "although there is a metric"},
        {HEADER PREFIX ",,,a,,,,wall_time,,,,1\r\n", 2, "is empty"},
        {HEADER PREFIX ",,,a,,,,wall_time,ns,,,1\r\n" PREFIX ",,,a,,,,wall_time,ns,,,1\r\n", 3,
         "earlier row of this benchmark"},
        {HEADER PREFIX ",x,,a,,,,wall_time,ns,,,1\r\n" PREFIX ",y,,a,,,,max_rss,bytes,,,1\r\n", 3,
         "differs from that"},
        {HEADER PREFIX ",,,a,b,,,wall_time,ns,,,1\r\n" PREFIX ",,,a,c,,,max_rss,bytes,,,1\r\n", 3,
         "column 'name' differs from that"},
        {HEADER PREFIX ",,,a,,,ok,wall_time,ns,,,1\r\n" PREFIX ",,,a,,,exit,max_rss,bytes,,,1\r\n",
         3, "column 'status' differs from that"},
        {HEADER PREFIX ",,,a,,,,wall_time,ns,,,2 -1\r\n", 2,
         "metric 'wall_time' of benchmark 'a' has the value '-1', which is negative"},
        {HEADER PREFIX ",,,a,,,,mine,bytes,,,-1\r\n", 2, "which is negative"},
        {HEADER PREFIX ",,,,,,,,,,,\r\n", 2, "has no benchmark"},
        {HEADER COMMIT ",e3b0c44298fc," RUN_ID ",yesterday,,,a,,,,wall_time,ns,,,1\r\n", 2,
         "column 'recorded_at' is not a time"},
        {HEADER COMMIT ",e3b0c44298fc," RUN_ID ",2026-13-20T10:00:00Z,,,a,,,,wall_time,ns,,,1\r\n",
         2, "column 'recorded_at' is not a time"},
        {HEADER PREFIX ",\"x,,a,,,,wall_time,ns,,,1\r\n", 2, "is cut short"},
        {HEADER PREFIX ",x\"y,,a,,,,wall_time,ns,,,1\r\n", 2, "a quote stands inside"},
        {HEADER PREFIX ",\"x\"y,,a,,,,wall_time,ns,,,1\r\n", 2, "goes on behind its end"},
        {HEADER PREFIX ",x\ry,,a,,,,wall_time,ns,,,1\r\n", 2, "carriage return"},
        {HEADER PREFIX ",\xFF,,a,,,,wall_time,ns,,,1\r\n", 2, "is not UTF-8"},
        {HEADER "zz,e3b0c44298fc," RUN_ID ",2026-11-20T10:00:00Z,,,a,,,,wall_time,ns,,,1\r\n", 2,
         "hexadecimal"},
        {HEADER COMMIT ",e3b0c44298fc,../../etc,x,,,a,,,,wall_time,ns,,,1\r\n", 2, "is not 26"},
        {HEADER COMMIT ",x," RUN_ID ",x,,,a,,,,wall_time,ns,,,1\r\n", 2, "is not 12"},
        {"commit,commit\r\n", 1, "is there twice"},
        {"commit,run_id\r\n", 1, "'environment' is missing"},
        {",,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,\r\n", 1,
         "too many"},
    };
    (void)state;

    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        struct pw_error err = PW_ERROR_INIT;
        struct pw_import import = {0};
        save("file", cases[i].text, strlen(cases[i].text));
        const int status = load("file", &import, &err);
        if (status == PW_EFORMAT && err.line != cases[i].line) {
            fail_msg("case %zu: line %u, not %u", i, err.line, cases[i].line);
        }
        fixture_assert_error(status, PW_EFORMAT, &err, cases[i].problem);
        pw_import_release(&import);
    }
}

/* The second of two lines is damaged at every place: never a crash, never taken for sound. */
static void every_cut_is_noticed(void **state)
{
    struct pw_strbuf line = PW_STRBUF_INIT;
    struct pw_result result = {0};
    (void)state;

    read_sample(&result);
    pw_portable_put_result(PW_PORTABLE_JSONL, &result, &line);
    const size_t whole = line.length;
    for (size_t cut = 1; cut < whole - 1; cut += 7) {
        struct pw_error err = PW_ERROR_INIT;
        struct pw_import import = {0};
        pw_strbuf_truncate(&line, 0);
        pw_portable_put_result(PW_PORTABLE_JSONL, &result, &line);
        pw_portable_put_result(PW_PORTABLE_JSONL, &result, &line);
        save("file", pw_strbuf_text(&line), whole + cut);
        const int status = load("file", &import, &err);
        assert_int_equal(err.line, 2);
        fixture_assert_error(status, PW_EFORMAT, &err, "");
        line.data[whole + cut] = '\0';
        save("file", pw_strbuf_text(&line), line.length);
        fixture_assert_error(load("file", &import, &err), PW_EFORMAT, &err, "");
        pw_import_release(&import);
    }
    pw_strbuf_release(&line);
    pw_result_release(&result);
}

static void a_single_result_may_be_spread_over_lines(void **state)
{
    struct pw_error err = PW_ERROR_INIT;
    struct pw_import import = {0};
    (void)state;

    save("file", sample_text, strlen(sample_text));
    fixture_assert_ok(load("file", &import, &err), &err);
    assert_int_equal(import.count, 1);
    assert_string_equal(import.items[0].text, sample_text);
    pw_import_release(&import);
    /* as others lay it out */
    for (size_t cut = strlen("{\n"); cut < 200; cut++) {
        struct pw_strbuf text = PW_STRBUF_INIT;
        const char *end = strchr(sample_text + cut, '\n') + 1;
        for (const char *at = sample_text; at < end; at++) {
            pw_strbuf_putc(&text, *at == '\n' && at + 1 < end ? ' ' : *at);
        }
        pw_strbuf_puts(&text, end);
        save("file", pw_strbuf_text(&text), text.length);
        fixture_assert_ok(load("file", &import, &err), &err);
        assert_int_equal(import.count, 1);
        assert_string_equal(import.items[0].text, sample_text);
        pw_import_release(&import);
        pw_strbuf_release(&text);
    }
}

static void a_result_without_a_commit_is_refused(void **state)
{
    struct pw_error err = PW_ERROR_INIT;
    struct pw_import import = {0};
    struct pw_strbuf line = PW_STRBUF_INIT;
    struct pw_result result = {0};
    (void)state;

    fixture_assert_ok(pw_result_init(&result, &err), &err);
    pw_portable_put_result(PW_PORTABLE_JSONL, &result, &line);
    save("file", pw_strbuf_text(&line), line.length);
    fixture_assert_error(load("file", &import, &err), PW_EFORMAT, &err, "has no commit");
    pw_strbuf_release(&line);
    pw_result_release(&result);
    pw_import_release(&import);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(json_lines_lose_nothing, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(json_lines_are_stable, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(csv_keeps_the_values, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(csv_defuses_and_restores, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(csv_needs_few_columns_in_any_order, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(damaged_files_are_named_with_the_line, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(every_cut_is_noticed, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_single_result_may_be_spread_over_lines, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(a_result_without_a_commit_is_refused, fixture_setup,
                                        fixture_teardown),
    };

    return cmocka_run_group_tests_name("store_portable", tests, NULL, NULL);
}

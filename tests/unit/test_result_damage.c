/* Damaged results: refused with the member's path, and never a crash. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "perfwarden/result.h"
#include "perfwarden/util.h"
#include "result_sample.h"

static int read_text(const char *text, struct pw_result *out, struct pw_error *err)
{
    return pw_result_read(text, strlen(text), "r.json", out, err);
}

/* The sample with one part replaced by another; freed by the caller. */
static char *replaced(const char *part, const char *by)
{
    struct pw_strbuf out = PW_STRBUF_INIT;
    const char *at = strstr(sample_text, part);
    if (at == NULL)
        fail_msg("'%s' is not in the sample", part);
    pw_strbuf_append(&out, sample_text, (size_t)(at - sample_text));
    pw_strbuf_puts(&out, by);
    pw_strbuf_puts(&out, at + strlen(part));
    return pw_strbuf_detach(&out);
}

/* One part of the sample replaced by another, and what the message then says. */
static const struct {
    const char *part;
    const char *by;
    const char *message;
} refusals[] = {
    {"result/1", "result/2",
     "schema 'perfwarden/result/2' is of a newer version, upgrade perfwarden to read it"},
    {"result/1", "comparison/1",
     "schema 'perfwarden/comparison/1' is not that of a result, expected "
     "'perfwarden/result/1'"},
    {"result/1", "result/x", "schema 'perfwarden/result/x' is not that of a result"},
    {"\"schema\"", "\"scheme\"", "'schema' is missing"},
    {"\"" RUN_ID "\"", "\"../../../../../etc/passwd.\"", "'run_id' is not 26 letters"},
    {"\"" RUN_ID "\"", "\"\"", "'run_id' is empty"},
    {"\"" RUN_ID "\"", "7", "'run_id' is not a string"},
    {"\"" COMMIT "\"", "\"main\"", "'commit' is not 40 hexadecimal digits"},
    {"\"" COMMIT "\"", "\"2F1C0000000000000000000000000000000000AB\"", "'commit' is not 40"},
    {"000001\"]", "000001\", \"x\"]", "'parents[1]' is not 40 hexadecimal digits"},
    {"000001\"]", "000001\", 1]", "'parents[1]' is not a string"},
    {"true", "\"yes\"", "'dirty' is not true or false"},
    {"\"started_at\"", "\"started\"", "'started_at' is missing"},
    {"e3b0c44298fc", "e3b0c44298f", "'environment.id' is not 12 hexadecimal digits"},
    {"e3b0c44298fc", "e3b0c44298f/", "'environment.id' is not 12 hexadecimal digits"},
    {"\"benchmarks\"", "\"benches\"", "'benchmarks' is missing"},
    {"\"id\": \"codec/BM_x\"", "\"id\": \"parse/size=1024\"",
     "'benchmarks[1].id' is the id of an earlier benchmark"},
    {"\"id\": \"codec/BM_x\"", "\"id\": \"\"", "'benchmarks[1].id' is empty"},
    {"\"id\": \"codec/BM_x\"", "\"ID\": \"x\"", "'benchmarks[1].id' is missing"},
    {"{\"size\": \"1024\"}", "{\"size\": 1024}", "'benchmarks[0].params.size' is not a string"},
    {"\"--size=1024\"", "null", "'benchmarks[0].command[1]' is not a string"},
    {"\"ok\"", "\"fine\"", "'benchmarks[0].status' is none of ok, exit"},
    {"\"timeout\"", "\"ok\"", "'benchmarks[1].error' is given although the status is 'ok'"},
    {"1240011.5", "\"x\"", "'benchmarks[0].metrics.wall_time.samples[1]' is not a number"},
    {"1240011.5", "null", "'benchmarks[0].metrics.wall_time.samples[1]' is not a number"},
    {"1240011.5", "1e400", "too large for a double"},
    {"1240011.5", "NaN", "invalid JSON"},
    {"1240011.5", "9007199254740993", "cannot hold exactly"},
    {"\"unit\": \"ns\", ", "", "'benchmarks[0].metrics.wall_time.unit' is missing"},
    {"\"better\": \"lower\", \"source\"", "\"source\"",
     "'benchmarks[0].metrics.wall_time.better' is missing"},
    {"\"lower\"", "\"sideways\"",
     "'benchmarks[0].metrics.wall_time.better' is neither 'lower' nor 'higher'"},
    {"\"resolution\": 1", "\"null_reason\": \"x\"",
     "'benchmarks[0].metrics.wall_time.null_reason' is given although there are samples"},
    {"\"wall_time\"", "\"\"", "'benchmarks[0].metrics' has a metric without a name"},
    {"\"metrics\": {}", "\"metrics\": []", "'benchmarks[1].metrics' is not an object"},
    {"\"metrics\": {}", "\"metrics\": {\"m\": 1}", "'benchmarks[1].metrics.m' is not an object"},
    {"\"name\": \"codec\"", "\"id\": \"x\"", "there already"},
};

static void wrong_members_are_refused_with_their_path(void **state)
{
    (void)state;
    for (size_t i = 0; i < PW_COUNT(refusals); i++) {
        char *text = replaced(refusals[i].part, refusals[i].by);
        struct pw_result result;
        struct pw_error err = PW_ERROR_INIT;
        memset(&result, 0x5A, sizeof(result));
        struct pw_result before = result;
        int rc = read_text(text, &result, &err);
        if (rc != PW_EFORMAT || strstr(pw_error_message(&err), refusals[i].message) == NULL)
            fail_msg("%s by %s: %d: %s", refusals[i].part, refusals[i].by, rc,
                     pw_error_message(&err));
        assert_string_equal(err.file, "r.json");
        assert_memory_equal(&result, &before, sizeof(result));
        pw_error_release(&err);
        free(text);
    }
}

static void other_documents_are_no_results(void **state)
{
    (void)state;
    static const char *const texts[] = {"[]", "1", "null", "\"x\"", "{}", "", "nonsense"};
    for (size_t i = 0; i < PW_COUNT(texts); i++) {
        struct pw_result result;
        assert_int_equal(read_text(texts[i], &result, NULL), PW_EFORMAT);
    }
}

static void check_survives(const char *text, size_t length)
{
    char *exact = malloc(length == 0 ? 1 : length); /* so that reading beyond it is noticed */
    assert_non_null(exact);
    memcpy(exact, text, length);
    struct pw_result result;
    struct pw_error err = PW_ERROR_INIT;
    int rc = pw_result_read(exact, length, "r.json", &result, &err);
    if (rc == 0) {
        struct pw_strbuf out = PW_STRBUF_INIT;
        struct pw_result back;
        pw_result_write(&result, &out);
        assert_int_equal(pw_result_read(out.data, out.length, "r", &back, NULL), 0);
        pw_result_release(&back);
        pw_strbuf_release(&out);
        pw_result_release(&result);
    } else {
        assert_int_equal(rc, PW_EFORMAT);
        assert_true(err.status == PW_EFORMAT);
    }
    pw_error_release(&err);
    free(exact);
}

static void damage_never_crashes(void **state)
{
    (void)state;
    const size_t length = sizeof(sample_text) - 1;
    uint32_t random = 7;
    for (size_t i = 0; i < length; i++)
        check_survives(sample_text, i);
    char copy[sizeof(sample_text)];
    for (int i = 0; i < 2000; i++) {
        memcpy(copy, sample_text, sizeof(copy));
        random = random * 1664525u + 1013904223u;
        copy[(random >> 8) % length] = (char)(random >> 24);
        check_survives(copy, length);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_members_are_refused_with_their_path),
        cmocka_unit_test(other_documents_are_no_results),
        cmocka_unit_test(damage_never_crashes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

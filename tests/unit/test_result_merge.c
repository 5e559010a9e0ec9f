/* Joining results: one measurement of one commit in one environment, or nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "perfwarden/result/merge.h"
#include "perfwarden/util.h"

#define COMMIT "2f1c0000000000000000000000000000000000ab"
#define OTHER  "2f1c0000000000000000000000000000000000cd"

static const char *suite[] = {"a", "b", "c", "d"};
static unsigned cut[] = {2, 1, 2, 1};
static const struct pw_shard shards[] = {{1, 2, "hash", NULL, suite, cut, 4},
                                         {2, 2, "hash", NULL, suite, cut, 4}};

static void add_fact(struct pw_result *result, const char *name, const char *value,
                     bool is_identity)
{
    struct pw_environment *environment = &result->environment;

    environment->facts = pw_arena_grow(&result->arena, environment->facts, environment->fact_count,
                                       &environment->fact_capacity, sizeof *environment->facts);
    assert_non_null(environment->facts);
    environment->facts[environment->fact_count++] =
        (struct pw_environment_fact){name, value, is_identity};
}

/* What shard `index` measured: its benchmarks, the last one first. */
static void make(unsigned index, struct pw_result *out)
{
    memset(out, 0, sizeof *out);
    assert_int_equal(pw_result_init(out, NULL), 0);
    memcpy(out->run_id, index == 1 ? "01JD3Z6W6QK1V6K9M2T8C4X7RB" : "01JD3Z6W6QK1V6K9M2T8C4X7RA",
           sizeof out->run_id);
    memcpy(out->environment.id, "e3b0c44298fc", sizeof "e3b0c44298fc");
    out->started_at = index == 1 ? "2026-11-20T10:00:01Z" : "2026-11-20T10:00:00Z";
    out->commit = COMMIT;
    out->branch = "main";
    out->config_hash = "hash";
    out->shard = &shards[index - 1];
    add_fact(out, "cpu_model", "fast", true);
    add_fact(out, "hostname", index == 1 ? "one" : "two", false);
    add_fact(out, "os", "some", false);
    for (size_t i = PW_COUNT(cut); i-- > 0;) {
        if (cut[i] == index) {
            assert_non_null(pw_result_add_benchmark(out, suite[i], suite[i], suite[i]));
        }
    }
}

static void entries_come_in_the_suites_order(void **state)
{
    struct pw_result results[2];
    struct pw_result joined = {0};
    struct pw_result again = {0};
    struct pw_strbuf text = PW_STRBUF_INIT;

    (void)state;
    make(1, &results[0]);
    make(2, &results[1]);
    assert_non_null(pw_result_add_benchmark(&results[0], "b/extra", "b", "b"));
    struct pw_result_part parts[] = {{"two", &results[1]}, {"one", &results[0]}};
    assert_int_equal(pw_result_merge(parts, 2, &joined, NULL), 0);
    static const char *const expected[] = {"a", "b", "b/extra", "c", "d"};
    assert_int_equal(joined.benchmark_count, PW_COUNT(expected));
    for (size_t i = 0; i < PW_COUNT(expected); i++) {
        assert_string_equal(joined.benchmarks[i].id, expected[i]);
    }
    assert_string_equal(joined.run_id, "01JD3Z6W6QK1V6K9M2T8C4X7RA");
    assert_string_equal(joined.started_at, "2026-11-20T10:00:00Z");
    assert_null(joined.shard);
    assert_int_equal(joined.environment.fact_count, 2);
    assert_string_equal(joined.environment.facts[1].name, "os");
    /* It is a result like any other. */
    pw_result_write(&joined, &text);
    assert_int_equal(pw_result_read(pw_strbuf_text(&text), text.length, "joined", &again, NULL), 0);
    assert_int_equal(again.benchmark_count, 5);
    pw_strbuf_release(&text);
    pw_result_release(&again);
    pw_result_release(&joined);
    pw_result_release(&results[0]);
    pw_result_release(&results[1]);
}

static void change_commit(struct pw_result *result)
{
    result->commit = OTHER;
}

static void change_dirty(struct pw_result *result)
{
    result->is_dirty = true;
}

static void change_environment(struct pw_result *result)
{
    result->environment.id[0] = 'f';
    result->environment.facts[0].value = "slow";
}

static void lose_entry(struct pw_result *result)
{
    result->benchmark_count = 1; /* of "c" and "a" */
}

static void add_foreign(struct pw_result *result)
{
    assert_non_null(pw_result_add_benchmark(result, "b2", "b", "b"));
}

static void add_unknown(struct pw_result *result)
{
    assert_non_null(pw_result_add_benchmark(result, "z", "z", "z"));
}

static void add_repeated(struct pw_result *result)
{
    assert_non_null(pw_result_add_benchmark(result, "b", "a", "a"));
}

static void lose_shard(struct pw_result *result)
{
    result->shard = NULL;
}

static void refusals(void **state)
{
    static const struct {
        void (*change)(struct pw_result *result);
        int status;
        const char *part;
    } cases[] = {
        {change_commit, PW_EUSAGE, "'one' and 'two' cannot be joined: they measured different"},
        {change_dirty, PW_EUSAGE, "uncommitted changes"},
        {change_environment, PW_EUSAGE, "(e3b0c44298fc and f3b0c44298fc) differ in cpu_model"},
        {lose_entry, PW_ENOTFOUND, "'two', shard 2 of 2, has not measured 'a'"},
        {add_foreign, PW_EUSAGE, "'two' has benchmark 'b2', which is not of shard 2"},
        {add_unknown, PW_EUSAGE, "'two' has benchmark 'z', which is not of shard 2"},
        {add_repeated, PW_EUSAGE, "two shards report benchmark 'b'"},
        {lose_shard, PW_EUSAGE, "'two' is not of a shard"},
    };

    (void)state;
    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        struct pw_result results[2];
        struct pw_result joined = {0};
        struct pw_error err = PW_ERROR_INIT;
        make(1, &results[0]);
        make(2, &results[1]);
        cases[i].change(&results[1]);
        struct pw_result_part parts[] = {{"one", &results[0]}, {"two", &results[1]}};
        assert_int_equal(pw_result_merge(parts, 2, &joined, &err), cases[i].status);
        if (strstr(pw_error_message(&err), cases[i].part) == NULL) {
            fail_msg("'%s' does not say '%s'", pw_error_message(&err), cases[i].part);
        }
        pw_error_release(&err);
        pw_result_release(&results[0]);
        pw_result_release(&results[1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_come_in_the_suites_order),
        cmocka_unit_test(refusals),
    };
    return cmocka_run_group_tests_name("result_merge", tests, NULL, NULL);
}

/* A base under today's names: which entries have them, and which keep their own. */
#include <stdio.h>

#include "gate_fixture.h"

#include "perfwarden/gate/renamed.h"

/** What a base has, what head has, and what the base's entries are called then; ids in order, each
 * the whole benchmark unless it has a '/'. */
struct row {
    const char *base[3];
    const char *head[2];
    const char *expected[3];
};

static const struct row rows[] = {
    {{"parse"}, {"read"}, {"read"}},
    {{"parse", "parse/small", "other"}, {"read"}, {"read", "read/small", "other"}},
    {{"scan"}, {"read"}, {"read"}},
    /* the first former name that is there; the other benchmark is another */
    {{"scan", "parse"}, {"read"}, {"scan", "read"}},
    /* known by the new name already */
    {{"parse", "read"}, {"read"}, {"parse", "read"}},
    /* head is older than the renaming */
    {{"parse"}, {"parse"}, {"parse"}},
    {{"parsed", "pars"}, {"read"}, {"parsed", "pars"}},
    {{NULL}, {"read"}, {NULL}},
};

/* "parse/small" comes from the process of "parse". */
static void add(struct pw_result *result, const char *const *ids, size_t most)
{
    for (size_t i = 0; i < most && ids[i] != NULL; i++) {
        char declared[32];
        (void)snprintf(declared, sizeof declared, "%.*s", (int)strcspn(ids[i], "/"), ids[i]);
        const char *copy = pw_arena_strdup(&result->arena, declared);
        assert_non_null(copy);
        (void)fixture_entry(result, ids[i], copy);
    }
}

static void check(const struct row *row)
{
    static const char *const former[] = {"parse", "scan"};
    struct pw_benchmark benchmarks[] = {fixture_benchmark("read", NULL, 0),
                                        fixture_benchmark("other", NULL, 0)};
    benchmarks[0].renamed_from = (struct pw_strings){former, PW_COUNT(former)};
    const struct pw_config config = fixture_config(benchmarks, PW_COUNT(benchmarks));
    struct pw_arena arena = {0};
    struct pw_result base;
    struct pw_result head;
    struct pw_result renamed;

    fixture_result(&base);
    fixture_result(&head);
    add(&base, row->base, PW_COUNT(row->base));
    add(&head, row->head, PW_COUNT(row->head));
    assert_int_equal(pw_gate_rename_base(&config, &base, &head, &arena, &renamed, NULL), 0);
    assert_int_equal(renamed.benchmark_count, base.benchmark_count);
    for (size_t i = 0; i < renamed.benchmark_count; i++) {
        const struct pw_result_benchmark *entry = &renamed.benchmarks[i];
        assert_string_equal(entry->id, row->expected[i]);
        assert_int_equal(strlen(entry->declared), strcspn(entry->id, "/"));
        assert_memory_equal(entry->declared, entry->id, strlen(entry->declared));
        assert_string_equal(base.benchmarks[i].id, row->base[i]); /* which is left alone */
    }
    pw_result_release(&base);
    pw_result_release(&head);
    pw_arena_release(&arena);
}

static void test_names(void **state)
{
    (void)state;
    for (size_t i = 0; i < PW_COUNT(rows); i++) {
        check(&rows[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_names)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The cut of a suite: balanced, and the same whatever the order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "perfwarden/run/shard.h"
#include "perfwarden/util.h"
#include "stats_random.h"

#define MAX_ITEMS 9

static const char *const ids[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i"};

static uint64_t busiest(const struct pw_run_load *loads, const unsigned *cut, size_t count,
                        unsigned shards)
{
    uint64_t most = 0;

    for (unsigned k = 1; k <= shards; k++) {
        uint64_t busy = 0;
        for (size_t i = 0; i < count; i++) {
            busy += cut[i] == k ? loads[i].expected_ns : 0;
        }
        most = busy > most ? busy : most;
    }
    return most;
}

/* The best of all cuts there are. */
static uint64_t optimum(const struct pw_run_load *loads, size_t count, unsigned shards)
{
    unsigned cut[MAX_ITEMS];
    uint64_t best = UINT64_MAX;
    size_t all = 1;

    for (size_t i = 0; i < count; i++) {
        all *= shards;
    }
    for (size_t number = 0; number < all; number++) {
        size_t rest = number;
        for (size_t i = 0; i < count; i++) {
            cut[i] = (unsigned)(rest % shards) + 1;
            rest /= shards;
        }
        const uint64_t busy = busiest(loads, cut, count, shards);
        best = busy < best ? busy : best;
    }
    return best;
}

static void no_shard_takes_more_than_four_thirds(void **state)
{
    uint64_t random = 7;
    uint64_t worst_percent = 0;

    (void)state;
    for (int turn = 0; turn < 150; turn++) {
        struct pw_run_load loads[MAX_ITEMS];
        unsigned cut[MAX_ITEMS];
        const size_t count = 3 + (size_t)(uniform(&random) * 6.0);
        const unsigned shards = 2 + (unsigned)(uniform(&random) * 2.0);
        for (size_t i = 0; i < count; i++) {
            loads[i] = (struct pw_run_load){ids[i], 1 + (uint64_t)(uniform(&random) * 50.0)};
        }
        assert_int_equal(pw_run_cut(loads, count, shards, cut, NULL), 0);
        const uint64_t found = busiest(loads, cut, count, shards);
        const uint64_t best = optimum(loads, count, shards);
        assert_true(3 * found <= 4 * best);
        worst_percent = 100 * found / best > worst_percent ? 100 * found / best : worst_percent;
    }
    assert_true(worst_percent > 100); /* some were hard */
}

static void the_order_does_not_matter(void **state)
{
    static const uint64_t times[] = {50, 20, 20, 70, 20, 20, 50, 10, 20};
    uint64_t random = 11;
    unsigned first[MAX_ITEMS];

    (void)state;
    for (int turn = 0; turn < 50; turn++) {
        size_t order[MAX_ITEMS];
        struct pw_run_load loads[MAX_ITEMS];
        unsigned cut[MAX_ITEMS];
        for (size_t i = 0; i < MAX_ITEMS; i++) {
            order[i] = i;
        }
        for (size_t i = MAX_ITEMS - 1; turn > 0 && i > 0; i--) {
            const size_t other = (size_t)(uniform(&random) * (double)(i + 1));
            const size_t moved = order[i];
            order[i] = order[other];
            order[other] = moved;
        }
        for (size_t i = 0; i < MAX_ITEMS; i++) {
            loads[i] = (struct pw_run_load){ids[order[i]], times[order[i]]};
        }
        assert_int_equal(pw_run_cut(loads, MAX_ITEMS, 3, cut, NULL), 0);
        for (size_t i = 0; i < MAX_ITEMS; i++) {
            if (turn == 0) {
                first[order[i]] = cut[i];
            }
            assert_int_equal(cut[i], first[order[i]]);
        }
    }
}

static void what_is_not_known_is_the_median(void **state)
{
    struct pw_run_load loads[] = {{"a", 0}, {"b", 90}, {"c", 30}, {"d", 40}, {"e", 0}};
    unsigned cut[5];

    (void)state;
    assert_int_equal(pw_run_cut(loads, 5, 2, cut, NULL), 0);
    assert_int_equal(loads[0].expected_ns, 40);
    assert_int_equal(loads[4].expected_ns, 40);
    assert_int_equal(loads[1].expected_ns, 90);
    /* 90 | 40 40, then the third 40 to the first of 90 and 80: the second, and 30 to the first */
    assert_int_equal(busiest(loads, cut, 5, 2), 120);
}

static void nothing_known_is_dealt_out(void **state)
{
    struct pw_run_load loads[] = {{"z", 0}, {"b", 0}, {"y", 0}, {"a", 0}, {"c", 0}};
    static const unsigned expected[] = {1, 2, 3, 1, 2};
    unsigned cut[5];

    (void)state;
    assert_int_equal(pw_run_cut(loads, 5, 3, cut, NULL), 0);
    assert_memory_equal(cut, expected, sizeof expected);
    assert_int_equal(loads[0].expected_ns, 0);
}

static void more_shards_than_benchmarks(void **state)
{
    struct pw_run_load loads[] = {{"a", 10}, {"b", 20}};
    unsigned cut[2] = {0, 0};

    (void)state;
    assert_int_equal(pw_run_cut(loads, 2, 10000, cut, NULL), 0);
    assert_int_equal(cut[1], 1);
    assert_int_equal(cut[0], 2);
    assert_int_equal(pw_run_cut(NULL, 0, 3, NULL, NULL), 0);
}

static void huge_times_do_not_wrap(void **state)
{
    struct pw_run_load loads[] = {{"a", UINT64_MAX}, {"b", UINT64_MAX}, {"c", UINT64_MAX}};
    unsigned cut[3];

    (void)state;
    assert_int_equal(pw_run_cut(loads, 3, 2, cut, NULL), 0);
    assert_int_equal(cut[0], 1);
    assert_int_equal(cut[1], 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_shard_takes_more_than_four_thirds),
        cmocka_unit_test(the_order_does_not_matter),
        cmocka_unit_test(what_is_not_known_is_the_median),
        cmocka_unit_test(nothing_known_is_dealt_out),
        cmocka_unit_test(more_shards_than_benchmarks),
        cmocka_unit_test(huge_times_do_not_wrap),
    };
    return cmocka_run_group_tests_name("cut", tests, NULL, NULL);
}

/* All of Valgrind's events: gungraun's text and its JSON give the same metrics. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "adapter_check.h"
#include "perfwarden/util/compiler.h"

#define LOWER  PW_BETTER_LOWER
#define HIGHER PW_BETTER_HIGHER

#define WB    "rust_iai_callgrind::custom_format::callgrind_format all_with_wb"
#define CACHE "rust_iai_callgrind::custom_format::callgrind_format all_with_cachuse"

/* Rows 1 to 30 are the same in both blocks of the file. */
#define FIRST_THIRTY(name)                                                                         \
    {name, "instructions", "count", LOWER, 1}, {name, "data_reads", "count", LOWER, 2},            \
        {name, "data_writes", "count", LOWER, 3}, {name, "i1_misses", "count", LOWER, 4},          \
        {name, "d1_read_misses", "count", LOWER, 5}, {name, "d1_write_misses", "count", LOWER, 6}, \
        {name, "lli_misses", "count", LOWER, 7}, {name, "lld_read_misses", "count", LOWER, 8},     \
        {name, "lld_write_misses", "count", LOWER, 9},                                             \
        {name, "i1_miss_rate", "ratio", LOWER, 0.10},                                              \
        {name, "lli_miss_rate", "ratio", LOWER, 0.11},                                             \
        {name, "d1_miss_rate", "ratio", LOWER, 0.12},                                              \
        {name, "lld_miss_rate", "ratio", LOWER, 0.13},                                             \
        {name, "ll_miss_rate", "ratio", LOWER, 0.14}, {name, "l1_hits", "count", LOWER, 15},       \
        {name, "ll_hits", "count", LOWER, 16}, {name, "ram_hits", "count", LOWER, 17},             \
        {name, "l1_hit_rate", "ratio", HIGHER, 0.18},                                              \
        {name, "ll_hit_rate", "ratio", HIGHER, 0.19},                                              \
        {name, "ram_hit_rate", "ratio", LOWER, 0.20},                                              \
        {name, "total_read_write", "count", LOWER, 21},                                            \
        {name, "estimated_cycles", "cycles", LOWER, 22},                                           \
        {name, "system_calls", "count", LOWER, 23},                                                \
        {name, "system_call_time", "count", LOWER, 24},                                            \
        {name, "system_call_cpu_time", "count", LOWER, 25},                                        \
        {name, "global_bus_events", "count", LOWER, 26},                                           \
        {name, "conditional_branches", "count", LOWER, 27},                                        \
        {name, "conditional_branch_misses", "count", LOWER, 28},                                   \
        {name, "indirect_branches", "count", LOWER, 29},                                           \
    {                                                                                              \
        name, "indirect_branch_misses", "count", LOWER, 30                                         \
    }

static void recorded_text(void **state)
{
    (void)state;
    static const struct expected expected[] = {
        FIRST_THIRTY(WB),
        {WB, "lli_dirty_misses", "count", LOWER, 31},
        {WB, "lld_dirty_read_misses", "count", LOWER, 32},
        {WB, "lld_dirty_write_misses", "count", LOWER, 33},
        FIRST_THIRTY(CACHE),
        {CACHE, "temporal_locality_l1", "count", LOWER, 31},
        {CACHE, "temporal_locality_ll", "count", LOWER, 32},
        {CACHE, "spatial_loss_l1", "count", LOWER, 33},
        {CACHE, "spatial_loss_ll", "count", LOWER, 34},
    };
    if (!check_file("gungraun", "adapters/bencher_rust_gungraun_callgrind-all.txt", expected,
                    PW_COUNT(expected)))
        skip();
}

#define JSON "play_game::bench_play_game_group::bench_play_game_100 some_id"

static void recorded_json(void **state)
{
    (void)state;
    static const struct expected expected[] = {
        {JSON, "temporal_locality_l1", "count", LOWER, 0},
        {JSON, "temporal_locality_ll", "count", LOWER, 100},
        {JSON, "conditional_branches", "count", LOWER, 200},
        {JSON, "conditional_branch_misses", "count", LOWER, 300},
        {JSON, "indirect_branches", "count", LOWER, 400},
        {JSON, "indirect_branch_misses", "count", LOWER, 500},
        {JSON, "d1_miss_rate", "ratio", LOWER, 0},
        {JSON, "d1_read_misses", "count", LOWER, 600},
        {JSON, "d1_write_misses", "count", LOWER, 700},
        {JSON, "lld_dirty_read_misses", "count", LOWER, 800},
        {JSON, "lld_dirty_write_misses", "count", LOWER, 900},
        {JSON, "lld_read_misses", "count", LOWER, 1000},
        {JSON, "lld_write_misses", "count", LOWER, 1100},
        {JSON, "data_reads", "count", LOWER, 1200},
        {JSON, "data_writes", "count", LOWER, 1300},
        {JSON, "estimated_cycles", "cycles", LOWER, 1400},
        {JSON, "global_bus_events", "count", LOWER, 1500},
        {JSON, "i1_miss_rate", "ratio", LOWER, 0.001},
        {JSON, "i1_misses", "count", LOWER, 1600},
        {JSON, "lli_dirty_misses", "count", LOWER, 1700},
        {JSON, "lli_misses", "count", LOWER, 1800},
        {JSON, "instructions", "count", LOWER, 1900},
        {JSON, "l1_hit_rate", "ratio", HIGHER, 0.002},
        {JSON, "l1_hits", "count", LOWER, 2000},
        {JSON, "ll_hit_rate", "ratio", HIGHER, 0.003},
        {JSON, "ll_miss_rate", "ratio", LOWER, 0.004},
        {JSON, "lld_miss_rate", "ratio", LOWER, 0.005},
        {JSON, "ll_hits", "count", LOWER, 2100},
        {JSON, "lli_miss_rate", "ratio", LOWER, 0.006},
        {JSON, "ram_hit_rate", "ratio", LOWER, 0.007},
        {JSON, "ram_hits", "count", LOWER, 2200},
        {JSON, "spatial_loss_l1", "count", LOWER, 2300},
        {JSON, "spatial_loss_ll", "count", LOWER, 2400},
        {JSON, "system_calls", "count", LOWER, 2500},
        {JSON, "system_call_cpu_time", "count", LOWER, 2600},
        {JSON, "system_call_time", "count", LOWER, 2700},
        {JSON, "total_read_write", "count", LOWER, 2800},
    };
    if (!check_file("gungraun-json",
                    "adapters/bencher_rust_gungraun_json_one_callgrind_all_metrics.txt", expected,
                    PW_COUNT(expected)))
        skip();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(recorded_text),
        cmocka_unit_test(recorded_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

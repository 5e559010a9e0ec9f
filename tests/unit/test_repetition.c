/* Which runs the schedule asks for in one go. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../src/run/precision.h"
#include "perfwarden/run.h"
#include "perfwarden/util.h"
#include "scripted_executor.h"

/** How a benchmark is run of which nothing, or something, is wanted between two runs. */
struct repetition {
    struct script_step steps[12];
    bool has_prepare;
    const char *log; /**< of the calls after the first, as far as given */
    size_t samples;
};

static const struct repetition REPETITIONS[] = {
    {.log = "series of 7 from 2\n", .samples = 8},
    {.steps = {{.out = "hello"}}, .log = "./bench --fast #2\nseries of 6 from 3\n", .samples = 8},
    {.steps = {{0}, {0}, {.error_output = "careful"}}, .log = "series of 7 from 2\n", .samples = 8},
    {.steps = {{0}, {0}, {0}, {.code = 3}}, .log = "series of 7 from 2\n", .samples = 3},
    {.has_prepare = true, .log = "./bench --fast #1\nprepare #2\n", .samples = 8},
};

static void test_quiet_runs_are_made_in_series(void **state)
{
    static const char *const PREPARE[] = {"prepare"};

    (void)state;
    for (size_t i = 0; i < PW_COUNT(REPETITIONS); i++) {
        struct script script = script_of(REPETITIONS[i].steps, PW_COUNT(REPETITIONS[i].steps));
        struct pw_benchmark benchmark = script_benchmark("a");
        struct script_outcome outcome;
        const char *rest;

        script.executor.execute_series = script_execute_series;
        benchmark.runs_min = 8;
        benchmark.runs_max = 8;
        if (REPETITIONS[i].has_prepare) {
            benchmark.prepare = (struct pw_strings){PREPARE, 1};
        }
        outcome = run_script(&benchmark, 1, &script, NULL);
        rest = strchr(pw_strbuf_text(&script.log), '\n') + 1;
        assert_int_equal(strncmp(rest, REPETITIONS[i].log, strlen(REPETITIONS[i].log)), 0);
        assert_int_equal(script_series(&outcome, "a", "wall_time")->count, REPETITIONS[i].samples);
        assert_int_equal(pw_result_find(&outcome.result, "a")->status,
                         REPETITIONS[i].samples == 8 ? PW_MEASURED_OK : PW_MEASURED_EXIT);
        release_script(&outcome, &script);
    }
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(test_quiet_runs_are_made_in_series),
    };

    return cmocka_run_group_tests(TESTS, NULL, NULL);
}

/* `gate.anchor` and `baseline.quarantine`: what is read, and every kind of mistake. */
#include "test_config_support.h"

#include <math.h>

#define GATE(rest) MINIMAL "gate:\n" rest

static void assert_close(double actual, double expected)
{
    assert_true(fabs(actual - expected) <= 1e-12 * fabs(expected));
}

static void test_valid(void **state)
{
    (void)state;
    struct pw_config config = parse_valid(MINIMAL);
    assert_int_equal(config.gate.anchor.kind, PW_ANCHOR_NONE);
    assert_int_equal(config.gate.anchor.on_drift, PW_POLICY_FAIL);
    assert_close(config.baseline.quarantine_ratio, 0.5);
    pw_config_release(&config);
    config = parse_valid(MINIMAL "gate:\n  alpha: 0.02\n  anchor:\n    tag: \"v*\"\n"
                                 "    thresholds: { wall_time: { increase: 10%, at_least: 1ms } }\n"
                                 "    on_drift: warn\n"
                                 "baseline: { quarantine: 30% }\n");
    assert_close(config.gate.alpha, 0.02);
    assert_int_equal(config.gate.anchor.kind, PW_ANCHOR_TAG);
    assert_string_equal(config.gate.anchor.tag, "v*");
    assert_int_equal(config.gate.anchor.threshold_count, 1);
    assert_string_equal(config.gate.anchor.thresholds[0].metric, "wall_time");
    assert_close(config.gate.anchor.thresholds[0].increase_ratio, 0.1);
    assert_close(config.gate.anchor.thresholds[0].at_least, 1e6);
    assert_int_equal(config.gate.anchor.on_drift, PW_POLICY_WARN);
    assert_close(config.baseline.quarantine_ratio, 0.3);
    pw_config_release(&config);
    config =
        parse_valid(MINIMAL "gate: { anchor: { days: 30 } }\nbaseline: { quarantine: none }\n");
    assert_int_equal(config.gate.anchor.kind, PW_ANCHOR_DAYS);
    assert_int_equal(config.gate.anchor.days, 30);
    assert_true(config.baseline.quarantine_ratio == 0);
    pw_config_release(&config);
    config = parse_valid("version: 1\nbenchmarks:\n  - name: a\n    command: a\n    format: bmf\n"
                         "    thresholds: { latency: 5% }\n"
                         "gate: { anchor: { commits: 50, thresholds: { latency: 10% } } }\n");
    assert_int_equal(config.gate.anchor.kind, PW_ANCHOR_COMMITS);
    assert_int_equal(config.gate.anchor.commits, 50);
    pw_config_release(&config);
}

/* A file and its only mistake. */
struct mistake_case {
    const char *text;
    unsigned line;
    unsigned column;
    const char *message;
};

static const struct mistake_case cases[] = {
    {GATE("  anchor: {}\n"), 6, 11, "'gate.anchor' is empty, leave it out or fill it in"},
    {GATE("  anchor: v1\n"), 6, 11, "'gate.anchor' expects a mapping, not 'v1'"},
    {GATE("  anchor: { on_drift: warn }\n"), 6, 11,
     "'gate.anchor' does not say which commit, set one of 'tag', 'days' and 'commits'"},
    {GATE("  anchor: { days: 3, tag: v1 }\n"), 6, 13,
     "'gate.anchor' has both 'tag' and 'days', keep one of them"},
    {GATE("  anchor: { days: 0 }\n"), 6, 19,
     "'gate.anchor.days' expects an integer from 1 to 36500, not '0'"},
    {GATE("  anchor: { commits: 1.5 }\n"), 6, 22,
     "'gate.anchor.commits' expects an integer from 1 to 10000, not '1.5'"},
    {GATE("  anchor: { tag: '' }\n"), 6, 18, "'gate.anchor.tag' must not be empty"},
    {GATE("  anchor: { tags: v1, tag: v1 }\n"), 6, 13,
     "unknown key 'tags' in 'gate.anchor', did you mean 'tag'"},
    {GATE("  anchor: { tag: v1, on_drift: pass }\n"), 6, 32,
     "'gate.anchor.on_drift' expects one of fail, warn, not 'pass'"},
    {GATE("  anchor: { tag: v1, thresholds: { wall_time: 5 } }\n"), 6, 47,
     "'gate.anchor.thresholds.wall_time' expects a ratio such as 5% or a duration such as 200us, "
     "not '5', which has no unit"},
    {GATE("  anchor: { tag: v1, thresholds: { latency: 5% } }\n"), 6, 36,
     "'gate.anchor.thresholds' has a threshold for 'latency', which no benchmark has a threshold "
     "for"},
    {GATE("  anchor: { tag: v1, thresholds: { wall_time: { increase: 5%, limit: 1s } } }\n"), 6, 47,
     "'gate.anchor.thresholds' has a limit for 'wall_time', which holds whatever head is compared "
     "with: set it in the benchmark's 'thresholds'"},
    {MINIMAL "baseline: { quarantine: half }\n", 5, 25,
     "'baseline.quarantine' expects 'none' or a ratio such as 0.5 or 50%, above 0 and below 1, not "
     "'half'"},
    {MINIMAL "baseline: { quarantine: 100% }\n", 5, 25,
     "'baseline.quarantine' expects 'none' or a ratio such as 0.5 or 50%, above 0 and below 1, not "
     "'100%'"},
};

static void test_mistakes(void **state)
{
    (void)state;
    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        struct pw_config config = {0};
        struct pw_diagnostics mistakes = {0};
        assert_int_equal(parse(cases[i].text, strlen(cases[i].text), &config, &mistakes),
                         PW_ECONFIG);
        const struct pw_error *first = &mistakes.items[0];
        if (mistakes.count != 1 || first->line != cases[i].line ||
            first->column != cases[i].column ||
            strcmp(pw_error_message(first), cases[i].message) != 0) {
            fail_msg("%s\n%u:%u: %s", cases[i].text, first->line, first->column,
                     pw_error_message(first));
        }
        pw_diagnostics_release(&mistakes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_valid),
        cmocka_unit_test(test_mistakes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

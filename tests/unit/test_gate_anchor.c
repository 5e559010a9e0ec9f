/* The comparison with an older commit: its thresholds, which of its rows are told, the whole. */
#include "gate_fixture.h"

#include "../../src/gate/comparison.h"
#include "../../src/gate/policy.h"

static const struct pw_threshold own[] = {
    {"wall_time", 0.05, NAN, 2000}, {"max_rss", NAN, NAN, 64e6}, {"instructions", NAN, 100, NAN}};
static const struct pw_threshold of_anchor[] = {{"wall_time", 0.10, NAN, NAN}};

static struct pw_config configure(const struct pw_benchmark *benchmarks, size_t count)
{
    struct pw_config config = fixture_config(benchmarks, count);

    config.gate.anchor = (struct pw_anchor_config){
        .kind = PW_ANCHOR_TAG, .tag = "v*", .thresholds = of_anchor, .threshold_count = 1};
    return config;
}

/* Its own threshold takes the place of the benchmark's, and no ceiling is told twice. */
static void test_thresholds(void **state)
{
    const struct pw_benchmark benchmarks[] = {fixture_benchmark("a", own, 3),
                                              fixture_benchmark("b", own + 1, 1)};
    const struct pw_config config = configure(benchmarks, 2);
    const struct pw_gate_options options = {.config = &config};
    struct pw_config made;
    struct pw_arena arena = {0};

    (void)state;
    assert_int_equal(pw_gate_anchor_config(&config, &arena, &made, NULL), 0);
    assert_int_equal(made.benchmark_count, 2);
    assert_int_equal(made.benchmarks[0].threshold_count, 2);
    assert_true(made.benchmarks[0].thresholds[0].increase_ratio == 0.10);
    assert_true(isnan(made.benchmarks[0].thresholds[0].limit));
    assert_string_equal(made.benchmarks[0].thresholds[1].metric, "instructions");
    assert_true(made.benchmarks[0].thresholds[1].at_least == 100);
    assert_int_equal(made.benchmarks[1].threshold_count, 0);
    assert_int_equal(config.benchmarks[0].threshold_count, 3);
    assert_int_equal(pw_gate_anchor_count(&options), 2);
    pw_arena_release(&arena);
}

/** A row to be made. */
struct told {
    const char *benchmark;
    const char *metric;
    enum pw_verdict verdict;
    const char *reason;
    size_t pairs;
};

static void make(struct pw_comparison *out, const struct told *rows, size_t count)
{
    pw_comparison_init(out);
    out->mode = "stored";
    out->fail_on = PW_VERDICT_BIT(PW_VERDICT_REGRESSION) | PW_VERDICT_BIT(PW_VERDICT_ERROR) |
                   PW_VERDICT_BIT(PW_VERDICT_MISSING);
    out->on_inconclusive = out->on_no_baseline = PW_POLICY_WARN;
    for (size_t i = 0; i < count; i++) {
        struct pw_comparison_row *row =
            pw_comparison_add_row(out, rows[i].benchmark, rows[i].metric, NULL);
        assert_non_null(row);
        row->pairs = rows[i].pairs;
        assert_int_equal(
            pw_comparison_decide(out, row, rows[i].verdict, NULL, "%s", rows[i].reason), 0);
    }
    assert_int_equal(pw_gate_finish(out, NULL), 0);
}

static const struct told with_base[] = {
    {"slow", "wall_time", PW_VERDICT_PASS, "fine", 0},
    {"bad", NULL, PW_VERDICT_ERROR, "crashed", 0},
    {"vague", "wall_time", PW_VERDICT_INCONCLUSIVE, "who knows", 0},
};

static const struct told with_anchor[] = {
    {"slow", "wall_time", PW_VERDICT_REGRESSION, "12 % slower", 9},
    {"bad", NULL, PW_VERDICT_ERROR, "crashed", 0},
    {"bad", "max_rss", PW_VERDICT_ERROR, "not measured", 0},
    {"zero", "wall_time", PW_VERDICT_ERROR, "the base is '0'", 0},
    {"flaky", NULL, PW_VERDICT_ERROR, "head: crashed", 0},
    {"gone", NULL, PW_VERDICT_MISSING, "vanished", 0},
    {"young", "wall_time", PW_VERDICT_NO_BASELINE, "new benchmark: the base has none", 0},
    {"vague", "wall_time", PW_VERDICT_NO_BASELINE, "the benchmark failed in the baseline", 0},
    {"dropped", NULL, PW_VERDICT_ACCEPTED, "the benchmark was removed; accepted", 0},
};

/* @param taken  rows of with_anchor, from the first on */
static void join(size_t base_rows, size_t taken, enum pw_policy on_drift, struct pw_comparison *out)
{
    const struct pw_anchor anchor = {.label = "v1",
                                     .side = {.commit = "abc", .reason = "tag v1"},
                                     .commits = 3,
                                     .on_drift = on_drift};
    struct pw_comparison against;

    make(out, with_base, base_rows);
    make(&against, with_anchor, taken);
    assert_int_equal(pw_comparison_warn(&against, "something", NULL), 0);
    assert_int_equal(pw_comparison_warn(out, "last", NULL), 0);
    assert_int_equal(pw_gate_add_anchor(out, &against, &anchor, NULL), 0);
    pw_comparison_release(&against);
}

static void test_rows(void **state)
{
    static const struct told expected[] = {
        {"slow", "wall_time", PW_VERDICT_REGRESSION, "12 % slower", 9},
        {"zero", "wall_time", PW_VERDICT_NO_BASELINE, "the base is '0'", 0},
        {"flaky", NULL, PW_VERDICT_ERROR, "head: crashed", 0},
        {"young", "wall_time", PW_VERDICT_SKIPPED, "new benchmark", 0},
        {"vague", "wall_time", PW_VERDICT_NO_BASELINE, "failed", 0},
    };
    struct pw_comparison joined;

    (void)state;
    join(3, 9, PW_POLICY_FAIL, &joined);
    assert_int_equal(joined.row_count, 3 + 5);
    for (size_t i = 0; i < 3; i++)
        assert_null(joined.rows[i].since);
    for (size_t i = 0; i < 5; i++) {
        const struct pw_comparison_row *row = &joined.rows[3 + i];
        assert_string_equal(row->since, "v1");
        assert_string_equal(row->benchmark, expected[i].benchmark);
        fixture_expect(row, expected[i].verdict, expected[i].reason);
    }
    assert_string_equal(joined.mode, "auto");
    assert_string_equal(joined.anchor.label, "v1");
    assert_string_equal(joined.anchor.side.commit, "abc");
    assert_int_equal(joined.anchor.commits, 3);
    assert_true(fixture_has_warning(&joined, "since v1: something"));
    assert_true(fixture_has_warning(&joined, "last"));
    assert_true(fixture_has_warning(
        &joined, "2 comparisons have no baseline ('zero' wall_time since v1, 'vague' wall_time "
                 "since v1): no drift can be told there"));
    assert_int_equal(joined.warning_count, 4); /* no remark twice */
    assert_int_equal(joined.exit_code, PW_EXIT_UNMEASURED);
    pw_comparison_release(&joined);
}

/* A drift alone fails, or only warns. */
static void test_policy(void **state)
{
    struct pw_comparison joined;

    (void)state;
    join(1, 1, PW_POLICY_FAIL, &joined);
    assert_int_equal(joined.verdict, PW_VERDICT_REGRESSION);
    assert_int_equal(joined.exit_code, PW_EXIT_REGRESSION);
    assert_true(pw_comparison_row_fails(&joined, &joined.rows[1]));
    pw_comparison_release(&joined);
    join(1, 1, PW_POLICY_WARN, &joined);
    assert_int_equal(joined.verdict, PW_VERDICT_REGRESSION);
    assert_int_equal(joined.exit_code, PW_EXIT_PASS);
    assert_false(pw_comparison_row_fails(&joined, &joined.rows[1]));
    joined.rows[0].verdict = PW_VERDICT_REGRESSION; /* one against the base always does */
    assert_true(pw_comparison_row_fails(&joined, &joined.rows[0]));
    pw_comparison_release(&joined);
}

/* What was skipped does not stand for the whole, unless there is nothing else. */
static void test_skipped(void **state)
{
    static const struct told rows[] = {{"young", "m", PW_VERDICT_SKIPPED, "new", 0},
                                       {"fine", "m", PW_VERDICT_PASS, "fine", 0},
                                       {"fast", "m", PW_VERDICT_IMPROVEMENT, "faster", 0}};
    static const enum pw_verdict whole[] = {PW_VERDICT_SKIPPED, PW_VERDICT_PASS,
                                            PW_VERDICT_IMPROVEMENT};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct pw_comparison comparison;
        make(&comparison, rows, i + 1);
        assert_int_equal(comparison.verdict, whole[i]);
        assert_int_equal(comparison.exit_code, PW_EXIT_PASS);
        pw_comparison_release(&comparison);
    }
}

static void test_round_trip(void **state)
{
    struct pw_comparison written;
    struct pw_comparison read;
    struct pw_strbuf first = PW_STRBUF_INIT;
    struct pw_strbuf second = PW_STRBUF_INIT;

    (void)state;
    join(3, 8, PW_POLICY_WARN, &written);
    written.rows[0].is_unconfirmed = true;
    pw_comparison_write(&written, &first);
    assert_int_equal(pw_comparison_read(first.data, first.length, "c.json", &read, NULL), 0);
    assert_string_equal(read.anchor.label, "v1");
    assert_string_equal(read.anchor.side.reason, "tag v1");
    assert_int_equal(read.anchor.commits, 3);
    assert_int_equal(read.anchor.on_drift, PW_POLICY_WARN);
    assert_true(read.rows[0].is_unconfirmed && read.rows[0].since == NULL);
    assert_string_equal(read.rows[3].since, "v1");
    pw_comparison_write(&read, &second);
    assert_string_equal(pw_strbuf_text(&first), pw_strbuf_text(&second));
    pw_comparison_release(&written);
    pw_comparison_release(&read);
    pw_strbuf_release(&first);
    pw_strbuf_release(&second);
}

static void test_refusals(void **state)
{
    static const struct {
        const char *from;
        const char *to;
        const char *message;
    } cases[] = {
        {"\"against\": \"anchor\"", "\"against\": \"moon\"", "'against' is not"},
        {"\"since\": \"v1\"", "\"since\": 1", "'since' is not a text"},
        {"\"since\": \"v1\"", "\"until\": \"v1\"", "'since' is not a text"},
        {"\"label\": \"v1\"", "\"label\": null", "'label' is not a text"},
        {"\"on_drift\": \"fail\"", "\"on_drift\": \"hide\"", "'on_drift' is not"},
        {"\"commits\": 3", "\"commits\": -3", "'commits' is not"},
        {"\"anchor\": {", "\"anchor\": [], \"was\": {", "'anchor' is not an object"},
    };
    struct pw_comparison written;
    struct pw_strbuf document = PW_STRBUF_INIT;

    (void)state;
    join(3, 9, PW_POLICY_FAIL, &written);
    pw_comparison_write(&written, &document);
    pw_comparison_release(&written);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *text = pw_strbuf_text(&document);
        const char *place = strstr(text, cases[i].from);
        struct pw_strbuf changed = PW_STRBUF_INIT;
        struct pw_error err = PW_ERROR_INIT;
        struct pw_comparison read;
        assert_non_null(place);
        pw_strbuf_append(&changed, text, (size_t)(place - text));
        pw_strbuf_puts(&changed, cases[i].to);
        pw_strbuf_puts(&changed, place + strlen(cases[i].from));
        assert_int_equal(pw_comparison_read(changed.data, changed.length, "c", &read, &err),
                         PW_EFORMAT);
        if (strstr(pw_error_message(&err), cases[i].message) == NULL)
            fail_msg("%s: %s", cases[i].to, pw_error_message(&err));
        pw_error_release(&err);
        pw_strbuf_release(&changed);
    }
    pw_strbuf_release(&document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_thresholds), cmocka_unit_test(test_rows),
        cmocka_unit_test(test_policy),     cmocka_unit_test(test_skipped),
        cmocka_unit_test(test_round_trip), cmocka_unit_test(test_refusals),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

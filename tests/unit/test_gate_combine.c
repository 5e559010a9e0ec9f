/* auto: which stored verdicts pairs are needed for, and what the two are joined to. */
#include "gate_fixture.h"

#include "../../src/gate/comparison.h"
#include "../../src/gate/policy.h"

/** A row to be made. */
struct told {
    const char *benchmark;
    const char *declared;
    const char *metric;
    enum pw_verdict verdict;
    const char *reason;
    size_t pairs;
};

static void make(struct pw_comparison *out, const char *mode, const struct told *rows, size_t count)
{
    pw_comparison_init(out);
    out->mode = mode;
    out->alpha = 0.01;
    out->fail_on = PW_VERDICT_BIT(PW_VERDICT_REGRESSION) | PW_VERDICT_BIT(PW_VERDICT_ERROR);
    out->on_inconclusive = out->on_no_baseline = PW_POLICY_WARN;
    out->base.commit = mode;
    out->base.sessions = strcmp(mode, "stored") == 0 ? 5 : 0;
    for (size_t i = 0; i < count; i++) {
        struct pw_comparison_row *row =
            pw_comparison_add_row(out, rows[i].benchmark, rows[i].metric, NULL);
        assert_non_null(row);
        row->declared = rows[i].declared;
        row->method = mode;
        row->unit = "ns";
        row->config_line = (unsigned)i + 3;
        row->pairs = rows[i].pairs;
        assert_int_equal(
            pw_comparison_decide(out, row, rows[i].verdict, NULL, "%s", rows[i].reason), 0);
    }
    assert_int_equal(pw_comparison_warn(out, mode, NULL), 0);
    assert_int_equal(pw_gate_finish(out, NULL), 0);
}

static const struct told stored_rows[] = {
    {"ok", "ok", "wall_time", PW_VERDICT_PASS, "fine", 0},
    {"slow", "slow", "wall_time", PW_VERDICT_REGRESSION,
     "6.1 % slower, interval +5.2 % \xE2\x80\xA6 +7.0 %, limit +5 %", 0},
    {"slow", "slow", "max_rss", PW_VERDICT_PASS, "fine", 0},
    {"alarm", "alarm", "wall_time", PW_VERDICT_REGRESSION, "7.0 % slower, interval", 0},
    {"vague", "vague", "wall_time", PW_VERDICT_INCONCLUSIVE, "who knows", 0},
    {"p/a", "p", "wall_time", PW_VERDICT_NO_BASELINE, "none", 0},
    {"p/b", "p", "wall_time", PW_VERDICT_PASS, "fine", 0},
    {"bad", "bad", NULL, PW_VERDICT_ERROR, "crashed", 0},
    {"lost", "lost", NULL, PW_VERDICT_MISSING, "lost", 0},
    {"fast", "fast", "wall_time", PW_VERDICT_IMPROVEMENT, "faster", 0},
    {"same", "same", "wall_time", PW_VERDICT_REGRESSION, "5.5 % slower, interval", 0},
    {"tough", "tough", "wall_time", PW_VERDICT_REGRESSION, "5.9 % slower, interval", 0},
};

static const struct told paired_rows[] = {
    {"slow", "slow", "wall_time", PW_VERDICT_REGRESSION, "6.0 % slower, limit +5 %, 14 pairs", 14},
    {"slow", "slow", "max_rss", PW_VERDICT_PASS, "no change, 14 pairs", 14},
    {"alarm", "alarm", "wall_time", PW_VERDICT_PASS, "0.1 % slower, limit +5 %, 12 pairs", 12},
    {"vague", "vague", "wall_time", PW_VERDICT_PASS, "no change, 9 pairs", 9},
    {"p/a", "p", "wall_time", PW_VERDICT_PASS, "no change, 9 pairs", 9},
    {"p/c", "p", "wall_time", PW_VERDICT_NO_BASELINE, "new benchmark", 0},
    {"same", "same", NULL, PW_VERDICT_PASS, "the executables are the same", 0},
    {"tough", "tough", "wall_time", PW_VERDICT_INCONCLUSIVE,
     "5 % slower, limit +5 %, 60 pairs: could not have seen less than 7 %", 60},
};

static void test_needs_pairs(void **state)
{
    static const struct {
        const char *declared;
        bool is_needed;
    } cases[] = {{"ok", false},   {"slow", true},  {"vague", true},
                 {"p", true},     {"p/a", false},  {"bad", false},
                 {"lost", false}, {"fast", false}, {"unknown", false}};
    struct pw_comparison stored;
    struct pw_result head;

    (void)state;
    make(&stored, "stored", stored_rows, PW_COUNT(stored_rows));
    fixture_result(&head);
    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        if (pw_gate_needs_pairs(&stored, &head, cases[i].declared) != cases[i].is_needed)
            fail_msg("'%s'", cases[i].declared);
    }
    fixture_entry(&head, "slow", "slow")->status = PW_MEASURED_EXIT;
    assert_false(pw_gate_needs_pairs(&stored, &head, "slow"));
    pw_result_release(&head);
    pw_comparison_release(&stored);
}

static void test_combine(void **state)
{
    static const struct told expected[] = {
        {"ok", "ok", "wall_time", PW_VERDICT_PASS, "fine", 0},
        {"slow", "slow", "wall_time", PW_VERDICT_REGRESSION,
         "confirmed by 14 pairs: 6.0 % slower, limit +5 % (stored sessions suspected 6.1 % slower)",
         14},
        {"slow", "slow", "max_rss", PW_VERDICT_PASS, "no change, 14 pairs", 14},
        {"alarm", "alarm", "wall_time", PW_VERDICT_PASS,
         "not confirmed by 12 pairs: 0.1 % slower, limit +5 % (stored sessions suspected 7.0 % "
         "slower)",
         12},
        {"vague", "vague", "wall_time", PW_VERDICT_PASS,
         "no change, 9 pairs (stored sessions could not decide)", 9},
        {"p/a", "p", "wall_time", PW_VERDICT_PASS,
         "no change, 9 pairs (no stored baseline compares)", 9},
        {"p/c", "p", "wall_time", PW_VERDICT_NO_BASELINE, "new benchmark", 0},
        {"bad", "bad", NULL, PW_VERDICT_ERROR, "crashed", 0},
        {"lost", "lost", NULL, PW_VERDICT_MISSING, "lost", 0},
        {"fast", "fast", "wall_time", PW_VERDICT_IMPROVEMENT, "faster", 0},
        {"same", "same", NULL, PW_VERDICT_PASS,
         "not confirmed: the executables are the same (stored sessions suspected 5.5 % slower)", 0},
        {"tough", "tough", "wall_time", PW_VERDICT_INCONCLUSIVE,
         "neither confirmed nor ruled out by 60 pairs: 5 % slower, limit +5 %: could not have seen "
         "less than 7 % (stored sessions suspected 5.9 % slower)",
         60},
    };
    static const struct pw_row_session sessions[] = {{.commit = "old", .value = 1.0},
                                                     {.commit = "new", .value = 2.0}};
    struct pw_comparison stored;
    struct pw_comparison paired;
    struct pw_comparison out;

    (void)state;
    make(&stored, "stored", stored_rows, PW_COUNT(stored_rows));
    make(&paired, "paired", paired_rows, PW_COUNT(paired_rows));
    stored.rows[1].history = sessions;
    stored.rows[1].history_count = PW_COUNT(sessions);
    assert_int_equal(pw_gate_combine(&stored, &paired, &out, NULL), 0);
    assert_int_equal(out.row_count, PW_COUNT(expected));
    assert_int_equal(out.rows[1].history_count, PW_COUNT(sessions)); /* pairs have none */
    assert_true(out.rows[1].history[1].value == 2.0);
    assert_int_equal(out.rows[2].history_count, 0);
    assert_int_equal(out.rows[1].config_line, 3);
    assert_int_equal(out.rows[9].config_line, 12);
    for (size_t i = 0; i < PW_COUNT(expected); i++) {
        const struct pw_comparison_row *row = &out.rows[i];
        assert_string_equal(row->benchmark, expected[i].benchmark);
        assert_string_equal(row->declared, expected[i].declared);
        assert_string_equal(row->reason, expected[i].reason);
        assert_int_equal(row->verdict, expected[i].verdict);
        assert_int_equal(row->pairs, expected[i].pairs);
    }
    assert_string_equal(out.rows[0].method, "stored");
    assert_string_equal(out.rows[1].method, "paired");
    assert_string_equal(out.mode, "auto");
    assert_string_equal(out.base.commit, "stored");
    assert_int_equal(out.exit_code, PW_EXIT_UNMEASURED);
    assert_int_equal(out.counts[PW_VERDICT_REGRESSION], 1);
    assert_true(fixture_has_warning(&out, "stored") && fixture_has_warning(&out, "paired"));
    assert_true(fixture_has_warning(&out, "1 comparison is inconclusive ('tough' wall_time)"));
    assert_false(fixture_has_warning(&out, "'vague'")); /* decided meanwhile */
    assert_true(fixture_has_warning(&out, "pairs compare with paired, the base; stored sessions "
                                          "are of stored, its nearest ancestor that has any"));
    pw_comparison_release(&stored);
    pw_comparison_release(&paired);
    pw_comparison_release(&out);
}

/* What pairs confirm may be accepted, and who agreed to it goes along; so does what was accepted by
 * the stored sessions already. */
static void test_accepted(void **state)
{
    static const struct told stored_told[] = {
        {"a", "a", "wall_time", PW_VERDICT_REGRESSION, "13 % slower, interval", 0},
        {"b", "b", "wall_time", PW_VERDICT_ACCEPTED, "11 % slower; accepted", 0},
    };
    static const struct told paired_told[] = {
        {"a", "a", "wall_time", PW_VERDICT_ACCEPTED, "11 % slower, 9 pairs; accepted", 9},
    };
    const struct pw_agreement agreement = {.by = "Ada", .reason = "why", .where = "here"};
    struct pw_comparison stored;
    struct pw_comparison paired;
    struct pw_comparison out;

    (void)state;
    make(&stored, "stored", stored_told, PW_COUNT(stored_told));
    make(&paired, "paired", paired_told, PW_COUNT(paired_told));
    stored.rows[1].accepted = paired.rows[0].accepted = agreement;
    assert_false(pw_gate_needs_pairs(&stored, NULL, "b"));
    assert_int_equal(pw_gate_combine(&stored, &paired, &out, NULL), 0);
    assert_int_equal(out.row_count, 2);
    assert_int_equal(out.counts[PW_VERDICT_ACCEPTED], 2);
    assert_int_equal(out.verdict, PW_VERDICT_ACCEPTED);
    assert_int_equal(out.exit_code, PW_EXIT_PASS);
    assert_string_equal(out.rows[0].reason, "confirmed by 9 pairs: 11 % slower; accepted (stored "
                                            "sessions suspected 13 % slower)");
    for (size_t i = 0; i < out.row_count; i++) {
        assert_string_equal(out.rows[i].accepted.by, "Ada");
        assert_string_equal(out.rows[i].accepted.where, "here");
        assert_null(out.rows[i].accepted.expires);
    }
    pw_comparison_release(&stored);
    pw_comparison_release(&paired);
    pw_comparison_release(&out);
}

/* Nothing stored: the pairs' own base is shown, and nothing of the stored rows is left. */
static void test_no_baseline(void **state)
{
    static const struct told none[] = {
        {"slow", "slow", "wall_time", PW_VERDICT_NO_BASELINE, "none", 0}};
    struct pw_comparison stored;
    struct pw_comparison paired;
    struct pw_comparison out;

    (void)state;
    make(&stored, "stored", none, 1);
    stored.base.sessions = 0;
    make(&paired, "paired", paired_rows, 2);
    assert_int_equal(pw_gate_combine(&stored, &paired, &out, NULL), 0);
    assert_string_equal(out.base.commit, "paired");
    assert_int_equal(out.row_count, 2);
    assert_false(fixture_has_warning(&out, "pairs compare with"));
    assert_int_equal(out.exit_code, PW_EXIT_REGRESSION);
    assert_int_equal(out.counts[PW_VERDICT_NO_BASELINE], 0);
    pw_comparison_release(&stored);
    pw_comparison_release(&paired);
    pw_comparison_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_needs_pairs),
        cmocka_unit_test(test_combine),
        cmocka_unit_test(test_accepted),
        cmocka_unit_test(test_no_baseline),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

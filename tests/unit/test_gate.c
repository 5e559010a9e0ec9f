/* The rules for one metric of one benchmark against stored sessions. */
#include "gate_fixture.h"

#define PERCENT(x) (x) / 100.0
#define INCREASE(x)                                                                                \
    {                                                                                              \
        NULL, PERCENT(x), NAN, NAN                                                                 \
    }
#define AT_LEAST(x)                                                                                \
    {                                                                                              \
        NULL, NAN, x, NAN                                                                          \
    }
#define BOTH(x, least)                                                                             \
    {                                                                                              \
        NULL, PERCENT(x), least, NAN                                                               \
    }
#define LIMIT(x)                                                                                   \
    {                                                                                              \
        NULL, NAN, NAN, x                                                                          \
    }

/** A metric under test. */
struct metric {
    const char *name;
    const char *unit;
    enum pw_better better;
};

static const struct metric wall_time = {"wall_time", "ns", PW_BETTER_LOWER};
static const struct metric rate = {"rows_per_s", "1/s", PW_BETTER_HIGHER};
static const struct metric faults = {"page_faults_major", "count", PW_BETTER_LOWER};
static const struct metric size = {"binary_size", "bytes", PW_BETTER_LOWER};
static const struct metric instructions = {"instructions", "count", PW_BETTER_LOWER};

struct gate_case {
    const struct metric *metric;
    struct pw_threshold threshold;
    const char *bases; /**< sessions nearest first, "100 101|99 100"; "" for none */
    const char *head;
    enum pw_verdict verdict;
    const char *reason; /**< part of it */
};

static void compare_one(const struct gate_case *item, struct pw_comparison *out)
{
    struct pw_threshold threshold = item->threshold;
    struct pw_benchmark benchmark = fixture_benchmark("b", &threshold, 1);
    const struct pw_config config = fixture_config(&benchmark, 1);
    const struct pw_gate_options options = {.config = &config};
    struct pw_result sessions[20];
    struct pw_result head;
    size_t count = 0;

    threshold.metric = item->metric->name;
    for (const char *text = item->bases; *text != '\0';) {
        const char *end = text + strcspn(text, "|");
        struct pw_result *session = &sessions[count++];
        fixture_result(session);
        fixture_samples(session,
                        fixture_series(session, fixture_entry(session, "b", "b"),
                                       item->metric->name, item->metric->unit,
                                       item->metric->better),
                        text, end);
        text = *end == '|' ? end + 1 : end;
    }
    fixture_result(&head);
    fixture_samples(&head,
                    fixture_series(&head, fixture_entry(&head, "b", "b"), item->metric->name,
                                   item->metric->unit, item->metric->better),
                    item->head, item->head + strlen(item->head));
    assert_int_equal(pw_gate_stored(&options, sessions, count, NULL, NULL, &head, out, NULL), 0);
    for (size_t i = 0; i < count; i++)
        pw_result_release(&sessions[i]);
    pw_result_release(&head);
}

static void run_cases(const struct gate_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct pw_comparison comparison;
        compare_one(&cases[i], &comparison);
        assert_int_equal(comparison.row_count, 1);
        fixture_expect(fixture_row(&comparison, "b", cases[i].metric->name), cases[i].verdict,
                       cases[i].reason);
        pw_comparison_release(&comparison);
    }
}

#define RUN(cases) run_cases(cases, sizeof(cases) / sizeof((cases)[0]))

/* One session: the prior of 3 % makes a half-width of 2.326 · 0.03 · √2 = 9.87 % in logarithms. */
static void test_one_session(void **state)
{
    static const struct gate_case cases[] = {
        {&wall_time, INCREASE(5), "1000 1000", "2000 2000", PW_VERDICT_REGRESSION,
         "100.0 % slower, interval +81.2 % " ELLIPSIS " +120.7 %, limit +5 %; one session: noise "
         "between sessions taken as 3 % (session_noise)"},
        {&wall_time, INCREASE(5), "1000 1000", "1000 1000", PW_VERDICT_INCONCLUSIVE,
         "no change, interval -9.4 % " ELLIPSIS " +10.4 %, limit +5 %: could not have seen less "
         "than 15.9 %"},
        {&wall_time, INCREASE(20), "1000 1000", "1000 1000", PW_VERDICT_PASS, "limit +20 %"},
        {&wall_time, INCREASE(20), "1000 1000", "700 700", PW_VERDICT_IMPROVEMENT, "30.0 % faster"},
        {&wall_time, INCREASE(5), "1000 1000", "1150 1150", PW_VERDICT_INCONCLUSIVE, "15.0 % slo"},
        {&wall_time, INCREASE(5), "1000 1000", "1170 1170", PW_VERDICT_REGRESSION, "17.0 % slower"},
        {&rate, INCREASE(5), "1000 1000", "500 500", PW_VERDICT_REGRESSION,
         "50.0 % lower, interval -54.7 % " ELLIPSIS " -44.8 %, limit -5 %"},
        {&rate, INCREASE(5), "1000 1000", "2000 2000", PW_VERDICT_IMPROVEMENT, "100.0 % higher"},
        /* a spread within the session larger than the prior counts */
        {&wall_time, INCREASE(5), "700 1000 1500", "2000 2000 2000", PW_VERDICT_INCONCLUSIVE,
         "100.0 % slower, interval -"},
        /* and a single run of the head is given the base's */
        {&wall_time, INCREASE(5), "700 1000 1500", "2000", PW_VERDICT_INCONCLUSIVE, "could not"},
    };

    (void)state;
    RUN(cases);
}

static void test_many_sessions(void **state)
{
    static const struct gate_case cases[] = {
        /* quiet sessions earn a narrow interval */
        {&wall_time, INCREASE(5), "1000|1003|998|1001|999|1002|1000", "1080", PW_VERDICT_REGRESSION,
         "8.0 % slower"},
        {&wall_time, INCREASE(5), "1000|1003|998|1001|999|1002|1000", "1010", PW_VERDICT_PASS,
         "1.0 % slower"},
        {&wall_time, INCREASE(5), "1000|1003|998|1001|999|1002|1000", "900", PW_VERDICT_IMPROVEMENT,
         "10.0 % faster"},
        /* noisy ones do not */
        {&wall_time, INCREASE(5), "1000|1200|850|1100|900|1150|950", "1200",
         PW_VERDICT_INCONCLUSIVE, "could not have seen less than"},
        /* an accepted slowdown holds at once: only the newest session is above */
        {&wall_time, INCREASE(5), "1100|1000|1003|998|1001|999|1002", "1102", PW_VERDICT_PASS,
         "base: 1 session since the last change"},
        {&wall_time, INCREASE(20), "1500|1000|1003|998|1001|999|1002", "1502", PW_VERDICT_PASS,
         "0.13 % slower"},
        /* and the old level does not come back as the base */
        {&wall_time, INCREASE(5), "1000|1001|999|1000|1002|1500|1500|1501", "1500",
         PW_VERDICT_REGRESSION, "5 sessions since the last change"},
        {&wall_time, INCREASE(5), "1000|1000", "1300", PW_VERDICT_REGRESSION,
         "2 sessions: noise between sessions taken as 3 %"},
        /* values that hardly ever vary: a jump now and then is noise, not nothing */
        {&wall_time, INCREASE(5), "100|100|112|100|100|100|112|100|100|100", "112",
         PW_VERDICT_INCONCLUSIVE, "12.0 % slower"},
    };

    (void)state;
    RUN(cases);
}

static void test_absolute_thresholds(void **state)
{
    static const struct gate_case cases[] = {
        {&wall_time, BOTH(5, 5000), "1000 1000", "2000 2000", PW_VERDICT_PASS,
         "limit +5 % and +5 \xC2\xB5s"},
        {&wall_time, BOTH(5, 500), "1000 1000", "2000 2000", PW_VERDICT_REGRESSION,
         "limit +5 % and +500 ns"},
        {&wall_time, BOTH(5, 950), "1000 1000", "2000 2000", PW_VERDICT_INCONCLUSIVE, "+950 ns"},
        {&wall_time, BOTH(500, 10), "1000 1000", "2000 2000", PW_VERDICT_PASS, "+500 %"},
        {&wall_time, AT_LEAST(500), "1000 1000", "2000 2000", PW_VERDICT_REGRESSION,
         "limit +500 ns"},
        {&wall_time, AT_LEAST(500), "1000 1000", "1100 1100", PW_VERDICT_PASS, "10.0 % slower"},
        /* an improvement is relative, or none */
        {&wall_time, AT_LEAST(500), "1000 1000", "100 100", PW_VERDICT_PASS, "90.0 % faster"},
        {&rate, AT_LEAST(300), "1000 1000", "500 500", PW_VERDICT_REGRESSION, "limit -300 1/s"},
        {&rate, AT_LEAST(2000), "1000 1000", "1 1", PW_VERDICT_PASS, "99.9 % lower"},
    };

    (void)state;
    RUN(cases);
}

static void test_limits(void **state)
{
    static const struct gate_case cases[] = {
        {&wall_time, LIMIT(1500), "", "1400 1600 2000", PW_VERDICT_REGRESSION,
         "1.60 \xC2\xB5s is over the limit \xE2\x89\xA4 1.5 \xC2\xB5s"},
        {&wall_time, LIMIT(1500), "", "1400 1450 2000", PW_VERDICT_PASS, "within the limit"},
        {&wall_time, LIMIT(1500), "1 1", "1500", PW_VERDICT_PASS, "within the limit"},
        {&rate, LIMIT(100), "", "99", PW_VERDICT_REGRESSION,
         "99 1/s is under the limit \xE2\x89\xA5 100 1/s"},
        {&rate, LIMIT(100), "", "101", PW_VERDICT_PASS, "within"},
        {&wall_time,
         {NULL, 0.2, NAN, 1500},
         "1600 1600",
         "1600 1600",
         PW_VERDICT_REGRESSION,
         "over the limit"},
        {&wall_time,
         {NULL, 0.2, NAN, 1500},
         "1000 1000",
         "1000 1000",
         PW_VERDICT_PASS,
         "no change"},
        {&wall_time,
         {NULL, 0.2, NAN, 1500},
         "",
         "1000 1000",
         PW_VERDICT_NO_BASELINE,
         "no comparable baseline"},
        {&faults, {NULL, 0.2, NAN, 10}, "0 0", "11 12", PW_VERDICT_REGRESSION, "over the limit"},
        {&faults, LIMIT(10), "0 0", "0 0", PW_VERDICT_PASS, "0, within the limit"},
    };

    (void)state;
    RUN(cases);
}

static void test_unfit_values(void **state)
{
    static const struct gate_case cases[] = {
        {&wall_time, INCREASE(5), "0 0 0", "1000", PW_VERDICT_ERROR, "the base is '0'"},
        {&wall_time, BOTH(5, 10), "0|0|0", "0 0", PW_VERDICT_ERROR,
         "set 'at_least' alone or 'limit'"},
        {&faults, AT_LEAST(10), "0|0|0", "0 0", PW_VERDICT_PASS, "no change"},
        {&faults, AT_LEAST(10), "0|0|0", "20 20", PW_VERDICT_REGRESSION, "20 more"},
        {&wall_time, INCREASE(5), "-5 3", "1000", PW_VERDICT_ERROR,
         "the base has the value '-5', which is negative"},
        {&wall_time, INCREASE(5), "10 nan", "1000", PW_VERDICT_ERROR,
         "the base has the value 'nan', which is not a finite number"},
        {&wall_time, INCREASE(5), "10 10", "inf", PW_VERDICT_ERROR, "the head has the value 'inf'"},
        {&wall_time, LIMIT(5), "", "-1", PW_VERDICT_ERROR, "the head has the value '-1'"},
        {&wall_time, INCREASE(5), "10 10", "", PW_VERDICT_ERROR, "not measured: "},
        {&wall_time, INCREASE(5), "10 10", "0 0", PW_VERDICT_ERROR, "set 'at_least'"},
        {&faults, INCREASE(5), "0 4 5", "4 4 4", PW_VERDICT_ERROR, "set 'at_least'"},
    };

    (void)state;
    RUN(cases);
}

static void test_differences(void **state)
{
    static const struct gate_case cases[] = {
        {&faults, AT_LEAST(10), "0 1 0|0 2 1|1 0 0|0 1 1|0 0 1", "1 2 0", PW_VERDICT_PASS,
         "1 more, interval -"},
        {&faults, AT_LEAST(10), "0 1 0|0 2 1|1 0 0|0 1 1|0 0 1", "90 100 95", PW_VERDICT_REGRESSION,
         "95 more, interval +"},
        {&faults, BOTH(50, 10), "20 0 20|20 20 20|20 21 20|19 20 20|20 20 21", "45 46 45",
         PW_VERDICT_REGRESSION, "25 more"},
        /* a wide spread within the head cannot decide */
        {&faults, AT_LEAST(10), "0 1 0|0 2 1|1 0 0|0 1 1|0 0 1", "0 20 90", PW_VERDICT_INCONCLUSIVE,
         "20 more"},
        {&rate, AT_LEAST(100), "500 0 510|500 500 500|505 500 500|500 500 500|500 505 500", "3 0 2",
         PW_VERDICT_REGRESSION, "lower, interval -"},
    };

    (void)state;
    RUN(cases);
}

static void test_exact_counts(void **state)
{
    static const struct gate_case cases[] = {
        {&size, INCREASE(5), "1000", "1050", PW_VERDICT_PASS, "5.0 % more, counted without noise"},
        {&size, INCREASE(5), "1000", "1051", PW_VERDICT_REGRESSION, "limit +5 %"},
        {&size, INCREASE(5), "1000", "1000", PW_VERDICT_PASS, "no change"},
        {&size, INCREASE(5), "1000", "900", PW_VERDICT_IMPROVEMENT, "10.0 % less"},
        /* exactly on a small threshold of a large value, where rounding is largest */
        {&size, INCREASE(0.1), "8885000", "8893885", PW_VERDICT_PASS, "0.10 % more"},
        {&size, INCREASE(0.1), "7000000000002000", "7007000000002002", PW_VERDICT_PASS,
         "0.10 % more"},
        {&size, INCREASE(0.1), "1e300", "1.001e300", PW_VERDICT_PASS, "0.10 % more"},
        {&size, INCREASE(0.1), "8885000", "8893886", PW_VERDICT_REGRESSION, "0.10 % more"},
        /* against the nearest session alone */
        {&size, INCREASE(5), "1000|2000|2000|2000|2000", "1051", PW_VERDICT_REGRESSION, "5.1 %"},
        {&instructions, INCREASE(5), "100000 100001", "106000 106001", PW_VERDICT_REGRESSION,
         "counted without noise"},
        /* instructions must have been counted twice, and agree within 0.1 % */
        {&instructions, INCREASE(5), "100000", "106000 106001", PW_VERDICT_INCONCLUSIVE,
         "interval"},
        {&instructions, INCREASE(5), "100000 101000", "106000 106001", PW_VERDICT_INCONCLUSIVE,
         "interval"},
        /* other metrics are never taken for exact */
        {&wall_time, INCREASE(5), "1000 1000", "1060 1060", PW_VERDICT_INCONCLUSIVE, "interval"},
    };

    (void)state;
    RUN(cases);
}

static void test_numbers_of_a_row(void **state)
{
    static const struct gate_case slower = {&wall_time,  INCREASE(5),           "1000 1010 990",
                                            "2000 2000", PW_VERDICT_REGRESSION, ""};
    static const struct gate_case lower = {&rate,     INCREASE(5),           "1000 1000",
                                           "500 500", PW_VERDICT_REGRESSION, ""};
    const double half_width = 2.3263478740408411 * 0.03 * sqrt(2);
    struct pw_comparison comparison;
    const struct pw_comparison_row *row;

    (void)state;
    compare_one(&slower, &comparison);
    row = fixture_row(&comparison, "b", "wall_time");
    assert_true(row->base == 1000 && row->head == 2000);
    assert_int_equal(row->base_samples, 3);
    assert_int_equal(row->head_samples, 2);
    assert_true(fabs(row->ratio - 2) < 1e-12);
    assert_true(fabs(row->interval.low - 2 * exp(-half_width)) < 1e-9);
    assert_true(fabs(row->interval.high - 2 * exp(half_width)) < 1e-9);
    assert_true(fabs(row->detectable - (1.05 * exp(half_width) - 1)) < 1e-9);
    assert_true(fabs(row->noise - 0.03) < 1e-12);
    assert_true(isnan(row->p_value) && isnan(row->e_value));
    assert_string_equal(row->unit, "ns");
    assert_int_equal(comparison.exit_code, PW_EXIT_REGRESSION);
    assert_string_equal(comparison.mode, "stored");
    assert_string_equal(comparison.head.branch, "main");
    assert_int_equal(comparison.base.sessions, 1);
    pw_comparison_release(&comparison);
    compare_one(&lower, &comparison);
    row = fixture_row(&comparison, "b", "rows_per_s");
    assert_true(fabs(row->ratio - 0.5) < 1e-12);
    assert_true(row->interval.low < 0.5 && row->interval.high > 0.5 && row->interval.high < 0.6);
    pw_comparison_release(&comparison);
}

/* A damaged session among others is passed over with a warning; alone it is an error. */
static void test_damaged_session(void **state)
{
    static const struct gate_case passed_over[] = {
        {&wall_time, INCREASE(20), "1000 1001|1000 0|1000 1002|999 1001", "1000 1001",
         PW_VERDICT_PASS, "limit +20 %"},
        {&wall_time, INCREASE(20), "-1 1000|1000 1001|1000 1002", "1500 1500 1501",
         PW_VERDICT_REGRESSION, "slower"},
    };
    static const struct gate_case alone[] = {
        {&wall_time, INCREASE(20), "1000 -1", "1000", PW_VERDICT_ERROR, "value '-1'"},
        {&wall_time, INCREASE(20), "1000 0|0 1000", "1000", PW_VERDICT_ERROR, "set 'at_least'"},
    };
    struct pw_comparison comparison;

    (void)state;
    RUN(passed_over);
    RUN(alone);
    compare_one(&passed_over[0], &comparison);
    assert_true(fixture_has_warning(&comparison, "1 stored session of 'b' wall_time had a value"));
    pw_comparison_release(&comparison);
}

static void test_threshold_words(void **state)
{
    static const struct {
        struct pw_threshold threshold;
        const char *unit;
        enum pw_better better;
        const char *words;
    } cases[] = {
        {INCREASE(5), "ns", PW_BETTER_LOWER, "+5 %"},
        {INCREASE(2.5), "ns", PW_BETTER_LOWER, "+2.5 %"},
        {INCREASE(100), "ns", PW_BETTER_LOWER, "+100 %"},
        {BOTH(5, 200000), "ns", PW_BETTER_LOWER, "+5 % and +200 \xC2\xB5s"},
        {LIMIT(67108864), "bytes", PW_BETTER_LOWER, "\xE2\x89\xA4 64 MiB"},
        {{NULL, 0.05, NAN, 67108864}, "bytes", PW_BETTER_LOWER, "+5 %, \xE2\x89\xA4 64 MiB"},
        {{NULL, 0.05, 1024, 2048}, "bytes", PW_BETTER_LOWER, "+5 % and +1 KiB, \xE2\x89\xA4 2 KiB"},
        {INCREASE(5), "1/s", PW_BETTER_HIGHER, "-5 %"},
        {LIMIT(20), "1/s", PW_BETTER_HIGHER, "\xE2\x89\xA5 20 1/s"},
        {AT_LEAST(10), NULL, PW_BETTER_LOWER, "+10"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct pw_strbuf out = PW_STRBUF_INIT;
        pw_threshold_describe(&cases[i].threshold, cases[i].unit, cases[i].better, &out);
        assert_string_equal(pw_strbuf_text(&out), cases[i].words);
        pw_strbuf_release(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_session),         cmocka_unit_test(test_many_sessions),
        cmocka_unit_test(test_absolute_thresholds), cmocka_unit_test(test_limits),
        cmocka_unit_test(test_unfit_values),        cmocka_unit_test(test_differences),
        cmocka_unit_test(test_exact_counts),        cmocka_unit_test(test_numbers_of_a_row),
        cmocka_unit_test(test_damaged_session),     cmocka_unit_test(test_threshold_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * The line that a report offers, and acceptances as texts: long ones, many of them, written and
 * read.
 */
#include "acceptance_scene.h"

static void test_advice(void **state)
{
    static const struct {
        const char *benchmark;
        const char *unit;
        enum pw_better better;
        double base;
        double head;
        double end; /* of the interval, on the bad side */
        const char *line;
    } cases[] = {
        {"work", "ns", PW_BETTER_LOWER, 1000, 1124, 1.169, "work instructions +17%"},
        {"work", "ns", PW_BETTER_LOWER, 1000, 1124, 9.0, "work instructions +13%"},
        {"work", "ns", PW_BETTER_LOWER, 1000, 1120, 1.12, "work instructions +12%"},
        {"work", "ns", PW_BETTER_LOWER, 1000, 1003.1, NAN, "work instructions +0.4%"},
        {"work", "ns", PW_BETTER_LOWER, 1000, 1310, NAN, "work instructions +35%"},
        {"work", "ns", PW_BETTER_LOWER, 1000, 3310, NAN, "work instructions +250%"},
        {"work", "ns", PW_BETTER_LOWER, 1, 123.4, NAN, "work instructions +13000%"},
        {"work", "count", PW_BETTER_HIGHER, 1000, 880, 0.85, "work instructions -15%"},
        {"work", "count", PW_BETTER_HIGHER, 1000, 10, 0, "work instructions -99%"},
        {"work", "count", PW_BETTER_HIGHER, 1000, 20, NAN, "work instructions -99%"},
        {"work", "count", PW_BETTER_HIGHER, 1000, 40, 0.0045, "work instructions -99.6%"},
        {"work", "count", PW_BETTER_HIGHER, 1000, 0.35, NAN, "work instructions -99.97%"},
        {"work", "count", PW_BETTER_HIGHER, 1000, 0, NAN, "work instructions -100%"},
        {"work", "ns", PW_BETTER_LOWER, 0, 1234567, NAN, "work instructions +1.3ms"},
        {"work", "ns", PW_BETTER_LOWER, 0, 12, NAN, "work instructions +12ns"},
        {"work", "bytes", PW_BETTER_LOWER, 0, 2000, NAN, "work instructions +2KiB"},
        {"work", "count", PW_BETTER_LOWER, 0, 1234, NAN, "work instructions +1300"},
        {"a b", "ns", PW_BETTER_LOWER, 1000, 1120, NAN, "\"a b\" instructions +12%"},
        {"a*[b]?\\\"", "ns", PW_BETTER_LOWER, 1000, 1120, NAN,
         "\"a\\*\\[b]\\?\\\\\\\"\" instructions +12%"},
        {"\xC3\xA4/n=1", "ns", PW_BETTER_LOWER, 1000, 1120, NAN, "\xC3\xA4/n=1 instructions +12%"},
    };
    (void)state;

    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        const bool is_lower = cases[i].better == PW_BETTER_LOWER;
        const struct pw_comparison_row row = {
            .benchmark = cases[i].benchmark,
            .declared = cases[i].benchmark,
            .metric = "instructions",
            .unit = cases[i].unit,
            .better = cases[i].better,
            .verdict = PW_VERDICT_REGRESSION,
            .reason = "",
            .base = cases[i].base,
            .head = cases[i].head,
            .ratio = cases[i].base > 0 ? cases[i].head / cases[i].base : NAN,
            .interval = {is_lower ? 0 : cases[i].end, is_lower ? cases[i].end : INFINITY},
            .threshold = {"instructions", 0.001, NAN, NAN},
        };
        struct pw_strbuf line = PW_STRBUF_INIT;
        struct pw_acceptances list;
        pw_acceptance_advise(&row, &line);
        assert_int_equal(strncmp(pw_strbuf_text(&line), "Perf-Accept: ", 13), 0);
        const char *value = pw_strbuf_text(&line) + 13;
        const size_t length = strlen(cases[i].line);
        if (strncmp(value, cases[i].line, length) != 0 ||
            strcmp(value + length, " <reason>") != 0) {
            fail_msg("'%s', not '%s'", value, cases[i].line);
        }
        /* with a reason it is one that the reader takes, and that means this id */
        memset(&list, 0, sizeof list);
        line.data[line.length - 1] = '!';
        assert_int_equal(pw_acceptances_add_trailer(&list, value, "", "x", NULL), 0);
        assert_int_equal(list.count, 1);
        assert_true(pw_glob_match(list.items[0].benchmark, cases[i].benchmark));
        pw_acceptances_release(&list);
        pw_strbuf_release(&line);
    }
}

/* Few pairs bound a change on its good side only: the next measurement may be over what is offered
 * for this one, unless there is room. */
static void test_room_without_an_end(void **state)
{
    static const struct {
        enum pw_better better;
        double ratio;
        struct pw_interval interval;
        const char *line;
    } cases[] = {
        {PW_BETTER_LOWER, 1.119, {1.05, INFINITY}, "work instructions +19% "},
        {PW_BETTER_LOWER, 1.104, {1.051, 1.216}, "work instructions +16% "},
        {PW_BETTER_LOWER, 1.104, {1.051, 1.199}, "work instructions +20% "},
        {PW_BETTER_LOWER, 1.104, {0.99, INFINITY}, "work instructions +11% "},
        {PW_BETTER_HIGHER, 0.88, {0, 0.95}, "work instructions -19% "},
    };
    (void)state;

    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        const struct pw_comparison_row row = {
            .benchmark = "work",
            .declared = "work",
            .metric = "instructions",
            .unit = "count",
            .better = cases[i].better,
            .verdict = PW_VERDICT_REGRESSION,
            .base = 1000,
            .head = 1000 * cases[i].ratio,
            .ratio = cases[i].ratio,
            .interval = cases[i].interval,
            .threshold = {"instructions", 0.05, NAN, NAN},
        };
        struct pw_strbuf line = PW_STRBUF_INIT;
        pw_acceptance_advise(&row, &line);
        if (strstr(pw_strbuf_text(&line), cases[i].line) == NULL) {
            fail_msg("'%s', not '%s'", pw_strbuf_text(&line), cases[i].line);
        }
        pw_strbuf_release(&line);
    }
}

/* Long texts are cut between characters, and no list grows without end. */
static void test_bounds_of_input(void **state)
{
    struct pw_acceptances list;
    char value[4000] = "work instructions +1% ";
    (void)state;

    memset(&list, 0, sizeof list);
    for (size_t i = strlen(value); i + 2 < sizeof value; i += 2) {
        memcpy(value + i, "\xC3\xA4", 3);
    }
    for (size_t i = 0; i < PW_ACCEPTANCES_MAX + 10; i++) {
        assert_int_equal(pw_acceptances_add_trailer(&list, value, value, "x", NULL), 0);
    }
    assert_int_equal(list.count, PW_ACCEPTANCES_MAX);
    assert_int_equal(list.warning_count, 1);
    assert_true(strlen(list.items[0].reason) <= 1003);
    assert_true(pw_utf8_is_valid(list.items[0].reason, strlen(list.items[0].reason)));
    assert_true(strlen(list.items[0].by) <= 203);
    pw_acceptances_release(&list);
}

static void test_round_trip(void **state)
{
    struct pw_strbuf text = PW_STRBUF_INIT;
    struct pw_strbuf again = PW_STRBUF_INIT;
    struct pw_comparison read;
    struct scene scene;
    (void)state;

    scene_begin(&scene);
    agree(&scene, "work instructions +12% \"<&>\\ \xC3\xA4");
    (void)decide_change(&scene, "ns", PW_BETTER_LOWER, 1100, &by_5_percent);
    pw_comparison_write(&scene.comparison, &text);
    assert_int_equal(pw_comparison_read(text.data, text.length, "x", &read, NULL), 0);
    assert_string_equal(read.rows[0].accepted.reason, "\"<&>\\ \xC3\xA4");
    assert_string_equal(read.rows[0].accepted.by, "Ada");
    assert_string_equal(read.rows[0].accepted.bound, "+12%");
    assert_null(read.rows[0].accepted.expires);
    pw_comparison_write(&read, &again);
    assert_string_equal(pw_strbuf_text(&again), pw_strbuf_text(&text));
    pw_comparison_release(&read);
    pw_strbuf_release(&again);
    pw_strbuf_release(&text);
    scene_end(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_advice),
        cmocka_unit_test(test_room_without_an_end),
        cmocka_unit_test(test_bounds_of_input),
        cmocka_unit_test(test_round_trip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* What a row keeps of the sessions before head: each one's median and interval, the changes of
 * level; through its JSON and back. */
#include "../../src/gate/row_values.h"
#include "gate_fixture.h"

enum { SESSIONS = 9 };

/* Sessions, oldest first, that took 1.00 ms and then 1.30 ms; the last of so few runs that no
 * interval can be given; and a head. */
static void make_comparison(struct pw_comparison *out)
{
    static const char *const runs[SESSIONS] = {
        "1000000 1001000 1002000 1003000 1004000 1005000 1006000",
        "1001000 1002000 1003000 1004000 1005000 1006000 1007000",
        "1000000 1001000 1002000 1003000 1004000 1005000 1006000",
        "1002000 1001000 1000000 1003000 1004000 1005000 1006000",
        "1000000 1001000 1002000 1003000 1004000 1005000 1006000",
        "1300000 1301000 1302000 1303000 1304000 1305000 1306000",
        "1301000 1302000 1303000 1304000 1305000 1306000 1307000",
        "1300000 1301000 1302000 1303000 1304000 1305000 1306000",
        "1302000 1303000 1304000 1305000 1306000",
    };
    const struct pw_threshold threshold = {"wall_time", 0.05, NAN, NAN};
    const struct pw_benchmark benchmark = fixture_benchmark("b", &threshold, 1);
    const struct pw_config config = fixture_config(&benchmark, 1);
    const struct pw_gate_options options = {.config = &config};
    struct pw_result sessions[SESSIONS];
    struct pw_result head;

    for (size_t i = 0; i < SESSIONS; i++) {
        fixture_result(&sessions[SESSIONS - 1 - i]);
        fixture_time(&sessions[SESSIONS - 1 - i], "b", runs[i]);
    }
    fixture_result(&head);
    fixture_time(&head, "b", "1300000 1301000 1302000 1303000 1304000");
    assert_int_equal(pw_gate_stored(&options, sessions, SESSIONS, NULL, NULL, &head, out, NULL), 0);
    for (size_t i = 0; i < SESSIONS; i++) {
        pw_result_release(&sessions[i]);
    }
    pw_result_release(&head);
}

static void check_history(const struct pw_comparison *comparison)
{
    const struct pw_comparison_row *row = &comparison->rows[0];

    assert_int_equal(comparison->row_count, 1);
    assert_int_equal(row->history_count, SESSIONS);
    for (size_t i = 0; i < SESSIONS; i++) {
        assert_int_equal(row->history[i].is_change, i == 5);
    }
    assert_true(row->history[0].value == 1003000);
    assert_true(row->history[0].low == 1000000 && row->history[0].high == 1006000);
    assert_true(row->history[5].value == 1303000);
    assert_true(isnan(row->history[8].low) && isnan(row->history[8].high));
}

static void test_kept_and_read_back(void **state)
{
    struct pw_comparison made;
    struct pw_comparison read;
    struct pw_strbuf text = PW_STRBUF_INIT;

    (void)state;
    make_comparison(&made);
    check_history(&made);
    pw_comparison_write(&made, &text);
    assert_int_equal(pw_comparison_read(pw_strbuf_text(&text), text.length, "made", &read, NULL),
                     0);
    check_history(&read);
    pw_strbuf_release(&text);
    pw_comparison_release(&read);
    pw_comparison_release(&made);
}

/* A member of a wrong type is refused by name, not passed over. */
static void test_refused(void **state)
{
    static const char *const swaps[][2] = {
        {"\"change\": true", "\"change\": \"yes\""},
        {"\"low\": 1000000,", "\"low\": \"few\","},
    };
    struct pw_comparison made;
    struct pw_strbuf text = PW_STRBUF_INIT;

    (void)state;
    make_comparison(&made);
    pw_comparison_write(&made, &text);
    for (size_t i = 0; i < PW_COUNT(swaps); i++) {
        const char *found = strstr(pw_strbuf_text(&text), swaps[i][0]);
        struct pw_strbuf other = PW_STRBUF_INIT;
        struct pw_comparison read;
        struct pw_error err = PW_ERROR_INIT;
        assert_non_null(found);
        pw_strbuf_append(&other, pw_strbuf_text(&text), (size_t)(found - pw_strbuf_text(&text)));
        pw_strbuf_puts(&other, swaps[i][1]);
        pw_strbuf_puts(&other, found + strlen(swaps[i][0]));
        assert_int_equal(
            pw_comparison_read(pw_strbuf_text(&other), other.length, "swapped", &read, &err),
            PW_EFORMAT);
        assert_non_null(strstr(err.message, "'history'"));
        pw_error_release(&err);
        pw_strbuf_release(&other);
    }
    pw_strbuf_release(&text);
    pw_comparison_release(&made);
}

/* The ranks of Conover, Practical Nonparametric Statistics (3rd edition), section 3.2: for 95 % the
 * binomial with p = 1/2 gives these ends, counted from 1. */
static void test_ranks(void **state)
{
    static const struct {
        size_t count;
        size_t low; /* 0 where there is none */
    } cases[] = {{1, 0}, {5, 0}, {6, 1}, {8, 1}, {9, 2}, {10, 2}, {15, 4}, {20, 6}, {100, 40}};
    double sorted[2000];

    (void)state;
    for (size_t i = 0; i < PW_COUNT(sorted); i++) {
        sorted[i] = (double)(i + 1);
    }
    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        const size_t n = cases[i].count;
        const struct pw_interval interval = pw_gate_median_interval(sorted, n);
        if (cases[i].low == 0) {
            assert_true(isnan(interval.low) && isnan(interval.high));
        } else {
            assert_true(interval.low == (double)cases[i].low);
            assert_true(interval.high == (double)(n + 1 - cases[i].low));
        }
    }
    const struct pw_interval many = pw_gate_median_interval(sorted, 2000);
    assert_in_range((size_t)many.low, 954, 957);
    assert_true(many.high == 2001 - many.low);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kept_and_read_back),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_ranks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

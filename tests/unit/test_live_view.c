/* The live table of a paired run: what a frame says, that it fits its terminal, how it is replaced;
 * and the bound for the time left. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../src/cli/live_screen.h"
#include "../../src/cli/live_view.h"
#include "../../src/cli/pair_time.h"
#include "perfwarden/util.h"

#define ROWS 12

static const char *const names[ROWS] = {
    "parse",
    "parse/deep",
    "codec",
    "a/rather/long/name/of/a/benchmark/that/goes/on/size=1048576",
    "漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字",
    "emoji-🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀",
    "cafe\xCC\x81-ne\xCC\x81-pose\xCC\x81",
    "esc\033[2Jape\r\n",
    "not \xFF utf-8 \x80",
    "right-to-left \xE2\x80\xAE mark",
    "i",
    "index",
};

static struct pw_live_row row(const char *name, size_t pairs, double ratio)
{
    return (struct pw_live_row){
        .status = {.benchmark = name,
                   .metric = pairs > 0 ? "wall_time" : NULL,
                   .pairs = pairs,
                   .ratio = pairs > 0 ? ratio : NAN,
                   .interval = {pairs > 0 ? ratio - 0.02 : NAN, pairs > 0 ? ratio + 0.02 : NAN},
                   .verdict = PW_VERDICT_INCONCLUSIVE},
        .is_begun = pairs > 0,
    };
}

static void decide(struct pw_live_row *item, enum pw_verdict verdict, size_t ended)
{
    item->status.is_decided = true;
    item->status.verdict = verdict;
    item->ended = ended;
}

/* Two under way, two decided, the second of them last, the rest waiting. */
static void fill(struct pw_live_row rows[ROWS])
{
    for (size_t i = 0; i < ROWS; i++) {
        rows[i] = row(names[i], 0, NAN);
    }
    rows[0] = row(names[0], 9, 1.0);
    decide(&rows[0], PW_VERDICT_PASS, 1);
    rows[1] = row(names[1], 14, 1.127);
    decide(&rows[1], PW_VERDICT_REGRESSION, 2);
    rows[2] = row(names[2], 3, 0.98);
    rows[3] = row(names[3], 3, 12.5);
}

static struct pw_live_view view_of(struct pw_live_row rows[ROWS])
{
    return (struct pw_live_view){.rows = rows,
                                 .count = ROWS,
                                 .pairs = 29,
                                 .elapsed_ns = UINT64_C(72400000000),
                                 .left = "at most 3 min left"};
}

static const char frame_of_80[] =
    "██░░░░░░░░░░░░░░  2/12 decided  1 regression  1 min 12 s  at most 3 min left\n"
    "  Benchmark                 Pairs     Change             Interval  Verdict\n"
    "· codec                         3     -2.0 %       -4.0 % … 0.0 %  undecided\n"
    "· a/rather/lon…ize=1048576      3  +1150.0 %                    …  undecided\n"
    "✗ parse/deep                   14    +12.7 %    +10.7 % … +14.7 %  regression\n"
    "✓ parse                         9      0.0 %      -2.0 % … +2.0 %  pass\n"
    "· 漢字漢字漢字…字漢字漢字       0          –                    –  waiting\n"
    "  and 7 more waiting\n";

static void says_how_it_stands(void **state)
{
    struct pw_strbuf out = PW_STRBUF_INIT;
    struct pw_live_row rows[ROWS];
    (void)state;
    fill(rows);
    const struct pw_live_view view = view_of(rows);
    pw_live_compose(&view, 80, 10, &out);
    assert_string_equal(pw_strbuf_text(&out), frame_of_80);
    pw_strbuf_clear(&out);
    pw_live_compose(&view, 200, 50, &out);
    const char *undecided = strstr(pw_strbuf_text(&out), "· codec ");
    const char *last = strstr(pw_strbuf_text(&out), "✗ parse/deep ");
    const char *earlier = strstr(pw_strbuf_text(&out), "✓ parse ");
    const char *waiting = strstr(pw_strbuf_text(&out), "· index ");
    assert_non_null(undecided);
    assert_true(undecided < last && last < earlier && earlier < waiting);
    assert_non_null(strstr(last, "wall_time     14    +12.7 %"));
    assert_non_null(strstr(last, "+10.7 % … +14.7 %  regression"));
    assert_non_null(strstr(waiting, "–                    –  waiting"));
    assert_non_null(strstr(pw_strbuf_text(&out), "2/12 decided  1 regression  29 pairs  1 min 12 s"
                                                 "  at most 3 min left\n"));
    assert_null(strchr(pw_strbuf_text(&out), '\033'));
    pw_strbuf_release(&out);
}

/* Every size of a terminal: no line wraps, none too many, and always the bar. */
static void fits_its_terminal(void **state)
{
    static const unsigned heights[] = {1, 2, 3, 4, 5, 9, 19};
    struct pw_live_row rows[ROWS];
    (void)state;
    fill(rows);
    const struct pw_live_view view = view_of(rows);
    for (unsigned columns = 1; columns < 220; columns++) {
        for (size_t i = 0; i < PW_COUNT(heights); i++) {
            const unsigned height = heights[i];
            struct pw_strbuf out = PW_STRBUF_INIT;
            size_t lines = 0;
            pw_live_compose(&view, columns, height, &out);
            assert_false(pw_strbuf_failed(&out));
            for (char *line = out.data; *line != '\0'; lines++) {
                char *end = strchr(line, '\n');
                assert_non_null(end);
                *end = '\0';
                assert_true(columns < 3 || pw_text_width(line) < columns);
                assert_true(pw_utf8_is_valid(line, strlen(line)));
                line = end + 1;
            }
            assert_true(lines == 1 || lines + 2 <= height);
            assert_true(columns < 40 || height < 5 || lines + 2 == (height < 16 ? height : 16));
            assert_true(columns < 14 || strstr(out.data, "2/12 decided") != NULL);
            pw_strbuf_release(&out);
        }
    }
}

static bool has(const struct pw_live_view *view, unsigned columns, const char *text)
{
    struct pw_strbuf out = PW_STRBUF_INIT;
    pw_live_compose(view, columns, 50, &out);
    const bool found = strstr(pw_strbuf_text(&out), text) != NULL;
    pw_strbuf_release(&out);
    return found;
}

/* Columns go in a fixed order: metric, interval, pairs, verdict; the change stays. */
static void drops_columns(void **state)
{
    static const char *const titles[] = {"Metric", "Interval", "Pairs", "Verdict", "Change"};
    struct pw_live_row rows[ROWS];
    size_t shown = PW_COUNT(titles);
    (void)state;
    fill(rows);
    const struct pw_live_view view = view_of(rows);
    for (unsigned columns = 120; columns > 20; columns--) {
        size_t left = 0;
        for (size_t i = 0; i < PW_COUNT(titles); i++) {
            const bool is_shown = has(&view, columns, titles[i]);
            assert_true(is_shown || left == 0); /* what is left out comes first */
            left += is_shown;
        }
        assert_true(left <= shown && left >= 1);
        shown = left;
    }
    assert_int_equal(shown, 1);
    assert_true(has(&view, 80, "Interval") && !has(&view, 80, "Metric"));
    assert_true(has(&view, 60, "Pairs") && !has(&view, 60, "Interval"));
    assert_true(has(&view, 40, "Verdict") && !has(&view, 40, "Pairs"));
}

static void sums_up_the_rest(void **state)
{
    struct pw_strbuf out = PW_STRBUF_INIT;
    struct pw_live_row rows[ROWS];
    (void)state;
    fill(rows);
    const struct pw_live_view view = view_of(rows);
    pw_live_compose(&view, 80, 5, &out); /* the bar, one benchmark, the rest */
    assert_non_null(strstr(pw_strbuf_text(&out), "\n· codec "));
    assert_non_null(
        strstr(pw_strbuf_text(&out), "\n  and 11 more: 1 undecided, 2 decided, 8 waiting\n"));
    assert_null(strstr(pw_strbuf_text(&out), "Benchmark"));
    pw_strbuf_clear(&out);
    pw_live_compose(&view, 80, 9, &out); /* titles, four benchmarks, the rest */
    assert_non_null(strstr(pw_strbuf_text(&out), "\n  and 8 more waiting\n"));
    pw_strbuf_release(&out);
}

static void colours(void **state)
{
    struct pw_live_row rows[ROWS];
    (void)state;
    fill(rows);
    struct pw_live_view view = view_of(rows);
    view.use_color = true;
    assert_true(has(&view, 80, "\033[31m✗\033[0m parse/deep"));
    assert_true(has(&view, 80, "\033[31mregression\033[0m"));
    assert_true(has(&view, 80, "\033[32m✓\033[0m parse "));
    assert_true(has(&view, 80, "\n· codec"));
}

/* Show frames and return all that was written; freed by the caller. */
static char *replace(const char *first, unsigned first_columns, const char *second,
                     unsigned second_columns)
{
    struct pw_live_screen screen = {.stream = tmpfile(), .shown = PW_STRBUF_INIT};
    assert_non_null(screen.stream);
    pw_live_screen_show(&screen, first, first_columns);
    const long start = ftell(screen.stream);
    if (second != NULL) {
        pw_live_screen_show(&screen, second, second_columns);
    }
    pw_live_screen_wipe(&screen, second_columns);
    const size_t length = (size_t)(ftell(screen.stream) - start);
    char *text = calloc(1, length + 1);
    assert_non_null(text);
    assert_int_equal(fseek(screen.stream, start, SEEK_SET), 0);
    assert_int_equal(fread(text, 1, length, screen.stream), length);
    fclose(screen.stream);
    return text;
}

static void replaces_its_own_lines(void **state)
{
    static const struct {
        const char *first;
        const char *second;
        unsigned columns;
        const char *expected;
    } cases[] = {
        {"one\ntwo\n", "three\n", 80, "\r\033[2Athree\033[K\n\033[J\r\033[1A\033[J"},
        {"one\n", NULL, 80, "\r\033[1A\033[J"},
        {"", NULL, 80, ""},
        /* it became narrower: 10 columns are 3 rows of 4, and colours none */
        {"0123456789\n\033[31mab\033[0m\n", "x\n", 4, "\r\033[4Ax\033[K\n\033[J\r\033[1A\033[J"},
    };
    (void)state;
    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        char *text = replace(cases[i].first, 80, cases[i].second, cases[i].columns);
        assert_string_equal(text, cases[i].expected);
        free(text);
    }
}

static void bounds_the_time_left(void **state)
{
    static const struct {
        struct pw_pair_pace paces[2];
        uint64_t suite_left_ns;
        struct pw_pair_time_left expected;
    } cases[] = {
        /* pairs, min, max, first, rest, budget, is_over */
        {{{0, 5, 60, 0, 0, 0, false}, {0, 5, 60, 0, 0, 0, false}}, UINT64_MAX, {0, false}},
        {{{1, 5, 10, 100, 0, 0, false}, {1, 5, 10, 10, 0, 0, true}}, UINT64_MAX, {900, false}},
        /* the setup before the first pair does not come again … */
        {{{3, 5, 10, 500, 20, 0, false}, {1, 5, 10, 10, 0, 0, true}}, UINT64_MAX, {70, false}},
        /* … but for those that have not begun */
        {{{3, 5, 10, 500, 20, 0, true}, {0, 5, 10, 0, 0, 0, false}}, UINT64_MAX, {590, true}},
        /* a budget ends a benchmark, though not before its least number */
        {{{3, 5, 10, 10, 20, 60, false}, {1, 5, 10, 10, 0, 0, true}}, UINT64_MAX, {30, false}},
        {{{3, 5, 10, 10, 20, 31, false}, {1, 5, 10, 10, 0, 0, true}}, UINT64_MAX, {20, false}},
        /* and so does the budget for all */
        {{{3, 5, 10, 10, 20, 0, false}, {3, 5, 10, 10, 20, 0, false}}, 90, {90, false}},
        {{{3, 5, 10, 10, 20, 0, false}, {3, 5, 10, 10, 20, 0, false}}, 7, {40, false}},
        {{{3, 5, 10, 10, 20, 0, true}, {3, 5, 10, 10, 20, 0, true}}, UINT64_MAX, {0, false}},
    };
    (void)state;
    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        const struct pw_pair_time_left left =
            pw_pair_time_left(cases[i].paces, 2, cases[i].suite_left_ns);
        assert_int_equal(left.at_most_ns, cases[i].expected.at_most_ns);
        assert_int_equal(left.is_rough, cases[i].expected.is_rough);
    }
}

static void paces_and_rounding(void **state)
{
    static const uint64_t second = 1000000000;
    struct pw_pair_pace pace = {0};
    (void)state;
    pw_pair_pace_add(&pace, 100);
    pw_pair_pace_add(&pace, 7);
    pw_pair_pace_add(&pace, 8);
    assert_int_equal(pace.pairs, 3);
    assert_int_equal(pace.first_ns, 100);
    assert_int_equal(pace.rest_ns, 15);
    assert_int_equal(pw_pair_time_round_up(0), 0);
    assert_int_equal(pw_pair_time_round_up(1), second);
    assert_int_equal(pw_pair_time_round_up(59 * second), 59 * second);
    assert_int_equal(pw_pair_time_round_up(61 * second), 65 * second);
    assert_int_equal(pw_pair_time_round_up(601 * second), 660 * second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_how_it_stands),
        cmocka_unit_test(fits_its_terminal),
        cmocka_unit_test(drops_columns),
        cmocka_unit_test(sums_up_the_rest),
        cmocka_unit_test(colours),
        cmocka_unit_test(replaces_its_own_lines),
        cmocka_unit_test(bounds_the_time_left),
        cmocka_unit_test(paces_and_rounding),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

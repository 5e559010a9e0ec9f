/* Joining comparisons: rows, warnings, e-BH over all of them, the exit code of the whole. */
#include <stdio.h>

#include "gate_fixture.h"

#include "../../src/gate/comparison.h"
#include "../../src/gate/policy.h"
#include "perfwarden/gate/merge.h"
#include "perfwarden/util.h"

static const char *suite[] = {"a", "b", "c", "d"};
static unsigned cut[] = {2, 1, 2, 1};
static const struct pw_shard shards[] = {{1, 2, "hash", "base", suite, cut, 4},
                                         {2, 2, "hash", "base", suite, cut, 4}};

/* Of two benchmarks, one for each; and of two that are both the first's. */
static unsigned few_cut[] = {2, 1};
static const struct pw_shard few[] = {{1, 2, "hash", "base", suite, few_cut, 2},
                                      {2, 2, "hash", "base", suite, few_cut, 2}};
static const char *lone_suite[] = {"b", "d"};
static unsigned lone_cut[] = {1, 1};
static const struct pw_shard lone[] = {{1, 2, "hash", "base", lone_suite, lone_cut, 2},
                                       {2, 2, "hash", "base", lone_suite, lone_cut, 2}};

/** A row to be made. */
struct told {
    const char *benchmark;
    const char *metric;
    enum pw_verdict verdict;
    const char *reason;
    double e_value;
    const char *since;
};

static void make(unsigned index, const char *mode, const struct told *rows, size_t count,
                 struct pw_comparison *out)
{
    pw_comparison_init(out);
    out->tool_version = "1";
    out->mode = mode;
    out->alpha = 0.01;
    out->beta = 0.05;
    out->fdr = 0.05;
    out->session_noise = 0.03;
    out->fail_on = PW_VERDICT_BIT(PW_VERDICT_REGRESSION) | PW_VERDICT_BIT(PW_VERDICT_ERROR);
    out->on_inconclusive = out->on_no_baseline = PW_POLICY_WARN;
    out->base.commit = "0123";
    out->head.commit = "4567";
    out->head.environment_id = "e3b0c44298fc";
    out->head.hostname = index == 1 ? "one" : "two";
    out->shard = &shards[index - 1];
    for (size_t i = 0; i < count; i++) {
        struct pw_comparison_row *row =
            pw_comparison_add_row(out, rows[i].benchmark, rows[i].metric, NULL);
        assert_non_null(row);
        row->method = mode;
        row->e_value = rows[i].e_value;
        row->since = rows[i].since;
        assert_int_equal(
            pw_comparison_decide(out, row, rows[i].verdict, NULL, "%s", rows[i].reason), 0);
    }
    assert_int_equal(pw_comparison_warn(out, "common", NULL), 0);
    assert_int_equal(pw_comparison_warn(out, index == 1 ? "first" : "second", NULL), 0);
    assert_int_equal(pw_gate_finish(out, NULL), 0);
}

/* As a reader finds it: which warnings are remarks is not told. */
static void forget_remarks(struct pw_comparison *comparison)
{
    comparison->remark_start = comparison->remark_count = 0;
}

static void lend(struct pw_comparison parts[2], const struct pw_shard of[2])
{
    parts[0].shard = &of[0];
    parts[1].shard = &of[1];
}

static const struct told first_rows[] = {
    {"b", "wall_time", PW_VERDICT_PASS, "fine", NAN, NULL},
    {"d", "wall_time", PW_VERDICT_INCONCLUSIVE, "who knows", NAN, NULL},
    {"gone", NULL, PW_VERDICT_MISSING, "gone", NAN, NULL},
    {"b", "wall_time", PW_VERDICT_PASS, "fine", NAN, "v1"},
};
static const struct told second_rows[] = {
    {"a", "wall_time", PW_VERDICT_PASS, "fine", NAN, NULL},
    {"c", "wall_time", PW_VERDICT_INCONCLUSIVE, "who knows", NAN, NULL},
    {"a", "wall_time", PW_VERDICT_PASS, "fine", NAN, "v1"},
};

static void rows_and_warnings_are_joined(void **state)
{
    static const char *const order[] = {"a", "b", "c", "d", "gone", "a", "b"};
    struct pw_comparison parts[2];
    struct pw_comparison joined;

    (void)state;
    make(1, "stored", first_rows, PW_COUNT(first_rows), &parts[0]);
    make(2, "stored", second_rows, PW_COUNT(second_rows), &parts[1]);
    forget_remarks(&parts[0]);
    forget_remarks(&parts[1]);
    struct pw_gate_part given[] = {{"two", &parts[1]}, {"one", &parts[0]}};
    assert_int_equal(pw_gate_merge(given, 2, &joined, NULL), 0);
    assert_int_equal(joined.row_count, PW_COUNT(order));
    for (size_t i = 0; i < PW_COUNT(order); i++) {
        assert_string_equal(joined.rows[i].benchmark, order[i]);
        assert_int_equal(joined.rows[i].since != NULL, i >= 5);
    }
    assert_string_equal(joined.mode, "stored");
    assert_int_equal(joined.merged_from, 2);
    assert_null(joined.shard);
    assert_null(joined.head.hostname);
    assert_string_equal(joined.head.environment_id, "e3b0c44298fc");
    assert_int_equal(joined.counts[PW_VERDICT_PASS], 4);
    assert_int_equal(joined.warning_count, 4);
    assert_string_equal(joined.warnings[0], "common");
    assert_string_equal(joined.warnings[1], "shard 1: first");
    assert_string_equal(joined.warnings[2], "shard 2: second");
    assert_non_null(strstr(joined.warnings[3], "2 comparisons are inconclusive"));
    pw_comparison_release(&joined);
    pw_comparison_release(&parts[0]);
    pw_comparison_release(&parts[1]);
}

/* Of two shards with one paired row each: the verdict of the second, as joined. */
static enum pw_verdict join_suspects(double first, enum pw_verdict first_verdict, double second,
                                     enum pw_verdict verdict, size_t extra_rows, char *reason,
                                     size_t size)
{
    static const char doubt[] = "9 % slower, 60 pairs: suspected; not kept at a false discovery "
                                "rate of 5 % over 9 comparisons (stored sessions could not decide)";
    const struct told a = {"b", "wall_time", first_verdict, "9 % slower", first, NULL};
    const struct told b = {
        "a",     "wall_time",
        verdict, verdict == PW_VERDICT_INCONCLUSIVE ? doubt : "9 % slower, 60 pairs",
        second,  NULL};
    struct pw_comparison parts[2];
    struct pw_comparison joined;
    enum pw_verdict found;

    make(1, "paired", &a, 1, &parts[0]);
    make(2, "paired", &b, 1, &parts[1]);
    lend(parts, few);
    for (size_t i = 0; i < extra_rows; i++) {
        struct pw_comparison_row *row =
            pw_comparison_add_row(&parts[0], "d", i == 0 ? "wall_time" : "max_rss", NULL);
        assert_non_null(row);
        row->method = "paired";
        assert_int_equal(pw_comparison_decide(&parts[0], row, PW_VERDICT_PASS, NULL, "%s", "fine"),
                         0);
    }
    struct pw_gate_part given[] = {{"one", &parts[0]}, {"two", &parts[1]}};
    assert_int_equal(pw_gate_merge(given, 2, &joined, NULL), 0);
    found = joined.rows[0].verdict;
    (void)snprintf(reason, size, "%s", joined.rows[0].reason);
    assert_int_equal(joined.exit_code, found == PW_VERDICT_REGRESSION ||
                                               joined.rows[1].verdict == PW_VERDICT_REGRESSION
                                           ? PW_EXIT_REGRESSION
                                           : PW_EXIT_PASS);
    pw_comparison_release(&joined);
    pw_comparison_release(&parts[0]);
    pw_comparison_release(&parts[1]);
    return found;
}

static void e_bh_is_of_the_whole_suite(void **state)
{
    const enum pw_verdict doubt = PW_VERDICT_INCONCLUSIVE;
    const enum pw_verdict slow = PW_VERDICT_REGRESSION;
    char reason[256];

    (void)state;
    /* 12 comparisons: one alone needs 240, two 120 each. */
    assert_int_equal(join_suspects(1.0, PW_VERDICT_PASS, 130.0, doubt, 10, reason, 256), doubt);
    assert_non_null(strstr(reason, "over 9 comparisons"));
    assert_int_equal(join_suspects(500.0, slow, 130.0, doubt, 10, reason, 256), slow);
    assert_string_equal(reason, "9 % slower, 60 pairs: kept by the evidence of the whole suite "
                                "(stored sessions could not decide)");
    assert_int_equal(join_suspects(500.0, slow, 110.0, doubt, 10, reason, 256), doubt);
    /* What crossed 1/alpha never is no suspect, however few comparisons there are. */
    assert_int_equal(join_suspects(500.0, slow, 99.0, doubt, 0, reason, 256), doubt);
    /* More comparisons than the shard knew of. */
    assert_int_equal(join_suspects(1.0, PW_VERDICT_PASS, 130.0, slow, 10, reason, 256), doubt);
    assert_string_equal(reason, "9 % slower, 60 pairs: suspected; not kept at a false discovery "
                                "rate of 5 % over 12 comparisons");
    assert_int_equal(join_suspects(1.0, PW_VERDICT_PASS, 240.0, slow, 10, reason, 256), slow);
    assert_int_equal(join_suspects(1.0, PW_VERDICT_PASS, -5.0, slow, 10, reason, 256), doubt);
}

/* What was agreed to travels with the suspicion, for there is nobody to ask when shards are joined.
 */
static void a_suspicion_keeps_its_agreement(void **state)
{
    const struct told doubt = {"a",          "wall_time", PW_VERDICT_INCONCLUSIVE,
                               "9 % slower", 500.0,       NULL};
    const struct told fine = {"b", "wall_time", PW_VERDICT_PASS, "fine", NAN, NULL};
    struct pw_comparison parts[2];
    struct pw_comparison read;
    struct pw_comparison joined;
    struct pw_strbuf text = PW_STRBUF_INIT;

    (void)state;
    make(1, "paired", &fine, 1, &parts[0]);
    make(2, "paired", &doubt, 1, &parts[1]);
    lend(parts, few);
    parts[1].rows[0].accepted =
        (struct pw_agreement){.by = "someone", .reason = "why", .bound = "+12%", .where = "there"};
    pw_comparison_write(&parts[1], &text);
    assert_int_equal(pw_comparison_read(pw_strbuf_text(&text), text.length, "x", &read, NULL), 0);
    struct pw_gate_part given[] = {{"one", &parts[0]}, {"two", &read}};
    assert_int_equal(pw_gate_merge(given, 2, &joined, NULL), 0);
    assert_int_equal(joined.rows[0].verdict, PW_VERDICT_ACCEPTED);
    assert_string_equal(joined.rows[0].accepted.by, "someone");
    assert_int_equal(joined.exit_code, PW_EXIT_PASS);
    pw_comparison_release(&joined);
    pw_comparison_release(&read);
    pw_strbuf_release(&text);
    pw_comparison_release(&parts[0]);
    pw_comparison_release(&parts[1]);
}

static void the_mode_is_what_any_needed(void **state)
{
    static const struct {
        const char *first;
        const char *second;
        const char *joined;
        size_t second_rows;
    } cases[] = {{"stored", "stored", "stored", 3}, {"stored", "auto", "auto", 3},
                 {"auto", "stored", "auto", 3},     {"paired", "stored", "auto", 3},
                 {"paired", "stored", "paired", 0}, {"paired", "paired", "paired", 3}};

    (void)state;
    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        struct pw_comparison parts[2];
        struct pw_comparison joined;
        make(1, cases[i].first, first_rows, PW_COUNT(first_rows), &parts[0]);
        make(2, cases[i].second, second_rows, cases[i].second_rows, &parts[1]);
        lend(parts, lone);
        struct pw_gate_part given[] = {{"one", &parts[0]}, {"two", &parts[1]}};
        assert_int_equal(pw_gate_merge(given, 2, &joined, NULL), 0);
        assert_string_equal(joined.mode, cases[i].joined);
        pw_comparison_release(&joined);
        pw_comparison_release(&parts[0]);
        pw_comparison_release(&parts[1]);
    }
}

static void ends_that_no_row_explains_are_kept(void **state)
{
    static const int codes[] = {PW_EXIT_SIGINT, PW_EXIT_SIGTERM, PW_EXIT_INTERNAL};

    (void)state;
    for (size_t i = 0; i < PW_COUNT(codes); i++) {
        struct pw_comparison parts[2];
        struct pw_comparison joined;
        make(1, "stored", first_rows, 1, &parts[0]);
        make(2, "stored", second_rows, 0, &parts[1]);
        lend(parts, few);
        pw_comparison_escalate(&parts[1], codes[i]);
        struct pw_gate_part given[] = {{"one", &parts[0]}, {"two", &parts[1]}};
        assert_int_equal(pw_gate_merge(given, 2, &joined, NULL), 0);
        assert_int_equal(joined.exit_code, codes[i]);
        pw_comparison_release(&joined);
        pw_comparison_release(&parts[0]);
        pw_comparison_release(&parts[1]);
    }
}

static void change_head(struct pw_comparison *part)
{
    part->head.commit = "89ab";
}

static void change_dirty(struct pw_comparison *part)
{
    part->head.is_dirty = true;
}

static void change_config(struct pw_comparison *part)
{
    part->config = "lax.yml";
}

static void change_alpha(struct pw_comparison *part)
{
    part->alpha = 0.02;
}

static void change_fail_on(struct pw_comparison *part)
{
    part->fail_on |= PW_VERDICT_BIT(PW_VERDICT_INCONCLUSIVE);
}

static void change_policy(struct pw_comparison *part)
{
    part->on_no_baseline = PW_POLICY_FAIL;
}

static void change_row(struct pw_comparison *part)
{
    part->rows[0].declared = "d";
}

static void lose_shard(struct pw_comparison *part)
{
    part->shard = NULL;
}

static void repeat_shard(struct pw_comparison *part)
{
    part->shard = &shards[0];
}

/* A benchmark that nobody measured must not pass; its row with the anchor is none. */
static void lose_row(struct pw_comparison *part)
{
    part->rows[1].since = "v1";
}

static void lose_rows(struct pw_comparison *part)
{
    part->row_count = 0;
}

static void refusals(void **state)
{
    static const struct {
        void (*change)(struct pw_comparison *part);
        const char *part;
        enum pw_status status;
    } cases[] = {
        {change_head, "'one' and 'two' cannot be joined: they measured different commits",
         PW_EUSAGE},
        {change_dirty, "uncommitted changes", PW_EUSAGE},
        {change_config, "--config", PW_EUSAGE},
        {change_alpha, "error rates", PW_EUSAGE},
        {change_fail_on, "--fail-on", PW_EUSAGE},
        {change_policy, "--fail-on", PW_EUSAGE},
        {change_row, "'two' has a row of 'a', which is not of shard 2", PW_EUSAGE},
        {lose_shard, "'two' is not of a shard", PW_EUSAGE},
        {repeat_shard, "'one' and 'two' are both shard 1 of 2", PW_EUSAGE},
        {lose_row, "'two', shard 2 of 2, has no row of 'c'", PW_ENOTFOUND},
        {lose_rows, "'two', shard 2 of 2, has no row of 'a'", PW_ENOTFOUND},
    };

    (void)state;
    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        struct pw_comparison parts[2];
        struct pw_comparison joined;
        struct pw_error err = PW_ERROR_INIT;
        make(1, "stored", first_rows, PW_COUNT(first_rows), &parts[0]);
        make(2, "stored", second_rows, PW_COUNT(second_rows), &parts[1]);
        cases[i].change(&parts[1]);
        struct pw_gate_part given[] = {{"one", &parts[0]}, {"two", &parts[1]}};
        assert_int_equal(pw_gate_merge(given, 2, &joined, &err), cases[i].status);
        if (strstr(pw_error_message(&err), cases[i].part) == NULL) {
            fail_msg("'%s' does not say '%s'", pw_error_message(&err), cases[i].part);
        }
        assert_int_equal(pw_gate_merge(given, 1, &joined, NULL), PW_ENOTFOUND);
        pw_error_release(&err);
        pw_comparison_release(&parts[0]);
        pw_comparison_release(&parts[1]);
    }
}

static void machines_and_bases_that_differ_are_told(void **state)
{
    struct pw_comparison parts[2];
    struct pw_comparison joined;

    (void)state;
    make(1, "stored", first_rows, 1, &parts[0]);
    make(2, "stored", second_rows, 1, &parts[1]);
    lend(parts, few);
    parts[1].head.environment_id = "ffffffffffff";
    parts[1].base.commit = "89ab";
    struct pw_gate_part given[] = {{"one", &parts[0]}, {"two", &parts[1]}};
    assert_int_equal(pw_gate_merge(given, 2, &joined, NULL), 0);
    assert_null(joined.head.environment_id);
    assert_non_null(strstr(joined.warnings[0], "e3b0c44298fc and ffffffffffff"));
    assert_non_null(strstr(joined.warnings[1], "(0123 and 89ab among them)"));
    pw_comparison_release(&joined);
    pw_comparison_release(&parts[0]);
    pw_comparison_release(&parts[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_and_warnings_are_joined),
        cmocka_unit_test(e_bh_is_of_the_whole_suite),
        cmocka_unit_test(a_suspicion_keeps_its_agreement),
        cmocka_unit_test(the_mode_is_what_any_needed),
        cmocka_unit_test(ends_that_no_row_explains_are_kept),
        cmocka_unit_test(refusals),
        cmocka_unit_test(machines_and_bases_that_differ_are_told),
    };
    return cmocka_run_group_tests_name("gate_merge", tests, NULL, NULL);
}

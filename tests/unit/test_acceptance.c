/*
 * What was agreed to and what becomes of it: bounds kept and exceeded, signs and units, dates, the
 * file.
 */
#include "acceptance_scene.h"

static void test_bounds(void **state)
{
    static const struct {
        const char *trailer;
        const char *unit;
        enum pw_better better;
        double head; /* the base is 1000, the threshold 5 % */
        enum pw_verdict verdict;
        const char *reason;
        const char *warning; /* NULL for none */
    } cases[] = {
        {"work instructions +12% why", "ns", PW_BETTER_LOWER, 1120, PW_VERDICT_ACCEPTED,
         "; accepted up to +12% by Ada (commit 1234): why", NULL},
        {"work instructions +12% why", "ns", PW_BETTER_LOWER, 1121, PW_VERDICT_REGRESSION,
         "; accepted up to +12% by Ada (commit 1234), which is exceeded", NULL},
        {"work instructions -12% why", "count", PW_BETTER_HIGHER, 880, PW_VERDICT_ACCEPTED, "why",
         NULL},
        {"work instructions -12% why", "count", PW_BETTER_HIGHER, 879, PW_VERDICT_REGRESSION,
         "which is exceeded", NULL},
        {"work instructions +200ns why", "ns", PW_BETTER_LOWER, 1200, PW_VERDICT_ACCEPTED, "why",
         NULL},
        {"work instructions +0.2us why", "ns", PW_BETTER_LOWER, 1201, PW_VERDICT_REGRESSION,
         "which is exceeded", NULL},
        {"work instructions +1KiB why", "bytes", PW_BETTER_LOWER, 2024, PW_VERDICT_ACCEPTED, "why",
         NULL},
        {"work instructions +1KiB why", "bytes", PW_BETTER_LOWER, 2025, PW_VERDICT_REGRESSION,
         "exceeded", NULL},
        {"work instructions -300 why", "1/s", PW_BETTER_HIGHER, 700, PW_VERDICT_ACCEPTED, "why",
         NULL},
        {"w* * +50% why", "ns", PW_BETTER_LOWER, 1500, PW_VERDICT_ACCEPTED, "why", NULL},
        {"\"work\" \"instructions\" +50% a \"why\"", "ns", PW_BETTER_LOWER, 1500,
         PW_VERDICT_ACCEPTED, ": a \"why\"", NULL},
        {"  work\tinstructions   +50%   why", "ns", PW_BETTER_LOWER, 1500, PW_VERDICT_ACCEPTED,
         ": why", NULL},
        /* what does not fit accepts nothing */
        {"work instructions -12% why", "ns", PW_BETTER_LOWER, 1100, PW_VERDICT_REGRESSION,
         "limit +5", "less is better here: write it with '+'"},
        {"work instructions +12% why", "count", PW_BETTER_HIGHER, 900, PW_VERDICT_REGRESSION,
         "limit", "more is better here: write it with '-'"},
        {"work instructions +12MiB why", "ns", PW_BETTER_LOWER, 1100, PW_VERDICT_REGRESSION,
         "limit", "the metric is a time"},
        {"work instructions +12 why", "bytes", PW_BETTER_LOWER, 1100, PW_VERDICT_REGRESSION,
         "limit", "the metric is a size"},
        {"work instructions +12us why", "count", PW_BETTER_LOWER, 1100, PW_VERDICT_REGRESSION,
         "limit", "the metric has no such unit"},
        {"other instructions +12% why", "ns", PW_BETTER_LOWER, 1100, PW_VERDICT_REGRESSION, "limit",
         "'other instructions +12%' in commit 1234 accepts nothing: no comparison is meant by it"},
        {"wor instructions +12% why", "ns", PW_BETTER_LOWER, 1100, PW_VERDICT_REGRESSION, "limit",
         "no comparison is meant by it"},
        {"work max_rss +12% why", "ns", PW_BETTER_LOWER, 1100, PW_VERDICT_REGRESSION, "limit",
         "no comparison is meant by it"},
        {"work removed why", "ns", PW_BETTER_LOWER, 1100, PW_VERDICT_REGRESSION, "limit",
         "'work removed' in commit 1234 accepts nothing: no benchmark of this id is missing"},
        /* nor what cannot be read */
        {"work instructions +12%", "ns", PW_BETTER_LOWER, 1100, PW_VERDICT_REGRESSION, "limit",
         "'Perf-Accept: work instructions +12%' in commit 1234 accepts nothing: a reason is "
         "required"},
        {"work instructions +12% <reason>", "ns", PW_BETTER_LOWER, 1100, PW_VERDICT_REGRESSION,
         "limit", "a reason is required"},
        {"work removed", "ns", PW_BETTER_LOWER, 1100, PW_VERDICT_REGRESSION, "limit",
         "a reason is required"},
        {"work instructions", "ns", PW_BETTER_LOWER, 1100, PW_VERDICT_REGRESSION, "limit",
         "expects '<benchmark> <metric> <bound> <reason>'"},
        {"", "ns", PW_BETTER_LOWER, 1100, PW_VERDICT_REGRESSION, "limit", "expects '<benchmark>"},
        {"work instructions 12% why", "ns", PW_BETTER_LOWER, 1100, PW_VERDICT_REGRESSION, "limit",
         "'12%' has no sign: write '+12%'"},
        {"work instructions +0% why", "ns", PW_BETTER_LOWER, 1100, PW_VERDICT_REGRESSION, "limit",
         "is 0"},
        {"work instructions +12furlongs why", "ns", PW_BETTER_LOWER, 1100, PW_VERDICT_REGRESSION,
         "limit", "'+12furlongs' is no bound"},
        {"work instructions +1e999% why", "ns", PW_BETTER_LOWER, 1100, PW_VERDICT_REGRESSION,
         "limit", "is no bound"},
        {"\"work instructions +12% why", "ns", PW_BETTER_LOWER, 1100, PW_VERDICT_REGRESSION,
         "limit", "a word in double quotes must end with one"},
        {"\"work\"x instructions +12% why", "ns", PW_BETTER_LOWER, 1100, PW_VERDICT_REGRESSION,
         "limit", "a word in double quotes must end with one"},
    };
    (void)state;

    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        struct scene scene;
        scene_begin(&scene);
        agree(&scene, cases[i].trailer);
        const struct pw_comparison_row *row =
            decide_change(&scene, cases[i].unit, cases[i].better, cases[i].head, &by_5_percent);
        const enum pw_verdict verdict = cases[i].verdict;
        if (cases[i].warning != NULL ? !fixture_has_warning(&scene.comparison, cases[i].warning)
                                     : scene.comparison.warning_count > 0) {
            fail_msg("'%s': %zu warnings, the first '%s'", cases[i].trailer,
                     scene.comparison.warning_count,
                     scene.comparison.warning_count > 0 ? scene.comparison.warnings[0] : "");
        }
        fixture_expect(row, verdict, cases[i].reason);
        assert_int_equal(scene.comparison.verdict, verdict);
        assert_int_equal(scene.comparison.exit_code,
                         verdict == PW_VERDICT_ACCEPTED ? PW_EXIT_PASS : PW_EXIT_REGRESSION);
        assert_int_equal(scene.comparison.counts[verdict], 1);
        assert_int_equal(row->accepted.by != NULL, verdict == PW_VERDICT_ACCEPTED);
        scene_end(&scene);
    }
}

/* As in --filter: the id, the name alone, or a pattern; and what an adapter found in the output. */
static void test_which_benchmark(void **state)
{
    static const struct {
        const char *id;
        const char *found; /* in its output; NULL for the process itself */
        const char *pattern;
        bool is_meant;
    } cases[] = {
        {"a/n=1,m=x/y", NULL, "a", true},
        {"a/n=1,m=x/y", NULL, "a/n=1,m=x/y", true},
        {"a/n=1,m=x/y", NULL, "a/n=1*", true},
        {"a/n=1,m=x/y", NULL, "a/n=2*", false},
        {"a/b/n=1", NULL, "a/b", true},
        {"a/b/n=1", NULL, "a", false},
        {"a/b", NULL, "a", false},
        {"a", "a/part", "a", true},
        {"a", "a/part", "*part", true},
        {"a/n=1", "a/n=1/part", "a", true},
        {"ab", NULL, "a", false},
        {"a", NULL, "A", false},
    };
    (void)state;

    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        const struct pw_benchmark benchmark = fixture_benchmark(cases[i].id, &by_5_percent, 1);
        const char *id = cases[i].found != NULL ? cases[i].found : cases[i].id;
        char trailer[100] = "";
        struct scene scene;
        scene_begin(&scene);
        add_entry(&scene.base, id, cases[i].id, 1000);
        add_entry(&scene.head, id, cases[i].id, 1100);
        (void)snprintf(trailer, sizeof trailer, "%s * +12%% why", cases[i].pattern);
        agree(&scene, trailer);
        decide(&scene, &benchmark);
        const struct pw_comparison_row *row = fixture_row(&scene.comparison, id, "instructions");
        if ((row->verdict == PW_VERDICT_ACCEPTED) != cases[i].is_meant) {
            fail_msg("'%s' and '%s': %s", cases[i].pattern, id, row->reason);
        }
        scene_end(&scene);
    }
}

static void test_others_are_not_touched(void **state)
{
    struct scene scene;
    (void)state;

    scene_begin(&scene);
    agree(&scene, "work instructions +50% why");
    fixture_expect(decide_change(&scene, "ns", PW_BETTER_LOWER, 1040, &by_5_percent),
                   PW_VERDICT_PASS, "");
    assert_int_equal(scene.comparison.warning_count, 0);
    scene_end(&scene);
    scene_begin(&scene);
    agree(&scene, "work instructions +50% why");
    fixture_expect(decide_change(&scene, "ns", PW_BETTER_LOWER, 500, &by_5_percent),
                   PW_VERDICT_IMPROVEMENT, "");
    scene_end(&scene);
}

static void test_a_limit_cannot_be_accepted(void **state)
{
    static const struct pw_threshold ceiling = {"instructions", NAN, NAN, 1050};
    static const struct pw_threshold both = {"instructions", 0.05, NAN, 1050};
    static const struct pw_threshold *const thresholds[] = {&ceiling, &both};
    (void)state;

    for (size_t i = 0; i < PW_COUNT(thresholds); i++) {
        struct scene scene;
        struct pw_strbuf line = PW_STRBUF_INIT;
        scene_begin(&scene);
        agree(&scene, "work instructions +50% why");
        const struct pw_comparison_row *row =
            decide_change(&scene, "ns", PW_BETTER_LOWER, 1100, thresholds[i]);
        fixture_expect(row, PW_VERDICT_REGRESSION,
                       "but a limit cannot be accepted: raise it in the configuration");
        pw_acceptance_advise(row, &line);
        assert_int_equal(line.length, 0);
        scene_end(&scene);
    }
}

static void add_file(struct scene *scene, const char *text)
{
    struct pw_accepted_file file = {{NULL}, NULL, 0};
    struct pw_diagnostics mistakes = {0};

    assert_int_equal(pw_accepted_parse(text, strlen(text), "accepted.yml", &file, &mistakes), 0);
    assert_int_equal(pw_acceptances_add_file(&scene->agreed, &file, "accepted.yml", NULL), 0);
    pw_accepted_release(&file);
}

static int attribute(void *context, struct pw_acceptance *item, struct pw_error *err)
{
    (void)err;
    ++*(int *)context;
    item->by = "Grace";
    return 0;
}

static void test_the_file(void **state)
{
    struct scene scene;
    int asked = 0;
    (void)state;

    scene_begin(&scene);
    add_file(&scene,
             "version: 1\naccepted:\n"
             "  - { benchmark: other, metric: instructions, up_to: +1%, reason: x }\n"
             "  - { benchmark: work, metric: instructions, up_to: +12%, reason: 'one: two',\n"
             "      expires: 2026-11-20, by: Ada }\n");
    const struct pw_comparison_row *row =
        decide_change(&scene, "ns", PW_BETTER_LOWER, 1100, &by_5_percent);
    fixture_expect(row, PW_VERDICT_ACCEPTED,
                   "; accepted up to +12% by Ada (accepted.yml:4) until 2026-11-20: one: two");
    assert_string_equal(row->accepted.by, "Ada");
    assert_string_equal(row->accepted.bound, "+12%");
    assert_string_equal(row->accepted.expires, "2026-11-20");
    assert_string_equal(row->accepted.reason, "one: two");
    assert_string_equal(row->accepted.where, "accepted.yml:4");
    scene_end(&scene);

    scene_begin(&scene);
    scene.agreed.attribute = attribute;
    scene.agreed.context = &asked;
    add_file(&scene, "version: 1\naccepted:\n"
                     "  - { benchmark: other, metric: '*', up_to: +1%, reason: x }\n"
                     "  - { benchmark: work, metric: '*', up_to: +12%, reason: y }\n");
    row = decide_change(&scene, "ns", PW_BETTER_LOWER, 1100, &by_5_percent);
    fixture_expect(row, PW_VERDICT_ACCEPTED, "; accepted up to +12% by Grace (accepted.yml:4): y");
    assert_int_equal(asked, 1);
    scene_end(&scene);

    scene_begin(&scene);
    add_file(&scene, "version: 1\naccepted:\n"
                     "  - { benchmark: work, metric: '*', up_to: +12%, reason: y }\n");
    row = decide_change(&scene, "ns", PW_BETTER_LOWER, 1100, &by_5_percent);
    fixture_expect(row, PW_VERDICT_ACCEPTED, "; accepted up to +12% in accepted.yml:3: y");
    assert_null(row->accepted.by);
    scene_end(&scene);
}

/* The largest bound that holds, whatever its unit; an expired one only where there is no other. */
static void test_the_best_of_several(void **state)
{
    struct scene scene;
    (void)state;

    scene_begin(&scene);
    agree(&scene, "work instructions +10% small");
    agree(&scene, "work instructions +0.3us large");
    agree(&scene, "work * +20% between");
    add_file(&scene, "version: 1\naccepted:\n"
                     "  - { benchmark: work, metric: '*', up_to: +90%, reason: old,\n"
                     "      expires: 2026-11-19 }\n");
    fixture_expect(decide_change(&scene, "ns", PW_BETTER_LOWER, 1060, &by_5_percent),
                   PW_VERDICT_ACCEPTED, ": large");
    scene_end(&scene);

    scene_begin(&scene);
    add_file(&scene, "version: 1\naccepted:\n"
                     "  - { benchmark: work, metric: '*', up_to: +90%, reason: old, by: Ada,\n"
                     "      expires: 2026-11-19 }\n");
    fixture_expect(decide_change(&scene, "ns", PW_BETTER_LOWER, 1060, &by_5_percent),
                   PW_VERDICT_REGRESSION,
                   "; accepted up to +90% by Ada (accepted.yml:3), which expired on 2026-11-19");
    assert_int_equal(scene.comparison.warning_count, 0);
    scene_end(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_which_benchmark),
        cmocka_unit_test(test_others_are_not_touched),
        cmocka_unit_test(test_a_limit_cannot_be_accepted),
        cmocka_unit_test(test_the_file),
        cmocka_unit_test(test_the_best_of_several),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * What was agreed to and what becomes of it: trailers read, bounds kept and exceeded, dates, signs
 * and units, sessions cut, former names; and the line that a report offers.
 */
#include "gate_fixture.h"
#include "perfwarden/gate/acceptance.h"
#include "perfwarden/util/text.h"

static const struct pw_threshold by_5_percent = {"instructions", 0.05, NAN, NAN};

/** One comparison of stored sessions: a metric of 'work' in the base and in the head. */
struct scene {
    struct pw_result base;
    struct pw_result head;
    struct pw_acceptances agreed;
    struct pw_acceptances past;
    struct pw_comparison comparison;
};

static void scene_begin(struct scene *scene)
{
    memset(scene, 0, sizeof *scene);
    fixture_result(&scene->base);
    fixture_result(&scene->head);
    memcpy(scene->agreed.today, "2026-11-20", PW_DATE_SIZE);
}

static void scene_end(struct scene *scene)
{
    pw_comparison_release(&scene->comparison);
    pw_acceptances_release(&scene->agreed);
    pw_acceptances_release(&scene->past);
    pw_result_release(&scene->base);
    pw_result_release(&scene->head);
}

static void add_samples(struct pw_result *result, const char *metric, const char *unit,
                        enum pw_better better, double value)
{
    struct pw_series *series =
        fixture_series(result, fixture_entry(result, "work", "work"), metric, unit, better);

    for (int i = 0; i < 5; i++) {
        assert_int_equal(pw_series_add(result, series, value, NULL), 0);
    }
}

/* As counted by valgrind: without noise. */
static void add_entry(struct pw_result *result, const char *id, const char *declared, double value)
{
    struct pw_series *series = fixture_series(result, fixture_entry(result, id, declared),
                                              "instructions", "count", PW_BETTER_LOWER);

    for (int i = 0; i < 2; i++) {
        assert_int_equal(pw_series_add(result, series, value, NULL), 0);
    }
}

static void agree(struct scene *scene, const char *trailer)
{
    assert_int_equal(
        pw_acceptances_add_trailer(&scene->agreed, trailer, "Ada", "commit 1234", NULL), 0);
}

static void decide(struct scene *scene, const struct pw_benchmark *benchmark)
{
    const struct pw_config config = fixture_config(benchmark, 1);
    const struct pw_gate_options options = {
        .config = &config, .acceptances = &scene->agreed, .past = &scene->past};

    pw_comparison_release(&scene->comparison);
    assert_int_equal(pw_gate_stored(&options, &scene->base, 1, NULL, NULL, &scene->head,
                                    &scene->comparison, NULL),
                     0);
}

/* A change of a counted metric, which has no noise, from 1000 to `head`. Its unit may be any. */
static const struct pw_comparison_row *decide_change(struct scene *scene, const char *unit,
                                                     enum pw_better better, double head,
                                                     const struct pw_threshold *threshold)
{
    const struct pw_benchmark work = fixture_benchmark("work", threshold, 1);

    add_samples(&scene->base, threshold->metric, unit, better, 1000);
    add_samples(&scene->head, threshold->metric, unit, better, head);
    decide(scene, &work);
    return fixture_row(&scene->comparison, "work", threshold->metric);
}

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

static void test_removed(void **state)
{
    static const char *const trailers[] = {"gone removed no more", "g* removed no more",
                                           "\"gone\" removed no more"};
    const struct pw_benchmark work = fixture_benchmark("work", &by_5_percent, 1);
    struct pw_strbuf line = PW_STRBUF_INIT;
    struct scene scene;
    (void)state;

    for (size_t i = 0; i <= PW_COUNT(trailers); i++) {
        scene_begin(&scene);
        add_entry(&scene.base, "gone", "gone", 1);
        add_samples(&scene.base, "instructions", "ns", PW_BETTER_LOWER, 1000);
        add_samples(&scene.head, "instructions", "ns", PW_BETTER_LOWER, 1000);
        if (i < PW_COUNT(trailers)) {
            agree(&scene, trailers[i]);
        } else {
            agree(&scene, "gone * +100% not about a removal");
        }
        decide(&scene, &work);
        const struct pw_comparison_row *row = fixture_row(&scene.comparison, "gone", NULL);
        if (i < PW_COUNT(trailers)) {
            fixture_expect(row, PW_VERDICT_ACCEPTED,
                           "the benchmark was removed; accepted by Ada (commit 1234): no more");
            assert_null(row->accepted.bound);
            assert_int_equal(scene.comparison.exit_code, PW_EXIT_PASS);
            assert_int_equal(scene.comparison.warning_count, 0);
        } else {
            fixture_expect(row, PW_VERDICT_MISSING, "the baseline has this benchmark");
            assert_true(fixture_has_warning(&scene.comparison, "accepts nothing"));
            pw_acceptance_advise(row, &line);
            assert_string_equal(pw_strbuf_text(&line), "Perf-Accept: gone removed <reason>");
        }
        scene_end(&scene);
    }
    pw_strbuf_release(&line);
}

/* Sessions from before an accepted change say nothing about that metric, but about others. */
static void test_sessions_are_cut(void **state)
{
    static const struct pw_threshold thresholds[] = {{"wall_time", 0.05, NAN, NAN},
                                                     {"max_rss", 0.05, NAN, NAN}};
    const struct pw_benchmark work = fixture_benchmark("work", thresholds, 2);
    const struct pw_config config = fixture_config(&work, 1);
    struct pw_comparison comparison;
    struct pw_result sessions[4];
    struct pw_result head;
    struct pw_acceptances past;
    const struct pw_gate_options options = {.config = &config, .past = &past};
    (void)state;

    memset(&past, 0, sizeof past);
    for (size_t i = 0; i < PW_COUNT(sessions); i++) { /* 0 and 1 after the change, 2 and 3 before */
        const double value = (i < 2 ? 1200.0 : 1000.0) + (double)i;
        fixture_result(&sessions[i]);
        add_samples(&sessions[i], "wall_time", "ns", PW_BETTER_LOWER, value);
        add_samples(&sessions[i], "max_rss", "bytes", PW_BETTER_LOWER, value);
        sessions[i].benchmarks[0].series[0].samples[0] += 1; /* noise, or only the nearest counts */
        sessions[i].benchmarks[0].series[1].samples[0] += 1;
    }
    fixture_result(&head);
    add_samples(&head, "wall_time", "ns", PW_BETTER_LOWER, 1201);
    add_samples(&head, "max_rss", "bytes", PW_BETTER_LOWER, 1201);
    head.benchmarks[0].series[0].samples[0] += 1;
    head.benchmarks[0].series[1].samples[0] += 1;
    assert_int_equal(pw_acceptances_add_trailer(&past, "work wall_time +30% why", "", "x", NULL),
                     0);
    past.items[0].older = (1u << 2) | (1u << 3);
    assert_int_equal(pw_gate_stored(&options, sessions, 4, NULL, NULL, &head, &comparison, NULL),
                     0);
    /* the centre of the newer two, and of all four */
    assert_true(fabs(fixture_row(&comparison, "work", "wall_time")->base - 1200.5) < 1.0);
    pw_comparison_release(&comparison);

    past.items[0].older = 0xF;
    assert_int_equal(pw_gate_stored(&options, sessions, 4, NULL, NULL, &head, &comparison, NULL),
                     0);
    fixture_expect(fixture_row(&comparison, "work", "wall_time"), PW_VERDICT_NO_BASELINE,
                   "every stored session is older than a change of it that was accepted");
    assert_int_not_equal(fixture_row(&comparison, "work", "max_rss")->verdict,
                         PW_VERDICT_NO_BASELINE);
    pw_comparison_release(&comparison);
    for (size_t i = 0; i < PW_COUNT(sessions); i++) {
        pw_result_release(&sessions[i]);
    }
    pw_result_release(&head);
    pw_acceptances_release(&past);
}

static void test_renamed(void **state)
{
    static const char *const former[] = {"first", "old"};
    struct pw_benchmark work = fixture_benchmark("work", &by_5_percent, 1);
    struct scene scene;
    (void)state;

    work.renamed_from = (struct pw_strings){former, PW_COUNT(former)};
    scene_begin(&scene);
    add_entry(&scene.base, "old", "old", 1000);
    add_entry(&scene.head, "work", "work", 1100);
    decide(&scene, &work);
    assert_int_equal(scene.comparison.row_count, 1);
    fixture_expect(fixture_row(&scene.comparison, "work", "instructions"), PW_VERDICT_REGRESSION,
                   "10.0 % more");
    scene_end(&scene);

    /* what is stored under the new name counts, and the old one is not missing */
    scene_begin(&scene);
    add_entry(&scene.base, "old", "old", 1000);
    add_entry(&scene.base, "work", "work", 1100);
    add_entry(&scene.head, "work", "work", 1100);
    decide(&scene, &work);
    assert_int_equal(scene.comparison.row_count, 1);
    fixture_expect(fixture_row(&scene.comparison, "work", "instructions"), PW_VERDICT_PASS, "");
    scene_end(&scene);
}

/* Names that an adapter found move with their benchmark; one that is lost is still missing. */
static void test_renamed_with_parts(void **state)
{
    static const char *const former[] = {"old"};
    struct pw_benchmark work = fixture_benchmark("work", &by_5_percent, 1);
    struct scene scene;
    (void)state;

    work.renamed_from = (struct pw_strings){former, 1};
    work.format = "bmf";
    scene_begin(&scene);
    add_entry(&scene.base, "old", "old", 1000);
    add_entry(&scene.base, "old/kept", "old", 10);
    add_entry(&scene.base, "old/lost", "old", 10);
    add_entry(&scene.head, "work", "work", 1000);
    add_entry(&scene.head, "work/kept", "work", 10);
    decide(&scene, &work);
    fixture_expect(fixture_row(&scene.comparison, "work/kept", "instructions"), PW_VERDICT_PASS,
                   "");
    fixture_expect(fixture_row(&scene.comparison, "old/lost", NULL), PW_VERDICT_MISSING,
                   "no longer reports it");
    assert_int_equal(scene.comparison.row_count, 3);
    scene_end(&scene);
}

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
        {"work", "count", PW_BETTER_HIGHER, 1000, 10, 0, "work instructions -100%"},
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
        cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_others_are_not_touched),
        cmocka_unit_test(test_a_limit_cannot_be_accepted),
        cmocka_unit_test(test_the_file),
        cmocka_unit_test(test_the_best_of_several),
        cmocka_unit_test(test_removed),
        cmocka_unit_test(test_sessions_are_cut),
        cmocka_unit_test(test_renamed),
        cmocka_unit_test(test_renamed_with_parts),
        cmocka_unit_test(test_advice),
        cmocka_unit_test(test_bounds_of_input),
        cmocka_unit_test(test_round_trip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* A comparison's JSON: what is written, that it reads back the same, and what is refused. */
#include "gate_fixture.h"

static const struct pw_threshold thresholds[] = {{"wall_time", 0.05, 200000, NAN},
                                                 {"max_rss", NAN, NAN, 67108864}};

/* Rows of several kinds, names that need escaping, and unknown numbers of every sort. */
static void make_comparison(struct pw_comparison *out)
{
    struct pw_benchmark benchmarks[] = {
        fixture_benchmark("a \"quoted\"\n\xE2\x80\xA6", thresholds, 2),
        fixture_benchmark("unmeasured", thresholds, 1), fixture_benchmark("few", thresholds, 1)};
    const struct pw_config config = fixture_config(benchmarks, 3);
    benchmarks[0].line = 12;
    benchmarks[1].line = 17;
    const struct pw_gate_options options = {.config = &config};
    const struct pw_side base = {.commit = "abc", .reason = "merge base", .distance = 3};
    const struct pw_side head = {
        .commit = "def", .is_dirty = true, .source = "b.json", .hostname = "box"};
    static const char rss[] = "70000000 70000001";
    struct pw_result a;
    struct pw_result b;

    fixture_result(&a);
    fixture_result(&b);
    fixture_time(&a, benchmarks[0].id, "1000000 1000001 1000002 1000003 1000004.125");
    fixture_time(&b, benchmarks[0].id, "3000000 3000001 3000002 3000003 3000004.7");
    fixture_samples(&b,
                    fixture_series(&b, pw_result_find(&b, benchmarks[0].id), "max_rss", "bytes",
                                   PW_BETTER_LOWER),
                    rss, rss + strlen(rss));
    fixture_time(&a, "unmeasured", "1 1 1 1 1");
    fixture_time(&a, "few", "1 2");
    fixture_time(&b, "few", "1 2");
    assert_int_equal(pw_gate_unpaired(&options, &a, &base, &b, &head, out, NULL), 0);
    assert_int_equal(pw_comparison_warn(out, "one \\ warning\t", NULL), 0);
    pw_result_release(&a);
    pw_result_release(&b);
}

static bool is_same_number(double a, double b)
{
    return isnan(a) ? isnan(b) : a == b;
}

static bool is_same_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static void check_same_row(const struct pw_comparison_row *a, const struct pw_comparison_row *b)
{
    assert_true(is_same_text(a->benchmark, b->benchmark) && is_same_text(a->metric, b->metric) &&
                is_same_text(a->unit, b->unit) && is_same_text(a->reason, b->reason) &&
                is_same_text(a->method, b->method) && is_same_text(a->declared, b->declared));
    assert_true(a->better == b->better && a->verdict == b->verdict);
    assert_true(is_same_number(a->base, b->base) && is_same_number(a->head, b->head) &&
                is_same_number(a->ratio, b->ratio) &&
                is_same_number(a->interval.low, b->interval.low) &&
                is_same_number(a->interval.high, b->interval.high));
    assert_true(is_same_text(a->threshold.metric, b->threshold.metric) &&
                is_same_number(a->threshold.increase_ratio, b->threshold.increase_ratio) &&
                is_same_number(a->threshold.at_least, b->threshold.at_least) &&
                is_same_number(a->threshold.limit, b->threshold.limit));
    assert_true(is_same_number(a->e_value, b->e_value) && is_same_number(a->p_value, b->p_value) &&
                is_same_number(a->detectable, b->detectable) && is_same_number(a->noise, b->noise));
    assert_int_equal(a->config_line, b->config_line);
    assert_true(a->pairs == b->pairs && a->base_samples == b->base_samples &&
                a->head_samples == b->head_samples);
}

static void check_same_side(const struct pw_side *a, const struct pw_side *b)
{
    assert_true(is_same_text(a->commit, b->commit) && is_same_text(a->branch, b->branch) &&
                is_same_text(a->reason, b->reason) && is_same_text(a->source, b->source) &&
                is_same_text(a->environment_id, b->environment_id) &&
                is_same_text(a->started_at, b->started_at) && is_same_text(a->run_id, b->run_id) &&
                is_same_text(a->hostname, b->hostname));
    assert_true(a->is_dirty == b->is_dirty && a->distance == b->distance &&
                a->sessions == b->sessions);
}

static void check_same(const struct pw_comparison *a, const struct pw_comparison *b)
{
    assert_true(is_same_text(a->tool_version, b->tool_version) && is_same_text(a->mode, b->mode) &&
                is_same_text(a->config, b->config));
    check_same_side(&a->base, &b->base);
    check_same_side(&a->head, &b->head);
    assert_true(a->beta == b->beta && a->fdr == b->fdr);
    assert_true(a->alpha == b->alpha && a->session_noise == b->session_noise &&
                a->fail_on == b->fail_on && a->on_no_baseline == b->on_no_baseline &&
                a->on_inconclusive == b->on_inconclusive);
    assert_true(a->verdict == b->verdict && a->exit_code == b->exit_code);
    assert_memory_equal(a->counts, b->counts, sizeof a->counts);
    assert_int_equal(a->row_count, b->row_count);
    for (size_t i = 0; i < a->row_count; i++)
        check_same_row(&a->rows[i], &b->rows[i]);
    assert_int_equal(a->warning_count, b->warning_count);
    for (size_t i = 0; i < a->warning_count; i++)
        assert_string_equal(a->warnings[i], b->warnings[i]);
}

static void test_round_trip(void **state)
{
    struct pw_comparison written;
    struct pw_comparison read;
    struct pw_strbuf first = PW_STRBUF_INIT;
    struct pw_strbuf second = PW_STRBUF_INIT;

    (void)state;
    make_comparison(&written);
    assert_int_equal(written.row_count, 4);
    assert_true(isinf(written.rows[3].interval.high)); /* "few": no end can be given */
    pw_comparison_write(&written, &first);
    assert_int_equal(pw_comparison_read(first.data, first.length, "c.json", &read, NULL), 0);
    check_same(&written, &read);
    pw_comparison_write(&read, &second);
    assert_string_equal(pw_strbuf_text(&first), pw_strbuf_text(&second));
    pw_comparison_release(&written);
    pw_comparison_release(&read);
    pw_strbuf_release(&first);
    pw_strbuf_release(&second);
}

static void test_members(void **state)
{
    static const char *const parts[] = {
        "\"schema\": \"perfwarden/comparison/1\"",
        "\"mode\": \"unpaired\"",
        "\"verdict\": \"missing\"",
        "\"exit_code\": 4",
        "\"config\": \"perfwarden.yml\"",
        "\"fail_on\": [\"regression\", \"missing\", \"error\"]",
        "\"on_no_baseline\": \"warn\"",
        "\"regression\": 2",
        "\"distance\": 3",
        "\"method\": \"unpaired\"",
        "\"method\": null",
        "\"beta\": 0.05",
        "\"fdr\": 0.05",
        "\"dirty\": true",
        "\"benchmark\": \"a \\\"quoted\\\"\\n\xE2\x80\xA6\"",
        "\"config_line\": 12",
        "\"config_line\": 17",
        "\"metric\": null",
        "\"interval\": [0, null]",
        "\"interval\": null",
        "\"threshold\": {\"increase\": 0.05, \"at_least\": 200000, \"limit\": null}",
        "\"threshold\": null",
        "\"pairs\": 0",
        "\"e_value\": null",
        "\"base\": 1000002",
        "\"p_value\": 0.00793650793650793",
    };
    struct pw_comparison comparison;
    struct pw_strbuf text = PW_STRBUF_INIT;

    (void)state;
    make_comparison(&comparison);
    pw_comparison_write(&comparison, &text);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (strstr(pw_strbuf_text(&text), parts[i]) == NULL)
            fail_msg("no %s in %s", parts[i], pw_strbuf_text(&text));
    }
    pw_strbuf_release(&text);
    pw_comparison_release(&comparison);
}

/* Replace the first `from` of a valid document and expect a refusal that names what is wrong. */
static void check_refused(const char *document, const char *from, const char *to,
                          const char *message)
{
    const char *place = strstr(document, from);
    struct pw_strbuf text = PW_STRBUF_INIT;
    struct pw_error err = PW_ERROR_INIT;
    struct pw_comparison read;

    memset(&read, 0, sizeof read);
    read.exit_code = 42;
    assert_non_null(place);
    pw_strbuf_append(&text, document, (size_t)(place - document));
    pw_strbuf_puts(&text, to);
    pw_strbuf_puts(&text, place + strlen(from));
    if (pw_comparison_read(text.data, text.length, "c.json", &read, &err) != PW_EFORMAT ||
        strstr(pw_error_message(&err), message) == NULL)
        fail_msg("'%s' for '%s': %s", to, from, pw_error_message(&err));
    assert_int_equal(read.exit_code, 42);
    assert_string_equal(err.file, "c.json");
    pw_error_release(&err);
    pw_strbuf_release(&text);
}

static void test_refusals(void **state)
{
    static const struct {
        const char *from;
        const char *to;
        const char *message;
    } cases[] = {
        {"comparison/1", "comparison/2", "update perfwarden"},
        {"comparison/1", "comparison/10", "update perfwarden"},
        {"comparison/1", "result/1", "not a comparison"},
        {"\"schema\": ", "\"scheme\": ", "not a comparison"},
        {"\"mode\": \"unpaired\"", "\"mode\": 7", "'mode' is not a text"},
        {"\"mode\": \"unpaired\"", "\"mode\": null", "'mode' is not a text"},
        {"\"verdict\": \"missing\"", "\"verdict\": \"fine\"", "'verdict'"},
        {"\"exit_code\": 4", "\"exit_code\": null", "'exit_code'"},
        {"\"exit_code\": 4", "\"exit_code\": -1", "'exit_code'"},
        {"\"exit_code\": 4", "\"exit_code\": 4.5", "'exit_code'"},
        {"\"exit_code\": 4", "\"exit_code\": 256", "'exit_code'"},
        {"\"exit_code\": 4", "\"exit_code\": \"4\"", "'exit_code'"},
        {"\"dirty\": true", "\"dirty\": 1", "'dirty'"},
        {"\"distance\": 3", "\"distance\": 1e30", "'distance'"},
        {"\"on_no_baseline\": \"warn\"", "\"on_no_baseline\": \"maybe\"", "'on_no_baseline'"},
        {"[\"regression\",", "[\"speed\",", "'fail_on'"},
        {"[\"regression\",", "[{},", "'fail_on'"},
        {"\"better\": \"lower\"", "\"better\": \"left\"", "'better'"},
        {"\"base\": 1000002", "\"base\": \"fast\"", "'base'"},
        {"\"interval\": [0, null]", "\"interval\": [0]", "'interval'"},
        {"\"interval\": [0, null]", "\"interval\": [0, 1, 2]", "'interval'"},
        {"\"interval\": [0, null]", "\"interval\": [\"a\", 1]", "'interval'"},
        {"\"interval\": [0, null]", "\"interval\": {}", "'interval'"},
        {"\"threshold\": null", "\"threshold\": 5", "'threshold'"},
        {"\"comparisons\": [", "\"comparisons\": [7, ", "'comparisons'"},
        {"\"comparisons\": [", "\"comparison\": [", "'comparisons'"},
        {"\"warnings\": [", "\"warnings\": [null, ", "'warnings'"},
        {"\"gate\": {", "\"fence\": {", "'gate'"},
        {"\"alpha\": 0.01", "\"alpha\": 1e999", ""},
        {"\"config_line\": 12", "\"config_line\": \"12\"", "'config_line'"},
        {"\"pairs\": 0", "\"pairs\": 0, \"pairs\": 1", "a member of this name"},
    };
    struct pw_comparison comparison;
    struct pw_strbuf text = PW_STRBUF_INIT;

    (void)state;
    make_comparison(&comparison);
    pw_comparison_write(&comparison, &text);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        check_refused(pw_strbuf_text(&text), cases[i].from, cases[i].to, cases[i].message);
    pw_strbuf_release(&text);
    pw_comparison_release(&comparison);
}

/* Members a later minor change may add are kept, at each place where there may be some. */
static void test_unknown_members(void **state)
{
    static const char *const places[] = {"{\n  \"schema\"", "\"gate\": {", "\"head\": {",
                                         "\"comparisons\": [\n    {"};
    static const char more[] = "\"future\": [1, {\"x\": null}], ";
    struct pw_comparison written;
    struct pw_comparison read;
    struct pw_strbuf text = PW_STRBUF_INIT;

    (void)state;
    make_comparison(&written);
    pw_comparison_write(&written, &text);
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        const char *place = strchr(strstr(pw_strbuf_text(&text), places[i]), '{') + 1;
        struct pw_strbuf changed = PW_STRBUF_INIT;
        struct pw_strbuf again = PW_STRBUF_INIT;
        pw_strbuf_append(&changed, text.data, (size_t)(place - text.data));
        pw_strbuf_puts(&changed, more);
        pw_strbuf_puts(&changed, place);
        assert_int_equal(pw_comparison_read(changed.data, changed.length, "c.json", &read, NULL),
                         0);
        check_same(&written, &read);
        pw_comparison_write(&read, &again);
        if (strstr(pw_strbuf_text(&again), "\"future\": [") == NULL)
            fail_msg("lost behind %s", places[i]);
        pw_comparison_release(&read);
        pw_strbuf_release(&changed);
        pw_strbuf_release(&again);
    }
    pw_comparison_release(&written);
    pw_strbuf_release(&text);
}

/* Every truncation is refused, and no changed byte does harm. */
static void test_damage(void **state)
{
    struct pw_comparison comparison;
    struct pw_strbuf text = PW_STRBUF_INIT;

    (void)state;
    make_comparison(&comparison);
    pw_comparison_write(&comparison, &text);
    pw_comparison_release(&comparison);
    for (size_t i = 0; i + 2 < text.length; i += 3)
        assert_int_equal(pw_comparison_read(text.data, i, "c.json", &comparison, NULL), PW_EFORMAT);
    for (size_t i = 0; i < text.length; i++) {
        const char before = text.data[i];
        text.data[i] = (char)(before ^ (1 << (i % 7)));
        if (pw_comparison_read(text.data, text.length, "c.json", &comparison, NULL) == 0)
            pw_comparison_release(&comparison);
        text.data[i] = before;
    }
    pw_strbuf_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip), cmocka_unit_test(test_members),
        cmocka_unit_test(test_refusals),   cmocka_unit_test(test_unknown_members),
        cmocka_unit_test(test_damage),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

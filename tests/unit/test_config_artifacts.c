/* What decides whether base and head are the same build, and what other machines' baselines mean.
 */
#include "test_config_support.h"

static void test_lists_are_merged_and_filled(void **state)
{
    (void)state;
    struct pw_config config = parse_valid("version: 1\n"
                                          "defaults: { artifacts: [build/all] }\n"
                                          "benchmarks:\n"
                                          "  - { name: a, command: [./a] }\n"
                                          "  - name: b\n"
                                          "    command: [./b]\n"
                                          "    params: { size: [1, 2] }\n"
                                          "    artifacts: [./b, \"data/{size}.json\"]\n");
    assert_int_equal(config.benchmark_count, 3);
    assert_int_equal(config.benchmarks[0].artifacts.count, 1);
    assert_string_equal(config.benchmarks[0].artifacts.items[0], "build/all");
    assert_int_equal(config.benchmarks[2].artifacts.count, 2);
    assert_string_equal(config.benchmarks[2].artifacts.items[0], "./b");
    assert_string_equal(config.benchmarks[2].artifacts.items[1], "data/2.json");
    pw_config_release(&config);
}

/* They say nothing of what is measured: stored results stay comparable. */
static void test_the_hash_does_not_change(void **state)
{
    (void)state;
    struct pw_config plain = parse_valid(MINIMAL);
    struct pw_config listed = parse_valid(MINIMAL "    artifacts: [x]\n");
    assert_int_equal(plain.benchmarks[0].artifacts.count, 0);
    assert_int_equal(listed.benchmarks[0].artifacts.count, 1);
    assert_string_equal(plain.hash, listed.hash);
    pw_config_release(&plain);
    pw_config_release(&listed);
}

static void test_mismatch_policies(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum pw_policy policy;
    } cases[] = {
        {MINIMAL, PW_POLICY_REMEASURE},
        {MINIMAL "baseline: { on_environment_mismatch: remeasure }\n", PW_POLICY_REMEASURE},
        {MINIMAL "baseline: { on_environment_mismatch: warn }\n", PW_POLICY_WARN},
        {MINIMAL "baseline: { on_environment_mismatch: fail }\n", PW_POLICY_FAIL},
    };
    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        struct pw_config config = parse_valid(cases[i].text);
        assert_int_equal(config.baseline.on_environment_mismatch, cases[i].policy);
        pw_config_release(&config);
    }
}

static void test_mistakes(void **state)
{
    (void)state;
    static const struct {
        const char *value;
        const char *message;
    } cases[] = {
        {"x", "expects a list of relative paths, not 'x'"},
        {"[]", "is an empty list"},
        {"[/usr/bin/python3]", "must be a relative path, not '/usr/bin/python3'"},
        {"[\"\"]", "artifacts[0]"},
        {"[a, {}]", "artifacts[1]"},
    };
    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        struct pw_strbuf text = PW_STRBUF_INIT;
        struct pw_config config;
        struct pw_diagnostics mistakes = {0};
        pw_strbuf_printf(&text, MINIMAL "    artifacts: %s\n", cases[i].value);
        assert_int_equal(parse(pw_strbuf_text(&text), text.length, &config, &mistakes), PW_ECONFIG);
        assert_non_null(strstr(pw_error_message(&mistakes.items[0]), cases[i].message));
        pw_diagnostics_release(&mistakes);
        pw_strbuf_release(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lists_are_merged_and_filled),
        cmocka_unit_test(test_the_hash_does_not_change),
        cmocka_unit_test(test_mismatch_policies),
        cmocka_unit_test(test_mistakes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

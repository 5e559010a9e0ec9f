/* The file of accepted changes, `gate.accepted`, and former names of benchmarks. */
#include "perfwarden/config/accepted.h"
#include "test_config_support.h"

#define FILE_HEAD "version: 1\naccepted:\n"

static struct pw_accepted_file read_valid(const char *text)
{
    struct pw_accepted_file file = {{NULL}, NULL, 0};
    struct pw_diagnostics mistakes = {0};
    const int status = pw_accepted_parse(text, strlen(text), "accepted.yml", &file, &mistakes);
    for (size_t i = 0; i < mistakes.count; i++) {
        print_error("%u: %s\n", mistakes.items[i].line, pw_error_message(&mistakes.items[i]));
    }
    pw_diagnostics_release(&mistakes);
    assert_int_equal(status, PW_OK);
    return file;
}

static void test_a_whole_file(void **state)
{
    (void)state;
    struct pw_accepted_file file =
        read_valid("# agreed\n" FILE_HEAD "  - benchmark: parse/*\n"
                   "    metric: wall_time\n"
                   "    up_to: +12%\n"
                   "    reason: 'checks: every input'\n"
                   "    expires: 2028-02-29\n"
                   "    by: Ada\n"
                   "  - { benchmark: x, metric: rate, up_to: -200us, reason: r }\n"
                   "\n"
                   "  - { benchmark: gone, removed: true, reason: r }\n");
    assert_int_equal(file.count, 3);
    assert_string_equal(file.items[0].benchmark, "parse/*");
    assert_string_equal(file.items[0].metric, "wall_time");
    assert_string_equal(file.items[0].up_to.text, "+12%");
    assert_true(file.items[0].up_to.size == 0.12);
    assert_int_equal(file.items[0].up_to.quantity, PW_QUANTITY_RATIO);
    assert_false(file.items[0].up_to.is_decrease);
    assert_string_equal(file.items[0].reason, "checks: every input");
    assert_string_equal(file.items[0].expires, "2028-02-29");
    assert_string_equal(file.items[0].by, "Ada");
    assert_int_equal(file.items[0].line, 4);
    assert_true(file.items[1].up_to.size == 200e3);
    assert_int_equal(file.items[1].up_to.quantity, PW_QUANTITY_DURATION);
    assert_true(file.items[1].up_to.is_decrease);
    assert_null(file.items[1].expires);
    assert_null(file.items[1].by);
    assert_null(file.items[2].metric);
    assert_int_equal(file.items[2].line, 12);
    pw_accepted_release(&file);
}

static void test_empty_files(void **state)
{
    static const char *const texts[] = {"version: 1\n", "version: 1\naccepted: []\n", FILE_HEAD,
                                        FILE_HEAD "  # - benchmark: a\n"};
    (void)state;
    for (size_t i = 0; i < PW_COUNT(texts); i++) {
        struct pw_accepted_file file = read_valid(texts[i]);
        assert_int_equal(file.count, 0);
        pw_accepted_release(&file);
    }
}

static void test_mistakes(void **state)
{
    static const struct {
        const char *text;
        unsigned line;
        const char *message;
    } cases[] = {
        {"", 1, "the file is empty, start it with 'version: 1', or remove it"},
        {"# none\n", 1, "the file is empty, start it with 'version: 1', or remove it"},
        {"accepted: []\n", 1, "missing key 'version'"},
        {"version: 2\nacepted: []\n", 1, "'version' is 2, this perfwarden reads version 1"},
        {"version: 1\nacepted: []\n", 2, "unknown key 'acepted', did you mean 'accepted'"},
        {"version: 1\naccepted: { a: b }\n", 2, "'accepted' expects a list of mappings"},
        {"version: 1\naccepted: ''\n", 2, "'accepted' expects a list of mappings"},
        {FILE_HEAD "  - x\n", 3, "'accepted[0]' expects a mapping"},
        {FILE_HEAD "  - { metric: m, up_to: +1%, reason: r }\n", 3,
         "missing key 'benchmark' in 'accepted[0]'"},
        {FILE_HEAD "  - { benchmark: b, metric: m, up_to: +1% }\n", 3,
         "missing key 'reason' in 'accepted[0]'"},
        {FILE_HEAD "  - { benchmark: b, up_to: +1%, reason: r }\n", 3, "lacks 'metric' and"},
        {FILE_HEAD "  - { benchmark: b, metric: m, reason: r }\n", 3, "lacks 'metric' and"},
        {FILE_HEAD "  - { benchmark: b, metric: m, up_to: +1%, removed: true, reason: r }\n", 3,
         "has 'removed' beside 'metric' or 'up_to'"},
        {FILE_HEAD "  - { benchmark: b, removed: false, reason: r }\n", 3,
         "'accepted[0].removed' expects true, not 'false'"},
        {FILE_HEAD "  - { benchmark: b, removed: yes, reason: r }\n", 3, "expects true, not 'yes'"},
        {FILE_HEAD "  - { benchmark: b, metric: m, up_to: 12%, reason: r }\n", 3,
         "'accepted[0].up_to': '12%' has no sign: write '+12%'"},
        {FILE_HEAD "  - { benchmark: b, metric: m, up_to: much, reason: r }\n", 3,
         "'much' is no bound"},
        {FILE_HEAD "  - { benchmark: b, metric: m, up_to: +0ms, reason: r }\n", 3, "is 0"},
        {FILE_HEAD "  - { benchmark: b, metric: m, up_to: +1e309%, reason: r }\n", 3,
         "is no bound"},
        {FILE_HEAD "  - { benchmark: b, metric: m, up_to: +1%, reason: '' }\n", 3,
         "'accepted[0].reason' must not be empty"},
        {FILE_HEAD "  - { benchmark: b, metric: m, up_to: +1%, reason: '  ' }\n", 3,
         "'accepted[0]' has a blank 'reason'"},
        {FILE_HEAD "  - { benchmark: b, metric: m, up_to: +1%, reason: \"a\\e\" }\n", 3,
         "control characters"},
        {FILE_HEAD "  - { benchmark: b, metric: m, up_to: +1%, reason: r, expires: 2027-02-29 }\n",
         3, "'accepted[0].expires' expects a day such as 2027-01-31, not '2027-02-29'"},
        {FILE_HEAD "  - { benchmark: b, metric: m, up_to: +1%, reason: r, expires: 2027-13-01 }\n",
         3, "expects a day"},
        {FILE_HEAD "  - { benchmark: b, metric: m, up_to: +1%, reason: r, expires: 2027-1-1 }\n", 3,
         "expects a day"},
        {FILE_HEAD "  - { benchmark: b, metric: m, up_to: +1%, reason: r, expires: 2027-01-011 }\n",
         3, "expects a day"},
        {FILE_HEAD "  - { benchmark: b, metric: m, up_to: +1%, reason: r, until: x }\n", 3,
         "unknown key 'until' in 'accepted[0]'"},
        {FILE_HEAD "  - { benchmark: b, benchmark: c, removed: true, reason: r }\n", 3,
         "duplicate key 'benchmark'"},
        {FILE_HEAD "  - &x { benchmark: b, removed: true, reason: r }\n  - *x\n", 3, "anchor"},
    };
    (void)state;
    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        struct pw_accepted_file file = {{NULL}, NULL, 0};
        struct pw_diagnostics mistakes = {0};
        const int status = pw_accepted_parse(cases[i].text, strlen(cases[i].text), "accepted.yml",
                                             &file, &mistakes);
        if (status != PW_ECONFIG || mistakes.count == 0 ||
            strstr(pw_error_message(&mistakes.items[0]), cases[i].message) == NULL ||
            mistakes.items[0].line != cases[i].line) {
            fail_msg("'%s': line %u, '%s'", cases[i].text,
                     mistakes.count > 0 ? mistakes.items[0].line : 0,
                     mistakes.count > 0 ? pw_error_message(&mistakes.items[0]) : "no mistake");
        }
        assert_string_equal(mistakes.items[0].file, "accepted.yml");
        assert_null(file.items);
        pw_diagnostics_release(&mistakes);
    }
}

static void test_every_mistake_is_told(void **state)
{
    static const char text[] = FILE_HEAD "  - { benchmark: b }\n  - { reason: r }\n";
    struct pw_accepted_file file = {{NULL}, NULL, 0};
    struct pw_diagnostics mistakes = {0};
    (void)state;
    assert_int_equal(pw_accepted_parse(text, sizeof text - 1, "x", &file, &mistakes), PW_ECONFIG);
    assert_int_equal(mistakes.count, 2);
    assert_int_equal(mistakes.items[1].line, 4);
    pw_diagnostics_release(&mistakes);
}

static void test_where_the_file_is(void **state)
{
    (void)state;
    struct pw_config config = parse_valid(MINIMAL);
    assert_string_equal(config.gate.accepted, DIRECTORY "/baselines/accepted.yml");
    pw_config_release(&config);
    config = parse_valid(MINIMAL "gate: { accepted: bench/agreed.yml }\n");
    assert_string_equal(config.gate.accepted, DIRECTORY "/bench/agreed.yml");
    pw_config_release(&config);
}

static void test_former_names(void **state)
{
    (void)state;
    struct pw_config plain = parse_valid(MINIMAL);
    struct pw_config config = parse_valid("version: 1\nbenchmarks:\n"
                                          "  - name: a\n    command: [./a]\n    renamed_from: z\n"
                                          "  - name: b\n    command: [./b]\n"
                                          "    params: { n: [1, 2] }\n"
                                          "    concurrency: [1, 2]\n"
                                          "    renamed_from: [x, y]\n");
    assert_int_equal(plain.benchmarks[0].renamed_from.count, 0);
    assert_int_equal(config.benchmark_count, 5);
    assert_int_equal(config.benchmarks[0].renamed_from.count, 1);
    assert_string_equal(config.benchmarks[0].renamed_from.items[0], "z");
    assert_int_equal(config.benchmarks[4].renamed_from.count, 2);
    assert_string_equal(config.benchmarks[4].renamed_from.items[1], "y/n=2,concurrency=2");
    assert_ptr_equal(pw_config_find_renamed(&config, "x/n=1,concurrency=2"), &config.benchmarks[2]);
    assert_null(pw_config_find_renamed(&config, "x"));
    assert_null(pw_config_find_renamed(&config, "a"));
    pw_config_release(&config);
    config = parse_valid(MINIMAL "    renamed_from: z\n");
    assert_string_equal(config.hash, plain.hash);
    pw_config_release(&config);
    pw_config_release(&plain);
}

static void test_former_names_that_clash(void **state)
{
    static const struct {
        const char *text;
        unsigned line;
        const char *message;
    } cases[] = {
        {MINIMAL "    renamed_from: z\n  - name: b\n    command: [./b]\n    renamed_from: z\n", 6,
         "benchmark 'b' is renamed from 'z', and so is the one on line 3"},
        {MINIMAL "    renamed_from: b\n  - name: b\n    command: [./b]\n", 3,
         "benchmark 'a' is renamed from 'b', which is still declared on line 6: remove one"},
        {MINIMAL "    renamed_from: a\n", 3, "is renamed from 'a', which is still declared"},
        {MINIMAL "    renamed_from: [z, z]\n", 5, "'benchmarks[0].renamed_from' lists 'z' twice"},
        {MINIMAL "    renamed_from: []\n", 5, "is an empty list"},
        {MINIMAL "    renamed_from: ''\n", 5, "must not be empty"},
        {MINIMAL "    renamed_from: { a: b }\n", 5, "expects a text or a list of texts"},
        {MINIMAL "    renamed_from: [[a]]\n", 5, "expects a text"},
        {"version: 1\ndefaults: { renamed_from: z }\nbenchmarks:\n  - name: a\n    command: ./a\n",
         2, "it belongs in 'benchmarks'"},
    };
    (void)state;
    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        struct pw_config config = {0};
        struct pw_diagnostics mistakes = {0};
        const int status = parse(cases[i].text, strlen(cases[i].text), &config, &mistakes);
        if (status != PW_ECONFIG || mistakes.count != 1 ||
            strstr(pw_error_message(&mistakes.items[0]), cases[i].message) == NULL ||
            mistakes.items[0].line != cases[i].line) {
            fail_msg("'%s': %zu mistakes, line %u, '%s'", cases[i].text, mistakes.count,
                     mistakes.count > 0 ? mistakes.items[0].line : 0,
                     mistakes.count > 0 ? pw_error_message(&mistakes.items[0]) : "none");
        }
        pw_diagnostics_release(&mistakes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_whole_file),
        cmocka_unit_test(test_empty_files),
        cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_every_mistake_is_told),
        cmocka_unit_test(test_where_the_file_is),
        cmocka_unit_test(test_former_names),
        cmocka_unit_test(test_former_names_that_clash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The keys that confine a benchmark: what they mean, and what they refuse. */
#include "test_config_support.h"

#include "perfwarden/util/error.h"

/** A value of `cpus` and the processors it names, as a bit each. */
struct cpus_case {
    const char *yaml;
    size_t count;
    uint64_t bits;
};

static const struct cpus_case CPUS[] = {
    {"all", 0, 0},         {"0", 1, 1},      {"3,1", 2, 0xa},       {"0-1,3", 3, 0xb},
    {"0-2, 2-4", 5, 0x1f}, {"[0, 2]", 2, 5}, {"[5-6, 1]", 3, 0x62},
};

static struct pw_config parse_setting(const char *key, const char *yaml)
{
    char text[300];

    (void)snprintf(text, sizeof(text), MINIMAL "    %s: %s\n", key, yaml);
    return parse_valid(text);
}

static void test_cpus(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(CPUS) / sizeof(CPUS[0]); i++) {
        struct pw_config config = parse_setting("cpus", CPUS[i].yaml);
        const struct pw_benchmark *a = &config.benchmarks[0];
        uint64_t bits = 0;

        assert_int_equal(a->cpu_count, CPUS[i].count);
        for (size_t j = 0; j < a->cpu_count; j++) {
            assert_true(j == 0 || a->cpus[j] > a->cpus[j - 1]);
            bits |= UINT64_C(1) << a->cpus[j];
        }
        assert_true(bits == CPUS[i].bits);
        pw_config_release(&config);
    }
}

static void test_inherited(void **state)
{
    struct pw_config config =
        parse_valid("version: 1\n"
                    "defaults: { cpu_limit: 1.5, cpus: 0-3, isolate: network, stdin: in.txt }\n"
                    "benchmarks:\n"
                    "  - { name: a, command: [./a] }\n"
                    "  - name: b\n"
                    "    command: [./b]\n"
                    "    params: { size: [1, 2] }\n"
                    "    cpu_limit: none\n"
                    "    cpus: all\n"
                    "    isolate: none\n"
                    "    stdin: data/{size}.txt\n");
    const struct pw_benchmark *a = &config.benchmarks[0];
    const struct pw_benchmark *b = &config.benchmarks[2];

    (void)state;
    assert_true(a->cpu_limit == 1.5);
    assert_int_equal(a->cpu_count, 4);
    assert_true(a->isolate_network);
    assert_string_equal(a->stdin_path, DIRECTORY "/in.txt");
    assert_true(b->cpu_limit == 0);
    assert_int_equal(b->cpu_count, 0);
    assert_false(b->isolate_network);
    assert_string_equal(b->stdin_path, DIRECTORY "/data/2.txt");
    pw_config_release(&config);
}

static void test_not_given(void **state)
{
    struct pw_config config = parse_valid(MINIMAL);
    const struct pw_benchmark *a = &config.benchmarks[0];

    (void)state;
    assert_true(a->cpu_limit == 0);
    assert_int_equal(a->cpu_count, 0);
    assert_false(a->isolate_network);
    assert_null(a->stdin_path);
    pw_config_release(&config);
}

/** What values are measured under is part of what is compared; its absence changes no hash. */
static void test_hash(void **state)
{
    static const char *const SETTINGS[][2] = {
        {"warmup", "1"}, {"cpu_limit", "1"},     {"cpu_limit", "1.5"}, {"cpus", "0"},
        {"cpus", "0-1"}, {"isolate", "network"}, {"stdin", "a"},       {"stdin", "b"}};
    enum { COUNT = sizeof(SETTINGS) / sizeof(SETTINGS[0]) };
    struct pw_config configs[COUNT];
    struct pw_config plain = parse_valid(MINIMAL);

    (void)state;
    for (size_t i = 0; i < COUNT; i++) {
        configs[i] = parse_setting(SETTINGS[i][0], SETTINGS[i][1]);
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(configs[i].hash, configs[j].hash);
        }
    }
    assert_string_equal(plain.hash, configs[0].hash);
    for (size_t i = 0; i < COUNT; i++) {
        pw_config_release(&configs[i]);
    }
    pw_config_release(&plain);
}

struct mistake_case {
    const char *key;
    const char *yaml;
    const char *part; /**< of the message */
};

static const struct mistake_case MISTAKES[] = {
    {"cpu_limit", "0", "'none' or a number from 0.01 to 1024"},
    {"cpu_limit", "-1", "'none' or a number from 0.01 to 1024"},
    {"cpu_limit", "50%", "'none' or a number from 0.01 to 1024"},
    {"cpu_limit", "1s", "not '1s'"},
    {"cpu_limit", "nan", "not 'nan'"},
    {"cpu_limit", "[1]", "not a list"},
    {"cpus", "1-0", "numbers and ranges of processors such as 0-1,3"},
    {"cpus", "0-", "not '0-'"},
    {"cpus", "'0,'", "not '0,'"},
    {"cpus", "x", "not 'x'"},
    {"cpus", "-1", "not '-1'"},
    {"cpus", "1024", "not '1024'"},
    {"cpus", "99999999999", "not '99999999999'"},
    {"cpus", "[0, all]", "'benchmarks[0].cpus[1]'"},
    {"cpus", "[]", "empty list"},
    {"isolate", "netwrok", "did you mean 'network'"},
    {"isolate", "true", "one of none, network"},
    {"stdin", "''", "must not be empty"},
};

static void test_mistakes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(MISTAKES) / sizeof(MISTAKES[0]); i++) {
        struct pw_config config = {0};
        struct pw_diagnostics mistakes = {0};
        char text[300];

        (void)snprintf(text, sizeof(text), MINIMAL "    %s: %s\n", MISTAKES[i].key,
                       MISTAKES[i].yaml);
        assert_int_equal(parse(text, strlen(text), &config, &mistakes), PW_ECONFIG);
        assert_int_equal(mistakes.count, 1);
        assert_int_equal(mistakes.items[0].line, 5);
        if (strstr(pw_error_message(&mistakes.items[0]), MISTAKES[i].part) == NULL) {
            fail_msg("%s: %s gives: %s", MISTAKES[i].key, MISTAKES[i].yaml,
                     pw_error_message(&mistakes.items[0]));
        }
        pw_diagnostics_release(&mistakes);
    }
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(test_cpus),      cmocka_unit_test(test_inherited),
        cmocka_unit_test(test_not_given), cmocka_unit_test(test_hash),
        cmocka_unit_test(test_mistakes),
    };

    return cmocka_run_group_tests(TESTS, NULL, NULL);
}

/* Commands around a benchmark, exit statuses that are a success, and copies that run at once. */
#include "test_config_support.h"

static void assert_words(const struct pw_strings *actual, const char *const *expected)
{
    size_t count = 0;
    for (; expected[count] != NULL; count++) {
        assert_true(count < actual->count);
        assert_string_equal(actual->items[count], expected[count]);
    }
    assert_int_equal(actual->count, count);
}

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void test_defaults(void **state)
{
    (void)state;
    struct pw_config config = parse_valid(MINIMAL);
    const struct pw_benchmark *a = &config.benchmarks[0];
    assert_int_equal(a->setup.count + a->prepare.count + a->conclude.count + a->cleanup.count, 0);
    assert_int_equal(a->success_count, 1);
    assert_int_equal(a->success[0], 0);
    assert_int_equal(a->concurrency, 1);
    pw_config_release(&config);
}

static void test_hooks_are_merged_and_filled(void **state)
{
    (void)state;
    struct pw_config config = parse_valid("version: 1\n"
                                          "defaults: { setup: make, cleanup: make clean }\n"
                                          "benchmarks:\n"
                                          "  - name: a\n"
                                          "    command: [./a]\n"
                                          "    params: { size: 3 }\n"
                                          "    setup: ./data {size}\n"
                                          "    prepare: [rm, \"{size}.out\"]\n"
                                          "    conclude: [./check]\n"
                                          "    success: 3\n");
    const struct pw_benchmark *a = &config.benchmarks[0];
    assert_words(&a->setup, WORDS("sh", "-c", "./data 3"));
    assert_words(&a->prepare, WORDS("rm", "3.out"));
    assert_words(&a->conclude, WORDS("./check"));
    assert_words(&a->cleanup, WORDS("sh", "-c", "make clean"));
    assert_false(a->is_shell);
    assert_int_equal(a->success_count, 1);
    assert_int_equal(a->success[0], 3);
    pw_config_release(&config);
}

static void test_a_list_of_concurrencies_is_the_last_parameter(void **state)
{
    (void)state;
    struct pw_config config = parse_valid("version: 1\n"
                                          "benchmarks:\n"
                                          "  - name: a\n"
                                          "    command: [./a]\n"
                                          "    params: { size: [1, 2] }\n"
                                          "    concurrency: [1, 8]\n"
                                          "  - { name: b, command: [./b], concurrency: [2] }\n"
                                          "  - { name: c, command: [./c], concurrency: 4 }\n");
    static const struct {
        const char *id;
        unsigned concurrency;
        size_t params;
    } cases[] = {{"a/size=1,concurrency=1", 1, 2}, {"a/size=1,concurrency=8", 8, 2},
                 {"a/size=2,concurrency=1", 1, 2}, {"a/size=2,concurrency=8", 8, 2},
                 {"b/concurrency=2", 2, 1},        {"c", 4, 0}};
    assert_int_equal(config.benchmark_count, PW_COUNT(cases));
    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        assert_string_equal(config.benchmarks[i].id, cases[i].id);
        assert_int_equal(config.benchmarks[i].concurrency, cases[i].concurrency);
        assert_int_equal(config.benchmarks[i].param_count, cases[i].params);
        assert_words(&config.benchmarks[i].metrics,
                     WORDS("wall_time", "user_time", "system_time", "max_rss", "throughput",
                           "scaling_efficiency"));
    }
    assert_string_equal(config.benchmarks[1].params[1].name, "concurrency");
    assert_string_equal(config.benchmarks[1].params[1].value, "8");
    pw_config_release(&config);
}

/* What changes what is measured changes the hash; what is written out as it is anyway does not. */
static void test_hash(void **state)
{
    static const char *const CHANGING[] = {"    setup: a\n",        "    prepare: a\n",
                                           "    conclude: a\n",     "    cleanup: a\n",
                                           "    success: [0, 1]\n", "    success: 1\n"};
    (void)state;
    struct pw_config plain = parse_valid(MINIMAL);
    struct pw_config written = parse_valid(MINIMAL "    success: [0]\n    concurrency: 1\n");
    char seen[PW_COUNT(CHANGING)][17];
    assert_string_equal(plain.hash, written.hash);
    for (size_t i = 0; i < PW_COUNT(CHANGING); i++) {
        char text[256];
        snprintf(text, sizeof(text), "%s%s", MINIMAL, CHANGING[i]);
        struct pw_config changed = parse_valid(text);
        memcpy(seen[i], changed.hash, sizeof(seen[i]));
        pw_config_release(&changed);
        assert_string_not_equal(seen[i], plain.hash);
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(seen[i], seen[j]);
        }
    }
    pw_config_release(&plain);
    pw_config_release(&written);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_hooks_are_merged_and_filled),
        cmocka_unit_test(test_a_list_of_concurrencies_is_the_last_parameter),
        cmocka_unit_test(test_hash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

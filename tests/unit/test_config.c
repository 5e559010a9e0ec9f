/* Right files: defaults, merging, units, expansion, paths, hashing, and the questions asked later.
 */
#include <math.h>
#include <unistd.h>

#include "test_config_support.h"

static void assert_close(double actual, double expected)
{
    assert_true(fabs(actual - expected) <= 1e-12 * fabs(expected));
}

static void assert_strings(const struct pw_strings *actual, const char *const *expected)
{
    size_t count = 0;
    while (expected[count] != NULL) {
        count++;
    }
    assert_int_equal(actual->count, count);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(actual->items[i], expected[i]);
    }
}

static void test_defaults_of_a_benchmark(void **state)
{
    (void)state;
    struct pw_config config = parse_valid(MINIMAL);
    assert_int_equal(config.benchmark_count, 1);
    const struct pw_benchmark *a = &config.benchmarks[0];
    assert_string_equal(a->id, "a");
    assert_string_equal(a->name, "a");
    assert_int_equal(a->param_count, 0);
    assert_strings(&a->command, (const char *const[]){"./a", NULL});
    assert_false(a->is_shell);
    assert_string_equal(a->cwd, DIRECTORY);
    assert_int_equal(a->env_count, 0);
    assert_null(a->format);
    assert_strings(&a->metrics,
                   (const char *const[]){"wall_time", "user_time", "system_time", "max_rss", NULL});
    assert_int_equal(a->threshold_count, 2);
    assert_close(pw_benchmark_threshold(a, "wall_time")->increase_ratio, 0.20);
    assert_true(isnan(pw_benchmark_threshold(a, "wall_time")->at_least));
    assert_close(pw_benchmark_threshold(a, "max_rss")->increase_ratio, 0.30);
    assert_null(pw_benchmark_threshold(a, "user_time"));
    assert_int_equal(a->runs_min, 7);
    assert_int_equal(a->runs_max, 30);
    assert_int_equal(a->warmup, 1);
    assert_true(a->timeout_ns == UINT64_C(60000000000));
    assert_true(a->budget_ns == UINT64_C(120000000000));
    assert_true(a->memory_limit_bytes == 0);
    assert_int_equal(a->counter_source, PW_COUNTERS_AUTO);
    assert_int_equal(a->line, 3);
    assert_int_equal(a->column, 5);
    pw_config_release(&config);
}

static void test_defaults_of_the_file(void **state)
{
    (void)state;
    struct pw_config config = parse_valid(MINIMAL);
    assert_string_equal(config.path, "perfwarden.yml");
    assert_string_equal(config.directory, DIRECTORY);
    assert_int_equal(config.build.count, 0);
    assert_close(config.gate.alpha, 0.01);
    assert_close(config.gate.beta, 0.05);
    assert_close(config.gate.fdr, 0.05);
    assert_close(config.gate.session_noise, 0.03);
    assert_int_equal(config.gate.fail_on, PW_VERDICT_BIT(PW_VERDICT_REGRESSION) |
                                              PW_VERDICT_BIT(PW_VERDICT_ERROR) |
                                              PW_VERDICT_BIT(PW_VERDICT_MISSING));
    assert_int_equal(config.gate.on_no_baseline, PW_POLICY_WARN);
    assert_int_equal(config.gate.on_inconclusive, PW_POLICY_WARN);
    assert_int_equal(config.baseline.store, PW_STORE_GIT);
    assert_string_equal(config.baseline.ref, "refs/perfwarden/baselines");
    assert_string_equal(config.baseline.path, DIRECTORY "/baselines");
    assert_null(config.baseline.remote);
    assert_int_equal(config.baseline.on_environment_mismatch, PW_POLICY_REMEASURE);
    assert_int_equal(config.baseline.keep.days, 0);
    assert_int_equal(config.baseline.keep.tags.count, 0);
    assert_null(config.report.junit);
    assert_null(config.report.markdown);
    assert_null(config.report.json);
    pw_config_release(&config);
}

static void test_settings_are_merged(void **state)
{
    (void)state;
    struct pw_config config = parse_valid("version: 1\n"
                                          "benchmarks:\n"
                                          "  - name: own\n"
                                          "    command: ./own --flag\n"
                                          "    runs: { max: 50 }\n"
                                          "    thresholds: { wall_time: 2ms, user_time: 1% }\n"
                                          "    env: { B: own, C: 12 }\n"
                                          "    memory_limit: none\n"
                                          "    counter_source: none\n"
                                          "  - name: inherits\n"
                                          "    command: [./inherits]\n"
                                          "defaults:\n"
                                          "  runs: { min: 5 }\n"
                                          "  warmup: 0\n"
                                          "  timeout: 1.5 s\n"
                                          "  memory_limit: 1 GiB\n"
                                          "  counter_source: valgrind\n"
                                          "  metrics: [wall_time]\n"
                                          "  thresholds: { wall_time: 5%, max_rss: 64MiB }\n"
                                          "  env: { A: yes, B: 'no' }\n");
    const struct pw_benchmark *own = pw_config_find(&config, "own");
    assert_true(own->is_shell);
    assert_strings(&own->command, (const char *const[]){"sh", "-c", "./own --flag", NULL});
    assert_int_equal(own->runs_min, 5);
    assert_int_equal(own->runs_max, 50);
    assert_true(own->memory_limit_bytes == 0);
    assert_int_equal(own->counter_source, PW_COUNTERS_NONE);
    assert_int_equal(own->threshold_count, 3);
    assert_close(pw_benchmark_threshold(own, "wall_time")->at_least, 2e6);
    assert_true(isnan(pw_benchmark_threshold(own, "wall_time")->increase_ratio));
    assert_close(pw_benchmark_threshold(own, "max_rss")->at_least, 64.0 * 1048576);
    assert_close(pw_benchmark_threshold(own, "user_time")->increase_ratio, 0.01);
    assert_strings(&own->metrics, (const char *const[]){"wall_time", "max_rss", "user_time", NULL});
    assert_int_equal(own->env_count, 3);
    assert_string_equal(own->env[0].value, "yes");
    assert_string_equal(own->env[1].value, "own");
    assert_string_equal(own->env[2].value, "12");

    const struct pw_benchmark *inherits = pw_config_find(&config, "inherits");
    assert_int_equal(inherits->runs_min, 5);
    assert_int_equal(inherits->runs_max, 30);
    assert_int_equal(inherits->warmup, 0);
    assert_true(inherits->timeout_ns == UINT64_C(1500000000));
    assert_true(inherits->memory_limit_bytes == UINT64_C(1073741824));
    assert_int_equal(inherits->counter_source, PW_COUNTERS_VALGRIND);
    assert_int_equal(inherits->threshold_count, 2);
    assert_close(pw_benchmark_threshold(inherits, "wall_time")->increase_ratio, 0.05);
    assert_int_equal(inherits->env_count, 2);
    assert_string_equal(inherits->env[1].value, "no");
    assert_null(pw_config_find(&config, "other"));
    pw_config_release(&config);
}

static void test_thresholds_in_every_form(void **state)
{
    (void)state;
    struct pw_config config =
        parse_valid("version: 1\n"
                    "benchmarks:\n"
                    "  - name: a\n"
                    "    command: [./a]\n"
                    "    runs: 12\n"
                    "    thresholds:\n"
                    "      wall_time: { increase: 5%, at_least: 200us, limit: 0s }\n"
                    "      max_rss: { limit: 64 MiB }\n"
                    "      page_faults_major: 10\n"
                    "      cpu_utilization: { limit: 150% }\n"
                    "      user_time: '7%'\n");
    const struct pw_benchmark *a = &config.benchmarks[0];
    const struct pw_threshold *wall_time = pw_benchmark_threshold(a, "wall_time");
    assert_int_equal(a->runs_min, 12);
    assert_int_equal(a->runs_max, 12);
    assert_close(wall_time->increase_ratio, 0.05);
    assert_close(wall_time->at_least, 200e3);
    assert_true(wall_time->limit >= 0 && wall_time->limit <= 0);
    assert_true(isnan(pw_benchmark_threshold(a, "max_rss")->increase_ratio));
    assert_close(pw_benchmark_threshold(a, "max_rss")->limit, 64.0 * 1048576);
    assert_close(pw_benchmark_threshold(a, "page_faults_major")->at_least, 10);
    assert_close(pw_benchmark_threshold(a, "cpu_utilization")->limit, 1.5);
    assert_close(pw_benchmark_threshold(a, "user_time")->increase_ratio, 0.07);
    pw_config_release(&config);
}

/* An adapter yields its own metrics: any name and unit, inherited only where there is an adapter.
 */
static void test_metrics_of_an_adapter(void **state)
{
    (void)state;
    struct pw_config config = parse_valid("version: 1\n"
                                          "defaults: { thresholds: { rows_per_s: 5% } }\n"
                                          "benchmarks:\n"
                                          "  - name: a\n"
                                          "    command: [./a]\n"
                                          "    format: google-benchmark\n"
                                          "    thresholds: { latency: 3ms, items: 5 }\n"
                                          "  - name: b\n"
                                          "    command: [./b]\n");
    const struct pw_benchmark *a = &config.benchmarks[0];
    assert_string_equal(a->format, "google-benchmark");
    assert_int_equal(a->threshold_count, 3);
    assert_close(pw_benchmark_threshold(a, "rows_per_s")->increase_ratio, 0.05);
    assert_close(pw_benchmark_threshold(a, "latency")->at_least, 3e6);
    assert_close(pw_benchmark_threshold(a, "items")->at_least, 5);
    assert_int_equal(a->metrics.count, 4);
    assert_null(pw_benchmark_threshold(&config.benchmarks[1], "rows_per_s"));
    pw_config_release(&config);
}

static void test_parameters_in_file_order(void **state)
{
    (void)state;
    static const char *const ids[] = {"p/z=1,a=x", "p/z=1,a=y", "p/z=2,a=x", "p/z=2,a=y"};
    struct pw_config config =
        parse_valid("version: 1\n"
                    "benchmarks:\n"
                    "  - name: p\n"
                    "    command: [./p, '-{z}{a}', '{other}', \"{\\\"z\\\"}\"]\n"
                    "    params: { z: [1, 2], a: [x, y] }\n"
                    "    env: { Z: 'z={z}' }\n"
                    "    cwd: data/{a}\n"
                    "  - { name: q, command: 'q {n} {print $1}', params: { n: 7 } }\n");
    assert_int_equal(config.benchmark_count, 5);
    for (size_t i = 0; i < PW_COUNT(ids); i++) {
        assert_string_equal(config.benchmarks[i].id, ids[i]);
        assert_string_equal(config.benchmarks[i].name, "p");
    }
    const struct pw_benchmark *last = &config.benchmarks[3];
    assert_strings(&last->command, (const char *const[]){"./p", "-2y", "{other}", "{\"z\"}", NULL});
    assert_string_equal(last->env[0].value, "z=2");
    assert_string_equal(last->cwd, DIRECTORY "/data/y");
    assert_int_equal(last->param_count, 2);
    assert_string_equal(last->params[0].name, "z");
    assert_string_equal(last->params[0].value, "2");
    assert_string_equal(last->params[1].value, "y");
    assert_string_equal(config.benchmarks[4].id, "q/n=7");
    assert_string_equal(config.benchmarks[4].command.items[2], "q 7 {print $1}");
    pw_config_release(&config);
}

/* Values that contain braces are not searched again; empty ones need quotes; `{x}` is not `{n}`. */
static void test_parameter_values_are_literal(void **state)
{
    (void)state;
    struct pw_config config =
        parse_valid("version: 1\n"
                    "benchmarks:\n"
                    "  - name: p\n"
                    "    command: ['{n}{m}', '{x}', '${HOME}', '{ n }', '{']\n"
                    "    params: { n: '{m}', m: '' }\n");
    assert_strings(&config.benchmarks[0].command,
                   (const char *const[]){"{m}", "{x}", "${HOME}", "{ n }", "{", NULL});
    assert_string_equal(config.benchmarks[0].id, "p/n={m},m=");
    pw_config_release(&config);
}

static void test_values_are_typed_by_the_schema(void **state)
{
    (void)state;
    struct pw_config config = parse_valid("version: '1'\n"
                                          "benchmarks:\n"
                                          "  - name: 12\n"
                                          "    command: [true, 1e3, ~, '']\n"
                                          "    warmup: \"3\"\n");
    assert_string_equal(config.benchmarks[0].id, "12");
    assert_strings(&config.benchmarks[0].command,
                   (const char *const[]){"true", "1e3", "~", "", NULL});
    assert_int_equal(config.benchmarks[0].warmup, 3);
    pw_config_release(&config);
}

static void test_paths_and_policies(void **state)
{
    (void)state;
    struct pw_config config =
        parse_valid(MINIMAL "build: [make, make install]\n"
                            "gate: { alpha: 2%, fail_on: [], on_no_baseline: fail, "
                            "on_inconclusive: pass }\n"
                            "baseline: { store: directory, path: /abs, ref: refs/heads/x, "
                            "remote: \"git@host:x\", "
                            "on_environment_mismatch: fail, keep: { days: 36500, count: 1, "
                            "tags: [\"v*\", nightly], branches: [main] } }\n"
                            "report: { junit: out/j.xml, markdown: /m.md, json: j.json }\n");
    assert_strings(&config.build, (const char *const[]){"make", "make install", NULL});
    assert_close(config.gate.alpha, 0.02);
    assert_int_equal(config.gate.fail_on, PW_VERDICT_BIT(PW_VERDICT_ERROR));
    assert_int_equal(config.gate.on_no_baseline, PW_POLICY_FAIL);
    assert_int_equal(config.gate.on_inconclusive, PW_POLICY_PASS);
    assert_int_equal(config.baseline.store, PW_STORE_DIRECTORY);
    assert_string_equal(config.baseline.path, "/abs");
    assert_string_equal(config.baseline.remote, "git@host:x");
    assert_int_equal(config.baseline.on_environment_mismatch, PW_POLICY_FAIL);
    assert_int_equal(config.baseline.keep.days, 36500);
    assert_int_equal(config.baseline.keep.count, 1);
    assert_strings(&config.baseline.keep.tags, (const char *const[]){"v*", "nightly", NULL});
    assert_strings(&config.baseline.keep.branches, (const char *const[]){"main", NULL});
    assert_string_equal(config.report.junit, DIRECTORY "/out/j.xml");
    assert_string_equal(config.report.markdown, "/m.md");
    assert_string_equal(config.report.json, DIRECTORY "/j.json");
    pw_config_release(&config);
}

static void hash_of(const char *text, const char *directory, char out[17])
{
    struct pw_config config = {0};
    struct pw_diagnostics mistakes = {0};
    assert_int_equal(pw_config_parse(text, strlen(text), "f", directory, &config, &mistakes), 0);
    memcpy(out, config.hash, 17);
    pw_config_release(&config);
}

static void test_hash_says_what_is_measured(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool is_same;
    } cases[] = {
        {MINIMAL "    cwd: data\n    warmup: 1 # a comment\n", true},
        {MINIMAL "    cwd: data\n    thresholds: { wall_time: 1% }\n    runs: 9\n", true},
        {MINIMAL "    cwd: data\ngate: { alpha: 0.2 }\n", true},
        {MINIMAL "    cwd: other\n", false},
        {MINIMAL "    cwd: data\n    env: { A: 1 }\n", false},
        {MINIMAL "    cwd: data\n    warmup: 2\n", false},
        {MINIMAL "    cwd: data\nbuild: [make]\n", false},
        {MINIMAL "    cwd: data\n    format: csv\n", false},
    };
    char base[17];
    char other[17];
    hash_of(MINIMAL "    cwd: data\n", "/one", base);
    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        hash_of(cases[i].text, "/two/three", other);
        assert_int_equal(strcmp(base, other) == 0, cases[i].is_same);
    }
}

static void test_selection(void **state)
{
    (void)state;
    struct pw_config config = parse_valid("version: 1\nbenchmarks:\n"
                                          "  - { name: p, command: p, params: { n: [1, 2] } }\n");
    static const struct {
        const char *patterns[2];
        size_t count;
        bool is_selected;
    } cases[] = {
        {{NULL, NULL}, 0, true}, {{"p", NULL}, 1, true},   {{"p/*", NULL}, 1, true},
        {{"*1", NULL}, 1, true}, {{"*2", NULL}, 1, false}, {{"q", "*=1"}, 2, true},
    };
    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        assert_int_equal(
            pw_benchmark_is_selected(&config.benchmarks[0], cases[i].patterns, cases[i].count),
            cases[i].is_selected);
    }
    pw_config_release(&config);
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void test_loading_a_file(void **state)
{
    (void)state;
    char directory[] = "/tmp/perfwarden-config-XXXXXX";
    char path[64];
    struct pw_config config = {0};
    struct pw_diagnostics mistakes = {0};
    assert_non_null(mkdtemp(directory));
    snprintf(path, sizeof(path), "%s/perfwarden.yml", directory);

    assert_int_equal(pw_config_load(path, &config, &mistakes), PW_ENOTFOUND);
    assert_int_equal(mistakes.count, 1);
    assert_non_null(strstr(pw_error_message(&mistakes.items[0]), "'perfwarden init'"));
    pw_diagnostics_release(&mistakes);

    write_file(path, MINIMAL "    cwd: data\n");
    assert_int_equal(pw_config_load(path, &config, &mistakes), PW_OK);
    assert_int_equal(mistakes.count, 0);
    assert_string_equal(config.path, path);
    assert_string_equal(config.directory, directory);
    assert_non_null(strstr(config.benchmarks[0].cwd, "/data"));
    pw_config_release(&config);

    assert_int_equal(pw_config_load(directory, &config, &mistakes), PW_EIO);
    assert_int_equal(mistakes.count, 1);
    pw_diagnostics_release(&mistakes);

    write_file(path, "nonsense\n");
    assert_int_equal(pw_config_load(path, &config, &mistakes), PW_ECONFIG);
    assert_string_equal(mistakes.items[0].file, path);
    pw_diagnostics_release(&mistakes);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(directory), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults_of_a_benchmark),
        cmocka_unit_test(test_defaults_of_the_file),
        cmocka_unit_test(test_settings_are_merged),
        cmocka_unit_test(test_thresholds_in_every_form),
        cmocka_unit_test(test_metrics_of_an_adapter),
        cmocka_unit_test(test_parameters_in_file_order),
        cmocka_unit_test(test_parameter_values_are_literal),
        cmocka_unit_test(test_values_are_typed_by_the_schema),
        cmocka_unit_test(test_paths_and_policies),
        cmocka_unit_test(test_hash_says_what_is_measured),
        cmocka_unit_test(test_selection),
        cmocka_unit_test(test_loading_a_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Every kind of mistake: its exact message, its line and column; all of a file at once. */
#include "test_config_support.h"

/* A file and its only mistake. */
struct mistake_case {
    const char *text;
    unsigned line;
    unsigned column;
    const char *message;
};

#define BENCHMARK(rest)  "version: 1\nbenchmarks:\n  - name: a\n    command: [./a]\n" rest
#define DEFAULTS(rest)   MINIMAL "defaults:\n" rest
#define GATE(rest)       MINIMAL "gate:\n" rest
#define THRESHOLD(value) DEFAULTS("  thresholds: { " value " }\n")

static const struct mistake_case structure_cases[] = {
    {"", 1, 1, "the file is empty, 'perfwarden init' writes one to start from"},
    {"# nothing\n", 1, 1, "the file is empty, 'perfwarden init' writes one to start from"},
    {"text", 1, 1, "the file expects a mapping, not 'text'"},
    {"[a]", 1, 1, "the file expects a mapping, not a list"},
    {"benchmarks: [{name: a, command: b}]\n", 1, 1, "missing key 'version'"},
    {"version: 1\n", 1, 1, "missing key 'benchmarks'"},
    {"version: 2\nbenchmark: []\n", 1, 10, "'version' is 2, this perfwarden reads version 1"},
    {"version: one\nbenchmarks: [{name: a, command: b}]\n", 1, 10,
     "'version' expects an integer, only 1, not 'one'"},
    {"version: 1\nbenchmarks: []\n", 2, 13, "'benchmarks' is an empty list"},
    {"version: 1\nbenchmarks: {}\n", 2, 13,
     "'benchmarks' expects a list of mappings, not a mapping"},
    {"version: 1\nbenchmarks: [a]\n", 2, 14, "'benchmarks[0]' expects a mapping, not 'a'"},
    {"version: 1\nbenchmarks:\n  - command: a\n", 3, 5, "missing key 'name' in 'benchmarks[0]'"},
    {"version: 1\nbenchmarks:\n  - name: a\n", 3, 5, "missing key 'command' in 'benchmarks[0]'"},
    {MINIMAL "benchmark: 1\n", 5, 1, "unknown key 'benchmark', did you mean 'benchmarks'"},
    {MINIMAL "zebra: 1\n", 5, 1, "unknown key 'zebra'"},
    {MINIMAL "thresholds: { wall_time: 5% }\n", 5, 1,
     "unknown key 'thresholds', it belongs in 'defaults'"},
    {DEFAULTS("  version: 1\n"), 6, 3,
     "unknown key 'version' in 'defaults', it belongs at the top of the file"},
    {DEFAULTS("  treshold: { wall_time: 5% }\n"), 6, 3,
     "unknown key 'treshold' in 'defaults', did you mean 'thresholds'"},
    {BENCHMARK("    comand: b\n"), 5, 5,
     "unknown key 'comand' in 'benchmarks[0]', did you mean 'command'"},
    {BENCHMARK("    errors: 5%\n"), 5, 5, "unknown key 'errors' in 'benchmarks[0]'"},
    {BENCHMARK("    concurrency: [1, 0]\n"), 5, 22,
     "'benchmarks[0].concurrency[1]' expects an integer from 1 to 128, not '0'"},
    {BENCHMARK("    concurrency: two\n"), 5, 18,
     "'benchmarks[0].concurrency' expects an integer or a list of integers from 1 to 128, not "
     "'two'"},
    {BENCHMARK("    concurrency: [2, 2]\n"), 5, 22, "'benchmarks[0].concurrency' lists '2' twice"},
    {BENCHMARK("    concurrency: []\n"), 5, 18, "'benchmarks[0].concurrency' is an empty list"},
    {BENCHMARK("    concurrency: [1]\n    params: { concurrency: 2 }\n"), 3, 5,
     "'benchmarks[0]' has a parameter 'concurrency' beside a list of 'concurrency', which is one "
     "already; rename the parameter"},
    {BENCHMARK("    concurrency: 2\n    format: google-benchmark\n"), 3, 5,
     "'benchmarks[0]' has a 'format' and a 'concurrency' of 2, the output of one process only can "
     "be read"},
    {BENCHMARK("    success: [0, 256]\n"), 5, 18,
     "'benchmarks[0].success[1]' expects an integer from 0 to 255, not '256'"},
    {BENCHMARK("    setup: []\n"), 5, 12, "'benchmarks[0].setup' is an empty list"},
    {BENCHMARK("    prepare: ''\n"), 5, 14, "'benchmarks[0].prepare' must not be empty"},
    {BENCHMARK("    params: { size: 1 }\n    cleanup: 'rm {siz}'\n"), 6, 14,
     "unknown parameter '{siz}' in 'benchmarks[0].cleanup', did you mean '{size}'"},
    {MINIMAL "defaults:\n", 5, 10, "'defaults' has no value, expects a mapping"},
    {MINIMAL "defaults: {}\n", 5, 11, "'defaults' is empty, leave it out or fill it in"},
    {MINIMAL "version: 1\n", 5, 1, "duplicate key 'version', first on line 1"},
    {DEFAULTS("  warmup: 1\n  warmup: 2\n"), 7, 3,
     "duplicate key 'warmup' in 'defaults', first on line 6"},
    {THRESHOLD("wall_time: 5%, wall_time: 6%"), 6, 32,
     "duplicate key 'wall_time' in 'defaults.thresholds', first on line 6"},
};

static const struct mistake_case yaml_cases[] = {
    {MINIMAL "\tx: 1\n", 5, 1,
     "not valid YAML: found character that cannot start any token while scanning for the next "
     "token; indent with spaces, and quote text that starts with '@', '`' or '%'"},
    {"version: 1\nbenchmarks: [\n", 3, 1,
     "not valid YAML: did not find expected node content while parsing a flow node"},
    {"version: 1: 2\n", 1, 11,
     "not valid YAML: mapping values are not allowed in this context; check the indentation, and "
     "quote text that contains ': '"},
    {MINIMAL "defaults: &anchor { warmup: 1 }\n", 5, 11,
     "anchors ('&') are not allowed, write the value out"},
    {MINIMAL "build: [*b]\n", 5, 9,
     "aliases ('*') are not allowed, write the value out or quote the text"},
    {"version: 1\nbenchmarks: [{name: !, command: b}]\n", 2, 21,
     "tags ('!') are not allowed, the key says how its value is read"},
    {"version: 1\nbenchmarks: [{name: a, command: [*b]}]\n", 2, 34,
     "aliases ('*') are not allowed, write the value out or quote the text"},
    {DEFAULTS("  warmup: !!int 1\n"), 6, 11,
     "tags ('!') are not allowed, the key says how its value is read"},
    {DEFAULTS("  warmup: 1\n  <<: { timeout: 1s }\n"), 7, 3,
     "merge keys ('<<') are not allowed, use 'defaults'"},
    {MINIMAL "? [a, b]\n: 1\n", 5, 3, "a key must be a plain text, not a list or a mapping"},
    {MINIMAL "---\nversion: 1\n", 5, 1, "a second document starts here, a file has only one"},
    {MINIMAL "build: [\"a\\0b\"]\n", 5, 9, "a text must not contain the character U+0000"},
    {MINIMAL "# \xFF\n", 5, 3, "not valid UTF-8, save the file as UTF-8"},
    {MINIMAL "# \xC0\x80\n", 5, 3, "not valid UTF-8, save the file as UTF-8"},
    {MINIMAL "# \x1B\n", 5, 3, "the character U+001B is not allowed in YAML"},
    {"\xFF\xFEv\x01", 1, 1, "the file is UTF-16, save it as UTF-8"},
};

static const struct mistake_case value_cases[] = {
    {DEFAULTS("  warmup: -1\n"), 6, 11,
     "'defaults.warmup' expects an integer from 0 to 1000, not '-1'"},
    {DEFAULTS("  warmup: 1001\n"), 6, 11,
     "'defaults.warmup' expects an integer from 0 to 1000, not '1001'"},
    {DEFAULTS("  warmup: true\n"), 6, 11,
     "'defaults.warmup' expects an integer from 0 to 1000, not 'true'"},
    {DEFAULTS("  warmup: [1]\n"), 6, 11,
     "'defaults.warmup' expects an integer from 0 to 1000, not a list"},
    {DEFAULTS("  warmup: 99999999999999999999\n"), 6, 11,
     "'defaults.warmup' expects an integer from 0 to 1000, not '99999999999999999999'"},
    {DEFAULTS("  runs: 0\n"), 6, 9,
     "'defaults.runs' expects a mapping or an integer from 1 to 100000, not '0'"},
    {DEFAULTS("  runs: [1]\n"), 6, 9,
     "'defaults.runs' expects a mapping or an integer from 1 to 100000, not a list"},
    {DEFAULTS("  runs: { min: 5, max: 4 }\n"), 6, 9,
     "'defaults.runs' has min 5 above max 4, set both"},
    {BENCHMARK("    runs: { min: 31 }\n"), 5, 11,
     "'benchmarks[0].runs' has min 31 above max 30, set both"},
    {BENCHMARK("    runs: { mni: 31 }\n"), 5, 13, "unknown key 'mni' in 'benchmarks[0].runs'"},
    {DEFAULTS("  timeout: 30\n"), 6, 12,
     "'defaults.timeout' expects a duration from 1us to 8760h (ns, us, ms, s, min, h), not '30'"},
    {DEFAULTS("  timeout: 0s\n"), 6, 12,
     "'defaults.timeout' expects a duration from 1us to 8760h (ns, us, ms, s, min, h), not '0s'"},
    {DEFAULTS("  timeout: 30 MiB\n"), 6, 12,
     "'defaults.timeout' expects a duration from 1us to 8760h (ns, us, ms, s, min, h), not "
     "'30 MiB'"},
    {DEFAULTS("  budget: 1 day\n"), 6, 11,
     "'defaults.budget' expects a duration from 1us to 8760h (ns, us, ms, s, min, h), not '1 day'"},
    {DEFAULTS("  memory_limit: 5\n"), 6, 17,
     "'defaults.memory_limit' expects 'none' or a size from 1MiB to 1048576GiB (B, KB, KiB, MB, "
     "MiB, GB, GiB), not '5'"},
    {DEFAULTS("  metrics: wall_time\n"), 6, 12,
     "'defaults.metrics' expects a list of metrics, not 'wall_time'"},
    {DEFAULTS("  metrics: [wall_tme]\n"), 6, 13,
     "unknown metric 'wall_tme' in 'defaults.metrics', did you mean 'wall_time'"},
    {DEFAULTS("  metrics: [speed]\n"), 6, 13,
     "unknown metric 'speed' in 'defaults.metrics', 'perfwarden help config' lists them"},
    {DEFAULTS("  metrics: [max_rss, max_rss]\n"), 6, 22,
     "'defaults.metrics' lists 'max_rss' twice, first on line 6"},
    {DEFAULTS("  env: { 'A B': 1 }\n"), 6, 10,
     "'A B' is no name for 'defaults.env', use letters, digits and '_'"},
    {DEFAULTS("  env: { PERFWARDEN_SIDE: x }\n"), 6, 10,
     "'PERFWARDEN_SIDE' in 'defaults.env' is reserved, choose a name without 'PERFWARDEN_'"},
    {DEFAULTS("  env: { A: }\n"), 6, 13, "'defaults.env.A' has no value, expects a text"},
    {DEFAULTS("  env: { A: [1] }\n"), 6, 13, "'defaults.env.A' expects a text, not a list"},
    {DEFAULTS("  cwd: ''\n"), 6, 8, "'defaults.cwd' must not be empty"},
    {MINIMAL "build: make\n", 5, 8, "'build' expects a list of texts, not 'make'"},
    {MINIMAL "build: [make, '']\n", 5, 15, "'build[1]' must not be empty"},
    {MINIMAL "build: [[make]]\n", 5, 9, "'build[0]' expects a text, not a list"},
    {GATE("  alpha: 0.5\n"), 6, 10,
     "'gate.alpha' expects a ratio such as 0.01 or 1%, above 0 and below 0.5, not '0.5'"},
    {GATE("  fdr: 5ms\n"), 6, 8,
     "'gate.fdr' expects a ratio such as 0.01 or 1%, above 0 and below 1, not '5ms'"},
    {GATE("  fail_on: regression\n"), 6, 12,
     "'gate.fail_on' expects a list of regression, error, missing, inconclusive, no_baseline, not "
     "'regression'"},
    {GATE("  fail_on: [regresion]\n"), 6, 13,
     "unknown value 'regresion' for 'gate.fail_on[0]', did you mean 'regression'"},
    {GATE("  fail_on: [pass]\n"), 6, 13,
     "'gate.fail_on[0]' expects one of regression, error, missing, inconclusive, no_baseline, not "
     "'pass'"},
    {GATE("  on_no_baseline: maybe\n"), 6, 19,
     "'gate.on_no_baseline' expects one of pass, warn, fail, not 'maybe'"},
    {GATE("  on_inconclusive: wan\n"), 6, 20,
     "unknown value 'wan' for 'gate.on_inconclusive', did you mean 'warn'"},
    {MINIMAL "baseline: { on_environment_mismatch: pass }\n", 5, 38,
     "'baseline.on_environment_mismatch' expects one of remeasure, warn, fail, not 'pass'"},
    {MINIMAL "baseline: { keep: { days: 36501 } }\n", 5, 27,
     "'baseline.keep.days' expects an integer from 1 to 36500, not '36501'"},
    {MINIMAL "baseline: { keep: { count: 0 } }\n", 5, 28,
     "'baseline.keep.count' expects an integer from 1 to 1000000, not '0'"},
    {MINIMAL "baseline: { keep: { tags: v* } }\n", 5, 27,
     "'baseline.keep.tags' expects a list of texts, not 'v*'"},
    {MINIMAL "baseline: { keep: { tags: [] } }\n", 5, 27, "'baseline.keep.tags' is an empty list"},
    {MINIMAL "baseline: { keep: { day: 1 } }\n", 5, 21,
     "unknown key 'day' in 'baseline.keep', did you mean 'days'"},
    {MINIMAL "baseline: { store: svn }\n", 5, 20,
     "'baseline.store' expects one of git, directory, not 'svn'"},
    {MINIMAL "baseline: { ref: main }\n", 5, 18,
     "'baseline.ref' expects a full ref name such as refs/perfwarden/baselines, not 'main'"},
    {MINIMAL "baseline: { ref: refs/a..b }\n", 5, 18,
     "'baseline.ref' expects a full ref name such as refs/perfwarden/baselines, not 'refs/a..b'"},
    {MINIMAL "baseline: { remote: \"a\\n\" }\n", 5, 21,
     "'baseline.remote' must not contain control characters"},
    {MINIMAL "baseline: { path: \"\\n\" }\n", 5, 19,
     "'baseline.path' must not contain control characters"},
    {MINIMAL "report: { junit: \"-\" }\n", 5, 18,
     "'report.junit' must name a file, '-' is understood on the command line only"},
};

static const struct mistake_case threshold_cases[] = {
    {DEFAULTS("  thresholds: {}\n"), 6, 15,
     "'defaults.thresholds' is empty, leave it out or fill it in"},
    {THRESHOLD("wall_time: {}"), 6, 28,
     "'defaults.thresholds.wall_time' is empty, leave it out or fill it in"},
    {THRESHOLD("wall_time: "), 6, 29,
     "'defaults.thresholds.wall_time' has no value, expects a threshold such as 5% or a mapping"},
    {THRESHOLD("wall_time: [5%]"), 6, 28,
     "'defaults.thresholds.wall_time' expects a threshold such as 5% or a mapping, not a list"},
    {THRESHOLD("wall_time: 5"), 6, 28,
     "'defaults.thresholds.wall_time' expects a ratio such as 5% or a duration such as 200us, not "
     "'5', which has no unit"},
    {THRESHOLD("wall_time: 0%"), 6, 28,
     "'defaults.thresholds.wall_time' expects a ratio above 0% and up to 100000%, not '0%'"},
    {THRESHOLD("wall_time: -5%"), 6, 28,
     "'defaults.thresholds.wall_time' expects a ratio above 0% and up to 100000%, not '-5%'"},
    {THRESHOLD("wall_time: 5MiB"), 6, 28,
     "'defaults.thresholds.wall_time' expects a ratio such as 5% or a duration such as 200us, not "
     "'5MiB'"},
    {THRESHOLD("max_rss: 5ms"), 6, 26,
     "'defaults.thresholds.max_rss' expects a ratio such as 5% or a size such as 64MiB, not '5ms'"},
    {THRESHOLD("page_faults_minor: 5ms"), 6, 36,
     "'defaults.thresholds.page_faults_minor' expects a ratio such as 5% or a number such as 100, "
     "not '5ms'"},
    {THRESHOLD("cpu_utilization: 5"), 6, 34,
     "'defaults.thresholds.cpu_utilization' expects a ratio such as 5%, not '5', which has no "
     "unit"},
    {THRESHOLD("wall_time: { increase: 0.05 }"), 6, 40,
     "'defaults.thresholds.wall_time.increase' has no unit, write '5%' or '0.05%'"},
    {THRESHOLD("wall_time: { increase: 5 }"), 6, 40,
     "'defaults.thresholds.wall_time.increase' has no unit, write '5%'"},
    {THRESHOLD("wall_time: { increase: 5ms }"), 6, 40,
     "'defaults.thresholds.wall_time.increase' expects a ratio such as 5%, not '5ms'"},
    {THRESHOLD("wall_time: { at_least: 5 }"), 6, 40,
     "'defaults.thresholds.wall_time.at_least' expects a duration such as 200us, not '5', which "
     "has no unit"},
    {THRESHOLD("wall_time: { at_least: 0s }"), 6, 40,
     "'defaults.thresholds.wall_time.at_least' expects more than 0, not '0s'"},
    {THRESHOLD("max_rss: { limit: -1B }"), 6, 35,
     "'defaults.thresholds.max_rss.limit' expects 0 or more, not '-1B'"},
    {THRESHOLD("wall_time: { limt: 5ms }"), 6, 30,
     "unknown key 'limt' in 'defaults.thresholds.wall_time', did you mean 'limit'"},
    {THRESHOLD("wall_tme: 5%"), 6, 17,
     "unknown metric 'wall_tme' in 'defaults.thresholds', did you mean 'wall_time'"},
    {BENCHMARK("    thresholds: { max_rs: 5% }\n"), 5, 19,
     "unknown metric 'max_rs' in 'benchmarks[0].thresholds', did you mean 'max_rss'"},
};

static const struct mistake_case benchmark_cases[] = {
    {"version: 1\nbenchmarks: [{name: '', command: a}]\n", 2, 21,
     "'benchmarks[0].name' must not be empty"},
    {"version: 1\nbenchmarks: [{name: \"a\\tb\", command: a}]\n", 2, 21,
     "'benchmarks[0].name' must not contain control characters"},
    {"version: 1\nbenchmarks: [{name: a, command: []}]\n", 2, 33,
     "'benchmarks[0].command' is an empty list"},
    {"version: 1\nbenchmarks: [{name: a, command: ''}]\n", 2, 33,
     "'benchmarks[0].command' must not be empty"},
    {"version: 1\nbenchmarks: [{name: a, command: ['', b]}]\n", 2, 34,
     "'benchmarks[0].command[0]' must not be empty"},
    {"version: 1\nbenchmarks: [{name: a, command: {b: c}}]\n", 2, 33,
     "'benchmarks[0].command' expects a text or a list of texts, not a mapping"},
    {BENCHMARK("    params: { n: [] }\n"), 5, 18, "'benchmarks[0].params.n' is an empty list"},
    {BENCHMARK("    params: { n: }\n"), 5, 18,
     "'benchmarks[0].params.n' has no value, expects a text"},
    {BENCHMARK("    params: { n: { a: 1 } }\n"), 5, 18,
     "'benchmarks[0].params.n' expects a list of texts, not a mapping"},
    {BENCHMARK("    params: { n: [1, 1] }\n"), 5, 22, "'benchmarks[0].params.n' lists '1' twice"},
    {BENCHMARK("    params: { 1n: 1 }\n"), 5, 15,
     "'1n' is no name for 'benchmarks[0].params', use letters, digits and '_'"},
    {BENCHMARK("    params: { n: 1, N: 2 }\n"), 5, 21,
     "'N' in 'benchmarks[0].params' differs from 'n' in case only, both would be the same "
     "variable of the environment"},
    {"version: 1\nbenchmarks:\n  - name: a\n    command: [b, '{szie}']\n"
     "    params: { size: [1, 2] }\n",
     4, 18, "unknown parameter '{szie}' in 'benchmarks[0].command[1]', did you mean '{size}'"},
    {"version: 1\nbenchmarks:\n  - name: a\n    command: b ${size}\n    params: { size: 1 }\n", 4,
     14, "'benchmarks[0].command' contains '${size}', write '{size}' for the parameter"},
    {"version: 1\nbenchmarks:\n  - name: a\n    command: b\n    env: { X: '{Size}' }\n"
     "    params: { size: 1 }\n",
     5, 15, "unknown parameter '{Size}' in 'benchmarks[0].env.X', did you mean '{size}'"},
    {BENCHMARK("  - name: a\n    command: b\n"), 5, 5,
     "duplicate benchmark 'a', first declared on line 3"},
    {"version: 1\nbenchmarks:\n  - { name: a, command: b, params: { n: [1, 2] } }\n"
     "  - { name: a, command: c, params: { n: [2, 1, 3] } }\n",
     4, 5, "duplicate benchmark 'a/n=2', first declared on line 3"},
    {"version: 1\nbenchmarks:\n  - { name: a, command: b, params: { n: 1 } }\n"
     "  - { name: a/n=1, command: c }\n",
     4, 5, "duplicate benchmark 'a/n=1', first declared on line 3"},
};

static void expect_one(const struct mistake_case *given)
{
    struct pw_config config = {0};
    struct pw_diagnostics mistakes = {0};
    assert_int_equal(parse(given->text, strlen(given->text), &config, &mistakes), PW_ECONFIG);
    const struct pw_error *first = &mistakes.items[0];
    if (mistakes.count != 1 || first->line != given->line || first->column != given->column ||
        strcmp(pw_error_message(first), given->message) != 0) {
        print_error("%s\nexpected %u:%u: %s\n", given->text, given->line, given->column,
                    given->message);
        for (size_t i = 0; i < mistakes.count; i++) {
            print_error("found    %u:%u: %s\n", mistakes.items[i].line, mistakes.items[i].column,
                        pw_error_message(&mistakes.items[i]));
        }
        pw_diagnostics_release(&mistakes);
        fail();
    }
    assert_string_equal(first->file, "perfwarden.yml");
    assert_int_equal(first->status, PW_ECONFIG);
    pw_diagnostics_release(&mistakes);
}

static void expect_each(const struct mistake_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        expect_one(&cases[i]);
    }
}

static void test_structure(void **state)
{
    (void)state;
    expect_each(structure_cases, PW_COUNT(structure_cases));
}

static void test_yaml(void **state)
{
    (void)state;
    expect_each(yaml_cases, PW_COUNT(yaml_cases));
}

static void test_values(void **state)
{
    (void)state;
    expect_each(value_cases, PW_COUNT(value_cases));
}

static void test_thresholds(void **state)
{
    (void)state;
    expect_each(threshold_cases, PW_COUNT(threshold_cases));
}

static void test_benchmarks(void **state)
{
    (void)state;
    expect_each(benchmark_cases, PW_COUNT(benchmark_cases));
}

static void test_all_at_once_in_order(void **state)
{
    (void)state;
    static const char text[] = "version: 1\n"
                               "gate: { alpha: 2 }\n"
                               "benchmarks:\n"
                               "  - name: a\n"
                               "    comand: [./a]\n"
                               "  - name: b\n"
                               "    command: [./b]\n"
                               "    warmup: x\n"
                               "  - name: c\n"
                               "    command: [./c]\n"
                               "  - name: c\n"
                               "    command: [./c]\n"
                               "defaults:\n"
                               "  timeout: 5\n";
    static const unsigned lines[] = {2, 4, 5, 8, 11, 14};
    struct pw_config config = {0};
    struct pw_diagnostics mistakes = {0};
    assert_int_equal(parse(text, sizeof(text) - 1, &config, &mistakes), PW_ECONFIG);
    assert_int_equal(mistakes.count, PW_COUNT(lines));
    for (size_t i = 0; i < PW_COUNT(lines); i++) {
        assert_int_equal(mistakes.items[i].line, lines[i]);
    }
    pw_diagnostics_release(&mistakes);
}

/* A mistake in `defaults` is one mistake, however many benchmarks inherit it. */
static void test_inherited_mistake_is_reported_once(void **state)
{
    (void)state;
    static const struct mistake_case given = {
        "version: 1\ndefaults: { env: { X: '{szie}' } }\nbenchmarks:\n"
        "  - { name: a, command: b, params: { size: 1 } }\n"
        "  - { name: b, command: b, params: { size: 1 } }\n"
        "  - { name: c, command: b }\n",
        2, 23, "unknown parameter '{szie}' in 'defaults.env.X', did you mean '{size}'"};
    expect_one(&given);
}

static void test_long_text_is_cut_in_messages(void **state)
{
    (void)state;
    struct pw_strbuf text = PW_STRBUF_INIT;
    pw_strbuf_puts(&text, MINIMAL);
    for (size_t i = 0; i < 500; i++) {
        pw_strbuf_puts(&text, "\xC3\xA4");
    }
    pw_strbuf_puts(&text, ": 1\n");
    struct pw_config config = {0};
    struct pw_diagnostics mistakes = {0};
    assert_int_equal(parse(text.data, text.length, &config, &mistakes), PW_ECONFIG);
    assert_int_equal(mistakes.count, 1);
    assert_true(strlen(pw_error_message(&mistakes.items[0])) < 100);
    assert_non_null(strstr(pw_error_message(&mistakes.items[0]), "\xC3\xA4\xE2\x80\xA6'"));
    pw_diagnostics_release(&mistakes);
    pw_strbuf_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_structure),
        cmocka_unit_test(test_yaml),
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_thresholds),
        cmocka_unit_test(test_benchmarks),
        cmocka_unit_test(test_all_at_once_in_order),
        cmocka_unit_test(test_inherited_mistake_is_reported_once),
        cmocka_unit_test(test_long_text_is_cut_in_messages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * perfwarden's own benchmarks, as one program: `perfwarden_bench WORKLOAD` does a fixed amount of
 * work and prints a checksum of it. Each stands for what perfwarden does around a project's
 * benchmarks: reading a configuration, storing and reading results, deciding, reporting.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "perfwarden/config.h"
#include "perfwarden/gate.h"
#include "perfwarden/report.h"
#include "perfwarden/result.h"
#include "perfwarden/stats.h"
#include "perfwarden/util.h"

/* A workload: returns a checksum of what it made, so that none of it can be left out. */
struct workload {
    const char *name;
    uint64_t (*run)(void);
};

static void require(bool is_fine, const char *what)
{
    if (!is_fine) {
        fprintf(stderr, "perfwarden_bench: %s failed\n", what);
        exit(1);
    }
}

/* Numerical Recipes' linear congruential generator: the same numbers everywhere. */
static double next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (double)(*state >> 11) / 9007199254740992.0;
}

static void fill(double *values, size_t n, uint64_t seed)
{
    for (size_t i = 0; i < n; i++) {
        values[i] = 100.0 + next_random(&seed);
    }
}

/* A configuration of 200 declarations with 20 parameter values each. */
static void put_config(struct pw_strbuf *yaml)
{
    pw_strbuf_puts(yaml, "version: 1\nbenchmarks:\n");
    for (int i = 0; i < 200; i++) {
        pw_strbuf_printf(
            yaml,
            "  - name: bench%d\n    command: [./bench, '--size={size}', '--mode={mode}']\n"
            "    params: {size: [1, 2, 4, 8, 16], mode: [a, b, c, d]}\n"
            "    thresholds: {wall_time: {increase: 5%%, at_least: 200us}, max_rss: 10%%}\n",
            i);
    }
}

static uint64_t read_configurations(void)
{
    struct pw_strbuf yaml = PW_STRBUF_INIT;
    put_config(&yaml);
    uint64_t checksum = PW_HASH_INIT;
    for (int i = 0; i < 8; i++) {
        struct pw_config config = {0};
        struct pw_diagnostics mistakes = {0};
        require(pw_config_parse(pw_strbuf_text(&yaml), yaml.length, "bench.yml", "/", &config,
                                &mistakes) == 0,
                "reading a configuration");
        checksum = pw_hash_string(checksum, config.benchmarks[config.benchmark_count - 1].id);
        pw_config_release(&config);
    }
    pw_strbuf_release(&yaml);
    return checksum;
}

static void add_benchmark(struct pw_result *result, int number, struct pw_error *err)
{
    static const char *const metrics[] = {"wall_time", "user_time", "system_time", "max_rss"};
    char id[32];
    snprintf(id, sizeof(id), "bench%d", number);
    struct pw_result_benchmark *benchmark = pw_result_add_benchmark(result, id, id, id);
    require(benchmark != NULL, "adding a benchmark");
    uint64_t seed = (uint64_t)number;
    for (size_t m = 0; m < PW_COUNT(metrics); m++) {
        struct pw_series *series =
            pw_result_series(result, benchmark, metrics[m], "ns", PW_BETTER_LOWER, "clock");
        require(series != NULL, "adding a series");
        for (int i = 0; i < 30; i++) {
            require(pw_series_add(result, series, 1e6 + 1e4 * next_random(&seed), err) == 0,
                    "adding a sample");
        }
    }
}

static void make_result(struct pw_result *result)
{
    struct pw_error err = PW_ERROR_INIT;
    require(pw_result_init(result, &err) == 0, "making a result");
    for (int i = 0; i < 500; i++) {
        add_benchmark(result, i, &err);
    }
}

static uint64_t store_and_read_results(void)
{
    struct pw_result result = {0};
    make_result(&result);
    struct pw_strbuf json = PW_STRBUF_INIT;
    for (int i = 0; i < 3; i++) {
        pw_strbuf_clear(&json);
        pw_result_write(&result, &json);
        struct pw_result back = {0};
        struct pw_error err = PW_ERROR_INIT;
        require(pw_result_read(pw_strbuf_text(&json), json.length, "bench", &back, &err) == 0,
                "reading a result");
        pw_result_release(&back);
    }
    const uint64_t checksum = json.length;
    pw_strbuf_release(&json);
    pw_result_release(&result);
    return checksum;
}

static uint64_t decide(void)
{
    enum { SAMPLES = 50 };
    double base[SAMPLES];
    double head[SAMPLES];
    double sum = 0;
    struct pw_error err = PW_ERROR_INIT;
    for (uint64_t i = 0; i < 200; i++) {
        struct pw_mann_whitney test;
        struct pw_shift shift;
        fill(base, SAMPLES, i);
        fill(head, SAMPLES, i + 1000);
        require(pw_stats_mann_whitney(base, SAMPLES, head, SAMPLES, &test, &err) == 0,
                "the rank-sum test");
        require(pw_stats_shift(base, SAMPLES, head, SAMPLES, 0.01, &shift, &err) == 0, "the shift");
        sum += test.p_value + shift.estimate;
    }
    return (uint64_t)(sum * 1e6);
}

static uint64_t segment(void)
{
    enum { POINTS = 500 };
    double values[POINTS];
    size_t starts[POINTS];
    size_t segments = 0;
    struct pw_error err = PW_ERROR_INIT;
    uint64_t checksum = 0;
    for (uint64_t seed = 0; seed < 8; seed++) {
        fill(values, POINTS, seed);
        for (size_t i = POINTS / 2; i < POINTS; i++) {
            values[i] += 5;
        }
        require(pw_stats_potts_l1(values, POINTS, 3.0, starts, &segments, &err) == 0, "segmenting");
        checksum += segments * 1000 + starts[segments - 1];
    }
    return checksum;
}

static uint64_t render_reports(void)
{
    struct pw_result base = {0};
    struct pw_result head = {0};
    make_result(&base);
    make_result(&head);
    struct pw_comparison comparison = {0};
    struct pw_error err = PW_ERROR_INIT;
    const struct pw_gate_options options = {0};
    const struct pw_side side = {0};
    require(pw_gate_unpaired(&options, &base, &side, &head, &side, &comparison, &err) == 0,
            "comparing");
    size_t count = 0;
    const struct pw_reporter *reporters = pw_reporter_table(&count);
    const struct pw_report_options plain = {0};
    uint64_t checksum = 0;
    for (size_t i = 0; i < count * 3; i++) {
        struct pw_strbuf text = PW_STRBUF_INIT;
        require(reporters[i % count].comparison(&comparison, &plain, &text, &err) == 0,
                "rendering");
        checksum += text.length;
        pw_strbuf_release(&text);
    }
    pw_comparison_release(&comparison);
    pw_result_release(&base);
    pw_result_release(&head);
    return checksum;
}

static const struct workload workloads[] = {
    {"config", read_configurations},
    {"result", store_and_read_results},
    {"decide", decide},
    {"segment", segment},
    {"report", render_reports},
};

int main(int argc, char **argv)
{
    for (size_t i = 0; argc == 2 && i < PW_COUNT(workloads); i++) {
        if (strcmp(argv[1], workloads[i].name) == 0) {
            printf("%s %llu\n", workloads[i].name, (unsigned long long)workloads[i].run());
            return 0;
        }
    }
    fprintf(stderr, "usage: perfwarden_bench config|result|decide|segment|report\n");
    return 2;
}

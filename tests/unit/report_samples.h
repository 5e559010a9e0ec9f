/* Comparisons and results built by hand, for the tests of the reports. */
#ifndef PERFWARDEN_TESTS_REPORT_SAMPLES_H
#define PERFWARDEN_TESTS_REPORT_SAMPLES_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "perfwarden/report.h"

#define SAMPLE_ROWS 9

/** A comparison with a row of every verdict, the mildest first. */
struct sample {
    struct pw_comparison comparison;
    struct pw_comparison_row rows[SAMPLE_ROWS];
    const char *warnings[1];
};

/** A row about times of 10 ms that is allowed 5 %. @param ratio head ÷ base, NAN for unknown */
static inline struct pw_comparison_row sample_row(const char *benchmark, const char *metric,
                                                  enum pw_verdict verdict, double ratio,
                                                  const char *reason)
{
    return (struct pw_comparison_row){
        .benchmark = benchmark,
        .metric = metric,
        .unit = "ns",
        .better = PW_BETTER_LOWER,
        .verdict = verdict,
        .reason = reason,
        .base = isnan(ratio) ? NAN : 10e6,
        .head = isnan(ratio) ? NAN : 10e6 * ratio,
        .base_samples = 7,
        .head_samples = 7,
        .ratio = ratio,
        .interval = {ratio - 0.01, ratio + 0.01},
        .threshold = {metric, 0.05, NAN, NAN},
        .e_value = NAN,
        .p_value = NAN,
        .detectable = 0.03,
        .noise = 0.012,
    };
}

/** What the gate would say of the rows under the default policy. */
static inline void sample_decide(struct pw_comparison *comparison)
{
    memset(comparison->counts, 0, sizeof comparison->counts);
    comparison->verdict = PW_VERDICT_PASS;
    comparison->exit_code = PW_EXIT_PASS;
    for (size_t i = 0; i < comparison->row_count; i++) {
        enum pw_verdict verdict = comparison->rows[i].verdict;
        comparison->counts[verdict]++;
        if (verdict > comparison->verdict)
            comparison->verdict = verdict;
        if (verdict >= PW_VERDICT_MISSING)
            comparison->exit_code = PW_EXIT_UNMEASURED;
        else if (verdict == PW_VERDICT_REGRESSION && comparison->exit_code == PW_EXIT_PASS)
            comparison->exit_code = PW_EXIT_REGRESSION;
    }
}

static inline void sample_init(struct sample *sample)
{
    struct pw_comparison *comparison = &sample->comparison;
    memset(sample, 0, sizeof *sample);
    sample->rows[0] = sample_row("parse/size=1024", "wall_time", PW_VERDICT_PASS, 1.01, NULL);
    sample->rows[1] = sample_row("parse/size=2048", "wall_time", PW_VERDICT_IMPROVEMENT, 0.8,
                                 "the interval lies below no change");
    sample->rows[2] = sample_row("encode", "wall_time", PW_VERDICT_ACCEPTED, 1.1, "accepted");
    sample->rows[3] = sample_row("filtered", NULL, PW_VERDICT_SKIPPED, NAN, "not selected");
    sample->rows[4] =
        sample_row("new", "wall_time", PW_VERDICT_NO_BASELINE, NAN, "no stored session has it");
    sample->rows[5] = sample_row("noisy", "wall_time", PW_VERDICT_INCONCLUSIVE, 1.04,
                                 "could not have seen less than 7 %");
    sample->rows[6] = sample_row("decode", "wall_time", PW_VERDICT_REGRESSION, 1.25,
                                 "the interval lies above the threshold");
    sample->rows[7] = sample_row("gone", NULL, PW_VERDICT_MISSING, NAN, "not configured any more");
    sample->rows[8] = sample_row("crash", NULL, PW_VERDICT_ERROR, NAN, "ended with status 3");
    sample->warnings[0] = "the machine was busy";
    *comparison = (struct pw_comparison){
        .tool_version = "0.1.0",
        .mode = "stored",
        .config = "perfwarden.yml",
        .base = {.commit = "0123456789abcdef0123456789abcdef01234567",
                 .branch = "main",
                 .reason = "merge base with 'main'",
                 .environment_id = "e3b0c44298fc",
                 .distance = 2,
                 .sessions = 3},
        .head = {.commit = "fedcba9876543210fedcba9876543210fedcba98",
                 .branch = "topic",
                 .started_at = "2026-11-20T10:00:00Z",
                 .run_id = "01JD3Z6W6QK1V6K9M2T8C4X7RB",
                 .is_dirty = true},
        .alpha = 0.01,
        .session_noise = 0.03,
        .fail_on = PW_VERDICT_BIT(PW_VERDICT_REGRESSION) | PW_VERDICT_BIT(PW_VERDICT_ERROR) |
                   PW_VERDICT_BIT(PW_VERDICT_MISSING),
        .on_no_baseline = PW_POLICY_WARN,
        .on_inconclusive = PW_POLICY_WARN,
        .rows = sample->rows,
        .row_count = SAMPLE_ROWS,
        .warnings = sample->warnings,
        .warning_count = 1,
    };
    sample_decide(comparison);
}

#define SAMPLE_BENCHMARKS 3

/** A result with a benchmark that was measured, one that an adapter found and one that timed out.
 */
struct sample_result {
    struct pw_result result;
    struct pw_result_benchmark benchmarks[SAMPLE_BENCHMARKS];
    struct pw_series process[4];
    struct pw_series found[1];
    double times[3];
    double sizes[3];
    const char *warnings[1];
    struct pw_environment_fact facts[2];
};

static inline struct pw_series sample_series(const char *metric, const char *unit, double *samples,
                                             size_t count)
{
    return (struct pw_series){.metric = metric,
                              .unit = unit,
                              .better = PW_BETTER_LOWER,
                              .source = "clock",
                              .samples = samples,
                              .count = count,
                              .capacity = count};
}

static inline void sample_result_init(struct sample_result *sample)
{
    memset(sample, 0, sizeof *sample);
    memcpy(sample->times, (double[]){3e6, 1e6, 2e6}, sizeof sample->times);
    memcpy(sample->sizes, (double[]){2097152, 2097152, 2097152}, sizeof sample->sizes);
    sample->process[0] = sample_series("wall_time", "ns", sample->times, 3);
    sample->process[1] = sample_series("max_rss", "bytes", sample->sizes, 3);
    sample->process[2] = sample_series("cpu_time", "ns", sample->times, 3);
    sample->process[3] = sample_series("instructions", "count", NULL, 0);
    sample->found[0] = sample_series("real_time", "ns", sample->times, 2);
    sample->warnings[0] = "the first run is an outlier";
    sample->benchmarks[0] = (struct pw_result_benchmark){.id = "parse/size=1024",
                                                         .name = "parse",
                                                         .declared = "parse/size=1024",
                                                         .series = sample->process,
                                                         .series_count = 4,
                                                         .warnings = sample->warnings,
                                                         .warning_count = 1};
    sample->benchmarks[1] = (struct pw_result_benchmark){.id = "codec/BM_encode",
                                                         .name = "codec",
                                                         .declared = "codec",
                                                         .series = sample->found,
                                                         .series_count = 1};
    sample->benchmarks[2] = (struct pw_result_benchmark){.id = "hang",
                                                         .name = "hang",
                                                         .declared = "hang",
                                                         .status = PW_MEASURED_TIMEOUT,
                                                         .error = "ended after 30 s"};
    sample->facts[0] = (struct pw_environment_fact){"hostname", "builder", false};
    sample->facts[1] = (struct pw_environment_fact){"cpu_model", "a & b", true};
    sample->result = (struct pw_result){
        .tool_version = "0.1.0",
        .run_id = "01JD3Z6W6QK1V6K9M2T8C4X7RB",
        .commit = "fedcba9876543210fedcba9876543210fedcba98",
        .branch = "topic",
        .started_at = "2026-11-20T10:00:00Z",
        .environment = {.id = "e3b0c44298fc", .facts = sample->facts, .fact_count = 2},
        .benchmarks = sample->benchmarks,
        .benchmark_count = SAMPLE_BENCHMARKS};
}

/** A report by its format's name, at the end of an empty buffer. */
static inline int sample_render(const char *format, const struct pw_comparison *comparison,
                                const struct pw_report_options *options, struct pw_strbuf *out)
{
    static const struct pw_report_options plain = {.columns = 0};
    struct pw_error err = PW_ERROR_INIT;
    pw_strbuf_clear(out);
    int status =
        pw_reporter_find(format)->comparison(comparison, options ? options : &plain, out, &err);
    pw_error_release(&err);
    return status;
}

static inline int sample_render_result(const char *format, const struct pw_result *result,
                                       const struct pw_report_options *options,
                                       struct pw_strbuf *out)
{
    static const struct pw_report_options plain = {.columns = 0};
    struct pw_error err = PW_ERROR_INIT;
    pw_strbuf_clear(out);
    int status = pw_reporter_find(format)->result(result, options ? options : &plain, out, &err);
    pw_error_release(&err);
    return status;
}

/** Texts that have broken some report of some tool. */
static inline const char *const *sample_hostile_names(size_t *count)
{
    static const char *const names[] = {
        "plain",
        "",
        " blanks  inside ",
        "quotes \" and ' and ` and ```",
        "pipe | pipe \\| pipe",
        "]]> and <![CDATA[ and --> and <!--",
        "%0A::error::x %25",
        "##[add-mask]x and ##vso[task.complete]",
        "::error::x",
        "\n::error::x",
        "<script>alert(1)</script></code></details>",
        "=cmd()|' /C calc'!A0",
        "\x1B[31mred\x1B[0m\x07\x08",
        "\302\2332J c1",
        "invalid \xFF\xC3( utf-8 \xED\xA0\x80",
        "\xE2\x80\xAEright to left\xE2\x81\xA6",
        "line\nline\r\nline\tline\n\n# heading\n| a | b |\n",
        "&amp; &lt; &#10; &",
        "@everyone #1 [link](http://example.org) ![i](x) www.example.org",
        "*a* _b_ ~~c~~ $d$ **e**",
        "$(id) `id` ; rm -rf / & \\",
        "../../.git/config",
        "\xEF\xBF\xBE\xEF\xBF\xBF noncharacters \x01\x0B",
        "{\"json\": null}",
        "-- --filter=*",
        "wide \xE6\xBC\xA2\xE5\xAD\x97 \xF0\x9F\x90\x8C e\xCC\x81",
    };
    *count = PW_COUNT(names);
    return names;
}

#endif

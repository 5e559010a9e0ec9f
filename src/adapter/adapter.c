/* The table of formats, and how every format builds its output. */
#include "perfwarden/adapter.h"

#include <math.h>
#include <string.h>

#include "formats.h"

/** One row, for a format whose functions are named after it. */
#define ROW(name, function, summary)                                                               \
    {                                                                                              \
        name, summary, pw_adapter_recognise_##function, NULL, pw_adapter_parse_##function          \
    }

static const struct pw_adapter adapters[] = {
    ROW("asv", asv,
        "airspeed velocity, a file of results (.asv/results/<machine>/<commit>-<env>.json)"),
    ROW("asv-console", asv_console, "airspeed velocity, what asv run prints"),
    ROW("benchmarkdotnet", benchmarkdotnet, "BenchmarkDotNet, run with --exporters json"),
    ROW("benchmarkjs", benchmarkjs, "Benchmark.js: String(event.target) of each benchmark"),
    ROW("bmf", bmf, "Bencher Metric Format: JSON of benchmarks, each with named measures"),
    ROW("catch2", catch2, "Catch2's BENCHMARK, reporter console or xml"),
    ROW("console-time", console_time, "JavaScript's console.time and console.timeEnd"),
    ROW("criterion", criterion, "Criterion.rs: cargo bench"),
    ROW("criterion-json", criterion_json,
        "cargo criterion --message-format=json, or an estimates.json of Criterion.rs"),
    ROW("dart", dart, "Dart's benchmark_harness"),
    {"github-action-benchmark-bigger", "github-action-benchmark's customBiggerIsBetter", NULL, NULL,
     pw_adapter_parse_github_bigger},
    {"github-action-benchmark-smaller", "github-action-benchmark's customSmallerIsBetter", NULL,
     NULL, pw_adapter_parse_github_smaller},
    ROW("go-bench", go_bench, "go test -bench, any -count"),
    ROW("google-benchmark", google_benchmark, "Google Benchmark, run with --benchmark_format=json"),
    ROW("gungraun", gungraun, "gungraun or iai-callgrind: cargo bench"),
    ROW("gungraun-json", gungraun_json, "gungraun, run with --output-format=json"),
    ROW("hyperfine", hyperfine, "hyperfine, run with --export-json"),
    ROW("hyperfine-csv", hyperfine_csv, "hyperfine, run with --export-csv"),
    ROW("iai", iai, "iai: cargo bench"),
    ROW("jmh", jmh, "JMH, run with -rf json"),
    {"json", "any JSON: 'values' says where numbers stand", NULL, pw_adapter_check_json,
     pw_adapter_parse_json_values},
    ROW("julia", julia,
        "BenchmarkTools.jl, saved with BenchmarkTools.save(\"results.json\", results)"),
    ROW("junit", junit, "JUnit XML: how long each test case took"),
    ROW("libtest", libtest,
        "Rust's libtest: cargo bench; Criterion.rs with --output-format bencher"),
    ROW("luau", luau, "Luau's bench/bench.py"),
    ROW("pytest-benchmark", pytest_benchmark, "pytest-benchmark, run with --benchmark-json"),
    {"regex", "any text: 'values' has patterns with the groups name, metric, value and unit", NULL,
     pw_adapter_check_regex, pw_adapter_parse_regex},
    ROW("ruby-benchmark", ruby, "Ruby's Benchmark.bm and bmbm"),
    ROW("time", time, "time -p, GNU time, bash's and zsh's time"),
    ROW("vitest", vitest, "Vitest, bench run with --outputJson"),
};

const struct pw_adapter *pw_adapter_table(size_t *count)
{
    *count = PW_COUNT(adapters);
    return adapters;
}

const struct pw_adapter *pw_adapter_find(const char *name)
{
    for (size_t i = 0; i < PW_COUNT(adapters); i++) {
        if (strcmp(adapters[i].name, name) == 0) {
            return &adapters[i];
        }
    }
    return NULL;
}

void pw_adapter_output_release(struct pw_adapter_output *output)
{
    if (output == NULL) {
        return;
    }
    pw_arena_release(&output->arena);
    memset(output, 0, sizeof(*output));
}

int pw_adapter_add(struct pw_adapter_output *output, const struct pw_adapter_value *value,
                   struct pw_error *err)
{
    struct pw_arena *arena = &output->arena;
    struct pw_adapter_value copy = *value;
    copy.benchmark = pw_arena_strdup(arena, value->benchmark);
    copy.metric = pw_arena_strdup(arena, value->metric);
    copy.unit = pw_arena_strdup(arena, value->unit);
    if (copy.benchmark == NULL || copy.metric == NULL || copy.unit == NULL) {
        return pw_error_set_no_memory(err);
    }
    if (value->sample_count > 0) {
        double *samples = pw_arena_array(arena, value->sample_count, sizeof(*samples));
        if (samples == NULL) {
            return pw_error_set_no_memory(err);
        }
        memcpy(samples, value->samples, value->sample_count * sizeof(*samples));
        copy.samples = samples;
    }
    struct pw_adapter_value *grown =
        pw_arena_grow(arena, output->values, output->count, &output->capacity, sizeof(copy));
    if (grown == NULL) {
        return pw_error_set_no_memory(err);
    }
    output->values = grown;
    output->values[output->count++] = copy;
    return 0;
}

int pw_adapter_add_failure(struct pw_adapter_output *output, const char *benchmark,
                           const char *message, struct pw_error *err)
{
    struct pw_arena *arena = &output->arena;
    char *line = pw_arena_strdup(arena, *message == '\0' ? "without a message" : message);
    const char *name = pw_arena_strdup(arena, benchmark);
    struct pw_adapter_failure *grown = pw_arena_grow(arena, output->failures, output->failure_count,
                                                     &output->failure_capacity, sizeof(*grown));
    if (grown == NULL || line == NULL || name == NULL) {
        return pw_error_set_no_memory(err);
    }
    for (char *at = line; *at != '\0'; at++) {
        *at = (char)((unsigned char)*at < ' ' ? ' ' : *at);
    }
    output->failures = grown;
    output->failures[output->failure_count++] = (struct pw_adapter_failure){name, line};
    return 0;
}

/* The value that no harness can have measured, if there is one. */
static const struct pw_adapter_value *find_impossible(const struct pw_adapter_output *output)
{
    for (size_t i = 0; i < output->count; i++) {
        if (!isfinite(output->values[i].value)) {
            return &output->values[i];
        }
    }
    return NULL;
}

int pw_adapter_finish(const char *format, int status, struct pw_adapter_output *output,
                      struct pw_adapter_output *out, struct pw_error *err)
{
    const struct pw_adapter_value *impossible = status == 0 ? find_impossible(output) : NULL;
    if (impossible != NULL) {
        status = pw_adapter_fail(err, format, 0, "'%s' of '%s' is not a finite number",
                                 impossible->metric, impossible->benchmark);
    } else if (status == 0 && output->count == 0 && output->failure_count == 0) {
        status =
            pw_error_set(err, PW_EFORMAT, "output in format '%s' holds no measurement", format);
    }
    if (status < 0) {
        pw_adapter_output_release(output);
    } else {
        *out = *output;
    }
    return status;
}

static int fail_recognising(const char *names, size_t count, struct pw_error *err)
{
    if (count == 0) {
        return pw_error_set(err, PW_EFORMAT,
                            "no known format is recognised in the output; name it with 'format'");
    }
    return pw_error_set(err, PW_EFORMAT,
                        "the output looks like several formats, %s; name one with 'format'", names);
}

int pw_adapter_recognise(const char *text, size_t length, const struct pw_adapter **out,
                         struct pw_error *err)
{
    struct pw_strbuf names = PW_STRBUF_INIT;
    const struct pw_adapter *found = NULL;
    size_t count = 0;
    for (size_t i = 0; i < PW_COUNT(adapters); i++) {
        if (adapters[i].recognise != NULL && adapters[i].recognise(text, length)) {
            found = &adapters[i];
            pw_strbuf_printf(&names, "%s'%s'", count++ == 0 ? "" : " and ", found->name);
        }
    }
    int status = pw_strbuf_check(&names, err);
    if (status == 0 && count != 1) {
        status = fail_recognising(pw_strbuf_text(&names), count, err);
    } else if (status == 0) {
        *out = found;
    }
    pw_strbuf_release(&names);
    return status;
}

int pw_adapter_parse_json(const char *text, size_t length, const char *format, struct pw_json **out,
                          struct pw_error *err)
{
    struct pw_error cause = PW_ERROR_INIT;
    int rc = pw_json_parse(text, length, format, PW_JSON_DEFAULT, out, &cause);
    if (rc == PW_EFORMAT) {
        pw_error_set(err, PW_EFORMAT, "output is not in format '%s': line %u, column %u: %s",
                     format, cause.line, cause.column, pw_error_message(&cause));
    } else if (rc < 0) {
        pw_error_set_no_memory(err);
    }
    pw_error_release(&cause);
    return rc;
}

bool pw_adapter_has_member(const char *text, size_t length, char begin, const char *member)
{
    const size_t name_length = strlen(member);
    size_t at = strspn(text, " \t\r\n");
    if (at >= length || text[at] != begin) {
        return false;
    }
    while (at + name_length + 2 <= length) {
        const char *quote = memchr(text + at, '"', length - at);
        if (quote == NULL) {
            return false;
        }
        at = (size_t)(quote - text) + 1;
        if (at + name_length < length && memcmp(text + at, member, name_length) == 0 &&
            text[at + name_length] == '"') {
            at += name_length + 1;
            at += strspn(text + at, " \t\r\n");
            if (at < length && text[at] == ':') {
                return true;
            }
        }
    }
    return false;
}

/* The benchmarks of a result, read without a tree: see read_lean.c. */
#include <stddef.h>
#include <string.h>

#include "internal.h"
#include "read_lean.h"

/* One metric on its way. */
struct series_draft {
    struct pw_series series;
    bool has_better;
    const struct pw_series *known; /**< the metric at the same place of the benchmark before: its
                                      texts are likely the same */
};

static bool keep_slice(struct pw_lean *lean, const char *known, const char **out)
{
    struct pw_slice text;

    return pw_plain_slice(&lean->plain, &text) &&
           ((text.length > 0 && pw_plain_keep(&lean->plain, &text, known, out)) ||
            pw_plain_fail(&lean->plain));
}

static bool read_unit(struct pw_lean *lean, void *field)
{
    struct series_draft *draft = field;
    const char *known = draft->known == NULL ? NULL : draft->known->unit;

    return keep_slice(lean, known, &draft->series.unit);
}

static bool read_source(struct pw_lean *lean, void *field)
{
    struct series_draft *draft = field;
    const char *known = draft->known == NULL ? NULL : draft->known->source;

    return keep_slice(lean, known, &draft->series.source);
}

static bool read_better(struct pw_lean *lean, void *field)
{
    static const enum pw_better all[] = {PW_BETTER_LOWER, PW_BETTER_HIGHER};
    struct series_draft *draft = field;
    struct pw_slice text;

    if (!pw_plain_slice(&lean->plain, &text)) {
        return false;
    }
    for (size_t i = 0; i < PW_COUNT(all); i++) {
        if (pw_slice_is(&text, pw_better_name(all[i]))) {
            draft->series.better = all[i];
            draft->has_better = true;
            return true;
        }
    }
    return pw_plain_fail(&lean->plain);
}

static bool read_samples(struct pw_lean *lean, void *field)
{
    struct pw_lean_scratch *scratch = &lean->scratch;
    struct pw_series *series = &((struct series_draft *)field)->series;
    struct pw_plain *plain = &lean->plain;
    bool is_first = true;
    size_t count = 0;

    if (!pw_plain_open(plain, '[')) {
        return false;
    }
    while (pw_plain_more(plain, ']', &is_first)) {
        double *grown =
            pw_lean_grow(lean, scratch->samples, count, &scratch->sample_capacity, sizeof(*grown));
        if (grown == NULL || !pw_plain_number(plain, &grown[count])) {
            return false;
        }
        scratch->samples = grown;
        count++;
    }
    series->samples = pw_lean_take(lean, scratch->samples, count, sizeof(*series->samples));
    series->count = count;
    series->capacity = count;
    return series->samples != NULL;
}

static const struct pw_lean_member series_members[] = {
    {"unit", read_unit, 0, true},
    {"better", read_better, 0, false},
    {"source", read_source, 0, false},
    {"samples", read_samples, 0, true},
    {"null_reason", pw_lean_optional_text, offsetof(struct series_draft, series.null_reason),
     false},
};

static bool finish_series(struct pw_lean *lean, struct series_draft *draft)
{
    struct pw_series *series = &draft->series;

    if (series->count > 0 && (!draft->has_better || series->null_reason != NULL)) {
        return pw_plain_fail(&lean->plain);
    }
    if (!draft->has_better) {
        const struct pw_metric_info *info = pw_metric_find(series->metric);
        series->better = info == NULL ? PW_BETTER_LOWER : info->better;
    }
    return true;
}

/* The benchmark read before, NULL for the first. */
static const struct pw_result_benchmark *last_benchmark(const struct pw_lean *lean)
{
    const size_t count = lean->result->benchmark_count;

    return count == 0 ? NULL : &lean->scratch.benchmarks[count - 1];
}

static bool is_metric_name(const struct pw_lean *lean, const struct pw_slice *name, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (pw_slice_is(name, lean->scratch.series[i].metric)) {
            return false;
        }
    }
    return name->length > 0 && count < PW_LEAN_MAX_NAMES;
}

/* One metric behind its name, into the scratch place that was made for it. */
static bool read_series(struct pw_lean *lean, const struct pw_slice *name, size_t at)
{
    const struct pw_result_benchmark *last = last_benchmark(lean);
    struct series_draft draft = {
        .known = last != NULL && at < last->series_count ? &last->series[at] : NULL};

    if (!is_metric_name(lean, name, at) ||
        !pw_plain_keep(&lean->plain, name, draft.known == NULL ? NULL : draft.known->metric,
                       &draft.series.metric)) {
        return pw_plain_fail(&lean->plain);
    }
    if (!pw_lean_object(lean, series_members, PW_COUNT(series_members), &draft) ||
        !finish_series(lean, &draft)) {
        return false;
    }
    lean->scratch.series[at] = draft.series;
    return true;
}

static bool read_metrics(struct pw_lean *lean, void *field)
{
    struct pw_result_benchmark *benchmark = field;
    struct pw_lean_scratch *scratch = &lean->scratch;
    struct pw_plain *plain = &lean->plain;
    struct pw_slice name;
    bool is_first = true;
    size_t count = 0;

    if (!pw_plain_open(plain, '{')) {
        return false;
    }
    while (pw_plain_more(plain, '}', &is_first)) {
        struct pw_series *grown =
            pw_lean_grow(lean, scratch->series, count, &scratch->series_capacity, sizeof(*grown));
        if (grown == NULL) {
            return false;
        }
        scratch->series = grown;
        if (!pw_plain_key(plain, &name) || !read_series(lean, &name, count)) {
            return false;
        }
        count++;
    }
    benchmark->series = pw_lean_take(lean, scratch->series, count, sizeof(*benchmark->series));
    benchmark->series_count = count;
    benchmark->series_capacity = count;
    return benchmark->series != NULL;
}

static bool add_param(struct pw_lean *lean, const struct pw_slice *name, size_t at)
{
    struct pw_lean_scratch *scratch = &lean->scratch;
    struct pw_result_param *grown =
        pw_lean_grow(lean, scratch->params, at, &scratch->param_capacity, sizeof(*grown));

    if (grown == NULL || at == PW_LEAN_MAX_NAMES) {
        return pw_plain_fail(&lean->plain);
    }
    scratch->params = grown;
    for (size_t i = 0; i < at; i++) {
        if (pw_slice_is(name, grown[i].name)) {
            return pw_plain_fail(&lean->plain);
        }
    }
    return pw_plain_keep(&lean->plain, name, NULL, &grown[at].name) &&
           pw_plain_string(&lean->plain, &grown[at].value);
}

static bool read_params(struct pw_lean *lean, void *field)
{
    struct pw_result_benchmark *benchmark = field;
    struct pw_plain *plain = &lean->plain;
    struct pw_slice name;
    bool is_first = true;
    size_t count = 0;

    if (!pw_plain_open(plain, '{')) {
        return false;
    }
    while (pw_plain_more(plain, '}', &is_first)) {
        if (!pw_plain_key(plain, &name) || !add_param(lean, &name, count)) {
            return false;
        }
        count++;
    }
    benchmark->params = pw_lean_take(lean, lean->scratch.params, count, sizeof(*benchmark->params));
    benchmark->param_count = count;
    return benchmark->params != NULL;
}

static bool read_command(struct pw_lean *lean, void *field)
{
    struct pw_result_benchmark *benchmark = field;

    return pw_lean_texts(lean, &benchmark->command, &benchmark->command_count);
}

static bool read_warnings(struct pw_lean *lean, void *field)
{
    struct pw_result_benchmark *benchmark = field;

    if (!pw_lean_texts(lean, &benchmark->warnings, &benchmark->warning_count)) {
        return false;
    }
    benchmark->warning_capacity = benchmark->warning_count;
    return true;
}

static bool read_time(struct pw_lean *lean, void *field)
{
    double *value = field;

    return pw_plain_number(&lean->plain, value) && (*value >= 0.0 || pw_plain_fail(&lean->plain));
}

static bool read_shell(struct pw_lean *lean, void *field)
{
    static const struct pw_lean_member members[] = {
        {"path", pw_lean_text, offsetof(struct pw_result_shell, path), true},
        {"wall_ns", read_time, offsetof(struct pw_result_shell, wall_ns), true},
        {"user_ns", read_time, offsetof(struct pw_result_shell, user_ns), true},
        {"system_ns", read_time, offsetof(struct pw_result_shell, system_ns), true},
    };
    struct pw_result_benchmark *benchmark = field;
    struct pw_result_shell shell = {.path = NULL};

    if (!pw_lean_object(lean, members, PW_COUNT(members), &shell)) {
        return false;
    }
    benchmark->shell = pw_lean_take(lean, &shell, 1, sizeof(shell));
    return benchmark->shell != NULL;
}

static bool read_methods(struct pw_lean *lean, void *field)
{
    static const struct pw_lean_member members[] = {
        {"ending", pw_lean_optional_text, offsetof(struct pw_result_methods, ending), false},
        {"memory_limit", pw_lean_optional_text, offsetof(struct pw_result_methods, memory), false},
        {"cpu_limit", pw_lean_optional_text, offsetof(struct pw_result_methods, cpu), false},
    };

    return pw_lean_object(lean, members, PW_COUNT(members), field);
}

static bool read_pairing(struct pw_lean *lean, void *field)
{
    struct pw_slice pairing;

    if (!pw_plain_slice(&lean->plain, &pairing)) {
        return false;
    }
    *(bool *)field = pw_slice_is(&pairing, PW_RESULT_INTERLEAVED);
    return true;
}

static bool read_status(struct pw_lean *lean, void *field)
{
    const char *status = NULL;

    return pw_plain_string(&lean->plain, &status) &&
           (pw_measured_from_name(status, field) || pw_plain_fail(&lean->plain));
}

static bool skip_context(struct pw_lean *lean, void *field)
{
    struct pw_plain *plain = &lean->plain;
    struct pw_slice name;
    bool is_first = true;
    unsigned long seen = 0;
    size_t at = 0;
    double ignored;

    (void)field;
    if (!pw_plain_open(plain, '{')) {
        return false;
    }
    while (pw_plain_more(plain, '}', &is_first)) {
        if (!pw_plain_key(plain, &name) || !pw_context_find(name.text, name.length, &at) ||
            (seen & 1ul << at) != 0 || !pw_plain_number(plain, &ignored)) {
            return pw_plain_fail(plain);
        }
        seen |= 1ul << at;
    }
    return !plain->has_failed;
}

static const struct pw_lean_member benchmark_members[] = {
    {"id", pw_lean_text, offsetof(struct pw_result_benchmark, id), true},
    {"name", pw_lean_text, offsetof(struct pw_result_benchmark, name), true},
    {"declared", pw_lean_optional_text, offsetof(struct pw_result_benchmark, declared), false},
    {"params", read_params, 0, false},
    {"command", read_command, 0, false},
    {"shell", read_shell, 0, false},
    {"methods", read_methods, offsetof(struct pw_result_benchmark, methods), false},
    {"pairing", read_pairing, offsetof(struct pw_result_benchmark, is_interleaved), false},
    {"status", read_status, offsetof(struct pw_result_benchmark, status), true},
    {"error", pw_lean_optional_text, offsetof(struct pw_result_benchmark, error), false},
    {"warnings", read_warnings, 0, false},
    {"context", skip_context, 0, false},
    {"metrics", read_metrics, 0, true},
};

static bool read_benchmark(struct pw_lean *lean, struct pw_result_benchmark *out)
{
    struct pw_result_benchmark fresh;

    memset(&fresh, 0, sizeof(fresh));
    if (!pw_lean_object(lean, benchmark_members, PW_COUNT(benchmark_members), &fresh)) {
        return false;
    }
    if (fresh.status == PW_MEASURED_OK && fresh.error != NULL) {
        return pw_plain_fail(&lean->plain);
    }
    if (fresh.declared == NULL) {
        fresh.declared = fresh.id;
    }
    *out = fresh;
    return true;
}

bool pw_lean_benchmarks(struct pw_lean *lean, void *field)
{
    struct pw_lean_scratch *scratch = &lean->scratch;
    struct pw_result *result = field;
    struct pw_plain *plain = &lean->plain;
    bool is_first = true;

    if (!pw_plain_open(plain, '[')) {
        return false;
    }
    while (pw_plain_more(plain, ']', &is_first)) {
        struct pw_result_benchmark *grown =
            pw_lean_grow(lean, scratch->benchmarks, result->benchmark_count,
                         &scratch->benchmark_capacity, sizeof(*grown));
        if (grown == NULL) {
            return false;
        }
        scratch->benchmarks = grown;
        if (!read_benchmark(lean, &grown[result->benchmark_count])) {
            return false;
        }
        result->benchmark_count++;
    }
    result->benchmarks = pw_lean_take(lean, scratch->benchmarks, result->benchmark_count,
                                      sizeof(*result->benchmarks));
    result->benchmark_capacity = result->benchmark_count;
    return result->benchmarks != NULL;
}

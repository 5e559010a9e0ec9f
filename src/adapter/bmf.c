/*
 * Bencher Metric Format: {"benchmark": {"measure": {"value": 1.5}}}. The bounds a measure may carry
 * (lower_value, upper_value) come from inside one process and are checked but not used.
 */
#include <string.h>

#include "formats.h"

#define FORMAT "bmf"

/** What a measure of a known name is. */
struct measure {
    const char *name;
    const char *unit;
    enum pw_better better;
};

static const struct measure known_measures[] = {
    {"latency", "ns", PW_BETTER_LOWER},
    {"throughput", "1/s", PW_BETTER_HIGHER},
};

static const struct measure other_measure = {"", "count", PW_BETTER_LOWER};

static const struct measure *find_measure(const char *name)
{
    for (size_t i = 0; i < PW_COUNT(known_measures); i++) {
        if (strcmp(known_measures[i].name, name) == 0) {
            return &known_measures[i];
        }
    }
    return &other_measure;
}

static int fail(struct pw_error *err, const char *benchmark, const char *measure,
                const char *problem)
{
    return pw_error_set(err, PW_EFORMAT, "output is not in format '" FORMAT "': '%s.%s' %s",
                        benchmark, measure, problem);
}

/* A bound is a number where it is given. */
static bool is_bound(const struct pw_json *measure, const char *key)
{
    const struct pw_json *bound = pw_json_get(measure, key);
    double ignored = 0;
    return bound == NULL || pw_json_type(bound) == PW_JSON_NULL || pw_json_number(bound, &ignored);
}

static int add_measure(const char *benchmark, const struct pw_json *measure,
                       struct pw_adapter_output *out, struct pw_error *err)
{
    const char *name = pw_json_key(measure);
    const struct measure *kind = find_measure(name);
    double number = 0;
    if (*name == '\0') {
        return fail(err, benchmark, name, "has no name");
    }
    if (!pw_json_number(pw_json_get(measure, "value"), &number)) {
        return fail(err, benchmark, name, "has no number as its 'value'");
    }
    if (!is_bound(measure, "lower_value") || !is_bound(measure, "upper_value")) {
        return fail(err, benchmark, name, "has a bound that is not a number");
    }
    struct pw_adapter_value value = {.benchmark = benchmark,
                                     .metric = name,
                                     .unit = kind->unit,
                                     .better = kind->better,
                                     .value = number};
    return pw_adapter_add(out, &value, err);
}

static int add_benchmark(const struct pw_json *benchmark, struct pw_adapter_output *out,
                         struct pw_error *err)
{
    const char *name = pw_json_key(benchmark);
    if (*name == '\0' || pw_json_type(benchmark) != PW_JSON_OBJECT ||
        pw_json_first(benchmark) == NULL) {
        return pw_error_set(err, PW_EFORMAT,
                            "output is not in format '" FORMAT
                            "': benchmark '%s' is not a named object of measures",
                            name);
    }
    int rc = 0;
    for (const struct pw_json *measure = pw_json_first(benchmark); measure != NULL && rc == 0;
         measure = pw_json_next(measure)) {
        rc = add_measure(name, measure, out, err);
    }
    return rc;
}

static int add_document(const struct pw_json *document, struct pw_adapter_output *out,
                        struct pw_error *err)
{
    if (pw_json_type(document) != PW_JSON_OBJECT || pw_json_first(document) == NULL) {
        return pw_error_set(err, PW_EFORMAT,
                            "output is not in format '" FORMAT
                            "': expected an object of at least one benchmark");
    }
    int rc = 0;
    for (const struct pw_json *benchmark = pw_json_first(document); benchmark != NULL && rc == 0;
         benchmark = pw_json_next(benchmark)) {
        rc = add_benchmark(benchmark, out, err);
    }
    return rc;
}

/* Measures are objects with a "value": no other format of objects in objects has that. */
bool pw_adapter_recognise_bmf(const char *text, size_t length)
{
    return pw_adapter_has_member(text, length, '{', "value") &&
           !pw_adapter_has_member(text, length, '{', "benchmarks");
}

int pw_adapter_parse_bmf(const char *text, size_t length,
                         const struct pw_adapter_settings *settings, struct pw_adapter_output *out,
                         struct pw_error *err)
{
    struct pw_adapter_output output = {.values = NULL};
    struct pw_json *document = NULL;
    (void)settings;
    int status = pw_adapter_parse_json(text, length, FORMAT, &document, err);
    if (status == 0) {
        status = add_document(document, &output, err);
    }
    pw_json_free(document);
    return pw_adapter_finish(FORMAT, status, &output, out, err);
}

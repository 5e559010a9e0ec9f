/*
 * Bencher Metric Format: {"benchmark": {"measure": {"value": 1.5}}}. The bounds that a measure may
 * carry are metrics "<measure>/lower" and "<measure>/upper". The format names no units; those of
 * Bencher's own measures are known.
 */
#include <string.h>

#include "formats.h"

#define FORMAT "bmf"

/** What a measure of a known name is. */
struct measure {
    const char *name;
    const char *unit; /**< base unit */
    enum pw_better better;
    double factor; /**< base units in one of Bencher's */
};

static const struct measure known_measures[] = {
    {"build-time", "ns", PW_BETTER_LOWER, 1e9}, /* in seconds */
    {"file-size", "bytes", PW_BETTER_LOWER, 1},
    {"latency", "ns", PW_BETTER_LOWER, 1},
    {"throughput", "1/s", PW_BETTER_HIGHER, 1},
};

static const struct measure other_measure = {"", "count", PW_BETTER_LOWER, 1};

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

/** The numbers a measure may have. */
static const struct {
    const char *key;
    const char *suffix;
} numbers[] = {{"value", ""}, {"lower_value", "/lower"}, {"upper_value", "/upper"}};

/* @param number  NULL and null for none */
static int add_number(const char *benchmark, const char *name, const struct pw_json *number,
                      const char *suffix, struct pw_adapter_output *out, struct pw_error *err)
{
    const struct measure *kind = find_measure(name);
    struct pw_adapter_value value = {
        .benchmark = benchmark, .metric = name, .unit = kind->unit, .better = kind->better};
    if (number == NULL || pw_json_type(number) == PW_JSON_NULL) {
        return 0;
    }
    if (!pw_json_number(number, &value.value)) {
        return fail(err, benchmark, name, "has a bound that is not a number");
    }
    value.value *= kind->factor;
    if (*suffix != '\0') {
        value.metric = pw_arena_printf(&out->arena, "%s%s", name, suffix);
    }
    return value.metric == NULL ? pw_error_set_no_memory(err) : pw_adapter_add(out, &value, err);
}

static int add_measure(const char *benchmark, const struct pw_json *measure,
                       struct pw_adapter_output *out, struct pw_error *err)
{
    const char *name = pw_json_key(measure);
    double ignored = 0;
    if (*name == '\0') {
        return fail(err, benchmark, name, "has no name");
    }
    if (!pw_json_number(pw_json_get(measure, "value"), &ignored)) {
        return fail(err, benchmark, name, "has no number as its 'value'");
    }
    int status = 0;
    for (size_t i = 0; status == 0 && i < PW_COUNT(numbers); i++) {
        status = add_number(benchmark, name, pw_json_get(measure, numbers[i].key),
                            numbers[i].suffix, out, err);
    }
    return status;
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

/* Behind a string, and what stands behind that; NULL where there is neither. */
static const char *skip_key(const char *at, char behind)
{
    static const char blanks[] = " \t\r\n";
    at += strspn(at, blanks);
    if (*at != '"') {
        return NULL;
    }
    for (at++; *at != '"'; at++) {
        at += *at == '\\' && at[1] != '\0';
        if (*at == '\0') {
            return NULL;
        }
    }
    at++;
    at += strspn(at, blanks);
    if (*at != ':') {
        return NULL;
    }
    at++;
    at += strspn(at, blanks);
    return *at == behind ? at + 1 : NULL;
}

/* {"name": {"measure": {"value" or a bound: no other format of objects in objects has these. */
bool pw_adapter_recognise_bmf(const char *text, size_t length)
{
    const char *at = text + strspn(text, " \t\r\n");
    (void)length;
    at = *at == '{' ? skip_key(at + 1, '{') : NULL;
    at = at == NULL ? NULL : skip_key(at, '{');
    if (at == NULL) {
        return false;
    }
    at += strspn(at, " \t\r\n");
    for (size_t i = 0; i < PW_COUNT(numbers); i++) {
        const size_t key = strlen(numbers[i].key);
        if (*at == '"' && strncmp(at + 1, numbers[i].key, key) == 0 && at[1 + key] == '"') {
            return true;
        }
    }
    return false;
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

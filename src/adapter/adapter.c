/* The table of formats, and how every format builds its output. */
#include "perfwarden/adapter.h"

#include <string.h>

#include "formats.h"

static const struct pw_adapter adapters[] = {
    {"bmf", "Bencher Metric Format: JSON of benchmarks, each with named measures",
     pw_adapter_parse_bmf},
    {"google-benchmark", "Google Benchmark, run with --benchmark_format=json",
     pw_adapter_parse_google_benchmark},
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
    struct pw_adapter_value copy = *value;
    copy.benchmark = pw_arena_strdup(&output->arena, value->benchmark);
    copy.metric = pw_arena_strdup(&output->arena, value->metric);
    if (copy.benchmark == NULL || copy.metric == NULL) {
        return pw_error_set_no_memory(err);
    }
    struct pw_adapter_value *grown = pw_arena_grow(&output->arena, output->values, output->count,
                                                   &output->capacity, sizeof(copy));
    if (grown == NULL) {
        return pw_error_set_no_memory(err);
    }
    output->values = grown;
    output->values[output->count++] = copy;
    return 0;
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

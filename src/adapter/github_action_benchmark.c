/*
 * The two custom formats of github-action-benchmark: a list of {"name", "unit", "value"}, of which
 * either the smaller or the bigger is better. A unit that is known makes the metric "time",
 * "throughput" or "value" in base units; any other stays as it is. A range ("± 3%", "0.5") that
 * is a number is "…/range", in the unit of the value or, where it is a percentage, as a ratio.
 *
 * The two look alike, so nobody recognises them.
 */
#include <string.h>

#include "json_members.h"

#define SMALLER "github-action-benchmark-smaller"
#define BIGGER  "github-action-benchmark-bigger"

/** Units in words, as people write them there. */
static const struct {
    const char *word;
    const char *unit;
} words[] = {
    {"Percent", "%"},       {"percent", "%"},       {"Bytes", "bytes"},     {"Kilobytes", "KB"},
    {"kilobytes", "KB"},    {"Megabytes", "MB"},    {"megabytes", "MB"},    {"Gigabytes", "GB"},
    {"gigabytes", "GB"},    {"Seconds", "s"},       {"Milliseconds", "ms"}, {"milliseconds", "ms"},
    {"Microseconds", "us"}, {"microseconds", "us"}, {"Nanoseconds", "ns"},  {"nanoseconds", "ns"},
};

static const struct pw_adapter_unit *find_unit(const char *name)
{
    for (size_t i = 0; i < PW_COUNT(words); i++) {
        if (strcmp(words[i].word, name) == 0) {
            name = words[i].unit;
            break;
        }
    }
    return pw_adapter_find_unit(name, strlen(name));
}

static const char *name_metric(const struct pw_adapter_unit *unit)
{
    if (unit != NULL && strcmp(unit->base, "ns") == 0) {
        return "time";
    }
    const bool is_rate = unit != NULL && unit->better == PW_BETTER_HIGHER;
    return is_rate ? "throughput" : "value";
}

/* @param[out] is_ratio  the number is a percentage */
static bool read_range(const struct pw_json *range, double *out, bool *is_ratio)
{
    static const char *const signs[] = {"\xC2\xB1", "+/-", "+-"};
    const char *at = pw_json_string(range);
    *is_ratio = false;
    if (at == NULL) {
        return pw_json_number(range, out);
    }
    at = pw_adapter_skip_blanks(at);
    for (size_t i = 0; i < PW_COUNT(signs); i++) {
        if (strncmp(at, signs[i], strlen(signs[i])) == 0) {
            at = pw_adapter_skip_blanks(at + strlen(signs[i]));
            break;
        }
    }
    if (!pw_adapter_read_number(&at, out)) {
        return false;
    }
    at = pw_adapter_skip_blanks(at);
    *is_ratio = *at == '%';
    return at[*is_ratio ? 1 : 0] == '\0';
}

static int add_range(const struct pw_json *entry, const struct pw_adapter_value *value,
                     const struct pw_adapter_unit *unit, struct pw_adapter_output *output,
                     struct pw_error *err)
{
    struct pw_adapter_value range = *value;
    bool is_ratio = false;
    if (!read_range(pw_json_get(entry, "range"), &range.value, &is_ratio)) {
        return 0; /* any text may stand there */
    }
    range.better = PW_BETTER_LOWER;
    range.metric = pw_arena_printf(&output->arena, "%s/range", value->metric);
    if (range.metric == NULL) {
        return pw_error_set_no_memory(err);
    }
    if (is_ratio) {
        range.unit = "ratio";
        range.value /= 100;
    } else if (unit != NULL) {
        range.value = pw_adapter_to_base(unit, range.value);
    }
    return pw_adapter_add(output, &range, err);
}

static int add_entry(const char *format, enum pw_better better, const struct pw_json *entry,
                     struct pw_adapter_output *output, struct pw_error *err)
{
    const char *name = pw_adapter_member_text(entry, "name");
    const char *unit_name = pw_adapter_member_text(entry, "unit");
    double number = 0;
    if (name == NULL || *name == '\0') {
        return pw_adapter_fail(err, format, 0, "an entry has no 'name'");
    }
    if (!pw_json_number(pw_json_get(entry, "value"), &number)) {
        return pw_adapter_fail(err, format, 0, "'%s' has no number as its 'value'", name);
    }
    if (unit_name == NULL || *unit_name == '\0') {
        unit_name = "count";
    }
    const struct pw_adapter_unit *unit = find_unit(unit_name);
    const struct pw_adapter_value value = {
        .benchmark = name,
        .metric = name_metric(unit),
        .unit = unit == NULL ? unit_name : unit->base,
        .better = better,
        .value = unit == NULL ? number : pw_adapter_to_base(unit, number),
    };
    const int status = pw_adapter_add(output, &value, err);
    return status == 0 ? add_range(entry, &value, unit, output, err) : status;
}

static int read_list(const char *format, enum pw_better better, const struct pw_json *document,
                     struct pw_adapter_output *output, struct pw_error *err)
{
    int status = 0;
    if (pw_json_type(document) != PW_JSON_ARRAY) {
        return pw_adapter_fail(err, format, 0, "expected a list of entries");
    }
    for (const struct pw_json *entry = pw_json_first(document); status == 0 && entry != NULL;
         entry = pw_json_next(entry)) {
        status = add_entry(format, better, entry, output, err);
    }
    return status;
}

static int read_smaller(const struct pw_json *document, struct pw_adapter_output *output,
                        struct pw_error *err)
{
    return read_list(SMALLER, PW_BETTER_LOWER, document, output, err);
}

static int read_bigger(const struct pw_json *document, struct pw_adapter_output *output,
                       struct pw_error *err)
{
    return read_list(BIGGER, PW_BETTER_HIGHER, document, output, err);
}

int pw_adapter_parse_github_smaller(const char *text, size_t length,
                                    const struct pw_adapter_settings *settings,
                                    struct pw_adapter_output *out, struct pw_error *err)
{
    (void)settings;
    return pw_adapter_parse_document(SMALLER, text, length, read_smaller, out, err);
}

int pw_adapter_parse_github_bigger(const char *text, size_t length,
                                   const struct pw_adapter_settings *settings,
                                   struct pw_adapter_output *out, struct pw_error *err)
{
    (void)settings;
    return pw_adapter_parse_document(BIGGER, text, length, read_bigger, out, err);
}

/*
 * Any JSON, by paths to its numbers. A list of numbers at a path is samples of one benchmark; the
 * name of a benchmark is found from the object or list that has the number.
 */
#include <string.h>

#include "formats.h"

#define FORMAT "json"

/** A rule with its paths, while its values are looked for. */
struct rule {
    const struct pw_value_rule *rule;
    struct pw_adapter_json_path path;
    struct pw_adapter_json_path benchmark;
    struct pw_adapter_samples *samples;
    const char *name; /**< that the benchmark's path led to; borrowed from the document */
};

static int read_rule(const struct pw_value_rule *rule, struct pw_arena *arena, struct rule *out,
                     struct pw_error *err)
{
    out->rule = rule;
    int status = pw_adapter_read_path(rule->path, false, arena, &out->path, err);
    if (status == 0 && rule->benchmark != NULL) {
        status = pw_adapter_read_path(rule->benchmark, true, arena, &out->benchmark, err);
    }
    return status;
}

int pw_adapter_check_json(const struct pw_adapter_settings *settings, struct pw_error *err)
{
    struct pw_arena arena = {NULL};
    struct rule rule;
    int status = 0;
    for (size_t i = 0; status == 0 && i < settings->rule_count; i++) {
        status = read_rule(&settings->rules[i], &arena, &rule, err);
    }
    pw_arena_release(&arena);
    return status;
}

static int take_name(void *context, struct pw_adapter_place *place, struct pw_error *err)
{
    struct rule *rule = context;
    (void)err;
    if (rule->name == NULL) {
        rule->name = pw_json_string(place->values[place->depth]);
    }
    return 0;
}

/* From what has the number: a number itself has no members. */
static int find_name(struct rule *rule, const struct pw_adapter_place *place, struct pw_error *err)
{
    struct pw_adapter_place from = *place;
    from.depth -= from.depth > 0;
    from.name = (struct pw_strbuf)PW_STRBUF_INIT;
    rule->name = NULL;
    int status = pw_adapter_walk_path(&rule->benchmark, &from, take_name, rule, err);
    if (status == 0) {
        status = pw_strbuf_check(&from.name, err);
    }
    pw_strbuf_release(&from.name);
    if (status == 0 && rule->name == NULL) {
        status = pw_adapter_fail(err, FORMAT, 0, "no name at '%s' for a value at '%s'",
                                 rule->rule->benchmark, rule->rule->path);
    }
    return status;
}

static int add_number(const struct rule *rule, const struct pw_json *value, struct pw_error *err)
{
    double number = 0;
    if (!pw_json_number(value, &number)) {
        return pw_adapter_fail(err, FORMAT, 0, "expected a number or a list of them at '%s'",
                               rule->rule->path);
    }
    return pw_adapter_add_by_rule(rule->samples, rule->rule, rule->name, NULL, NULL, number, err);
}

static int take_value(void *context, struct pw_adapter_place *place, struct pw_error *err)
{
    struct rule *rule = context;
    const struct pw_json *value = place->values[place->depth];
    int status = pw_strbuf_check(&place->name, err);
    if (status == 0 && rule->rule->benchmark != NULL) {
        status = find_name(rule, place, err);
    } else {
        rule->name = pw_strbuf_text(&place->name);
    }
    if (status != 0 || pw_json_type(value) != PW_JSON_ARRAY) {
        return status == 0 ? add_number(rule, value, err) : status;
    }
    for (const struct pw_json *item = pw_json_first(value); item != NULL && status == 0;
         item = pw_json_next(item)) {
        status = add_number(rule, item, err);
    }
    return status;
}

static int apply_rule(const struct pw_value_rule *settings, const struct pw_json *document,
                      struct pw_adapter_samples *samples, struct pw_error *err)
{
    struct pw_arena arena = {NULL};
    struct rule rule = {.samples = samples};
    struct pw_adapter_place place = {.values = {document}};
    const size_t before = samples->count;
    int status = read_rule(settings, &arena, &rule, err);
    if (status == 0) {
        status = pw_adapter_walk_path(&rule.path, &place, take_value, &rule, err);
    }
    if (status == 0 && samples->count == before) {
        status = pw_adapter_fail(err, FORMAT, 0, "there is nothing at '%s'", settings->path);
    }
    pw_strbuf_release(&place.name);
    pw_arena_release(&arena);
    return status;
}

int pw_adapter_parse_json_values(const char *text, size_t length,
                                 const struct pw_adapter_settings *settings,
                                 struct pw_adapter_output *out, struct pw_error *err)
{
    struct pw_adapter_output output = {.values = NULL};
    struct pw_adapter_samples samples = {.items = NULL};
    struct pw_json *document = NULL;
    int status = pw_adapter_parse_json(text, length, FORMAT, &document, err);
    for (size_t i = 0; status == 0 && settings != NULL && i < settings->rule_count; i++) {
        status = apply_rule(&settings->rules[i], document, &samples, err);
    }
    if (status == 0) {
        status = pw_adapter_samples_summarise(&samples, &output, err);
    }
    pw_adapter_samples_release(&samples);
    pw_json_free(document);
    return pw_adapter_finish(FORMAT, status, &output, out, err);
}

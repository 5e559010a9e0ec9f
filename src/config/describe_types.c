/*
 * How the value of each type looks in a JSON Schema: one function per type.
 */
#include "describe.h"

#define NUMBER     "\\+?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?"
#define IDENTIFIER "^[A-Za-z_][A-Za-z0-9_]*$"

typedef void put_fn(struct pw_json_writer *json, const struct pw_schema_key *key);

/* What the definition of a section is called. */
static const char *title_of(enum pw_section section)
{
    size_t count = 0;
    const struct pw_schema_section *sections = pw_schema_is_accepted(section)
                                                   ? pw_schema_accepted_sections(&count)
                                                   : pw_schema_sections(&count);
    for (size_t i = 0; i < count; i++) {
        if (sections[i].id == section) {
            return sections[i].title;
        }
    }
    return "";
}

/* "$ref" to the definition of a section. */
static void put_reference(struct pw_json_writer *json, enum pw_section section)
{
    struct pw_strbuf reference = PW_STRBUF_INIT;
    pw_strbuf_printf(&reference, "#/$defs/%s", title_of(section));
    pw_json_put_string(json, "$ref", pw_strbuf_text(&reference));
    pw_strbuf_release(&reference);
}

/* Editors type plain scalars, so a text may look like a number or a boolean to them. */
static void put_text(struct pw_json_writer *json, const struct pw_schema_key *key)
{
    (void)key;
    pw_json_begin_compact_array(json, "type");
    pw_json_put_string(json, NULL, "string");
    pw_json_put_string(json, NULL, "number");
    pw_json_put_string(json, NULL, "boolean");
    pw_json_end(json);
}

static void put_ref(struct pw_json_writer *json, const struct pw_schema_key *key)
{
    (void)key;
    pw_json_put_string(json, "type", "string");
    pw_json_put_string(json, "pattern", "^refs/.");
}

static void put_integer(struct pw_json_writer *json, const struct pw_schema_key *key)
{
    pw_json_put_string(json, "type", "integer");
    pw_json_put_double(json, "minimum", pw_schema_number(key->min));
    pw_json_put_double(json, "maximum", pw_schema_number(key->max));
}

static void put_duration(struct pw_json_writer *json, const struct pw_schema_key *key)
{
    (void)key;
    pw_json_put_string(json, "type", "string");
    pw_json_put_string(json, "pattern", "^" NUMBER " *(ns|us|\xC2\xB5s|ms|s|min|h)$");
}

static void put_bytes(struct pw_json_writer *json, const struct pw_schema_key *key)
{
    (void)key;
    pw_json_put_string(json, "type", "string");
    pw_json_put_string(json, "pattern", "^(none|" NUMBER " *(B|KB|KiB|MB|MiB|GB|GiB))$");
}

static void put_number_or_text(struct pw_json_writer *json)
{
    pw_json_begin_compact_array(json, "type");
    pw_json_put_string(json, NULL, "number");
    pw_json_put_string(json, NULL, "string");
    pw_json_end(json);
}

static void put_number(struct pw_json_writer *json, const struct pw_schema_key *key)
{
    put_number_or_text(json);
    pw_json_put_double(json, "minimum", pw_schema_number(key->min));
    pw_json_put_double(json, "maximum", pw_schema_number(key->max));
    pw_json_put_string(json, "pattern", "^(none|" NUMBER ")$");
}

static void put_ratio(struct pw_json_writer *json, const struct pw_schema_key *key)
{
    put_number_or_text(json);
    pw_json_put_double(json, "exclusiveMinimum", pw_schema_number(key->min));
    pw_json_put_double(json, "exclusiveMaximum", pw_schema_number(key->max));
    pw_json_put_string(json, "pattern", "^" NUMBER "( *%)?$");
}

static void put_share(struct pw_json_writer *json, const struct pw_schema_key *key)
{
    put_number_or_text(json);
    pw_json_put_double(json, "exclusiveMinimum", pw_schema_number(key->min));
    pw_json_put_double(json, "exclusiveMaximum", pw_schema_number(key->max));
    pw_json_put_string(json, "pattern", "^(none|" NUMBER "( *%)?)$");
}

static void put_quantity(struct pw_json_writer *json, const struct pw_schema_key *key)
{
    (void)key;
    put_number_or_text(json);
}

static void put_choice(struct pw_json_writer *json, const struct pw_schema_key *key)
{
    pw_json_begin_compact_array(json, "enum");
    for (size_t i = 0; i < key->words->count; i++) {
        pw_json_put_string(json, NULL, key->words->items[i].name);
    }
    pw_json_end(json);
}

/* An array of what `put_item` describes. */
static void put_array(struct pw_json_writer *json, const struct pw_schema_key *key, uint64_t least,
                      put_fn *put_item)
{
    pw_json_put_string(json, "type", "array");
    if (least > 0) {
        pw_json_put_uint64(json, "minItems", least);
    }
    pw_json_begin_object(json, "items");
    put_item(json, key);
    pw_json_end(json);
}

static void put_choices(struct pw_json_writer *json, const struct pw_schema_key *key)
{
    put_array(json, key, 0, put_choice);
}

static void put_texts(struct pw_json_writer *json, const struct pw_schema_key *key)
{
    put_array(json, key, 1, put_text);
}

static void put_child(struct pw_json_writer *json, const struct pw_schema_key *key)
{
    put_reference(json, key->child);
}

static void put_children(struct pw_json_writer *json, const struct pw_schema_key *key)
{
    put_array(json, key, 1, put_child);
}

/* "anyOf" two forms. */
static void put_either(struct pw_json_writer *json, const struct pw_schema_key *key, put_fn *one,
                       put_fn *other)
{
    pw_json_begin_array(json, "anyOf");
    pw_json_begin_object(json, NULL);
    one(json, key);
    pw_json_end(json);
    pw_json_begin_object(json, NULL);
    other(json, key);
    pw_json_end(json);
    pw_json_end(json);
}

static void put_text_or_texts(struct pw_json_writer *json, const struct pw_schema_key *key)
{
    put_either(json, key, put_text, put_texts);
}

static void put_integer_list(struct pw_json_writer *json, const struct pw_schema_key *key)
{
    put_array(json, key, 1, put_integer);
    pw_json_put_bool(json, "uniqueItems", true);
}

static void put_integers(struct pw_json_writer *json, const struct pw_schema_key *key)
{
    put_either(json, key, put_integer, put_integer_list);
}

static void put_runs(struct pw_json_writer *json, const struct pw_schema_key *key)
{
    put_either(json, key, put_integer, put_child);
}

static void put_metric(struct pw_json_writer *json, const struct pw_schema_key *key)
{
    size_t count = 0;
    const struct pw_metric_info *metrics = pw_metric_catalogue(&count);
    (void)key;
    pw_json_begin_array(json, "enum");
    for (size_t i = 0; i < count; i++) {
        pw_json_put_string(json, NULL, metrics[i].name);
    }
    pw_json_end(json);
}

static void put_metrics(struct pw_json_writer *json, const struct pw_schema_key *key)
{
    put_array(json, key, 1, put_metric);
    pw_json_put_bool(json, "uniqueItems", true);
}

static void put_threshold(struct pw_json_writer *json, const struct pw_schema_key *key)
{
    put_either(json, key, put_quantity, put_child);
}

static void put_thresholds(struct pw_json_writer *json, const struct pw_schema_key *key)
{
    size_t count = 0;
    const struct pw_metric_info *metrics = pw_metric_catalogue(&count);
    pw_json_put_string(json, "type", "object");
    pw_json_put_uint64(json, "minProperties", 1);
    pw_json_begin_object(json, "properties");
    for (size_t i = 0; i < count; i++) {
        pw_json_begin_object(json, metrics[i].name);
        pw_json_put_string(json, "description", metrics[i].summary);
        put_threshold(json, key);
        pw_json_end(json);
    }
    pw_json_end(json);
    pw_json_begin_object(json, "additionalProperties");
    put_threshold(json, key);
    pw_json_end(json);
}

/* A mapping whose names the user chooses, from identifiers to what `put_value` describes. */
static void put_named(struct pw_json_writer *json, const struct pw_schema_key *key,
                      put_fn *put_value)
{
    pw_json_put_string(json, "type", "object");
    pw_json_put_uint64(json, "minProperties", 1);
    pw_json_begin_object(json, "propertyNames");
    pw_json_put_string(json, "pattern", IDENTIFIER);
    pw_json_end(json);
    pw_json_begin_object(json, "additionalProperties");
    put_value(json, key);
    pw_json_end(json);
}

static void put_env(struct pw_json_writer *json, const struct pw_schema_key *key)
{
    put_named(json, key, put_text);
}

static void put_params(struct pw_json_writer *json, const struct pw_schema_key *key)
{
    put_named(json, key, put_text_or_texts);
}

static void put_cpu(struct pw_json_writer *json, const struct pw_schema_key *key)
{
    (void)key;
    pw_json_begin_compact_array(json, "type");
    pw_json_put_string(json, NULL, "integer");
    pw_json_put_string(json, NULL, "string");
    pw_json_end(json);
    pw_json_put_double(json, "minimum", 0);
    pw_json_put_double(json, "maximum", 1023);
    pw_json_put_string(json, "pattern", "^(all|[0-9]+(-[0-9]+)?(, *[0-9]+(-[0-9]+)?)*)$");
}

static void put_cpu_list(struct pw_json_writer *json, const struct pw_schema_key *key)
{
    put_array(json, key, 1, put_cpu);
}

static void put_cpus(struct pw_json_writer *json, const struct pw_schema_key *key)
{
    put_either(json, key, put_cpu, put_cpu_list);
}

static void put_place(struct pw_json_writer *json, const struct pw_schema_key *key)
{
    put_text(json, key);
    pw_json_put_string(json, "pattern", "^[^/]");
}

static void put_places(struct pw_json_writer *json, const struct pw_schema_key *key)
{
    put_array(json, key, 1, put_place);
}

static void put_bound(struct pw_json_writer *json, const struct pw_schema_key *key)
{
    (void)key;
    put_number_or_text(json);
    pw_json_put_string(json, "pattern", "^[+-]");
}

static void put_date(struct pw_json_writer *json, const struct pw_schema_key *key)
{
    (void)key;
    pw_json_put_string(json, "type", "string");
    pw_json_put_string(json, "pattern", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$");
}

static void put_true(struct pw_json_writer *json, const struct pw_schema_key *key)
{
    (void)key;
    pw_json_put_bool(json, "const", true);
}

static void put_any_children(struct pw_json_writer *json, const struct pw_schema_key *key)
{
    put_array(json, key, 0, put_child);
}

static put_fn *const writers[PW_TYPE_COUNT] = {
    [PW_TYPE_NAME] = put_text,
    [PW_TYPE_REF] = put_ref,
    [PW_TYPE_PATH] = put_text,
    [PW_TYPE_DIRECTORY] = put_text,
    [PW_TYPE_PLACES] = put_places,
    [PW_TYPE_INTEGER] = put_integer,
    [PW_TYPE_INTEGERS] = put_integers,
    [PW_TYPE_DURATION] = put_duration,
    [PW_TYPE_BYTES] = put_bytes,
    [PW_TYPE_NUMBER] = put_number,
    [PW_TYPE_CPUS] = put_cpus,
    [PW_TYPE_RATIO] = put_ratio,
    [PW_TYPE_SHARE] = put_share,
    [PW_TYPE_BOUND] = put_bound,
    [PW_TYPE_DATE] = put_date,
    [PW_TYPE_TRUE] = put_true,
    [PW_TYPE_CHOICE] = put_choice,
    [PW_TYPE_CHOICES] = put_choices,
    [PW_TYPE_TEXTS] = put_texts,
    [PW_TYPE_NAMES] = put_text_or_texts,
    [PW_TYPE_COMMAND] = put_text_or_texts,
    [PW_TYPE_RUNS] = put_runs,
    [PW_TYPE_METRICS] = put_metrics,
    [PW_TYPE_THRESHOLDS] = put_thresholds,
    [PW_TYPE_QUANTITY] = put_quantity,
    [PW_TYPE_ENV] = put_env,
    [PW_TYPE_PARAMS] = put_params,
    [PW_TYPE_GROUP] = put_child,
    [PW_TYPE_ANCHOR] = put_child,
    [PW_TYPE_GROUPS] = put_children,
    [PW_TYPE_ACCEPTED] = put_any_children,
    [PW_TYPE_VALUES] = put_children,
};

void pw_describe_type(struct pw_json_writer *json, const struct pw_schema_key *key)
{
    writers[key->type](json, key);
}

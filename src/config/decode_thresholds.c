/*
 * Thresholds: per metric a relative change, an absolute one, a limit, in units that fit the metric.
 * A number without a unit is refused where it could mean two things.
 */
#include <math.h>
#include <string.h>

#include "decode.h"
#include "perfwarden/util/text.h"

/* The largest relative change: 100000 %. */
#define MAX_INCREASE 1000.0

/* A metric's absolute values: those of a built-in one are known, others may be anything. */
struct unit_rule {
    enum pw_quantity quantity;
    bool is_any;
};

struct quantity_words {
    const char *phrase;
    const char *example;
};

static const struct quantity_words words_of[] = {
    [PW_QUANTITY_COUNT] = {"a number such as 100", "100"},
    [PW_QUANTITY_RATIO] = {"a ratio such as 5%", "5%"},
    [PW_QUANTITY_DURATION] = {"a duration such as 200us", "200us"},
    [PW_QUANTITY_BYTES] = {"a size such as 64MiB", "64MiB"},
};

static const char *absolute_phrase(struct unit_rule rule)
{
    return rule.is_any ? "a quantity such as 200us, 64MiB or 100" : words_of[rule.quantity].phrase;
}

/* A bare number fits counts, and a ratio where no other ratio is meant. */
static bool is_fitting(struct unit_rule rule, enum pw_quantity quantity)
{
    return rule.is_any || quantity == rule.quantity ||
           (rule.quantity == PW_QUANTITY_RATIO && quantity == PW_QUANTITY_COUNT);
}

static bool refuse(struct pw_decoder *decoder, struct pw_located value, const char *expected,
                   bool lacks_unit)
{
    struct pw_reading *reading = decoder->reading;
    PW_DECODE_MISTAKE(decoder, value.node, "'%s' expects %s, not '%s'%s", value.path, expected,
                      pw_reading_shorten(reading, value.node->text),
                      lacks_unit ? ", which has no unit" : "");
    return false;
}

/* "0.05" may be meant as 0.05 % or as 5 %: offer both. */
static bool refuse_bare_increase(struct pw_decoder *decoder, struct pw_located value, double number)
{
    char literal[PW_DOUBLE_TEXT_SIZE];
    char scaled[PW_DOUBLE_TEXT_SIZE];
    pw_format_double(number, literal);
    pw_format_double(number * 100, scaled);
    if (number > 0 && number < 1) {
        PW_DECODE_MISTAKE(decoder, value.node, "'%s' has no unit, write '%s%%' or '%s%%'",
                          value.path, scaled, literal);
    } else {
        PW_DECODE_MISTAKE(decoder, value.node, "'%s' has no unit, write '%s%%'", value.path,
                          literal);
    }
    return false;
}

static bool read_increase(struct pw_decoder *decoder, struct pw_located value, double *out)
{
    enum pw_quantity quantity = PW_QUANTITY_COUNT;
    double number = 0;
    const bool is_number = pw_parse_quantity(value.node->text, &number, &quantity, NULL) == PW_OK;
    if (is_number && quantity == PW_QUANTITY_COUNT) {
        return refuse_bare_increase(decoder, value, number);
    }
    if (!is_number || quantity != PW_QUANTITY_RATIO) {
        return refuse(decoder, value, "a ratio such as 5%", false);
    }
    if (number <= 0 || number > MAX_INCREASE) {
        return refuse(decoder, value, "a ratio above 0% and up to 100000%", false);
    }
    *out = number;
    return true;
}

static bool read_absolute(struct pw_decoder *decoder, struct pw_located value,
                          struct unit_rule rule, bool may_be_zero, double *out)
{
    enum pw_quantity quantity = PW_QUANTITY_COUNT;
    double number = 0;
    const bool is_number = pw_parse_quantity(value.node->text, &number, &quantity, NULL) == PW_OK;
    if (!is_number || !is_fitting(rule, quantity)) {
        return refuse(decoder, value, absolute_phrase(rule),
                      is_number && quantity == PW_QUANTITY_COUNT);
    }
    if (number < 0 || (number <= 0 && !may_be_zero)) {
        return refuse(decoder, value, may_be_zero ? "0 or more" : "more than 0", false);
    }
    *out = number;
    return true;
}

/* The short form: "5%" is an increase, "200us" an absolute change. */
static bool read_scalar(struct pw_decoder *decoder, struct pw_located value, struct unit_rule rule,
                        struct pw_threshold *out)
{
    enum pw_quantity quantity = PW_QUANTITY_COUNT;
    double number = 0;
    const bool is_number = pw_parse_quantity(value.node->text, &number, &quantity, NULL) == PW_OK;
    if (is_number && quantity == PW_QUANTITY_RATIO) {
        return read_increase(decoder, value, &out->increase_ratio);
    }
    if (is_number && (rule.is_any || quantity == rule.quantity)) {
        return read_absolute(decoder, value, rule, false, &out->at_least);
    }
    const bool has_absolute = rule.is_any || rule.quantity != PW_QUANTITY_RATIO;
    const char *expected =
        pw_arena_printf(decoder->reading->arena, "a ratio such as 5%%%s%s",
                        has_absolute ? " or " : "", has_absolute ? absolute_phrase(rule) : "");
    if (expected == NULL) {
        return pw_reading_no_memory(decoder->reading);
    }
    return refuse(decoder, value, expected, is_number && quantity == PW_QUANTITY_COUNT);
}

static bool read_parts(struct pw_decoder *decoder, const struct pw_schema_key *key,
                       struct pw_located value, struct unit_rule rule, struct pw_threshold *out)
{
    struct pw_threshold_parts parts = {{NULL, NULL}, {NULL, NULL}, {NULL, NULL}};
    const size_t found = decoder->reading->found;
    if (!pw_decode_is_map(decoder, key, value.node, value.path)) {
        return false;
    }
    pw_decode_section(decoder, key->child, value.node, value.path, &parts);
    bool is_right = decoder->reading->found == found;
    if (parts.increase.node != NULL) {
        is_right &= read_increase(decoder, parts.increase, &out->increase_ratio);
    }
    if (parts.at_least.node != NULL) {
        is_right &= read_absolute(decoder, parts.at_least, rule, false, &out->at_least);
    }
    if (parts.limit.node != NULL) {
        is_right &= read_absolute(decoder, parts.limit, rule, true, &out->limit);
    }
    return is_right;
}

static bool read_threshold(struct pw_decoder *decoder, const struct pw_schema_key *key,
                           struct pw_located value, struct pw_threshold *out)
{
    const struct pw_metric_info *info = pw_metric_find(value.node->key);
    const struct unit_rule rule = {info == NULL ? PW_QUANTITY_COUNT : info->quantity, info == NULL};
    *out = (struct pw_threshold){value.node->key, NAN, NAN, NAN};
    if (value.node->kind == PW_YAML_MAP) {
        return read_parts(decoder, key, value, rule, out);
    }
    if (value.node->kind != PW_YAML_SCALAR || (value.node->text[0] == '\0')) {
        return pw_decode_refuse_as(decoder, value.node, value.path,
                                   "a threshold such as 5% or a mapping");
    }
    return read_scalar(decoder, value, rule, out);
}

static struct pw_declared_threshold *find(struct pw_declared_threshold *items, size_t count,
                                          const char *metric)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(items[i].threshold.metric, metric) == 0) {
            return &items[i];
        }
    }
    return NULL;
}

/* What is there, less the built-in ones, with room for more; NULL when memory ran out. They hold
 * only where nothing is configured. */
static struct pw_declared_threshold *copy_configured(struct pw_decoder *decoder,
                                                     const struct pw_declared_thresholds *old,
                                                     size_t more, size_t *count)
{
    struct pw_declared_threshold *items =
        pw_arena_array(decoder->reading->arena, old->count + more, sizeof(*items));
    *count = 0;
    if (items == NULL) {
        pw_reading_no_memory(decoder->reading);
        return NULL;
    }
    for (size_t i = 0; i < old->count; i++) {
        if (old->items[i].level != PW_LEVEL_BUILT_IN || decoder->level == PW_LEVEL_BUILT_IN) {
            items[(*count)++] = old->items[i];
        }
    }
    return items;
}

void pw_decode_thresholds(struct pw_decoder *decoder, const struct pw_schema_key *key,
                          const struct pw_yaml_node *node, const char *path, void *slot)
{
    struct pw_declared_thresholds *thresholds = slot;
    size_t count = 0;
    if (!pw_decode_is_map(decoder, key, node, path)) {
        return;
    }
    if (node->count > PW_DECODE_MAX_MERGED) {
        PW_DECODE_MISTAKE(decoder, node, "'%s' has %zu members, the limit is %d", path, node->count,
                          PW_DECODE_MAX_MERGED);
        return;
    }
    struct pw_declared_threshold *items = copy_configured(decoder, thresholds, node->count, &count);
    if (items == NULL) {
        return;
    }
    for (const struct pw_yaml_node *member = node->first; member != NULL; member = member->next) {
        const struct pw_located value = {member, pw_decode_member_path(decoder, path, member->key)};
        struct pw_threshold read;
        if (!pw_decode_is_name(decoder, member->key, member->key_line, member->key_column,
                               value.path) ||
            !read_threshold(decoder, key, value, &read)) {
            continue;
        }
        struct pw_declared_threshold *old = find(items, count, member->key);
        struct pw_declared_threshold *target = old != NULL ? old : &items[count++];
        *target = (struct pw_declared_threshold){read, decoder->level, member, path};
    }
    *thresholds = (struct pw_declared_thresholds){items, count};
}

/* Any name may be that of a metric which the benchmark reports itself, in its output or its metrics
 * file; one that is nearly a built-in one is more likely a slip. */
static bool is_near_built_in(const char *metric)
{
    size_t count = 0;
    const struct pw_metric_info *catalogue = pw_metric_catalogue(&count);

    for (size_t i = 0; i < count; i++) {
        const char *const candidate = catalogue[i].name;

        if (pw_text_nearest(metric, &candidate, 1) != NULL) {
            return true;
        }
    }
    return false;
}

void pw_thresholds_check(struct pw_decoder *decoder,
                         const struct pw_declared_thresholds *thresholds, enum pw_level level)
{
    for (size_t i = 0; i < thresholds->count; i++) {
        const struct pw_declared_threshold *item = &thresholds->items[i];
        if (item->level == level && pw_metric_find(item->threshold.metric) == NULL &&
            is_near_built_in(item->threshold.metric)) {
            pw_decode_unknown_metric(decoder, item->threshold.metric, item->node->key_line,
                                     item->node->key_column, item->path, "");
        }
    }
}

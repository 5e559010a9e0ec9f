/* Values that a program names itself: single ones, samples, series over steps; by variant and
 * worker. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "formats.h"
#include "metrics_reader.h"

enum { QUOTED_BYTES = 60 };

/** What belongs to the lines with "record": a value of this name would be mistaken for theirs. */
static bool is_reserved(struct pw_metrics_text name)
{
    static const char *const PREFIXES[] = {"op/",     "cache/",   "bandwidth/", "bytes/",
                                           "errors/", "counter/", "gauge/",     "memory/"};

    for (size_t i = 0; i < PW_COUNT(PREFIXES); i++) {
        const size_t length = strlen(PREFIXES[i]);

        if (name.length >= length && memcmp(name.data, PREFIXES[i], length) == 0) {
            return true;
        }
    }
    return false;
}

static bool check_name(struct pw_metrics_reader *reader, struct pw_metrics_text name)
{
    size_t count = 0;
    const struct pw_metric_info *catalogue = pw_metric_catalogue(&count);

    for (size_t i = 0; i < count; i++) {
        if (pw_metrics_is(name, catalogue[i].name)) {
            return pw_metrics_refuse(reader, "'%s' is a metric that perfwarden itself measures",
                                     catalogue[i].name);
        }
    }
    return !is_reserved(name) ||
           pw_metrics_refuse(reader, "'%.*s' begins as the metrics of a 'record' do",
                             (int)(name.length < QUOTED_BYTES ? name.length : QUOTED_BYTES),
                             name.data);
}

static int compare_members(const void *left, const void *right)
{
    const struct pw_metrics_text *a = &((const struct pw_metrics_member *)left)->name;
    const struct pw_metrics_text *b = &((const struct pw_metrics_member *)right)->name;
    const int order = memcmp(a->data, b->data, a->length < b->length ? a->length : b->length);

    return order != 0 ? order : (a->length > b->length) - (a->length < b->length);
}

/** The labels: those of a variant as "tier=l1,zone=a", and the worker. */
static bool take_labels(struct pw_metrics_reader *reader, struct pw_metrics_text *variant,
                        struct pw_metrics_text *worker)
{
    struct pw_metrics_object labels;

    *worker = (struct pw_metrics_text){"", 0};
    *variant = *worker;
    if (pw_metrics_member(&reader->line, "labels") == NULL) {
        return true;
    }
    if (!pw_metrics_take_texts(reader, "labels", &labels)) {
        return false;
    }
    pw_strbuf_clear(&reader->variant);
    qsort(labels.members, labels.count, sizeof(labels.members[0]), compare_members);
    for (size_t i = 0; i < labels.count; i++) {
        const struct pw_metrics_member *label = &labels.members[i];

        if (pw_metrics_is(label->name, "worker")) {
            *worker = label->item.text;
            continue;
        }
        if (reader->variant.length > 0) {
            pw_strbuf_putc(&reader->variant, ',');
        }
        pw_strbuf_append(&reader->variant, label->name.data, label->name.length);
        pw_strbuf_putc(&reader->variant, '=');
        pw_strbuf_append(&reader->variant, label->item.text.data, label->item.text.length);
    }
    if (pw_strbuf_failed(&reader->variant)) {
        return pw_metrics_fail_memory(reader);
    }
    *variant = (struct pw_metrics_text){pw_strbuf_text(&reader->variant), reader->variant.length};
    return true;
}

/** Go through "samples". @param entry NULL only looks whether they are numbers */
static bool walk_samples(struct pw_metrics_reader *reader, const struct pw_metrics_item *samples,
                         struct pw_metrics_entry *entry)
{
    struct pw_metrics_cursor inner = reader->cursor;
    struct pw_metrics_item item;
    bool is_first = true;
    size_t count = 0;

    inner.at = samples->text.data;
    inner.end = inner.at + samples->text.length;
    if (samples->type != PW_METRICS_ARRAY || !pw_metrics_open_array(&inner)) {
        return pw_metrics_refuse(reader, "'samples' is not an array");
    }
    while (pw_metrics_next(&inner, &is_first, &item)) {
        if (item.type != PW_METRICS_NUMBER) {
            return pw_metrics_refuse(reader, "'samples' has an element that is not a number");
        }
        if (entry != NULL && !pw_metrics_add_sample(reader, entry, item.number)) {
            return false;
        }
        count++;
    }
    return count > 0 || pw_metrics_refuse(reader, "'samples' is empty");
}

/** What the line measures; looked at as a whole before any of it is kept. */
struct measured {
    const struct pw_metrics_item *samples;
    const struct pw_metrics_item *step;
    double value;
};

static bool take_measured(struct pw_metrics_reader *reader, struct measured *out)
{
    out->samples = pw_metrics_member(&reader->line, "samples");
    out->step = pw_metrics_member(&reader->line, "step");
    if (out->samples == NULL) {
        if (out->step != NULL && out->step->type != PW_METRICS_NUMBER) {
            return pw_metrics_refuse(reader, "'step' is not a number");
        }
        return pw_metrics_take_number(reader, "value", &out->value);
    }
    if (pw_metrics_member(&reader->line, "value") != NULL || out->step != NULL) {
        return pw_metrics_refuse(reader, "'samples' stands beside 'value' or 'step'");
    }
    return walk_samples(reader, out->samples, NULL);
}

static bool take_better(struct pw_metrics_reader *reader, enum pw_better *out, bool *is_there)
{
    struct pw_metrics_text text;

    *is_there = pw_metrics_member(&reader->line, "better") != NULL;
    if (!*is_there) {
        return true;
    }
    if (!pw_metrics_take_text(reader, "better", true, &text)) {
        return false;
    }
    *out = pw_metrics_is(text, "higher") ? PW_BETTER_HIGHER : PW_BETTER_LOWER;
    return pw_metrics_is(text, "higher") || pw_metrics_is(text, "lower") ||
           pw_metrics_refuse(reader, "'better' is neither 'lower' nor 'higher'");
}

static bool add_measured(struct pw_metrics_reader *reader, struct pw_metrics_entry *entry,
                         const struct measured *measured)
{
    if ((measured->step != NULL && entry->sample_count > 0) ||
        (measured->step == NULL && entry->point_count > 0)) {
        return pw_metrics_refuse(reader, "'%.*s' stands with a 'step' on some lines only",
                                 QUOTED_BYTES, entry->name);
    }
    if (measured->samples != NULL) {
        return walk_samples(reader, measured->samples, entry);
    }
    if (measured->step != NULL) {
        return pw_metrics_add_point(reader, entry, measured->step->number, measured->value);
    }
    return pw_metrics_add_sample(reader, entry, measured->value);
}

/** The entry of a worker, which hangs on that of the same metric without one: they share a unit. */
static struct pw_metrics_entry *find_entry(struct pw_metrics_reader *reader,
                                           struct pw_metrics_text name,
                                           struct pw_metrics_text variant,
                                           struct pw_metrics_text worker,
                                           struct pw_metrics_entry **group)
{
    struct pw_metrics_entry *entry;

    *group =
        pw_metrics_entry(reader, PW_METRICS_VALUE, name, variant, (struct pw_metrics_text){"", 0});
    if (*group == NULL || worker.length == 0) {
        return *group;
    }
    entry = pw_metrics_entry(reader, PW_METRICS_VALUE, name, variant, worker);
    if (entry != NULL && !entry->is_listed) {
        entry->is_listed = true;
        entry->next_worker = (*group)->next_worker;
        (*group)->next_worker = entry;
    }
    return entry;
}

bool pw_metrics_read_value(struct pw_metrics_reader *reader)
{
    struct pw_metrics_text name;
    struct pw_metrics_text unit;
    struct pw_metrics_text variant;
    struct pw_metrics_text worker;
    struct measured measured = {.value = 0};
    struct pw_metrics_entry *entry;
    struct pw_metrics_entry *group;
    enum pw_better better = PW_BETTER_LOWER;
    bool has_better = false;

    if (!pw_metrics_take_text(reader, "metric", true, &name) || !check_name(reader, name) ||
        !pw_metrics_take_text(reader, "unit", false, &unit) ||
        !take_better(reader, &better, &has_better) || !take_measured(reader, &measured) ||
        !take_labels(reader, &variant, &worker)) {
        return false;
    }
    entry = find_entry(reader, name, variant, worker, &group);
    return entry != NULL && pw_metrics_set_unit(reader, group, unit, has_better ? &better : NULL) &&
           pw_metrics_set_unit(reader, entry, unit, has_better ? &better : NULL) &&
           add_measured(reader, entry, &measured);
}

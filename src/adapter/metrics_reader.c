/* Looking up what a metrics file tells of, and taking members of its lines. */
#include "metrics_reader.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "formats.h"

/** A power of two, more than twice PW_METRICS_MAX_NAMES. */
enum { SLOTS = 16384, NAME_MAX_BYTES = 1024, QUOTED_BYTES = 60 };

bool pw_metrics_refuse(struct pw_metrics_reader *reader, const char *format, ...)
{
    struct pw_strbuf text = PW_STRBUF_INIT;
    va_list args;

    if (reader->out.bad_lines < PW_METRICS_NAMED_LINES) {
        va_start(args, format);
        pw_strbuf_vprintf(&text, format, args);
        va_end(args);
        reader->problem = pw_arena_strdup(&reader->work, pw_strbuf_text(&text));
        reader->is_out_of_memory =
            reader->is_out_of_memory || reader->problem == NULL || pw_strbuf_failed(&text);
        pw_strbuf_release(&text);
    }
    return false;
}

bool pw_metrics_fail_memory(struct pw_metrics_reader *reader)
{
    reader->is_out_of_memory = true;
    return false;
}

/** FNV-1a, with the length behind each text so that none runs into the next. */
static uint64_t hash_text(uint64_t hash, struct pw_metrics_text text)
{
    for (size_t i = 0; i < text.length; i++) {
        hash = (hash ^ (unsigned char)text.data[i]) * UINT64_C(1099511628211);
    }
    return (hash ^ text.length) * UINT64_C(1099511628211);
}

static struct pw_metrics_entry *add_entry(struct pw_metrics_reader *reader,
                                          enum pw_metrics_kind kind, struct pw_metrics_text name,
                                          struct pw_metrics_text extra,
                                          struct pw_metrics_text worker)
{
    struct pw_metrics_entry *entry = pw_arena_alloc(&reader->work, sizeof(*entry));
    struct pw_metrics_entry **grown = pw_arena_grow(
        &reader->work, (void *)reader->entries, reader->count, &reader->capacity, sizeof(*grown));

    if (entry == NULL || grown == NULL) {
        pw_metrics_fail_memory(reader);
        return NULL;
    }
    reader->entries = grown;
    entry->kind = kind;
    entry->name = pw_arena_strndup(&reader->work, name.data, name.length);
    entry->extra = pw_arena_strndup(&reader->work, extra.data, extra.length);
    entry->worker = pw_arena_strndup(&reader->work, worker.data, worker.length);
    if (entry->name == NULL || entry->extra == NULL || entry->worker == NULL) {
        pw_metrics_fail_memory(reader);
        return NULL;
    }
    grown[reader->count++] = entry;
    return entry;
}

struct pw_metrics_entry *pw_metrics_entry(struct pw_metrics_reader *reader,
                                          enum pw_metrics_kind kind, struct pw_metrics_text name,
                                          struct pw_metrics_text extra,
                                          struct pw_metrics_text worker)
{
    uint64_t hash = hash_text(UINT64_C(14695981039346656037) + (unsigned)kind, name);
    struct pw_metrics_entry *entry;
    size_t slot;

    hash = hash_text(hash_text(hash, extra), worker);
    if (reader->slots == NULL) {
        reader->slots = pw_arena_array(&reader->work, SLOTS, sizeof(*reader->slots));
    }
    if (reader->slots == NULL) {
        pw_metrics_fail_memory(reader);
        return NULL;
    }
    for (slot = hash % SLOTS; reader->slots[slot] != 0; slot = (slot + 1) % SLOTS) {
        entry = reader->entries[reader->slots[slot] - 1];
        if (entry->hash == hash && entry->kind == kind && pw_metrics_is(name, entry->name) &&
            pw_metrics_is(extra, entry->extra) && pw_metrics_is(worker, entry->worker)) {
            return entry;
        }
    }
    if (reader->count == PW_METRICS_MAX_NAMES) {
        pw_metrics_refuse(reader, "more than %d different names", PW_METRICS_MAX_NAMES);
        return NULL;
    }
    entry = add_entry(reader, kind, name, extra, worker);
    if (entry != NULL) {
        entry->hash = hash;
        reader->slots[slot] = reader->count;
    }
    return entry;
}

static bool has_control_character(struct pw_metrics_text text)
{
    for (size_t i = 0; i < text.length; i++) {
        if ((unsigned char)text.data[i] < ' ' || text.data[i] == 0x7f) {
            return true;
        }
    }
    return false;
}

static bool check_text(struct pw_metrics_reader *reader, const char *name,
                       const struct pw_metrics_item *item, bool is_required)
{
    if (item->type != PW_METRICS_STRING) {
        return pw_metrics_refuse(reader, "'%s' is not a string", name);
    }
    if (item->text.length == 0 && is_required) {
        return pw_metrics_refuse(reader, "'%s' is empty", name);
    }
    if (item->text.length > NAME_MAX_BYTES) {
        return pw_metrics_refuse(reader, "'%s' has more than %d bytes", name, NAME_MAX_BYTES);
    }
    /* What went wrong may be told in several lines; they are joined where they are handed out. */
    return strcmp(name, "message") == 0 || !has_control_character(item->text) ||
           pw_metrics_refuse(reader, "'%s' has a control character", name);
}

bool pw_metrics_take_text(struct pw_metrics_reader *reader, const char *name, bool is_required,
                          struct pw_metrics_text *out)
{
    const struct pw_metrics_item *item = pw_metrics_member(&reader->line, name);

    *out = (struct pw_metrics_text){"", 0};
    if (item == NULL) {
        return !is_required || pw_metrics_refuse(reader, "'%s' is missing", name);
    }
    if (!check_text(reader, name, item, is_required)) {
        return false;
    }
    *out = item->text;
    return true;
}

bool pw_metrics_take_number(struct pw_metrics_reader *reader, const char *name, double *out)
{
    const struct pw_metrics_item *item = pw_metrics_member(&reader->line, name);

    if (item == NULL) {
        return pw_metrics_refuse(reader, "'%s' is missing", name);
    }
    *out = item->number;
    return item->type == PW_METRICS_NUMBER ||
           pw_metrics_refuse(reader, "'%s' is not a number", name);
}

bool pw_metrics_take_count(struct pw_metrics_reader *reader, const char *name, uint64_t *out)
{
    const struct pw_metrics_item *item = pw_metrics_member(&reader->line, name);

    if (item == NULL) {
        return pw_metrics_refuse(reader, "'%s' is missing", name);
    }
    if (item->type != PW_METRICS_NUMBER || !item->is_integer ||
        (item->is_negative && item->magnitude > 0)) {
        return pw_metrics_refuse(reader, "'%s' is not an integer from 0", name);
    }
    *out = item->magnitude;
    return true;
}

bool pw_metrics_take_texts(struct pw_metrics_reader *reader, const char *name,
                           struct pw_metrics_object *out)
{
    const struct pw_metrics_item *item = pw_metrics_member(&reader->line, name);
    struct pw_metrics_cursor inner = reader->cursor;

    out->count = 0;
    if (item == NULL) {
        return true;
    }
    inner.at = item->text.data;
    inner.end = inner.at + item->text.length;
    if (item->type != PW_METRICS_OBJECT || !pw_metrics_read_object(&inner, out)) {
        return pw_metrics_refuse(reader, "'%s' is not an object of up to %d strings", name,
                                 PW_METRICS_MAX_MEMBERS);
    }
    reader->cursor.scratch = inner.scratch;
    for (size_t i = 0; i < out->count; i++) {
        const struct pw_metrics_item as_item = {.type = PW_METRICS_STRING,
                                                .text = out->members[i].name};

        if (!check_text(reader, name, &as_item, true) ||
            !check_text(reader, name, &out->members[i].item, false)) {
            return false;
        }
    }
    return true;
}

bool pw_metrics_to_base(struct pw_metrics_reader *reader, const struct pw_metrics_entry *entry,
                        double *value)
{
    if (entry->known != NULL) {
        *value = pw_adapter_to_base(entry->known, *value);
    }
    return isfinite(*value) || pw_metrics_refuse(reader, "a value is too large for its unit");
}

bool pw_metrics_add_sample(struct pw_metrics_reader *reader, struct pw_metrics_entry *entry,
                           double value)
{
    double *grown;

    if (!pw_metrics_to_base(reader, entry, &value)) {
        return false;
    }
    grown = pw_arena_grow(&reader->work, entry->samples, entry->sample_count,
                          &entry->sample_capacity, sizeof(*grown));
    if (grown == NULL) {
        return pw_metrics_fail_memory(reader);
    }
    entry->samples = grown;
    grown[entry->sample_count++] = value;
    return true;
}

bool pw_metrics_add_point(struct pw_metrics_reader *reader, struct pw_metrics_entry *entry,
                          double step, double value)
{
    double(*grown)[2];

    if (!pw_metrics_to_base(reader, entry, &value)) {
        return false;
    }
    grown = pw_arena_grow(&reader->work, entry->points, entry->point_count, &entry->point_capacity,
                          sizeof(*grown));
    if (grown == NULL) {
        return pw_metrics_fail_memory(reader);
    }
    entry->points = grown;
    grown[entry->point_count][0] = step;
    grown[entry->point_count++][1] = value;
    return true;
}

bool pw_metrics_set_unit(struct pw_metrics_reader *reader, struct pw_metrics_entry *entry,
                         struct pw_metrics_text unit, const enum pw_better *better)
{
    const struct pw_adapter_unit *known;

    if (entry->unit != NULL) {
        if (!pw_metrics_is(unit, entry->unit)) {
            return pw_metrics_refuse(reader, "'%.*s' has another unit than on the lines before",
                                     QUOTED_BYTES, entry->name);
        }
        return better == NULL || *better == entry->better ||
               pw_metrics_refuse(reader, "'%.*s' has another 'better' than on the lines before",
                                 QUOTED_BYTES, entry->name);
    }
    known = pw_adapter_find_unit(unit.data, unit.length);
    entry->unit = pw_arena_strndup(&reader->work, unit.data, unit.length);
    if (entry->unit == NULL) {
        return pw_metrics_fail_memory(reader);
    }
    entry->base = unit.length == 0 || pw_metrics_is(unit, "1") ? "count" : entry->unit;
    entry->better = PW_BETTER_LOWER;
    entry->known = known;
    if (known != NULL) {
        entry->base = known->base;
        entry->better = known->better;
    }
    entry->better = better != NULL ? *better : entry->better;
    return true;
}

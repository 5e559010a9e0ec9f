/* Operations and their single calls: what several processes and flushes wrote is added up. */
#include <string.h>

#include "metrics_reader.h"

static const struct pw_metrics_text NOTHING = {"", 0};

/** One element of a histogram: [index, count]. */
static bool read_bucket(struct pw_metrics_reader *reader, const struct pw_metrics_item *pair,
                        uint64_t *index, uint64_t *count)
{
    struct pw_metrics_cursor inner = reader->cursor;
    struct pw_metrics_item item;
    uint64_t numbers[2] = {0, 0};
    bool is_first = true;
    size_t found = 0;

    inner.at = pair->text.data;
    inner.end = inner.at + pair->text.length;
    if (pair->type != PW_METRICS_ARRAY || !pw_metrics_open_array(&inner)) {
        return false;
    }
    while (pw_metrics_next(&inner, &is_first, &item)) {
        if (found == 2 || !item.is_integer || item.is_negative) {
            return false;
        }
        numbers[found++] = item.magnitude;
    }
    *index = numbers[0];
    *count = numbers[1];
    return found == 2 && *index < PW_METRICS_BUCKETS;
}

static bool add_bucket(struct pw_metrics_reader *reader, struct pw_metrics_operation *operation,
                       uint64_t index, uint64_t count)
{
    uint64_t **page = &operation->pages[index / PW_METRICS_PAGE];

    if (*page == NULL) {
        *page = pw_arena_array(&reader->work, PW_METRICS_PAGE, sizeof(**page));
    }
    if (*page == NULL) {
        return pw_metrics_fail_memory(reader);
    }
    (*page)[index % PW_METRICS_PAGE] += count;
    return true;
}

/** Go through the histogram. @param operation NULL only looks whether it is one */
static bool walk_histogram(struct pw_metrics_reader *reader, struct pw_metrics_operation *operation)
{
    const struct pw_metrics_item *histogram = pw_metrics_member(&reader->line, "histogram");
    struct pw_metrics_cursor inner = reader->cursor;
    struct pw_metrics_item pair;
    bool is_first = true;

    if (histogram == NULL) {
        return true;
    }
    inner.at = histogram->text.data;
    inner.end = inner.at + histogram->text.length;
    if (histogram->type != PW_METRICS_ARRAY || !pw_metrics_open_array(&inner)) {
        return pw_metrics_refuse(reader, "'histogram' is not an array");
    }
    while (pw_metrics_next(&inner, &is_first, &pair)) {
        uint64_t index = 0;
        uint64_t count = 0;

        if (!read_bucket(reader, &pair, &index, &count) || count > UINT64_C(1) << 40) {
            return pw_metrics_refuse(reader,
                                     "'histogram' has an element that is not [index below %d, "
                                     "count]",
                                     PW_METRICS_BUCKETS);
        }
        if (operation != NULL && !add_bucket(reader, operation, index, count)) {
            return false;
        }
    }
    return true;
}

/** What a line adds to an operation. */
static bool read_sums(struct pw_metrics_reader *reader, struct pw_metrics_operation *out)
{
    uint64_t sum_ns = 0;

    memset(out, 0, sizeof(*out));
    if (!pw_metrics_take_count(reader, "calls", &out->calls) ||
        !pw_metrics_take_count(reader, "failures", &out->failures) ||
        !pw_metrics_take_count(reader, "sum_ns", &sum_ns) ||
        !pw_metrics_take_number(reader, "sum_squares_ns2", &out->sum_squares_ns2) ||
        !pw_metrics_take_count(reader, "min_ns", &out->min_ns) ||
        !pw_metrics_take_count(reader, "max_ns", &out->max_ns) ||
        !pw_metrics_take_count(reader, "elapsed_ns", &out->elapsed_ns)) {
        return false;
    }
    out->sum_ns = (double)sum_ns;
    out->has_memory = pw_metrics_member(&reader->line, "memory_bytes") != NULL;
    if (out->has_memory && !pw_metrics_take_number(reader, "memory_bytes", &out->memory_bytes)) {
        return false;
    }
    if (out->failures > out->calls || out->calls > UINT64_C(1) << 40) {
        return pw_metrics_refuse(reader, "'failures' or 'calls' is too large");
    }
    return out->min_ns <= out->max_ns ||
           pw_metrics_refuse(reader, "'min_ns' is greater than 'max_ns'");
}

static void add_sums(struct pw_metrics_operation *to, const struct pw_metrics_operation *line)
{
    const bool is_first = to->calls == 0;

    to->calls += line->calls;
    to->failures += line->failures;
    to->sum_ns += line->sum_ns;
    to->sum_squares_ns2 += line->sum_squares_ns2;
    if (line->calls > 0) {
        to->min_ns = is_first || line->min_ns < to->min_ns ? line->min_ns : to->min_ns;
        to->max_ns = is_first || line->max_ns > to->max_ns ? line->max_ns : to->max_ns;
    }
    to->elapsed_ns = line->elapsed_ns > to->elapsed_ns ? line->elapsed_ns : to->elapsed_ns;
    to->has_memory = to->has_memory || line->has_memory;
    to->memory_bytes += line->memory_bytes;
}

bool pw_metrics_read_operation(struct pw_metrics_reader *reader)
{
    const bool is_continued = pw_metrics_member(&reader->line, "calls") == NULL &&
                              pw_metrics_member(&reader->line, "histogram") != NULL;
    struct pw_metrics_operation line;
    struct pw_metrics_text name;
    struct pw_metrics_entry *entry;

    if (!pw_metrics_take_text(reader, "name", true, &name) ||
        (!is_continued && !read_sums(reader, &line)) || !walk_histogram(reader, NULL)) {
        return false;
    }
    entry = pw_metrics_entry(reader, PW_METRICS_OPERATION, name, NOTHING, NOTHING);
    if (entry != NULL && entry->operation == NULL) {
        entry->operation = pw_arena_alloc(&reader->work, sizeof(*entry->operation));
    }
    if (entry == NULL || entry->operation == NULL) {
        return entry != NULL && pw_metrics_fail_memory(reader);
    }
    if (!is_continued) {
        add_sums(entry->operation, &line);
    }
    return walk_histogram(reader, entry->operation);
}

static const char *keep(struct pw_metrics_reader *reader, struct pw_metrics_text text)
{
    const char *copy = pw_arena_strndup(&reader->out.arena, text.data, text.length);

    reader->is_out_of_memory = reader->is_out_of_memory || copy == NULL;
    return copy;
}

static bool keep_attributes(struct pw_metrics_reader *reader, struct pw_metrics_call *call,
                            const struct pw_metrics_object *object)
{
    struct pw_metrics_attribute *attributes =
        pw_arena_array(&reader->out.arena, object->count, sizeof(*attributes));

    if (attributes == NULL) {
        return pw_metrics_fail_memory(reader);
    }
    for (size_t i = 0; i < object->count; i++) {
        attributes[i].name = keep(reader, object->members[i].name);
        attributes[i].value = keep(reader, object->members[i].item.text);
    }
    call->attributes = attributes;
    call->attribute_count = object->count;
    return !reader->is_out_of_memory;
}

/** A call's texts. */
struct call_texts {
    struct pw_metrics_text op;
    struct pw_metrics_text correlation;
    struct pw_metrics_text error;
};

static bool keep_call(struct pw_metrics_reader *reader, struct pw_metrics_call *call,
                      const struct call_texts *texts)
{
    struct pw_metrics_call *grown;
    struct pw_metrics_object attributes;

    if (!pw_metrics_take_texts(reader, "attributes", &attributes)) {
        return false;
    }
    if (texts->correlation.length == 0) {
        return true;
    }
    if (reader->out.call_count == PW_METRICS_MAX_CALLS) {
        reader->out.calls_left_out++;
        return true;
    }
    grown = pw_arena_grow(&reader->out.arena, reader->out.calls, reader->out.call_count,
                          &reader->call_capacity, sizeof(*grown));
    if (grown == NULL || !keep_attributes(reader, call, &attributes)) {
        return pw_metrics_fail_memory(reader);
    }
    call->op = keep(reader, texts->op);
    call->correlation = keep(reader, texts->correlation);
    call->error = texts->error.length > 0 ? keep(reader, texts->error) : NULL;
    reader->out.calls = grown;
    grown[reader->out.call_count++] = *call;
    return !reader->is_out_of_memory;
}

bool pw_metrics_read_call(struct pw_metrics_reader *reader)
{
    const struct pw_metrics_item *ok = pw_metrics_member(&reader->line, "ok");
    struct pw_metrics_call call;
    struct call_texts texts;

    memset(&call, 0, sizeof(call));
    if (!pw_metrics_take_text(reader, "op", true, &texts.op) ||
        !pw_metrics_take_text(reader, "correlation", false, &texts.correlation) ||
        !pw_metrics_take_text(reader, "error", false, &texts.error) ||
        !pw_metrics_take_count(reader, "thread", &call.thread) ||
        !pw_metrics_take_count(reader, "start_ns", &call.start_ns) ||
        !pw_metrics_take_count(reader, "duration_ns", &call.duration_ns)) {
        return false;
    }
    if (ok == NULL || ok->type != PW_METRICS_BOOL) {
        return pw_metrics_refuse(reader, "'ok' is neither true nor false");
    }
    call.is_ok = ok->truth;
    return keep_call(reader, &call, &texts);
}

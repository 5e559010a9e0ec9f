/* Lines with "record" but for operations and calls: counters, gauges, bytes, caches, errors, marks
 * of memory, and lines that were lost. */
#include <string.h>

#include "metrics_reader.h"

static const struct pw_metrics_text NOTHING = {"", 0};

/* A name and a number in base units. @return their entry, NULL after refusing the line */
static struct pw_metrics_entry *read_amount(struct pw_metrics_reader *reader,
                                            enum pw_metrics_kind kind, double *value)
{
    struct pw_metrics_text name;
    struct pw_metrics_text unit;
    struct pw_metrics_entry *entry;

    if (!pw_metrics_take_text(reader, "name", true, &name) ||
        !pw_metrics_take_text(reader, "unit", false, &unit) ||
        !pw_metrics_take_number(reader, "value", value)) {
        return NULL;
    }
    entry = pw_metrics_entry(reader, kind, name, NOTHING, NOTHING);
    if (entry == NULL || !pw_metrics_set_unit(reader, entry, unit, NULL) ||
        !pw_metrics_to_base(reader, entry, value)) {
        return NULL;
    }
    return entry;
}

static bool read_counter(struct pw_metrics_reader *reader)
{
    double value = 0;
    struct pw_metrics_entry *entry = read_amount(reader, PW_METRICS_COUNTER, &value);

    if (entry != NULL) {
        entry->sums[0] += value;
    }
    return entry != NULL;
}

static bool read_gauge(struct pw_metrics_reader *reader)
{
    double value = 0;
    struct pw_metrics_entry *entry = read_amount(reader, PW_METRICS_GAUGE, &value);

    if (entry != NULL) {
        entry->latest[0] = value;
    }
    return entry != NULL;
}

static double greater(double a, double b)
{
    return a > b ? a : b;
}

static bool read_bytes(struct pw_metrics_reader *reader)
{
    struct pw_metrics_text direction;
    struct pw_metrics_entry *entry;
    uint64_t bytes = 0;
    uint64_t elapsed_ns = 0;

    if (!pw_metrics_take_text(reader, "direction", true, &direction) ||
        !pw_metrics_take_count(reader, "bytes", &bytes) ||
        !pw_metrics_take_count(reader, "elapsed_ns", &elapsed_ns)) {
        return false;
    }
    if (!pw_metrics_is(direction, "in") && !pw_metrics_is(direction, "out")) {
        return pw_metrics_refuse(reader, "'direction' is neither 'in' nor 'out'");
    }
    entry = pw_metrics_entry(reader, PW_METRICS_BYTES, direction, NOTHING, NOTHING);
    if (entry == NULL) {
        return false;
    }
    entry->sums[0] += (double)bytes;
    entry->latest[0] = greater(entry->latest[0], (double)elapsed_ns);
    return true;
}

static bool read_cache(struct pw_metrics_reader *reader)
{
    struct pw_metrics_text tier;
    struct pw_metrics_entry *entry;
    uint64_t hits = 0;
    uint64_t misses = 0;

    if (!pw_metrics_take_text(reader, "tier", true, &tier) ||
        !pw_metrics_take_count(reader, "hits", &hits) ||
        !pw_metrics_take_count(reader, "misses", &misses)) {
        return false;
    }
    entry = pw_metrics_entry(reader, PW_METRICS_CACHE, tier, NOTHING, NOTHING);
    if (entry == NULL) {
        return false;
    }
    entry->sums[0] += (double)hits;
    entry->sums[1] += (double)misses;
    return true;
}

static bool read_error(struct pw_metrics_reader *reader)
{
    struct pw_metrics_text kind;
    struct pw_metrics_text message;
    struct pw_metrics_entry *entry;
    uint64_t count = 1;

    if (!pw_metrics_take_text(reader, "kind", true, &kind) ||
        !pw_metrics_take_text(reader, "message", false, &message) ||
        (pw_metrics_member(&reader->line, "count") != NULL &&
         !pw_metrics_take_count(reader, "count", &count))) {
        return false;
    }
    entry = pw_metrics_entry(reader, PW_METRICS_ERROR, kind, message, NOTHING);
    if (entry == NULL) {
        return false;
    }
    entry->sums[0] += (double)count;
    return true;
}

static bool read_memory(struct pw_metrics_reader *reader)
{
    static const char *const MEMBERS[] = {"heap_bytes", "rss_bytes"};
    struct pw_metrics_text mark;
    struct pw_metrics_entry *entry;
    uint64_t bytes[2] = {0, 0};

    if (!pw_metrics_take_text(reader, "mark", true, &mark)) {
        return false;
    }
    for (int i = 0; i < 2; i++) {
        if (pw_metrics_member(&reader->line, MEMBERS[i]) != NULL &&
            !pw_metrics_take_count(reader, MEMBERS[i], &bytes[i])) {
            return false;
        }
    }
    entry = pw_metrics_entry(reader, PW_METRICS_MEMORY, mark, NOTHING, NOTHING);
    for (int i = 0; entry != NULL && i < 2; i++) {
        if (pw_metrics_member(&reader->line, MEMBERS[i]) != NULL) {
            entry->latest[i] = greater(entry->latest[i], (double)bytes[i]);
            entry->has[i] = true;
        }
    }
    return entry != NULL;
}

static bool read_dropped(struct pw_metrics_reader *reader)
{
    uint64_t count = 0;

    if (!pw_metrics_take_count(reader, "count", &count)) {
        return false;
    }
    reader->out.dropped =
        count > UINT64_MAX - reader->out.dropped ? UINT64_MAX : reader->out.dropped + count;
    return true;
}

bool pw_metrics_read_record(struct pw_metrics_reader *reader)
{
    static const struct {
        const char *name;
        bool (*read)(struct pw_metrics_reader *reader);
    } RECORDS[] = {
        {"op", pw_metrics_read_operation},
        {"call", pw_metrics_read_call},
        {"counter", read_counter},
        {"gauge", read_gauge},
        {"bytes", read_bytes},
        {"cache", read_cache},
        {"error", read_error},
        {"memory", read_memory},
        {"dropped", read_dropped},
    };
    struct pw_metrics_text record;

    if (!pw_metrics_take_text(reader, "record", true, &record)) {
        return false;
    }
    for (size_t i = 0; i < PW_COUNT(RECORDS); i++) {
        if (pw_metrics_is(record, RECORDS[i].name)) {
            return RECORDS[i].read(reader);
        }
    }
    return pw_metrics_refuse(reader, "'record' is none of op, call, counter, gauge, bytes, cache, "
                                     "error, memory and dropped");
}

/*
 * The other kinds of lines, and a flush of everything.
 */
#ifndef PERFWARDEN_PROBE_FLUSH_ALL_H
#define PERFWARDEN_PROBE_FLUSH_ALL_H

#include "perfwarden/probe/flush.h"

/* All threads' tallies together; of a gauge, value is the latest. */
PERFWARDEN_COLD_ void perfwarden_gather_tally_(struct perfwarden_core_ *core, uint32_t number,
                                               struct perfwarden_tally_ *total)
{
    struct perfwarden_thread_ *thread = PERFWARDEN_SEEN_(&core->threads);

    memset(total, 0, sizeof(*total));
    for (; thread != NULL; thread = thread->next) {
        struct perfwarden_tally_ *one =
            (struct perfwarden_tally_ *)PERFWARDEN_SEEN_(&thread->cells[number]);
        uint64_t amount = one == NULL ? 0U : PERFWARDEN_LOAD_(&one->amount);
        uint64_t misses = one == NULL ? 0U : PERFWARDEN_LOAD_(&one->misses);
        uint64_t stamp = one == NULL ? 0U : PERFWARDEN_LOAD_(&one->stamp_ns);
        double min;
        double max;

        if (amount == 0U && misses == 0U) {
            continue;
        }
        min = perfwarden_load_double_(&one->min);
        max = perfwarden_load_double_(&one->max);
        if (total->amount == 0U || min < total->min) {
            total->min = min;
        }
        if (total->amount == 0U || max > total->max) {
            total->max = max;
        }
        if (stamp >= total->stamp_ns) {
            total->stamp_ns = stamp;
            total->value = perfwarden_load_double_(&one->value);
        }
        total->amount += amount;
        total->misses += misses;
    }
}

PERFWARDEN_COLD_ void perfwarden_put_gauge_(struct perfwarden_line_ *line,
                                            const struct perfwarden_tally_ *tally)
{
    perfwarden_put_(line, ",\"value\":");
    perfwarden_put_double_(line, tally->value);
    perfwarden_put_(line, ",\"min\":");
    perfwarden_put_double_(line, tally->min);
    perfwarden_put_(line, ",\"max\":");
    perfwarden_put_double_(line, tally->max);
    perfwarden_put_(line, ",\"unit\":\"1\"");
}

/* The line of a tally; amount and misses are differences. */
PERFWARDEN_COLD_ void perfwarden_put_tally_(struct perfwarden_core_ *core,
                                            struct perfwarden_line_ *line,
                                            const struct perfwarden_entry_ *entry,
                                            const struct perfwarden_tally_ *tally)
{
    switch (entry->type) {
    case PERFWARDEN_TYPE_COUNTER_:
        perfwarden_head_(line, "counter", "name", entry->name);
        perfwarden_put_member_(line, "value", tally->amount);
        perfwarden_put_(line, ",\"unit\":\"1\"");
        break;
    case PERFWARDEN_TYPE_GAUGE_:
        perfwarden_head_(line, "gauge", "name", entry->name);
        perfwarden_put_gauge_(line, tally);
        break;
    case PERFWARDEN_TYPE_CACHE_:
        perfwarden_head_(line, "cache", "tier", entry->name);
        perfwarden_put_member_(line, "hits", tally->amount);
        perfwarden_put_member_(line, "misses", tally->misses);
        break;
    case PERFWARDEN_TYPE_ERROR_:
        perfwarden_head_(line, "error", "kind", entry->name);
        perfwarden_put_(line, ",\"message\":\"");
        perfwarden_put_(line, entry->detail);
        perfwarden_put_(line, "\"");
        perfwarden_put_member_(line, "count", tally->amount);
        break;
    default:
        perfwarden_head_(line, "bytes", "direction", entry->name);
        perfwarden_put_member_(line, "bytes", tally->amount);
        perfwarden_put_member_(line, "elapsed_ns",
                               tally->stamp_ns > core->start_ns ? tally->stamp_ns - core->start_ns
                                                                : 0U);
        break;
    }
}

PERFWARDEN_COLD_ void perfwarden_flush_tally_(struct perfwarden_core_ *core, uint32_t number,
                                              struct perfwarden_line_ *line)
{
    struct perfwarden_entry_ *entry = &core->entries[number];
    struct perfwarden_tally_ *written =
        (struct perfwarden_tally_ *)perfwarden_written_of_(core, entry, sizeof(*written));
    struct perfwarden_tally_ total;
    struct perfwarden_tally_ now;

    perfwarden_gather_tally_(core, number, &total);
    now = total;
    if (written != NULL) {
        total.amount -= written->amount;
        total.misses -= written->misses;
        *written = now;
    }
    if (total.amount != 0U || total.misses != 0U) {
        perfwarden_put_tally_(core, line, entry, &total);
        perfwarden_emit_(core, line);
    }
}

/* A thread's single lines. In a handler, a lock that the interrupted code holds does not keep them
 * back. */
PERFWARDEN_COLD_ void perfwarden_flush_thread_(struct perfwarden_core_ *core,
                                               struct perfwarden_thread_ *thread)
{
    if (PERFWARDEN_LOAD_(&core->closed) == 0U) {
        perfwarden_lock_(&thread->lock);
    } else if (!perfwarden_lock_within_(&thread->lock, thread == perfwarden_self_1_ ? 0 : 100)) {
        if (thread == perfwarden_self_1_ && PERFWARDEN_SEEN_(&thread->writing) == 0U) {
            perfwarden_write_thread_(core, thread);
        }
        return;
    }
    perfwarden_write_thread_(core, thread);
    perfwarden_unlock_(&thread->lock);
}

/* The last line of a flush, and the last write. What is told in vain is told again. */
PERFWARDEN_COLD_ void perfwarden_flush_rest_(struct perfwarden_core_ *core,
                                             struct perfwarden_line_ *line)
{
    uint64_t dropped = PERFWARDEN_LOAD_(&core->dropped);
    uint64_t told = core->dropped_told;

    if (dropped != told) {
        perfwarden_put_(line, "{\"record\":\"dropped\"");
        perfwarden_put_member_(line, "count", dropped - told);
        perfwarden_emit_(core, line);
    }
    if (perfwarden_write_(core, core->lines, core->used) == 0U) {
        core->dropped_told = dropped;
    } else if (dropped != told) {
        perfwarden_drop_(core, UINT64_MAX); /* less the line that told of the others */
    }
    core->used = 0;
}

/* Writes everything that the file does not have; the flush's lock is held, signals are held back.
 */
PERFWARDEN_COLD_ void perfwarden_flush_all_(struct perfwarden_core_ *core)
{
    char text[PERFWARDEN_LINE_BYTES_];
    struct perfwarden_thread_ *thread = PERFWARDEN_SEEN_(&core->threads);
    uint32_t count = PERFWARDEN_SEEN_(&core->entry_count);
    struct perfwarden_line_ line;
    uint32_t i;

    core->used = 0;
    for (; thread != NULL; thread = thread->next) {
        perfwarden_flush_thread_(core, thread);
    }
    for (i = 1; i <= count; i++) {
        line = perfwarden_new_line_(text, sizeof(text));
        if (core->entries[i].type == PERFWARDEN_TYPE_OP_) {
            perfwarden_flush_timing_(core, i, &line);
        } else {
            perfwarden_flush_tally_(core, i, &line);
        }
    }
    line = perfwarden_new_line_(text, sizeof(text));
    perfwarden_flush_rest_(core, &line);
}

#endif

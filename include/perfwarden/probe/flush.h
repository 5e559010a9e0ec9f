/*
 * What all threads have counted, written as lines: always the difference to what was written
 * before, so that any number of flushes add up to the whole. Threads go on meanwhile; nothing of
 * theirs is locked.
 */
#ifndef PERFWARDEN_PROBE_FLUSH_H
#define PERFWARDEN_PROBE_FLUSH_H

#include "perfwarden/probe/output.h"
#include "perfwarden/probe/registry.h"

/* Adds a line to those of this flush. */
PERFWARDEN_COLD_ void perfwarden_emit_(struct perfwarden_core_ *core, struct perfwarden_line_ *line)
{
    perfwarden_put_(line, "}\n");
    if (line->is_full) {
        perfwarden_drop_(core, 1);
        return;
    }
    if (line->used > PERFWARDEN_LINE_BYTES_ - core->used) {
        (void)perfwarden_write_(core, core->lines, core->used);
        core->used = 0;
    }
    memcpy(core->lines + core->used, line->text, line->used);
    core->used += (uint32_t)line->used;
}

PERFWARDEN_COLD_ void perfwarden_head_(struct perfwarden_line_ *line, const char *record,
                                       const char *member, const char *json)
{
    perfwarden_put_(line, "{\"record\":\"");
    perfwarden_put_(line, record);
    perfwarden_put_(line, "\",\"");
    perfwarden_put_(line, member);
    perfwarden_put_(line, "\":\"");
    perfwarden_put_(line, json);
    perfwarden_put_(line, "\"");
}

/* What the file has of an entry. NULL without memory, and in a handler where it was never made:
 * then it has nothing. */
PERFWARDEN_COLD_ void *perfwarden_written_of_(struct perfwarden_core_ *core,
                                              struct perfwarden_entry_ *entry, size_t size)
{
    if (entry->written == NULL && PERFWARDEN_LOAD_(&core->closed) == 0U) {
        entry->written = perfwarden_allocate_(core, size);
    }
    return entry->written;
}

/* core->histogram: the calls of all threads that the file does not have; returns how many. */
PERFWARDEN_COLD_ uint64_t perfwarden_gather_chunk_(struct perfwarden_core_ *core, uint32_t number,
                                                   struct perfwarden_timing_ *written,
                                                   uint32_t chunk)
{
    uint64_t *sum = core->histogram + (size_t)chunk * PERFWARDEN_CHUNK_;
    struct perfwarden_thread_ *thread = PERFWARDEN_SEEN_(&core->threads);
    uint64_t calls = 0;
    int is_used = 0;
    uint32_t i;

    memset(sum, 0, PERFWARDEN_CHUNK_ * sizeof(*sum));
    for (; thread != NULL; thread = thread->next) {
        struct perfwarden_timing_ *timing =
            (struct perfwarden_timing_ *)PERFWARDEN_SEEN_(&thread->cells[number]);
        uint64_t *counts = timing == NULL ? NULL : PERFWARDEN_SEEN_(&timing->chunks[chunk]);

        for (i = 0; counts != NULL && i < PERFWARDEN_CHUNK_; i++) {
            sum[i] += PERFWARDEN_LOAD_(&counts[i]);
        }
        is_used |= counts != NULL;
    }
    if (!is_used) {
        return 0;
    }
    if (written != NULL && written->chunks[chunk] == NULL &&
        PERFWARDEN_LOAD_(&core->closed) == 0U) {
        written->chunks[chunk] =
            (uint64_t *)perfwarden_allocate_(core, PERFWARDEN_CHUNK_ * sizeof(*sum));
    }
    for (i = 0; i < PERFWARDEN_CHUNK_; i++) {
        if (written != NULL && written->chunks[chunk] != NULL) {
            uint64_t before = written->chunks[chunk][i];

            written->chunks[chunk][i] = sum[i];
            sum[i] -= before;
        }
        calls += sum[i];
    }
    return calls;
}

/* The sum of all threads, without histograms. */
PERFWARDEN_COLD_ void perfwarden_gather_(struct perfwarden_core_ *core, uint32_t number,
                                         struct perfwarden_timing_ *total)
{
    struct perfwarden_thread_ *thread = PERFWARDEN_SEEN_(&core->threads);

    memset(total, 0, sizeof(*total));
    total->min_ns = UINT64_MAX;
    total->first_ns = UINT64_MAX;
    for (; thread != NULL; thread = thread->next) {
        struct perfwarden_timing_ *one =
            (struct perfwarden_timing_ *)PERFWARDEN_SEEN_(&thread->cells[number]);
        uint64_t value;

        if (one == NULL) {
            continue;
        }
        total->sum_ns += PERFWARDEN_LOAD_(&one->sum_ns);
        total->sum_squares_ns2 += perfwarden_load_double_(&one->sum_squares_ns2);
        total->failures += PERFWARDEN_LOAD_(&one->failures);
        total->measured += PERFWARDEN_LOAD_(&one->measured);
        total->memory_bytes += PERFWARDEN_LOAD_(&one->memory_bytes);
        value = PERFWARDEN_LOAD_(&one->min_ns);
        total->min_ns = value < total->min_ns ? value : total->min_ns;
        value = PERFWARDEN_LOAD_(&one->max_ns);
        total->max_ns = value > total->max_ns ? value : total->max_ns;
        value = PERFWARDEN_LOAD_(&one->first_ns);
        total->first_ns = value < total->first_ns ? value : total->first_ns;
        value = PERFWARDEN_LOAD_(&one->last_ns);
        total->last_ns = value > total->last_ns ? value : total->last_ns;
    }
}

/* Sums become differences, and what the file has is brought up to them. */
PERFWARDEN_COLD_ void perfwarden_settle_(struct perfwarden_timing_ *total,
                                         struct perfwarden_timing_ *written, uint64_t calls)
{
    struct perfwarden_timing_ now = *total;

    if (written != NULL) {
        total->sum_ns -= written->sum_ns;
        total->sum_squares_ns2 -= written->sum_squares_ns2;
        total->failures -= written->failures;
        total->measured -= written->measured;
        total->memory_bytes -= written->memory_bytes;
    }
    if (total->failures > calls) { /* counted since the histogram was read: the next flush has it */
        now.failures -= total->failures - calls;
        total->failures = calls;
    }
    if (written != NULL) {
        memcpy(written, &now, offsetof(struct perfwarden_timing_, chunks));
    }
}

PERFWARDEN_COLD_ void perfwarden_put_timing_(struct perfwarden_line_ *line,
                                             const struct perfwarden_timing_ *timing,
                                             uint64_t calls)
{
    perfwarden_put_member_(line, "calls", calls);
    perfwarden_put_member_(line, "failures", timing->failures);
    perfwarden_put_member_(line, "sum_ns", timing->sum_ns);
    perfwarden_put_(line, ",\"sum_squares_ns2\":");
    perfwarden_put_double_(line, timing->sum_squares_ns2);
    perfwarden_put_member_(line, "min_ns", timing->min_ns);
    perfwarden_put_member_(line, "max_ns", timing->max_ns);
    perfwarden_put_member_(line, "elapsed_ns",
                           timing->last_ns > timing->first_ns ? timing->last_ns - timing->first_ns
                                                              : 0U);
    if (timing->measured != 0U) {
        perfwarden_put_(line, ",\"memory_bytes\":");
        perfwarden_put_i64_(line, timing->memory_bytes);
    }
}

/* core->histogram as pairs, in as many lines as it takes; line holds what comes before in the
 * first. */
PERFWARDEN_COLD_ void perfwarden_emit_histogram_(struct perfwarden_core_ *core,
                                                 struct perfwarden_line_ *line,
                                                 const struct perfwarden_entry_ *entry)
{
    const size_t pair_bytes = 32; /* of a pair and all brackets after it, at most */
    int is_first = 1;
    uint32_t i;

    perfwarden_put_(line, ",\"histogram\":[");
    for (i = 0; i < PERFWARDEN_BUCKETS_; i++) {
        if (core->histogram[i] == 0U) {
            continue;
        }
        if (line->size - line->used < pair_bytes) {
            perfwarden_put_(line, "]");
            perfwarden_emit_(core, line);
            line->used = 0;
            perfwarden_head_(line, "op", "name", entry->name);
            perfwarden_put_(line, ",\"histogram\":[");
            is_first = 1;
        }
        perfwarden_put_(line, is_first ? "[" : ",[");
        perfwarden_put_u64_(line, i);
        perfwarden_put_(line, ",");
        perfwarden_put_u64_(line, core->histogram[i]);
        perfwarden_put_(line, "]");
        is_first = 0;
    }
    perfwarden_put_(line, "]");
    perfwarden_emit_(core, line);
}

PERFWARDEN_COLD_ void perfwarden_flush_timing_(struct perfwarden_core_ *core, uint32_t number,
                                               struct perfwarden_line_ *line)
{
    struct perfwarden_entry_ *entry = &core->entries[number];
    struct perfwarden_timing_ *written =
        (struct perfwarden_timing_ *)perfwarden_written_of_(core, entry, sizeof(*written));
    struct perfwarden_timing_ total;
    uint64_t calls = 0;
    uint32_t chunk;

    perfwarden_gather_(core, number, &total);
    if (total.min_ns == UINT64_MAX) {
        return;
    }
    for (chunk = 0; chunk < PERFWARDEN_CHUNKS_; chunk++) {
        calls += perfwarden_gather_chunk_(core, number, written, chunk);
    }
    if (calls == 0U) {
        return;
    }
    perfwarden_settle_(&total, written, calls);
    perfwarden_head_(line, "op", "name", entry->name);
    perfwarden_put_timing_(line, &total, calls);
    perfwarden_emit_histogram_(core, line, entry);
}

#endif

/*
 * Timing an operation: two readings of the clock and a handful of plain stores into memory of this
 * thread.
 */
#ifndef PERFWARDEN_PROBE_OPERATION_H
#define PERFWARDEN_PROBE_OPERATION_H

#include "perfwarden/probe/life.h"

/* A place in the program that names an operation: the name is looked up once. */
struct perfwarden_site_ {
    const char *name;
    uint32_t number;
};

/* An operation between its begin and its end. Its members are the probe's. */
typedef struct perfwarden_op {
    uint64_t start_ns;
    uint32_t number; /* 0: not recorded */
    uint32_t mode;
    uint32_t error; /* the entry of its error, 0 while it succeeds */
    int64_t heap_bytes;
    struct perfwarden_note_ *note;
} perfwarden_op;

PERFWARDEN_HOT_ uint32_t perfwarden_bucket_(uint64_t ns)
{
    uint32_t exponent;

    if (ns < 128U) {
        return (uint32_t)ns;
    }
    exponent = 63U - (uint32_t)__builtin_clzll(ns);
    return 128U + (exponent - 7U) * 64U + ((uint32_t)(ns >> (exponent - 6U)) - 64U);
}

PERFWARDEN_COLD_ uint64_t *perfwarden_new_chunk_(struct perfwarden_timing_ *timing, uint32_t chunk)
{
    uint64_t *counts = (uint64_t *)perfwarden_allocate_(perfwarden_get_core_(),
                                                        PERFWARDEN_CHUNK_ * sizeof(uint64_t));

    PERFWARDEN_PUBLISH_(&timing->chunks[chunk], counts);
    return counts;
}

/* Adds to a number that only this thread changes. */
PERFWARDEN_HOT_ void perfwarden_add_(uint64_t *place, uint64_t amount)
{
    PERFWARDEN_STORE_(place, PERFWARDEN_LOAD_(place) + amount);
}

PERFWARDEN_HOT_ void perfwarden_record_(struct perfwarden_timing_ *timing, uint64_t start_ns,
                                        uint64_t end_ns)
{
    uint64_t ns = PERFWARDEN_LIKELY_(end_ns > start_ns) ? end_ns - start_ns : 0U;
    uint32_t bucket = perfwarden_bucket_(ns);
    uint64_t *counts = timing->chunks[bucket / PERFWARDEN_CHUNK_];

    if (PERFWARDEN_UNLIKELY_(counts == NULL)) {
        counts = perfwarden_new_chunk_(timing, bucket / PERFWARDEN_CHUNK_);
        if (counts == NULL) {
            return;
        }
    }
    perfwarden_add_(&timing->sum_ns, ns);
    perfwarden_store_double_(&timing->sum_squares_ns2,
                             perfwarden_load_double_(&timing->sum_squares_ns2) +
                                 (double)(int64_t)ns * (double)(int64_t)ns);
    if (PERFWARDEN_UNLIKELY_(ns < PERFWARDEN_LOAD_(&timing->min_ns))) {
        PERFWARDEN_STORE_(&timing->min_ns, ns);
    }
    if (PERFWARDEN_UNLIKELY_(ns > PERFWARDEN_LOAD_(&timing->max_ns))) {
        PERFWARDEN_STORE_(&timing->max_ns, ns);
    }
    if (PERFWARDEN_UNLIKELY_(start_ns < PERFWARDEN_LOAD_(&timing->first_ns))) {
        PERFWARDEN_STORE_(&timing->first_ns, start_ns);
    }
    PERFWARDEN_STORE_(&timing->last_ns, end_ns);
    perfwarden_add_(&counts[bucket % PERFWARDEN_CHUNK_], 1U);
}

PERFWARDEN_COLD_ struct perfwarden_timing_ *perfwarden_new_timing_(uint32_t number)
{
    return (struct perfwarden_timing_ *)perfwarden_cell_(number, sizeof(struct perfwarden_timing_));
}

/* This thread's timing of an entry; NULL without memory. */
PERFWARDEN_HOT_ struct perfwarden_timing_ *perfwarden_own_timing_(uint32_t number)
{
    struct perfwarden_thread_ *thread = perfwarden_self_1_;
    void *cell = PERFWARDEN_LIKELY_(thread != NULL) ? thread->cells[number] : NULL;

    return PERFWARDEN_LIKELY_(cell != NULL) ? (struct perfwarden_timing_ *)cell
                                            : perfwarden_new_timing_(number);
}

/* This thread's tally of a name, made on first use. NULL when nothing is recorded. */
PERFWARDEN_WARM_ struct perfwarden_tally_ *perfwarden_own_tally_(uint16_t type, const char *name,
                                                                 const char *detail)
{
    struct perfwarden_thread_ *thread = perfwarden_self_1_;
    uint32_t number = perfwarden_look_up_(perfwarden_get_core_(), type, name, detail);

    if (thread != NULL && thread->cells[number] != NULL) {
        return (struct perfwarden_tally_ *)thread->cells[number];
    }
    return (struct perfwarden_tally_ *)perfwarden_cell_(number, sizeof(struct perfwarden_tally_));
}

/* A line for one call: at level profiling each, at detailed those that failed or have a correlation
 * id. */
PERFWARDEN_WARM_ void perfwarden_append_call_(const perfwarden_op *op, uint64_t end_ns)
{
    struct perfwarden_core_ *core = perfwarden_get_core_();
    struct perfwarden_thread_ *thread = perfwarden_join_(core);
    char text[PERFWARDEN_LINE_BYTES_];
    struct perfwarden_line_ line = perfwarden_new_line_(text, sizeof(text));

    if (thread == NULL || (perfwarden_level_() != PERFWARDEN_LEVEL_PROFILING_ && op->error == 0U &&
                           !thread->has_correlation)) {
        return;
    }
    perfwarden_head_(&line, "call", "op", core->entries[op->number].name);
    if (thread->has_correlation) {
        perfwarden_put_(&line, ",\"correlation\":\"");
        perfwarden_put_(&line, thread->correlation);
        perfwarden_put_(&line, "\"");
    }
    perfwarden_put_member_(&line, "thread", thread->number);
    perfwarden_put_member_(&line, "start_ns", op->start_ns);
    perfwarden_put_member_(&line, "duration_ns", end_ns > op->start_ns ? end_ns - op->start_ns : 0);
    perfwarden_put_(&line, op->error == 0U ? ",\"ok\":true" : ",\"ok\":false,\"error\":\"");
    if (op->error != 0U) {
        perfwarden_put_(&line, core->entries[op->error].name);
        perfwarden_put_(&line, "\"");
    }
    if (op->note != NULL && op->note->used != 0U) {
        perfwarden_put_(&line, ",\"attributes\":{");
        perfwarden_put_bytes_(&line, op->note->text, op->note->used);
        perfwarden_put_(&line, "}");
    }
    perfwarden_put_(&line, "}\n");
    perfwarden_append_(core, thread, &line);
}

/* The end of an operation that failed, or of any above level basic. */
PERFWARDEN_WARM_ void perfwarden_end_slow_(const perfwarden_op *op, uint64_t end_ns)
{
    int error = errno;
    int is_detailed = perfwarden_level_() > PERFWARDEN_LEVEL_BASIC_;
    int64_t heap_bytes = is_detailed ? perfwarden_heap_bytes_() : 0;
    struct perfwarden_timing_ *timing = perfwarden_own_timing_(op->number);

    if (timing != NULL) {
        perfwarden_record_(timing, op->start_ns, end_ns);
        if (op->error != 0U) {
            perfwarden_add_(&timing->failures, 1U);
        }
#ifdef PERFWARDEN_HAS_MALLINFO2_
        if (is_detailed) {
            perfwarden_add_(&timing->measured, 1U);
            PERFWARDEN_STORE_(&timing->memory_bytes, PERFWARDEN_LOAD_(&timing->memory_bytes) +
                                                         heap_bytes - op->heap_bytes);
        }
#endif
    }
    (void)heap_bytes;
    if (is_detailed) {
        perfwarden_append_call_(op, end_ns);
    }
    if (op->note != NULL) {
        PERFWARDEN_PUBLISH_(&op->note->taken, 0U);
    }
    errno = error;
}

PERFWARDEN_COLD_ uint32_t perfwarden_new_site_(struct perfwarden_site_ *site)
{
    uint32_t number =
        perfwarden_look_up_(perfwarden_get_core_(), PERFWARDEN_TYPE_OP_, site->name, NULL);

    PERFWARDEN_STORE_(&site->number, number);
    return number;
}

/* number is that of the operation, 0 without memory; mode is on. */
PERFWARDEN_HOT_ perfwarden_op perfwarden_begin_number_(uint32_t number, uint32_t mode)
{
    perfwarden_op op;

    op.number = number;
    op.mode = mode;
    op.error = 0;
    op.note = NULL;
    op.heap_bytes = 0;
    if (PERFWARDEN_UNLIKELY_((mode & PERFWARDEN_LEVEL_MASK_) > PERFWARDEN_LEVEL_BASIC_)) {
        op.heap_bytes = perfwarden_heap_bytes_();
    }
    op.start_ns = PERFWARDEN_CLOCK_NS();
    return op;
}

PERFWARDEN_HELPER_ perfwarden_op perfwarden_no_op_(void)
{
    perfwarden_op op;

    memset(&op, 0, sizeof(op));
    return op;
}

PERFWARDEN_HOT_ perfwarden_op perfwarden_begin_site_(struct perfwarden_site_ *site)
{
    uint32_t mode = perfwarden_mode_();
    uint32_t number;

    if ((mode & PERFWARDEN_LEVEL_MASK_) == PERFWARDEN_LEVEL_OFF_) {
        return perfwarden_no_op_();
    }
    number = PERFWARDEN_LOAD_(&site->number);
    if (PERFWARDEN_UNLIKELY_(number == 0U)) {
        number = perfwarden_new_site_(site);
    }
    return perfwarden_begin_number_(number, mode);
}

PERFWARDEN_HOT_ void perfwarden_end_op_(const perfwarden_op *op)
{
    uint64_t now;

    if (op->number == 0U) {
        return;
    }
    now = PERFWARDEN_CLOCK_NS();
    if (PERFWARDEN_UNLIKELY_(op->mode != PERFWARDEN_LOAD_(&perfwarden_mode_1_))) {
        return; /* begun before a fork, by the parent */
    }
    if (PERFWARDEN_UNLIKELY_((op->mode & PERFWARDEN_LEVEL_MASK_) != PERFWARDEN_LEVEL_BASIC_ ||
                             op->error != 0U)) {
        perfwarden_end_slow_(op, now);
    } else {
        struct perfwarden_timing_ *timing = perfwarden_own_timing_(op->number);

        if (PERFWARDEN_LIKELY_(timing != NULL)) {
            perfwarden_record_(timing, op->start_ns, now);
        }
    }
}

#endif

/*
 * The probe compiled out: nothing is recorded, no argument evaluated, no symbol left. Blocks stay
 * loops that run once, so that break and continue mean the same. Each name is described in
 * perfwarden/probe.h.
 */
#ifndef PERFWARDEN_PROBE_DISABLED_H
#define PERFWARDEN_PROBE_DISABLED_H

typedef struct perfwarden_op {
    char unused;
} perfwarden_op;

enum perfwarden_direction { PERFWARDEN_IN, PERFWARDEN_OUT };
enum perfwarden_cache_result { PERFWARDEN_HIT, PERFWARDEN_MISS };

#ifdef __cplusplus
#define PERFWARDEN_NO_OP_ perfwarden_op()
#else
#define PERFWARDEN_NO_OP_ ((perfwarden_op){0})
#endif

/* sizeof evaluates nothing, and what it names counts as used. */
#define PERFWARDEN_UNUSED_(x)         ((void)sizeof(x))
#define PERFWARDEN_UNUSED_2_(x, y)    (PERFWARDEN_UNUSED_(x), PERFWARDEN_UNUSED_(y))
#define PERFWARDEN_UNUSED_3_(x, y, z) (PERFWARDEN_UNUSED_2_(x, y), PERFWARDEN_UNUSED_(z))

#define PERFWARDEN_JOIN_2_(a, b)      a##b
#define PERFWARDEN_JOIN_(a, b)        PERFWARDEN_JOIN_2_(a, b)
#define PERFWARDEN_ONCE_(n)           PERFWARDEN_JOIN_(perfwarden_once_, n)
#define PERFWARDEN_LOOP_(once)        for (int once = 1; once; once = 0)
#define PERFWARDEN_OP_LOOP_(op, once) for (perfwarden_op op = {0}, *once = &op; once; once = 0)
#define PERFWARDEN_BLOCK_2_(n)        PERFWARDEN_LOOP_(PERFWARDEN_ONCE_(n))
#define PERFWARDEN_BLOCK_AS_2_(op, n) PERFWARDEN_OP_LOOP_(op, PERFWARDEN_ONCE_(n))

#define PERFWARDEN_BLOCK(name)        PERFWARDEN_BLOCK_2_(__COUNTER__)
#define PERFWARDEN_BLOCK_AS(op, name) PERFWARDEN_BLOCK_AS_2_(op, __COUNTER__)
#define PERFWARDEN_BEGIN(name)        (PERFWARDEN_UNUSED_(name), PERFWARDEN_NO_OP_)

#define perfwarden_begin(name)               (PERFWARDEN_UNUSED_(name), PERFWARDEN_NO_OP_)
#define perfwarden_end(op)                   PERFWARDEN_UNUSED_(op)
#define perfwarden_fail(op, kind)            PERFWARDEN_UNUSED_2_(op, kind)
#define perfwarden_set_failed(op, kind)      PERFWARDEN_UNUSED_2_(op, kind)
#define perfwarden_attribute(op, key, value) PERFWARDEN_UNUSED_3_(op, key, value)
#define perfwarden_correlation(id)           PERFWARDEN_UNUSED_(id)
#define perfwarden_count(name, n)            PERFWARDEN_UNUSED_2_(name, n)
#define perfwarden_gauge(name, value)        PERFWARDEN_UNUSED_2_(name, value)
#define perfwarden_bytes(direction, n)       PERFWARDEN_UNUSED_2_(direction, n)
#define perfwarden_bytes_in(n)               PERFWARDEN_UNUSED_(n)
#define perfwarden_bytes_out(n)              PERFWARDEN_UNUSED_(n)
#define perfwarden_cache(result, tier)       PERFWARDEN_UNUSED_2_(result, tier)
#define perfwarden_error(kind, message)      PERFWARDEN_UNUSED_2_(kind, message)
#define perfwarden_series(name, step, value) PERFWARDEN_UNUSED_3_(name, step, value)
#define perfwarden_mark_memory(name)         PERFWARDEN_UNUSED_(name)
#define perfwarden_flush()                   ((void)0)

#endif

/*
 * The probe: what a C (C99) or C++ (C++11) program tells perfwarden about its inside. Header-only;
 * needs libc and POSIX threads, gcc or clang. docs/probe.md shows how to use it, what it costs and
 * what is lost when.
 *
 *     PERFWARDEN_BLOCK("parse") {
 *         parse(text);
 *     }
 *     perfwarden_count("rows_total", rows);
 *
 * It records where $PERFWARDEN_METRICS names a file, as perfwarden sets it for the benchmarks it
 * runs; otherwise every call is the test of a flag. $PERFWARDEN_PROBE chooses the level: off, basic
 * (the default), detailed or profiling. With PERFWARDEN_DISABLE defined before the header
 * everything here compiles to nothing, and no argument is evaluated.
 *
 * Every function may be called by any thread at any time, but not from a signal's handler. None
 * fails, changes errno or throws: what cannot be recorded is left out and, where it was a line,
 * counted in a line {"record":"dropped"}.
 *
 * Names and other texts are UTF-8, copied, and cut at 200 bytes; what is no UTF-8 becomes U+FFFD.
 * Names are told apart up to 1024 operations, 512 counters, 512 gauges, 128 tiers of caches and 256
 * errors (kind and message together); the rest is counted under "(other)".
 *
 * Memory comes in pages of its own, not from malloc, and what is not used does not become resident:
 * about 0.5 MB for the process, 8 kB for each thread (33 kB above level basic) and, for each
 * operation in each thread, 0.6 kB and 0.5 kB for each power of two among its durations, so at most
 * 31 kB. A new thread takes over the memory of one that has ended.
 */
#ifndef PERFWARDEN_PROBE_H
#define PERFWARDEN_PROBE_H

#ifdef PERFWARDEN_DISABLE
#include "perfwarden/probe/disabled.h"
#else

/* What C++ programs may ask to be warned of, and C cannot do without. */
#ifdef __cplusplus
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wold-style-cast"
#endif

#include "perfwarden/probe/block.h"

/**
 * Time the statement that follows as an operation: op/<name>/p95 and others. `name` is a string
 * literal.
 *
 * Recorded however the statement is left: by its end, return, break, continue, goto; in C++ also by
 * an exception, which counts as a failure of kind "exception". break and continue leave the block,
 * not a loop around it. longjmp and exit leave it unrecorded. With PERFWARDEN_NO_CLEANUP defined, C
 * uses nothing but C99 for the end: then only its end and continue record it.
 */
#define PERFWARDEN_BLOCK(name) PERFWARDEN_BLOCK_IN_(name, __COUNTER__)

/**
 * The same, with a perfwarden_op called `op` inside, for perfwarden_set_failed(&op, …) and
 * perfwarden_attribute(&op, …). #define PERFWARDEN_BLOCK_AS(op, name)
 */

/** perfwarden_begin() of a string literal, looked up once; for paths where 30 ns matter. */
#define PERFWARDEN_BEGIN(name) perfwarden_begin_site_(PERFWARDEN_SITE_(name))

/**
 * Begin an operation that is no block. Operations nest and overlap freely.
 *
 * @param name  the operation's name, looked up each time
 * @return what perfwarden_end() or perfwarden_fail() takes, exactly once, in any thread; one that
 * is never ended is not recorded, nor is one that a fork has come between in the child
 */
PERFWARDEN_HELPER_ perfwarden_op perfwarden_begin(const char *name)
{
    uint32_t mode = perfwarden_mode_();

    if ((mode & PERFWARDEN_LEVEL_MASK_) == PERFWARDEN_LEVEL_OFF_) {
        return perfwarden_no_op_();
    }
    return perfwarden_begin_number_(
        perfwarden_look_up_(perfwarden_get_core_(), PERFWARDEN_TYPE_OP_, name, NULL), mode);
}

/** End an operation: as a success, unless perfwarden_set_failed() said otherwise. */
PERFWARDEN_HELPER_ void perfwarden_end(perfwarden_op op)
{
    perfwarden_end_op_(&op);
}

/**
 * Say that an operation fails, before its end: it counts in success_rate, and as an error of that
 * kind.
 *
 * @param kind  what went wrong, as errors/<kind>; NULL for "failure"; the first kind stays
 */
PERFWARDEN_HELPER_ void perfwarden_set_failed(perfwarden_op *op, const char *kind)
{
    if (op->number != 0U) {
        perfwarden_fail_op_(op, kind);
    }
}

/** perfwarden_set_failed() and perfwarden_end(). */
PERFWARDEN_HELPER_ void perfwarden_fail(perfwarden_op op, const char *kind)
{
    perfwarden_set_failed(&op, kind);
    perfwarden_end_op_(&op);
}

/**
 * Put a text on the record of an open operation, written where its calls are written singly (levels
 * detailed and profiling). About 1000 bytes an operation and eight operations open with attributes
 * a thread; more is left out.
 */
PERFWARDEN_HELPER_ void perfwarden_attribute(perfwarden_op *op, const char *key, const char *value)
{
    if (op->number != 0U && (op->mode & PERFWARDEN_LEVEL_MASK_) > PERFWARDEN_LEVEL_BASIC_) {
        perfwarden_attach_(op, key, value);
    }
}

/**
 * Name what this thread works on: at level detailed and profiling, operations that end under an id
 * are written singly with it. Holds for this thread until changed.
 *
 * @param id  NULL ends it
 */
PERFWARDEN_HELPER_ void perfwarden_correlation(const char *id)
{
    if (perfwarden_is_on_()) {
        perfwarden_correlate_(id);
    }
}

/** Add n to a counter: counter/<name>. Sums of all threads are exact up to 2^64 - 1. */
PERFWARDEN_HELPER_ void perfwarden_count(const char *name, uint64_t n)
{
    if (perfwarden_is_on_()) {
        perfwarden_tally_add_(PERFWARDEN_TYPE_COUNTER_, name, NULL, n, 0);
    }
}

/** Set a gauge: gauge/<name> is the last value of any thread, with the least and the greatest.
 * Finite values only. */
PERFWARDEN_HELPER_ void perfwarden_gauge(const char *name, double value)
{
    if (perfwarden_is_on_()) {
        perfwarden_set_gauge_(name, value);
    }
}

enum perfwarden_direction { PERFWARDEN_IN, PERFWARDEN_OUT };

/** n more bytes came in or went out: bandwidth/in, bandwidth/out, over the time from the start to
 * the last call. */
PERFWARDEN_HELPER_ void perfwarden_bytes(enum perfwarden_direction direction, uint64_t n)
{
    if (perfwarden_is_on_()) {
        perfwarden_tally_add_(PERFWARDEN_TYPE_BYTES_, direction == PERFWARDEN_IN ? "in" : "out",
                              NULL, n, 0);
    }
}

PERFWARDEN_HELPER_ void perfwarden_bytes_in(uint64_t n)
{
    perfwarden_bytes(PERFWARDEN_IN, n);
}

PERFWARDEN_HELPER_ void perfwarden_bytes_out(uint64_t n)
{
    perfwarden_bytes(PERFWARDEN_OUT, n);
}

enum perfwarden_cache_result { PERFWARDEN_HIT, PERFWARDEN_MISS };

/** One look into a cache: cache/<tier>/hits, misses, hit_rate. */
PERFWARDEN_HELPER_ void perfwarden_cache(enum perfwarden_cache_result result, const char *tier)
{
    if (perfwarden_is_on_()) {
        perfwarden_tally_add_(PERFWARDEN_TYPE_CACHE_, tier, NULL, result == PERFWARDEN_HIT,
                              result != PERFWARDEN_HIT);
    }
}

/** One error that is no operation's: errors/<kind>; counted by kind and message. message may be
 * NULL. */
PERFWARDEN_HELPER_ void perfwarden_error(const char *kind, const char *message)
{
    if (perfwarden_is_on_()) {
        perfwarden_tally_add_(PERFWARDEN_TYPE_ERROR_, kind, message, 1, 0);
    }
}

/** A point of a series: the value of a metric at a step (an epoch, a batch size). Finite values
 * only. */
PERFWARDEN_HELPER_ void perfwarden_series(const char *name, int64_t step, double value)
{
    if (perfwarden_is_on_()) {
        perfwarden_append_step_(name, step, value);
    }
}

/**
 * Write what memory the process has now: memory/<name>/heap (in use, as glibc 2.33 or later tells,
 * its threads' caches of freed blocks included) and memory/<name>/rss (resident). Bytes. A system
 * call or three.
 */
PERFWARDEN_HELPER_ void perfwarden_mark_memory(const char *name)
{
    if (perfwarden_is_on_()) {
        perfwarden_append_memory_(name);
    }
}

/**
 * Write now what is recorded so far, of all threads. Needed before _exit, exec, or a signal that
 * cannot be caught; otherwise done at exit. Only what is new is written, so it may be called often.
 */
PERFWARDEN_HELPER_ void perfwarden_flush(void)
{
    if (perfwarden_is_on_()) {
        perfwarden_flush_now_();
    }
}

#ifdef __cplusplus
#pragma GCC diagnostic pop
#endif

#endif

#endif

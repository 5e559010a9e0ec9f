/*
 * The processor's counters over a tree of processes, by perf_event_open. Used inside the launcher;
 * its words for what is missing are used on both sides.
 */
#ifndef PERFWARDEN_RUN_COUNTERS_H
#define PERFWARDEN_RUN_COUNTERS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "perfwarden/run.h"

/** What is counted, in the order in which values travel. */
enum pw_run_counter {
    PW_RUN_COUNTER_INSTRUCTIONS,
    PW_RUN_COUNTER_CYCLES,
    PW_RUN_COUNTER_CACHE_MISSES,
    PW_RUN_COUNTER_BRANCH_MISSES,
    PW_RUN_COUNTER_COUNT
};

/** An event as perf_event_open names it. */
struct pw_run_counter_event {
    uint32_t type;
    uint64_t config;
};

/** The processor's own events, one per enum pw_run_counter. */
extern const struct pw_run_counter_event pw_run_hardware_events[PW_RUN_COUNTER_COUNT];

/** Counters that are open. */
struct pw_run_counters {
    int fds[PW_RUN_COUNTER_COUNT]; /**< −1 where it could not be had */
    int error_number;              /**< why the first that is missing is; 0 when none is */
};

/** Values as they travel from the launcher. */
struct pw_run_counter_values {
    uint64_t values[PW_RUN_COUNTER_COUNT];
    uint32_t present;     /**< bit i: values[i] was counted */
    int32_t error_number; /**< why the first that is missing is; 0 when none is */
};

/**
 * The error number of a counter that was opened and never ran: the processor has fewer counters
 * than were asked of it. No errno is negative.
 */
#define PW_RUN_COUNTER_NEVER_RAN (-1)

/**
 * Open the counters of a process that waits before its exec: they start with exec, count in user
 * mode only, and count all descendants. Nothing is counted before exec.
 *
 * Whatever cannot be had is left out; look at error_number.
 */
void pw_run_counters_open(pid_t pid, const struct pw_run_counter_event events[PW_RUN_COUNTER_COUNT],
                          struct pw_run_counters *out);

/** Read the sums so far, for the tree that was counted, living or dead. */
void pw_run_counters_read(const struct pw_run_counters *counters,
                          struct pw_run_counter_values *out);

void pw_run_counters_close(struct pw_run_counters *counters);

/**
 * What a count would be had the counter run all the time.
 *
 * @param running_ns  of enabled_ns; where counters are more than the processor has, they take turns
 * @param[out] out    value · enabled / running; unchanged when it never ran
 * @return false when running_ns is 0: there is no value
 */
bool pw_run_counter_scale(uint64_t value, uint64_t enabled_ns, uint64_t running_ns, uint64_t *out);

/** Why a counter is missing, in words with the remedy where there is one; static text. */
const char *pw_run_counters_reason(int error_number);

/** Values of the launcher's reply as those of an outcome. */
void pw_run_counters_unpack(const struct pw_run_counter_values *values, struct pw_counters *out);

#endif

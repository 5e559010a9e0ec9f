/*
 * The probe's state: one per process, shared by its translation units and, where the linker exports
 * it, its shared libraries; a library that has a state of its own writes lines of its own, and the
 * reader adds them up.
 *
 *   core ── entries[]   what is recorded: (type, name, detail) by number, only ever added
 *     └──── threads     a list that only grows; a thread that ends leaves its record to the next
 * new one └─ cells[entry]  what this thread has counted, written by this thread alone
 *
 * A thread that ends therefore loses nothing and nothing is merged: what is written is the sum over
 * all records, less what was written before (entry.written).
 */
#ifndef PERFWARDEN_PROBE_STATE_H
#define PERFWARDEN_PROBE_STATE_H

#include "perfwarden/probe/platform.h"

/* Levels, in the low bits of the mode. 0: not yet asked. The other bits number the process since
 * its forks. */
enum {
    PERFWARDEN_LEVEL_OFF_ = 1,
    PERFWARDEN_LEVEL_BASIC_ = 2,
    PERFWARDEN_LEVEL_DETAILED_ = 3,
    PERFWARDEN_LEVEL_PROFILING_ = 4,
    PERFWARDEN_LEVEL_MASK_ = 7
};

enum perfwarden_type_ {
    PERFWARDEN_TYPE_OP_,
    PERFWARDEN_TYPE_COUNTER_,
    PERFWARDEN_TYPE_GAUGE_,
    PERFWARDEN_TYPE_CACHE_,
    PERFWARDEN_TYPE_ERROR_,
    PERFWARDEN_TYPE_BYTES_,
    PERFWARDEN_TYPES_
};

enum {
    PERFWARDEN_ENTRIES_ = 2560, /* above the sum of perfwarden_limit_() */
    PERFWARDEN_SLOTS_ = 8192,
    PERFWARDEN_NAME_BYTES_ = 200,
    PERFWARDEN_NAME_JSON_BYTES_ = 600,
    PERFWARDEN_LINE_BYTES_ = 4096, /* PIPE_BUF of Linux: appended whole */
    PERFWARDEN_NOTES_ = 8,
    PERFWARDEN_NOTE_BYTES_ = 1000,
    PERFWARDEN_CHUNK_ = 64,
    PERFWARDEN_CHUNKS_ = 59, /* two below 128 ns, then one for each power of two up to 2^63 */
    PERFWARDEN_BUCKETS_ = PERFWARDEN_CHUNK_ * PERFWARDEN_CHUNKS_
};

/* What one process may append; a run that records every call would fill the disk otherwise. */
#ifndef PERFWARDEN_MAX_BYTES
#define PERFWARDEN_MAX_BYTES 1073741824
#endif

/* What a thread knows of an operation. The number of calls is the sum of the histogram. */
struct perfwarden_timing_ {
    uint64_t sum_ns;
    double sum_squares_ns2;
    uint64_t min_ns;
    uint64_t max_ns;
    uint64_t first_ns; /* of the clock: the first begin and the last end */
    uint64_t last_ns;
    uint64_t failures;
    uint64_t measured; /* calls whose change of memory is known */
    int64_t memory_bytes;
    uint64_t *chunks[PERFWARDEN_CHUNKS_];
};

/* What a thread knows of anything else. */
struct perfwarden_tally_ {
    uint64_t amount; /* counted, bytes, hits, errors, settings of a gauge */
    uint64_t misses;
    uint64_t stamp_ns; /* of the last change */
    double value;
    double min;
    double max;
};

/* Attributes of an operation that is open, as JSON. */
struct perfwarden_note_ {
    uint32_t taken;
    uint32_t used;
    char text[PERFWARDEN_NOTE_BYTES_];
};

struct perfwarden_thread_ {
    void *cells[PERFWARDEN_ENTRIES_];
    struct perfwarden_thread_ *next;
    uint32_t taken;  /* by a living thread */
    uint32_t number; /* of that thread, from 1 */
    uint32_t lock;   /* of the lines below */
    uint32_t writing;
    uint32_t used;
    uint32_t has_correlation;
    char correlation[PERFWARDEN_NAME_JSON_BYTES_ + 1];
    char lines[PERFWARDEN_LINE_BYTES_];
    struct perfwarden_note_ notes[PERFWARDEN_NOTES_];
};

struct perfwarden_entry_ {
    uint32_t hash;
    uint16_t type;
    uint16_t name_bytes;
    uint16_t detail_bytes;
    const char *key; /* name and detail, as given */
    const char *name;
    const char *detail; /* both as JSON */
    void *written;      /* a timing or a tally: what the file has of it */
};

struct perfwarden_core_ {
    uint32_t registry_lock;
    uint32_t arena_lock;
    uint32_t flush_lock;
    uint32_t output_lock;
    uint32_t closed; /* by a fatal signal */
    uint32_t has_key;
    uint32_t threads_begun;
    uint32_t entry_count;
    uint32_t counts[PERFWARDEN_TYPES_];
    uint32_t others[PERFWARDEN_TYPES_]; /* where what is beyond the limit is counted */
    pid_t pid;
    pthread_key_t key;
    uint64_t start_ns;
    struct perfwarden_thread_ *threads;
    char *arena;
    size_t arena_left;
    void (*handler)(int, siginfo_t *, void *); /* whose code is behind the signals */
    void (*leave)(void *);                     /* and behind the key */
    int fd;
    dev_t device;
    ino_t inode;
    int torn; /* the last write ended within a line */
    uint64_t bytes;
    uint64_t dropped;
    uint64_t dropped_told;
    uint32_t used;
    char lines[PERFWARDEN_LINE_BYTES_];
    uint64_t histogram[PERFWARDEN_BUCKETS_];
    uint16_t slots[PERFWARDEN_SLOTS_];
    struct perfwarden_entry_ entries[PERFWARDEN_ENTRIES_];
    char path[4096];
};

#ifdef __cplusplus
extern "C" {
#endif

/* The number is that of this layout: headers of another one have a state of their own. */
extern uint32_t perfwarden_mode_1_ PERFWARDEN_SHARED_;
extern struct perfwarden_core_ *perfwarden_core_1_ PERFWARDEN_SHARED_;
extern __thread struct perfwarden_thread_ *perfwarden_self_1_ PERFWARDEN_SHARED_;

PERFWARDEN_SHARED_ uint32_t perfwarden_mode_1_ = 0;
PERFWARDEN_SHARED_ struct perfwarden_core_ *perfwarden_core_1_ = NULL;
PERFWARDEN_SHARED_ __thread struct perfwarden_thread_ *perfwarden_self_1_ = NULL;

#ifdef __cplusplus
}
#endif

PERFWARDEN_HELPER_ struct perfwarden_core_ *perfwarden_get_core_(void)
{
    return PERFWARDEN_SEEN_(&perfwarden_core_1_);
}

/* How many names of a type are told apart. */
PERFWARDEN_HELPER_ uint32_t perfwarden_limit_(uint32_t type)
{
    static const uint16_t limits[PERFWARDEN_TYPES_] = {1024, 512, 512, 128, 256, 2};

    return limits[type];
}

/* size zeroed bytes that are never given back and share no cache line with others; NULL without
 * memory. */
PERFWARDEN_COLD_ void *perfwarden_allocate_(struct perfwarden_core_ *core, size_t size)
{
    const size_t block = 262144;
    char *taken = NULL;

    size = (size + 63U) & ~(size_t)63U;
    perfwarden_lock_(&core->arena_lock);
    if (size > core->arena_left) {
        char *pages = (char *)perfwarden_pages_(block);

        if (pages != NULL) {
            core->arena = pages;
            core->arena_left = block;
        }
    }
    if (size <= core->arena_left) {
        taken = core->arena;
        core->arena += size;
        core->arena_left -= size;
    }
    perfwarden_unlock_(&core->arena_lock);
    return taken;
}

/* Counts lines that were lost; they are told of at the next flush. */
PERFWARDEN_HELPER_ void perfwarden_drop_(struct perfwarden_core_ *core, uint64_t lines)
{
    (void)__atomic_fetch_add(&core->dropped, lines, __ATOMIC_RELAXED);
}

PERFWARDEN_HELPER_ void perfwarden_clear_timing_(struct perfwarden_timing_ *timing)
{
    size_t i;

    for (i = 0; i < PERFWARDEN_CHUNKS_; i++) {
        if (timing->chunks[i] != NULL) {
            memset(timing->chunks[i], 0, PERFWARDEN_CHUNK_ * sizeof(uint64_t));
        }
    }
    memset(timing, 0, offsetof(struct perfwarden_timing_, chunks));
    timing->min_ns = UINT64_MAX;
    timing->first_ns = UINT64_MAX;
}

#endif

/* A child's output, kept within a bound: its first half and its last half; the middle is counted
 * and dropped. */
#ifndef PERFWARDEN_RUN_OUTPUT_H
#define PERFWARDEN_RUN_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "perfwarden/run.h"

/**
 * Output as it comes in.
 *
 *     data: | head, filled once | tail, a ring that starts at ring_start once it is full |
 *           0                   head_size                                       max_bytes
 */
struct pw_run_output {
    int fd; /**< the pipe's read end, non-blocking; borrowed; −1 at its end */
    char *data;
    size_t length;
    size_t capacity;
    size_t max_bytes;
    size_t ring_start; /**< offset in the tail of its oldest byte */
    uint64_t total_bytes;
    bool failed;  /**< out of memory: bytes are counted and not kept */
    bool is_wide; /**< the pipe was asked to hold more */
    /** Shown each piece as it comes, with `number`; NULL for nobody. */
    void (*seen)(void *context, int number, const char *data, size_t length);
    void *context;
    int number;
};

/** Start. @param fd borrowed */
void pw_run_output_init(struct pw_run_output *output, int fd, size_t max_bytes);

/** Have each piece shown as it comes. @param seen NULL for nobody */
void pw_run_output_show(struct pw_run_output *output, int number,
                        void (*seen)(void *context, int number, const char *data, size_t length),
                        void *context);

/**
 * Read once what is there.
 *
 * @return bytes read; 0 when there is nothing now, or at the end
 */
size_t pw_run_output_read(struct pw_run_output *output);

/**
 * Read what is left in the pipe, up to a bound: somebody outside the tree may hold it and write for
 * ever.
 *
 * @return false when there was more than that
 */
bool pw_run_output_drain(struct pw_run_output *output);

/** Take some bytes in. */
void pw_run_output_add(struct pw_run_output *output, const char *bytes, size_t length);

/** Hand over what was kept, in order. @return 0; PW_ENOMEM */
int pw_run_output_finish(struct pw_run_output *output, struct pw_output *out, struct pw_error *err);

void pw_run_output_release(struct pw_run_output *output);

#endif

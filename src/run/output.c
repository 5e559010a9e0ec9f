/*
 * Bounded capture of a pipe. However much a benchmark prints, in whatever lines, memory stays
 * within max_bytes a pipe and the benchmark is never blocked for longer than a copy.
 */
#include "linux_features.h"

#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    CHUNK_SIZE = 1 << 16,
    FIRST_CAPACITY = 1 << 12,
    /** Bytes read after the last writer of the tree has ended; a pipe holds 1 MiB at most without
       privileges. */
    DRAIN_MAX = 4 << 20,
    /** Asked of a pipe that was found full, so that its writer waits as rarely as can be. Not of
       every pipe: the kernel allocates the whole table of its pages, which costs 10 µs a run. */
    WIDE_PIPE_BYTES = 1 << 20
};

void pw_run_output_init(struct pw_run_output *output, int fd, size_t max_bytes)
{
    memset(output, 0, sizeof(*output));
    output->fd = fd;
    output->max_bytes = max_bytes;
}

void pw_run_output_show(struct pw_run_output *output, int number,
                        void (*seen)(void *context, int number, const char *data, size_t length),
                        void *context)
{
    output->number = number;
    output->seen = seen;
    output->context = context;
}

/** Room for one byte more than `needed`, at most for max_bytes. Most programs print nothing. */
static bool reserve(struct pw_run_output *output, size_t needed)
{
    size_t first = needed == 0 ? 1 : FIRST_CAPACITY;
    size_t capacity = output->capacity == 0 ? first : output->capacity;
    char *data;

    if (needed < output->capacity) {
        return true;
    }
    while (capacity <= needed) {
        capacity *= 2;
    }
    if (capacity > output->max_bytes + 1) {
        capacity = output->max_bytes + 1;
    }
    data = realloc(output->data, capacity > 0 ? capacity : 1);
    if (data == NULL) {
        return false;
    }
    output->data = data;
    output->capacity = capacity;
    return true;
}

/** Overwrite the oldest bytes of the full tail. */
static void add_to_ring(struct pw_run_output *output, const char *bytes, size_t length)
{
    size_t head_size = output->max_bytes / 2;
    size_t tail_size = output->max_bytes - head_size;

    if (length > tail_size) {
        bytes += length - tail_size;
        length = tail_size;
    }
    while (length > 0) {
        size_t run = tail_size - output->ring_start;

        if (run > length) {
            run = length;
        }
        memcpy(output->data + head_size + output->ring_start, bytes, run);
        output->ring_start = (output->ring_start + run) % tail_size;
        bytes += run;
        length -= run;
    }
}

void pw_run_output_add(struct pw_run_output *output, const char *bytes, size_t length)
{
    size_t room = output->max_bytes - output->length;
    size_t plain = length < room ? length : room;

    output->total_bytes += length;
    if (output->failed || output->max_bytes == 0) {
        return;
    }
    if (plain > 0) {
        if (!reserve(output, output->length + plain)) {
            output->failed = true;
            return;
        }
        memcpy(output->data + output->length, bytes, plain);
        output->length += plain;
    }
    if (plain < length) {
        add_to_ring(output, bytes + plain, length - plain);
    }
}

/** Ask for a wider pipe, once. What refuses stays as it is. */
static void widen(struct pw_run_output *output, size_t got)
{
    if (got == CHUNK_SIZE && !output->is_wide) {
        output->is_wide = true;
        (void)fcntl(output->fd, F_SETPIPE_SZ, (int)WIDE_PIPE_BYTES);
    }
}

size_t pw_run_output_read(struct pw_run_output *output)
{
    char chunk[CHUNK_SIZE];
    ssize_t got;

    if (output->fd < 0) {
        return 0;
    }
    do {
        got = read(output->fd, chunk, sizeof(chunk));
    } while (got < 0 && errno == EINTR);
    if (got > 0) {
        widen(output, (size_t)got);
        if (output->seen != NULL) {
            output->seen(output->context, output->number, chunk, (size_t)got);
        }
        pw_run_output_add(output, chunk, (size_t)got);
        return (size_t)got;
    }
    if (got == 0 || errno != EAGAIN) {
        output->fd = -1;
    }
    return 0;
}

bool pw_run_output_drain(struct pw_run_output *output)
{
    size_t drained = 0;
    size_t got;

    while ((got = pw_run_output_read(output)) > 0) {
        drained += got;
        if (drained >= DRAIN_MAX) {
            return false;
        }
    }
    return true;
}

/** Turn the tail so that its oldest byte stands first. */
static bool straighten(struct pw_run_output *output)
{
    size_t head_size = output->max_bytes / 2;
    char *tail = output->data + head_size;
    size_t tail_size = output->max_bytes - head_size;
    char *oldest;

    if (output->ring_start == 0) {
        return true;
    }
    oldest = malloc(tail_size);
    if (oldest == NULL) {
        return false;
    }
    memcpy(oldest, tail + output->ring_start, tail_size - output->ring_start);
    memcpy(oldest + (tail_size - output->ring_start), tail, output->ring_start);
    memcpy(tail, oldest, tail_size);
    free(oldest);
    output->ring_start = 0;
    return true;
}

int pw_run_output_finish(struct pw_run_output *output, struct pw_output *out, struct pw_error *err)
{
    if (output->failed || !reserve(output, output->length) || !straighten(output)) {
        return pw_error_set_no_memory(err);
    }
    output->data[output->length] = '\0';
    out->data = output->data;
    out->length = output->length;
    out->total_bytes = output->total_bytes;
    output->data = NULL;
    output->length = 0;
    output->capacity = 0;
    return 0;
}

void pw_run_output_release(struct pw_run_output *output)
{
    free(output->data);
    output->fd = -1;
    output->data = NULL;
}

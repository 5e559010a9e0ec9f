/* Reading results without a tree: what its two files share. Internal to the result module. */
#ifndef PERFWARDEN_RESULT_READ_LEAN_H
#define PERFWARDEN_RESULT_READ_LEAN_H

#include "perfwarden/result.h"
#include "read_plain.h"

/** More names than this in one object are compared in the general way: here that is quadratic. */
#define PW_LEAN_MAX_NAMES 64

/** Arrays whose length is not known before their end. */
struct pw_lean_scratch {
    struct pw_arena arena;
    double *samples;
    size_t sample_capacity;
    const char **texts;
    size_t text_capacity;
    struct pw_series *series;
    size_t series_capacity;
    struct pw_result_param *params;
    size_t param_capacity;
    struct pw_result_benchmark *benchmarks;
    size_t benchmark_capacity;
};

/** One reading. */
struct pw_lean {
    struct pw_plain plain;
    struct pw_result *result;
    struct pw_lean_scratch scratch;
};

/** A member of an object: who reads it into which field. */
struct pw_lean_member {
    const char *name;
    bool (*read)(struct pw_lean *lean, void *field);
    size_t offset; /**< of the field in the object's struct */
    bool is_required;
};

/**
 * Read an object of known members, each at most once.
 *
 * @param members  at most 32
 * @param target   the struct that the offsets are of
 * @return false when this is not plain
 */
bool pw_lean_object(struct pw_lean *lean, const struct pw_lean_member *members, size_t count,
                    void *target);

/**
 * Room for one more element in an array of the scratch arena, as pw_arena_grow().
 *
 * @return NULL when out of memory, which is remembered
 */
void *pw_lean_grow(struct pw_lean *lean, void *array, size_t count, size_t *capacity, size_t size);
/**
 * Copy an array from the scratch arena into the result's, at its size.
 *
 * @return NULL when reading has failed, or fails here for want of memory
 */
void *pw_lean_take(struct pw_lean *lean, const void *array, size_t count, size_t size);

/* What members are made of. Fields of texts are const char *. */
bool pw_lean_text(struct pw_lean *lean, void *field);          /**< not null and not empty */
bool pw_lean_optional_text(struct pw_lean *lean, void *field); /**< NULL for null and "" */

/** A list of texts. */
bool pw_lean_texts(struct pw_lean *lean, const char ***out, size_t *count);

/** The result's benchmarks (read_lean_benchmark.c). @param field a struct pw_result */
bool pw_lean_benchmarks(struct pw_lean *lean, void *field);

#endif

/* The environment variables a benchmark runs with. */
#ifndef PERFWARDEN_RUN_ENVIRONMENT_H
#define PERFWARDEN_RUN_ENVIRONMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "perfwarden/config.h"
#include "perfwarden/util/arena.h"

/** Variables as "NAME=value", each name once. Zero-initialised is valid and empty. All memory is
 * the arena's. */
struct pw_run_environment {
    const char **variables; /**< NULL-terminated once there is one */
    size_t count;
    size_t capacity;
    char *iteration; /**< PERFWARDEN_ITERATION's, written over from run to run */
};

/** What the programs of one side of a pair see. All borrowed for as long as the environment. */
struct pw_run_pairing {
    const char *side;     /**< "base" or "head" */
    const char *run_id;   /**< one text for both sides */
    const char *padding;  /**< the variable; its value changes from pair to pair */
    bool names_directory; /**< whether PWD can be set: both directories' names are equally long */
};

/** Set a variable, replacing one of the same name. @return 0; PW_ENOMEM */
int pw_run_environment_set(struct pw_run_environment *environment, struct pw_arena *arena,
                           const char *name, const char *value, struct pw_error *err) PW_MUST_CHECK;

/**
 * Everything but PERFWARDEN_ITERATION, later ones winning: perfwarden's own variables, LC_ALL=C and
 * TZ=UTC, the configuration's `env:`, and the PERFWARDEN_ variables that say what is run.
 *
 * @param run_id  of the result
 * @return 0; PW_ENOMEM
 */
int pw_run_environment_build(struct pw_run_environment *environment, struct pw_arena *arena,
                             const struct pw_benchmark *benchmark, const char *run_id,
                             struct pw_error *err) PW_MUST_CHECK;

/**
 * Make a built environment that of one side of a pair: PERFWARDEN_SIDE, the padding, and PWD, which
 * names the side's own directory, or is left out where that would make one environment larger than
 * the other. What `env:` says of PWD wins.
 *
 * @return 0; PW_ENOMEM
 */
int pw_run_environment_pair(struct pw_run_environment *environment, struct pw_arena *arena,
                            const struct pw_benchmark *benchmark,
                            const struct pw_run_pairing *pairing,
                            struct pw_error *err) PW_MUST_CHECK;

/** Bytes of all variables with their NULs, as they lie above a program's stack. */
size_t pw_run_environment_bytes(const struct pw_run_environment *environment);

/**
 * The environment of runs whose instructions are counted: nothing of the caller's but PATH and
 * HOME, and values of PERFWARDEN_ variables that never change, so that counts agree from run to
 * run.
 *
 * @param pinned  variables that `env:` may override
 * @return 0; PW_ENOMEM
 */
int pw_run_environment_build_counted(struct pw_run_environment *environment, struct pw_arena *arena,
                                     const struct pw_benchmark *benchmark,
                                     const struct pw_name_value *pinned, size_t pinned_count,
                                     struct pw_error *err) PW_MUST_CHECK;

/**
 * Say which run comes: counted runs from 1, 0 for a warm-up run. Takes memory the first time only.
 *
 * @return 0; PW_ENOMEM
 */
int pw_run_environment_set_iteration(struct pw_run_environment *environment, struct pw_arena *arena,
                                     unsigned iteration, struct pw_error *err) PW_MUST_CHECK;

#endif

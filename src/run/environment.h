/* The environment variables a benchmark runs with. */
#ifndef PERFWARDEN_RUN_ENVIRONMENT_H
#define PERFWARDEN_RUN_ENVIRONMENT_H

#include <stddef.h>

#include "perfwarden/config.h"
#include "perfwarden/util/arena.h"

/** Variables as "NAME=value", each name once. Zero-initialised is valid and empty. All memory is
 * the arena's. */
struct pw_run_environment {
    const char **variables; /**< NULL-terminated once there is one */
    size_t count;
    size_t capacity;
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

/** Say which run comes: counted runs from 1, 0 for a warm-up run. @return 0; PW_ENOMEM */
int pw_run_environment_set_iteration(struct pw_run_environment *environment, struct pw_arena *arena,
                                     unsigned iteration, struct pw_error *err) PW_MUST_CHECK;

#endif

/*
 * What init finds and what it writes: a directory looked through, a starter perfwarden.yml, a
 * workflow for a CI system.
 */
#ifndef PERFWARDEN_CLI_INIT_H
#define PERFWARDEN_CLI_INIT_H

#include <stdbool.h>
#include <stddef.h>

#include "perfwarden/util.h"

/** A workflow that init can write. */
struct pw_recipe {
    const char *system;    /**< of --ci */
    const char *path;      /**< where it is written */
    const char *directory; /**< of path; NULL for the current one */
    const char *text;      /**< a file of docs/ci */
};

/** An executable that is likely a benchmark. */
struct pw_candidate {
    const char *path; /**< from the directory looked through, without "./" */
    bool is_google_benchmark;
};

/** What was found. Everything lives in `arena`. */
struct pw_survey {
    struct pw_arena arena;
    struct pw_candidate *candidates; /**< by path */
    size_t count;
    size_t capacity;
    size_t unnamable;         /**< left out: their names are not UTF-8, which YAML cannot say */
    bool is_cut;              /**< the tree was too large or too deep to be seen whole */
    const char *build_system; /**< "CMake", "Cargo", …; NULL when none was recognised */
    const char *const *build_steps; /**< shell commands, NULL-terminated; NULL with build_system */
};

/** The most benchmarks a starter file lists; the rest is counted. */
#define PW_INIT_MAX_LISTED 40

/**
 * Look through a directory, at most 6 levels and 20,000 entries of it.
 *
 * Hidden directories and those of dependencies are skipped, symbolic links not followed, what
 * cannot be read passed over.
 *
 * @param[out] out  released by pw_survey_release(); unchanged on failure
 * @return 0; PW_EIO when the directory itself cannot be read; PW_ENOMEM
 */
int pw_survey_directory(const char *directory, struct pw_survey *out,
                        struct pw_error *err) PW_MUST_CHECK;

void pw_survey_release(struct pw_survey *survey);

/** The starter perfwarden.yml. */
void pw_init_write_config(struct pw_strbuf *out, const struct pw_survey *survey);

/** @return the workflow at an index from 0; NULL behind the last */
const struct pw_recipe *pw_recipe_at(size_t index);

/** @return the workflow for a CI system; NULL when there is none */
const struct pw_recipe *pw_recipe_find(const char *system);

/** The workflow, with the build steps of this project. */
void pw_init_write_workflow(struct pw_strbuf *out, const struct pw_survey *survey,
                            const struct pw_recipe *recipe);

#endif

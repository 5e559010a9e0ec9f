/* The project a command works on: its configuration, its repository and its baseline store. */
#ifndef PERFWARDEN_CLI_PROJECT_H
#define PERFWARDEN_CLI_PROJECT_H

#include "cli.h"
#include "perfwarden/config.h"
#include "perfwarden/gate.h"
#include "perfwarden/git.h"
#include "perfwarden/store.h"

/** Zero-initialised is valid; everything is released by pw_project_release(). */
struct pw_project {
    struct pw_config config;
    bool has_config;
    struct pw_git *git;     /**< NULL until opened */
    struct pw_store *store; /**< NULL until opened */
    struct pw_git_head head;
    const struct pw_shard *shard; /**< which part of the suite is run; NULL for the whole */
    uint64_t shard_expected_ns;   /**< how long it will take; 0 when nobody knows */
    const char *shard_system;     /**< whose variables chose it; NULL for the command line */
    struct pw_arena arena;
};

/** Whether a command can do without a perfwarden.yml. */
enum pw_need { PW_OPTIONAL, PW_REQUIRED };

/**
 * Load the configuration that -c names, else the perfwarden.yml of this directory or the nearest
 * one above it up to the root of the repository. Every mistake in it is printed.
 *
 * @return PW_EXIT_PASS; PW_EXIT_USAGE after printing why
 */
int pw_project_load_config(struct pw_cli *cli, const struct pw_arguments *arguments,
                           enum pw_need need, struct pw_project *project);

/** Open the repository around the configuration (or this directory). HEAD is not read, and the work
 * tree not looked at: there need be neither. */
int pw_project_open_repository(struct pw_project *project, struct pw_error *err) PW_MUST_CHECK;

/** The same, and read HEAD. @return 0; PW_EUSAGE for a bare repository; PW_EGIT */
int pw_project_open_git(struct pw_project *project, struct pw_error *err) PW_MUST_CHECK;

/**
 * Append where the configuration lies in the tree of a commit: "bench/perfwarden.yml". The
 * repository must be open.
 *
 * @return false when it does not lie in the work tree
 */
bool pw_project_config_place(const struct pw_project *project, struct pw_strbuf *out);

/**
 * Name the configuration in a comparison by its place in the tree, which does not depend on where
 * the command was started: who reads a report is somewhere else. As it was named where it is not in
 * a work tree.
 *
 * @return 0; PW_ENOMEM
 */
int pw_project_place_config(struct pw_project *project, struct pw_comparison *comparison,
                            struct pw_error *err) PW_MUST_CHECK;

/** Open the baseline store; the repository must be open. Without a configuration: the default
 * store. */
int pw_project_open_store(struct pw_project *project, struct pw_error *err) PW_MUST_CHECK;

void pw_project_release(struct pw_project *project);

#endif

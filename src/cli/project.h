/* The project a command works on: its configuration, its repository and its baseline store. */
#ifndef PERFWARDEN_CLI_PROJECT_H
#define PERFWARDEN_CLI_PROJECT_H

#include "cli.h"
#include "perfwarden/config.h"
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

/** Open the baseline store; the repository must be open. Without a configuration: the default
 * store. */
int pw_project_open_store(struct pw_project *project, struct pw_error *err) PW_MUST_CHECK;

void pw_project_release(struct pw_project *project);

#endif

/* The subcommands of perfwarden baseline: what their files share. */
#ifndef PERFWARDEN_CLI_BASELINE_H
#define PERFWARDEN_CLI_BASELINE_H

#include "cli.h"
#include "project.h"

/**
 * A subcommand: works with an opened project and its store.
 *
 * @param operands  those behind its own name
 * @return enum pw_exit
 */
typedef int (*pw_baseline_fn)(struct pw_cli *cli, const struct pw_arguments *arguments,
                              struct pw_project *project, const struct pw_words *operands);

/* One file each: src/cli/baseline_<name>.c */
int pw_baseline_fetch(struct pw_cli *cli, const struct pw_arguments *arguments,
                      struct pw_project *project, const struct pw_words *operands);
int pw_baseline_list(struct pw_cli *cli, const struct pw_arguments *arguments,
                     struct pw_project *project, const struct pw_words *operands);
int pw_baseline_push(struct pw_cli *cli, const struct pw_arguments *arguments,
                     struct pw_project *project, const struct pw_words *operands);
int pw_baseline_remove(struct pw_cli *cli, const struct pw_arguments *arguments,
                       struct pw_project *project, const struct pw_words *operands);
int pw_baseline_show(struct pw_cli *cli, const struct pw_arguments *arguments,
                     struct pw_project *project, const struct pw_words *operands);
int pw_baseline_update(struct pw_cli *cli, const struct pw_arguments *arguments,
                       struct pw_project *project, const struct pw_words *operands);

/** Say, unless that is not wanted, what came from and went to a remote. */
void pw_baseline_tell_exchange(struct pw_cli *cli, const struct pw_arguments *arguments,
                               const struct pw_git_remote *remote,
                               const struct pw_git_exchange *exchange);

/**
 * The remote that an operand names, else the configuration, else git's settings, and how long it
 * may take.
 *
 * @param verb   "fetch" or "push", for messages
 * @param[in,out] name  holds the remote's name for as long as `out` is used
 * @return PW_EXIT_PASS; else another code, after printing why
 */
int pw_baseline_choose_remote(struct pw_cli *cli, const struct pw_arguments *arguments,
                              struct pw_project *project, const struct pw_words *operands,
                              const char *verb, struct pw_strbuf *name, struct pw_git_remote *out);

/** Print "<message> '<subject>'", a mistake of the command line. @return PW_EXIT_USAGE */
int pw_baseline_fail_usage(struct pw_cli *cli, const char *message, const char *subject);
/** Print what the store failed with: an invalid argument is its ref, as one that is checked out,
 * and so a wrong configuration. @return enum pw_exit */
int pw_baseline_fail_store(struct pw_cli *cli, struct pw_error *err);
/** As pw_baseline_fail_store(), for what the user named: that it does not exist is a mistake of the
 * command line. */
int pw_baseline_fail_word(struct pw_cli *cli, struct pw_error *err);

/**
 * Warn when what was just stored is too good to be a baseline before a second session confirms it.
 *
 * @return PW_EXIT_PASS; PW_EXIT_INTERNAL after printing why it could not be told
 */
int pw_baseline_tell_quarantine(struct pw_cli *cli, const struct pw_project *project,
                                const struct pw_result *stored);

#endif

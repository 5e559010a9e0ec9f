/* The subcommands of perfwarden baseline: what their files share. */
#ifndef PERFWARDEN_CLI_BASELINE_H
#define PERFWARDEN_CLI_BASELINE_H

#include "cli.h"
#include "perfwarden/util/json.h"
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
int pw_baseline_export(struct pw_cli *cli, const struct pw_arguments *arguments,
                       struct pw_project *project, const struct pw_words *operands);
int pw_baseline_fetch(struct pw_cli *cli, const struct pw_arguments *arguments,
                      struct pw_project *project, const struct pw_words *operands);
int pw_baseline_import(struct pw_cli *cli, const struct pw_arguments *arguments,
                       struct pw_project *project, const struct pw_words *operands);
int pw_baseline_list(struct pw_cli *cli, const struct pw_arguments *arguments,
                     struct pw_project *project, const struct pw_words *operands);
int pw_baseline_prune(struct pw_cli *cli, const struct pw_arguments *arguments,
                      struct pw_project *project, const struct pw_words *operands);
int pw_baseline_push(struct pw_cli *cli, const struct pw_arguments *arguments,
                     struct pw_project *project, const struct pw_words *operands);
int pw_baseline_remove(struct pw_cli *cli, const struct pw_arguments *arguments,
                       struct pw_project *project, const struct pw_words *operands);
int pw_baseline_show(struct pw_cli *cli, const struct pw_arguments *arguments,
                     struct pw_project *project, const struct pw_words *operands);
int pw_baseline_update(struct pw_cli *cli, const struct pw_arguments *arguments,
                       struct pw_project *project, const struct pw_words *operands);
int pw_baseline_verify(struct pw_cli *cli, const struct pw_arguments *arguments,
                       struct pw_project *project, const struct pw_words *operands);

/** `baseline update --from`: store results that were measured before. */
int pw_baseline_update_from(struct pw_cli *cli, const struct pw_arguments *arguments,
                            struct pw_project *project, const struct pw_words *operands);
/** Warn of results whose commits this clone does not have: nothing here can be compared with them.
 */
void pw_baseline_warn_unknown(struct pw_cli *cli, struct pw_project *project,
                              const struct pw_import *import);

/** What the operands and the filters leave of everything stored. */
struct pw_baseline_choice {
    struct pw_store_listing listing; /**< whose arena has the entries */
    struct pw_store_entry *entries;  /**< newest first */
    size_t count;
};

/**
 * Choose by operands, --environment, --since, --until, --filter and --limit. Results are read only
 * for --filter; one that cannot be read is an error that is printed and does not stop the rest.
 *
 * @param[out] out  pw_store_listing_release() its listing, whatever is returned
 * @return enum pw_exit; PW_EXIT_INTERNAL with a choice when a result could not be read
 */
int pw_baseline_choose(struct pw_cli *cli, const struct pw_arguments *arguments,
                       struct pw_project *project, const struct pw_words *operands,
                       struct pw_baseline_choice *out);

/** "COMMIT        RECORDED …" and the line of a result, without a line end. */
void pw_baseline_put_head(struct pw_strbuf *out);
void pw_baseline_put_row(struct pw_strbuf *out, const struct pw_store_entry *entry);
/** The members of an entry in JSON; the object is open. */
void pw_baseline_put_entry(struct pw_json_writer *writer, const struct pw_store_entry *entry);

/** Refuse operands where there are none to take. @return PW_EXIT_PASS; PW_EXIT_USAGE */
int pw_baseline_refuse_operands(struct pw_cli *cli, const char *name,
                                const struct pw_words *operands);

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

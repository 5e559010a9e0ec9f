/* Running the git program, for what libgit2 does not do as git does: checking out, adding, talking
 * to remotes. */
#ifndef PERFWARDEN_GIT_PROGRAM_H
#define PERFWARDEN_GIT_PROGRAM_H

#include <stdint.h>
#include <sys/types.h>

#include "perfwarden/util/arena.h"
#include "perfwarden/util/error.h"
#include "perfwarden/util/strbuf.h"

/** One call of git. All borrowed. */
struct pw_git_program {
    const char *directory;        /**< absolute: where git runs, and finds its repository */
    const char *const *arguments; /**< NULL-terminated: the git command and what follows it */
    const char *const *settings;  /**< further "name=value" for -c, NULL-terminated; may be NULL */
    const char *index_file;       /**< used in place of the repository's; NULL for none */
    /**
     * Not 0 ends git and all it started, which then run in a session of their own. NULL: git runs
     * in the caller's process group and is reached by the terminal's signals itself.
     */
    const volatile int *interrupted;
    /** Further "NAME=value", in place of what the caller's environment has under these names,
     * NULL-terminated; may be NULL. */
    const char *const *variables;
    uint64_t timeout_ns;  /**< after which git and all it started are ended; 0 for none */
    const char *too_late; /**< "'git fetch' did not end …": how it goes on; NULL: after how long */
    struct pw_strbuf *output; /**< receives standard output, after a failure too; NULL to drop it */
    struct pw_strbuf *errors; /**< receives the end of standard error; NULL to drop it */
};

/** A git that runs. */
struct pw_git_process {
    pid_t pid;
    int output; /**< read end of its standard output */
    int errors; /**< read end of its standard error */
};

/**
 * Start git: no prompts, no hooks, no locale, no background work, and nothing of the caller's
 * environment that says which repository is meant.
 *
 * @return 0; PW_EGIT when there is no git program; PW_EIO; PW_ENOMEM
 */
int pw_git_program_start(const struct pw_git_program *program, struct pw_git_process *out,
                         struct pw_error *err) PW_MUST_CHECK;

/** Wait for a process. @return its wait status; -1 when it cannot be waited for */
int pw_git_program_reap(pid_t pid);

/**
 * Run git to its end.
 *
 * @return 0 when it exits with 0; PW_EGIT with git's own words, or because it took longer than
 * timeout_ns; PW_EINTERRUPTED; PW_EIO; PW_ENOMEM
 */
int pw_git_program_run(const struct pw_git_program *program, struct pw_error *err) PW_MUST_CHECK;

#endif

/*
 * Revisions checked out and built, side by side, each in a directory of its own whose path is as
 * long as every other's; and a cache of them. Knows nothing of measuring and of verdicts.
 */
#ifndef PERFWARDEN_BUILD_H
#define PERFWARDEN_BUILD_H

#include <stdbool.h>
#include <stddef.h>

#include "perfwarden/config.h"
#include "perfwarden/git/repository.h"
#include "perfwarden/run.h"
#include "perfwarden/util/arena.h"
#include "perfwarden/util/error.h"

/** What step_started() is told beside the configured steps. */
#define PW_BUILD_STEP_WAIT     "wait for another perfwarden that builds it"
#define PW_BUILD_STEP_CHECKOUT "check out"
#define PW_BUILD_STEP_CACHED   "take from the cache"
#define PW_BUILD_STEP_ANEW     "build anew: its tree has changed since it was built"

/** How many built revisions the cache keeps, the last used ones; those in use are kept besides. */
#define PW_BUILD_KEPT 12
/** How much output of the steps a log keeps. */
#define PW_BUILD_LOG_MAX_BYTES ((size_t)64 << 20)

/** Where and how to build. All borrowed. */
struct pw_build_options {
    /**
     * Root of the cache; NULL for $PERFWARDEN_CACHE, else $XDG_CACHE_HOME/perfwarden, else
     * ~/.cache/perfwarden, else a directory of this user under $TMPDIR or /tmp. Its parents may be
     * links, itself not; only its owner may enter it.
     */
    const char *cache;
    /** Build although the cache has it; what somebody is using at the moment is used as it is. */
    bool is_rebuild;
    const char *label; /**< what messages call the revision; NULL for the name of its side */
    const volatile int *interrupted; /**< not 0 once a signal arrived; may be NULL */
    /**
     * Told what is done to get a revision: one of the texts below, or a build step as it is
     * configured. May be NULL.
     */
    void (*step_started)(void *context, const char *side, const char *step);
    void *context;
    /** Called with each piece of the steps' output as it arrives; a length of 0 says that a step
     * has ended. The steps' standard error comes with their standard output. NULL for none. */
    void (*output_seen)(void *context, int fd, const char *data, size_t length);
    void *output_context;
};

/** One built revision; it stays locked against other perfwardens' cleaning until released.
 * Zero-initialised is valid and empty. */
struct pw_build {
    char commit[PW_OID_SIZE];
    const char
        *directory; /**< absolute: where this revision's configuration file lies or would lie */
    const char *configuration; /**< absolute: that file, which need not exist */
    const char *root;          /**< absolute: the top of its tree */
    const char *log;           /**< absolute: what the build steps printed */
    bool was_cached;
    int lock_fd; /**< owned */
    struct pw_arena arena;
};

/**
 * Check out and build one revision, or take it from the cache.
 *
 * The cache's key is the commit, the build steps, the place of the configuration in the tree, the
 * repository and the environment's variables for compilers (CC, CFLAGS and their like); an entry
 * counts only once its build was complete, and while its tree is what the build left: what a
 * benchmark writes into the tree has it built anew the next time, and so has a tree of more than
 * 200000 names. Only one that somebody is using at that moment is taken as it is. A newer compiler
 * of the same name is not noticed. The steps run through the executor, in the directory of the
 * configuration, in the caller's environment with PERFWARDEN_SIDE, without time limit; their output
 * goes to the log. What an interrupted or killed perfwarden left behind is cleaned up first, and
 * old entries are dropped.
 *
 * While it is built, the tree is a linked work tree of the repository, so that `git describe` says
 * what it should; afterwards it is a plain directory. Two perfwardens that need the same revision
 * build it once: the other one waits.
 *
 * @param side    "base" or "head", for messages and the log
 * @param config  head's: its `build:`, and its directory, which lies in the work tree of git
 * @param[out] out  released by pw_build_release(); unchanged on failure
 * @return 0; PW_EBUILD when a step fails, naming side, commit, step, how it ended, its last line
 * and the log, which is kept beside the cache's entries; PW_EUSAGE when the configuration does not
 * lie in a work tree of git; PW_ENOTFOUND when the clone lacks the commit; PW_EGIT; PW_EIO;
 * PW_ENOMEM; PW_EINTERRUPTED, nothing left behind
 */
int pw_build_revision(struct pw_git *git, struct pw_executor *executor, const char *side,
                      const char *commit, const struct pw_config *config,
                      const struct pw_build_options *options, struct pw_build *out,
                      struct pw_error *err) PW_MUST_CHECK;
void pw_build_release(struct pw_build *build);

/**
 * Whether a benchmark executes the same bytes on both sides, so that it need not be run.
 *
 * With `artifacts:`, those files and folders decide: names, kinds, contents, what links point to
 * and what may be executed. Without, the command's own file does, where that can be relied on: a
 * binary program (no script, no shell command) in the tree, none of whose arguments, variables
 * (`env:`) or input files in the tree differ, and nothing that prepares its runs; and every other
 * file of the tree must be the same, since the program may open or execute it: but for sources,
 * object files, documentation and build systems' own files, by their names, and the configuration.
 * Shared libraries must be the same wherever they are. What cannot be compared, or only at too
 * great a cost, is not identical.
 *
 * A program in which the compiler recorded the absolute path of its sources (debug information,
 * __FILE__) differs between two trees; -ffile-prefix-map keeps the path out.
 *
 * @param base  the benchmark as configured in base's directory; head likewise
 * @param[out] is_identical
 * @param[out] what  in the arena: "./bench is byte for byte the same", for the verdict's reason;
 * NULL otherwise
 * @return 0; PW_ECONFIG when an artifact exists on neither side or lies outside of the tree;
 * PW_EIO; PW_ENOMEM
 */
int pw_build_is_identical(const struct pw_build *base_build, const struct pw_benchmark *base,
                          const struct pw_build *head_build, const struct pw_benchmark *head,
                          struct pw_arena *arena, bool *is_identical, const char **what,
                          struct pw_error *err) PW_MUST_CHECK;

/**
 * Whether a benchmark executes, or is given, anything of the tree that was built for it.
 *
 * One that does not compares a program with itself. A shell command counts by its directory.
 *
 * @param benchmark  as configured in the build's directory
 */
bool pw_build_is_inside(const struct pw_build *build, const struct pw_benchmark *benchmark);

#endif

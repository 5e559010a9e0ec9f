/* Rows of "this repository, these variables: that commit is the base". */
#ifndef PERFWARDEN_TESTS_GIT_BASE_ROWS_H
#define PERFWARDEN_TESTS_GIT_BASE_ROWS_H

#include "git_fixture.h"

enum { MAX_VARIABLES = 5 };

/** One repository and what is asked of it. */
struct base_row {
    const char *name;
    const char *script;    /**< makes the repository "r"; an event's file is "event.json" */
    const char *directory; /**< what is opened; NULL for "r" */
    const char *revision;  /**< --base */
    /** The value "@" is branch feature's commit, "HEAD" that of HEAD; GITHUB_EVENT_PATH names a
     * file of the fixture. */
    const char *variables[MAX_VARIABLES][2];
    const char *commit; /**< a revision in "r" that must be found; NULL when it must fail */
    const char *text;   /**< the reason, or a part of the message; "@" stands for branch feature's
                           first 12 digits */
    int status;
};

/* A feature branch two commits ahead of main, main one commit on. */
#define FEATURE                                                                                    \
    "new r; c one; c two; git checkout -q -b feature; c three; c four; git checkout -q main; "     \
    "c five; git checkout -q feature; "
/* The same, with main known as origin/main only. */
#define FETCHED                                                                                    \
    FEATURE "git update-ref refs/remotes/origin/main main; git branch -q -m main other; "
/* What a CI system makes of a pull request: a commit that merges it into main. */
#define MERGED         FEATURE "git checkout -q --detach main; m feature; "
#define SHALLOW(depth) FEATURE "git clone -q --depth " depth " \"file://$PWD\" ../s; cd ../s; "

/** Make each row's repository, search, and compare. */
void base_rows_check(const struct base_row *rows, size_t count);

#endif

/*
 * git: what lies behind a commit: the base it is compared with, and what a clone lacks for that;
 * ancestors, older anchors, trailers of messages, who wrote a line.
 */
#ifndef PERFWARDEN_GIT_HISTORY_H
#define PERFWARDEN_GIT_HISTORY_H

#include <stdbool.h>
#include <stddef.h>

#include "perfwarden/git/repository.h"
#include "perfwarden/util/arena.h"
#include "perfwarden/util/error.h"
#include "perfwarden/util/strbuf.h"

/** How far ancestors are searched. */
#define PW_GIT_MAX_ANCESTORS 10000

/** The commit that head is compared with, and why. Strings live in the arena that was passed. */
struct pw_git_base {
    char commit[PW_OID_SIZE];
    const char *reason; /**< "merge base with main", "first parent", "--base v1.2", … */
};

/** Reads an environment variable; getenv() itself, or a table in tests. @return NULL when unset */
typedef const char *(*pw_getenv_fn)(const char *name);

/**
 * Find the base: the revision asked for, else what the CI system says, else the merge base with the
 * default branch, else the first parent.
 *
 * GitHub Actions, by the event:
 * - pull_request, pull_request_review, pull_request_review_comment, pull_request_target: where HEAD
 *   is the commit that merges the change into its target, HEAD^1; else the merge base with the
 *   target branch as fetched from the remote: 'origin', else the only one.
 * - push, of several commits or of a tag too: HEAD^1.
 * - merge_group: merge_group.base_sha, which must be an ancestor of HEAD.
 * - all others (schedule, workflow_dispatch, workflow_run, release, …): HEAD^1 where a tag is
 * built, else the merge base with the repository's default branch, or HEAD^1 on that branch itself.
 *
 * GitLab: HEAD^1 where HEAD merges the change into its target (merged results, merge trains), else
 * CI_MERGE_REQUEST_DIFF_BASE_SHA, which must be an ancestor of HEAD, else, and where that is HEAD
 * itself, the merge base with the target branch; other pipelines as GitHub's other events.
 *
 * Azure, AppVeyor, Bitbucket, Buildkite, Drone, Jenkins, Travis and Woodpecker: HEAD^1 or the merge
 * base with the target branch for a change, HEAD^1 for a tag, else the default branch. CircleCI
 * tells no target branch: the default branch.
 *
 * A rule that applies but cannot be followed fails; the next one is not tried. A branch that has
 * HEAD already has nothing to compare with, so that the first parent is taken.
 *
 * Of several merge bases (criss-cross merges) it is the one that `git merge-base` prints: the
 * newest by commit date, of equally new ones the one that is met first from HEAD.
 *
 * @param revision     `--base`; NULL to search
 * @param environment  how to read the CI system's variables
 * @return 0; PW_ENOTFOUND with the remedy: no such revision, a root commit, history that ends at a
 * shallow clone's boundary, a target branch that was not fetched; PW_EGIT also where HEAD and what
 * CI says do not belong together; PW_EFORMAT, PW_EIO for GitHub's event
 */
int pw_git_find_base(struct pw_git *git, const char *revision, pw_getenv_fn environment,
                     struct pw_arena *arena, struct pw_git_base *out,
                     struct pw_error *err) PW_MUST_CHECK;

/** What a clone lacks for its base to be found. */
struct pw_git_lack {
    bool is_lacking;    /**< fetching may help; false when the base is there, or cannot be had */
    bool wants_tags;    /**< what was asked for may be a tag */
    const char *branch; /**< of the remote, with whose history HEAD's meets; NULL for none */
};

/** Search as pw_git_find_base() does, for what would have to be fetched.
 * @return 0, also when there is no base; PW_EGIT and others as there */
int pw_git_find_lack(struct pw_git *git, const char *revision, pw_getenv_fn environment,
                     struct pw_arena *arena, struct pw_git_lack *out,
                     struct pw_error *err) PW_MUST_CHECK;

/** Append how all of history is had: the setting of the CI system at hand, the command, the option.
 */
void pw_git_put_depth_remedy(struct pw_strbuf *out, pw_getenv_fn environment);

/** One step of fetching what a clone lacks. All borrowed. */
struct pw_git_deepening {
    const char *branch; /**< of the remote ('origin', else the only one); NULL for none */
    const char *commit; /**< a full id whose history is wanted besides HEAD's; NULL for none */
    bool wants_tags;
    unsigned step; /**< 0 fetches 50 commits more, 1 500, 2 5000, and 3 all there are */
    const volatile int *interrupted; /**< not 0 once a signal arrived; may be NULL */
};

/**
 * Fetch more history of HEAD and of a branch, with the git program.
 *
 * @param[out] is_complete  nothing more can be fetched; unchanged on failure
 * @return 0; PW_EGIT with git's own words, or when there is no remote; PW_EINTERRUPTED
 */
int pw_git_deepen(struct pw_git *git, const struct pw_git_deepening *deepening, bool *is_complete,
                  struct pw_error *err) PW_MUST_CHECK;

/**
 * Called for each ancestor, nearest first by commit date, the start included.
 *
 * @return false to stop
 */
typedef bool (*pw_git_visit_fn)(void *context, const char *commit);

/** Why a walk over ancestors ended. */
enum pw_git_walk_end {
    PW_WALK_STOPPED, /**< the visitor said so */
    PW_WALK_ROOT,    /**< all history was seen */
    PW_WALK_SHALLOW, /**< history ends at a shallow clone's boundary */
    PW_WALK_CAPPED   /**< PW_GIT_MAX_ANCESTORS were seen */
};

/**
 * Visit a commit and its ancestors without loading them all first.
 *
 * @param from  a full commit id
 * @return 0; PW_EINVAL; PW_ENOTFOUND when there is no such commit; PW_EGIT when history is damaged
 */
int pw_git_walk(struct pw_git *git, const char *from, pw_git_visit_fn visit, void *context,
                enum pw_git_walk_end *end, struct pw_error *err) PW_MUST_CHECK;

/** How many commits `from` has that `ancestor` has not (`git rev-list --count ancestor..from`):
 * each once, those that merges brought in included; of a shallow clone those that are there. */
int pw_git_distance(struct pw_git *git, const char *from, const char *ancestor, size_t *out,
                    struct pw_error *err) PW_MUST_CHECK;

/** Which older commit to look for; exactly one member is set. */
struct pw_git_anchor_rule {
    const char *tag;  /**< pattern of a tag's name, as in `git describe --tags --match` */
    unsigned days;    /**< at least so much older than head, the newest along first parents */
    unsigned commits; /**< so many before the base, along first parents */
};

/** An older commit in the base's history. Strings live in the arena that was passed. */
struct pw_git_anchor {
    char commit[PW_OID_SIZE]; /**< "" when there is none */
    const char *label;        /**< for people, behind "since": "v1.2", "30 days ago" */
    const char *reason;       /**< how it was chosen; where there is none, why, with the remedy */
    size_t distance;          /**< commits that the base has and the anchor has not */
};

/**
 * Look for an older commit in the base's history.
 *
 * A tag is looked for from the base on, so that a tag of head itself does not count; of several the
 * one that lacks the fewest of the base's commits. An anchor that is the base itself is none.
 *
 * @param base  a full commit id
 * @param head  a full commit id
 * @return 0, also when there is none; PW_EINVAL; PW_ENOTFOUND when there is no such commit; PW_EGIT
 */
int pw_git_find_anchor(struct pw_git *git, const char *base, const char *head,
                       const struct pw_git_anchor_rule *rule, struct pw_arena *arena,
                       struct pw_git_anchor *out, struct pw_error *err) PW_MUST_CHECK;

/** One trailer of a commit's message ("Key: value" in its last paragraph). */
struct pw_git_trailer {
    char commit[PW_OID_SIZE];
    const char *author; /**< name; "" when it cannot be read */
    const char *value;  /**< on one line; valid UTF-8 */
};

/** A commit whose message has the key at the beginning of a line that is no trailer. */
struct pw_git_stray {
    char commit[PW_OID_SIZE];
};

/** Trailers, those of the newest commit first. Everything lives in the arena that was passed. */
struct pw_git_trailers {
    struct pw_git_trailer *items;
    size_t count;
    size_t capacity;
    struct pw_git_stray *strays; /**< the newest first */
    size_t stray_count;
    size_t stray_capacity;
    bool is_cut; /**< a shallow clone, or PW_GIT_MAX_ANCESTORS, kept some commits from being read */
};

/**
 * Read the trailers with one key of the commits that `from` has and `without` has not, as git reads
 * trailers (git-interpret-trailers(1)).
 *
 * @param from     a full commit id
 * @param without  a full commit id
 * @param key      compared without regard to case
 * @return 0; PW_EINVAL; PW_ENOTFOUND when one of the commits is not there; PW_EGIT
 */
int pw_git_find_trailers(struct pw_git *git, const char *from, const char *without, const char *key,
                         struct pw_arena *arena, struct pw_git_trailers *out,
                         struct pw_error *err) PW_MUST_CHECK;

/**
 * The name of who wrote a line, as `git blame` says. Of a line that only a snapshot of the work
 * tree has (pw_git_snapshot()) it is who git would say commits it.
 *
 * @param commit    a full commit id; NULL for the file as it lies there
 * @param path      absolute, or relative to the work tree
 * @param line      from 1
 * @param[out] out  in the arena; unchanged when the line is not committed, or nobody is known
 * @return 0; PW_EGIT when git does not know the file; PW_EIO; PW_ENOMEM
 */
int pw_git_line_author(struct pw_git *git, const char *commit, const char *path, unsigned line,
                       struct pw_arena *arena, const char **out,
                       struct pw_error *err) PW_MUST_CHECK;

#endif

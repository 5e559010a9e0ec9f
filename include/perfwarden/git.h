/*
 * git: the only code that knows libgit2. Revisions, ancestors, the state of the work tree, and
 * files kept in commits on a ref of their own. Knows nothing of benchmarks.
 */
#ifndef PERFWARDEN_GIT_H
#define PERFWARDEN_GIT_H

#include <stdbool.h>
#include <stddef.h>

#include "perfwarden/util/arena.h"
#include "perfwarden/util/error.h"
#include "perfwarden/util/strbuf.h"

/** Bytes of a hexadecimal commit id with its NUL. */
#define PW_OID_SIZE 41
/** How far ancestors are searched. */
#define PW_GIT_MAX_ANCESTORS 10000

/** Bytes of the library's version with its NUL. */
#define PW_GIT_VERSION_SIZE 48

struct pw_git;

/** The version of libgit2 that is in use: "1.5.1". */
void pw_git_library_version(char out[PW_GIT_VERSION_SIZE]);

/**
 * Open the repository that contains a directory.
 *
 * It is found by the directory, within git's own bounds (GIT_CEILING_DIRECTORIES); the owner counts
 * as git has it (safe.directory).
 *
 * @return 0; PW_EGIT with a remedy: no repository, owned by another user, an object format or
 * extension that cannot be read, GIT_DIR or GIT_WORK_TREE that mean another one, damaged settings
 */
int pw_git_open(const char *directory, struct pw_git **out, struct pw_error *err) PW_MUST_CHECK;
void pw_git_free(struct pw_git *git);

/** Absolute path of the work tree; NULL for a bare repository. Borrowed. */
const char *pw_git_workdir(const struct pw_git *git);
bool pw_git_is_shallow(const struct pw_git *git);
/** Absolute path of what all work trees of the repository share (".git"), no trailing slash.
 * Borrowed. */
const char *pw_git_common_directory(const struct pw_git *git);

/** Whether an environment variable ("NAME=value") says which repository, index or objects git
 * uses: to be taken away from programs that run in another tree. */
bool pw_git_is_repository_variable(const char *variable);

/** Where HEAD is. Strings live in the arena that was passed. */
struct pw_git_head {
    char commit[PW_OID_SIZE];
    const char *branch; /**< short name; NULL when detached */
    const char **parents;
    size_t parent_count;
    bool is_dirty; /**< tracked files differ from HEAD; untracked files do not count */
};

/** @return 0; PW_EGIT: an unborn HEAD (nothing committed yet) or an unreadable one */
int pw_git_head(struct pw_git *git, struct pw_arena *arena, struct pw_git_head *out,
                struct pw_error *err) PW_MUST_CHECK;

/** The commit a revision names (tags are peeled). @return 0; PW_ENOTFOUND naming the revision;
 * PW_EGIT */
int pw_git_resolve(struct pw_git *git, const char *revision, char out[PW_OID_SIZE],
                   struct pw_error *err) PW_MUST_CHECK;

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
 *   target branch as fetched from origin.
 * - push, of several commits or of a tag too: HEAD^1.
 * - merge_group: merge_group.base_sha, which must be an ancestor of HEAD.
 * - all others (schedule, workflow_dispatch, workflow_run, release, …): HEAD^1 where a tag is
 * built, else the merge base with the repository's default branch, or HEAD^1 on that branch itself.
 *
 * GitLab: HEAD^1 where HEAD merges the change into its target (merged results, merge trains), else
 * CI_MERGE_REQUEST_DIFF_BASE_SHA, else the merge base with the target branch; other pipelines as
 * GitHub's other events.
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
    const char *branch; /**< of origin, with whose history HEAD's meets; NULL for none */
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
    const char *branch; /**< of the remote, fetched into refs/remotes/origin/; NULL for none */
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

/** Called for each file in the tree of a ref. @return 0 to go on; a status, with err set, to stop
 */
typedef int (*pw_git_file_fn)(void *context, const char *path, struct pw_error *err);

/** List the files of the tree a ref points to; an absent ref has none. */
int pw_git_ref_list(struct pw_git *git, const char *ref, pw_git_file_fn file, void *context,
                    struct pw_error *err) PW_MUST_CHECK;

/** Read one file of that tree. @return 0; PW_ENOTFOUND; PW_EGIT when the object is damaged */
int pw_git_ref_read(struct pw_git *git, const char *ref, const char *path, struct pw_strbuf *out,
                    struct pw_error *err) PW_MUST_CHECK;

/** One change to the tree of a ref. */
struct pw_git_change {
    const char *path;
    const char *data; /**< the new file's content; NULL removes the path */
    size_t length;
};

/**
 * Commit changes to the tree of a ref.
 *
 * Objects are synced; the ref moves by compare-and-swap and the change is redone on the new tree
 * when another writer was first. Files are only added under new names.
 *
 * @param ref  a full name ("refs/…") that no work tree has checked out
 * @return 0; PW_EINVAL for any other ref; PW_EEXISTS when an added path exists with other content;
 * PW_ENOTFOUND when a removed path does not exist: then nothing is changed; PW_EGIT; PW_EIO
 */
int pw_git_ref_update(struct pw_git *git, const char *ref, const struct pw_git_change *changes,
                      size_t count, const char *message, struct pw_error *err) PW_MUST_CHECK;

/**
 * Check a commit out into a new directory: `git worktree add --detach`, with the git program, so
 * that filters, sparse checkouts and submodules are as git has them. No hook runs. The user's work
 * tree, index, branch and settings are not touched.
 *
 * Where the user's work tree is sparse, so is this one. Submodules are checked out too, recursively
 * (all of them, where `submodule.active` does not say which), with the objects that the user's
 * repository has of them.
 *
 * @param path  absolute, without links; does not exist yet, its parent does
 * @param interrupted  not 0 once a signal arrived: git is ended; may be NULL
 * @return 0; PW_ENOTFOUND when the commit is not in this clone; PW_EGIT with git's own words;
 * PW_EIO; PW_EINTERRUPTED. After a failure git does not know the path, but files may be left there
 */
int pw_git_worktree_add(struct pw_git *git, const char *commit, const char *path,
                        const volatile int *interrupted, struct pw_error *err) PW_MUST_CHECK;

/**
 * Make a checked-out tree a plain directory: git forgets it, its files stay.
 *
 * @return 0, also when git does not know it; PW_EGIT; PW_EIO
 */
int pw_git_worktree_forget(struct pw_git *git, const char *path,
                           struct pw_error *err) PW_MUST_CHECK;

/**
 * The work tree as it is, tracked and new files but no ignored ones, as a commit that no branch
 * knows, whose parent is HEAD. Made through an index of its own: the user's index is not touched.
 *
 * @return 0, HEAD itself when nothing differs; PW_EGIT; PW_EIO
 */
int pw_git_snapshot(struct pw_git *git, char out[PW_OID_SIZE], struct pw_error *err) PW_MUST_CHECK;

/** One file of a commit's tree. @return 0; PW_ENOTFOUND when the commit has no such file; PW_EGIT
 */
int pw_git_read_file(struct pw_git *git, const char *commit, const char *path,
                     struct pw_strbuf *out, struct pw_error *err) PW_MUST_CHECK;

#endif

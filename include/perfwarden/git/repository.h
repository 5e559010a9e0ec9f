/*
 * git: a repository: opening it, its HEAD and revisions, its work trees, the files of a commit, its
 * branches and tags.
 */
#ifndef PERFWARDEN_GIT_REPOSITORY_H
#define PERFWARDEN_GIT_REPOSITORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "perfwarden/util/arena.h"
#include "perfwarden/util/error.h"
#include "perfwarden/util/strbuf.h"

/** Bytes of a hexadecimal commit id with its NUL. */
#define PW_OID_SIZE 41

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

/**
 * Have long work on objects end early: pw_git_ref_update() then returns PW_EINTERRUPTED, and the
 * ref is as it was.
 *
 * @param interrupted  not 0 once a signal arrived; NULL for never; borrowed
 */
void pw_git_watch(struct pw_git *git, const volatile int *interrupted);

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

/**
 * As pw_git_head(), but what is changed below a directory does not make the work tree dirty.
 *
 * @param aside  its absolute path; NULL, or outside of the work tree or all of it, for none
 */
int pw_git_head_aside(struct pw_git *git, struct pw_arena *arena, const char *aside,
                      struct pw_git_head *out, struct pw_error *err) PW_MUST_CHECK;

/** The commit a revision names (tags are peeled). @return 0; PW_ENOTFOUND naming the revision;
 * PW_EGIT */
int pw_git_resolve(struct pw_git *git, const char *revision, char out[PW_OID_SIZE],
                   struct pw_error *err) PW_MUST_CHECK;

/** When a commit was committed, in seconds since 1970. @param commit a full id @return 0;
 * PW_ENOTFOUND; PW_EGIT */
int pw_git_commit_time(struct pw_git *git, const char *commit, int64_t *out,
                       struct pw_error *err) PW_MUST_CHECK;

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

/** The first line of a commit's message. @return 0; PW_ENOTFOUND when it is not in this clone;
 * PW_EGIT
 */
int pw_git_subject(struct pw_git *git, const char *commit, struct pw_strbuf *out,
                   struct pw_error *err) PW_MUST_CHECK;

/** Which refs are meant. */
enum pw_git_ref_kind {
    PW_REFS_TAGS,    /**< "v1.0" */
    PW_REFS_BRANCHES /**< local and remote-tracking ones, these without the remote: "release/1" */
};

/** Called for each ref. @param commit what it points to, tags peeled @return 0 to go on */
typedef int (*pw_git_ref_fn)(void *context, const char *name, const char *commit,
                             struct pw_error *err);

/** Visit the refs of a kind by their short names. Those that point to no commit are passed over. */
int pw_git_ref_each(struct pw_git *git, enum pw_git_ref_kind kind, pw_git_ref_fn visit,
                    void *context, struct pw_error *err) PW_MUST_CHECK;

#endif

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
 * @return 0; PW_EGIT with a remedy: no repository, owned by another user, an object format or
 * extension that cannot be read
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
 * @param revision     `--base`; NULL to search
 * @param environment  how to read the CI system's variables
 * @return 0; PW_ENOTFOUND with the remedy: no such revision, a root commit, history that ends at a
 * shallow clone's boundary; PW_EGIT
 */
int pw_git_find_base(struct pw_git *git, const char *revision, pw_getenv_fn environment,
                     struct pw_arena *arena, struct pw_git_base *out,
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

/** How many commits `from` has that `ancestor` has not (`git rev-list --count ancestor..from`). */
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

/** What pw_git_ref_survey() calls; each returns 0 to go on, a status, with err set, to stop. */
struct pw_git_survey {
    /** @param object  the id of the file's object; NULL where files are no objects */
    int (*file)(void *context, const char *path, const char *object, struct pw_error *err);
    /** Neither a file nor a directory. @param what "a symbolic link", … */
    int (*stray)(void *context, const char *path, const char *what, struct pw_error *err);
    /**
     * A directory that cannot be read, "" for the root: what is below it is not visited.
     *
     * @param object  the id of its tree; NULL when that is not known
     */
    int (*damage)(void *context, const char *path, const char *object, const char *message,
                  struct pw_error *err);
    void *context;
};

/** Visit everything in the tree of a ref, past what is damaged; an absent ref has nothing. */
int pw_git_ref_survey(struct pw_git *git, const char *ref, const struct pw_git_survey *survey,
                      struct pw_error *err) PW_MUST_CHECK;

/**
 * Find out, without writing, whether pw_git_ref_update() can work.
 *
 * @return 0; PW_EINVAL when the ref cannot be written, as one that is checked out; PW_EGIT when it
 * points to no commit; PW_EIO when the repository is not writable
 */
int pw_git_ref_check(struct pw_git *git, const char *ref, struct pw_error *err) PW_MUST_CHECK;

#endif

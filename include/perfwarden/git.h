/*
 * git: the only code that knows libgit2. Revisions, ancestors, the state of the work tree, and
 * files kept in commits on a ref of their own. Knows nothing of benchmarks.
 */
#ifndef PERFWARDEN_GIT_H
#define PERFWARDEN_GIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "perfwarden/util/arena.h"
#include "perfwarden/util/error.h"
#include "perfwarden/util/strbuf.h"

/** Bytes of a hexadecimal commit id with its NUL. */
#define PW_OID_SIZE 41
/** Bytes of an object's id as trees hold it. */
#define PW_GIT_ID_BYTES 20
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

/** Called for each file in the tree of a ref. @return 0 to go on; a status, with err set, to stop
 */
typedef int (*pw_git_file_fn)(void *context, const char *path, struct pw_error *err);

/** List the files of the tree a ref points to; an absent ref has none. */
int pw_git_ref_list(struct pw_git *git, const char *ref, pw_git_file_fn file, void *context,
                    struct pw_error *err) PW_MUST_CHECK;

/** Read one file of that tree. @return 0; PW_ENOTFOUND; PW_EGIT when the object is damaged */
int pw_git_ref_read(struct pw_git *git, const char *ref, const char *path, struct pw_strbuf *out,
                    struct pw_error *err) PW_MUST_CHECK;

/** One name in a directory of a ref's tree. */
struct pw_git_entry {
    const char *name;
    bool is_directory; /**< else it is a file; links and submodules are neither and not shown */
    unsigned char id[PW_GIT_ID_BYTES];
};

/** Called for each name in a directory. @return 0 to go on; a status, with err set, to stop */
typedef int (*pw_git_entry_fn)(void *context, const struct pw_git_entry *entry,
                               struct pw_error *err);

/**
 * The tree a ref points to now. What is read by its id later is of the same moment, whoever moves
 * the ref.
 *
 * @param[out] id        unchanged when the ref is absent
 * @param[out] is_there  whether there is such a ref
 * @return 0; PW_EGIT; PW_ENOMEM
 */
int pw_git_ref_root(struct pw_git *git, const char *ref, unsigned char id[PW_GIT_ID_BYTES],
                    bool *is_there, struct pw_error *err) PW_MUST_CHECK;

/**
 * Visit the names in one directory, in git's order.
 *
 * @param id         of the directory
 * @param ref, path  what messages call it
 * @return 0; PW_EGIT when the object is absent or damaged; PW_ENOMEM; what `visit` returned
 */
int pw_git_directory_list(struct pw_git *git, const unsigned char id[PW_GIT_ID_BYTES],
                          const char *ref, const char *path, pw_git_entry_fn visit, void *context,
                          struct pw_error *err) PW_MUST_CHECK;

/** Read a file by its id. @return 0; PW_EGIT when the object is absent or damaged; PW_ENOMEM */
int pw_git_file_read(struct pw_git *git, const unsigned char id[PW_GIT_ID_BYTES], const char *ref,
                     const char *path, struct pw_strbuf *out, struct pw_error *err) PW_MUST_CHECK;

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

/** A ref that other clones have too, under the same name. All borrowed. */
struct pw_git_remote {
    const char *name;    /**< of a remote, as pw_git_remote_choose() gives it */
    const char *ref;     /**< a full name ("refs/…") that no work tree has checked out */
    uint64_t timeout_ns; /**< for all of it together; > 0 */
    const char *remedy;  /**< what to do where that was too short; NULL for nothing */
    const volatile int *interrupted; /**< not 0 once a signal arrived; may be NULL */
};

/** What a fetch or a push did. */
struct pw_git_exchange {
    bool is_absent;    /**< the remote had no such ref */
    bool is_created;   /**< the ref was absent here */
    size_t received;   /**< files that came */
    size_t removed;    /**< files that went, because others had removed them */
    size_t sent;       /**< files that the remote had not */
    size_t withdrawn;  /**< files that the remote had and ours no longer has: removed there */
    bool is_pushed;    /**< the remote's ref was moved */
    unsigned attempts; /**< how often it was tried to push */
};

/**
 * Choose the remote: the one asked for, else the one that the current branch follows, else
 * 'origin', else the only one.
 *
 * @param wanted  the name of a remote, a URL or a path; NULL for none
 * @param[in,out] out  receives it
 * @return 0; PW_ENOTFOUND when there is none, or none of several can be preferred; PW_EINVAL when
 * what is wanted could be taken for an option; PW_EGIT; PW_ENOMEM
 */
int pw_git_remote_choose(struct pw_git *git, const char *wanted, struct pw_strbuf *out,
                         struct pw_error *err) PW_MUST_CHECK;

/** Append a remote as it may be printed: without the name and password of a URL. */
void pw_git_remote_show(struct pw_strbuf *out, const char *name);

/**
 * Bring what a remote's ref has into ours, through the git program. Nothing is fetched where ours
 * has it already, which takes one question to find out.
 *
 * Ours becomes the union of both: what was stored here stays, whatever the remote holds, unless it
 * was removed there. No hook runs and nobody is asked for a password.
 *
 * @param[out] out  is_absent, is_created, received, removed
 * @return 0; PW_EINVAL for a ref that may not be moved; PW_EEXISTS when both have a path with
 * different content; PW_EINTERRUPTED; PW_EGIT with git's own words, or because it took too long;
 * PW_EIO; PW_ENOMEM
 */
int pw_git_remote_fetch(struct pw_git *git, const struct pw_git_remote *remote,
                        struct pw_git_exchange *out, struct pw_error *err) PW_MUST_CHECK;

/**
 * Bring our ref to a remote. What the remote has is brought into ours first, and again when others
 * push meanwhile, so that nothing is ever overwritten.
 *
 * @param[out] out  all of it
 * @return as pw_git_remote_fetch(); PW_ENOTFOUND when neither has the ref; PW_EDENIED when the
 * remote refuses for lack of rights or credentials: our ref has the union all the same
 */
int pw_git_remote_push(struct pw_git *git, const struct pw_git_remote *remote,
                       struct pw_git_exchange *out, struct pw_error *err) PW_MUST_CHECK;

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
int pw_git_ref_check_writable(struct pw_git *git, const char *ref,
                              struct pw_error *err) PW_MUST_CHECK;

#endif

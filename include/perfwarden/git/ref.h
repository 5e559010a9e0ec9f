/*
 * git: files kept in commits on a ref of their own, never in the work tree: reading, adding and
 * removing them, and going through what is damaged.
 */
#ifndef PERFWARDEN_GIT_REF_H
#define PERFWARDEN_GIT_REF_H

#include <stdbool.h>
#include <stddef.h>

#include "perfwarden/util/error.h"
#include "perfwarden/util/strbuf.h"

struct pw_git;

/** Bytes of an object's id as trees hold it. */
#define PW_GIT_ID_BYTES 20

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

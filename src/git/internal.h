/*
 * What the files of this module share: the repository handle and the way a libgit2 failure becomes
 * a struct pw_error. Not for other modules.
 */
#ifndef PERFWARDEN_GIT_INTERNAL_H
#define PERFWARDEN_GIT_INTERNAL_H

#include <git2.h>

#include "perfwarden/git.h"
#include "perfwarden/util/compiler.h"

/** Who commits that are perfwarden's own work are by, where nobody else is known. */
#define PW_GIT_OWN_NAME "perfwarden"
#define PW_GIT_OWN_MAIL "perfwarden@localhost"

struct pw_written;

struct pw_git {
    git_repository *repository;
    char *workdir;              /**< without a trailing slash; NULL for a bare repository */
    char *common;               /**< what all work trees share, without a trailing slash */
    struct pw_written *written; /**< where objects are noted that are not synced yet; or NULL */
    const volatile int *interrupted; /**< not 0 once a signal arrived; may be NULL */
    bool has_replacements;           /**< there may be names under refs/replace */
};

/** How many digits of a commit id messages show. */
#define PW_SHORT_ID_LENGTH 12

/** Bytes of a shortened commit id with its NUL. */
#define PW_SHORT_ID_SIZE (PW_SHORT_ID_LENGTH + 1)

/** How a message goes on where a shallow clone lacks the history that is needed. */
#define PW_SHALLOW_REMEDY                                                                          \
    "because the clone is shallow; set fetch-depth: 0 or run 'git fetch --unshallow'"

/**
 * Turn a failed libgit2 call into an error: the text that is passed, ": ", and libgit2's reason.
 *
 * @param code  what the call returned, < 0
 * @return PW_ENOMEM when libgit2 ran out of memory, else PW_EGIT
 */
int pw_git_fail(struct pw_error *err, int code, const char *format, ...) PW_PRINTF(3, 4);

/** The first digits of an id, for messages. */
void pw_git_shorten(const git_oid *id, char out[PW_SHORT_ID_SIZE]);

/** Read a full commit id. @return 0; PW_EINVAL when the text is anything else */
int pw_git_parse_id(const char *text, git_oid *out, struct pw_error *err) PW_MUST_CHECK;

/** As pw_git_resolve(). @param[out] is_absent  nothing has that name; also set on failure */
int pw_git_look_up(struct pw_git *git, const char *revision, char out[PW_OID_SIZE], bool *is_absent,
                   struct pw_error *err) PW_MUST_CHECK;

/** As pw_git_head(), but the work tree is not looked at: is_dirty stays false. */
int pw_git_read_head(struct pw_git *git, struct pw_arena *arena, struct pw_git_head *out,
                     struct pw_error *err) PW_MUST_CHECK;

/** @return 0; PW_EINTERRUPTED once a signal arrived that pw_git_watch() was told of */
int pw_git_check_interrupt(const struct pw_git *git, struct pw_error *err) PW_MUST_CHECK;

/** Whether tracked files differ from HEAD, as `git describe --dirty` sees it, but for those below
 * `aside`: see pw_git_head_aside(). */
int pw_git_is_dirty(struct pw_git *git, const git_oid *head, const char *aside, bool *out,
                    struct pw_error *err) PW_MUST_CHECK;

/** As pw_git_fail(), for what git wrote itself and should be able to read. */
int pw_git_fail_damage(struct pw_error *err, int code, const char *format, ...) PW_PRINTF(3, 4);

/** For a libgit2 that does not look at owners. @return 0; PW_EGIT when git would not either */
int pw_git_check_owner(const struct pw_git *git, const char *directory,
                       struct pw_error *err) PW_MUST_CHECK;

/** Whether a repository is looked for beyond the file system of a directory. */
bool pw_git_crosses_file_systems(void);

/** Whether git would use the repository of a directory though another user owns it. */
bool pw_git_is_trusted(const char *directory);

/** @return 0; PW_EGIT when GIT_DIR or its like say that another repository is meant */
int pw_git_check_variables(const struct pw_git *git, const char *directory,
                           struct pw_error *err) PW_MUST_CHECK;

/**
 * Say why a repository could not be opened, with what to do about it.
 *
 * @param code  what git_repository_open_ext() returned
 * @return PW_EGIT or PW_ENOMEM
 */
int pw_git_explain_open(const char *directory, int code, struct pw_error *err);

/**
 * The remote that branches and more history come from: 'origin', else the only one.
 *
 * @param[in,out] out  receives its name; stays empty when there is none that can be named
 * @return 0; PW_EGIT; PW_ENOMEM
 */
int pw_git_upstream(struct pw_git *git, struct pw_strbuf *out, struct pw_error *err) PW_MUST_CHECK;

/** git_libgit2_init(), without the certificates of the system. @return its code */
int pw_git_start_library(void);

#endif

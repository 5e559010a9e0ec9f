/*
 * git: a ref exchanged with other clones, by union, through the git program.
 */
#ifndef PERFWARDEN_GIT_REMOTE_H
#define PERFWARDEN_GIT_REMOTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "perfwarden/util/error.h"
#include "perfwarden/util/strbuf.h"

struct pw_git;

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

#endif

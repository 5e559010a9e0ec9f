/*
 * Talking to a remote through the git program: three questions and answers, which transport.c puts
 * together. Not for other modules.
 */
#ifndef PERFWARDEN_GIT_TRANSPORT_H
#define PERFWARDEN_GIT_TRANSPORT_H

#include "internal.h"

/** One exchange with a remote. */
struct pw_transport {
    struct pw_git *git;
    const struct pw_git_remote *remote;
    struct pw_arena arena;
    const char *shown;            /**< the remote as messages may call it */
    const char *address;          /**< the remote as git is told */
    const char *source;           /**< the same, to ask and to fetch from */
    const char *too_late;         /**< how a message about the time goes on */
    const char *scratch;          /**< the ref that is fetched into */
    bool has_fetched;             /**< it may be there */
    const char *const *settings;  /**< for git -c */
    const char *const *variables; /**< of git's environment */
    uint64_t deadline_ns;         /**< on the monotonic clock */
};

/** Begin; the time runs from here. @param[out] out released by pw_transport_close(), always */
int pw_transport_open(struct pw_transport *out, struct pw_git *git,
                      const struct pw_git_remote *remote, struct pw_error *err) PW_MUST_CHECK;
/** Remove the scratch ref and what earlier ones left behind; free. */
void pw_transport_close(struct pw_transport *transport);

/**
 * From now on ask and fetch where a push goes, which may be another repository (`pushurl`): what
 * the ref is compared with must be what is pushed to.
 *
 * @return 0; PW_EINTERRUPTED; PW_EIO; PW_ENOMEM
 */
int pw_transport_turn_to_push(struct pw_transport *transport, struct pw_error *err) PW_MUST_CHECK;

/** What the remote's ref points to. @param[out] id zeros when it is absent */
int pw_transport_ask(const struct pw_transport *transport, git_oid *id,
                     struct pw_error *err) PW_MUST_CHECK;

/** Fetch the remote's ref into the scratch ref. @param[out] id what it points to */
int pw_transport_fetch(struct pw_transport *transport, git_oid *id,
                       struct pw_error *err) PW_MUST_CHECK;

/**
 * Move the remote's ref, if it is still where it was.
 *
 * @param old  where it was; zeros for absent
 * @param[out] is_rejected  set when the remote, asked again, might answer otherwise: the status is
 * PW_EGIT then
 * @return 0; PW_EDENIED; PW_EGIT; PW_EINTERRUPTED; PW_EIO; PW_ENOMEM
 */
int pw_transport_push(const struct pw_transport *transport, const git_oid *id, const git_oid *old,
                      bool *is_rejected, struct pw_error *err) PW_MUST_CHECK;

/** What a remote answered to a push. */
enum pw_push_answer {
    PW_PUSH_FAILED,   /**< no answer at all, or none that is understood */
    PW_PUSH_REJECTED, /**< it did not move the ref; it may be that others did */
    PW_PUSH_DENIED    /**< it never will: rights or credentials are missing */
};

/**
 * Understand a push that failed.
 *
 * @param output  what `git push --porcelain` wrote to standard output
 * @param errors  and to standard error
 * @param[in,out] words  receives why, in the remote's words, for a message; empty for no answer
 */
enum pw_push_answer pw_transport_read_push(const char *output, const char *errors,
                                           struct pw_strbuf *words);

/**
 * Find a ref in what `git ls-remote` wrote.
 *
 * @param[out] id  zeros when it is not there
 * @return 0; PW_EGIT when the id is of another kind than this repository's
 */
int pw_transport_read_refs(const char *output, const char *ref, git_oid *id,
                           struct pw_error *err) PW_MUST_CHECK;

/** Append text without the names and passwords of the URLs in it. */
void pw_transport_redact(struct pw_strbuf *out, const char *text);

/**
 * Find the URL to use in place of a remote's name, if the remote is a mirror of ours: after a push
 * git moves what the remote's refspecs say follows the ref, without looking at what was there.
 * Where that is our ref itself, a result stored meanwhile would be lost.
 *
 * @param[in,out] url  stays empty when the name can be used
 */
int pw_transport_find_mirror(struct pw_git *git, const char *name, const char *ref,
                             struct pw_strbuf *url, struct pw_error *err) PW_MUST_CHECK;

#endif

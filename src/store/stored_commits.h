/* Which commits have something stored. Not for other modules. */
#ifndef PERFWARDEN_STORE_STORED_COMMITS_H
#define PERFWARDEN_STORE_STORED_COMMITS_H

#include "internal.h"

/** How many directories <first two digits of a commit> there may be. */
#define PW_STORE_FANS 256

/** A commit that has a directory in the store. */
struct pw_stored_commit {
    char commit[PW_OID_SIZE];
    unsigned char id[PW_GIT_ID_BYTES]; /**< of its directory */
};

/** The commits whose ids start with the same two digits. */
struct pw_store_fan {
    bool is_there;
    bool is_known; /**< `commits` are loaded */
    unsigned char id[PW_GIT_ID_BYTES];
    struct pw_stored_commit *commits; /**< sorted by commit */
    size_t count;
    size_t capacity;
};

/** The stored commits, known as far as they were asked for. Zero-initialised is valid and empty. */
struct pw_stored_commits {
    const struct pw_store *store;
    struct pw_arena arena;
    struct pw_store_fan fans[PW_STORE_FANS];
    bool has_fans;        /**< there may be stored commits */
    size_t first_unknown; /**< no fan before it is there and not known */
    size_t unpassed;      /**< known commits that were not asked for */
};

/** Look at the store's root. @return 0; PW_EGIT; PW_EIO; PW_ENOMEM */
int pw_stored_commits_open(struct pw_stored_commits *commits, const struct pw_store *store,
                           struct pw_error *err) PW_MUST_CHECK;
void pw_stored_commits_release(struct pw_stored_commits *commits);

/**
 * Ask for a commit, once.
 *
 * @param commit    a full commit id
 * @param[out] out  NULL when nothing is stored for it; borrowed
 * @return 0; PW_EGIT; PW_EIO; PW_ENOMEM
 */
int pw_stored_commits_pass(struct pw_stored_commits *commits, const char *commit,
                           const struct pw_stored_commit **out, struct pw_error *err) PW_MUST_CHECK;

/**
 * Whether there are commits that were not asked for. Looks no further than to the first.
 *
 * @return 0; PW_EGIT; PW_EIO; PW_ENOMEM
 */
int pw_stored_commits_has_more(struct pw_stored_commits *commits, bool *out,
                               struct pw_error *err) PW_MUST_CHECK;

#endif

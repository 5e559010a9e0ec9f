/*
 * One entry of the cache:
 *
 *     <cache>/builds/<16 digits>/lock        flock: shared while used, exclusive while changed;
 *                                            its time stamp is the last use
 *                                key         the key's text, from before the checkout on
 *                                tree/       the revision
 *                                build.log
 *                                complete    exists once all steps succeeded: the tree's
 *                                            fingerprint then
 */
#ifndef PERFWARDEN_BUILD_ENTRY_H
#define PERFWARDEN_BUILD_ENTRY_H

#include <stdbool.h>

#include "cache.h"
#include "key.h"

struct pw_build_entry {
    const char *directory;
    const char *lock;
    const char *key;
    const char *tree;
    const char *log;
    const char *complete;
    int lock_fd; /**< -1 while not locked */
};

/** Name the files of an entry. @return 0; PW_ENOMEM */
int pw_build_entry_name(const struct pw_build_cache *cache, const char *name,
                        struct pw_arena *arena, struct pw_build_entry *out,
                        struct pw_error *err) PW_MUST_CHECK;

/** Whether it was built in full for this key. */
bool pw_build_entry_is_complete(const struct pw_build_entry *entry, const struct pw_build_key *key);

/** Record that all steps succeeded and what the tree is then. @return 0; PW_EIO; PW_ENOMEM */
int pw_build_entry_complete(const struct pw_build_entry *entry, struct pw_error *err) PW_MUST_CHECK;

/** What of an entry that nobody uses is relied on. */
enum pw_build_trust {
    PW_BUILD_TRUST_NOTHING,   /**< it is to be built whatever there is */
    PW_BUILD_TRUST_UNCHANGED, /**< a complete one whose tree is what its build left */
    PW_BUILD_TRUST_COMPLETE   /**< a complete one */
};

/** How to wait for an entry that another process changes, and who is told. */
struct pw_build_wait {
    const volatile int *interrupted; /**< may be NULL */
    void (*waiting)(void *context);  /**< called once, before the first wait; may be NULL */
    void (*changed)(void *context);  /**< called when a complete entry is not relied on; or NULL */
    void *context;
};

/**
 * Lock an entry, made where it is missing. One that somebody uses is taken as it is, whatever
 * `trust` says: it cannot be built anew below him.
 *
 * @param[out] is_ours  true: locked exclusively, to be built. False: complete and locked for use
 * @return 0; PW_EINTERRUPTED; PW_EIO; PW_ENOMEM
 */
int pw_build_entry_acquire(struct pw_build_entry *entry, const struct pw_build_key *key,
                           enum pw_build_trust trust, const struct pw_build_wait *wait,
                           bool *is_ours, struct pw_error *err) PW_MUST_CHECK;

/** Lock an entry exclusively if it is there and nobody uses it. @return false when not */
bool pw_build_entry_seize(struct pw_build_entry *entry);

/** Unlock. Accepts an entry that is not locked. */
void pw_build_entry_unlock(struct pw_build_entry *entry);

/** Make the entry that is exclusively locked an empty one: git forgets its tree, files are removed.
 * @param git  NULL when the entry is another repository's */
int pw_build_entry_clear(const struct pw_build_entry *entry, struct pw_git *git,
                         struct pw_error *err) PW_MUST_CHECK;

/** As pw_build_entry_clear(), then remove it altogether and unlock. */
int pw_build_entry_drop(struct pw_build_entry *entry, struct pw_git *git,
                        struct pw_error *err) PW_MUST_CHECK;

#endif

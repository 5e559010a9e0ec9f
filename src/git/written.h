/*
 * Objects that were written and have to be on the disk before a ref points to them. Not for other
 * modules.
 *
 * libgit2 syncs each file and its directory when it writes an object: twelve waits for the disk,
 * one behind the other, to store one result. Here they are asked for together, and the disk answers
 * them together.
 */
#ifndef PERFWARDEN_GIT_WRITTEN_H
#define PERFWARDEN_GIT_WRITTEN_H

#include "internal.h"

/** Zero-initialised is valid and empty. */
struct pw_written {
    struct pw_arena arena;
    git_oid *ids;
    size_t count;
    size_t capacity;
};

/** From here on objects of this repository are not synced when they are written, but noted. */
void pw_written_begin(struct pw_written *written, struct pw_git *git);
/** Everything is synced again when it is written, refs included. */
void pw_written_end(struct pw_written *written, struct pw_git *git);

/** Note an object; nothing to do outside of begin and end. @return 0; PW_ENOMEM */
int pw_written_add(struct pw_git *git, const git_oid *id, struct pw_error *err) PW_MUST_CHECK;

/**
 * Wait until all that were noted are on the disk, and forget them. What lies in a pack was synced
 * when the pack was written.
 *
 * @return 0; PW_EIO naming the file; PW_EINTERRUPTED; PW_ENOMEM
 */
int pw_written_sync(struct pw_git *git, struct pw_error *err) PW_MUST_CHECK;

#endif

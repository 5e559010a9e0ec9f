/*
 * A shard: one of several jobs that run a suite together, and the record of it that each of them
 * leaves in its output, so that joining them can tell whether they are one suite. Knows nothing of
 * how a suite is cut (run/shard.h).
 */
#ifndef PERFWARDEN_RESULT_SHARD_H
#define PERFWARDEN_RESULT_SHARD_H

#include <stdbool.h>
#include <stddef.h>

#include "perfwarden/util/arena.h"
#include "perfwarden/util/error.h"
#include "perfwarden/util/json.h"

/** Most shards of a suite: as many as a configuration may have benchmarks. */
#define PW_SHARDS_MAX 10000u
/** Bytes of a cut's digest with its NUL. */
#define PW_SHARD_DIGEST_SIZE 17

/** Which part of which suite. Everything is borrowed or lives where it was read into. */
struct pw_shard {
    unsigned index; /**< from 1 */
    unsigned count; /**< > 1: a whole suite has no record */
    const char *config_hash;
    const char *base; /**< the commit that was chosen to compare with; NULL for none */
    /** Ids of all benchmarks that the command line selects, in the configuration's order. */
    const char **suite;
    unsigned *cut; /**< for each of them the shard that runs it */
    size_t size;
};

/** How many benchmarks a shard runs. */
size_t pw_shard_own(const struct pw_shard *shard);

/** 16 hexadecimal digits that differ where anything but the index does. */
void pw_shard_digest(const struct pw_shard *shard, char out[PW_SHARD_DIGEST_SIZE]);

/** Write the member "shard"; nothing where there is none. */
void pw_shard_write(const struct pw_shard *shard, struct pw_json_writer *writer);

/**
 * Read the member "shard" of a document.
 *
 * @param name      what messages call the document
 * @param arena     where the record is kept
 * @param[out] out  NULL where there is none
 * @return 0; PW_EFORMAT, also when the digest is not that of the rest; PW_ENOMEM
 */
int pw_shard_read(const struct pw_json *document, const char *name, struct pw_arena *arena,
                  const struct pw_shard **out, struct pw_error *err) PW_MUST_CHECK;

/** One file of those to be joined. */
struct pw_shard_part {
    const char *name; /**< what messages call it */
    const struct pw_shard *shard;
};

/**
 * Whether some parts are all the shards of one suite, each once.
 *
 * @return 0; PW_EUSAGE when one is no shard, there twice, or of another suite or cut; PW_ENOTFOUND
 * when shards are missing, with what they would have run; PW_ENOMEM
 */
int pw_shard_check_set(const struct pw_shard_part *parts, size_t count,
                       struct pw_error *err) PW_MUST_CHECK;

/** Places of a suite's benchmarks by their ids. Released by pw_shard_index_release(). */
struct pw_shard_index {
    const struct pw_shard *shard;
    size_t *places; /**< sorted by id */
};

/** @return 0; PW_ENOMEM */
int pw_shard_index_init(struct pw_shard_index *index, const struct pw_shard *shard,
                        struct pw_error *err) PW_MUST_CHECK;
void pw_shard_index_release(struct pw_shard_index *index);
/** @return the place in the suite; its size when it has no benchmark of this id */
size_t pw_shard_index_find(const struct pw_shard_index *index, const char *id);

#endif

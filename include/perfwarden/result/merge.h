/*
 * Joining the results of shards.
 */
#ifndef PERFWARDEN_RESULT_MERGE_H
#define PERFWARDEN_RESULT_MERGE_H

#include "perfwarden/result.h"

/** One file of those to be joined. */
struct pw_result_part {
    const char *name; /**< what messages call it */
    struct pw_result *result;
};

/**
 * Join all the results that the shards of one suite measured.
 *
 * Entries come in the configuration's order; the run id and the time are those of the shard that
 * began first, so that joining the same files again gives the same result. Facts about the machine
 * on which they differ, such as its name, are left out.
 *
 * @param parts     in any order; sorted by shard; all but the list of entries stays theirs
 * @param[out] out  released by pw_result_release(), before the parts; unchanged on failure
 * @return 0; PW_EUSAGE when they do not belong together, or are of different environments;
 * PW_ENOTFOUND when shards are missing, or one has not measured all of its benchmarks; PW_ENOMEM
 */
int pw_result_merge(struct pw_result_part *parts, size_t count, struct pw_result *out,
                    struct pw_error *err) PW_MUST_CHECK;

#endif

/*
 * Cutting a suite into shards that take about equally long. Pure: durations in, shards out.
 */
#ifndef PERFWARDEN_RUN_SHARD_H
#define PERFWARDEN_RUN_SHARD_H

#include <stddef.h>
#include <stdint.h>

#include "perfwarden/util/error.h"

/** A benchmark to be given to a shard. */
struct pw_run_load {
    const char *id;       /**< unique; borrowed */
    uint64_t expected_ns; /**< how long it is expected to take; 0 for not known */
};

/**
 * Give each benchmark to a shard: the longest first, each to the shard that has least to do so far
 * (Graham, 1969: no shard takes more than 4/3 of the best that is possible).
 *
 * The same loads in any order give the same cut, ties being settled by id and by the number of the
 * shard. What is not known is taken as the median of what is; where nothing is, benchmarks are
 * dealt out in turn. The first shard gets something if any does.
 *
 * @param[in,out] loads  those that were not known have their estimate afterwards, 0 where there is
 * none
 * @param shards         ≥ 1
 * @param[out] out       room for `count` shards, from 1
 * @return 0; PW_ENOMEM
 */
int pw_run_cut(struct pw_run_load *loads, size_t count, unsigned shards, unsigned *out,
               struct pw_error *err) PW_MUST_CHECK;

#endif

/*
 * Joining the comparisons of shards: the gate is decided anew over the whole suite.
 */
#ifndef PERFWARDEN_GATE_MERGE_H
#define PERFWARDEN_GATE_MERGE_H

#include "perfwarden/gate.h"

/** One file of those to be joined. */
struct pw_gate_part {
    const char *name;                 /**< what messages call it */
    struct pw_comparison *comparison; /**< as it was read; its remarks are taken out */
};

/**
 * Join all the comparisons that the shards of one suite made.
 *
 * Rows come in the configuration's order, each as its shard measured it. What e-BH keeps is decided
 * over all of them: no more is kept of a shard than it kept itself but where the evidence of the
 * others carries it. Warnings that not all shards gave name those that did. A shard that was
 * interrupted, or that perfwarden failed in, makes the exit code that it had.
 *
 * @param parts     in any order; sorted by shard; texts of the joined comparison are theirs
 * @param[out] out  released by pw_comparison_release(), before the parts; unchanged on failure
 * @return 0 whatever the verdict; PW_EUSAGE when they do not belong together; PW_ENOTFOUND when
 * shards are missing, or the row of a benchmark that one had to measure; PW_ENOMEM
 */
int pw_gate_merge(struct pw_gate_part *parts, size_t count, struct pw_comparison *out,
                  struct pw_error *err) PW_MUST_CHECK;

#endif

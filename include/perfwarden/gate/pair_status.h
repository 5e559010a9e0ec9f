/* A look at a paired decision under way, for people who watch it. */
#ifndef PERFWARDEN_GATE_PAIR_STATUS_H
#define PERFWARDEN_GATE_PAIR_STATUS_H

#include <stdbool.h>
#include <stddef.h>

#include "perfwarden/gate.h"

/** How one benchmark stands. */
struct pw_pair_status {
    size_t pairs; /**< made so far; they may be one more than the figures are of */
    /** Of which the figures are: an id that the benchmark's processes yielded, else its own. */
    const char *benchmark;
    /** Of its gated metrics the one nearest to failing; NULL when there are no values yet. */
    const char *metric;
    double ratio;                /**< head ÷ base; NAN when not known */
    struct pw_interval interval; /**< of the ratio; NAN when not known */
    bool is_decided;             /**< it needs no more pairs */
    enum pw_verdict verdict;     /**< what the report would say of that metric now */
};

/**
 * Look at a benchmark between its pairs, by what pw_gate_pairs_want() has taken in. Decides
 * nothing, and changes no decision. Takes up to some milliseconds.
 *
 * @param[out] out  texts borrowed until the decision is freed; unchanged on failure
 * @return 0; PW_ENOTFOUND when no such benchmark is selected; PW_ENOMEM
 */
int pw_gate_pairs_peek(struct pw_gate_pairs *pairs, const char *declared,
                       struct pw_pair_status *out, struct pw_error *err) PW_MUST_CHECK;

#endif

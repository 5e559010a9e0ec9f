/*
 * One benchmark of a paired measurement: a session of base and one of head, whose runs are made
 * back to back. pairs.c says when; the sessions do the rest.
 */
#ifndef PERFWARDEN_RUN_PAIR_H
#define PERFWARDEN_RUN_PAIR_H

#include "padding.h"
#include "pair_match.h"
#include "random.h"
#include "session.h"

enum { PW_RUN_BASE, PW_RUN_HEAD, PW_RUN_SIDES };

/** What all pairs share. */
struct pw_run_pair_suite {
    struct pw_run_suite_state sides[PW_RUN_SIDES];
    struct pw_run_mark marks[PW_RUN_SIDES];
    struct pw_run_shell shell; /**< measured once: the same shell runs both sides */
    struct pw_run_random random;
    struct pw_run_padding padding;
};

/** A benchmark's pairs. Zero-initialised but for `benchmarks` it has not begun. */
struct pw_run_pair {
    const struct pw_benchmark *benchmarks[PW_RUN_SIDES]; /**< borrowed */
    struct pw_run_pairing pairing[PW_RUN_SIDES];
    struct pw_run_session sessions[PW_RUN_SIDES]; /**< open where `suite` is not NULL */
    bool is_open;
    bool is_closed;
    bool is_settled; /**< wanted none when it was asked last */
    bool is_told;    /**< the observer was told that it ended */
};

/**
 * Begin on both sides: the entries, `setup`, the discarded runs.
 *
 * @return 0, also when the benchmark failed; PW_EIO; PW_ENOMEM
 */
int pw_run_pair_open(struct pw_run_pair *pair, struct pw_run_pair_suite *suite,
                     struct pw_error *err) PW_MUST_CHECK;

/**
 * Make one pair. Both results have all of it or nothing.
 *
 * @param[out] wall_ns  of both runs together
 * @return as pw_run_pair_open()
 */
int pw_run_pair_make(struct pw_run_pair *pair, struct pw_run_pair_suite *suite, uint64_t *wall_ns,
                     struct pw_error *err) PW_MUST_CHECK;

/** How many pairs both results have. */
unsigned pw_run_pair_count(const struct pw_run_pair *pair);

/** Whether it has failed or was interrupted on either side. */
bool pw_run_pair_is_over(const struct pw_run_pair *pair);

/** The entry that says most of how it ended: that of the side that failed, else head's. NULL when
 * there is none. */
const struct pw_result_benchmark *pw_run_pair_entry(const struct pw_run_pair *pair);

/** Record on both sides that it was interrupted before it had what it wanted. @return 0; PW_ENOMEM
 */
int pw_run_pair_interrupt(struct pw_run_pair *pair, struct pw_error *err) PW_MUST_CHECK;

/**
 * End both sides.
 *
 * @param status  0, or perfwarden's own failure, which stays
 * @return 0, also when the benchmark failed; PW_EINTERRUPTED; PW_EIO; PW_ENOMEM
 */
int pw_run_pair_close(struct pw_run_pair *pair, int status, struct pw_error *err) PW_MUST_CHECK;

#endif

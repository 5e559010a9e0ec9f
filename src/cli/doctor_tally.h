/* How often the gates of a self-test were right, counted and told. */
#ifndef PERFWARDEN_CLI_DOCTOR_TALLY_H
#define PERFWARDEN_CLI_DOCTOR_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "perfwarden/gate.h"
#include "perfwarden/util/strbuf.h"

/** Slowdowns that are injected, none among them. */
#define PW_TALLY_LEVELS        4
#define PW_TALLY_WORKLOADS_MAX 8

/** The gates of one injected slowdown. */
struct pw_tally {
    double slowdown_ratio;
    size_t gates;
    size_t failed; /**< gates with a regression */
    size_t right;  /**< gates that named the slower workload */
    size_t wrong;  /**< workloads that were named and are no slower */
    size_t comparisons;
    size_t passes;
    size_t inconclusive;
    size_t errors;
    double log_ratio_sum; /**< of the slower workload's measured ratios */
    size_t ratio_count;
    uint64_t elapsed_ns;
    double *pairs; /**< of each comparison; owned */
    size_t pair_count;
    size_t pair_capacity;
};

/** All levels, empty. */
void pw_tally_init(struct pw_tally tallies[PW_TALLY_LEVELS]);
void pw_tally_release(struct pw_tally tallies[PW_TALLY_LEVELS]);

/**
 * Count one gate.
 *
 * @param slower  id of the workload that is slower; NULL for none
 * @return 0; PW_ENOMEM, nothing counted
 */
int pw_tally_add(struct pw_tally *tally, const struct pw_comparison *comparison, const char *slower,
                 uint64_t elapsed_ns, struct pw_error *err) PW_MUST_CHECK;

void pw_tally_write_text(const struct pw_tally tallies[PW_TALLY_LEVELS], struct pw_strbuf *out);
void pw_tally_write_json(const struct pw_tally tallies[PW_TALLY_LEVELS], bool has_load,
                         struct pw_strbuf *out);

#endif

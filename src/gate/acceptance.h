/* Applying agreements to the rows of a comparison. */
#ifndef PERFWARDEN_GATE_ACCEPTANCE_INTERNAL_H
#define PERFWARDEN_GATE_ACCEPTANCE_INTERNAL_H

#include <stdbool.h>

#include "perfwarden/gate/acceptance.h"

/**
 * True when a pattern means what a benchmark yielded: its id, that of its process, its name, or one
 * of these as they were under a former name.
 *
 * @param benchmark  as configured today; NULL when it is not
 */
bool pw_acceptance_means(const struct pw_acceptance *item, const struct pw_benchmark *benchmark,
                         const char *id, const char *declared);

/** Why the bound of an agreement about a metric says nothing about it; NULL when it does, or when
 * the unit is NULL, for it is not known. */
const char *pw_acceptance_misfit(const struct pw_acceptance *item, const char *unit,
                                 enum pw_better better);

/**
 * Turn regressions and vanished benchmarks that were agreed to into `accepted`, and say of the
 * others why their agreement does not hold. Comes between the rows and pw_gate_finish().
 *
 * @return 0; PW_ENOMEM
 */
int pw_gate_accept(const struct pw_gate_options *options, struct pw_comparison *out,
                   struct pw_error *err) PW_MUST_CHECK;

#endif

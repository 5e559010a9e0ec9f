/* Applying agreements to the rows of a comparison. */
#ifndef PERFWARDEN_GATE_ACCEPTANCE_INTERNAL_H
#define PERFWARDEN_GATE_ACCEPTANCE_INTERNAL_H

#include <stdbool.h>

#include "perfwarden/gate/acceptance.h"

/** True when a pattern means a benchmark: its id, that of its process, or its name. */
bool pw_acceptance_means(const struct pw_acceptance *item, const char *benchmark,
                         const char *declared);

/**
 * Turn regressions and vanished benchmarks that were agreed to into `accepted`, and say of the
 * others why their agreement does not hold. Comes between the rows and pw_gate_finish().
 *
 * @return 0; PW_ENOMEM
 */
int pw_gate_accept(const struct pw_gate_options *options, struct pw_comparison *out,
                   struct pw_error *err) PW_MUST_CHECK;

#endif

/* From rows to the whole: counts, warnings, the verdict and the exit code. */
#ifndef PERFWARDEN_GATE_POLICY_H
#define PERFWARDEN_GATE_POLICY_H

#include <stdbool.h>

#include "perfwarden/gate.h"

/** What the gate is configured to; the documented defaults without a configuration. */
struct pw_gate_config pw_gate_config_of(const struct pw_gate_options *options);

/** Write the configuration into a comparison. */
void pw_gate_apply_config(const struct pw_gate_config *gate, struct pw_comparison *comparison);

/** Whether baselines of another environment are refused: no comparison then, and that fails the
 * gate. */
bool pw_gate_refuses_mismatch(const struct pw_gate_options *options);

/** Note where in the configuration the benchmark of each row is declared. */
void pw_gate_locate_rows(const struct pw_gate_options *options, struct pw_comparison *comparison);

/** Finish a comparison whose rows are complete. @return 0; PW_ENOMEM */
int pw_gate_finish(struct pw_comparison *comparison, struct pw_error *err) PW_MUST_CHECK;

#endif

/* The steps of joining shards, in their order. */
#ifndef PERFWARDEN_GATE_MERGE_INTERNAL_H
#define PERFWARDEN_GATE_MERGE_INTERNAL_H

#include "perfwarden/gate/merge.h"

/** Whether an exit code tells of an end that no row explains; rows may be missing then. */
bool pw_merge_is_early_end(int code);

/** Whether parts, which are all shards of one suite, were compared alike, and have their rows.
 * @return 0; PW_EUSAGE; PW_ENOTFOUND when a benchmark has no row; PW_ENOMEM */
int pw_merge_check(const struct pw_gate_part *parts, size_t count,
                   struct pw_error *err) PW_MUST_CHECK;

/** What was compared with what, as far as all shards agree. @return 0; PW_ENOMEM */
int pw_merge_describe(const struct pw_gate_part *parts, size_t count, struct pw_comparison *out,
                      struct pw_error *err) PW_MUST_CHECK;

/** The warnings of all parts, each once. Remarks on verdicts are taken out: there will be new ones.
 * @return 0; PW_ENOMEM */
int pw_merge_warnings(const struct pw_gate_part *parts, size_t count, struct pw_comparison *out,
                      struct pw_error *err) PW_MUST_CHECK;

/** Decide anew which regressions stand, by e-BH over the rows of all parts. @return 0; PW_ENOMEM */
int pw_merge_judge_suite(struct pw_comparison *out, struct pw_error *err) PW_MUST_CHECK;

#endif

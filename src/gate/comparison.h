/* Building a comparison: rows and texts in its arena. */
#ifndef PERFWARDEN_GATE_COMPARISON_H
#define PERFWARDEN_GATE_COMPARISON_H

#include "perfwarden/gate.h"

/** Start an empty comparison. */
void pw_comparison_init(struct pw_comparison *comparison);

/** Copy a text into the arena; NULL stays NULL. @return 0; PW_ENOMEM */
int pw_comparison_copy(struct pw_comparison *comparison, const char *text, const char **out,
                       struct pw_error *err) PW_MUST_CHECK;

/** Copy a side's texts and numbers. */
int pw_comparison_copy_side(struct pw_comparison *comparison, const struct pw_side *from,
                            struct pw_side *out, struct pw_error *err) PW_MUST_CHECK;

/**
 * Append a row in which everything is unknown but the names.
 *
 * @param metric  NULL for a row about the benchmark as a whole
 * @return NULL when out of memory; valid until the next append
 */
struct pw_comparison_row *pw_comparison_add_row(struct pw_comparison *comparison,
                                                const char *benchmark, const char *metric,
                                                struct pw_error *err) PW_MUST_CHECK;

/** Give a row its verdict and reason. @return 0; PW_ENOMEM */
int pw_comparison_decide(struct pw_comparison *comparison, struct pw_comparison_row *row,
                         enum pw_verdict verdict, struct pw_error *err, const char *format, ...)
    PW_PRINTF(5, 6) PW_MUST_CHECK;

/** Append to a row's reason, behind a semicolon. @param text copied @return 0; PW_ENOMEM */
int pw_comparison_add_reason(struct pw_comparison *comparison, struct pw_comparison_row *row,
                             const char *text, struct pw_error *err) PW_MUST_CHECK;

/** Copy an anchor's texts and numbers. @return 0; PW_ENOMEM */
int pw_comparison_copy_anchor(struct pw_comparison *comparison, const struct pw_anchor *from,
                              struct pw_anchor *out, struct pw_error *err) PW_MUST_CHECK;

/** Copy an agreement's texts. @return 0; PW_ENOMEM */
int pw_comparison_copy_agreement(struct pw_comparison *comparison, const struct pw_agreement *from,
                                 struct pw_agreement *out, struct pw_error *err) PW_MUST_CHECK;

/** Append a copy of another comparison's row. @return 0; PW_ENOMEM */
int pw_comparison_copy_row(struct pw_comparison *comparison, const struct pw_comparison_row *from,
                           struct pw_error *err) PW_MUST_CHECK;

/** Append a row about a benchmark as a whole. @return 0; PW_ENOMEM */
int pw_comparison_add_whole(struct pw_comparison *comparison, const char *benchmark,
                            enum pw_verdict verdict, const char *reason,
                            struct pw_error *err) PW_MUST_CHECK;

/** As pw_comparison_add_row(), for an entry of a result. */
struct pw_comparison_row *pw_comparison_add_entry_row(struct pw_comparison *comparison,
                                                      const struct pw_result_benchmark *entry,
                                                      const char *metric,
                                                      struct pw_error *err) PW_MUST_CHECK;
/** As pw_comparison_add_whole(), for an entry of a result. */
int pw_comparison_add_entry(struct pw_comparison *comparison,
                            const struct pw_result_benchmark *entry, enum pw_verdict verdict,
                            const char *reason, struct pw_error *err) PW_MUST_CHECK;

/** Append a warning made from a format. @return 0; PW_ENOMEM */
int pw_comparison_warnf(struct pw_comparison *comparison, struct pw_error *err, const char *format,
                        ...) PW_PRINTF(3, 4) PW_MUST_CHECK;

#endif

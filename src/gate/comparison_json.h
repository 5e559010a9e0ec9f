/* Words of the comparison's JSON that both its writer and its reader need. */
#ifndef PERFWARDEN_GATE_COMPARISON_JSON_H
#define PERFWARDEN_GATE_COMPARISON_JSON_H

#include "perfwarden/gate.h"

/** A text of a side, by its member's name. */
struct pw_side_member {
    const char *key;
    size_t offset; /**< of a `const char *` in struct pw_side */
};

/** The texts of a side, in the order they are written. @param[out] count how many */
const struct pw_side_member *pw_comparison_side_members(size_t *count);

/** A number of a row, by its member's name. */
struct pw_row_member {
    const char *key;
    size_t offset; /**< of a `double` in struct pw_comparison_row; NAN is written as null */
};

const struct pw_row_member *pw_comparison_row_members(size_t *count);

/** A text of an agreement, by its member's name. */
struct pw_agreement_member {
    const char *key;
    size_t offset; /**< of a `const char *` in struct pw_agreement */
};

const struct pw_agreement_member *pw_comparison_agreement_members(size_t *count);

/** "pass", "warn", "fail". */
const char *pw_policy_name(enum pw_policy policy);
/** @return false when no policy has this name */
bool pw_policy_from_name(const char *name, enum pw_policy *out);

/**
 * Whether a document is a comparison that this version reads.
 *
 * @param document  may be of any type
 * @param name      what messages call it
 * @return 0; PW_EFORMAT, which for a newer version says what to do about it
 */
int pw_comparison_check_schema(const struct pw_json *document, const char *name,
                               struct pw_error *err) PW_MUST_CHECK;

#endif

/* Results that hold nothing but what a comparison needs. Internal to the result module. */
#ifndef PERFWARDEN_RESULT_COMPACT_H
#define PERFWARDEN_RESULT_COMPACT_H

#include "perfwarden/result.h"

/**
 * Make a result that was read whole as one of pw_result_read_lean(): the document goes, and with it
 * contexts and unknown members.
 *
 * @return 0; PW_ENOMEM: the result is good for nothing but to be released
 */
int pw_result_compact(struct pw_result *result, struct pw_error *err) PW_MUST_CHECK;

#endif

/* The environment's facts and id. Internal to the result module and its tests. */
#ifndef PERFWARDEN_RESULT_ENVIRONMENT_H
#define PERFWARDEN_RESULT_ENVIRONMENT_H

#include <stdbool.h>

#include "perfwarden/result.h"

/**
 * Append one fact.
 *
 * @param name   borrowed for the life of the result, or of its document
 * @param value  copied
 */
int pw_environment_add(struct pw_result *result, const char *name, const char *value,
                       bool is_identity, struct pw_error *err) PW_MUST_CHECK;

/** Compute the id from the identity facts, whatever their order. @return 0; PW_ENOMEM */
int pw_environment_set_id(struct pw_environment *environment, struct pw_error *err) PW_MUST_CHECK;

/**
 * As pw_environment_detect(), reading the files under another root than "/".
 *
 * @param root  "" for the real one, else a directory without '/' at its end
 */
int pw_environment_detect_under(struct pw_result *result, const char *root,
                                struct pw_error *err) PW_MUST_CHECK;

#endif

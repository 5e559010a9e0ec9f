/*
 * Two results of which the older one knows a benchmark by a name that it no longer has.
 */
#ifndef PERFWARDEN_GATE_RENAMED_H
#define PERFWARDEN_GATE_RENAMED_H

#include "perfwarden/config.h"
#include "perfwarden/result.h"
#include "perfwarden/util/arena.h"
#include "perfwarden/util/error.h"

/**
 * A base with today's ids for what `renamed_from` of a configuration says was renamed, where head
 * does not have it under the former name.
 *
 * @param arena     for what is new; it and `base` must outlive `out`
 * @param[out] out  a shallow copy, never to be released; unchanged on failure
 * @return 0; PW_ENOMEM
 */
int pw_gate_rename_base(const struct pw_config *config, const struct pw_result *base,
                        const struct pw_result *head, struct pw_arena *arena, struct pw_result *out,
                        struct pw_error *err) PW_MUST_CHECK;

#endif

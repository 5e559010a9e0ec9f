/* What a stored session has to compare with the head's values. */
#ifndef PERFWARDEN_GATE_STORED_SERIES_H
#define PERFWARDEN_GATE_STORED_SERIES_H

#include "entries.h"
#include "estimate.h"

/**
 * The entry of a session that an entry of the head is compared with: of the same id, else of an id
 * that its benchmark had under a former name and the session knows it by.
 *
 * @return NULL when there is none
 */
const struct pw_result_benchmark *pw_stored_entry(const struct pw_entries *session,
                                                  const struct pw_benchmark *benchmark,
                                                  const char *id);

/**
 * The id that an entry has today whose benchmark was renamed.
 *
 * @param arena  for the text
 * @return NULL when out of memory
 */
const char *pw_stored_id_today(struct pw_arena *arena, const struct pw_benchmark *benchmark,
                               const struct pw_result_benchmark *entry);

/**
 * The change that was accepted after a session was measured, which therefore says nothing more.
 * What accepts nothing of the series, for its sign or unit is of another kind, changes nothing.
 *
 * @param session  its place among the sessions
 * @param entry    the head's, with its series
 * @return NULL when there is none
 */
const struct pw_acceptance *pw_stored_cut(const struct pw_gate_options *options, size_t session,
                                          const struct pw_benchmark *benchmark,
                                          const struct pw_result_benchmark *entry,
                                          const struct pw_series *series);

#endif

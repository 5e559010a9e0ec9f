/* Benchmarks that the stored sessions have and the head has lost. */
#ifndef PERFWARDEN_GATE_STORED_VANISHED_H
#define PERFWARDEN_GATE_STORED_VANISHED_H

#include "entries.h"
#include "perfwarden/gate.h"

/** What is looked at, all of it borrowed, and the comparison that is told. */
struct pw_vanished_scene {
    const struct pw_gate_options *options;
    struct pw_comparison *out;
    const struct pw_entries *head;
    const struct pw_entries *sessions; /**< nearest first */
    size_t session_count;
};

/**
 * Add a row for each benchmark, and each part of one, that the nearest session with anything of it
 * has and the head has not, unless its removal was accepted since.
 *
 * @return 0; PW_ENOMEM
 */
int pw_stored_check_vanished(const struct pw_vanished_scene *scene,
                             struct pw_error *err) PW_MUST_CHECK;

#endif

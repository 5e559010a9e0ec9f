/* Replies on their way to perfwarden: those of a series are sent several at a time. Used inside the
 * launcher only. */
#ifndef PERFWARDEN_RUN_OUTBOX_H
#define PERFWARDEN_RUN_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "protocol.h"

enum { PW_RUN_OUTBOX_CAPACITY = 64 };

/** Zero-initialised is empty. */
struct pw_run_outbox {
    struct pw_run_reply replies[PW_RUN_OUTBOX_CAPACITY];
    size_t count;
    uint64_t first_ns; /**< when the first of them came; meaningful when there is one */
};

/**
 * Take a reply, and send all of them when it is the last to a request, when there is no room for
 * another, or when the first has waited for 50 ms.
 *
 * Whoever is woken by a reply runs while the next program is measured: so it is rarely done.
 *
 * @return false when perfwarden is gone
 */
bool pw_run_outbox_put(struct pw_run_outbox *outbox, int socket, const struct pw_run_reply *reply,
                       bool is_last);

#endif

/* An "execute" as the launcher has it: the request with its payload unpacked. Used inside the
 * launcher only. */
#ifndef PERFWARDEN_RUN_ORDER_H
#define PERFWARDEN_RUN_ORDER_H

#include <stdbool.h>

#include "child.h"
#include "protocol.h"

/** Must not move: the command points into it. */
struct pw_run_order {
    struct pw_run_request request;
    struct pw_run_command command; /**< without the members that differ between copies */
    char **variables; /**< the environment of the command; its texts are the payload's */
    char *payload;
    char **vectors; /**< argv and envp, each ended by NULL */
};

/**
 * Receive the payload that follows a request.
 *
 * @param null_fd   standard input of a command that names none; borrowed
 * @param[out] out  released whatever is returned
 * @return false when perfwarden is gone, and when the request is no good or too large for memory
 */
bool pw_run_order_receive(struct pw_run_order *out, int socket,
                          const struct pw_run_request *request, int null_fd);

void pw_run_order_release(struct pw_run_order *order);

#endif

/* The launcher as perfwarden holds it. */
#ifndef PERFWARDEN_RUN_LINK_H
#define PERFWARDEN_RUN_LINK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "perfwarden/util/error.h"
#include "pids.h"

struct pw_run_link {
    int socket; /**< −1 once the launcher was found dead */
    pid_t launcher;
    bool is_reaped;
    int wait_status;             /**< meaningful once it is reaped */
    uint32_t left_alive;         /**< of what it had started, once it was found dead */
    struct pw_run_pids not_ours; /**< children that perfwarden had before */
};

/** Let the launcher see the end of the socket, and wait for its own. May be called again. */
void pw_run_link_end(struct pw_run_link *link);

/**
 * Do what a launcher that has gone can no longer do: end what it had started. It must be reaped
 * first: its children become ours when it dies, which is after the socket has ended.
 *
 * @return PW_EIO, for its end is a failure of ours; PW_ENOMEM
 */
int pw_run_link_is_lost(struct pw_run_link *link, struct pw_error *err) PW_MUST_CHECK;

#endif

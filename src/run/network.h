/* A private network for a benchmark: a namespace whose only device is loopback, and its bytes. */
#ifndef PERFWARDEN_RUN_NETWORK_H
#define PERFWARDEN_RUN_NETWORK_H

#include <stdbool.h>
#include <stdint.h>

/**
 * For the child between fork and exec: leave for a network namespace of its own, with loopback up.
 *
 * @param report_fd  socket that the namespace's counters are handed over by
 * @return false with errno
 */
bool pw_run_network_isolate(int report_fd);

/** A pair of sockets for one child: [0] is the launcher's, [1] the child's. @return false */
bool pw_run_network_open(int ends[2]);

/**
 * For the launcher: the bytes that loopback has received and sent.
 *
 * @param report_fd  the launcher's end
 * @return false when the child never came so far
 */
bool pw_run_network_bytes(int report_fd, uint64_t *out);

#endif

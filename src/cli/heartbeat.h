/* A line now and then where nothing is drawn: CI systems end jobs that are silent for minutes. */
#ifndef PERFWARDEN_CLI_HEARTBEAT_H
#define PERFWARDEN_CLI_HEARTBEAT_H

#include <stdbool.h>
#include <stdint.h>

/** Silence is never longer, as long as no single run is. */
#define PW_HEARTBEAT_NS UINT64_C(60000000000)

struct pw_heartbeat {
    uint64_t spoken_ns;  /**< monotonic, of the last line */
    uint64_t event_ns;   /**< monotonic, of the last event */
    uint64_t longest_ns; /**< between two events so far */
};

/** Start counting. */
void pw_heartbeat_start(struct pw_heartbeat *heartbeat, uint64_t now_ns);

/**
 * Something happened: a run ended.
 *
 * @return whether a line is due, which counts as written then: the next event may be too late
 */
bool pw_heartbeat_event(struct pw_heartbeat *heartbeat, uint64_t now_ns);

/** A line was written for another reason. */
void pw_heartbeat_spoken(struct pw_heartbeat *heartbeat, uint64_t now_ns);

#endif

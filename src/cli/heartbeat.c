/* Pure: the caller has the clock and writes the line. */
#include "heartbeat.h"

void pw_heartbeat_start(struct pw_heartbeat *heartbeat, uint64_t now_ns)
{
    *heartbeat = (struct pw_heartbeat){.spoken_ns = now_ns, .event_ns = now_ns};
}

void pw_heartbeat_spoken(struct pw_heartbeat *heartbeat, uint64_t now_ns)
{
    heartbeat->spoken_ns = now_ns;
}

bool pw_heartbeat_event(struct pw_heartbeat *heartbeat, uint64_t now_ns)
{
    const uint64_t step_ns = now_ns - heartbeat->event_ns;
    heartbeat->event_ns = now_ns;
    if (step_ns > heartbeat->longest_ns) {
        heartbeat->longest_ns = step_ns;
    }
    /* Nothing can be said while a run lasts. */
    const uint64_t next_ns = now_ns + heartbeat->longest_ns;
    if (next_ns - heartbeat->spoken_ns < PW_HEARTBEAT_NS) {
        return false;
    }
    heartbeat->spoken_ns = now_ns;
    return true;
}

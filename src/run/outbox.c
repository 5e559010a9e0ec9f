/* Collects replies; looks at no socket but to write. */
#include "outbox.h"

#include "perfwarden/util/clock.h"

static const uint64_t WAIT_NS = UINT64_C(50000000);

bool pw_run_outbox_put(struct pw_run_outbox *outbox, int socket, const struct pw_run_reply *reply,
                       bool is_last)
{
    uint64_t now_ns = pw_clock_monotonic_ns();
    size_t bytes;

    if (outbox->count == 0) {
        outbox->first_ns = now_ns;
    }
    outbox->replies[outbox->count] = *reply;
    outbox->replies[outbox->count].is_last = is_last;
    outbox->count++;
    if (!is_last && outbox->count < PW_RUN_OUTBOX_CAPACITY && now_ns - outbox->first_ns < WAIT_NS) {
        return true;
    }
    bytes = outbox->count * sizeof(outbox->replies[0]);
    outbox->count = 0;
    return pw_run_send(socket, outbox->replies, bytes);
}

/*
 * Unlike the launcher, perfwarden may have children that it must not wait for, so that wait's
 * ECHILD is no proof here. Instead every child but those is reaped by its id, and the end is a list
 * of children that was found empty twice: the kernel may leave one out while others disappear.
 */
#include "linux_features.h"

#include "orphans.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

#include "perfwarden/util/clock.h"

/** How long SIGKILL may take to work. */
static const uint64_t END_DEADLINE_NS = UINT64_C(5000000000);
static const long LOOK_AGAIN_NS = 2000000;
enum { LOOKS = 2 };

void pw_run_orphans_adopt(bool adopts)
{
    (void)prctl(PR_SET_CHILD_SUBREAPER, adopts ? 1 : 0);
}

/** Kill all of a list, and reap those that are children and have ended: of others nothing is
 * reaped. */
static void kill_and_reap(const struct pw_run_pids *list)
{
    for (size_t i = 0; i < list->count; i++) {
        (void)kill(list->items[i], SIGKILL);
    }
    for (size_t i = 0; i < list->count; i++) {
        (void)waitpid(list->items[i], NULL, WNOHANG);
    }
}

uint32_t pw_run_orphans_end(const struct pw_run_pids *spared)
{
    const struct timespec pause = {0, LOOK_AGAIN_NS};
    const uint64_t deadline_ns = pw_clock_monotonic_ns() + END_DEADLINE_NS;
    struct pw_run_pids list = {NULL, 0, 0};
    unsigned found_none = 0;
    uint32_t left;

    for (;;) {
        pw_run_pids_find_sparing(spared, &list);
        left = (uint32_t)list.count;
        found_none = left == 0 ? found_none + 1 : 0;
        if (found_none == LOOKS || pw_clock_monotonic_ns() > deadline_ns) {
            break;
        }
        if (left > 0) {
            kill_and_reap(&list);
            (void)nanosleep(&pause, NULL);
        }
    }
    pw_run_pids_release(&list);
    return left;
}

/*
 * Weighs the memory of all descendants of this process, which a limit on each process does not
 * bound.
 */
#include "linux_features.h"

#include "memory.h"

#include <unistd.h>

#include "pids.h"
#include "proc.h"

/** Resident bytes of one process; 0 when it is gone. */
static uint64_t resident_bytes(pid_t pid)
{
    char text[PW_RUN_PROC_TEXT_SIZE];
    uint64_t pages = 0;

    /* "<size> <resident> ...": the first blank is in front of what we want. */
    if (!pw_run_proc_read(pid, "statm", text) || !pw_run_proc_number(text, " ", &pages)) {
        return 0;
    }
    return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

/**
 * Proportional share of one process: a page that n processes map counts 1/n. Its resident bytes
 * where unknown.
 */
static uint64_t proportional_bytes(pid_t pid)
{
    char text[PW_RUN_PROC_TEXT_SIZE];
    uint64_t kib = 0;

    if (!pw_run_proc_read(pid, "smaps_rollup", text) || !pw_run_proc_number(text, "\nPss:", &kib)) {
        return resident_bytes(pid);
    }
    return kib * 1024;
}

static uint64_t sum_over(const struct pw_run_pids *list, uint64_t (*bytes_of)(pid_t))
{
    uint64_t sum = 0;

    for (size_t i = 0; i < list->count; i++) {
        sum += bytes_of(list->items[i]);
    }
    return sum;
}

bool pw_run_memory_is_over(uint64_t limit_bytes)
{
    struct pw_run_pids list = {NULL, 0, 0};
    bool is_over;

    pw_run_pids_find(&list);
    is_over = sum_over(&list, resident_bytes) > limit_bytes &&
              sum_over(&list, proportional_bytes) > limit_bytes;
    pw_run_pids_release(&list);
    return is_over;
}

/*
 * Each counter is opened by itself and not in a group: a processor that has one of them gives that
 * one. Makes system calls only, for the launcher stays small.
 */
#include "linux_features.h"

#include "counters.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

const struct pw_run_counter_event pw_run_hardware_events[PW_RUN_COUNTER_COUNT] = {
    [PW_RUN_COUNTER_INSTRUCTIONS] = {PERF_TYPE_HARDWARE, PERF_COUNT_HW_INSTRUCTIONS},
    [PW_RUN_COUNTER_CYCLES] = {PERF_TYPE_HARDWARE, PERF_COUNT_HW_CPU_CYCLES},
    [PW_RUN_COUNTER_CACHE_MISSES] = {PERF_TYPE_HARDWARE, PERF_COUNT_HW_CACHE_MISSES},
    [PW_RUN_COUNTER_BRANCH_MISSES] = {PERF_TYPE_HARDWARE, PERF_COUNT_HW_BRANCH_MISSES},
};

/** What read() of a counter gives, by the read_format asked for. */
struct reading {
    uint64_t value;
    uint64_t enabled_ns;
    uint64_t running_ns;
};

static int open_event(pid_t pid, const struct pw_run_counter_event *event)
{
    struct perf_event_attr attr;

    memset(&attr, 0, sizeof(attr));
    attr.size = sizeof(attr);
    attr.type = event->type;
    attr.config = event->config;
    attr.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING;
    attr.disabled = 1;
    attr.inherit = 1;
    attr.enable_on_exec = 1;
    /* Without it only root may count; and what the kernel does is not the benchmark's. */
    attr.exclude_kernel = 1;
    attr.exclude_hv = 1;
    return (int)syscall(SYS_perf_event_open, &attr, pid, -1, -1, PERF_FLAG_FD_CLOEXEC);
}

void pw_run_counters_open(pid_t pid, const struct pw_run_counter_event events[PW_RUN_COUNTER_COUNT],
                          struct pw_run_counters *out)
{
    out->error_number = 0;
    for (int i = 0; i < PW_RUN_COUNTER_COUNT; i++) {
        out->fds[i] = open_event(pid, &events[i]);
        if (out->fds[i] < 0 && out->error_number == 0) {
            out->error_number = errno;
        }
    }
}

bool pw_run_counter_scale(uint64_t value, uint64_t enabled_ns, uint64_t running_ns, uint64_t *out)
{
    if (running_ns == 0) {
        return false;
    }
    *out = running_ns >= enabled_ns
               ? value
               : (uint64_t)((double)value * ((double)enabled_ns / (double)running_ns) + 0.5);
    return true;
}

void pw_run_counters_read(const struct pw_run_counters *counters, struct pw_run_counter_values *out)
{
    memset(out, 0, sizeof(*out));
    out->error_number = counters->error_number;
    for (int i = 0; i < PW_RUN_COUNTER_COUNT; i++) {
        struct reading reading;

        if (counters->fds[i] < 0) {
            continue;
        }
        if (read(counters->fds[i], &reading, sizeof(reading)) == (ssize_t)sizeof(reading) &&
            pw_run_counter_scale(reading.value, reading.enabled_ns, reading.running_ns,
                                 &out->values[i])) {
            out->present |= UINT32_C(1) << i;
        } else if (out->error_number == 0) {
            out->error_number = PW_RUN_COUNTER_NEVER_RAN;
        }
    }
}

void pw_run_counters_close(struct pw_run_counters *counters)
{
    for (int i = 0; i < PW_RUN_COUNTER_COUNT; i++) {
        if (counters->fds[i] >= 0) {
            (void)close(counters->fds[i]);
            counters->fds[i] = -1;
        }
    }
}

const char *pw_run_counters_reason(int error_number)
{
    switch (error_number) {
    case PW_RUN_COUNTER_NEVER_RAN:
        return "the processor's counters never ran for it: others use them, or it ended at once";
    case EACCES:
    case EPERM:
        return "the kernel forbids the processor's counters; set kernel.perf_event_paranoid to 2 "
               "or less, or allow perf_event_open in the container";
    case ENOSYS:
        return "this kernel has no processor counters: Function not implemented";
    case ENOENT:
        return "this processor's counters are not available here: No such file or directory";
    case ENODEV:
    case ENXIO:
    case EOPNOTSUPP:
        return "this processor's counters are not available here: Operation not supported";
    default:
        return "the kernel refused to open the processor's counters";
    }
}

void pw_run_counters_unpack(const struct pw_run_counter_values *values, struct pw_counters *out)
{
    const uint32_t present = values->present;

    memset(out, 0, sizeof(*out));
    out->has_instructions = (present >> PW_RUN_COUNTER_INSTRUCTIONS & 1) != 0;
    out->has_cycles = (present >> PW_RUN_COUNTER_CYCLES & 1) != 0;
    out->has_cache_misses = (present >> PW_RUN_COUNTER_CACHE_MISSES & 1) != 0;
    out->has_branch_misses = (present >> PW_RUN_COUNTER_BRANCH_MISSES & 1) != 0;
    out->instructions = values->values[PW_RUN_COUNTER_INSTRUCTIONS];
    out->cycles = values->values[PW_RUN_COUNTER_CYCLES];
    out->cache_misses = values->values[PW_RUN_COUNTER_CACHE_MISSES];
    out->branch_misses = values->values[PW_RUN_COUNTER_BRANCH_MISSES];
    if (values->error_number != 0) {
        out->reason = pw_run_counters_reason(values->error_number);
    }
}

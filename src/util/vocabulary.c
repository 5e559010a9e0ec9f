/* The tables behind the shared words. */
#include "perfwarden/vocabulary.h"

#include <string.h>

#include "perfwarden/util/compiler.h"

static const char *const verdict_names[PW_VERDICT_COUNT] = {
    [PW_VERDICT_PASS] = "pass",
    [PW_VERDICT_IMPROVEMENT] = "improvement",
    [PW_VERDICT_ACCEPTED] = "accepted",
    [PW_VERDICT_SKIPPED] = "skipped",
    [PW_VERDICT_NO_BASELINE] = "no_baseline",
    [PW_VERDICT_INCONCLUSIVE] = "inconclusive",
    [PW_VERDICT_REGRESSION] = "regression",
    [PW_VERDICT_MISSING] = "missing",
    [PW_VERDICT_ERROR] = "error",
};

static const char *const better_names[] = {
    [PW_BETTER_LOWER] = "lower",
    [PW_BETTER_HIGHER] = "higher",
};

static const struct pw_metric_info metrics[] = {
    {"wall_time", "ns", PW_BETTER_LOWER, PW_QUANTITY_DURATION,
     "time from start to end of the process"},
    {"user_time", "ns", PW_BETTER_LOWER, PW_QUANTITY_DURATION, "processor time in user mode"},
    {"system_time", "ns", PW_BETTER_LOWER, PW_QUANTITY_DURATION, "processor time in the kernel"},
    {"cpu_time", "ns", PW_BETTER_LOWER, PW_QUANTITY_DURATION, "user and system time together"},
    {"cpu_utilization", "ratio", PW_BETTER_LOWER, PW_QUANTITY_RATIO,
     "processor time per wall time"},
    {"max_rss", "bytes", PW_BETTER_LOWER, PW_QUANTITY_BYTES, "largest resident memory"},
    {"page_faults_minor", "count", PW_BETTER_LOWER, PW_QUANTITY_COUNT, "page faults without I/O"},
    {"page_faults_major", "count", PW_BETTER_LOWER, PW_QUANTITY_COUNT,
     "page faults that needed I/O"},
    {"context_switches_voluntary", "count", PW_BETTER_LOWER, PW_QUANTITY_COUNT,
     "times the process gave the processor up, to wait"},
    {"context_switches_involuntary", "count", PW_BETTER_LOWER, PW_QUANTITY_COUNT,
     "times the kernel took the processor away"},
    {"io_read_bytes", "bytes", PW_BETTER_LOWER, PW_QUANTITY_BYTES,
     "bytes read through system calls"},
    {"io_write_bytes", "bytes", PW_BETTER_LOWER, PW_QUANTITY_BYTES,
     "bytes written through system calls"},
    {"network_bytes", "bytes", PW_BETTER_LOWER, PW_QUANTITY_BYTES,
     "bytes over loopback in a private network namespace"},
    {"instructions", "count", PW_BETTER_LOWER, PW_QUANTITY_COUNT,
     "instructions executed in user mode"},
    {"cycles", "count", PW_BETTER_LOWER, PW_QUANTITY_COUNT, "processor cycles in user mode"},
    {"cache_misses", "count", PW_BETTER_LOWER, PW_QUANTITY_COUNT, "misses of the last-level cache"},
    {"branch_misses", "count", PW_BETTER_LOWER, PW_QUANTITY_COUNT, "mispredicted branches"},
    {"exit_status", "count", PW_BETTER_LOWER, PW_QUANTITY_COUNT, "exit status of the process"},
    {"success_rate", "ratio", PW_BETTER_HIGHER, PW_QUANTITY_RATIO,
     "share of copies that succeeded"},
    {"throughput", "1/s", PW_BETTER_HIGHER, PW_QUANTITY_COUNT,
     "runs per second of all copies together"},
    {"scaling_efficiency", "ratio", PW_BETTER_HIGHER, PW_QUANTITY_RATIO,
     "throughput per copy, relative to one copy alone"},
    {"binary_size", "bytes", PW_BETTER_LOWER, PW_QUANTITY_BYTES, "size of the executable file"},
};

const char *pw_verdict_name(enum pw_verdict verdict)
{
    return verdict_names[verdict];
}

bool pw_verdict_from_name(const char *name, enum pw_verdict *out)
{
    for (size_t i = 0; i < PW_COUNT(verdict_names); i++) {
        if (strcmp(name, verdict_names[i]) == 0) {
            *out = (enum pw_verdict)i;
            return true;
        }
    }
    return false;
}

const char *pw_better_name(enum pw_better better)
{
    return better_names[better];
}

bool pw_better_from_name(const char *name, enum pw_better *out)
{
    for (size_t i = 0; i < PW_COUNT(better_names); i++) {
        if (strcmp(name, better_names[i]) == 0) {
            *out = (enum pw_better)i;
            return true;
        }
    }
    return false;
}

const struct pw_metric_info *pw_metric_catalogue(size_t *count)
{
    *count = PW_COUNT(metrics);
    return metrics;
}

const struct pw_metric_info *pw_metric_find(const char *name)
{
    for (size_t i = 0; i < PW_COUNT(metrics); i++) {
        if (strcmp(name, metrics[i].name) == 0) {
            return &metrics[i];
        }
    }
    return NULL;
}

int pw_exit_worst(int a, int b)
{
    static const int by_seriousness[] = {PW_EXIT_SIGTERM,  PW_EXIT_SIGINT,     PW_EXIT_INTERNAL,
                                         PW_EXIT_USAGE,    PW_EXIT_UNMEASURED, PW_EXIT_REGRESSION,
                                         PW_EXIT_UNDECIDED};
    for (size_t i = 0; i < PW_COUNT(by_seriousness); i++) {
        if (a == by_seriousness[i] || b == by_seriousness[i]) {
            return by_seriousness[i];
        }
    }
    return PW_EXIT_PASS;
}

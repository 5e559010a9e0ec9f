/* What Valgrind counts. Cache hits are accesses that went so far and no further: fewer are better,
 * as of all events; of the hit rates higher is better. */
#include "events.h"

#include <string.h>
#include <strings.h>

#include "pass.h"

#define COUNT(label, key, metric)                                                                  \
    {                                                                                              \
        label, key, metric, "count", PW_BETTER_LOWER                                               \
    }
#define BYTES(label, key, metric)                                                                  \
    {                                                                                              \
        label, key, metric, "bytes", PW_BETTER_LOWER                                               \
    }
#define MISSES(label, key, metric)                                                                 \
    {                                                                                              \
        label, key, metric, "ratio", PW_BETTER_LOWER                                               \
    }
#define HITS(label, key, metric)                                                                   \
    {                                                                                              \
        label, key, metric, "ratio", PW_BETTER_HIGHER                                              \
    }

static const struct pw_adapter_event events[] = {
    COUNT("Instructions", "Ir", "instructions"),
    COUNT("Dr", "Dr", "data_reads"),
    COUNT("Dw", "Dw", "data_writes"),
    COUNT("I1mr", "I1mr", "i1_misses"),
    COUNT("D1mr", "D1mr", "d1_read_misses"),
    COUNT("D1mw", "D1mw", "d1_write_misses"),
    COUNT("ILmr", "ILmr", "lli_misses"),
    COUNT("DLmr", "DLmr", "lld_read_misses"),
    COUNT("DLmw", "DLmw", "lld_write_misses"),
    MISSES("I1 Miss Rate", "I1MissRate", "i1_miss_rate"),
    MISSES("LLi Miss Rate", "LLiMissRate", "lli_miss_rate"),
    MISSES("D1 Miss Rate", "D1MissRate", "d1_miss_rate"),
    MISSES("LLd Miss Rate", "LLdMissRate", "lld_miss_rate"),
    MISSES("LL Miss Rate", "LLMissRate", "ll_miss_rate"),
    COUNT("L1 Hits", "L1hits", "l1_hits"),
    COUNT("LL Hits", "LLhits", "ll_hits"),
    COUNT("L2 Hits", "L2hits", "ll_hits"),
    COUNT("RAM Hits", "RamHits", "ram_hits"),
    COUNT("L1 Accesses", "L1Accesses", "l1_hits"),
    COUNT("L2 Accesses", "L2Accesses", "ll_hits"),
    COUNT("RAM Accesses", "RamAccesses", "ram_hits"),
    HITS("L1 Hit Rate", "L1HitRate", "l1_hit_rate"),
    HITS("LL Hit Rate", "LLHitRate", "ll_hit_rate"),
    MISSES("RAM Hit Rate", "RamHitRate", "ram_hit_rate"),
    COUNT("Total read+write", "TotalRW", "total_read_write"),
    {"Estimated Cycles", "EstimatedCycles", "estimated_cycles", "cycles", PW_BETTER_LOWER},
    COUNT("SysCount", "SysCount", "system_calls"),
    COUNT("SysTime", "SysTime", "system_call_time"),
    COUNT("SysCpuTime", "SysCpuTime", "system_call_cpu_time"),
    COUNT("Ge", "Ge", "global_bus_events"),
    COUNT("Bc", "Bc", "conditional_branches"),
    COUNT("Bcm", "Bcm", "conditional_branch_misses"),
    COUNT("Bi", "Bi", "indirect_branches"),
    COUNT("Bim", "Bim", "indirect_branch_misses"),
    COUNT("ILdmr", "ILdmr", "lli_dirty_misses"),
    COUNT("DLdmr", "DLdmr", "lld_dirty_read_misses"),
    COUNT("DLdmw", "DLdmw", "lld_dirty_write_misses"),
    COUNT("AcCost1", "AcCost1", "temporal_locality_l1"),
    COUNT("AcCost2", "AcCost2", "temporal_locality_ll"),
    COUNT("SpLoss1", "SpLoss1", "spatial_loss_l1"),
    COUNT("SpLoss2", "SpLoss2", "spatial_loss_ll"),
    BYTES("Total bytes", "TotalBytes", "allocated_bytes"),
    COUNT("Total blocks", "TotalBlocks", "allocations"),
    BYTES("At t-gmax bytes", "AtTGmaxBytes", "peak_bytes"),
    COUNT("At t-gmax blocks", "AtTGmaxBlocks", "peak_blocks"),
    BYTES("At t-end bytes", "AtTEndBytes", "end_bytes"),
    COUNT("At t-end blocks", "AtTEndBlocks", "end_blocks"),
    BYTES("Reads bytes", "ReadsBytes", "read_bytes"),
    BYTES("Writes bytes", "WritesBytes", "written_bytes"),
    COUNT("Total lifetimes", "TotalLifetimes", "total_lifetimes"),
    BYTES("Maximum bytes", "MaximumBytes", "maximum_bytes"),
    COUNT("Maximum blocks", "MaximumBlocks", "maximum_blocks"),
    COUNT("Total units", "TotalUnits", "total_units"),
    COUNT("Total events", "TotalEvents", "total_events"),
    COUNT("Errors", "Errors", "errors"),
    COUNT("Contexts", "Contexts", "error_contexts"),
    COUNT("Suppressed Errors", "SuppressedErrors", "suppressed_errors"),
    COUNT("Suppressed Contexts", "SuppressedContexts", "suppressed_error_contexts"),
};

static bool is_same(const char *name, const char *text, size_t length)
{
    return strlen(name) == length && memcmp(name, text, length) == 0;
}

const struct pw_adapter_event *pw_adapter_find_event(const char *text, size_t length)
{
    for (size_t i = 0; i < PW_COUNT(events); i++) {
        if (is_same(events[i].label, text, length) || is_same(events[i].key, text, length)) {
            return &events[i];
        }
    }
    return NULL;
}

void pw_adapter_put_tool(struct pw_strbuf *metric, const char *tool)
{
    if (*tool != '\0' && strcasecmp(tool, "Callgrind") != 0 && strcasecmp(tool, "DHAT") != 0) {
        pw_adapter_put_snake(metric, tool, strlen(tool));
        pw_strbuf_putc(metric, '/');
    }
}

void pw_adapter_put_snake(struct pw_strbuf *metric, const char *name, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        const char c = pw_adapter_lower(name[i]);
        const bool is_word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (is_word) {
            pw_strbuf_putc(metric, c);
        } else {
            pw_strbuf_putc(metric, '_');
        }
    }
}

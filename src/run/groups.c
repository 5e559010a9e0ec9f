/*
 * Version 2 where its controllers can be had, else version 1's, each limit on its own: machines
 * have one hierarchy, the other, or some controllers in each.
 */
#include "linux_features.h"

#include "groups.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cgroup_find.h"
#include "perfwarden/util/file.h"

/** Files of /proc that are read whole; a machine with thousands of mounts has some 100 kB. */
#define TEXT_MAX ((size_t)8 << 20)

/** The names that one version gives to what a limit needs. */
struct pw_run_controller {
    enum pw_run_method method;
    const char *limit_file;
    const char *count_file;  /**< of out-of-memory kills, or of throttled time */
    const char *count_label; /**< in front of the count */
    uint64_t count_unit;     /**< base units in one of the count */
    const char *peak_file;   /**< NULL for none */
};

static const struct pw_run_controller MEMORY2 = {
    PW_RUN_BY_CGROUP2, "memory.max", "memory.events", "\noom_kill ", 1, "memory.peak"};
static const struct pw_run_controller MEMORY1 = {
    PW_RUN_BY_CGROUP1,          "memory.limit_in_bytes", "memory.oom_control", "\noom_kill ", 1,
    "memory.max_usage_in_bytes"};
static const struct pw_run_controller CPU2 = {PW_RUN_BY_CGROUP2,   "cpu.max", "cpu.stat",
                                              "\nthrottled_usec ", 1000,      NULL};
static const struct pw_run_controller CPU1 = {
    PW_RUN_BY_CGROUP1, "cpu.cfs_quota_us", "cpu.stat", "\nthrottled_time ", 1, NULL};

/** The stretch of time that a processor limit is dealt out for. The kernel's own default. */
enum { CPU_PERIOD_US = 100000, CPU_QUOTA_MIN_US = 1000 };

static void find_places(struct pw_run_group_places *places)
{
    struct pw_strbuf groups = PW_STRBUF_INIT;
    struct pw_strbuf mounts = PW_STRBUF_INIT;

    places->is_known = true;
    if (pw_file_read("/proc/self/cgroup", TEXT_MAX, &groups, NULL) == 0 &&
        pw_file_read("/proc/self/mountinfo", TEXT_MAX, &mounts, NULL) == 0) {
        const char *own = pw_strbuf_text(&groups);
        const char *mounted = pw_strbuf_text(&mounts);

        (void)pw_run_cgroup_find(own, mounted, NULL, &places->unified);
        (void)pw_run_cgroup_find(own, mounted, "memory", &places->memory1);
        (void)pw_run_cgroup_find(own, mounted, "cpu", &places->cpu1);
    }
    pw_strbuf_release(&groups);
    pw_strbuf_release(&mounts);
    pw_run_cgroup_sweep(pw_strbuf_text(&places->unified));
    pw_run_cgroup_sweep(pw_strbuf_text(&places->memory1));
    pw_run_cgroup_sweep(pw_strbuf_text(&places->cpu1));
}

static bool make(struct pw_run_cgroup *group, const struct pw_strbuf *place,
                 struct pw_run_group_places *places)
{
    if (pw_run_cgroup_exists(group)) {
        return true;
    }
    if (place->length == 0 || pw_strbuf_failed(place)) {
        errno = ENOENT;
        return false;
    }
    return pw_run_cgroup_make(group, pw_strbuf_text(place), places->serial++);
}

/** Have our own group hand a controller down, once we have moved out of it ourselves. */
static bool hand_down(const struct pw_run_groups *groups, struct pw_run_group_places *places,
                      const char *request)
{
    static const char SWITCH[] = "../cgroup.subtree_control";

    if (pw_run_cgroup_write(&groups->unified, SWITCH, request)) {
        return true;
    }
    if (errno != EBUSY || places->has_leaf) {
        return false;
    }
    if (!pw_run_cgroup_make(&places->leaf, pw_strbuf_text(&places->unified), places->serial++)) {
        return false;
    }
    if (!pw_run_cgroup_take_in(&places->leaf)) {
        pw_run_cgroup_remove(&places->leaf);
        errno = EBUSY;
        return false;
    }
    places->has_leaf = true; /* it goes when we are gone: the next launcher sweeps it up */
    return pw_run_cgroup_write(&groups->unified, SWITCH, request);
}

/** Version 2's group with a controller, which its parent has to hand down. */
static bool make_unified(struct pw_run_groups *groups, struct pw_run_group_places *places,
                         const struct pw_run_controller *controller, const char *request)
{
    if (!make(&groups->unified, &places->unified, places)) {
        return false;
    }
    return pw_run_cgroup_offers(&groups->unified, controller->limit_file) ||
           (hand_down(groups, places, request) &&
            pw_run_cgroup_offers(&groups->unified, controller->limit_file));
}

static bool limit_memory(struct pw_run_groups *groups, struct pw_run_group_places *places,
                         uint64_t bytes)
{
    if (make_unified(groups, places, &MEMORY2, "+memory") &&
        pw_run_cgroup_write_number(&groups->unified, MEMORY2.limit_file, bytes)) {
        (void)pw_run_cgroup_write(&groups->unified, "memory.swap.max", "0");
        (void)pw_run_cgroup_write(&groups->unified, "memory.oom.group", "1");
        groups->memory = &MEMORY2;
        return true;
    }
    if (make(&groups->memory1, &places->memory1, places) &&
        pw_run_cgroup_write_number(&groups->memory1, MEMORY1.limit_file, bytes)) {
        /* Memory and swap together: there is no such file where swap is not accounted. */
        (void)pw_run_cgroup_write_number(&groups->memory1, "memory.memsw.limit_in_bytes", bytes);
        groups->memory = &MEMORY1;
        return true;
    }
    return false;
}

static bool limit_cpu(struct pw_run_groups *groups, struct pw_run_group_places *places,
                      double limit)
{
    uint64_t quota_us = (uint64_t)(limit * CPU_PERIOD_US + 0.5);
    char text[48];

    quota_us = quota_us < CPU_QUOTA_MIN_US ? CPU_QUOTA_MIN_US : quota_us;
    (void)snprintf(text, sizeof(text), "%llu %d", (unsigned long long)quota_us, CPU_PERIOD_US);
    if (make_unified(groups, places, &CPU2, "+cpu") &&
        pw_run_cgroup_write(&groups->unified, CPU2.limit_file, text)) {
        groups->cpu = &CPU2;
        return true;
    }
    if (make(&groups->cpu1, &places->cpu1, places) &&
        pw_run_cgroup_write_number(&groups->cpu1, "cpu.cfs_period_us", CPU_PERIOD_US) &&
        pw_run_cgroup_write_number(&groups->cpu1, CPU1.limit_file, quota_us)) {
        groups->cpu = &CPU1;
        return true;
    }
    return false;
}

bool pw_run_groups_open(struct pw_run_groups *groups, struct pw_run_group_places *places,
                        uint64_t memory_limit_bytes, double cpu_limit)
{
    static const struct pw_run_groups EMPTY = PW_RUN_GROUPS_EMPTY;

    *groups = EMPTY;
    if (memory_limit_bytes == 0 && !(cpu_limit > 0)) {
        return true;
    }
    if (!places->is_known) {
        find_places(places);
    }
    if (memory_limit_bytes != 0) {
        (void)limit_memory(groups, places, memory_limit_bytes);
    }
    if (cpu_limit > 0 && !limit_cpu(groups, places, cpu_limit)) {
        int error_number = errno;

        pw_run_groups_close(groups);
        errno = error_number;
        return false;
    }
    return true;
}

bool pw_run_groups_enter(const struct pw_run_groups *groups)
{
    const struct pw_run_cgroup *all[] = {&groups->unified, &groups->memory1, &groups->cpu1};

    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        if (pw_run_cgroup_exists(all[i]) && !pw_run_cgroup_enter(all[i])) {
            return false;
        }
    }
    return true;
}

static const struct pw_run_cgroup *group_of(const struct pw_run_groups *groups,
                                            const struct pw_run_controller *controller)
{
    return controller->method == PW_RUN_BY_CGROUP2 ? &groups->unified
           : controller == &MEMORY1                ? &groups->memory1
                                                   : &groups->cpu1;
}

/** A controller's count in base units; 0 when it cannot be read. */
static uint64_t count_of(const struct pw_run_groups *groups,
                         const struct pw_run_controller *controller)
{
    uint64_t count = 0;

    (void)pw_run_cgroup_read(group_of(groups, controller), controller->count_file,
                             controller->count_label, &count);
    return count * controller->count_unit;
}

bool pw_run_groups_ran_out_of_memory(const struct pw_run_groups *groups)
{
    return groups->memory != NULL && count_of(groups, groups->memory) > 0;
}

void pw_run_groups_kill(const struct pw_run_groups *groups)
{
    if (pw_run_cgroup_exists(&groups->unified)) {
        pw_run_cgroup_kill(&groups->unified);
    }
}

void pw_run_groups_report(const struct pw_run_groups *groups, struct pw_run_reply *reply)
{
    reply->ending_method =
        pw_run_cgroup_exists(&groups->unified) ? PW_RUN_BY_CGROUP2 : PW_RUN_BY_SUBREAPER;
    if (groups->memory != NULL) {
        reply->memory_method = (uint32_t)groups->memory->method;
        reply->has_tree_peak =
            pw_run_cgroup_read(group_of(groups, groups->memory), groups->memory->peak_file, "",
                               &reply->tree_peak_bytes);
    }
    if (groups->cpu != NULL) {
        reply->cpu_method = (uint32_t)groups->cpu->method;
        reply->throttled_ns = count_of(groups, groups->cpu);
    }
}

void pw_run_groups_close(struct pw_run_groups *groups)
{
    pw_run_cgroup_remove(&groups->unified);
    pw_run_cgroup_remove(&groups->memory1);
    pw_run_cgroup_remove(&groups->cpu1);
    groups->memory = NULL;
    groups->cpu = NULL;
}

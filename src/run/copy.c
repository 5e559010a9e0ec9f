/*
 * What belongs to one leader and not to the whole of the copies that run at once.
 */
#include "linux_features.h"

#include "copy.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "network.h"
#include "perfwarden/util/clock.h"
#include "usage.h"

static void refuse(struct pw_run_copy *copy, enum pw_start_step step, enum pw_run_refusal refusal)
{
    copy->reply.end = PW_PROCESS_NOT_STARTED;
    copy->reply.error_number = errno;
    copy->reply.failed_step = (int32_t)step;
    copy->reply.refusal = (uint32_t)refusal;
}

static void fork_leader(struct pw_run_copy *copy, const struct pw_run_request *request,
                        const struct pw_run_command *command)
{
    pid_t pid;

    copy->is_counted = (request->flags & PW_RUN_WANTS_COUNTERS) != 0;
    pid = copy->is_counted ? pw_run_child_start_counted(command, pw_run_hardware_events,
                                                        copy->report, &copy->counters)
                           : pw_run_child_start(command, copy->report);
    if (pid < 0) {
        copy->is_counted = false;
        refuse(copy, PW_START_FORK, PW_RUN_REFUSED_NOTHING);
        return;
    }
    copy->leader = pid;
}

void pw_run_copy_start(struct pw_run_copy *copy, const struct pw_run_request *request,
                       const struct pw_run_command *common, struct pw_run_group_places *places)
{
    struct pw_run_command command = *common;
    int network[2] = {-1, -1};

    copy->leader = 0;
    copy->ended_ns = 0;
    copy->network_fd = -1;
    copy->is_counted = false;
    copy->wants_io = (request->flags & PW_RUN_WANTS_IO) != 0;
    memset(copy->report, 0, sizeof(*copy->report));
    memset(&copy->reply, 0, sizeof(copy->reply));
    copy->reply.magic = PW_RUN_MAGIC;
    if (!pw_run_groups_open(&copy->groups, places, request->memory_limit_bytes,
                            request->cpu_limit)) {
        refuse(copy, PW_START_LIMIT, PW_RUN_REFUSED_CPU_LIMIT);
        return;
    }
    if ((request->flags & PW_RUN_ISOLATE_NETWORK) != 0 && !pw_run_network_open(network)) {
        refuse(copy, PW_START_SETUP, PW_RUN_REFUSED_NETWORK);
        return;
    }
    command.stdout_fd = copy->stdout_fd;
    command.stderr_fd = copy->stderr_fd;
    command.groups = &copy->groups;
    command.network_fd = network[1];
    command.address_limit_bytes = copy->groups.memory == NULL ? request->memory_limit_bytes : 0;
    copy->reply.memory_method =
        request->memory_limit_bytes != 0 ? PW_RUN_BY_RLIMIT : PW_RUN_BY_NOTHING;
    fork_leader(copy, request, &command);
    copy->network_fd = network[0];
    if (network[1] >= 0) {
        (void)close(network[1]);
    }
}

void pw_run_copy_reap(struct pw_run_copy *copy, const enum pw_process_end *reason)
{
    const struct pw_run_child_report *report = copy->report;
    struct pw_run_reply *reply = &copy->reply;

    copy->ended_ns = pw_clock_monotonic_ns();
    (void)pw_run_usage_collect(copy->leader, copy->wants_io, reply);
    copy->leader = 0;
    if (copy->is_counted) {
        pw_run_counters_read(&copy->counters, &reply->counters);
    }
    reply->wall_ns = report->started_ns != 0 ? copy->ended_ns - report->started_ns : 0;
    if (report->error_number != 0) {
        reply->end = PW_PROCESS_NOT_STARTED;
        reply->error_number = report->error_number;
        reply->failed_step = (int32_t)report->failed_step;
        reply->refusal = (uint32_t)report->refusal;
    } else if (reason != NULL) {
        reply->end = (int32_t)*reason;
    }
}

void pw_run_copy_finish(struct pw_run_copy *copy)
{
    struct pw_run_reply *reply = &copy->reply;

    pw_run_groups_report(&copy->groups, reply);
    /* The leader may have exited 0 all the same: it was somebody else who was ended. */
    if (reply->end != PW_PROCESS_NOT_STARTED && reply->end != PW_PROCESS_INTERRUPTED &&
        pw_run_groups_ran_out_of_memory(&copy->groups)) {
        reply->end = PW_PROCESS_OUT_OF_MEMORY;
    }
    if (copy->network_fd >= 0) {
        reply->has_network = pw_run_network_bytes(copy->network_fd, &reply->network_bytes);
        (void)close(copy->network_fd);
        copy->network_fd = -1;
    }
    if (copy->is_counted) {
        pw_run_counters_close(&copy->counters);
    }
    pw_run_groups_close(&copy->groups);
}

/*
 * Made once and not for each run: making and closing them costs more than all else that perfwarden
 * does in a run, and a pipe that closes wakes its reader while the program is still being taken
 * down.
 */
#include "linux_features.h"

#include "pipes.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "protocol.h"

static void close_two(const int fds[2])
{
    for (int i = 0; i < 2; i++) {
        if (fds[i] >= 0) {
            (void)close(fds[i]);
        }
    }
}

/** Two pipes whose read ends do not block. */
static int make(int read_ends[2], int write_ends[2], struct pw_error *err)
{
    for (int i = 0; i < 2; i++) {
        int ends[2];

        if (pipe2(ends, O_CLOEXEC) != 0) {
            return pw_error_set_errno(err, errno, "cannot make a pipe for a benchmark's output");
        }
        read_ends[i] = ends[0];
        write_ends[i] = ends[1];
        if (fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0) {
            return pw_error_set_errno(err, errno, "cannot read a benchmark's output");
        }
    }
    return 0;
}

static bool hand_over(int socket, unsigned copy, const int write_ends[2])
{
    struct pw_run_request request;

    memset(&request, 0, sizeof(request));
    request.magic = PW_RUN_MAGIC;
    request.kind = PW_RUN_PIPES;
    request.copies = copy;
    return pw_run_send_request(socket, &request, write_ends, NULL);
}

int pw_run_pipes_open(struct pw_run_pipes *pipes, int socket, unsigned copy, bool *is_alive,
                      struct pw_error *err)
{
    int read_ends[2] = {-1, -1};
    int write_ends[2] = {-1, -1};
    int status;

    *is_alive = true;
    if (pipes->is_open) {
        return 0;
    }
    status = make(read_ends, write_ends, err);
    if (status == 0) {
        *is_alive = hand_over(socket, copy, write_ends);
    }
    close_two(write_ends);
    if (status != 0 || !*is_alive) {
        close_two(read_ends);
        return status;
    }
    memcpy(pipes->read_ends, read_ends, sizeof(read_ends));
    pipes->is_open = true;
    return 0;
}

void pw_run_pipes_close(struct pw_run_pipes *pipes)
{
    if (pipes->is_open) {
        close_two(pipes->read_ends);
    }
    pipes->is_open = false;
}

/*
 * The counters of a namespace go with its last process, and a benchmark's is gone when its bytes
 * are asked for. So the child opens them, which keeps the namespace, and hands the descriptor over
 * before it executes the program.
 *
 * Loopback counts each byte twice, once sent and once received; both are in the sum.
 */
#include "linux_features.h"

#include "network.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "proc.h"

static bool write_map(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    bool is_written;

    if (fd < 0) {
        return false;
    }
    is_written = write(fd, text, strlen(text)) == (ssize_t)strlen(text);
    (void)close(fd);
    return is_written;
}

/** Without privileges a network namespace takes a user namespace, in which we stay who we are. */
static bool unshare_as_user(void)
{
    char users[64];
    char groups[64];
    long user = (long)geteuid();
    long group = (long)getegid();

    (void)snprintf(users, sizeof(users), "%ld %ld 1\n", user, user);
    (void)snprintf(groups, sizeof(groups), "%ld %ld 1\n", group, group);
    if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) {
        return false;
    }
    /* New credentials may have cleared it. */
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    return write_map("/proc/self/setgroups", "deny") && write_map("/proc/self/uid_map", users) &&
           write_map("/proc/self/gid_map", groups);
}

static bool bring_loopback_up(void)
{
    struct ifreq request;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool is_up;

    if (fd < 0) {
        return false;
    }
    memset(&request, 0, sizeof(request));
    (void)snprintf(request.ifr_name, sizeof(request.ifr_name), "lo");
    is_up = ioctl(fd, SIOCGIFFLAGS, &request) == 0;
    request.ifr_flags = (short)(request.ifr_flags | IFF_UP);
    is_up = is_up && ioctl(fd, SIOCSIFFLAGS, &request) == 0;
    (void)close(fd);
    return is_up;
}

/** Room for the control message that carries one descriptor. */
union control_room {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(sizeof(int))];
};

static void prepare_message(struct msghdr *message, struct iovec *part, char *byte,
                            union control_room *control)
{
    memset(control, 0, sizeof(*control));
    memset(message, 0, sizeof(*message));
    part->iov_base = byte;
    part->iov_len = 1;
    message->msg_iov = part;
    message->msg_iovlen = 1;
    message->msg_control = control->bytes;
    message->msg_controllen = sizeof(control->bytes);
}

static bool send_descriptor(int socket, int fd)
{
    union control_room control;
    struct msghdr message;
    struct iovec part;
    struct cmsghdr *header;
    char byte = 0;

    prepare_message(&message, &part, &byte, &control);
    header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(header), &fd, sizeof(fd));
    return sendmsg(socket, &message, MSG_NOSIGNAL) == 1;
}

/** @return −1 when none has come */
static int receive_descriptor(int socket)
{
    union control_room control;
    struct msghdr message;
    struct iovec part;
    const struct cmsghdr *header;
    char byte = 0;
    int fd = -1;

    prepare_message(&message, &part, &byte, &control);
    if (recvmsg(socket, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC) != 1) {
        return -1;
    }
    header = CMSG_FIRSTHDR(&message);
    if (header != NULL && header->cmsg_type == SCM_RIGHTS &&
        header->cmsg_len == CMSG_LEN(sizeof(int))) {
        memcpy(&fd, CMSG_DATA(header), sizeof(fd));
    }
    return fd;
}

bool pw_run_network_isolate(int report_fd)
{
    int counters;
    bool is_sent;

    if (unshare(CLONE_NEWNET) != 0 && (errno != EPERM || !unshare_as_user())) {
        return false;
    }
    if (!bring_loopback_up()) {
        return false;
    }
    counters = open("/proc/self/net/dev", O_RDONLY | O_CLOEXEC);
    if (counters < 0) {
        return false;
    }
    is_sent = send_descriptor(report_fd, counters);
    (void)close(counters);
    return is_sent;
}

bool pw_run_network_open(int ends[2])
{
    return socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends) == 0;
}

/** "lo: <received bytes> and seven numbers more <sent bytes> ..." */
static bool read_loopback(const char *text, uint64_t *out)
{
    const char *at = strstr(text, "lo:");
    uint64_t values[9];

    if (at == NULL) {
        return false;
    }
    at += strlen("lo:");
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        char *end;

        values[i] = strtoull(at, &end, 10);
        if (end == at) {
            return false;
        }
        at = end;
    }
    *out = values[0] + values[8];
    return true;
}

bool pw_run_network_bytes(int report_fd, uint64_t *out)
{
    char text[PW_RUN_PROC_TEXT_SIZE];
    int counters = receive_descriptor(report_fd);
    ssize_t got;

    if (counters < 0) {
        return false;
    }
    got = read(counters, text, sizeof(text) - 1);
    (void)close(counters);
    if (got <= 0) {
        return false;
    }
    text[got] = '\0';
    return read_loopback(text, out);
}

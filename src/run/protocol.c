/*
 * Framing: whole structures over a stream socket, with two descriptors beside the first byte of a
 * request. Refuses to raise SIGPIPE and to leave a received descriptor open across exec.
 */
#include "linux_features.h"

#include "protocol.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

/** Aligned room for the control message that carries two descriptors. */
union control_room {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(2 * sizeof(int))];
};

bool pw_run_send(int socket, const void *data, size_t length)
{
    const char *next = data;

    while (length > 0) {
        ssize_t sent = send(socket, next, length, MSG_NOSIGNAL);

        if (sent < 0 && errno == EINTR) {
            continue;
        }
        if (sent < 0) {
            return false;
        }
        next += sent;
        length -= (size_t)sent;
    }
    return true;
}

bool pw_run_receive(int socket, void *data, size_t length)
{
    char *next = data;

    while (length > 0) {
        ssize_t got = recv(socket, next, length, 0);

        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return false;
        }
        next += got;
        length -= (size_t)got;
    }
    return true;
}

/** Send what a first call left of two parts. */
static bool send_rest(int socket, const struct iovec parts[2], size_t sent)
{
    for (int i = 0; i < 2; i++) {
        size_t done = sent < parts[i].iov_len ? sent : parts[i].iov_len;

        if (done < parts[i].iov_len &&
            !pw_run_send(socket, (const char *)parts[i].iov_base + done, parts[i].iov_len - done)) {
            return false;
        }
        sent -= done;
    }
    return true;
}

bool pw_run_send_request(int socket, const struct pw_run_request *request, const int fds[2],
                         const struct pw_strbuf *payload)
{
    union control_room control;
    struct pw_run_request copy = *request;
    struct iovec parts[2] = {{&copy, sizeof(copy)}, {NULL, 0}};
    struct msghdr message;
    struct cmsghdr *header;
    ssize_t sent;

    memset(&control, 0, sizeof(control));
    memset(&message, 0, sizeof(message));
    if (payload != NULL) {
        parts[1] = (struct iovec){payload->data, payload->length};
    }
    message.msg_iov = parts;
    message.msg_iovlen = 2;
    if (fds != NULL) {
        message.msg_control = control.bytes;
        message.msg_controllen = sizeof(control.bytes);
        header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(2 * sizeof(int));
        memcpy(CMSG_DATA(header), fds, 2 * sizeof(int));
    }
    do {
        sent = sendmsg(socket, &message, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    return sent >= 0 && send_rest(socket, parts, (size_t)sent);
}

/** Take the descriptors out of a received message: two, or none. */
static void take_descriptors(struct msghdr *message, int fds[2])
{
    struct cmsghdr *header = CMSG_FIRSTHDR(message);

    fds[0] = -1;
    fds[1] = -1;
    if (header != NULL && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS &&
        header->cmsg_len == CMSG_LEN(2 * sizeof(int))) {
        memcpy(fds, CMSG_DATA(header), 2 * sizeof(int));
    }
}

bool pw_run_receive_request(int socket, struct pw_run_request *request, int fds[2])
{
    union control_room control;
    struct iovec part = {request, sizeof(*request)};
    struct msghdr message;
    ssize_t got;

    memset(&message, 0, sizeof(message));
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.bytes;
    message.msg_controllen = sizeof(control.bytes);
    do {
        got = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    } while (got < 0 && errno == EINTR);
    fds[0] = -1;
    fds[1] = -1;
    if (got <= 0) {
        return false;
    }
    take_descriptors(&message, fds);
    if (!pw_run_receive(socket, (char *)request + got, sizeof(*request) - (size_t)got) ||
        request->magic != PW_RUN_MAGIC) {
        for (int i = 0; i < 2; i++) {
            if (fds[i] >= 0) {
                (void)close(fds[i]);
            }
        }
        return false;
    }
    return true;
}

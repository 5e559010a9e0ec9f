/* Written as it comes, so that a build that hangs or is killed shows how far it got. */
#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "perfwarden/build.h"

/** How much of the last line is quoted. */
enum { QUOTE_MAX = 200 };

static const char BOUND_NOTE[] = "\n[perfwarden: the log ends here, it has reached 64 MiB]\n";

int pw_build_log_open(struct pw_build_log *log, const char *path, struct pw_error *err)
{
    const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW | O_APPEND,
                        S_IRUSR | S_IWUSR);

    if (fd < 0) {
        return pw_error_set_errno(err, errno, "cannot write the log '%s'", path);
    }
    *log = (struct pw_build_log){.path = path, .fd = fd};
    return PW_OK;
}

static void put(struct pw_build_log *log, const char *data, size_t length)
{
    while (length > 0 && log->error_number == 0) {
        const ssize_t done = write(log->fd, data, length);
        if (done < 0 && errno != EINTR) {
            log->error_number = errno;
        } else if (done > 0) {
            data += done;
            length -= (size_t)done;
            log->written += (size_t)done;
        }
    }
}

void pw_build_log_note(struct pw_build_log *log, const char *text)
{
    if (log->written < PW_BUILD_LOG_MAX_BYTES) {
        put(log, text, strlen(text));
        put(log, "\n", 1);
    }
    log->tail_count = 0;
}

void pw_build_log_write(struct pw_build_log *log, const char *data, size_t length)
{
    const size_t kept = length < sizeof(log->tail) ? length : sizeof(log->tail);

    for (size_t i = length - kept; i < length; i++) {
        log->tail[(log->tail_count + i) % sizeof(log->tail)] = data[i];
    }
    log->tail_count += length;
    if (log->written >= PW_BUILD_LOG_MAX_BYTES) {
        return;
    }
    const size_t left = PW_BUILD_LOG_MAX_BYTES - log->written;
    put(log, data, length < left ? length : left);
    if (length >= left) {
        put(log, BOUND_NOTE, sizeof(BOUND_NOTE) - 1);
    }
}

static bool is_blank(char c)
{
    return strchr(" \t\r\n", c) != NULL; /* the NUL too */
}

void pw_build_log_last_line(const struct pw_build_log *log, struct pw_strbuf *out)
{
    const size_t size = sizeof(log->tail);
    size_t end = log->tail_count;
    const size_t first = end > size ? end - size : 0;

    while (end > first && is_blank(log->tail[(end - 1) % size])) {
        end--;
    }
    size_t start = end;
    while (start > first && strchr("\r\n", log->tail[(start - 1) % size]) == NULL) {
        start--;
    }
    size_t stop = end - start > QUOTE_MAX ? start + QUOTE_MAX : end;
    while (stop < end && stop > start && ((unsigned char)log->tail[stop % size] & 0xc0) == 0x80) {
        stop--;
    }
    for (size_t i = start; i < stop; i++) {
        pw_strbuf_putc(out, log->tail[i % size]);
    }
    pw_strbuf_puts(out, stop < end ? "..." : "");
}

int pw_build_log_close(struct pw_build_log *log, struct pw_error *err)
{
    if (log->fd >= 0 && close(log->fd) != 0 && log->error_number == 0) {
        log->error_number = errno;
    }
    log->fd = -1;
    if (log->error_number != 0) {
        return pw_error_set_errno(err, log->error_number, "cannot write the log '%s'", log->path);
    }
    return PW_OK;
}

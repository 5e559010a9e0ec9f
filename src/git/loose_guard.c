/*
 * Loose objects, read here and not by libgit2, which until 1.9 trusts them: one that is longer than
 * its header says is written past the end of a buffer (libgit2 issue 7177), and one that ends too
 * early, as power cuts leave them, is waited for in an endless loop.
 *
 *      zlib( "tree 123\0" content )
 *
 * This is a backend of the object database, asked behind the packs and before libgit2's own for
 * loose objects. That the content has the hash of its name the database checks by itself.
 */
#include "loose_guard.h"

#include <errno.h>
#include <fcntl.h>
#include <git2/sys/odb_backend.h>
#if LIBGIT2_VER_MAJOR > 1 || LIBGIT2_VER_MINOR >= 8
/* git_error_set_str() has moved here */
#include <git2/sys/errors.h>
#endif
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "perfwarden/util/file.h"

/* The same as that of packs, which were added earlier and so come first; loose objects have 1. */
#define PRIORITY 2
/* A header is a word, a number and a NUL. */
#define HEAD_BYTES 64
/* Larger ones are no baselines, trees or commits; they are libgit2's. */
#define LARGEST_BYTES ((size_t)512 << 20)
#define CHUNK_BYTES   ((size_t)16 << 10)

struct guard {
    git_odb_backend parent;
    char *objects; /**< the directory */
};

/* One object that is being read. */
struct reading {
    const git_oid *id;
    int fd;
    bool is_inflating;
    bool has_ended;
    z_stream stream;
    unsigned char head[HEAD_BYTES];
    size_t head_length; /**< inflated bytes in head */
    size_t body;        /**< where in head the content begins */
    size_t length;      /**< of the content, by the header */
    git_object_t type;
    unsigned char chunk[CHUNK_BYTES];
};

static int fail(const struct reading *reading, const char *reason)
{
    struct pw_strbuf text = PW_STRBUF_INIT;
    char name[PW_OID_SIZE];

    git_oid_tostr(name, sizeof(name), reading->id);
    pw_strbuf_printf(&text, "object '%s' %s", name, reason);
    (void)git_error_set_str(GIT_ERROR_ODB, pw_strbuf_text(&text));
    pw_strbuf_release(&text);
    return GIT_ERROR;
}

static int open_file(const struct guard *guard, struct reading *reading)
{
    struct pw_strbuf path = PW_STRBUF_INIT;
    char name[PW_OID_SIZE];

    git_oid_tostr(name, sizeof(name), reading->id);
    pw_strbuf_printf(&path, "%s/%.2s/%s", guard->objects, name, name + 2);
    if (pw_strbuf_failed(&path)) {
        git_error_set_oom();
        pw_strbuf_release(&path);
        return GIT_ERROR;
    }
    reading->fd = open(pw_strbuf_text(&path), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    const int errnum = errno;
    pw_strbuf_release(&path);
    if (reading->fd >= 0) {
        return 0;
    }
    return errnum == ENOENT || errnum == ENOTDIR ? GIT_ENOTFOUND
                                                 : fail(reading, "cannot be opened");
}

/* Give the inflation more to read. */
static int refill(struct reading *reading)
{
    ssize_t got;

    do {
        got = read(reading->fd, reading->chunk, sizeof(reading->chunk));
    } while (got < 0 && errno == EINTR);
    if (got < 0) {
        return fail(reading, "cannot be read");
    }
    if (got == 0) {
        return fail(reading, "is damaged: it ends too early");
    }
    reading->stream.next_in = reading->chunk;
    reading->stream.avail_in = (uInt)got;
    return 0;
}

/* @param[out] got  less than `length` only when the object has ended */
static int inflate_some(struct reading *reading, unsigned char *out, size_t length, size_t *got)
{
    z_stream *stream = &reading->stream;

    stream->next_out = out;
    stream->avail_out = (uInt)length;
    while (stream->avail_out > 0 && !reading->has_ended) {
        if (stream->avail_in == 0) {
            const int code = refill(reading);
            if (code != 0) {
                return code;
            }
        }
        const int result = inflate(stream, Z_NO_FLUSH);
        reading->has_ended = result == Z_STREAM_END;
        if (result == Z_MEM_ERROR) {
            git_error_set_oom();
            return GIT_ERROR;
        }
        if (result != Z_OK && result != Z_STREAM_END) {
            return fail(reading, "is damaged: it cannot be inflated");
        }
    }
    *got = length - stream->avail_out;
    return 0;
}

static int parse_head(struct reading *reading)
{
    const char *text = (const char *)reading->head;
    const char *end = memchr(text, '\0', reading->head_length);
    const char *space = end == NULL ? NULL : memchr(text, ' ', (size_t)(end - text));
    char type[sizeof("commit")] = "";
    size_t length = 0;

    if (space == NULL || space + 1 == end || (size_t)(space - text) >= sizeof(type)) {
        return fail(reading, "is damaged: its header is malformed");
    }
    memcpy(type, text, (size_t)(space - text));
    for (const char *at = space + 1; at < end; at++) {
        if (*at < '0' || *at > '9' || length > SIZE_MAX / 10 - 1) {
            return fail(reading, "is damaged: its length is malformed");
        }
        length = length * 10 + (size_t)(*at - '0');
    }
    reading->type = git_object_string2type(type);
    reading->length = length;
    reading->body = (size_t)(end - text) + 1;
    return reading->type == GIT_OBJECT_INVALID ? fail(reading, "is damaged: it is of no known type")
                                               : 0;
}

/* Open the object and read its header. */
static int begin(const git_odb_backend *backend, struct reading *reading)
{
    int code = open_file((const struct guard *)(const void *)backend, reading);

    if (code == 0 && inflateInit(&reading->stream) != Z_OK) {
        git_error_set_oom();
        return GIT_ERROR;
    }
    reading->is_inflating = code == 0;
    if (code == 0) {
        code = inflate_some(reading, reading->head, sizeof(reading->head), &reading->head_length);
    }
    return code == 0 ? parse_head(reading) : code;
}

static void end(struct reading *reading)
{
    if (reading->is_inflating) {
        (void)inflateEnd(&reading->stream);
    }
    if (reading->fd >= 0) {
        close(reading->fd);
    }
}

/* The content, of which the first part is in the head, and the end behind it. */
static int inflate_content(struct reading *reading, unsigned char *out)
{
    const size_t begun = reading->head_length - reading->body;
    unsigned char surplus;
    size_t got = 0;

    if (begun > reading->length) {
        return fail(reading, "is damaged: it is longer than it says");
    }
    memcpy(out, reading->head + reading->body, begun);
    int code = inflate_some(reading, out + begun, reading->length - begun, &got);
    if (code == 0 && got < reading->length - begun) {
        code = fail(reading, "is damaged: it is shorter than it says");
    }
    if (code == 0) {
        code = inflate_some(reading, &surplus, 1, &got);
    }
    return code == 0 && got > 0 ? fail(reading, "is damaged: it is longer than it says") : code;
}

static int read_object(void **data, size_t *length, git_object_t *type, git_odb_backend *backend,
                       const git_oid *id)
{
    struct reading reading = {.id = id, .fd = -1};
    unsigned char *content = NULL;
    int code = begin(backend, &reading);

    if (code == 0 && reading.length > LARGEST_BYTES) {
        code = GIT_PASSTHROUGH;
    }
    if (code == 0) {
        content = git_odb_backend_data_alloc(backend, reading.length + 1);
        code = content == NULL ? GIT_ERROR : inflate_content(&reading, content);
    }
    if (code == 0) {
        content[reading.length] = '\0'; /* as libgit2's own do */
        *data = content;
        *length = reading.length;
        *type = reading.type;
    } else if (content != NULL) {
        git_odb_backend_data_free(backend, content);
    }
    end(&reading);
    return code;
}

static int read_header(size_t *length, git_object_t *type, git_odb_backend *backend,
                       const git_oid *id)
{
    struct reading reading = {.id = id, .fd = -1};
    const int code = begin(backend, &reading);

    if (code == 0) {
        *length = reading.length;
        *type = reading.type;
    }
    end(&reading);
    return code;
}

static void release(git_odb_backend *backend)
{
    struct guard *guard = (struct guard *)(void *)backend;

    free(guard->objects);
    free(guard);
}

int pw_git_guard_loose(git_repository *repository, const char *objects, struct pw_error *err)
{
    git_odb *odb = NULL;
    struct guard *guard = calloc(1, sizeof(*guard));

    if (guard == NULL || (guard->objects = strdup(objects)) == NULL) {
        free(guard);
        return pw_error_set_no_memory(err);
    }
    int code = git_odb_init_backend(&guard->parent, GIT_ODB_BACKEND_VERSION);
    guard->parent.read = read_object;
    guard->parent.read_header = read_header;
    guard->parent.free = release;
    if (code == 0) {
        code = git_repository_odb(&odb, repository);
    }
    if (code == 0) {
        code = git_odb_add_backend(odb, &guard->parent, PRIORITY);
    }
    git_odb_free(odb);
    if (code != 0) {
        release(&guard->parent);
        return pw_git_fail(err, code, "cannot guard the objects in '%s'", objects);
    }
    return PW_OK;
}

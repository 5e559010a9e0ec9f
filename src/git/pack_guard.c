/*
 * The table of offsets in pack indexes of version 2, looked through before libgit2 maps them:
 *
 *      "\377tOc" 2 | fan-out 256 × 4 | names n × 20 | checks n × 4 | offsets n × 4 | long offsets
 *      m × 8 | two checksums
 *
 * An offset is a place in the pack; one with its first bit set is a place in the table of long
 * ones. libgit2 follows both without asking whether pack and table are so long, and reads far
 * outside: one damaged byte ends the process. All else in an index libgit2 checks itself.
 */
#include "pack_guard.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "perfwarden/util/file.h"

#define MAGIC        UINT32_C(0xff744f63)
#define FAN_BYTES    1024
#define HEADER_BYTES (8 + FAN_BYTES)
#define NAME_BYTES   20
#define CHECK_BYTES  4
#define OFFSET_BYTES 4
#define LONG_BYTES   8
#define CHUNK_BYTES  ((size_t)64 << 10)
#define IS_LONG      UINT32_C(0x80000000)
/* A pack begins with a header and ends in a checksum. */
#define PACK_HEADER  12
#define PACK_TRAILER 20

static uint32_t read_number(const unsigned char *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* @return whether all of it could be read */
static bool read_at(int fd, unsigned char *out, size_t length, uint64_t offset)
{
    for (size_t done = 0; done < length;) {
        const ssize_t got = pread(fd, out + done, length - done, (off_t)(offset + done));
        if (got == 0 || (got < 0 && errno != EINTR)) {
            return false;
        }
        done += got > 0 ? (size_t)got : 0;
    }
    return true;
}

/* Where the offsets are and how many; none where the index is of another kind or another length
 * than it says, which libgit2 refuses by itself. */
struct table {
    uint64_t start;
    uint64_t count;
    uint64_t long_count;
};

static struct table find_table(int fd)
{
    unsigned char header[HEADER_BYTES];
    struct table table = {0};
    struct stat info;

    if (fstat(fd, &info) != 0 || !read_at(fd, header, sizeof(header), 0) ||
        read_number(header) != MAGIC || read_number(header + 4) != 2) {
        return table;
    }
    const uint64_t count = read_number(header + HEADER_BYTES - 4);
    const uint64_t start = HEADER_BYTES + count * (NAME_BYTES + CHECK_BYTES);
    const uint64_t least = start + count * OFFSET_BYTES + 2 * (uint64_t)NAME_BYTES;
    const uint64_t size = (uint64_t)info.st_size;
    if (size >= least) {
        table = (struct table){start, count, (size - least) / LONG_BYTES};
    }
    return table;
}

static bool is_in_pack(uint64_t offset, uint64_t pack_bytes)
{
    return offset >= PACK_HEADER && offset + PACK_TRAILER < pack_bytes;
}

static bool is_sound_offset(int fd, const struct table *table, uint32_t offset, uint64_t pack_bytes)
{
    const uint64_t place = offset & ~IS_LONG;
    const uint64_t longs = table->start + table->count * OFFSET_BYTES;
    unsigned char number[LONG_BYTES];

    if ((offset & IS_LONG) == 0) {
        return is_in_pack(offset, pack_bytes);
    }
    return place < table->long_count &&
           read_at(fd, number, sizeof(number), longs + place * LONG_BYTES) &&
           read_number(number) < IS_LONG &&
           is_in_pack((uint64_t)read_number(number) << 32 | read_number(number + 4), pack_bytes);
}

/* @param chunk  CHUNK_BYTES of room */
static bool is_sound(int fd, unsigned char *chunk, uint64_t pack_bytes)
{
    const struct table table = find_table(fd);
    const uint64_t end = table.start + table.count * OFFSET_BYTES;

    for (uint64_t at = table.start; at < end;) {
        const size_t length = end - at < CHUNK_BYTES ? (size_t)(end - at) : CHUNK_BYTES;
        if (!read_at(fd, chunk, length, at)) {
            return false;
        }
        for (size_t i = 0; i < length; i += OFFSET_BYTES) {
            if (!is_sound_offset(fd, &table, read_number(chunk + i), pack_bytes)) {
                return false;
            }
        }
        at += length;
    }
    return true;
}

static bool is_index(const char *name)
{
    const size_t length = strlen(name);

    return length > 4 && strcmp(name + length - 4, ".idx") == 0;
}

/* How long the pack of an index is. @return false when it is not there: then nobody reads the index
 */
static bool find_pack_bytes(int directory, const char *name, uint64_t *out)
{
    struct pw_strbuf pack = PW_STRBUF_INIT;
    struct stat info;

    pw_strbuf_append(&pack, name, strlen(name) - strlen(".idx"));
    pw_strbuf_puts(&pack, ".pack");
    const bool is_there =
        !pw_strbuf_failed(&pack) && fstatat(directory, pw_strbuf_text(&pack), &info, 0) == 0;
    pw_strbuf_release(&pack);
    if (is_there) {
        *out = (uint64_t)info.st_size;
    }
    return is_there;
}

static int check_index(int directory, const char *objects, const char *name, unsigned char *chunk,
                       struct pw_error *err)
{
    uint64_t pack_bytes = 0;
    /* one that vanished was replaced, and one that cannot be opened libgit2 complains of */
    const int fd = openat(directory, name, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

    if (fd < 0) {
        return PW_OK;
    }
    const bool is_fine =
        !find_pack_bytes(directory, name, &pack_bytes) || is_sound(fd, chunk, pack_bytes);
    close(fd);
    return is_fine ? PW_OK
                   : pw_error_set(err, PW_EGIT,
                                  "the pack index '%s/pack/%s' is damaged; remove it and run 'git "
                                  "index-pack' on its pack, or clone anew",
                                  objects, name);
}

static int check_all(DIR *packs, const char *objects, struct pw_error *err)
{
    unsigned char *chunk = malloc(CHUNK_BYTES);
    int status = PW_OK;

    if (chunk == NULL) {
        return pw_error_set_no_memory(err);
    }
    while (status == PW_OK) {
        errno = 0;
        const struct dirent *entry = readdir(packs);
        if (entry == NULL) {
            status = errno == 0 ? PW_OK
                                : pw_error_set_errno(err, errno, "cannot list '%s/pack'", objects);
            break;
        }
        if (is_index(entry->d_name)) {
            status = check_index(dirfd(packs), objects, entry->d_name, chunk, err);
        }
    }
    free(chunk);
    return status;
}

int pw_git_guard_packs(const char *objects, struct pw_error *err)
{
    struct pw_strbuf path = PW_STRBUF_INIT;
    DIR *packs = NULL;

    pw_path_join(&path, objects, "pack");
    int status = pw_strbuf_check(&path, err);
    if (status == PW_OK) {
        packs = opendir(pw_strbuf_text(&path));
        if (packs == NULL && errno != ENOENT) {
            status = pw_error_set_errno(err, errno, "cannot list '%s'", pw_strbuf_text(&path));
        }
    }
    if (packs != NULL) {
        status = check_all(packs, objects, err);
        closedir(packs);
    }
    pw_strbuf_release(&path);
    return status;
}

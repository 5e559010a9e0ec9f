/*
 * The header of ELF files, of either word size and byte order (System V ABI, chapter 4).
 *
 * Position-independent executables and shared libraries have the same type, ET_DYN. Executables
 * name an interpreter, libraries do not (but for a few of the C library's own).
 */
#include "elf.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

enum {
    HEADER_BYTES = 64,
    CLASS_AT = 4,
    CLASS_64 = 2,
    ORDER_AT = 5,
    ORDER_BIG = 2,
    TYPE_AT = 16,
    TYPE_EXECUTABLE = 2,
    TYPE_DYNAMIC = 3,
    SEGMENT_INTERPRETER = 3,
    SEGMENTS_MAX = 1024
};

/** Where the members lie that say where the segments are. */
struct layout {
    size_t offset_at;
    size_t offset_bytes;
    size_t entry_size_at;
    size_t count_at;
};

static const struct layout narrow = {28, 4, 42, 44};
static const struct layout wide = {32, 8, 54, 56};

static uint64_t read_number(const unsigned char *at, size_t bytes, bool is_big)
{
    uint64_t number = 0;

    for (size_t i = 0; i < bytes; i++) {
        number = number << 8 | at[is_big ? i : bytes - 1 - i];
    }
    return number;
}

static bool has_interpreter(int fd, const unsigned char *header)
{
    const struct layout *layout = header[CLASS_AT] == CLASS_64 ? &wide : &narrow;
    const bool is_big = header[ORDER_AT] == ORDER_BIG;
    const uint64_t offset = read_number(header + layout->offset_at, layout->offset_bytes, is_big);
    const uint64_t size = read_number(header + layout->entry_size_at, 2, is_big);
    const uint64_t count = read_number(header + layout->count_at, 2, is_big);

    if (offset > INT64_MAX / 2 || size < 4 || count > SEGMENTS_MAX) {
        return false;
    }
    for (uint64_t i = 0; i < count; i++) {
        unsigned char type[4];
        if (pread(fd, type, sizeof(type), (off_t)(offset + i * size)) != (ssize_t)sizeof(type)) {
            return false;
        }
        if (read_number(type, sizeof(type), is_big) == SEGMENT_INTERPRETER) {
            return true;
        }
    }
    return false;
}

enum pw_elf_kind pw_elf_kind_of(const char *path)
{
    unsigned char header[HEADER_BYTES] = {0};
    enum pw_elf_kind kind = PW_ELF_NONE;
    struct stat info;
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

    if (fd < 0) {
        return PW_ELF_NONE;
    }
    if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode) &&
        pread(fd, header, sizeof(header), 0) == (ssize_t)sizeof(header) &&
        memcmp(header, "\177ELF", 4) == 0) {
        const uint64_t type = read_number(header + TYPE_AT, 2, header[ORDER_AT] == ORDER_BIG);
        kind = type == TYPE_EXECUTABLE       ? PW_ELF_PROGRAM
               : type != TYPE_DYNAMIC        ? PW_ELF_OTHER
               : has_interpreter(fd, header) ? PW_ELF_PROGRAM
                                             : PW_ELF_LIBRARY;
    }
    (void)close(fd);
    return kind;
}

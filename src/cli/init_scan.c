/*
 * The walk through a directory that looks for benchmarks and for a build system. Opens files only
 * to look at their first bytes and for Google Benchmark's marks; runs nothing.
 */
#include "init.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_DEPTH   6
#define MAX_ENTRIES 20000
/* Statically linked benchmarks with debug information are this large and larger. */
#define MAX_LOOK_BYTES ((size_t)64 << 20)
#define CHUNK_BYTES    ((size_t)64 << 10)

struct scan {
    struct pw_survey survey;
    size_t entries;
    char *chunk; /* CHUNK_BYTES and an overlap, for looking into files */
    struct pw_error *err;
};

/* What keeps other people's programs, and compilers' trials, out of the list. */
static bool is_skipped_directory(const char *name)
{
    static const char *const names[] = {"node_modules", "CMakeFiles", "deps", "vendor"};

    for (size_t i = 0; i < PW_COUNT(names); i++) {
        if (strcmp(name, names[i]) == 0) {
            return true;
        }
    }
    return name[0] == '.';
}

static bool contains(const char *name, const char *part)
{
    const size_t length = strlen(part);

    for (; *name != '\0'; name++) {
        if (strncasecmp(name, part, length) == 0) {
            return true;
        }
    }
    return false;
}

/* perfwarden itself measures nothing; shared libraries are often executable but never run. */
static bool is_likely_name(const char *name)
{
    const char *library = strstr(name, ".so");
    const bool is_library = library != NULL && (library[3] == '\0' || library[3] == '.');

    return !is_library && strcmp(name, "perfwarden") != 0 &&
           (contains(name, "bench") || contains(name, "perf"));
}

static bool has_bytes(const char *data, size_t length, const char *part)
{
    const size_t part_length = strlen(part);
    const char *end = data + length;

    while ((size_t)(end - data) >= part_length) {
        data = memchr(data, part[0], (size_t)(end - data) - part_length + 1);
        if (data == NULL) {
            return false;
        }
        if (memcmp(data, part, part_length) == 0) {
            return true;
        }
        data++;
    }
    return false;
}

/*
 * Google Benchmark inside an ELF file: the name of its option where it is linked in, the name of
 * its start function where it is a shared library.
 */
static bool has_google_benchmark(struct scan *scan, int fd)
{
    static const char *const marks[] = {"benchmark_format", "9benchmark10Initialize"};
    const size_t overlap = 32; /* longer than any mark: none is missed between two chunks */
    size_t kept = 0;
    size_t total = 0;

    while (total < MAX_LOOK_BYTES) {
        const ssize_t got = read(fd, scan->chunk + kept, CHUNK_BYTES);
        if (got <= 0) {
            return false;
        }
        const size_t length = kept + (size_t)got;
        for (size_t i = 0; i < PW_COUNT(marks); i++) {
            if (has_bytes(scan->chunk, length, marks[i])) {
                return true;
            }
        }
        kept = length < overlap ? length : overlap;
        memmove(scan->chunk, scan->chunk + length - kept, kept);
        total += (size_t)got;
    }
    return false;
}

/* An ELF file or a script; sets *is_google for the former. */
static bool is_program(struct scan *scan, int directory, const char *name, bool *is_google)
{
    char head[4] = {0};
    const int fd = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        return false;
    }
    const bool is_read = read(fd, head, sizeof(head)) == (ssize_t)sizeof(head);
    const bool is_elf = is_read && memcmp(head, "\177ELF", 4) == 0;

    *is_google = is_elf && has_google_benchmark(scan, fd);
    (void)close(fd);
    return is_elf || (is_read && memcmp(head, "#!", 2) == 0);
}

static int add_candidate(struct scan *scan, const char *path, bool is_google)
{
    struct pw_survey *survey = &scan->survey;
    struct pw_candidate *grown = pw_arena_grow(&survey->arena, survey->candidates, survey->count,
                                               &survey->capacity, sizeof(*grown));
    if (grown == NULL) {
        return pw_error_set_no_memory(scan->err);
    }
    survey->candidates = grown;
    grown[survey->count].path = pw_arena_strdup(&survey->arena, path);
    if (grown[survey->count].path == NULL) {
        return pw_error_set_no_memory(scan->err);
    }
    grown[survey->count].is_google_benchmark = is_google;
    survey->count++;
    return PW_OK;
}

static int look_at_file(struct scan *scan, int directory, const char *name, const char *path)
{
    bool is_google = false;

    if (!is_likely_name(name) || !is_program(scan, directory, name, &is_google)) {
        return PW_OK;
    }
    if (!pw_utf8_is_valid(path, strlen(path))) {
        scan->survey.unnamable++;
        return PW_OK;
    }
    return add_candidate(scan, path, is_google);
}

static int walk(struct scan *scan, int fd, const char *path, unsigned depth);

static int look_at_entry(struct scan *scan, int directory, const char *name, const char *path,
                         unsigned depth)
{
    struct stat info;

    if (fstatat(directory, name, &info, AT_SYMLINK_NOFOLLOW) != 0) {
        return PW_OK;
    }
    if (S_ISREG(info.st_mode) && (info.st_mode & S_IXUSR) != 0) {
        return look_at_file(scan, directory, name, path);
    }
    if (!S_ISDIR(info.st_mode) || is_skipped_directory(name)) {
        return PW_OK;
    }
    if (depth == MAX_DEPTH) {
        scan->survey.is_cut = true;
        return PW_OK;
    }
    const int fd = openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    return fd < 0 ? PW_OK : walk(scan, fd, path, depth + 1);
}

/* Looks at all entries of one directory. @param fd taken over */
static int walk(struct scan *scan, int fd, const char *path, unsigned depth)
{
    struct pw_strbuf entry_path = PW_STRBUF_INIT;
    struct dirent *entry = NULL;
    int status = PW_OK;
    DIR *listing = fdopendir(fd);

    if (listing == NULL) {
        const int errnum = errno;
        (void)close(fd);
        return pw_error_set_errno(scan->err, errnum, "cannot read directory '%s'", path);
    }
    while (status == PW_OK && (entry = readdir(listing)) != NULL) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) {
            continue;
        }
        if (++scan->entries > MAX_ENTRIES) {
            scan->survey.is_cut = true;
            break;
        }
        pw_strbuf_clear(&entry_path);
        pw_strbuf_printf(&entry_path, "%s%s%s", path, path[0] == '\0' ? "" : "/", entry->d_name);
        status = pw_strbuf_check(&entry_path, scan->err);
        if (status == PW_OK) {
            status = look_at_entry(scan, dirfd(listing), entry->d_name, pw_strbuf_text(&entry_path),
                                   depth);
        }
    }
    (void)closedir(listing);
    pw_strbuf_release(&entry_path);
    return status;
}

/* The first one whose file is there wins: generated makefiles stand beside CMakeLists.txt. */
static void recognise_build_system(const char *directory, struct pw_survey *survey)
{
    static const char *const cargo[] = {"cargo build --release", NULL};
    static const char *const cmake[] = {"cmake -B build -DCMAKE_BUILD_TYPE=Release",
                                        "cmake --build build", NULL};
    static const char *const meson[] = {"meson setup build --buildtype=release",
                                        "meson compile -C build", NULL};
    static const char *const make[] = {"make", NULL};
    static const struct {
        const char *file;
        const char *name;
        const char *const *steps;
    } systems[] = {
        {"Cargo.toml", "Cargo", cargo},  {"CMakeLists.txt", "CMake", cmake},
        {"meson.build", "Meson", meson}, {"GNUmakefile", "make", make},
        {"makefile", "make", make},      {"Makefile", "make", make},
    };

    for (size_t i = 0; i < PW_COUNT(systems); i++) {
        struct pw_strbuf path = PW_STRBUF_INIT;
        pw_path_join(&path, directory, systems[i].file);
        const bool exists = pw_path_exists(pw_strbuf_text(&path));
        pw_strbuf_release(&path);
        if (exists) {
            survey->build_system = systems[i].name;
            survey->build_steps = systems[i].steps;
            return;
        }
    }
}

static int by_path(const void *a, const void *b)
{
    const struct pw_candidate *left = a;
    const struct pw_candidate *right = b;
    return strcmp(left->path, right->path);
}

int pw_survey_directory(const char *directory, struct pw_survey *out, struct pw_error *err)
{
    struct scan scan = {.err = err};
    const int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int status;

    if (fd < 0) {
        return pw_error_set_errno(err, errno, "cannot read directory '%s'", directory);
    }
    scan.chunk = malloc(2 * CHUNK_BYTES);
    if (scan.chunk == NULL) {
        (void)close(fd);
        return pw_error_set_no_memory(err);
    }
    status = walk(&scan, fd, "", 1);
    free(scan.chunk);
    if (status != PW_OK) {
        pw_survey_release(&scan.survey);
        return status;
    }
    if (scan.survey.count > 0) {
        qsort(scan.survey.candidates, scan.survey.count, sizeof(*scan.survey.candidates), by_path);
    }
    recognise_build_system(directory, &scan.survey);
    *out = scan.survey;
    return PW_OK;
}

void pw_survey_release(struct pw_survey *survey)
{
    pw_arena_release(&survey->arena);
    *survey = (struct pw_survey){0};
}

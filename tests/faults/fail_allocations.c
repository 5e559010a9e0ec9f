/*
 * Preloaded into perfwarden: the n-th allocation that perfwarden's own code asks for fails, once.
 *
 * PERFWARDEN_FAULT_PROGRAM  the program that is meant; in others this library does nothing
 * PERFWARDEN_FAULT_AT       which allocation fails, from 1; 0 for none
 * PERFWARDEN_FAULT_REPORT   a file that gets the line "<allocations> <failed> <not freed>" in the
 *                           end, from the process that was started and not from its children
 *
 * An allocation is perfwarden's own when the call comes from the program itself and not from a
 * library; strdup and strndup count as calls of their own. The count is shared with forked
 * children, so that one allocation fails in all of them together.
 */
#define _GNU_SOURCE

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void __libc_free(void *pointer);

/* Own allocations that are not freed yet: open addressing, erased places marked. */
#define TABLE_SIZE ((size_t)1 << 20)
#define ERASED     ((void *)1)

struct shared {
    atomic_ulong count;
    atomic_ulong failed;
};

static struct shared *shared;
static unsigned long fail_at;
static uintptr_t text_begin;
static uintptr_t text_end;
static pid_t first_process;
static void **table;
static size_t live;

static int find_text(struct dl_phdr_info *info, size_t size, void *context)
{
    (void)size;
    (void)context;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
        if (segment->p_type == PT_LOAD && (segment->p_flags & PF_X) != 0) {
            text_begin = info->dlpi_addr + segment->p_vaddr;
            text_end = text_begin + segment->p_memsz;
        }
    }
    return 1; /* the program comes first, and is all that matters */
}

static bool is_program(void)
{
    const char *wanted = getenv("PERFWARDEN_FAULT_PROGRAM");
    char path[4096];
    const ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);

    if (wanted == NULL || length <= 0) {
        return false;
    }
    path[length] = '\0';
    return strcmp(path, wanted) == 0;
}

__attribute__((constructor)) static void begin(void)
{
    const char *at = getenv("PERFWARDEN_FAULT_AT");

    if (!is_program() || at == NULL) {
        return;
    }
    void *page =
        mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    void *places = mmap(NULL, TABLE_SIZE * sizeof(*table), PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (page == MAP_FAILED || places == MAP_FAILED) {
        _exit(99);
    }
    (void)dl_iterate_phdr(find_text, NULL);
    fail_at = strtoul(at, NULL, 10);
    table = places;
    first_process = getpid();
    shared = page;
}

__attribute__((destructor)) static void end(void)
{
    const char *path = getenv("PERFWARDEN_FAULT_REPORT");

    if (shared == NULL || path == NULL || getpid() != first_process) {
        return;
    }
    char line[96];
    const int length = snprintf(line, sizeof(line), "%lu %lu %zu\n", atomic_load(&shared->count),
                                atomic_load(&shared->failed), live);
    const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0 || write(fd, line, (size_t)length) != length) {
        _exit(99);
    }
    close(fd);
}

static bool is_own(const void *caller)
{
    return shared != NULL && (uintptr_t)caller >= text_begin && (uintptr_t)caller < text_end;
}

/* Whether this is the one that fails. Called for own allocations alone. */
static bool must_fail(void)
{
    if (atomic_fetch_add(&shared->count, 1) + 1 != fail_at) {
        return false;
    }
    atomic_store(&shared->failed, 1);
    errno = ENOMEM;
    return true;
}

static size_t place_of(const void *pointer)
{
    return (size_t)(((uintptr_t)pointer >> 4) * UINT64_C(0x9e3779b97f4a7c15) >> 44) &
           (TABLE_SIZE - 1);
}

static void *remember(void *pointer)
{
    if (pointer == NULL) {
        return NULL;
    }
    size_t at = place_of(pointer);
    for (size_t i = 0; table[at] != NULL && table[at] != ERASED && i < TABLE_SIZE; i++) {
        at = (at + 1) & (TABLE_SIZE - 1);
    }
    table[at] = pointer;
    live++;
    return pointer;
}

static void forget(const void *pointer)
{
    if (shared == NULL || pointer == NULL) {
        return;
    }
    for (size_t at = place_of(pointer); table[at] != NULL; at = (at + 1) & (TABLE_SIZE - 1)) {
        if (table[at] == pointer) {
            table[at] = ERASED;
            live--;
            return;
        }
    }
}

void *malloc(size_t size)
{
    if (!is_own(__builtin_return_address(0))) {
        return __libc_malloc(size);
    }
    return must_fail() ? NULL : remember(__libc_malloc(size));
}

void *calloc(size_t count, size_t size)
{
    if (!is_own(__builtin_return_address(0))) {
        return __libc_calloc(count, size);
    }
    return must_fail() ? NULL : remember(__libc_calloc(count, size));
}

void *realloc(void *old, size_t size)
{
    if (!is_own(__builtin_return_address(0))) {
        forget(old);
        return __libc_realloc(old, size);
    }
    if (must_fail()) {
        return NULL;
    }
    void *grown = __libc_realloc(old, size);
    if (grown != NULL) {
        forget(old);
        (void)remember(grown);
    }
    return grown;
}

void free(void *pointer)
{
    forget(pointer);
    __libc_free(pointer);
}

static char *copy(const char *text, size_t length)
{
    char *made = __libc_malloc(length + 1);

    if (made != NULL) {
        memcpy(made, text, length);
        made[length] = '\0';
    }
    return made;
}

char *strdup(const char *text)
{
    if (!is_own(__builtin_return_address(0))) {
        return copy(text, strlen(text));
    }
    return must_fail() ? NULL : remember(copy(text, strlen(text)));
}

char *strndup(const char *text, size_t length)
{
    const size_t found = strnlen(text, length);

    if (!is_own(__builtin_return_address(0))) {
        return copy(text, found);
    }
    return must_fail() ? NULL : remember(copy(text, found));
}

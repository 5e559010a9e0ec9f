/*
 * An arena: memory for things that live and die together (a configuration, a result, a comparison).
 * Everything it hands out is zeroed, aligned for any type, and freed at once by pw_arena_release().
 */
#ifndef PERFWARDEN_UTIL_ARENA_H
#define PERFWARDEN_UTIL_ARENA_H

#include <stdarg.h>
#include <stddef.h>

#include "perfwarden/util/compiler.h"

struct pw_arena_block;

/** Zero-initialised is valid and empty. */
struct pw_arena {
    struct pw_arena_block *newest;
};

/** Zeroed memory for one object of `size` bytes. @return NULL when out of memory */
void *pw_arena_alloc(struct pw_arena *arena, size_t size) PW_MUST_CHECK;

/** Zeroed memory for an array. @return NULL when out of memory or when count × size overflows */
void *pw_arena_array(struct pw_arena *arena, size_t count, size_t size) PW_MUST_CHECK;

/**
 * Room for one more element at the end of an arena array.
 *
 * Doubles and copies when the array is full; the old copy stays in the arena until its release.
 *
 * @param array     the array so far, NULL when *capacity is 0
 * @param count     elements in use
 * @param capacity  elements allocated; updated
 * @param size      bytes of an element
 * @return the array, perhaps moved, with array[count] zeroed or as it was; NULL when out of memory
 */
void *pw_arena_grow(struct pw_arena *arena, void *array, size_t count, size_t *capacity,
                    size_t size) PW_MUST_CHECK;

char *pw_arena_strdup(struct pw_arena *arena, const char *text) PW_MUST_CHECK;
char *pw_arena_strndup(struct pw_arena *arena, const char *text, size_t length) PW_MUST_CHECK;
char *pw_arena_printf(struct pw_arena *arena, const char *format, ...)
    PW_PRINTF(2, 3) PW_MUST_CHECK;

/** Free everything; the arena is empty and usable afterwards. */
void pw_arena_release(struct pw_arena *arena);

#endif

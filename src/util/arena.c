/* An arena: a chain of blocks, newest first; an allocation larger than a block gets one of its own.
 */
#include "perfwarden/util/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_BYTES ((size_t)16 << 10)

struct pw_arena_block {
    struct pw_arena_block *older;
    size_t used;
    size_t size;
    alignas(max_align_t) unsigned char bytes[];
};

static size_t round_up(size_t size)
{
    const size_t unit = alignof(max_align_t);
    return (size + unit - 1) / unit * unit;
}

static struct pw_arena_block *add_block(struct pw_arena *arena, size_t size)
{
    struct pw_arena_block *block = calloc(1, sizeof(*block) + size);
    if (block == NULL) {
        return NULL;
    }
    block->size = size;
    block->older = arena->newest;
    arena->newest = block;
    return block;
}

void *pw_arena_alloc(struct pw_arena *arena, size_t size)
{
    if (size > SIZE_MAX / 2) {
        return NULL;
    }
    size = round_up(size == 0 ? 1 : size);
    struct pw_arena_block *block = arena->newest;
    if (block == NULL || block->size - block->used < size) {
        block = add_block(arena, size > BLOCK_BYTES ? size : BLOCK_BYTES);
        if (block == NULL) {
            return NULL;
        }
    }
    void *memory = block->bytes + block->used;
    block->used += size;
    return memory;
}

void *pw_arena_array(struct pw_arena *arena, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size) {
        return NULL;
    }
    return pw_arena_alloc(arena, count * size);
}

void *pw_arena_grow(struct pw_arena *arena, void *array, size_t count, size_t *capacity,
                    size_t size)
{
    if (count < *capacity) {
        return array;
    }
    if (*capacity > SIZE_MAX / 2) {
        return NULL;
    }
    size_t larger = *capacity == 0 ? 4 : *capacity * 2;
    void *moved = pw_arena_array(arena, larger, size);
    if (moved == NULL) {
        return NULL;
    }
    if (count > 0) {
        memcpy(moved, array, count * size);
    }
    *capacity = larger;
    return moved;
}

char *pw_arena_strdup(struct pw_arena *arena, const char *text)
{
    return pw_arena_strndup(arena, text, strlen(text));
}

char *pw_arena_strndup(struct pw_arena *arena, const char *text, size_t length)
{
    if (length == SIZE_MAX) {
        return NULL;
    }
    char *copy = pw_arena_alloc(arena, length + 1);
    if (copy != NULL && length > 0) {
        memcpy(copy, text, length);
    }
    return copy;
}

char *pw_arena_printf(struct pw_arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length < 0) {
        return NULL;
    }
    char *text = pw_arena_alloc(arena, (size_t)length + 1);
    if (text == NULL) {
        return NULL;
    }
    va_start(args, format);
    vsnprintf(text, (size_t)length + 1, format, args);
    va_end(args);
    return text;
}

void pw_arena_release(struct pw_arena *arena)
{
    struct pw_arena_block *block = arena->newest;
    while (block != NULL) {
        struct pw_arena_block *older = block->older;
        free(block);
        block = older;
    }
    arena->newest = NULL;
}

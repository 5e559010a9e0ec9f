/*
 * Collects the mistakes of one reading: adds, orders, drops repetitions.
 * Refuses to keep more than a bounded number, and says how many it left out.
 */
#include "reading.h"

#include <stdlib.h>
#include <string.h>

#include "perfwarden/util/text.h"

#define SHORT_BYTES 60

/* The next free item, zeroed; NULL when memory ran out. */
static struct pw_error *add_item(struct pw_diagnostics *mistakes)
{
    if (mistakes->count == mistakes->capacity) {
        const size_t capacity = mistakes->capacity == 0 ? 8 : mistakes->capacity * 2;
        struct pw_error *items = realloc(mistakes->items, capacity * sizeof(*items));
        if (items == NULL) {
            return NULL;
        }
        mistakes->items = items;
        mistakes->capacity = capacity;
    }
    struct pw_error *item = &mistakes->items[mistakes->count++];
    *item = (struct pw_error)PW_ERROR_INIT;
    return item;
}

bool pw_reading_add(struct pw_diagnostics *mistakes, struct pw_error *err)
{
    struct pw_error *item = add_item(mistakes);
    if (item == NULL) {
        return false;
    }
    pw_error_move(item, err);
    return true;
}

static void add_text(struct pw_reading *reading, unsigned line, unsigned column, const char *text)
{
    struct pw_error *item = add_item(reading->mistakes);
    if (item == NULL) {
        reading->has_no_memory = true;
        return;
    }
    pw_error_set_at(item, PW_ECONFIG, reading->file, line, column, "%s", text);
    if (item->message == NULL || item->file == NULL) {
        reading->has_no_memory = true;
    }
}

void pw_reading_mistake(struct pw_reading *reading, unsigned line, unsigned column,
                        const char *format, ...)
{
    reading->found++;
    if (reading->found > PW_READING_MAX_MISTAKES) {
        reading->dropped++;
        return;
    }
    struct pw_strbuf text = PW_STRBUF_INIT;
    va_list args;
    va_start(args, format);
    pw_strbuf_vprintf(&text, format, args);
    va_end(args);
    if (pw_strbuf_failed(&text)) {
        reading->has_no_memory = true;
    } else {
        add_text(reading, line, column, pw_strbuf_text(&text));
    }
    pw_strbuf_release(&text);
}

bool pw_reading_no_memory(struct pw_reading *reading)
{
    reading->has_no_memory = true;
    return false;
}

/* Bytes of whole characters that fit into `limit`. */
static size_t cut_between_characters(const char *text, size_t length, size_t limit)
{
    size_t at = 0;
    while (at < length) {
        uint32_t code_point = 0;
        const size_t bytes = pw_utf8_decode(text + at, length - at, &code_point);
        if (at + bytes > limit) {
            break;
        }
        at += bytes;
    }
    return at;
}

const char *pw_reading_shorten(struct pw_reading *reading, const char *text)
{
    const size_t length = strlen(text);
    if (length <= SHORT_BYTES) {
        return text;
    }
    const size_t cut = cut_between_characters(text, length, SHORT_BYTES);
    const char *shorter = pw_arena_printf(reading->arena, "%.*s\xE2\x80\xA6", (int)cut, text);
    if (shorter == NULL) {
        pw_reading_no_memory(reading);
        return "";
    }
    return shorter;
}

const char *pw_reading_suggest(struct pw_reading *reading, const char *word,
                               const char *const *candidates, size_t count)
{
    const char *nearest = pw_text_nearest(word, candidates, count);
    if (nearest == NULL) {
        return "";
    }
    const char *text = pw_arena_printf(reading->arena, ", did you mean '%s'", nearest);
    if (text == NULL) {
        pw_reading_no_memory(reading);
        return "";
    }
    return text;
}

static int by_number(unsigned a, unsigned b)
{
    return (a > b) - (a < b);
}

static int by_place(const void *left, const void *right)
{
    const struct pw_error *a = left;
    const struct pw_error *b = right;
    int order = by_number(a->line, b->line);
    if (order == 0) {
        order = by_number(a->column, b->column);
    }
    return order != 0 ? order : strcmp(pw_error_message(a), pw_error_message(b));
}

/* A mistake in `defaults` shows up once per benchmark that inherits it: one report is enough. */
static void drop_repetitions(struct pw_diagnostics *mistakes)
{
    size_t kept = 0;
    for (size_t i = 0; i < mistakes->count; i++) {
        if (kept > 0 && by_place(&mistakes->items[kept - 1], &mistakes->items[i]) == 0) {
            pw_error_release(&mistakes->items[i]);
        } else {
            mistakes->items[kept++] = mistakes->items[i];
        }
    }
    mistakes->count = kept;
}

static void add_no_memory(struct pw_diagnostics *mistakes)
{
    struct pw_error *item = add_item(mistakes);
    if (item != NULL) {
        pw_error_set_no_memory(item);
    }
}

int pw_reading_finish(struct pw_reading *reading)
{
    struct pw_diagnostics *mistakes = reading->mistakes;
    if (mistakes->count > 0) {
        qsort(mistakes->items, mistakes->count, sizeof(*mistakes->items), by_place);
        drop_repetitions(mistakes);
    }
    if (reading->has_no_memory) {
        add_no_memory(mistakes);
        return PW_ENOMEM;
    }
    if (reading->found == 0) {
        return PW_OK;
    }
    if (reading->dropped > 0) {
        const struct pw_error *last = &mistakes->items[mistakes->count - 1];
        struct pw_strbuf text = PW_STRBUF_INIT;
        pw_strbuf_printf(&text, "%zu more mistakes are left out", reading->dropped);
        add_text(reading, last->line, last->column, pw_strbuf_text(&text));
        pw_strbuf_release(&text);
    }
    return PW_ECONFIG;
}

void pw_diagnostics_release(struct pw_diagnostics *diagnostics)
{
    for (size_t i = 0; i < diagnostics->count; i++) {
        pw_error_release(&diagnostics->items[i]);
    }
    free(diagnostics->items);
    *diagnostics = (struct pw_diagnostics){NULL, 0, 0};
}

/*
 * Collecting agreements: from trailers, whose text is read here, and from the file.
 *
 * A trailer that cannot be read accepts nothing and says so, with its text: a typing error must not
 * let a regression through, nor stop a check.
 */
#include <stdio.h>
#include <string.h>

#include "perfwarden/gate/acceptance.h"
#include "perfwarden/util/clock.h"
#include "perfwarden/util/text.h"

/** How much of foreign text is kept, in bytes: reports quote it in every row that it explains. */
enum { KEPT_TEXT = 1000, KEPT_NAME = 200 };

void pw_acceptances_release(struct pw_acceptances *acceptances)
{
    pw_arena_release(&acceptances->arena);
    memset(acceptances, 0, sizeof *acceptances);
}

void pw_acceptances_set_today(struct pw_acceptances *acceptances, int64_t wall_s)
{
    char stamp[PW_TIME_TEXT_SIZE];

    pw_clock_format_utc(wall_s, stamp);
    (void)snprintf(acceptances->today, sizeof acceptances->today, "%.10s", stamp);
}

/* A copy of at most `most` bytes, cut between characters. @return NULL when out of memory */
static const char *keep(struct pw_acceptances *acceptances, const char *text, size_t length,
                        size_t most)
{
    size_t end = 0;

    while (end < length) {
        uint32_t c = 0;
        const size_t size = pw_utf8_decode(text + end, length - end, &c);
        if (end + size > most) {
            return pw_arena_printf(&acceptances->arena, "%.*s\xE2\x80\xA6", (int)end, text);
        }
        end += size;
    }
    return pw_arena_strndup(&acceptances->arena, text, length);
}

static int warn(struct pw_acceptances *acceptances, const char *text, struct pw_error *err)
{
    const char **warnings =
        pw_arena_grow(&acceptances->arena, acceptances->warnings, acceptances->warning_count,
                      &acceptances->warning_capacity, sizeof *warnings);

    if (text == NULL || warnings == NULL) {
        return pw_error_set_no_memory(err);
    }
    warnings[acceptances->warning_count++] = text;
    acceptances->warnings = warnings;
    return 0;
}

/* Beyond the bound nothing is added, and that is said once. */
static int add(struct pw_acceptances *acceptances, const struct pw_acceptance *item,
               struct pw_error *err)
{
    struct pw_acceptance *items;

    if (acceptances->count == PW_ACCEPTANCES_MAX) {
        const bool is_said = acceptances->is_full;
        acceptances->is_full = true;
        return is_said
                   ? 0
                   : warn(acceptances, "more than 1000 accepted changes: the rest is ignored", err);
    }
    items = pw_arena_grow(&acceptances->arena, acceptances->items, acceptances->count,
                          &acceptances->capacity, sizeof *items);
    if (items == NULL) {
        return pw_error_set_no_memory(err);
    }
    acceptances->items = items;
    items[acceptances->count++] = *item;
    return 0;
}

/** A word of a trailer; its quotes are not part of it. */
struct word {
    const char *text;
    size_t length;
    bool is_quoted;
    bool is_broken; /**< quotes that are not closed, or closed within a word */
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static struct word next_word(const char **at)
{
    const char *text = *at;
    struct word word = {NULL, 0, false, false};

    while (is_blank(*text)) {
        text++;
    }
    word.is_quoted = *text == '"';
    word.text = word.is_quoted ? ++text : text;
    while (*text != '\0' && (word.is_quoted ? *text != '"' : !is_blank(*text))) {
        text += *text == '\\' && text[1] != '\0' ? 2 : 1;
    }
    word.length = (size_t)(text - word.text);
    if (word.is_quoted) {
        word.is_broken = *text != '"' || (text[1] != '\0' && !is_blank(text[1]));
        text += *text == '"' ? 1 : 0;
    }
    *at = text;
    return word;
}

static bool is_word(const struct word *word, const char *text)
{
    return !word->is_quoted && word->length == strlen(text) &&
           memcmp(word->text, text, word->length) == 0;
}

/* The reason is the rest of the line. That which a report offers to be filled in is none. */
static const char *reason_of(const char *rest)
{
    while (is_blank(*rest)) {
        rest++;
    }
    return *rest == '\0' || strcmp(rest, "<reason>") == 0 ? NULL : rest;
}

/** What a trailer says, as far as it could be read. */
struct reading {
    struct word benchmark;
    struct word metric;
    struct word bound;
    const char *reason;
    bool is_removal;
};

/* @return what is wrong; NULL when nothing is */
static const char *read_trailer(const char *value, struct reading *out)
{
    const char *at = value;

    out->benchmark = next_word(&at);
    out->metric = next_word(&at);
    out->is_removal = is_word(&out->metric, "removed");
    if (!out->is_removal) {
        out->bound = next_word(&at);
    }
    out->reason = reason_of(at);
    if (out->benchmark.is_broken || out->metric.is_broken) {
        return "a word in double quotes must end with one, and a blank behind it";
    }
    if (out->benchmark.length == 0 || out->metric.length == 0 ||
        (!out->is_removal && out->bound.length == 0)) {
        return "expects '<benchmark> <metric> <bound> <reason>' or '<benchmark> removed <reason>'";
    }
    return out->reason == NULL ? "a reason is required" : NULL;
}

static int refuse(struct pw_acceptances *acceptances, const char *value, const char *where,
                  const char *fault, struct pw_error *err)
{
    const char *shown = keep(acceptances, value, strlen(value), KEPT_NAME);
    const char *text =
        shown == NULL ? NULL
                      : pw_arena_printf(&acceptances->arena,
                                        "'" PW_ACCEPT_TRAILER ": %s' in %s accepts nothing: %s",
                                        shown, where, fault);

    return warn(acceptances, text, err);
}

/* @return 0; PW_EINVAL when the bound is none, with why; PW_ENOMEM */
static int fill_trailer(struct pw_acceptances *acceptances, const struct reading *reading,
                        const char *by, const char *where, struct pw_acceptance *item,
                        struct pw_error *err)
{
    struct pw_arena *arena = &acceptances->arena;
    const char *bound = NULL;

    item->benchmark = pw_arena_strndup(arena, reading->benchmark.text, reading->benchmark.length);
    item->reason = keep(acceptances, reading->reason, strlen(reading->reason), KEPT_TEXT);
    item->by = by[0] != '\0' ? keep(acceptances, by, strlen(by), KEPT_NAME) : NULL;
    item->where = pw_arena_strdup(arena, where);
    if (item->benchmark == NULL || item->reason == NULL || item->where == NULL ||
        (item->by == NULL && by[0] != '\0')) {
        return pw_error_set_no_memory(err);
    }
    if (reading->is_removal) {
        return 0;
    }
    item->metric = pw_arena_strndup(arena, reading->metric.text, reading->metric.length);
    bound = pw_arena_strndup(arena, reading->bound.text, reading->bound.length);
    if (item->metric == NULL || bound == NULL) {
        return pw_error_set_no_memory(err);
    }
    return pw_bound_parse(bound, &item->up_to, err);
}

int pw_acceptances_add_trailer(struct pw_acceptances *acceptances, const char *value,
                               const char *by, const char *where, struct pw_error *err)
{
    struct pw_acceptance item = {.metric = NULL};
    struct pw_error cause = PW_ERROR_INIT;
    struct reading reading = {.reason = NULL};
    const char *fault = read_trailer(value, &reading);
    int status;

    if (fault != NULL) {
        return refuse(acceptances, value, where, fault, err);
    }
    status = fill_trailer(acceptances, &reading, by, where, &item, &cause);
    if (status == PW_EINVAL) {
        status = refuse(acceptances, value, where, pw_error_message(&cause), err);
    } else if (status == 0) {
        status = add(acceptances, &item, err);
    } else {
        pw_error_move(err, &cause);
    }
    pw_error_release(&cause);
    return status;
}

static int add_entry(struct pw_acceptances *acceptances, const struct pw_accepted_change *entry,
                     const char *path, struct pw_error *err)
{
    struct pw_arena *arena = &acceptances->arena;
    struct pw_acceptance item = {.up_to = entry->up_to, .line = entry->line};
    const struct {
        const char *from;
        const char **to;
        size_t most;
    } texts[] = {
        {entry->benchmark, &item.benchmark, SIZE_MAX},   {entry->metric, &item.metric, SIZE_MAX},
        {entry->up_to.text, &item.up_to.text, SIZE_MAX}, {entry->reason, &item.reason, KEPT_TEXT},
        {entry->expires, &item.expires, SIZE_MAX},       {entry->by, &item.by, KEPT_NAME}};

    for (size_t i = 0; i < PW_COUNT(texts); i++) {
        if (texts[i].from == NULL) {
            continue;
        }
        *texts[i].to = keep(acceptances, texts[i].from, strlen(texts[i].from), texts[i].most);
        if (*texts[i].to == NULL) {
            return pw_error_set_no_memory(err);
        }
    }
    item.where = pw_arena_printf(arena, "%s:%u", path, entry->line);
    return item.where == NULL ? pw_error_set_no_memory(err) : add(acceptances, &item, err);
}

int pw_acceptances_add_stray(struct pw_acceptances *acceptances, const char *where,
                             struct pw_error *err)
{
    return warn(acceptances,
                pw_arena_printf(&acceptances->arena,
                                "a line '" PW_ACCEPT_TRAILER ":' in %s accepts nothing: it is no "
                                "trailer, which stands in the last paragraph of a message, behind "
                                "the title, among nothing but trailers",
                                where),
                err);
}

int pw_acceptances_add_file(struct pw_acceptances *acceptances, const struct pw_accepted_file *file,
                            const char *path, struct pw_error *err)
{
    int status = 0;

    for (size_t i = 0; i < file->count && status == 0; i++) {
        status = add_entry(acceptances, &file->items[i], path, err);
    }
    return status;
}

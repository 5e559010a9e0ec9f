/* Paths in JSON: the part of JSONPath (RFC 9535) that names places, without filters. */
#include <string.h>

#include "formats.h"

/** A path being read. */
struct reading {
    const char *text;
    const char *at;
    struct pw_arena *arena;
    struct pw_adapter_json_path *path;
};

static int fail(const struct reading *reading, const char *expected, struct pw_error *err)
{
    return pw_error_set(err, PW_ECONFIG, "the path '%s' is wrong at character %zu: expected %s",
                        reading->text, (size_t)(reading->at - reading->text) + 1, expected);
}

static int add_step(struct reading *reading, struct pw_adapter_step step, struct pw_error *err)
{
    if (reading->path->count == PW_ADAPTER_PATH_STEPS) {
        return fail(reading, "fewer than 33 steps", err);
    }
    reading->path->steps[reading->path->count++] = step;
    return 0;
}

static int add_member(struct reading *reading, size_t length, struct pw_error *err)
{
    const struct pw_adapter_step step = {
        .kind = PW_STEP_MEMBER, .name = pw_arena_strndup(reading->arena, reading->at, length)};
    if (step.name == NULL) {
        return pw_error_set_no_memory(err);
    }
    return add_step(reading, step, err);
}

/* ".name" or ".*", behind the point. */
static int read_member(struct reading *reading, struct pw_error *err)
{
    const size_t length = strcspn(reading->at, ".[");
    if (length == 0) {
        return fail(reading, "a name", err);
    }
    const bool is_any = length == 1 && *reading->at == '*';
    const int status = is_any
                           ? add_step(reading, (struct pw_adapter_step){.kind = PW_STEP_ANY}, err)
                           : add_member(reading, length, err);
    reading->at += length;
    return status;
}

static int end_bracket(struct reading *reading, int status, struct pw_error *err)
{
    if (status == 0 && *reading->at != ']') {
        return fail(reading, "']'", err);
    }
    reading->at += status == 0;
    return status;
}

static int read_index(struct reading *reading, struct pw_error *err)
{
    const size_t length = strspn(reading->at, "0123456789");
    size_t index = 0;
    if (length == 0 || length > 9) {
        return fail(reading, "a position, '*' or a name in quotes", err);
    }
    for (size_t i = 0; i < length; i++) {
        index = index * 10 + (size_t)(reading->at[i] - '0');
    }
    reading->at += length;
    return add_step(reading, (struct pw_adapter_step){.kind = PW_STEP_ELEMENT, .index = index},
                    err);
}

/* "[2]", "[*]" or "['a name']", behind the bracket. */
static int read_bracket(struct reading *reading, struct pw_error *err)
{
    const char quote = *reading->at;
    int status;
    if (quote == '*') {
        reading->at++;
        status = add_step(reading, (struct pw_adapter_step){.kind = PW_STEP_ANY}, err);
    } else if (quote == '\'' || quote == '"') {
        const char *end = strchr(reading->at + 1, quote);
        if (end == NULL) {
            return fail(reading, "a name in quotes", err);
        }
        reading->at++;
        status = add_member(reading, (size_t)(end - reading->at), err);
        reading->at = end + 1;
    } else {
        status = read_index(reading, err);
    }
    return end_bracket(reading, status, err);
}

/* ".." at the beginning: the object around. A name may follow at once. */
static int read_ups(struct reading *reading, struct pw_error *err)
{
    int status = 0;
    while (status == 0 && strncmp(reading->at, "..", 2) == 0) {
        status = add_step(reading, (struct pw_adapter_step){.kind = PW_STEP_UP}, err);
        reading->at += 2;
    }
    if (status == 0 && reading->path->count > 0 && strchr(".[", *reading->at) == NULL) {
        status = read_member(reading, err);
    }
    return status;
}

int pw_adapter_read_path(const char *text, bool is_relative, struct pw_arena *arena,
                         struct pw_adapter_json_path *out, struct pw_error *err)
{
    struct pw_adapter_json_path path = {.count = 0};
    struct reading reading = {text, text, arena, &path};
    int status = is_relative ? read_ups(&reading, err) : 0;
    if (status == 0 && path.count == 0) {
        if (*reading.at != '$') {
            return fail(&reading, is_relative ? "'$' or '..'" : "'$'", err);
        }
        reading.at++;
    }
    while (status == 0 && *reading.at != '\0') {
        const char kind = *reading.at;
        if (kind != '.' && kind != '[') {
            return fail(&reading, "'.' or '['", err);
        }
        reading.at++;
        status = kind == '.' ? read_member(&reading, err) : read_bracket(&reading, err);
    }
    if (status == 0) {
        *out = path;
    }
    return status;
}

/** A walk under way. */
struct walk {
    const struct pw_adapter_json_path *path;
    struct pw_adapter_place *place;
    int (*visit)(void *context, struct pw_adapter_place *place, struct pw_error *err);
    void *context;
};

static int walk_from(const struct walk *walk, size_t step, struct pw_error *err);

static int walk_into(const struct walk *walk, size_t step, const struct pw_json *value,
                     struct pw_error *err)
{
    struct pw_adapter_place *place = walk->place;
    if (value == NULL || place->depth == PW_ADAPTER_PATH_STEPS) {
        return 0;
    }
    place->values[++place->depth] = value;
    const int status = walk_from(walk, step + 1, err);
    place->depth--;
    return status;
}

/* All elements or members, each told in the name. */
static int walk_any(const struct walk *walk, size_t step, const struct pw_json *value,
                    struct pw_error *err)
{
    struct pw_strbuf *name = &walk->place->name;
    const size_t length = name->length;
    size_t index = 0;
    int status = 0;
    for (const struct pw_json *item = pw_json_first(value); item != NULL && status == 0;
         item = pw_json_next(item)) {
        pw_strbuf_puts(name, length > 0 ? "/" : "");
        if (pw_json_key(item) != NULL) {
            pw_strbuf_puts(name, pw_json_key(item));
        } else {
            pw_strbuf_printf(name, "%zu", index);
        }
        index++;
        status = walk_into(walk, step, item, err);
        pw_strbuf_truncate(name, length);
    }
    return status;
}

static const struct pw_json *element(const struct pw_json *value, size_t index)
{
    const struct pw_json *item = pw_json_type(value) == PW_JSON_ARRAY ? pw_json_first(value) : NULL;
    while (item != NULL && index > 0) {
        item = pw_json_next(item);
        index--;
    }
    return item;
}

static int walk_up(const struct walk *walk, size_t step, struct pw_error *err)
{
    struct pw_adapter_place *place = walk->place;
    if (place->depth == 0) {
        return 0;
    }
    const struct pw_json *value = place->values[place->depth--];
    const int status = walk_from(walk, step + 1, err);
    place->values[++place->depth] = value;
    return status;
}

static int walk_from(const struct walk *walk, size_t step, struct pw_error *err)
{
    const struct pw_json *value = walk->place->values[walk->place->depth];
    if (step == walk->path->count) {
        return walk->visit(walk->context, walk->place, err);
    }
    const struct pw_adapter_step *next = &walk->path->steps[step];
    switch (next->kind) {
    case PW_STEP_MEMBER:
        return walk_into(walk, step, pw_json_get(value, next->name), err);
    case PW_STEP_ELEMENT:
        return walk_into(walk, step, element(value, next->index), err);
    case PW_STEP_ANY:
        return walk_any(walk, step, value, err);
    case PW_STEP_UP:
        break;
    }
    return walk_up(walk, step, err);
}

int pw_adapter_walk_path(const struct pw_adapter_json_path *path, struct pw_adapter_place *place,
                         int (*visit)(void *context, struct pw_adapter_place *place,
                                      struct pw_error *err),
                         void *context, struct pw_error *err)
{
    const struct walk walk = {path, place, visit, context};
    return walk_from(&walk, 0, err);
}

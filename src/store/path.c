/*
 * The tree of the store: <first two digits of commit>/<commit>/<environment id>/<run id>.json.
 * Both directions are strict, so that a result's content never decides where a file lies.
 */
#include "path.h"

#include <stdio.h>
#include <string.h>

static const char hex_digits[] = "0123456789abcdef";
/* Crockford's base 32: no I, L, O, U */
static const char run_digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static bool is_made_of(const char *text, size_t length, const char *digits)
{
    return strspn(text, digits) == length && text[length] == '\0';
}

int pw_store_path_build(const char *commit, const char *environment_id, const char *run_id,
                        struct pw_strbuf *out, struct pw_error *err)
{
    if (!is_made_of(commit, PW_STORE_COMMIT_LENGTH, hex_digits)) {
        return pw_error_set(err, PW_EINVAL, "'%s' is not a full commit id", commit);
    }
    if (!is_made_of(environment_id, PW_STORE_ENVIRONMENT_LENGTH, hex_digits)) {
        return pw_error_set(err, PW_EINVAL, "'%s' is not an environment id", environment_id);
    }
    if (!is_made_of(run_id, PW_STORE_RUN_LENGTH, run_digits)) {
        return pw_error_set(err, PW_EINVAL, "'%s' is not a run id", run_id);
    }
    pw_strbuf_append(out, commit, PW_STORE_FAN_LENGTH);
    pw_strbuf_printf(out, "/%s/%s/%s" PW_STORE_SUFFIX, commit, environment_id, run_id);
    return PW_OK;
}

void pw_store_run_name(const char *run_id, char out[PW_STORE_RUN_NAME_SIZE])
{
    (void)snprintf(out, PW_STORE_RUN_NAME_SIZE, "%.*s" PW_STORE_SUFFIX, PW_STORE_RUN_LENGTH,
                   run_id);
}

void pw_store_path_join(const char *commit, const char *environment_id, const char *run_name,
                        char out[PW_STORE_PATH_SIZE])
{
    (void)snprintf(out, PW_STORE_PATH_SIZE, "%.*s/%s%s%s%s%s", PW_STORE_FAN_LENGTH, commit, commit,
                   *environment_id == '\0' ? "" : "/", environment_id, *run_name == '\0' ? "" : "/",
                   run_name);
}

/* One part of a path and what stands behind it. */
struct part {
    size_t length;
    const char *digits;
    const char *end;
};

static const struct part parts[] = {
    [PW_STORE_FAN] = {PW_STORE_FAN_LENGTH, hex_digits, "/"},
    [PW_STORE_COMMIT] = {PW_STORE_COMMIT_LENGTH, hex_digits, "/"},
    [PW_STORE_ENVIRONMENT] = {PW_STORE_ENVIRONMENT_LENGTH, hex_digits, "/"},
    [PW_STORE_RUN] = {PW_STORE_RUN_LENGTH, run_digits, PW_STORE_SUFFIX},
};

bool pw_store_name_fits(enum pw_store_level level, const char *name)
{
    const struct part *part = &parts[level];

    return strspn(name, part->digits) == part->length &&
           strcmp(name + part->length, level == PW_STORE_RUN ? part->end : "") == 0;
}

static bool has_form(const char *path, const char *starts[PW_COUNT(parts)])
{
    const char *at = path;

    for (size_t i = 0; i < PW_COUNT(parts); i++) {
        const size_t end_length = strlen(parts[i].end);
        starts[i] = at;
        if (strspn(at, parts[i].digits) != parts[i].length ||
            strncmp(at + parts[i].length, parts[i].end, end_length) != 0) {
            return false;
        }
        at += parts[i].length + end_length;
    }
    return *at == '\0' && strncmp(starts[0], starts[1], PW_STORE_FAN_LENGTH) == 0;
}

int pw_store_path_parse(const char *path, struct pw_arena *arena, struct pw_store_entry *out,
                        bool *fits, struct pw_error *err)
{
    const char *starts[PW_COUNT(parts)];

    if (!has_form(path, starts)) {
        *fits = false;
        return PW_OK;
    }
    const struct pw_store_entry entry = {
        .commit = pw_arena_strndup(arena, starts[1], PW_STORE_COMMIT_LENGTH),
        .environment_id = pw_arena_strndup(arena, starts[2], PW_STORE_ENVIRONMENT_LENGTH),
        .run_id = pw_arena_strndup(arena, starts[3], PW_STORE_RUN_LENGTH),
        .path = pw_arena_strdup(arena, path),
    };
    if (entry.commit == NULL || entry.environment_id == NULL || entry.run_id == NULL ||
        entry.path == NULL) {
        return pw_error_set_no_memory(err);
    }
    *out = entry;
    *fits = true;
    return PW_OK;
}

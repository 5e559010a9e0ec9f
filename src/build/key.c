/*
 * The key of a built revision. Its name is a hash that somebody could find a second text for, so an
 * entry keeps the text too, and counts only where the text is the same.
 */
#define _XOPEN_SOURCE 700 /* realpath */

#include "key.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "perfwarden/util/compiler.h"
#include "perfwarden/util/text.h"

/* What decides how a compiler is called, by custom. */
static const char *const variables[] = {
    "CC",       "CXX",    "FC",      "AR",        "LD",        "CPPFLAGS", "CFLAGS",
    "CXXFLAGS", "FFLAGS", "LDFLAGS", "MAKEFLAGS", "RUSTFLAGS", "GOFLAGS",  "CGO_CFLAGS"};

/* The length before the text: no two lists of parts make the same whole. */
static void put_part(struct pw_strbuf *out, const char *name, const char *text)
{
    pw_strbuf_printf(out, "%s %zu:%s\n", name, strlen(text), text);
}

static int fail_place(const struct pw_config *config, const char *workdir, struct pw_error *err)
{
    return pw_error_set(err, PW_EUSAGE,
                        "'%s' does not lie in the work tree '%s': where it belongs in another "
                        "revision cannot be told; move it there and commit it",
                        config->path, workdir);
}

/* What follows the work tree in the configuration's directory. */
static int find_place(const struct pw_git *git, const struct pw_config *config,
                      struct pw_arena *arena, const char **out, struct pw_error *err)
{
    const char *workdir = pw_git_workdir(git);
    int status = PW_OK;

    if (workdir == NULL) {
        return pw_error_set(err, PW_EUSAGE,
                            "'%s' is a bare repository; run perfwarden in a clone that has a work "
                            "tree",
                            pw_git_common_directory(git));
    }
    char *top = realpath(workdir, NULL);
    char *directory = realpath(config->directory, NULL);
    if (top == NULL || directory == NULL) {
        status = pw_error_set_errno(err, errno, "cannot look at '%s'",
                                    top == NULL ? workdir : config->directory);
        goto out;
    }
    const size_t length = strcmp(top, "/") == 0 ? 0 : strlen(top);
    if (strncmp(directory, top, length) != 0 ||
        (directory[length] != '/' && directory[length] != '\0')) {
        status = fail_place(config, workdir, err);
        goto out;
    }
    const char *place =
        pw_arena_strdup(arena, directory + length + (directory[length] == '/' ? 1 : 0));
    if (place == NULL) {
        status = pw_error_set_no_memory(err);
        goto out;
    }
    *out = place;
out:
    free(directory);
    free(top);
    return status;
}

static void put_conditions(struct pw_strbuf *text, const char *commit, const char *place,
                           const struct pw_config *config)
{
    put_part(text, "commit", commit);
    put_part(text, "place", place);
    for (size_t i = 0; i < config->build.count; i++) {
        put_part(text, "step", config->build.items[i]);
    }
    for (size_t i = 0; i < PW_COUNT(variables); i++) {
        const char *value = getenv(variables[i]);
        if (value != NULL) {
            put_part(text, variables[i], value);
        }
    }
}

int pw_build_key_make(const struct pw_git *git, const char *commit, const struct pw_config *config,
                      struct pw_arena *arena, struct pw_build_key *out, struct pw_error *err)
{
    struct pw_build_key key = {.name = ""};
    struct pw_strbuf text = PW_STRBUF_INIT;
    int status = find_place(git, config, arena, &key.place, err);

    if (status != PW_OK || key.place == NULL) {
        return status;
    }
    pw_strbuf_puts(&text, "perfwarden build 1\n");
    put_part(&text, "repository", pw_git_common_directory(git));
    key.repository = pw_strbuf_failed(&text) ? NULL : pw_arena_strdup(arena, pw_strbuf_text(&text));
    put_conditions(&text, commit, key.place, config);
    key.text = pw_strbuf_failed(&text) ? NULL : pw_arena_strdup(arena, pw_strbuf_text(&text));
    pw_strbuf_release(&text);
    if (key.repository == NULL || key.text == NULL) {
        return pw_error_set_no_memory(err);
    }
    (void)snprintf(key.name, sizeof(key.name), "%016" PRIx64,
                   pw_hash_string(PW_HASH_INIT, key.text));
    *out = key;
    return PW_OK;
}

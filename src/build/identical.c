/*
 * Whether a benchmark executes the same bytes on both sides. The order is by cost: words first,
 * then the program, then what it is given, then all else of the whole tree.
 */
#define _XOPEN_SOURCE 700 /* realpath */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "compare.h"
#include "elf.h"
#include "perfwarden/build.h"
#include "perfwarden/util/file.h"
#include "trees.h"

/** A benchmark on one side. */
struct side {
    const struct pw_build *build;
    const struct pw_benchmark *benchmark;
};

/** Where a name leads on one side. */
enum place { PLACE_NOWHERE, PLACE_INSIDE, PLACE_OUTSIDE };

/** A name, resolved on both sides. Paths are in the arena, NULL where there is none. */
struct found {
    enum place base_place;
    enum place head_place;
    const char *base;
    const char *head;
};

/* @param[out] path  without links @return 0; PW_EIO; PW_ENOMEM */
static int resolve(const struct side *side, const char *name, struct pw_arena *arena,
                   enum place *place, const char **path, struct pw_error *err)
{
    const char *root = side->build->root;
    const size_t length = strlen(root);
    struct pw_strbuf joined = PW_STRBUF_INIT;

    pw_path_join(&joined, side->benchmark->cwd, name);
    int status = pw_strbuf_check(&joined, err);
    char *real = status == PW_OK ? realpath(pw_strbuf_text(&joined), NULL) : NULL;
    if (status == PW_OK && real == NULL) {
        *place = PLACE_NOWHERE;
        *path = NULL;
        if (!pw_build_is_of_file(errno)) {
            status = pw_error_set_errno(err, errno, "cannot look at '%s'", pw_strbuf_text(&joined));
        }
    } else if (real != NULL) {
        *path = pw_arena_strdup(arena, real);
        *place = strncmp(real, root, length) == 0 && (real[length] == '/' || real[length] == '\0')
                     ? PLACE_INSIDE
                     : PLACE_OUTSIDE;
        status = *path == NULL ? pw_error_set_no_memory(err) : PW_OK;
    }
    free(real);
    pw_strbuf_release(&joined);
    return status;
}

static int find(const struct side *base, const struct side *head, const char *name,
                struct pw_arena *arena, struct found *out, struct pw_error *err)
{
    const int status = resolve(base, name, arena, &out->base_place, &out->base, err);

    return status != PW_OK ? status : resolve(head, name, arena, &out->head_place, &out->head, err);
}

static bool are_words_same(const struct pw_strings *a, const struct pw_strings *b)
{
    if (a->count != b->count) {
        return false;
    }
    for (size_t i = 0; i < a->count; i++) {
        if (strcmp(a->items[i], b->items[i]) != 0) {
            return false;
        }
    }
    return true;
}

static bool are_variables_same(const struct pw_benchmark *a, const struct pw_benchmark *b)
{
    if (a->env_count != b->env_count) {
        return false;
    }
    for (size_t i = 0; i < a->env_count; i++) {
        if (strcmp(a->env[i].name, b->env[i].name) != 0 ||
            strcmp(a->env[i].value, b->env[i].value) != 0) {
            return false;
        }
    }
    return true;
}

/* Read through the configuration, so that it counts whatever else is listed. */
static int compare_stdin(const struct side *base, const struct side *head, struct pw_arena *arena,
                         bool *same, struct pw_error *err)
{
    struct found found = {PLACE_NOWHERE, PLACE_NOWHERE, NULL, NULL};
    int status = PW_OK;

    if (head->benchmark->stdin_path == NULL) {
        *same = base->benchmark->stdin_path == NULL;
        return PW_OK;
    }
    *same = base->benchmark->stdin_path != NULL;
    if (*same) { /* absolute on each side, so resolved by each side's own */
        status =
            resolve(base, base->benchmark->stdin_path, arena, &found.base_place, &found.base, err);
    }
    if (*same && status == PW_OK) {
        status =
            resolve(head, head->benchmark->stdin_path, arena, &found.head_place, &found.head, err);
    }
    if (*same && status == PW_OK) {
        *same = found.base != NULL && found.head != NULL;
        status = *same ? pw_build_files_are_same(found.base, found.head, same, err) : PW_OK;
    }
    return status;
}

/* Artifacts: the user has said what counts. */

static int compare_artifact(const struct side *base, const struct side *head, const char *name,
                            struct pw_arena *arena, bool *same, struct pw_error *err)
{
    struct found found = {PLACE_NOWHERE, PLACE_NOWHERE, NULL, NULL};
    const int status = find(base, head, name, arena, &found, err);

    *same = false;
    if (status != PW_OK) {
        return status;
    }
    if (found.base_place == PLACE_NOWHERE && found.head_place == PLACE_NOWHERE) {
        return pw_error_set(err, PW_ECONFIG,
                            "artifact '%s' of benchmark '%s' is neither in base nor in head; "
                            "correct 'artifacts' in the configuration, or what builds it",
                            name, head->benchmark->id);
    }
    if (found.base_place == PLACE_OUTSIDE || found.head_place == PLACE_OUTSIDE) {
        return pw_error_set(err, PW_ECONFIG,
                            "artifact '%s' of benchmark '%s' lies outside of the tree; name files "
                            "and folders of the project in 'artifacts'",
                            name, head->benchmark->id);
    }
    if (found.base_place == PLACE_NOWHERE || found.head_place == PLACE_NOWHERE) {
        return PW_OK;
    }
    return pw_build_paths_are_same(found.base, found.head, same, err);
}

static int compare_artifacts(const struct side *base, const struct side *head,
                             struct pw_arena *arena, bool *same, struct pw_error *err)
{
    const struct pw_strings *artifacts = &head->benchmark->artifacts;
    int status = PW_OK;

    *same = are_words_same(&base->benchmark->artifacts, artifacts) &&
            are_words_same(&base->benchmark->command, &head->benchmark->command) &&
            are_variables_same(base->benchmark, head->benchmark);
    for (size_t i = 0; i < artifacts->count && *same && status == PW_OK; i++) {
        status = compare_artifact(base, head, artifacts->items[i], arena, same, err);
    }
    if (status == PW_OK && *same) {
        status = compare_stdin(base, head, arena, same, err);
    }
    return status;
}

/* Without artifacts: only where nothing but the command can matter. */

/* A name that may or may not be a file's. One that is none on both sides says nothing. */
static int compare_name(const struct side *base, const struct side *head, const char *name,
                        struct pw_arena *arena, bool *same, struct pw_error *err)
{
    struct found found = {PLACE_NOWHERE, PLACE_NOWHERE, NULL, NULL};

    if (name[0] == '\0') {
        return PW_OK;
    }
    const int status = find(base, head, name, arena, &found, err);
    if (status != PW_OK) {
        return status;
    }
    if (found.base_place == PLACE_INSIDE && found.head_place == PLACE_INSIDE) {
        return pw_build_paths_are_same(found.base, found.head, same, err);
    }
    /* outside of both trees it is one file, if it is the same path */
    *same = found.base_place == found.head_place &&
            (found.base_place == PLACE_NOWHERE || strcmp(found.base, found.head) == 0);
    return PW_OK;
}

/* A word as it stands, and what follows a '=' or a leading '@' in it. */
static int compare_word(const struct side *base, const struct side *head, const char *word,
                        struct pw_arena *arena, bool *same, struct pw_error *err)
{
    const char *value = strchr(word, '=');
    int status = compare_name(base, head, word, arena, same, err);

    if (status == PW_OK && *same && value != NULL) {
        status = compare_name(base, head, value + 1, arena, same, err);
    }
    if (status == PW_OK && *same && word[0] == '@') {
        status = compare_name(base, head, word + 1, arena, same, err);
    }
    return status;
}

/* The value of a variable, and each part of it that colons separate. */
static int compare_value(const struct side *base, const struct side *head, const char *value,
                         struct pw_arena *arena, bool *same, struct pw_error *err)
{
    int status = compare_name(base, head, value, arena, same, err);

    for (const char *at = value; status == PW_OK && *same && strchr(value, ':') != NULL;) {
        const size_t length = strcspn(at, ":");
        const char *part = pw_arena_strndup(arena, at, length);
        status = part == NULL ? pw_error_set_no_memory(err)
                              : compare_name(base, head, part, arena, same, err);
        if (at[length] == '\0') {
            break;
        }
        at += length + 1;
    }
    return status;
}

static int compare_inputs(const struct side *base, const struct side *head, struct pw_arena *arena,
                          bool *same, struct pw_error *err)
{
    const struct pw_benchmark *benchmark = head->benchmark;
    int status = PW_OK;

    for (size_t i = 1; i < benchmark->command.count && *same && status == PW_OK; i++) {
        status = compare_word(base, head, benchmark->command.items[i], arena, same, err);
    }
    for (size_t i = 0; i < benchmark->env_count && *same && status == PW_OK; i++) {
        status = compare_value(base, head, benchmark->env[i].value, arena, same, err);
    }
    if (status == PW_OK && *same) {
        status = compare_stdin(base, head, arena, same, err);
    }
    return status;
}

static bool is_plain_program(const struct pw_benchmark *benchmark)
{
    const char *program = benchmark->command.count > 0 ? benchmark->command.items[0] : "";

    return !benchmark->is_shell && program[0] != '/' && strchr(program, '/') != NULL &&
           benchmark->setup.count == 0 && benchmark->prepare.count == 0 &&
           benchmark->conclude.count == 0 && benchmark->cleanup.count == 0;
}

static int compare_program(const struct side *base, const struct side *head, struct pw_arena *arena,
                           bool *same, struct pw_error *err)
{
    struct found found = {PLACE_NOWHERE, PLACE_NOWHERE, NULL, NULL};
    const int status = find(base, head, head->benchmark->command.items[0], arena, &found, err);

    *same = false;
    if (status != PW_OK || found.base_place != PLACE_INSIDE || found.head_place != PLACE_INSIDE ||
        strcmp(found.base + strlen(base->build->root), found.head + strlen(head->build->root)) !=
            0) {
        return status;
    }
    /* one that cannot be told from a library is no worse for that: the bytes decide */
    const enum pw_elf_kind kind = pw_elf_kind_of(found.head);
    if (kind != PW_ELF_PROGRAM && kind != PW_ELF_LIBRARY) {
        return PW_OK;
    }
    return pw_build_files_are_same(found.base, found.head, same, err);
}

static int compare_command(const struct side *base, const struct side *head, struct pw_arena *arena,
                           bool *same, struct pw_error *err)
{
    int status = PW_OK;

    *same = is_plain_program(base->benchmark) && is_plain_program(head->benchmark) &&
            are_words_same(&base->benchmark->command, &head->benchmark->command) &&
            are_variables_same(base->benchmark, head->benchmark) &&
            base->benchmark->artifacts.count == 0;
    if (*same) {
        status = compare_program(base, head, arena, same, err);
    }
    if (status == PW_OK && *same) {
        status = compare_inputs(base, head, arena, same, err);
    }
    if (status == PW_OK && *same) {
        const struct pw_build_tree a = {base->build->root, base->build->configuration};
        const struct pw_build_tree b = {head->build->root, head->build->configuration};
        status = pw_build_trees_are_same(&a, &b, same, err);
    }
    return status;
}

static const char *describe(const struct pw_benchmark *benchmark, struct pw_arena *arena)
{
    const struct pw_strings *artifacts = &benchmark->artifacts;

    if (artifacts->count > 1) {
        return pw_arena_printf(arena, "%zu artifacts are byte for byte the same", artifacts->count);
    }
    return pw_arena_printf(arena, "%s is byte for byte the same",
                           artifacts->count == 1 ? artifacts->items[0]
                                                 : benchmark->command.items[0]);
}

int pw_build_is_identical(const struct pw_build *base_build, const struct pw_benchmark *base,
                          const struct pw_build *head_build, const struct pw_benchmark *head,
                          struct pw_arena *arena, bool *is_identical, const char **what,
                          struct pw_error *err)
{
    const struct side base_side = {base_build, base};
    const struct side head_side = {head_build, head};
    struct pw_arena scratch = {NULL};
    const char *text = NULL;
    bool is_same = false;
    int status = head->artifacts.count > 0
                     ? compare_artifacts(&base_side, &head_side, &scratch, &is_same, err)
                     : compare_command(&base_side, &head_side, &scratch, &is_same, err);

    pw_arena_release(&scratch);
    if (status == PW_OK && is_same) {
        text = describe(head, arena);
        status = text == NULL ? pw_error_set_no_memory(err) : PW_OK;
    }
    if (status == PW_OK) {
        *is_identical = is_same;
        *what = text;
    }
    return status;
}

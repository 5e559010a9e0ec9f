/*
 * Submodules of a checkout.
 *
 * `git submodule init` would write to the settings that the user's work tree shares, so it is not
 * called: submodules are made active for this one call instead, and git takes their addresses from
 * .gitmodules. What the user has cloned of them already is borrowed, not fetched again. Which
 * protocols are allowed stays as the user has it.
 */
#include "worktree.h"

#include <string.h>

#include "perfwarden/util/file.h"
#include "program.h"

/** Most submodules of one tree whose objects are borrowed. */
enum { REFERENCES_MAX = 256 };

/* The list of `git config --get-regexp`: "submodule.NAME.path VALUE", a NUL behind each. */
static int list_names(const char *path, const volatile int *interrupted, struct pw_strbuf *out,
                      struct pw_error *err)
{
    const char *arguments[] = {
        "config", "-z", "-f", ".gitmodules", "--get-regexp", "^submodule\\..*\\.path$", NULL};
    struct pw_git_program program = {
        .directory = path, .arguments = arguments, .interrupted = interrupted, .output = out};
    const int status = pw_git_program_run(&program, err);

    /* a file without submodules makes git exit with 1; a malformed one is met again below */
    if (status == PW_EGIT) {
        pw_error_release(err);
        pw_strbuf_clear(out);
        return PW_OK;
    }
    return status;
}

/*
 * "--reference=<common>/modules/<name>" for the entry at hand, where the user has cloned it.
 *
 * @return NULL when there is none, or memory ran out
 */
static const char *reference(const struct pw_git *git, const char *entry, struct pw_arena *arena)
{
    static const char prefix[] = "submodule.";
    static const char suffix[] = ".path";
    const size_t length = strcspn(entry, "\n");

    if (length < sizeof(prefix) + sizeof(suffix) - 1 ||
        strncmp(entry, prefix, sizeof(prefix) - 1) != 0 || strstr(entry, "..") != NULL) {
        return NULL;
    }
    const size_t name_length = length - (sizeof(prefix) - 1) - (sizeof(suffix) - 1);
    const char *directory = pw_arena_printf(arena, "%s/modules/%.*s", git->common, (int)name_length,
                                            entry + sizeof(prefix) - 1);
    const char *objects =
        directory == NULL ? NULL : pw_arena_printf(arena, "%s/objects", directory);
    if (objects == NULL || !pw_path_exists(objects)) {
        return NULL;
    }
    return pw_arena_printf(arena, "--reference=%s", directory);
}

static bool has_choice(struct pw_git *git)
{
    git_config *config = NULL;
    const char *value = NULL;
    const bool has = git_repository_config_snapshot(&config, git->repository) == 0 &&
                     git_config_get_string(&value, config, "submodule.active") == 0;

    git_config_free(config);
    return has;
}

static int update(struct pw_git *git, const char *path, const struct pw_strbuf *names,
                  const volatile int *interrupted, struct pw_error *err)
{
    static const char *const all[] = {"submodule.active=.", NULL};
    const char *arguments[REFERENCES_MAX + 8] = {"submodule", "--quiet", "update", "--checkout",
                                                 "--recursive"};
    struct pw_arena arena = {NULL};
    size_t count = 5;
    struct pw_git_program program = {
        .directory = path,
        .arguments = arguments,
        .settings = has_choice(git) ? NULL : all,
        .interrupted = interrupted,
    };

    for (size_t at = 0; at < names->length && count < REFERENCES_MAX + 5;
         at += strlen(names->data + at) + 1) {
        arguments[count] = reference(git, names->data + at, &arena);
        count += arguments[count] != NULL ? 1 : 0;
    }
    const int status = pw_git_program_run(&program, err);
    pw_arena_release(&arena);
    return status;
}

int pw_git_submodules_update(struct pw_git *git, const char *path, const volatile int *interrupted,
                             struct pw_error *err)
{
    struct pw_strbuf file = PW_STRBUF_INIT;
    struct pw_strbuf names = PW_STRBUF_INIT;
    struct pw_error reason = PW_ERROR_INIT;
    int status;

    pw_path_join(&file, path, ".gitmodules");
    status = pw_strbuf_check(&file, err);
    if (status != PW_OK || !pw_path_exists(pw_strbuf_text(&file))) {
        goto out;
    }
    status = list_names(path, interrupted, &names, &reason);
    if (status == PW_OK) {
        status = update(git, path, &names, interrupted, &reason);
    }
    if (status == PW_EGIT) {
        status = pw_error_set(err, PW_EGIT,
                              "%s; its submodules must be reachable with the credentials that "
                              "'git submodule update --init' has here",
                              pw_error_message(&reason));
        pw_error_release(&reason);
    } else if (status != PW_OK) {
        pw_error_move(err, &reason);
    }
out:
    pw_error_release(&reason);
    pw_strbuf_release(&names);
    pw_strbuf_release(&file);
    return status;
}

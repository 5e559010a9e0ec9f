/* Finding and opening what a command works on. */
#define _XOPEN_SOURCE 700 /* realpath */

#include "project.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Cut the last component off an absolute path. @return false at the root */
static bool to_parent(struct pw_strbuf *directory)
{
    const char *slash = strrchr(pw_strbuf_text(directory), '/');
    if (slash == NULL || directory->length <= 1) {
        return false;
    }
    const size_t length = (size_t)(slash - directory->data);
    pw_strbuf_truncate(directory, length == 0 ? 1 : length);
    return true;
}

static bool has_entry(const struct pw_strbuf *directory, const char *name)
{
    struct pw_strbuf path = PW_STRBUF_INIT;
    pw_path_join(&path, pw_strbuf_text(directory), name);
    const bool exists = !pw_strbuf_failed(&path) && pw_path_exists(pw_strbuf_text(&path));
    pw_strbuf_release(&path);
    return exists;
}

static int current_directory(struct pw_strbuf *out, struct pw_error *err)
{
    char *here = realpath(".", NULL);
    if (here == NULL) {
        return pw_error_set_errno(err, errno, "cannot tell the current directory");
    }
    pw_strbuf_puts(out, here);
    free(here);
    return pw_strbuf_check(out, err);
}

/* Walk up to the root of the repository. @param[out] out the nearest directory on the way with a
 * configuration; empty when there is none, or no repository */
static void find_config_directory(struct pw_strbuf *directory, struct pw_strbuf *out)
{
    bool is_repository = false;
    do {
        if (out->length == 0 && has_entry(directory, PW_CONFIG_DEFAULT_PATH)) {
            pw_strbuf_puts(out, pw_strbuf_text(directory));
        }
        is_repository = has_entry(directory, ".git");
    } while (!is_repository && to_parent(directory));
    if (!is_repository) {
        pw_strbuf_clear(out);
    }
}

/* The configuration of a subdirectory's project is at the project's root. Above that root, and
 * above a directory of no repository, it is somebody else's: its commands must not be run. */
static int find_config(struct pw_strbuf *out, struct pw_error *err)
{
    struct pw_strbuf directory = PW_STRBUF_INIT;
    struct pw_strbuf found = PW_STRBUF_INIT;
    int status = current_directory(&directory, err);
    const bool is_here = status == PW_OK && has_entry(&directory, PW_CONFIG_DEFAULT_PATH);
    if (status == PW_OK && !is_here) {
        find_config_directory(&directory, &found);
        status = pw_strbuf_check(&found, err);
    }
    if (status == PW_OK && !is_here && found.length == 0) {
        status = pw_error_set(err, PW_ENOTFOUND,
                              "'" PW_CONFIG_DEFAULT_PATH "' not found; run 'perfwarden init' to "
                              "write one, or pass -c FILE");
    }
    if (status == PW_OK) {
        pw_path_join(out, pw_strbuf_text(&found), PW_CONFIG_DEFAULT_PATH);
        status = pw_strbuf_check(out, err);
    }
    pw_strbuf_release(&found);
    pw_strbuf_release(&directory);
    return status;
}

static int fail_to_find(struct pw_cli *cli, struct pw_error *err)
{
    pw_cli_print_error(cli, err);
    const int code = err->status == PW_ENOMEM ? PW_EXIT_INTERNAL : PW_EXIT_USAGE;
    pw_error_release(err);
    return code;
}

static int load(struct pw_cli *cli, const char *path, struct pw_project *project)
{
    struct pw_diagnostics mistakes = {0};
    if (pw_config_load(path, &project->config, &mistakes) == PW_OK) {
        project->has_config = true;
        return PW_EXIT_PASS;
    }
    int code = PW_EXIT_USAGE;
    for (size_t i = 0; i < mistakes.count; i++) {
        pw_cli_print_error(cli, &mistakes.items[i]);
        if (mistakes.items[i].status == PW_ENOMEM) {
            code = PW_EXIT_INTERNAL;
        }
    }
    pw_diagnostics_release(&mistakes);
    return code;
}

int pw_project_load_config(struct pw_cli *cli, const struct pw_arguments *arguments,
                           enum pw_need need, struct pw_project *project)
{
    if (arguments->config != NULL) {
        return load(cli, arguments->config, project);
    }
    struct pw_error err = PW_ERROR_INIT;
    struct pw_strbuf path = PW_STRBUF_INIT;
    int code = PW_EXIT_PASS;
    const int status = find_config(&path, &err);
    if (status == PW_OK) {
        code = load(cli, pw_strbuf_text(&path), project);
    } else if (status != PW_ENOTFOUND || need == PW_REQUIRED) {
        code = fail_to_find(cli, &err);
    }
    pw_error_release(&err);
    pw_strbuf_release(&path);
    return code;
}

int pw_project_open_repository(struct pw_project *project, struct pw_error *err)
{
    return pw_git_open(project->has_config ? project->config.directory : ".", &project->git, err);
}

bool pw_project_config_place(const struct pw_project *project, struct pw_strbuf *out)
{
    const char *workdir = pw_git_workdir(project->git);
    char *top = workdir == NULL ? NULL : realpath(workdir, NULL);
    const char *directory = project->config.directory;
    const char *slash = strrchr(project->config.path, '/');
    const size_t length = top == NULL || strcmp(top, "/") == 0 ? 0 : strlen(top);
    const bool is_inside = top != NULL && strncmp(directory, top, length) == 0 &&
                           (directory[length] == '/' || directory[length] == '\0');
    if (is_inside && directory[length] == '/' && directory[length + 1] != '\0') {
        pw_strbuf_printf(out, "%s/", directory + length + 1);
    }
    pw_strbuf_puts(out, slash == NULL ? project->config.path : slash + 1);
    free(top);
    return is_inside;
}

int pw_project_place_config(struct pw_project *project, struct pw_comparison *comparison,
                            struct pw_error *err)
{
    struct pw_strbuf place = PW_STRBUF_INIT;
    struct pw_error ignored = PW_ERROR_INIT;
    int status = PW_OK;
    if (!project->has_config || comparison->config == NULL) {
        return PW_OK;
    }
    if (project->git == NULL && pw_project_open_repository(project, &ignored) != PW_OK) {
        pw_error_release(&ignored);
        return PW_OK;
    }
    if (pw_project_config_place(project, &place)) {
        status = pw_strbuf_check(&place, err);
        const char *copy =
            status != PW_OK ? NULL : pw_arena_strdup(&comparison->arena, pw_strbuf_text(&place));
        if (status == PW_OK && copy == NULL) {
            status = pw_error_set_no_memory(err);
        } else if (status == PW_OK) {
            comparison->config = copy;
        }
    }
    pw_strbuf_release(&place);
    return status;
}

/* Baselines that are kept in the work tree are no part of what is measured: storing one would make
 * the tree dirty for the next. @param[out] out  their absolute path; "" for none */
static int find_baselines(const struct pw_project *project, struct pw_strbuf *out,
                          struct pw_error *err)
{
    const struct pw_baseline_config *baseline = &project->config.baseline;
    if (!project->has_config || baseline->store != PW_STORE_DIRECTORY) {
        return PW_OK;
    }
    if (baseline->path[0] == '/') {
        pw_strbuf_puts(out, baseline->path);
    } else {
        pw_path_join(out, project->config.directory, baseline->path);
    }
    return pw_strbuf_check(out, err);
}

int pw_project_open_git(struct pw_project *project, struct pw_error *err)
{
    int status = pw_project_open_repository(project, err);
    if (status == PW_OK && pw_git_workdir(project->git) == NULL) {
        return pw_error_set(err, PW_EUSAGE,
                            "'%s' is a bare repository, which has no work tree to measure; clone "
                            "it, and measure the clone",
                            pw_git_common_directory(project->git));
    }
    struct pw_strbuf aside = PW_STRBUF_INIT;
    if (status == PW_OK) {
        status = find_baselines(project, &aside, err);
    }
    if (status == PW_OK) {
        status = pw_git_head_aside(project->git, &project->arena, pw_strbuf_text(&aside),
                                   &project->head, err);
    }
    pw_strbuf_release(&aside);
    return status;
}

int pw_project_open_store(struct pw_project *project, struct pw_error *err)
{
    if (!project->has_config) {
        project->config.baseline.store = PW_STORE_GIT;
        project->config.baseline.ref = "refs/perfwarden/baselines";
    }
    return pw_store_open(&project->config.baseline, project->git, &project->store, err);
}

void pw_project_release(struct pw_project *project)
{
    pw_store_free(project->store);
    pw_git_free(project->git);
    if (project->has_config) {
        pw_config_release(&project->config);
    }
    pw_arena_release(&project->arena);
    *project = (struct pw_project){0};
}

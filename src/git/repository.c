/*
 * Opening the repository that contains a directory, and what it is: where its work tree lies,
 * whether its history is complete.
 */
#define _XOPEN_SOURCE 700 /* realpath */

#include "compat.h"
#include "grafts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guard.h"
#include "perfwarden/util/compiler.h"
#include "perfwarden/util/file.h"

/*
 * A directory of personal settings that may not be read (a service user that kept root's HOME)
 * would make every open fail. git goes on without them, and so do we.
 */
static void forget_unreadable_settings(int level)
{
    git_buf path = {0};

    if (git_libgit2_opts(GIT_OPT_GET_SEARCH_PATH, level, &path) != 0) {
        return;
    }
    if (path.ptr != NULL && path.ptr[0] != '\0' &&
        strchr(path.ptr, GIT_PATH_LIST_SEPARATOR) == NULL && access(path.ptr, F_OK) == 0 &&
        access(path.ptr, X_OK) != 0) {
        (void)git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, "");
    }
    git_buf_dispose(&path);
}

/* libgit2 keeps these for the whole process; setting them again is harmless. */
static int set_options(struct pw_error *err)
{
    /* Per-worktree settings are read by read_worktree_settings(); what a partial clone lacks is
     * missed when it is read. */
    const char *extensions[] = {"worktreeconfig", "partialclone"};
    int code = git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1);

    if (code == 0) {
        code = pw_compat_allow_extensions(extensions, PW_COUNT(extensions));
    }
    if (code != 0) {
        return pw_git_fail(err, code, "cannot set up libgit2");
    }
    forget_unreadable_settings(GIT_CONFIG_LEVEL_GLOBAL);
    forget_unreadable_settings(GIT_CONFIG_LEVEL_XDG);
    return 0;
}

/* @param path  NULL for none: then *out stays NULL */
static int copy_path(const char *path, char **out, struct pw_error *err)
{
    if (path == NULL) {
        return 0;
    }
    char *copy = strdup(path);
    if (copy == NULL) {
        return pw_error_set_no_memory(err);
    }
    const size_t length = strlen(copy);
    if (length > 1 && copy[length - 1] == '/') {
        copy[length - 1] = '\0';
    }
    *out = copy;
    return 0;
}

/* Without links and "..", with which libgit2 1.1 names the directory that work trees share. */
static int resolve_path(const char *path, char **out, struct pw_error *err)
{
    char *resolved = realpath(path, NULL);

    if (resolved == NULL) {
        return pw_error_set_errno(err, errno, "cannot tell where '%s' lies", path);
    }
    *out = resolved;
    return 0;
}

bool pw_git_crosses_file_systems(void)
{
    const char *across = getenv("GIT_DISCOVERY_ACROSS_FILESYSTEM");

    return across != NULL && (strcmp(across, "1") == 0 || strcmp(across, "true") == 0);
}

/* Find the repository as git does, within the same bounds. */
static int discover(git_repository **out, const char *directory, unsigned flags)
{
    return git_repository_open_ext(
        out, directory, flags | (pw_git_crosses_file_systems() ? GIT_REPOSITORY_OPEN_CROSS_FS : 0U),
        getenv("GIT_CEILING_DIRECTORIES"));
}

/*
 * Settings of one work tree, which libgit2 reads from 1.8 on. They say how files are compared, and
 * where they hold a bare repository's core.bare, that it is one.
 */
static int read_worktree_settings(struct pw_git *git, const char *directory, struct pw_error *err)
{
    struct pw_strbuf path = PW_STRBUF_INIT;
    git_config *config = NULL;
    git_config *own = NULL;
    int is_used = 0;
    int is_bare = 0;
    int code = git_repository_config(&config, git->repository);

    pw_path_join(&path, git_repository_path(git->repository), "config.worktree");
    int status = pw_strbuf_check(&path, err);
    if (code != 0 || status != PW_OK ||
        git_config_get_bool(&is_used, config, "extensions.worktreeConfig") != 0 || is_used == 0 ||
        !pw_path_exists(pw_strbuf_text(&path))) {
        goto out;
    }
    code = git_config_open_ondisk(&own, pw_strbuf_text(&path));
    if (code == 0 && git_config_get_bool(&is_bare, own, "core.bare") == 0 && is_bare != 0) {
        git_repository_free(git->repository);
        git->repository = NULL;
        code = discover(&git->repository, directory, GIT_REPOSITORY_OPEN_BARE);
    } else if (code == 0) {
        code = git_config_add_file_ondisk(config, pw_strbuf_text(&path), GIT_CONFIG_LEVEL_APP,
                                          git->repository, 1);
    }
out:
    if (status == PW_OK && code != 0) {
        status = pw_git_fail(err, code, "cannot read the settings of '%s'", directory);
    }
    git_config_free(own);
    git_config_free(config);
    pw_strbuf_release(&path);
    return status;
}

static int open_repository(struct pw_git *git, const char *directory, struct pw_error *err)
{
    int code = discover(&git->repository, directory, 0);

    if (pw_compat_is_owner_code(code) && pw_git_is_trusted(directory) &&
        pw_compat_validate_owners(false) == 0) {
        code = discover(&git->repository, directory, 0);
        (void)pw_compat_validate_owners(true);
    }
    if (code != 0) {
        return pw_git_explain_open(directory, code, err);
    }
    const int status = PW_COMPAT_CHECKS_OWNERS ? PW_OK : pw_git_check_owner(git, directory, err);
    return status == PW_OK ? read_worktree_settings(git, directory, err) : status;
}

int pw_git_open(const char *directory, struct pw_git **out, struct pw_error *err)
{
    struct pw_git *git;
    int status;
    int code = pw_git_start_library();

    if (code < 0) {
        return pw_git_fail(err, code, "cannot set up libgit2");
    }
    git = calloc(1, sizeof(*git));
    if (git == NULL) {
        (void)git_libgit2_shutdown();
        return pw_error_set_no_memory(err);
    }
    status = set_options(err);
    if (status == 0) {
        status = open_repository(git, directory, err);
    }
    if (status == 0) {
        status = pw_git_guard(git->repository, err);
    }
    if (status == 0) {
        status = copy_path(git_repository_workdir(git->repository), &git->workdir, err);
    }
    if (status == 0) {
        status = resolve_path(git_repository_commondir(git->repository), &git->common, err);
    }
    if (status == 0) {
        status = pw_git_check_variables(git, directory, err);
    }
    if (status == 0) {
        status = pw_git_find_replacements(git, err);
    }
    if (status != 0) {
        goto out;
    }
    *out = git;
    git = NULL;
out:
    pw_git_free(git);
    return status;
}

void pw_git_free(struct pw_git *git)
{
    if (git == NULL) {
        return;
    }
    git_repository_free(git->repository);
    free(git->workdir);
    free(git->common);
    free(git);
    (void)git_libgit2_shutdown();
}

void pw_git_watch(struct pw_git *git, const volatile int *interrupted)
{
    git->interrupted = interrupted;
}

int pw_git_check_interrupt(const struct pw_git *git, struct pw_error *err)
{
    return git->interrupted != NULL && *git->interrupted != 0
               ? pw_error_set(err, PW_EINTERRUPTED, "interrupted; nothing was changed")
               : PW_OK;
}

const char *pw_git_common_directory(const struct pw_git *git)
{
    return git->common;
}

const char *pw_git_workdir(const struct pw_git *git)
{
    return git->workdir;
}

/*
 * Asked of the common directory: git_repository_is_shallow() looks into a linked worktree's own
 * directory, where git never writes the file.
 */
bool pw_git_is_shallow(const struct pw_git *git)
{
    struct pw_strbuf path = PW_STRBUF_INIT;
    struct stat info;
    bool is_shallow;

    pw_path_join(&path, git_repository_commondir(git->repository), "shallow");
    is_shallow =
        !pw_strbuf_failed(&path) && stat(pw_strbuf_text(&path), &info) == 0 && info.st_size > 0;
    pw_strbuf_release(&path);
    return is_shallow;
}

/*
 * Opening the repository that contains a directory, and what it is: where its work tree lies,
 * whether its history is complete.
 */
#include "internal.h"

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
    int code = git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1);

    if (code != 0) {
        return pw_git_fail(err, code, "cannot set up libgit2");
    }
#if LIBGIT2_VER_MAJOR > 1 || LIBGIT2_VER_MINOR >= 2
    /* Per-worktree settings say nothing about objects and refs: reading on is safe. */
    const char *extensions[] = {"worktreeconfig"};

    code = git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, extensions, PW_COUNT(extensions));
    if (code != 0) {
        return pw_git_fail(err, code, "cannot set up libgit2");
    }
#endif
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

#if LIBGIT2_VER_MAJOR > 1 || LIBGIT2_VER_MINOR >= 5
/* An empty value takes back what stood before it, as in git. */
static int read_trusted(const git_config_entry *entry, void *context)
{
    bool *trusts_all = context;

    if (strcmp(entry->value, "*") == 0) {
        *trusts_all = true;
    } else if (entry->value[0] == '\0') {
        *trusts_all = false;
    }
    return 0;
}

/* Whether the user's own settings say that repositories of any owner may be opened. */
static bool trusts_all_owners(void)
{
    git_config *config = NULL;
    bool trusts_all = false;

    if (git_config_open_default(&config) == 0) {
        (void)git_config_get_multivar_foreach(config, "safe.directory", NULL, read_trusted,
                                              &trusts_all);
    }
    git_config_free(config);
    return trusts_all;
}

/* libgit2 1.5 does not know the '*' of safe.directory, which is what containers are set up with. */
static int open_trusted(git_repository **out, const char *directory, int code)
{
    if (code != GIT_EOWNER || !trusts_all_owners() ||
        git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0) != 0) {
        return code;
    }
    code = git_repository_open_ext(out, directory, 0, NULL);
    (void)git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 1);
    return code;
}
#endif

int pw_git_open(const char *directory, struct pw_git **out, struct pw_error *err)
{
    struct pw_git *git;
    int status;
    int code = git_libgit2_init();

    if (code < 0) {
        return pw_git_fail(err, code, "cannot set up libgit2");
    }
    git = calloc(1, sizeof(*git));
    if (git == NULL) {
        (void)git_libgit2_shutdown();
        return pw_error_set_no_memory(err);
    }
    status = set_options(err);
    if (status != 0) {
        goto out;
    }
    code = git_repository_open_ext(&git->repository, directory, 0, NULL);
#if LIBGIT2_VER_MAJOR > 1 || LIBGIT2_VER_MINOR >= 5
    code = open_trusted(&git->repository, directory, code);
#endif
    if (code != 0) {
        status = pw_git_explain_open(directory, code, err);
        goto out;
    }
    status = pw_git_guard(git->repository, err);
    if (status == 0) {
        status = copy_path(git_repository_workdir(git->repository), &git->workdir, err);
    }
    if (status == 0) {
        status = copy_path(git_repository_commondir(git->repository), &git->common, err);
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

/*
 * Why a repository could not be opened. libgit2's own texts differ by version and name no remedy,
 * so the cause is looked up again: no repository, a foreign owner, a format that is not read.
 */
#include "compat.h"
#include "internal.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "perfwarden/util/compiler.h"
#include "perfwarden/util/file.h"

/* An extension of the repository format, and what to say about it. */
struct extension {
    const char *name;   /**< as libgit2 normalises configuration names */
    const char *remedy; /**< follows "repository 'DIR' " */
};

static const struct extension known_extensions[] = {
    {"extensions.objectformat",
     "stores its objects by sha256, which libgit2 cannot read; perfwarden needs a repository with "
     "sha1 objects ('git init --object-format=sha1')"},
#if !PW_COMPAT_HAS_EXTENSIONS
    {"extensions.worktreeconfig",
     "has settings for each work tree, which this libgit2 cannot read; libgit2 1.2 and newer can"},
    {"extensions.partialclone",
     "is a partial clone of a format that this libgit2 cannot read; run 'git config --unset "
     "extensions.partialClone', or clone it without '--filter'"},
#endif
    {"extensions.refstorage",
     "keeps its refs in a format that libgit2 cannot read; run 'git refs migrate "
     "--ref-format=files'"},
};

/* The name of a user, or "user <uid>" where the system knows none. */
static void append_user(struct pw_strbuf *out, uid_t uid)
{
    long wanted = sysconf(_SC_GETPW_R_SIZE_MAX);
    size_t size = wanted > 0 ? (size_t)wanted : 16384;
    char *buffer = malloc(size);
    struct passwd entry;
    struct passwd *found = NULL;

    if (buffer != NULL && getpwuid_r(uid, &entry, buffer, size, &found) == 0 && found != NULL) {
        pw_strbuf_puts(out, found->pw_name);
    } else {
        pw_strbuf_printf(out, "user %lu", (unsigned long)uid);
    }
    free(buffer);
}

/* The directory that safe.directory must name: the work tree, or the bare repository itself. */
static void append_owned_directory(struct pw_strbuf *out, const char *gitdir)
{
    static const char suffix[] = "/.git";
    size_t length = strlen(gitdir);

    while (length > 1 && gitdir[length - 1] == '/') {
        length--;
    }
    if (length >= sizeof(suffix) - 1 &&
        strncmp(gitdir + length - (sizeof(suffix) - 1), suffix, sizeof(suffix) - 1) == 0) {
        length -= sizeof(suffix) - 1;
    }
    pw_strbuf_append(out, gitdir, length == 0 ? 1 : length);
}

/*
 * libgit2 1.5 reports a foreign owner as "config value 'safe.directory' was not found", newer ones
 * with a code of their own, older ones never.
 */
static bool is_owner_failure(int code)
{
    const git_error *last = git_error_last();

    if (last != NULL && last->message != NULL && strstr(last->message, "safe.directory") != NULL) {
        return true;
    }
    return pw_compat_is_owner_code(code);
}

static bool is_foreign(const char *path, uid_t *owner)
{
    struct stat info;

    if (stat(path, &info) != 0 || info.st_uid == geteuid()) {
        return false;
    }
    *owner = info.st_uid;
    return true;
}

static int explain_owner(const char *directory, uid_t owner, struct pw_error *err)
{
    struct pw_strbuf user = PW_STRBUF_INIT;
    int status;

    append_user(&user, owner);
    status = pw_error_set(err, PW_EGIT,
                          "repository '%s' is owned by '%s', not by you; if you trust it, run "
                          "'git config --global --add safe.directory %s'",
                          directory, pw_strbuf_text(&user), directory);
    pw_strbuf_release(&user);
    return status;
}

int pw_git_check_owner(const struct pw_git *git, const char *directory, struct pw_error *err)
{
    const char *gitdir = git_repository_path(git->repository);
    const char *workdir = git_repository_workdir(git->repository);
    struct pw_strbuf owned = PW_STRBUF_INIT;
    uid_t owner = 0;
    int status = PW_OK;

    if ((is_foreign(gitdir, &owner) || (workdir != NULL && is_foreign(workdir, &owner))) &&
        !pw_git_is_trusted(directory)) {
        append_owned_directory(&owned, gitdir);
        status = explain_owner(pw_strbuf_text(&owned), owner, err);
        pw_strbuf_release(&owned);
    }
    return status;
}

/* The file with the repository's settings; a linked worktree shares those of its main one. */
static void append_config_path(struct pw_strbuf *out, const char *gitdir)
{
    struct pw_strbuf link = PW_STRBUF_INIT;
    struct pw_strbuf target = PW_STRBUF_INIT;
    struct pw_strbuf common = PW_STRBUF_INIT;
    size_t length;

    pw_path_join(&link, gitdir, "commondir");
    if (!pw_strbuf_failed(&link) &&
        pw_file_read(pw_strbuf_text(&link), 65536, &target, NULL) == 0) {
        length = strcspn(pw_strbuf_text(&target), "\r\n");
        pw_strbuf_truncate(&target, length);
        pw_path_join(&common, gitdir, pw_strbuf_text(&target));
    } else {
        pw_strbuf_puts(&common, gitdir);
    }
    pw_path_join(out, pw_strbuf_text(&common), "config");
    pw_strbuf_release(&link);
    pw_strbuf_release(&target);
    pw_strbuf_release(&common);
}

/* The first extension in a repository's settings that libgit2 does not read. */
static const struct extension *find_extension(const char *gitdir)
{
    const struct extension *found = NULL;
    struct pw_strbuf path = PW_STRBUF_INIT;
    git_config *config = NULL;
    git_buf value = {0};

    append_config_path(&path, gitdir);
    if (pw_strbuf_failed(&path) || git_config_open_ondisk(&config, pw_strbuf_text(&path)) != 0) {
        goto out;
    }
    for (size_t i = 0; i < PW_COUNT(known_extensions) && found == NULL; i++) {
        if (git_config_get_string_buf(&value, config, known_extensions[i].name) != 0) {
            continue;
        }
        if (strcmp(value.ptr, "sha1") != 0 && strcmp(value.ptr, "files") != 0) {
            found = &known_extensions[i];
        }
        git_buf_dispose(&value);
    }
out:
    git_config_free(config);
    pw_strbuf_release(&path);
    return found;
}

/* What is known of a repository that is there but was refused. @return whether err was set */
static bool explain_refusal(const char *gitdir, bool is_owner, struct pw_error *err)
{
    struct pw_strbuf owned = PW_STRBUF_INIT;
    const struct extension *extension = NULL;
    uid_t owner = 0;
    bool is_explained = true;

    append_owned_directory(&owned, gitdir);
    const char *directory = pw_strbuf_text(&owned);
    /* an own work tree around a foreign .git, or the other way round, is refused as well */
    if (is_owner && (is_foreign(directory, &owner) || is_foreign(gitdir, &owner))) {
        (void)explain_owner(directory, owner, err);
    } else if ((extension = find_extension(gitdir)) != NULL) {
        (void)pw_error_set(err, PW_EGIT, "repository '%s' %s", directory, extension->remedy);
    } else {
        is_explained = false;
    }
    pw_strbuf_release(&owned);
    return is_explained;
}

int pw_git_explain_open(const char *directory, int code, struct pw_error *err)
{
    /* libgit2 keeps one last error: read it before asking libgit2 anything else */
    const bool is_owner = is_owner_failure(code);
    const bool is_graft = pw_compat_is_graft_failure();
    int status = pw_git_fail(err, code, "cannot open the repository of '%s'", directory);
    git_buf gitdir = {0};

    if (status == PW_ENOMEM) {
        return status;
    }
    if (git_repository_discover(&gitdir, directory, pw_git_crosses_file_systems(),
                                getenv("GIT_CEILING_DIRECTORIES")) == 0) {
        if (is_graft) {
            status = pw_error_set(err, PW_EGIT,
                                  "libgit2 cannot read 'info/grafts' or 'shallow' in '%s'; run "
                                  "'git replace --convert-graft-file', or 'git fsck' to see what "
                                  "is damaged",
                                  gitdir.ptr);
        } else if (explain_refusal(gitdir.ptr, is_owner, err)) {
            status = PW_EGIT;
        }
    } else if (code == GIT_ENOTFOUND) {
        status = pw_error_set(
            err, PW_EGIT, "'%s' is not in a git repository; run 'git init' or pass -C DIR%s",
            directory, getenv("GIT_DIR") != NULL ? ": GIT_DIR is not gone by" : "");
    }
    git_buf_dispose(&gitdir);
    return status;
}

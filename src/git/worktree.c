/*
 * A commit checked out beside the user's work tree, and forgotten again: while git knows such a
 * tree it stands in `git worktree list`, and a branch checked out there could not be deleted.
 */
#include "worktree.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "perfwarden/util/file.h"
#include "program.h"

/* Asked of libgit2 first: git's own words for a commit that is not there name no remedy. */
static int check_commit(struct pw_git *git, const char *commit, struct pw_error *err)
{
    git_commit *found = NULL;
    git_oid id;
    int status = pw_git_parse_id(commit, &id, err);

    if (status != PW_OK) {
        return status;
    }
    const int code = git_commit_lookup(&found, git->repository, &id);
    if (code == GIT_ENOTFOUND) {
        status = pw_error_set(
            err, PW_ENOTFOUND, "commit '%.*s' is not in this clone%s", PW_SHORT_ID_LENGTH, commit,
            pw_git_is_shallow(git) ? " " PW_SHALLOW_REMEDY
                                   : "; run 'git fetch' for the branch that has it");
    } else if (code != 0) {
        status = pw_git_fail(err, code, "cannot read commit '%s'", commit);
    }
    git_commit_free(found);
    return status;
}

int pw_git_worktree_add(struct pw_git *git, const char *commit, const char *path,
                        const volatile int *interrupted, struct pw_error *err)
{
    /* forced twice: a git that was killed early leaves a locked entry for the path */
    const char *arguments[] = {"worktree", "add", "--force", "--force", "--detach",
                               "--",       path,  commit,    NULL};
    struct pw_git_program program = {
        .directory = git->workdir != NULL ? git->workdir : git->common,
        .arguments = arguments,
        .interrupted = interrupted,
    };

    if (path[0] != '/') {
        return pw_error_set(err, PW_EINVAL, "'%s' is not an absolute path", path);
    }
    int status = check_commit(git, commit, err);
    if (status != PW_OK) {
        return status;
    }
    status = pw_git_program_run(&program, err);
    if (status == PW_OK) {
        status = pw_git_submodules_update(git, path, interrupted, err);
    }
    if (status != PW_OK) {
        if (status != PW_EINTERRUPTED) {
            (void)pw_error_prefix(err,
                                  "cannot check out commit '%.*s' into '%s': ", PW_SHORT_ID_LENGTH,
                                  commit, path);
        }
        const int forgotten = pw_git_worktree_forget(git, path, NULL);
        (void)forgotten; /* the first failure is the one to report */
    }
    return status;
}

/* Whatever its state: the tree may be gone already, or locked since git was killed early. */
static int prune(git_worktree *worktree)
{
    git_worktree_prune_options options;
    int code = git_worktree_prune_options_init(&options, GIT_WORKTREE_PRUNE_OPTIONS_VERSION);

    if (code == 0) {
        options.flags = GIT_WORKTREE_PRUNE_VALID | GIT_WORKTREE_PRUNE_LOCKED;
        code = git_worktree_prune(worktree, &options);
    }
    return code;
}

/* What git keeps of the tree at this path; by path, for the user's own trees are none of ours. */
static int prune_path(struct pw_git *git, const char *path, struct pw_error *err)
{
    git_strarray names = {NULL, 0};
    int status = PW_OK;
    int code = git_worktree_list(&names, git->repository);

    if (code != 0) {
        return pw_git_fail(err, code, "cannot list the work trees of '%s'", git->common);
    }
    for (size_t i = 0; i < names.count && status == PW_OK; i++) {
        git_worktree *worktree = NULL;
        if (git_worktree_lookup(&worktree, git->repository, names.strings[i]) != 0) {
            continue; /* half-written by a git that is at work, or damaged; not ours to mend */
        }
        if (strcmp(git_worktree_path(worktree), path) == 0) {
            code = prune(worktree);
            status =
                code == 0 ? PW_OK : pw_git_fail(err, code, "cannot make git forget '%s'", path);
        }
        git_worktree_free(worktree);
    }
    git_strarray_dispose(&names);
    return status;
}

/* As git leaves it: no empty directory where there is no linked work tree. */
static void drop_empty_list(struct pw_git *git)
{
    struct pw_strbuf path = PW_STRBUF_INIT;

    pw_path_join(&path, git->common, "worktrees");
    if (!pw_strbuf_failed(&path)) {
        (void)rmdir(pw_strbuf_text(&path));
    }
    pw_strbuf_release(&path);
}

/* The file that leads from the tree to the repository; a directory of this name is a repository. */
static int unlink_link(const char *path, struct pw_error *err)
{
    struct pw_strbuf link = PW_STRBUF_INIT;
    struct stat info;
    int status;

    pw_path_join(&link, path, ".git");
    status = pw_strbuf_check(&link, err);
    if (status == PW_OK && lstat(pw_strbuf_text(&link), &info) == 0 && S_ISREG(info.st_mode) &&
        unlink(pw_strbuf_text(&link)) != 0 && errno != ENOENT) {
        status = pw_error_set_errno(err, errno, "cannot remove '%s'", pw_strbuf_text(&link));
    }
    pw_strbuf_release(&link);
    return status;
}

int pw_git_worktree_forget(struct pw_git *git, const char *path, struct pw_error *err)
{
    int status = prune_path(git, path, err);

    if (status == PW_OK) {
        drop_empty_list(git);
        status = unlink_link(path, err);
    }
    return status;
}

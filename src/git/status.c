/*
 * Whether the work tree is what HEAD says, as `git describe --dirty` sees it: tracked files only,
 * and of a submodule its commit and its tracked files. One directory can be left aside: what a
 * program keeps there is no part of what is measured.
 *
 * The index is compared with HEAD and the work tree with the index, so that an unchanged file with
 * a new time stamp is read and found clean. The index file is not written: a user's own git
 * command may be at work on it.
 */
#include "internal.h"

#include <string.h>

#include "program.h"

/* @return the path inside the work tree; NULL when there is none, or it is all of it */
static const char *find_inside(const struct pw_git *git, const char *aside)
{
    const size_t length = git->workdir == NULL ? 0 : strlen(git->workdir);
    const bool is_inside = aside != NULL && length > 0 &&
                           strncmp(aside, git->workdir, length) == 0 && aside[length] == '/' &&
                           aside[length + 1] != '\0';

    return is_inside ? aside + length + 1 : NULL;
}

static bool is_below(const char *path, const char *directory)
{
    const size_t length = directory == NULL ? 0 : strlen(directory);

    return length > 0 && strncmp(path, directory, length) == 0 && path[length] == '/';
}

/* @param aside  a directory that does not count; NULL for none */
static bool has_deltas(git_diff *diff, git_index *index, const char *aside)
{
    const size_t count = git_diff_num_deltas(diff);

    for (size_t i = 0; i < count; i++) {
        const git_diff_delta *delta = git_diff_get_delta(diff, i);
        const git_index_entry *entry = git_index_get_bypath(index, delta->old_file.path, 0);
        /* a sparse checkout leaves these files out on purpose */
        const bool is_left_out =
            entry != NULL && (entry->flags_extended & GIT_INDEX_ENTRY_SKIP_WORKTREE) != 0;
        if (delta->status != GIT_DELTA_UNMODIFIED && !is_left_out &&
            !is_below(delta->old_file.path, aside)) {
            return true;
        }
    }
    return false;
}

static int compare_index(struct pw_git *git, git_index *index, const git_oid *head,
                         const char *aside, bool *differs)
{
    git_commit *commit = NULL;
    git_tree *tree = NULL;
    git_diff *diff = NULL;
    int code = git_commit_lookup(&commit, git->repository, head);

    if (code == 0) {
        code = git_commit_tree(&tree, commit);
    }
    if (code == 0) {
        code = git_diff_tree_to_index(&diff, git->repository, tree, index, NULL);
    }
    if (code == 0) {
        const size_t count = git_diff_num_deltas(diff);
        for (size_t i = 0; i < count && !*differs; i++) {
            *differs = !is_below(git_diff_get_delta(diff, i)->old_file.path, aside);
        }
    }
    git_diff_free(diff);
    git_tree_free(tree);
    git_commit_free(commit);
    return code;
}

static int compare_workdir(struct pw_git *git, git_index *index, const char *aside, bool *differs)
{
    git_diff_options options;
    git_diff *diff = NULL;
    int code = git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION);

    if (code == 0) {
        options.ignore_submodules = GIT_SUBMODULE_IGNORE_UNTRACKED;
        code = git_diff_index_to_workdir(&diff, git->repository, index, &options);
    }
    if (code == 0) {
        *differs = has_deltas(diff, index, aside);
    }
    git_diff_free(diff);
    return code;
}

/* libgit2 says of a damaged index that it no longer exists. */
static int fail_index(struct pw_git *git, int code, struct pw_error *err)
{
    const char *path = git_repository_path(git->repository);
    const int status = pw_git_fail(err, code, "cannot read '%sindex'", path);

    if (status != PW_EGIT) {
        return status;
    }
    return pw_error_set(err, PW_EGIT,
                        "'%sindex' cannot be read; where it is damaged, remove it and run 'git "
                        "reset'",
                        path);
}

/*
 * libgit2 runs no filters of attributes (git-lfs is one) and knows no working-tree-encoding: a file
 * whose time stamp is new then looks changed. git has the last word; without it, the file is.
 */
static bool is_clean_to_git(struct pw_git *git, const char *aside)
{
    struct pw_strbuf rest = PW_STRBUF_INIT;
    struct pw_strbuf text = PW_STRBUF_INIT;

    pw_strbuf_printf(&rest, ":(top,exclude,literal)%s", aside == NULL ? "" : aside);
    const char *const arguments[] = {
        "--no-optional-locks",       "status", "--porcelain",         "--untracked-files=no",
        aside == NULL ? NULL : "--", ":(top)", pw_strbuf_text(&rest), NULL,
    };
    const struct pw_git_program program = {
        .directory = git->workdir, .arguments = arguments, .output = &text};
    const bool is_clean = git->workdir != NULL && !pw_strbuf_failed(&rest) &&
                          pw_git_program_run(&program, NULL) == PW_OK && text.length == 0;

    pw_strbuf_release(&text);
    pw_strbuf_release(&rest);
    return is_clean;
}

int pw_git_is_dirty(struct pw_git *git, const git_oid *head, const char *aside, bool *out,
                    struct pw_error *err)
{
    const char *inside = find_inside(git, aside);
    git_index *index = NULL;
    bool differs = false;

    if (git_repository_is_bare(git->repository)) {
        *out = false;
        return PW_OK;
    }
    int code = git_repository_index(&index, git->repository);
    if (code == 0) {
        code = git_index_read(index, 1);
    }
    if (code != 0) {
        const int status = fail_index(git, code, err);
        git_index_free(index);
        return status;
    }
    code = compare_index(git, index, head, inside, &differs);
    if (code == 0 && !differs) {
        code = compare_workdir(git, index, inside, &differs);
    }
    git_index_free(index);
    if (code != 0) {
        return pw_git_fail_damage(err, code, "cannot compare the work tree with HEAD");
    }
    *out = differs && !is_clean_to_git(git, inside);
    return PW_OK;
}

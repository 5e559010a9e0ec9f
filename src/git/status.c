/*
 * Whether the work tree is what HEAD says, as `git describe --dirty` sees it: tracked files only,
 * and of a submodule its commit and its tracked files.
 *
 * The index is compared with HEAD and the work tree with the index, so that an unchanged file with
 * a new time stamp is read and found clean. The index file is not written: a user's own git
 * command may be at work on it.
 */
#include "internal.h"

#include "program.h"

static bool has_deltas(git_diff *diff, git_index *index)
{
    const size_t count = git_diff_num_deltas(diff);

    for (size_t i = 0; i < count; i++) {
        const git_diff_delta *delta = git_diff_get_delta(diff, i);
        const git_index_entry *entry = git_index_get_bypath(index, delta->old_file.path, 0);
        /* a sparse checkout leaves these files out on purpose */
        const bool is_left_out =
            entry != NULL && (entry->flags_extended & GIT_INDEX_ENTRY_SKIP_WORKTREE) != 0;
        if (delta->status != GIT_DELTA_UNMODIFIED && !is_left_out) {
            return true;
        }
    }
    return false;
}

static int compare_index(struct pw_git *git, git_index *index, const git_oid *head, bool *differs)
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
        *differs = git_diff_num_deltas(diff) > 0;
    }
    git_diff_free(diff);
    git_tree_free(tree);
    git_commit_free(commit);
    return code;
}

static int compare_workdir(struct pw_git *git, git_index *index, bool *differs)
{
    git_diff_options options;
    git_diff *diff = NULL;
    int code = git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION);

    if (code == 0) {
        options.ignore_submodules = GIT_SUBMODULE_IGNORE_UNTRACKED;
        code = git_diff_index_to_workdir(&diff, git->repository, index, &options);
    }
    if (code == 0) {
        *differs = has_deltas(diff, index);
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
static bool is_clean_to_git(struct pw_git *git)
{
    static const char *const arguments[] = {"--no-optional-locks", "status", "--porcelain",
                                            "--untracked-files=no", NULL};
    struct pw_strbuf text = PW_STRBUF_INIT;
    const struct pw_git_program program = {
        .directory = git->workdir, .arguments = arguments, .output = &text};
    const bool is_clean =
        git->workdir != NULL && pw_git_program_run(&program, NULL) == PW_OK && text.length == 0;

    pw_strbuf_release(&text);
    return is_clean;
}

int pw_git_is_dirty(struct pw_git *git, const git_oid *head, bool *out, struct pw_error *err)
{
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
    code = compare_index(git, index, head, &differs);
    if (code == 0 && !differs) {
        code = compare_workdir(git, index, &differs);
    }
    git_index_free(index);
    if (code != 0) {
        return pw_git_fail_damage(err, code, "cannot compare the work tree with HEAD");
    }
    *out = differs && !is_clean_to_git(git);
    return PW_OK;
}

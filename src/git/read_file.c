/*
 * One file of a commit's tree.
 */
#include "ref_tree.h"

static int find_entry(struct pw_git *git, const char *commit, const git_oid *id, const char *path,
                      git_tree_entry **out, struct pw_error *err)
{
    git_commit *found = NULL;
    git_tree *tree = NULL;
    int status = PW_OK;
    int code = git_commit_lookup(&found, git->repository, id);

    if (code == 0) {
        code = git_commit_tree(&tree, found);
    }
    if (code != 0) {
        status = pw_git_fail(err, code, "cannot read commit '%s'", commit);
        goto out;
    }
    code = git_tree_entry_bypath(out, tree, path);
    if (code == GIT_ENOTFOUND) {
        status = pw_error_set(err, PW_ENOTFOUND, "commit '%.*s' has no file '%s'",
                              PW_SHORT_ID_LENGTH, commit, path);
    } else if (code != 0) {
        status = pw_git_fail(err, code, "cannot read '%.*s:%s'", PW_SHORT_ID_LENGTH, commit, path);
    }
out:
    git_tree_free(tree);
    git_commit_free(found);
    return status;
}

int pw_git_read_file(struct pw_git *git, const char *commit, const char *path,
                     struct pw_strbuf *out, struct pw_error *err)
{
    git_tree_entry *entry = NULL;
    char where[PW_SHORT_ID_SIZE];
    git_oid id;
    int status = pw_git_parse_id(commit, &id, err);

    if (status != PW_OK) {
        return status;
    }
    status = find_entry(git, commit, &id, path, &entry, err);
    if (status != PW_OK) {
        return status;
    }
    pw_git_shorten(&id, where);
    const git_filemode_t mode = git_tree_entry_filemode(entry);
    if (mode != GIT_FILEMODE_BLOB && mode != GIT_FILEMODE_BLOB_EXECUTABLE) {
        status =
            pw_error_set(err, PW_ENOTFOUND, "'%s' is not a plain file in commit '%s'", path, where);
    } else {
        status = pw_git_read_blob(git, git_tree_entry_id(entry), out, where, path, err);
    }
    git_tree_entry_free(entry);
    return status;
}

/*
 * Looking at all of a ref's tree, past what cannot be read: for finding damage, where a listing
 * would stop at the first.
 */
#include "ref_tree.h"

/* One survey under way. */
struct survey {
    struct pw_git *git;
    const struct pw_git_survey *calls;
    struct pw_strbuf path;
};

static int survey_tree(struct survey *survey, const git_tree *tree, unsigned depth,
                       struct pw_error *err);

/* Being out of memory is no damage. */
static int report_damage(struct survey *survey, const git_oid *id, struct pw_error *failure,
                         struct pw_error *err)
{
    char object[PW_OID_SIZE];

    if (failure->status == PW_ENOMEM) {
        return pw_error_set_no_memory(err);
    }
    if (id != NULL) {
        git_oid_tostr(object, sizeof(object), id);
    }
    return survey->calls->damage(survey->calls->context, pw_strbuf_text(&survey->path),
                                 id == NULL ? NULL : object, pw_error_message(failure), err);
}

static int survey_directory(struct survey *survey, const git_oid *id, unsigned depth,
                            struct pw_error *err)
{
    struct pw_error failure = PW_ERROR_INIT;
    git_tree *tree = NULL;
    int status;

    if (depth == PW_REF_TREE_MAX_DEPTH) {
        (void)pw_error_set(&failure, PW_EGIT, "lies deeper than %d directories",
                           PW_REF_TREE_MAX_DEPTH);
        status = report_damage(survey, NULL, &failure, err);
        pw_error_release(&failure);
        return status;
    }
    const int code = git_tree_lookup(&tree, survey->git->repository, id);
    if (code != 0) {
        (void)pw_git_fail(&failure, code, "the directory cannot be read");
        status = report_damage(survey, id, &failure, err);
        pw_error_release(&failure);
        return status;
    }
    pw_strbuf_putc(&survey->path, '/');
    status = survey_tree(survey, tree, depth + 1, err);
    git_tree_free(tree);
    return status;
}

static int survey_entry(struct survey *survey, const git_tree_entry *entry, unsigned depth,
                        struct pw_error *err)
{
    const struct pw_git_survey *calls = survey->calls;
    const char *path = pw_strbuf_text(&survey->path);
    char object[PW_OID_SIZE];

    git_oid_tostr(object, sizeof(object), git_tree_entry_id(entry));
    switch (git_tree_entry_filemode(entry)) {
    case GIT_FILEMODE_TREE:
        return survey_directory(survey, git_tree_entry_id(entry), depth, err);
    case GIT_FILEMODE_BLOB:
    case GIT_FILEMODE_BLOB_EXECUTABLE:
        return calls->file(calls->context, path, object, err);
    case GIT_FILEMODE_LINK:
        return calls->stray(calls->context, path, "a symbolic link", err);
    case GIT_FILEMODE_COMMIT:
        return calls->stray(calls->context, path, "a submodule", err);
    case GIT_FILEMODE_UNREADABLE:
        break;
    }
    return calls->stray(calls->context, path, "of an unknown kind", err);
}

/* Recursion is bounded by PW_REF_TREE_MAX_DEPTH. */
static int survey_tree(struct survey *survey, const git_tree *tree, unsigned depth,
                       struct pw_error *err)
{
    const size_t prefix = survey->path.length;
    const size_t count = git_tree_entrycount(tree);
    int status = PW_OK;

    for (size_t i = 0; i < count && status == PW_OK; i++) {
        const git_tree_entry *entry = git_tree_entry_byindex(tree, i);
        pw_strbuf_truncate(&survey->path, prefix);
        pw_strbuf_puts(&survey->path, git_tree_entry_name(entry));
        status = pw_strbuf_check(&survey->path, err);
        if (status == PW_OK) {
            status = survey_entry(survey, entry, depth, err);
        }
    }
    return status;
}

int pw_git_ref_survey(struct pw_git *git, const char *ref, const struct pw_git_survey *calls,
                      struct pw_error *err)
{
    struct survey survey = {.git = git, .calls = calls};
    struct pw_error failure = PW_ERROR_INIT;
    git_commit *commit = NULL;
    git_tree *tree = NULL;
    int status = pw_git_ref_open(git, ref, &commit, &tree, &failure);

    if (status != PW_OK) {
        status = report_damage(&survey, NULL, &failure, err);
    } else if (tree != NULL) {
        status = survey_tree(&survey, tree, 0, err);
    }
    pw_error_release(&failure);
    pw_strbuf_release(&survey.path);
    git_tree_free(tree);
    git_commit_free(commit);
    return status;
}

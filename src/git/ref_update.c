/*
 * Committing files to a ref. When another writer was first, the change is made again on what that
 * one left.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "perfwarden/util/file.h"
#include "ref_move.h"
#include "ref_tree.h"
#include "written.h"

/* One update under way. */
struct update {
    struct pw_git *git;
    const char *ref;
    const char *message;
    struct pw_ref_edit *edits;
    size_t count;
};

static int compare_edits(const void *a, const void *b)
{
    const struct pw_ref_edit *first = a;
    const struct pw_ref_edit *second = b;

    return strcmp(first->path, second->path);
}

/* Content goes to the object database before any lock is taken. */
static int write_blobs(struct pw_git *git, const struct pw_git_change *changes, size_t count,
                       struct pw_ref_edit *edits, struct pw_error *err)
{
    for (size_t i = 0; i < count; i++) {
        int status = pw_git_check_interrupt(git, err);
        if (status != PW_OK) {
            return status;
        }
        edits[i].path = changes[i].path;
        edits[i].is_removal = changes[i].data == NULL;
        if (edits[i].is_removal) {
            continue;
        }
        const int code = git_blob_create_from_buffer(&edits[i].blob, git->repository,
                                                     changes[i].data, changes[i].length);
        if (code != 0) {
            return pw_git_fail(err, code, "cannot store '%s'", changes[i].path);
        }
        status = pw_written_add(git, &edits[i].blob, err);
        if (status != PW_OK) {
            return status;
        }
    }
    qsort(edits, count, sizeof(*edits), compare_edits);
    return PW_OK;
}

static int write_commit(const struct update *update, const git_oid *tree_id, git_commit *parent,
                        git_oid *out, struct pw_error *err)
{
    git_repository *repository = update->git->repository;
    git_signature *signature = NULL;
    git_tree *tree = NULL;
    int status = pw_git_make_signature(update->git, &signature, err);

    if (status != PW_OK) {
        return status;
    }
    int code = git_tree_lookup(&tree, repository, tree_id);
    if (code == 0) {
        /* the variadic form: the const of the other's array differs between versions */
        code = git_commit_create_v(out, repository, NULL, signature, signature, NULL,
                                   update->message, tree, parent == NULL ? 0 : 1, parent);
    }
    status = code == 0 ? pw_written_add(update->git, out, err)
                       : pw_git_fail(err, code, "cannot commit to '%s'", update->ref);
    git_tree_free(tree);
    git_signature_free(signature);
    return status;
}

/* Make the change on what the ref holds now. */
static int make_next(void *context, git_commit *held, git_tree *tree, git_oid *next,
                     struct pw_error *err)
{
    const struct update *update = context;
    git_oid tree_id;
    const int status =
        pw_git_edit_tree(update->git, tree, update->edits, update->count, &tree_id, err);

    /* all of it was there already */
    if (status != PW_OK || (tree != NULL && git_oid_equal(git_tree_id(tree), &tree_id))) {
        return status;
    }
    return write_commit(update, &tree_id, held, next, err);
}

int pw_git_ref_update(struct pw_git *git, const char *ref, const struct pw_git_change *changes,
                      size_t count, const char *message, struct pw_error *err)
{
    struct update update = {.git = git, .ref = ref, .message = message, .count = count};
    struct pw_written written = {.count = 0};
    int status = pw_git_ref_check(git, ref, err);

    if (status != PW_OK || count == 0) {
        return status;
    }
    update.edits = calloc(count, sizeof(*update.edits));
    if (update.edits == NULL) {
        return pw_error_set_no_memory(err);
    }
    pw_written_begin(&written, git);
    status = write_blobs(git, changes, count, update.edits, err);
    if (status == PW_OK) {
        status = pw_git_ref_move(git, ref, message, make_next, &update, err);
    }
    pw_written_end(&written, git);
    free(update.edits);
    return status;
}

static int check_repository(struct pw_git *git, struct pw_error *err)
{
    static const char *const written[] = {"objects", "refs"};
    struct pw_strbuf path = PW_STRBUF_INIT;
    int status = PW_OK;

    for (size_t i = 0; i < PW_COUNT(written) && status == PW_OK; i++) {
        pw_strbuf_clear(&path);
        pw_path_join(&path, pw_git_common_directory(git), written[i]);
        status = pw_strbuf_check(&path, err);
        if (status == PW_OK && access(pw_strbuf_text(&path), W_OK | X_OK) != 0) {
            status = pw_error_set_errno(err, errno, "cannot write to '%s'", pw_strbuf_text(&path));
        }
    }
    pw_strbuf_release(&path);
    return status;
}

int pw_git_ref_check_writable(struct pw_git *git, const char *ref, struct pw_error *err)
{
    git_commit *commit = NULL;
    git_tree *tree = NULL;
    int status = pw_git_ref_check(git, ref, err);

    if (status == PW_OK) {
        status = pw_git_ref_open(git, ref, &commit, &tree, err);
    }
    if (status == PW_OK) {
        status = check_repository(git, err);
    }
    git_tree_free(tree);
    git_commit_free(commit);
    return status;
}

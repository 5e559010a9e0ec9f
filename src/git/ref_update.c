/*
 * Committing files to a ref. The ref moves by compare-and-swap from the commit the change was made
 * on; when another writer was first, the change is made again on what that one left.
 */
#include <stdlib.h>
#include <string.h>

#include "ref_tree.h"
#include "write_lock.h"
#include "written.h"

/* One update under way. */
struct update {
    struct pw_git *git;
    const char *ref;
    const char *message;
    struct pw_ref_edit *edits;
    size_t count;
    struct pw_write_lock lock;
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
        const int status = pw_written_add(git, &edits[i].blob, err);
        if (status != PW_OK) {
            return status;
        }
    }
    qsort(edits, count, sizeof(*edits), compare_edits);
    return PW_OK;
}

static bool is_valid_name(const char *ref)
{
    int is_valid = 0;

#if LIBGIT2_VER_MAJOR > 1 || LIBGIT2_VER_MINOR >= 2
    if (git_reference_name_is_valid(&is_valid, ref) != 0) {
        return false;
    }
#else
    is_valid = git_reference_is_valid_name(ref);
#endif
    return is_valid != 0 && strncmp(ref, "refs/", sizeof("refs/") - 1) == 0;
}

/* Whether a work tree shows this ref: moving it would leave that work tree behind. */
static bool is_checked_out(struct pw_git *git, const char *ref)
{
    git_reference *reference = NULL;
    bool is_shown = false;

    if (git_reference_lookup(&reference, git->repository, "HEAD") == 0) {
        const char *target = git_reference_symbolic_target(reference);
        is_shown = target != NULL && strcmp(target, ref) == 0;
    }
    git_reference_free(reference);
    reference = NULL;
    if (!is_shown && git_reference_lookup(&reference, git->repository, ref) == 0) {
        is_shown = git_reference_is_branch(reference) && git_branch_is_checked_out(reference) == 1;
    }
    git_reference_free(reference);
    return is_shown;
}

/* A symbolic ref would move another one, past the checks on its name. */
static bool is_symbolic(struct pw_git *git, const char *ref)
{
    git_reference *reference = NULL;
    bool is_symbol = false;

    if (git_reference_lookup(&reference, git->repository, ref) == 0) {
        is_symbol = git_reference_type(reference) == GIT_REFERENCE_SYMBOLIC;
    }
    git_reference_free(reference);
    return is_symbol;
}

static int check_ref(struct pw_git *git, const char *ref, struct pw_error *err)
{
    if (!is_valid_name(ref)) {
        return pw_error_set(
            err, PW_EINVAL,
            "'%s' is not the full name of a ref, such as 'refs/perfwarden/baselines'", ref);
    }
    if (is_checked_out(git, ref)) {
        return pw_error_set(err, PW_EINVAL,
                            "branch '%s' is checked out; name a ref that nobody works on, such as "
                            "'refs/perfwarden/baselines'",
                            ref);
    }
    if (is_symbolic(git, ref)) {
        return pw_error_set(err, PW_EINVAL, "'%s' is a symbolic ref; name the ref it points to",
                            ref);
    }
    return PW_OK;
}

/* The user's identity, or perfwarden's own where none is configured (on most CI machines). */
static int make_signature(struct pw_git *git, git_signature **out, struct pw_error *err)
{
    int code = git_signature_default(out, git->repository);

    if (code != 0) {
        code = git_signature_now(out, "perfwarden", "perfwarden@localhost");
    }
    return code == 0 ? PW_OK : pw_git_fail(err, code, "cannot make a signature");
}

static int write_commit(const struct update *update, const git_oid *tree_id, git_commit *parent,
                        git_oid *out, struct pw_error *err)
{
    git_repository *repository = update->git->repository;
    git_signature *signature = NULL;
    git_tree *tree = NULL;
    int status = make_signature(update->git, &signature, err);

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

/*
 * Make the change on what the ref holds now and move it there.
 *
 * @param[out] code  0, or why the ref could not be moved though nothing else is wrong
 */
static int attempt(const struct update *update, int *code, struct pw_error *err)
{
    git_reference *moved = NULL;
    git_commit *parent = NULL;
    git_tree *tree = NULL;
    git_oid absent = {{0}};
    git_oid tree_id;
    git_oid commit;

    *code = 0;
    int status = pw_git_ref_open(update->git, update->ref, &parent, &tree, err);
    if (status == PW_OK) {
        status = pw_git_edit_tree(update->git, tree, update->edits, update->count, &tree_id, err);
    }
    /* all of it was there already */
    if (status != PW_OK || (tree != NULL && git_oid_equal(git_tree_id(tree), &tree_id))) {
        goto out;
    }
    status = write_commit(update, &tree_id, parent, &commit, err);
    if (status == PW_OK) {
        status = pw_written_sync(update->git, err);
    }
    if (status == PW_OK) {
        /* an old id of zeros means: must not exist */
        *code = git_reference_create_matching(&moved, update->git->repository, update->ref, &commit,
                                              1, parent == NULL ? &absent : git_commit_id(parent),
                                              update->message);
    }
out:
    git_reference_free(moved);
    git_tree_free(tree);
    git_commit_free(parent);
    return status;
}

static int fail_to_move(const struct update *update, int code, struct pw_error *err)
{
    switch (code) {
    case GIT_ELOCKED:
        return pw_error_set(err, PW_EGIT,
                            "ref '%s' stays locked; remove '%s' if no git command is running",
                            update->ref, pw_strbuf_text(&update->lock.ref_lock));
    case GIT_EMODIFIED:
    case GIT_EEXISTS:
        return pw_error_set(err, PW_EGIT, "ref '%s' is being moved by others; try again",
                            update->ref);
    default:
        return pw_git_fail(err, code, "cannot move ref '%s'", update->ref);
    }
}

static int move_ref(struct update *update, struct pw_backoff *backoff, struct pw_error *err)
{
    for (;;) {
        int code = 0;
        const int status = attempt(update, &code, err);
        if (status != PW_OK || code == 0) {
            return status;
        }
        const bool may_pass = code == GIT_ELOCKED || code == GIT_EMODIFIED || code == GIT_EEXISTS;
        if (!may_pass || !pw_backoff_wait(backoff)) {
            return fail_to_move(update, code, err);
        }
        pw_write_lock_clear_stale(&update->lock);
    }
}

int pw_git_ref_update(struct pw_git *git, const char *ref, const struct pw_git_change *changes,
                      size_t count, const char *message, struct pw_error *err)
{
    struct update update = {.git = git, .ref = ref, .message = message, .count = count};
    struct pw_written written = {.count = 0};
    struct pw_backoff backoff;
    int status = check_ref(git, ref, err);

    if (status != PW_OK || count == 0) {
        return status;
    }
    update.lock.fd = -1;
    update.edits = calloc(count, sizeof(*update.edits));
    if (update.edits == NULL) {
        return pw_error_set_no_memory(err);
    }
    pw_written_begin(&written, git);
    status = write_blobs(git, changes, count, update.edits, err);
    if (status != PW_OK) {
        goto out;
    }
    pw_backoff_init(&backoff);
    status = pw_write_lock_take(&update.lock, git, ref, &backoff, err);
    if (status == PW_OK) {
        status = move_ref(&update, &backoff, err);
    }
out:
    pw_written_end(&written, git);
    pw_write_lock_release(&update.lock);
    free(update.edits);
    return status;
}

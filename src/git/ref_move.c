/*
 * Moving a ref of perfwarden's own: which refs may be moved at all, and compare-and-swap from what
 * the next commit was made on, again and again while other writers are first.
 */
#include "ref_move.h"

#include <string.h>

#include "compat.h"
#include "ref_tree.h"
#include "write_lock.h"
#include "written.h"

/* One move under way. */
struct move {
    struct pw_git *git;
    const char *ref;
    const char *message;
    pw_ref_next_fn next;
    void *context;
    struct pw_write_lock lock;
};

static bool is_valid_name(const char *ref)
{
    return pw_compat_is_ref_name(ref) && strncmp(ref, "refs/", sizeof("refs/") - 1) == 0;
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

int pw_git_ref_check(struct pw_git *git, const char *ref, struct pw_error *err)
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

int pw_git_make_signature(struct pw_git *git, git_signature **out, struct pw_error *err)
{
    int code = git_signature_default(out, git->repository);

    if (code != 0) {
        code = git_signature_now(out, PW_GIT_OWN_NAME, PW_GIT_OWN_MAIL);
    }
    return code == 0 ? PW_OK : pw_git_fail(err, code, "cannot make a signature");
}

/*
 * Make the next commit on what the ref holds now and move it there.
 *
 * @param[out] code  0, or why the ref could not be moved though nothing else is wrong
 */
static int attempt(const struct move *move, int *code, struct pw_error *err)
{
    git_reference *moved = NULL;
    git_commit *held = NULL;
    git_tree *tree = NULL;
    git_oid old = {{0}};
    git_oid next;

    *code = 0;
    int status = pw_git_ref_open(move->git, move->ref, &held, &tree, err);
    if (status == PW_OK) {
        old = held == NULL ? old : *git_commit_id(held);
        next = old;
        status = move->next(move->context, held, tree, &next, err);
    }
    if (status == PW_OK && move->git->written != NULL) {
        status = pw_written_sync(move->git, err);
    }
    if (status == PW_OK && !git_oid_equal(&next, &old)) {
        *code = pw_compat_move_ref(&moved, move->git->repository, move->ref, &next,
                                   held == NULL ? NULL : &old, move->message);
    }
    git_reference_free(moved);
    git_tree_free(tree);
    git_commit_free(held);
    return status;
}

static int fail_to_move(const struct move *move, int code, struct pw_error *err)
{
    switch (code) {
    case GIT_ELOCKED:
        return pw_error_set(err, PW_EGIT,
                            "ref '%s' stays locked; remove '%s' if no git command is running",
                            move->ref, pw_strbuf_text(&move->lock.ref_lock));
    case GIT_EMODIFIED:
    case GIT_EEXISTS:
        return pw_error_set(err, PW_EGIT, "ref '%s' is being moved by others; try again",
                            move->ref);
    default:
        return pw_git_fail(err, code, "cannot move ref '%s'", move->ref);
    }
}

static int move_ref(struct move *move, struct pw_backoff *backoff, struct pw_error *err)
{
    for (;;) {
        int code = 0;
        const int status = attempt(move, &code, err);
        if (status != PW_OK || code == 0) {
            return status;
        }
        const bool may_pass = code == GIT_ELOCKED || code == GIT_EMODIFIED || code == GIT_EEXISTS;
        if (!may_pass || !pw_backoff_wait(backoff)) {
            return fail_to_move(move, code, err);
        }
        pw_write_lock_clear_stale(&move->lock);
    }
}

int pw_git_ref_move(struct pw_git *git, const char *ref, const char *message, pw_ref_next_fn next,
                    void *context, struct pw_error *err)
{
    struct move move = {
        .git = git, .ref = ref, .message = message, .next = next, .context = context};
    struct pw_backoff backoff;

    move.lock.fd = -1;
    pw_backoff_init(&backoff);
    int status = pw_write_lock_take(&move.lock, git, ref, &backoff, err);
    if (status == PW_OK) {
        status = move_ref(&move, &backoff, err);
    }
    pw_write_lock_release(&move.lock);
    return status;
}

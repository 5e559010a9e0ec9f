/*
 * A ref and a commit that came from another clone: which of the two has the other, and where
 * neither has, a commit with both as parents.
 */
#include "ref_union.h"

#include "history.h"
#include "ref_move.h"
#include "ref_tree.h"

/* One union under way. */
struct unite {
    struct pw_git *git;
    const char *ref;
    const char *source;
    git_commit *theirs;
    git_tree *their_tree;
    struct pw_ref_union outcome;
};

static int open_theirs(struct unite *unite, const git_oid *id, struct pw_error *err)
{
    git_object *object = NULL;
    int status = PW_OK;
    int code = git_object_lookup(&object, unite->git->repository, id, GIT_OBJECT_ANY);

    if (code == 0 && git_object_type(object) != GIT_OBJECT_COMMIT) {
        status = pw_error_set(err, PW_EGIT, "'%s' of '%s' is a %s, not a commit", unite->ref,
                              unite->source, git_object_type2string(git_object_type(object)));
    } else if (code == 0) {
        code = git_commit_lookup(&unite->theirs, unite->git->repository, id);
    }
    if (status == PW_OK && code == 0) {
        code = git_commit_tree(&unite->their_tree, unite->theirs);
    }
    git_object_free(object);
    return code == 0
               ? status
               : pw_git_fail(err, code, "cannot read '%s' of '%s'", unite->ref, unite->source);
}

static int open_older(const struct unite *unite, const git_oid *id, git_tree **out,
                      struct pw_error *err)
{
    git_commit *commit = NULL;
    int code = git_commit_lookup(&commit, unite->git->repository, id);

    if (code == 0) {
        code = git_commit_tree(out, commit);
    }
    git_commit_free(commit);
    return code == 0 ? PW_OK : pw_git_fail(err, code, "cannot read an older '%s'", unite->ref);
}

/* Put in place of a tree what another one has too. */
static int narrow(const struct unite *unite, git_tree **tree, const git_oid *other_id,
                  struct pw_error *err)
{
    git_tree *other = NULL;
    git_tree *common = NULL;
    git_oid id;
    int status = open_older(unite, other_id, &other, err);

    if (status == PW_OK) {
        status = pw_git_intersect_trees(unite->git, *tree, other, &id, err);
    }
    if (status == PW_OK) {
        const int code = git_tree_lookup(&common, unite->git->repository, &id);
        status =
            code == 0 ? PW_OK : pw_git_fail(err, code, "cannot read an older '%s'", unite->ref);
    }
    if (status == PW_OK) {
        git_tree_free(*tree);
        *tree = common;
    }
    git_tree_free(other);
    return status;
}

/*
 * What both sides come from. After criss-cross merges that is several commits: a path that one of
 * them lacks may have been added on either side since, so only what all of them have counts.
 *
 * @param[out] out  NULL where they have nothing in common
 */
static int open_base(const struct unite *unite, const git_commit *ours, git_tree **out,
                     struct pw_error *err)
{
    struct pw_arena arena = {0};
    struct pw_git_bases bases = {.count = 0};
    git_tree *tree = NULL;
    int status = pw_git_find_bases(unite->git, git_commit_id(ours), git_commit_id(unite->theirs),
                                   &arena, &bases, err);

    if (status == PW_OK && bases.count > 0) {
        status = open_older(unite, &bases.ids[0], &tree, err);
    }
    for (size_t i = 1; i < bases.count && status == PW_OK; i++) {
        status = narrow(unite, &tree, &bases.ids[i], err);
    }
    if (status == PW_OK) {
        *out = tree;
    } else {
        git_tree_free(tree);
    }
    pw_arena_release(&arena);
    return status;
}

static int write_commit(const struct unite *unite, git_commit *ours, const git_oid *tree_id,
                        git_oid *out, struct pw_error *err)
{
    git_repository *repository = unite->git->repository;
    struct pw_strbuf message = PW_STRBUF_INIT;
    git_signature *signature = NULL;
    git_tree *tree = NULL;
    int status = pw_git_make_signature(unite->git, &signature, err);

    pw_strbuf_printf(&message, "unite with %s\n", unite->source);
    if (status == PW_OK) {
        status = pw_strbuf_check(&message, err);
    }
    if (status == PW_OK) {
        int code = git_tree_lookup(&tree, repository, tree_id);
        if (code == 0) {
            code = git_commit_create_v(out, repository, NULL, signature, signature, NULL,
                                       pw_strbuf_text(&message), tree, 2, ours, unite->theirs);
        }
        status = code == 0 ? PW_OK : pw_git_fail(err, code, "cannot commit to '%s'", unite->ref);
    }
    git_tree_free(tree);
    git_signature_free(signature);
    pw_strbuf_release(&message);
    return status;
}

static int merge(const struct unite *unite, git_commit *ours, const git_tree *our_tree,
                 git_oid *next, struct pw_error *err)
{
    git_tree *base = NULL;
    git_oid tree;
    int status = open_base(unite, ours, &base, err);

    if (status == PW_OK) {
        status = pw_git_unite_trees(unite->git, base, our_tree, unite->their_tree, &tree, err);
        if (status == PW_EEXISTS) {
            (void)pw_error_prefix(err, "cannot unite '%s' with that of '%s': ", unite->ref,
                                  unite->source);
        }
    }
    if (status == PW_OK) {
        status = write_commit(unite, ours, &tree, next, err);
    }
    git_tree_free(base);
    return status;
}

static int count_changes(struct unite *unite, const git_tree *before, const git_oid *next,
                         struct pw_error *err)
{
    git_commit *commit = NULL;
    git_tree *after = NULL;
    int status = PW_OK;
    int code = git_commit_lookup(&commit, unite->git->repository, next);

    if (code == 0) {
        code = git_commit_tree(&after, commit);
    }
    if (code != 0) {
        status = pw_git_fail(err, code, "cannot read ref '%s'", unite->ref);
    }
    if (status == PW_OK) {
        status = pw_git_count_new_files(unite->git, before, after, &unite->outcome.added, err);
    }
    if (status == PW_OK && before != NULL) {
        status = pw_git_count_new_files(unite->git, after, before, &unite->outcome.removed, err);
    }
    git_tree_free(after);
    git_commit_free(commit);
    return status;
}

static int make_next(void *context, git_commit *held, git_tree *tree, git_oid *next,
                     struct pw_error *err)
{
    struct unite *unite = context;
    const git_oid *theirs = git_commit_id(unite->theirs);
    struct pw_git_relation relation = {.has_base = false};
    int status = PW_OK;

    unite->outcome = (struct pw_ref_union){.is_created = held == NULL};
    if (held != NULL) {
        status = pw_git_relate(unite->git, git_commit_id(held), theirs, &relation, err);
        if (status != PW_OK || (relation.has_base && git_oid_equal(&relation.base, theirs))) {
            return status;
        }
    }
    if (held == NULL || (relation.has_base && git_oid_equal(&relation.base, git_commit_id(held)))) {
        *next = *theirs;
    } else {
        status = merge(unite, held, tree, next, err);
    }
    return status == PW_OK ? count_changes(unite, tree, next, err) : status;
}

int pw_git_ref_unite(struct pw_git *git, const char *ref, const git_oid *commit, const char *source,
                     struct pw_ref_union *out, struct pw_error *err)
{
    struct unite unite = {.git = git, .ref = ref, .source = source};
    struct pw_strbuf message = PW_STRBUF_INIT;
    int status = open_theirs(&unite, commit, err);

    pw_strbuf_printf(&message, "unite with %s", source);
    if (status == PW_OK) {
        status = pw_strbuf_check(&message, err);
    }
    if (status == PW_OK) {
        status = pw_git_ref_move(git, ref, pw_strbuf_text(&message), make_next, &unite, err);
    }
    if (status == PW_OK) {
        *out = unite.outcome;
    }
    git_tree_free(unite.their_tree);
    git_commit_free(unite.theirs);
    pw_strbuf_release(&message);
    return status;
}

int pw_git_ref_has(struct pw_git *git, const char *ref, const git_oid *commit, bool *out,
                   struct pw_error *err)
{
    struct pw_git_relation relation = {.has_base = false};
    git_commit *known = NULL;
    git_commit *held = NULL;
    git_tree *tree = NULL;
    int status = pw_git_ref_open(git, ref, &held, &tree, err);

    if (status != PW_OK) {
        return status;
    }
    const bool is_there = git_commit_lookup(&known, git->repository, commit) == 0;
    if (held != NULL && is_there) {
        status = pw_git_relate(git, git_commit_id(held), commit, &relation, err);
    }
    if (status == PW_OK) {
        *out = relation.has_base && git_oid_equal(&relation.base, commit);
    }
    git_commit_free(known);
    git_tree_free(tree);
    git_commit_free(held);
    return status;
}

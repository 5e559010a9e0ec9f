/*
 * Revisions by name, and HEAD.
 */
#include "graph.h"

#include <string.h>

#include "program.h"

/* What libgit2 says of a revision that is no commit, for people. */
static int fail_revision(struct pw_git *git, const char *revision, int code, struct pw_error *err)
{
    switch (code) {
    case GIT_ENOTFOUND:
        return pw_error_set(
            err, PW_ENOTFOUND, "no commit is named '%s'%s", revision,
            pw_git_is_shallow(git) ? "; the clone is shallow: run 'git fetch --unshallow'" : "");
    case GIT_EAMBIGUOUS:
        return pw_error_set(err, PW_ENOTFOUND,
                            "'%s' names more than one object; give more digits or the full name",
                            revision);
    case GIT_EINVALIDSPEC:
        return pw_error_set(err, PW_ENOTFOUND, "'%s' is not the name of one commit", revision);
    default:
        return pw_git_fail(err, code, "cannot resolve '%s'", revision);
    }
}

/*
 * "HEAD~1" by other parents or replaced commits: libgit2 does not know of them, git does.
 *
 * @return libgit2's code: what git does not know is not there
 */
static int look_up_by_git(struct pw_git *git, const char *revision, git_object **out)
{
    struct pw_strbuf text = PW_STRBUF_INIT;
    const char *const arguments[] = {"rev-parse", "--quiet", "--verify", revision, NULL};
    const struct pw_git_program program = {
        .directory = git->workdir != NULL ? git->workdir : git->common,
        .arguments = arguments,
        .output = &text,
    };
    int code = GIT_ENOTFOUND;
    git_oid id;

    if (revision[0] != '-' && pw_git_program_run(&program, NULL) == PW_OK &&
        text.length >= PW_OID_SIZE - 1 && git_oid_fromstrn(&id, text.data, PW_OID_SIZE - 1) == 0) {
        code = git_object_lookup(out, git->repository, &id, GIT_OBJECT_ANY);
    }
    pw_strbuf_release(&text);
    return code;
}

static bool is_history_altered(struct pw_git *git)
{
    struct pw_git_grafts grafts = {.count = 0};
    const bool is_altered = pw_git_grafts_read(git, &grafts, NULL) == PW_OK && grafts.is_altered;

    pw_git_grafts_release(&grafts);
    return is_altered;
}

int pw_git_look_up(struct pw_git *git, const char *revision, char out[PW_OID_SIZE], bool *is_absent,
                   struct pw_error *err)
{
    git_object *named = NULL;
    git_object *commit = NULL;
    int status = PW_OK;
    int code = is_history_altered(git) ? look_up_by_git(git, revision, &named)
                                       : git_revparse_single(&named, git->repository, revision);

    *is_absent = code == GIT_ENOTFOUND;
    if (code != 0) {
        status = fail_revision(git, revision, code, err);
        goto out;
    }
    code = git_object_peel(&commit, named, GIT_OBJECT_COMMIT);
    if (code == GIT_EPEEL || code == GIT_EINVALIDSPEC || code == GIT_EAMBIGUOUS) {
        status = pw_error_set(err, PW_ENOTFOUND, "'%s' is a %s, not a commit", revision,
                              git_object_type2string(git_object_type(named)));
        goto out;
    }
    if (code != 0) {
        status = fail_revision(git, revision, code, err);
        goto out;
    }
    git_oid_tostr(out, PW_OID_SIZE, git_object_id(commit));
out:
    git_object_free(commit);
    git_object_free(named);
    return status;
}

int pw_git_resolve(struct pw_git *git, const char *revision, char out[PW_OID_SIZE],
                   struct pw_error *err)
{
    bool is_absent = false;

    return pw_git_look_up(git, revision, out, &is_absent, err);
}

/* The branch HEAD names, though it has no commit. @return NULL when that cannot be told */
static char *unborn_branch(struct pw_git *git, struct pw_arena *arena)
{
    git_reference *head = NULL;
    char *name = NULL;

    if (git_reference_lookup(&head, git->repository, "HEAD") != 0) {
        return NULL;
    }
    const char *target = git_reference_symbolic_target(head);
    if (target != NULL) {
        static const char prefix[] = "refs/heads/";
        const bool is_branch = strncmp(target, prefix, sizeof(prefix) - 1) == 0;
        name = pw_arena_strdup(arena, is_branch ? target + sizeof(prefix) - 1 : target);
    }
    git_reference_free(head);
    return name;
}

/* HEAD's own file cannot be read: git then says that this is no repository. */
static bool is_head_damaged(struct pw_git *git)
{
    git_reference *head = NULL;
    const int code = git_reference_lookup(&head, git->repository, "HEAD");

    git_reference_free(head);
    return code != 0 && code != GIT_ENOTFOUND;
}

static int find_head(struct pw_git *git, struct pw_arena *arena, git_reference **out,
                     struct pw_error *err)
{
    const int code = git_repository_head(out, git->repository);

    if (code == 0) {
        return PW_OK;
    }
    if (code == GIT_EUNBORNBRANCH || code == GIT_ENOTFOUND) {
        const char *branch = unborn_branch(git, arena);
        return pw_error_set(err, PW_EGIT, "branch '%s' has no commit yet; commit something first",
                            branch == NULL ? "HEAD" : branch);
    }
    const int status = pw_git_fail_damage(err, code, "cannot read HEAD");
    if (status == PW_EGIT && is_head_damaged(git)) {
        return pw_error_set(err, PW_EGIT,
                            "'%sHEAD' is damaged; write the name of your branch into it, as in "
                            "'ref: refs/heads/main'",
                            git_repository_path(git->repository));
    }
    return status;
}

/* As the commit itself says: a shallow clone does not have them all. */
static int copy_parents(struct pw_git *git, const git_oid *id, struct pw_arena *arena,
                        struct pw_git_head *head, struct pw_error *err)
{
    struct pw_graph_node node = {0};
    struct pw_git_grafts grafts = {.count = 0};
    git_odb *odb = NULL;
    bool is_there = false;
    char text[PW_OID_SIZE];
    const int code = git_repository_odb(&odb, git->repository);

    if (code != 0) {
        return pw_git_fail(err, code, "cannot read the repository's objects");
    }
    int status = pw_git_grafts_read(git, &grafts, err);
    if (status == PW_OK) {
        status = pw_git_read_commit(odb, &grafts, id, arena, &node, &is_there, err);
    }
    if (status == PW_OK && !is_there) {
        status = pw_error_set(err, PW_EGIT,
                              "commit '%.12s' of HEAD is missing; run 'git fsck' to see what is "
                              "lost",
                              head->commit);
    }
    if (status != PW_OK) {
        goto out;
    }
    head->parents = pw_arena_array(arena, node.parent_count, sizeof(*head->parents));
    if (head->parents == NULL) {
        status = pw_error_set_no_memory(err);
        goto out;
    }
    for (size_t i = 0; i < node.parent_count; i++) {
        git_oid_tostr(text, sizeof(text), &node.parents[i]);
        head->parents[i] = pw_arena_strdup(arena, text);
        if (head->parents[i] == NULL) {
            status = pw_error_set_no_memory(err);
            goto out;
        }
    }
    head->parent_count = node.parent_count;
out:
    pw_git_grafts_release(&grafts);
    git_odb_free(odb);
    return status;
}

/* The commit is read raw and not by libgit2, which refuses dates that git takes for 0. */
int pw_git_read_head(struct pw_git *git, struct pw_arena *arena, struct pw_git_head *out,
                     struct pw_error *err)
{
    struct pw_git_head head = {0};
    git_reference *reference = NULL;
    int status = find_head(git, arena, &reference, err);

    if (status != PW_OK) {
        goto out;
    }
    const git_oid *id = git_reference_target(reference);
    if (id == NULL) {
        status = pw_error_set(err, PW_EGIT, "HEAD names no commit; run 'git fsck'");
        goto out;
    }
    git_oid_tostr(head.commit, sizeof(head.commit), id);
    if (git_reference_is_branch(reference)) {
        head.branch = pw_arena_strdup(arena, git_reference_shorthand(reference));
        if (head.branch == NULL) {
            status = pw_error_set_no_memory(err);
            goto out;
        }
    }
    status = copy_parents(git, id, arena, &head, err);
    if (status == PW_OK) {
        *out = head;
    }
out:
    git_reference_free(reference);
    return status;
}

int pw_git_head(struct pw_git *git, struct pw_arena *arena, struct pw_git_head *out,
                struct pw_error *err)
{
    return pw_git_head_aside(git, arena, NULL, out, err);
}

int pw_git_head_aside(struct pw_git *git, struct pw_arena *arena, const char *aside,
                      struct pw_git_head *out, struct pw_error *err)
{
    struct pw_git_head head = {0};
    git_oid id;
    int status = pw_git_read_head(git, arena, &head, err);

    if (status == PW_OK) {
        status = pw_git_parse_id(head.commit, &id, err);
    }
    if (status == PW_OK) {
        status = pw_git_is_dirty(git, &id, aside, &head.is_dirty, err);
    }
    if (status == PW_OK) {
        *out = head;
    }
    return status;
}

/* Refs by their short names, and what a commit calls itself: for people and for rules. */
#include "internal.h"

#include <string.h>

int pw_git_subject(struct pw_git *git, const char *commit, struct pw_strbuf *out,
                   struct pw_error *err)
{
    git_commit *found = NULL;
    git_oid id;
    int status = pw_git_parse_id(commit, &id, err);

    if (status != PW_OK) {
        return status;
    }
    const int code = git_commit_lookup(&found, git->repository, &id);
    if (code == GIT_ENOTFOUND) {
        return pw_error_set(err, PW_ENOTFOUND, "commit '%s' is not in this clone", commit);
    }
    if (code != 0) {
        return pw_git_fail(err, code, "cannot read commit '%s'", commit);
    }
    const char *summary = git_commit_summary(found);
    pw_strbuf_puts(out, summary == NULL ? "" : summary);
    status = pw_strbuf_check(out, err);
    git_commit_free(found);
    return status;
}

/** The refs of a kind: where they are, and how many parts of the name stand before the short one.
 */
struct place {
    const char *pattern;
    size_t prefix_length;
    bool is_remote; /**< the name of the remote comes first, and is cut off */
};

#define PLACE(prefix, remote)                                                                      \
    {                                                                                              \
        prefix "*", sizeof(prefix) - 1, remote                                                     \
    }

static const struct place tag_places[] = {PLACE("refs/tags/", false)};
static const struct place branch_places[] = {PLACE("refs/heads/", false),
                                             PLACE("refs/remotes/", true)};

/* @return NULL for what has no name of its own, as a remote's HEAD */
static const char *short_name(const struct place *place, const git_reference *reference)
{
    const char *name = git_reference_name(reference) + place->prefix_length;

    if (!place->is_remote) {
        return name;
    }
    const char *slash = strchr(name, '/');
    return slash == NULL || git_reference_type(reference) == GIT_REFERENCE_SYMBOLIC ? NULL
                                                                                    : slash + 1;
}

static int visit_one(const struct place *place, git_reference *reference, pw_git_ref_fn visit,
                     void *context, struct pw_error *err)
{
    const char *name = short_name(place, reference);
    git_object *commit = NULL;
    char id[PW_OID_SIZE];

    if (name == NULL) {
        return PW_OK;
    }
    const int code = git_reference_peel(&commit, reference, GIT_OBJECT_COMMIT);
    if (code == GIT_EPEEL || code == GIT_EINVALIDSPEC || code == GIT_EAMBIGUOUS) {
        return PW_OK;
    }
    if (code != 0) {
        return pw_git_fail(err, code, "cannot read ref '%s'", git_reference_name(reference));
    }
    git_oid_tostr(id, sizeof(id), git_object_id(commit));
    git_object_free(commit);
    return visit(context, name, id, err);
}

static int visit_place(struct pw_git *git, const struct place *place, pw_git_ref_fn visit,
                       void *context, struct pw_error *err)
{
    git_reference_iterator *iterator = NULL;
    git_reference *reference = NULL;
    int status = PW_OK;
    int code = git_reference_iterator_glob_new(&iterator, git->repository, place->pattern);

    while (code == 0 && status == PW_OK) {
        code = git_reference_next(&reference, iterator);
        if (code == 0) {
            status = visit_one(place, reference, visit, context, err);
            git_reference_free(reference);
            reference = NULL;
        }
    }
    if (status == PW_OK && code != GIT_ITEROVER) {
        status = pw_git_fail(err, code, "cannot list the refs '%s'", place->pattern);
    }
    git_reference_iterator_free(iterator);
    return status;
}

int pw_git_ref_each(struct pw_git *git, enum pw_git_ref_kind kind, pw_git_ref_fn visit,
                    void *context, struct pw_error *err)
{
    const struct place *places = kind == PW_REFS_TAGS ? tag_places : branch_places;
    const size_t count = kind == PW_REFS_TAGS ? PW_COUNT(tag_places) : PW_COUNT(branch_places);
    int status = PW_OK;

    for (size_t i = 0; i < count && status == PW_OK; i++) {
        status = visit_place(git, &places[i], visit, context, err);
    }
    return status;
}

/*
 * Reading the files kept in commits on a ref. What is there may have been fetched from anywhere:
 * sizes are bounded, links and submodules are not files.
 */
#include "ref_tree.h"

#include <string.h>

/* The object must be a commit itself: an annotated tag would be lost by the next change. */
static int open_commit(struct pw_git *git, const char *ref, const git_oid *id, git_commit **out,
                       struct pw_error *err)
{
    git_object *object = NULL;
    const int code = git_object_lookup(&object, git->repository, id, GIT_OBJECT_ANY);

    if (code != 0) {
        return pw_git_fail(err, code, "cannot read ref '%s'", ref);
    }
    if (git_object_type(object) != GIT_OBJECT_COMMIT) {
        const int status = pw_error_set(
            err, PW_EGIT,
            "ref '%s' points to a %s, not to a commit; name another ref in 'baseline.ref', or "
            "remove this one with 'git update-ref -d %s'",
            ref, git_object_type2string(git_object_type(object)), ref);
        git_object_free(object);
        return status;
    }
    *out = (git_commit *)object;
    return PW_OK;
}

int pw_git_ref_commit(struct pw_git *git, const char *ref, git_commit **out, struct pw_error *err)
{
    git_oid id;
    const int code = git_reference_name_to_id(&id, git->repository, ref);

    if (code == GIT_ENOTFOUND) {
        *out = NULL;
        return PW_OK;
    }
    return code == 0 ? open_commit(git, ref, &id, out, err)
                     : pw_git_fail(err, code, "cannot read ref '%s'", ref);
}

int pw_git_ref_open(struct pw_git *git, const char *ref, git_commit **commit, git_tree **tree,
                    struct pw_error *err)
{
    git_commit *found = NULL;
    const int status = pw_git_ref_commit(git, ref, &found, err);

    if (status != PW_OK) {
        return status;
    }
    if (found == NULL) {
        *commit = NULL;
        *tree = NULL;
        return PW_OK;
    }
    const int code = git_commit_tree(tree, found);
    if (code != 0) {
        git_commit_free(found);
        return pw_git_fail(err, code, "cannot read ref '%s'", ref);
    }
    *commit = found;
    return PW_OK;
}

static bool is_promisor(const git_config_entry *entry)
{
    static const char suffix[] = ".promisor";
    const size_t length = strlen(entry->name);

    return strncmp(entry->name, "remote.", sizeof("remote.") - 1) == 0 &&
           length >= sizeof(suffix) &&
           strcmp(entry->name + length - (sizeof(suffix) - 1), suffix) == 0;
}

/*
 * Whether `git clone --filter` left objects out, to be fetched when git itself needs them. All
 * settings are looked at: libgit2 1.5 loses memory when it matches them with an expression.
 */
static bool is_partial(struct pw_git *git)
{
    git_config *config = NULL;
    git_config_iterator *iterator = NULL;
    git_config_entry *entry = NULL;
    bool is_promised = false;

    if (git_repository_config_snapshot(&config, git->repository) == 0 &&
        git_config_iterator_new(&iterator, config) == 0) {
        while (!is_promised && git_config_next(&entry, iterator) == 0) {
            is_promised = is_promisor(entry);
        }
    }
    git_config_iterator_free(iterator);
    git_config_free(config);
    return is_promised;
}

int pw_git_fail_object(struct pw_git *git, const char *ref, const char *path, int code,
                       struct pw_error *err)
{
    /* asked first: asking libgit2 anything replaces its reason */
    const int status = pw_git_fail(err, code, "cannot read '%s:%s'", ref, path);

    if (code != GIT_ENOTFOUND || status == PW_ENOMEM || !is_partial(git)) {
        return status;
    }
    return pw_error_set(err, PW_EGIT,
                        "'%s:%s' is not in this partial clone; run 'git archive -o /dev/null %s' "
                        "or clone without '--filter'",
                        ref, path, ref);
}

/* A small object may inflate to gigabytes: its size is looked at before its content. */
int pw_git_read_blob(struct pw_git *git, const git_oid *id, struct pw_strbuf *out,
                     const char *where, const char *path, struct pw_error *err)
{
    const size_t cap = out->cap == 0 ? PW_STRBUF_DEFAULT_CAP : out->cap;
    git_object_t type = GIT_OBJECT_INVALID;
    git_odb *odb = NULL;
    git_blob *blob = NULL;
    size_t size = 0;
    int status = PW_OK;
    int code = git_repository_odb(&odb, git->repository);

    if (code == 0) {
        code = git_odb_read_header(&size, &type, odb, id);
    }
    if (code == 0 && size > cap - out->length) {
        status = pw_error_set(err, PW_EGIT, "'%s:%s' is larger than %zu bytes", where, path, cap);
        goto out;
    }
    if (code == 0) {
        code = git_blob_lookup(&blob, git->repository, id);
    }
    if (code != 0) {
        status = pw_git_fail_object(git, where, path, code, err);
        goto out;
    }
    pw_strbuf_append(out, git_blob_rawcontent(blob), (size_t)git_blob_rawsize(blob));
    status = pw_strbuf_check(out, err);
out:
    git_blob_free(blob);
    git_odb_free(odb);
    return status;
}

int pw_git_ref_read(struct pw_git *git, const char *ref, const char *path, struct pw_strbuf *out,
                    struct pw_error *err)
{
    git_commit *commit = NULL;
    git_tree *tree = NULL;
    git_tree_entry *entry = NULL;
    int status = pw_git_ref_open(git, ref, &commit, &tree, err);

    if (status != PW_OK) {
        goto out;
    }
    const int code = commit == NULL ? GIT_ENOTFOUND : git_tree_entry_bypath(&entry, tree, path);
    if (code == GIT_ENOTFOUND) {
        status = pw_error_set(err, PW_ENOTFOUND, "'%s' has no file '%s'", ref, path);
    } else if (code != 0) {
        status = pw_git_fail(err, code, "cannot read '%s:%s'", ref, path);
    } else if (git_tree_entry_type(entry) != GIT_OBJECT_BLOB) {
        status = pw_error_set(err, PW_ENOTFOUND, "'%s:%s' is not a file", ref, path);
    } else {
        status = pw_git_read_blob(git, git_tree_entry_id(entry), out, ref, path, err);
    }
out:
    git_tree_entry_free(entry);
    git_tree_free(tree);
    git_commit_free(commit);
    return status;
}

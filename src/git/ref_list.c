/*
 * The names in the tree of a ref, directory by directory. Tree objects are read raw: libgit2's own
 * trees cost a parsed copy each, which adds up where a store has ten thousands of small ones.
 *
 * What is there may have been fetched from anywhere: depth is bounded, a malformed tree is an
 * error, links and submodules are passed over.
 */
#include <string.h>

#include "ref_tree.h"

/* The upper bits of a mode. */
#define MODE_TYPE      0170000u
#define MODE_FILE      0100000u
#define MODE_DIRECTORY 0040000u
/** Far more octal digits than a mode has. */
#define MODE_MAX_DIGITS 8

static void set_id(git_oid *id, const unsigned char bytes[PW_GIT_ID_BYTES])
{
    memcpy(id->id, bytes, PW_GIT_ID_BYTES);
}

int pw_git_ref_root(struct pw_git *git, const char *ref, unsigned char id[PW_GIT_ID_BYTES],
                    bool *is_there, struct pw_error *err)
{
    git_commit *commit = NULL;
    const int status = pw_git_ref_commit(git, ref, &commit, err);

    if (status != PW_OK) {
        return status;
    }
    *is_there = commit != NULL;
    if (commit != NULL) {
        memcpy(id, git_commit_tree_id(commit)->id, PW_GIT_ID_BYTES);
    }
    git_commit_free(commit);
    return PW_OK;
}

/* @return false when what stands before `space` is no mode */
static bool read_mode(const char *text, const char *space, unsigned *out)
{
    unsigned mode = 0;

    if (text == space || space - text > MODE_MAX_DIGITS) {
        return false;
    }
    for (; text < space; text++) {
        if (*text < '0' || *text > '7') {
            return false;
        }
        mode = mode * 8 + (unsigned)(*text - '0');
    }
    *out = mode;
    return true;
}

/* "100644 name", a NUL, the id. @return false when the data is anything else; *at is moved on */
static bool read_entry(const char **at, const char *end, unsigned *mode, struct pw_git_entry *out)
{
    const char *space = memchr(*at, ' ', (size_t)(end - *at));

    if (space == NULL || !read_mode(*at, space, mode)) {
        return false;
    }
    const char *name = space + 1;
    const char *name_end = memchr(name, '\0', (size_t)(end - name));
    if (name_end == NULL || name_end == name || end - name_end <= PW_GIT_ID_BYTES) {
        return false;
    }
    out->name = name;
    memcpy(out->id, name_end + 1, PW_GIT_ID_BYTES);
    *at = name_end + 1 + PW_GIT_ID_BYTES;
    return true;
}

static int visit_entries(git_odb_object *object, const char *ref, const char *path,
                         pw_git_entry_fn visit, void *context, struct pw_error *err)
{
    const char *at = git_odb_object_data(object);
    const char *end = at + git_odb_object_size(object);
    int status = PW_OK;

    while (at < end && status == PW_OK) {
        struct pw_git_entry entry;
        unsigned mode = 0;
        if (!read_entry(&at, end, &mode, &entry)) {
            return pw_error_set(err, PW_EGIT, "cannot read '%s:%s': malformed tree", ref, path);
        }
        entry.is_directory = (mode & MODE_TYPE) == MODE_DIRECTORY;
        if (entry.is_directory || (mode & MODE_TYPE) == MODE_FILE) {
            status = visit(context, &entry, err);
        }
    }
    return status;
}

int pw_git_directory_list(struct pw_git *git, const unsigned char id[PW_GIT_ID_BYTES],
                          const char *ref, const char *path, pw_git_entry_fn visit, void *context,
                          struct pw_error *err)
{
    git_odb_object *object = NULL;
    git_odb *odb = NULL;
    git_oid tree;
    int status;

    set_id(&tree, id);
    int code = git_repository_odb(&odb, git->repository);
    if (code == 0) {
        code = git_odb_read(&object, odb, &tree);
    }
    if (code != 0) {
        status = pw_git_fail_object(git, ref, path, code, err);
    } else if (git_odb_object_type(object) != GIT_OBJECT_TREE) {
        status = pw_error_set(err, PW_EGIT, "cannot read '%s:%s': it is a %s, not a tree", ref,
                              path, git_object_type2string(git_odb_object_type(object)));
    } else {
        status = visit_entries(object, ref, path, visit, context, err);
    }
    git_odb_object_free(object);
    git_odb_free(odb);
    return status;
}

int pw_git_file_read(struct pw_git *git, const unsigned char id[PW_GIT_ID_BYTES], const char *ref,
                     const char *path, struct pw_strbuf *out, struct pw_error *err)
{
    git_oid blob;

    set_id(&blob, id);
    return pw_git_read_blob(git, &blob, out, ref, path, err);
}

/* One listing of all files under way. */
struct listing {
    struct pw_git *git;
    const char *ref;
    pw_git_file_fn file;
    void *context;
    unsigned depth;
    struct pw_strbuf path; /**< of the entry at hand */
};

static int list_entry(void *context, const struct pw_git_entry *entry, struct pw_error *err);

/* Recursion is bounded by PW_REF_TREE_MAX_DEPTH. */
static int list_directory(struct listing *listing, const struct pw_git_entry *entry,
                          struct pw_error *err)
{
    if (listing->depth == PW_REF_TREE_MAX_DEPTH) {
        return pw_error_set(err, PW_EGIT, "the tree of '%s' is deeper than %d directories",
                            listing->ref, PW_REF_TREE_MAX_DEPTH);
    }
    listing->depth++;
    const int status =
        pw_git_directory_list(listing->git, entry->id, listing->ref, pw_strbuf_text(&listing->path),
                              list_entry, listing, err);
    listing->depth--;
    return status;
}

static int list_entry(void *context, const struct pw_git_entry *entry, struct pw_error *err)
{
    struct listing *listing = context;
    const size_t prefix = listing->path.length;

    if (prefix > 0) {
        pw_strbuf_putc(&listing->path, '/');
    }
    pw_strbuf_puts(&listing->path, entry->name);
    int status = pw_strbuf_check(&listing->path, err);
    if (status == PW_OK) {
        status = entry->is_directory
                     ? list_directory(listing, entry, err)
                     : listing->file(listing->context, pw_strbuf_text(&listing->path), err);
    }
    pw_strbuf_truncate(&listing->path, prefix);
    return status;
}

int pw_git_ref_list(struct pw_git *git, const char *ref, pw_git_file_fn file, void *context,
                    struct pw_error *err)
{
    struct listing listing = {.git = git, .ref = ref, .file = file, .context = context};
    unsigned char root[PW_GIT_ID_BYTES];
    bool is_there = false;
    int status = pw_git_ref_root(git, ref, root, &is_there, err);

    if (status == PW_OK && is_there) {
        status = pw_git_directory_list(git, root, ref, "", list_entry, &listing, err);
    }
    pw_strbuf_release(&listing.path);
    return status;
}

/*
 * From one tree and a few edits to the next tree: only the trees on the way to an edited path are
 * read and written, whatever else the store holds.
 *
 *      edits (sorted)                        trees rewritten
 *      2f/2f1c…/e3b0…/01JD….json   ──►       root, 2f, 2f1c…, e3b0…
 */
#include "ref_tree.h"

#include <string.h>

#include "written.h"

/* One level: the edits whose paths share the first `offset` bytes. */
struct level {
    struct pw_git *git;
    const struct pw_ref_edit *edits;
    size_t count;
    size_t offset;
    unsigned depth;
};

/* A tree in the making. */
struct built {
    git_oid id;
    bool is_empty;
};

static int edit_level(const struct level *level, const git_tree *old, struct built *out,
                      struct pw_error *err);

static int edit_file(const struct pw_ref_edit *edit, const char *name, git_treebuilder *builder,
                     struct pw_error *err)
{
    const git_tree_entry *entry = git_treebuilder_get(builder, name);
    int code;

    if (edit->is_removal) {
        if (entry == NULL || git_tree_entry_type(entry) != GIT_OBJECT_BLOB) {
            return pw_error_set(err, PW_ENOTFOUND, "there is no '%s' to remove", edit->path);
        }
        code = git_treebuilder_remove(builder, name);
    } else if (entry == NULL) {
        code = git_treebuilder_insert(NULL, builder, name, &edit->blob, GIT_FILEMODE_BLOB);
    } else if (git_oid_equal(git_tree_entry_id(entry), &edit->blob)) {
        code = 0;
    } else {
        return pw_error_set(err, PW_EEXISTS, "'%s' exists already and is not overwritten",
                            edit->path);
    }
    return code == 0 ? PW_OK : pw_git_fail(err, code, "cannot change '%s'", edit->path);
}

/* How many edits from the first on lie in the same directory, whose name has `length` bytes. */
static size_t count_siblings(const struct level *level, size_t first, size_t length)
{
    const char *prefix = level->edits[first].path;
    size_t count = 1;

    while (first + count < level->count &&
           strncmp(level->edits[first + count].path, prefix, level->offset + length + 1) == 0) {
        count++;
    }
    return count;
}

/* The tree of a directory before the change. @param[out] out NULL when there is none yet */
static int open_directory(const struct level *level, const git_tree_entry *entry, git_tree **out,
                          struct pw_error *err)
{
    const char *path = level->edits[0].path;

    *out = NULL;
    if (entry == NULL) {
        return PW_OK;
    }
    if (git_tree_entry_type(entry) != GIT_OBJECT_TREE) {
        return level->edits[0].is_removal
                   ? pw_error_set(err, PW_ENOTFOUND, "there is no '%s' to remove", path)
                   : pw_error_set(err, PW_EEXISTS, "a file is in the way of '%s'", path);
    }
    const int code = git_tree_lookup(out, level->git->repository, git_tree_entry_id(entry));
    return code == 0 ? PW_OK : pw_git_fail(err, code, "cannot read the directory of '%s'", path);
}

static int edit_directory(const struct level *level, const char *name, git_treebuilder *builder,
                          struct pw_error *err)
{
    const git_tree_entry *entry = git_treebuilder_get(builder, name);
    const bool was_there = entry != NULL;
    struct built built = {.is_empty = true};
    git_tree *old = NULL;
    int code = 0;
    int status = open_directory(level, entry, &old, err);

    if (status == PW_OK) {
        status = edit_level(level, old, &built, err);
    }
    git_tree_free(old);
    if (status != PW_OK) {
        return status;
    }
    if (!built.is_empty) {
        code = git_treebuilder_insert(NULL, builder, name, &built.id, GIT_FILEMODE_TREE);
    } else if (was_there) {
        code = git_treebuilder_remove(builder, name);
    }
    return code == 0 ? PW_OK : pw_git_fail(err, code, "cannot change '%s'", level->edits[0].path);
}

static int apply_edits(const struct level *level, git_treebuilder *builder, struct pw_error *err)
{
    struct pw_strbuf name = PW_STRBUF_INIT;
    int status = PW_OK;

    for (size_t i = 0; i < level->count && status == PW_OK;) {
        const char *rest = level->edits[i].path + level->offset;
        const size_t length = strcspn(rest, "/");
        pw_strbuf_clear(&name);
        pw_strbuf_append(&name, rest, length);
        status = pw_strbuf_check(&name, err);
        if (status != PW_OK) {
            break;
        }
        if (rest[length] == '\0') {
            status = edit_file(&level->edits[i], pw_strbuf_text(&name), builder, err);
            i++;
            continue;
        }
        const struct level below = {
            .git = level->git,
            .edits = &level->edits[i],
            .count = count_siblings(level, i, length),
            .offset = level->offset + length + 1,
            .depth = level->depth + 1,
        };
        status = edit_directory(&below, pw_strbuf_text(&name), builder, err);
        i += below.count;
    }
    pw_strbuf_release(&name);
    return status;
}

/* Recursion is bounded by PW_REF_TREE_MAX_DEPTH. */
static int edit_level(const struct level *level, const git_tree *old, struct built *out,
                      struct pw_error *err)
{
    git_treebuilder *builder = NULL;
    int status;

    if (level->depth > PW_REF_TREE_MAX_DEPTH) {
        return pw_error_set(err, PW_EINVAL, "path '%s' is too deep", level->edits[0].path);
    }
    int code = git_treebuilder_new(&builder, level->git->repository, old);
    if (code != 0) {
        return pw_git_fail(err, code, "cannot change the directory of '%s'", level->edits[0].path);
    }
    status = apply_edits(level, builder, err);
    if (status == PW_OK) {
        out->is_empty = git_treebuilder_entrycount(builder) == 0;
        /* git knows no empty directories, only an empty root */
        const bool is_needed = !out->is_empty || level->depth == 0;
        code = is_needed ? git_treebuilder_write(&out->id, builder) : 0;
        if (code != 0) {
            status =
                pw_git_fail(err, code, "cannot write the directory of '%s'", level->edits[0].path);
        } else if (is_needed) {
            status = pw_written_add(level->git, &out->id, err);
        }
    }
    git_treebuilder_free(builder);
    return status;
}

int pw_git_edit_tree(struct pw_git *git, const git_tree *old, const struct pw_ref_edit *edits,
                     size_t count, git_oid *out, struct pw_error *err)
{
    const struct level top = {.git = git, .edits = edits, .count = count};
    struct built built = {.is_empty = true};
    const int status = edit_level(&top, old, &built, err);

    if (status == PW_OK) {
        *out = built.id;
    }
    return status;
}

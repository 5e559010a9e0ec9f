/*
 * Three trees become one: what two clones hold, and what both come from. Only trees that differ are
 * read, and only those on the way to a difference are written.
 *
 *      base      ours      theirs      result
 *      –         a         –           a          added here
 *      a         a         –           –          removed there
 *      –         a         a           a
 *      any       a         b           refused: results are never overwritten
 *
 * Where they come from several, the base is what all of these share.
 */
#include "ref_tree.h"
#include "ref_union.h"

/* One directory in each of the three; NULL where it is not. */
struct trees {
    git_tree *base;
    git_tree *ours;
    git_tree *theirs;
};

/* What stands under one name in each of the three; NULL where nothing does. */
struct entries {
    const git_tree_entry *base;
    const git_tree_entry *ours;
    const git_tree_entry *theirs;
};

struct walk {
    struct pw_git *git;
    struct pw_strbuf path; /**< of the directory, for messages */
};

/* A tree in the making. */
struct built {
    git_oid id;
    bool is_empty;
};

static int unite_level(struct walk *walk, const struct trees *trees, unsigned depth,
                       struct built *out, struct pw_error *err);

static const git_tree_entry *find(const git_tree *tree, const char *name)
{
    return tree == NULL ? NULL : git_tree_entry_byname(tree, name);
}

static bool is_directory(const git_tree_entry *entry)
{
    return entry != NULL && git_tree_entry_type(entry) == GIT_OBJECT_TREE;
}

static bool is_same(const git_tree_entry *a, const git_tree_entry *b)
{
    return a != NULL && b != NULL && git_tree_entry_type(a) == git_tree_entry_type(b) &&
           git_oid_equal(git_tree_entry_id(a), git_tree_entry_id(b));
}

/* @param[out] out  NULL when the entry is no directory */
static int open_directory(const struct walk *walk, const git_tree_entry *entry, git_tree **out,
                          struct pw_error *err)
{
    if (!is_directory(entry)) {
        *out = NULL;
        return PW_OK;
    }
    const int code = git_tree_lookup(out, walk->git->repository, git_tree_entry_id(entry));
    return code == 0 ? PW_OK
                     : pw_git_fail(err, code, "cannot read the directory '%s/%s'",
                                   pw_strbuf_text(&walk->path), git_tree_entry_name(entry));
}

static int refuse(const struct walk *walk, const char *name, struct pw_error *err)
{
    const char *directory = pw_strbuf_text(&walk->path);

    return pw_error_set(err, PW_EEXISTS, "'%s%s%s' has different content here and there", directory,
                        directory[0] == '\0' ? "" : "/", name);
}

static int enter(struct walk *walk, const char *name, struct pw_error *err)
{
    if (walk->path.length > 0) {
        pw_strbuf_putc(&walk->path, '/');
    }
    pw_strbuf_puts(&walk->path, name);
    return pw_strbuf_check(&walk->path, err);
}

static int unite_directory(struct walk *walk, const struct entries *entries, const char *name,
                           unsigned depth, struct built *out, struct pw_error *err)
{
    const size_t length = walk->path.length;
    struct trees below = {NULL, NULL, NULL};
    int status = open_directory(walk, entries->base, &below.base, err);

    if (status == PW_OK) {
        status = open_directory(walk, entries->ours, &below.ours, err);
    }
    if (status == PW_OK) {
        status = open_directory(walk, entries->theirs, &below.theirs, err);
    }
    if (status == PW_OK) {
        status = enter(walk, name, err);
    }
    if (status == PW_OK) {
        status = unite_level(walk, &below, depth + 1, out, err);
        pw_strbuf_truncate(&walk->path, length);
    }
    git_tree_free(below.base);
    git_tree_free(below.ours);
    git_tree_free(below.theirs);
    return status;
}

static int put(git_treebuilder *builder, const char *name, const git_oid *id, git_filemode_t mode,
               struct pw_error *err)
{
    const int code = git_treebuilder_insert(NULL, builder, name, id, mode);

    return code == 0 ? PW_OK : pw_git_fail(err, code, "cannot keep '%s'", name);
}

/* @param builder  has what ours has */
static int drop(git_treebuilder *builder, const char *name, struct pw_error *err)
{
    if (git_treebuilder_get(builder, name) == NULL) {
        return PW_OK;
    }
    const int code = git_treebuilder_remove(builder, name);
    return code == 0 ? PW_OK : pw_git_fail(err, code, "cannot remove '%s'", name);
}

static int unite_entries(struct walk *walk, const struct entries *entries, const char *name,
                         unsigned depth, git_treebuilder *builder, struct pw_error *err)
{
    const bool are_both = entries->ours != NULL && entries->theirs != NULL;
    const git_tree_entry *one = entries->ours != NULL ? entries->ours : entries->theirs;
    const git_tree_entry *other = are_both ? entries->theirs : entries->base;
    struct built built = {.is_empty = true};

    if (is_same(entries->ours, entries->theirs)) {
        return PW_OK;
    }
    if (!are_both && is_same(entries->base, one)) {
        return drop(builder, name, err);
    }
    if (is_directory(one) && is_directory(other)) {
        const int status = unite_directory(walk, entries, name, depth, &built, err);
        if (status != PW_OK || built.is_empty) {
            return status == PW_OK ? drop(builder, name, err) : status;
        }
        return put(builder, name, &built.id, GIT_FILEMODE_TREE, err);
    }
    if (are_both) {
        return refuse(walk, name, err);
    }
    return put(builder, name, git_tree_entry_id(one), git_tree_entry_filemode(one), err);
}

/* Every name of a tree; of theirs only those that ours has not. */
static int unite_names(struct walk *walk, const struct trees *trees, bool is_theirs, unsigned depth,
                       git_treebuilder *builder, struct pw_error *err)
{
    const git_tree *tree = is_theirs ? trees->theirs : trees->ours;
    const size_t count = tree == NULL ? 0 : git_tree_entrycount(tree);
    int status = PW_OK;

    for (size_t i = 0; i < count && status == PW_OK; i++) {
        const char *name = git_tree_entry_name(git_tree_entry_byindex(tree, i));
        const struct entries entries = {find(trees->base, name), find(trees->ours, name),
                                        find(trees->theirs, name)};
        if (!is_theirs || entries.ours == NULL) {
            status = unite_entries(walk, &entries, name, depth, builder, err);
        }
    }
    return status;
}

/* Recursion is bounded by PW_REF_TREE_MAX_DEPTH. */
static int unite_level(struct walk *walk, const struct trees *trees, unsigned depth,
                       struct built *out, struct pw_error *err)
{
    const char *path = pw_strbuf_text(&walk->path);
    git_treebuilder *builder = NULL;

    if (depth > PW_REF_TREE_MAX_DEPTH) {
        return pw_error_set(err, PW_EGIT, "the directories below '%.80s' are too deep", path);
    }
    int code = git_treebuilder_new(&builder, walk->git->repository, trees->ours);
    if (code != 0) {
        return pw_git_fail(err, code, "cannot change the directory '%s'", path);
    }
    int status = unite_names(walk, trees, false, depth, builder, err);
    if (status == PW_OK) {
        status = unite_names(walk, trees, true, depth, builder, err);
    }
    if (status == PW_OK) {
        out->is_empty = git_treebuilder_entrycount(builder) == 0;
        /* git knows no empty directories, only an empty root */
        code = out->is_empty && depth > 0 ? 0 : git_treebuilder_write(&out->id, builder);
        if (code != 0) {
            status = pw_git_fail(err, code, "cannot write the directory '%s'",
                                 pw_strbuf_text(&walk->path));
        }
    }
    git_treebuilder_free(builder);
    return status;
}

int pw_git_unite_trees(struct pw_git *git, const git_tree *base, const git_tree *ours,
                       const git_tree *theirs, git_oid *out, struct pw_error *err)
{
    /* only read */
    const struct trees trees = {(git_tree *)base, (git_tree *)ours, (git_tree *)theirs};
    struct walk walk = {.git = git, .path = PW_STRBUF_INIT};
    struct built built = {.is_empty = true};
    const int status = unite_level(&walk, &trees, 0, &built, err);

    if (status == PW_OK) {
        *out = built.id;
    }
    pw_strbuf_release(&walk.path);
    return status;
}

static int intersect_level(const struct walk *walk, const git_tree *a, const git_tree *b,
                           unsigned depth, struct built *out, struct pw_error *err);

static int intersect_entries(const struct walk *walk, const git_tree_entry *a,
                             const git_tree_entry *b, unsigned depth, git_treebuilder *builder,
                             struct pw_error *err)
{
    const char *name = git_tree_entry_name(a);
    git_tree *below_a = NULL;
    git_tree *below_b = NULL;
    struct built built = {.is_empty = true};

    if (is_same(a, b)) {
        return put(builder, name, git_tree_entry_id(a), git_tree_entry_filemode(a), err);
    }
    if (!is_directory(a) || !is_directory(b)) {
        return PW_OK;
    }
    int status = open_directory(walk, a, &below_a, err);
    if (status == PW_OK) {
        status = open_directory(walk, b, &below_b, err);
    }
    if (status == PW_OK) {
        status = intersect_level(walk, below_a, below_b, depth + 1, &built, err);
    }
    if (status == PW_OK && !built.is_empty) {
        status = put(builder, name, &built.id, GIT_FILEMODE_TREE, err);
    }
    git_tree_free(below_a);
    git_tree_free(below_b);
    return status;
}

/* Recursion is bounded by PW_REF_TREE_MAX_DEPTH. */
static int intersect_level(const struct walk *walk, const git_tree *a, const git_tree *b,
                           unsigned depth, struct built *out, struct pw_error *err)
{
    git_treebuilder *builder = NULL;
    int status = PW_OK;

    if (depth > PW_REF_TREE_MAX_DEPTH) {
        return pw_error_set(err, PW_EGIT, "the directories of the ref are too deep");
    }
    int code = git_treebuilder_new(&builder, walk->git->repository, NULL);
    for (size_t i = 0; i < git_tree_entrycount(a) && code == 0 && status == PW_OK; i++) {
        const git_tree_entry *entry = git_tree_entry_byindex(a, i);
        status = intersect_entries(walk, entry, find(b, git_tree_entry_name(entry)), depth, builder,
                                   err);
    }
    if (code == 0 && status == PW_OK) {
        out->is_empty = git_treebuilder_entrycount(builder) == 0;
        code = out->is_empty && depth > 0 ? 0 : git_treebuilder_write(&out->id, builder);
    }
    git_treebuilder_free(builder);
    return code == 0 ? status : pw_git_fail(err, code, "cannot write what two trees share");
}

int pw_git_intersect_trees(struct pw_git *git, const git_tree *a, const git_tree *b, git_oid *out,
                           struct pw_error *err)
{
    const struct walk walk = {.git = git, .path = PW_STRBUF_INIT};
    struct built built = {.is_empty = true};
    const int status = intersect_level(&walk, a, b, 0, &built, err);

    if (status == PW_OK) {
        *out = built.id;
    }
    return status;
}

static int count_level(const struct walk *walk, const git_tree *old, const git_tree *tree,
                       unsigned depth, size_t *count, struct pw_error *err)
{
    int status = PW_OK;

    if (depth > PW_REF_TREE_MAX_DEPTH) {
        return pw_error_set(err, PW_EGIT, "the directories of the ref are too deep");
    }
    for (size_t i = 0; i < git_tree_entrycount(tree) && status == PW_OK; i++) {
        const git_tree_entry *entry = git_tree_entry_byindex(tree, i);
        const git_tree_entry *before = find(old, git_tree_entry_name(entry));
        git_tree *below = NULL;
        git_tree *below_before = NULL;
        if (is_same(entry, before)) {
            continue;
        }
        if (!is_directory(entry)) {
            *count += before == NULL || is_directory(before);
            continue;
        }
        status = open_directory(walk, entry, &below, err);
        if (status == PW_OK) {
            status = open_directory(walk, before, &below_before, err);
        }
        if (status == PW_OK) {
            status = count_level(walk, below_before, below, depth + 1, count, err);
        }
        git_tree_free(below_before);
        git_tree_free(below);
    }
    return status;
}

int pw_git_count_new_files(struct pw_git *git, const git_tree *old, const git_tree *tree,
                           size_t *out, struct pw_error *err)
{
    const struct walk walk = {.git = git, .path = PW_STRBUF_INIT};
    size_t count = 0;
    const int status = count_level(&walk, old, tree, 0, &count, err);

    if (status == PW_OK) {
        *out = count;
    }
    return status;
}

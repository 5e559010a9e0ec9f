/*
 * The store in commits on a ref of its own: one commit a change, atomic, never in the work tree.
 */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

static const char *location(const struct pw_store *store)
{
    return store->config->ref;
}

static int root(const struct pw_store *store, struct pw_store_node *out, bool *is_there,
                struct pw_error *err)
{
    out->path = "";
    return pw_git_ref_root(store->git, store->config->ref, out->id, is_there, err);
}

/* The names of one directory on their way to a visitor. */
struct naming {
    enum pw_store_level level;
    pw_store_name_fn visit;
    void *context;
};

static int pass_name(void *context, const struct pw_git_entry *entry, struct pw_error *err)
{
    const struct naming *naming = context;
    const bool fits = entry->is_directory == (naming->level != PW_STORE_RUN) &&
                      pw_store_name_fits(naming->level, entry->name);

    return fits ? naming->visit(naming->context, entry->name, entry->id, err) : PW_OK;
}

static int names(const struct pw_store *store, const struct pw_store_node *directory,
                 enum pw_store_level level, pw_store_name_fn visit, void *context,
                 struct pw_error *err)
{
    struct naming naming = {.level = level, .visit = visit, .context = context};

    return pw_git_directory_list(store->git, directory->id, store->config->ref, directory->path,
                                 pass_name, &naming, err);
}

/* One listing of all files under way. */
struct listing {
    const struct pw_store *store;
    pw_git_file_fn file;
    void *context;
    enum pw_store_level level; /**< of the names at hand */
    struct pw_strbuf path;     /**< of the entry at hand */
};

/* Recursion is bounded by the levels. */
static int list_name(void *context, const char *name, const unsigned char id[PW_GIT_ID_BYTES],
                     struct pw_error *err)
{
    struct listing *listing = context;
    const size_t prefix = listing->path.length;

    if (prefix > 0) {
        pw_strbuf_putc(&listing->path, '/');
    }
    pw_strbuf_puts(&listing->path, name);
    int status = pw_strbuf_check(&listing->path, err);
    if (status == PW_OK && listing->level == PW_STORE_RUN) {
        status = listing->file(listing->context, pw_strbuf_text(&listing->path), err);
    } else if (status == PW_OK) {
        struct pw_store_node below = {.path = pw_strbuf_text(&listing->path)};
        memcpy(below.id, id, PW_GIT_ID_BYTES);
        listing->level++;
        status = names(listing->store, &below, listing->level, list_name, listing, err);
        listing->level--;
    }
    pw_strbuf_truncate(&listing->path, prefix);
    return status;
}

static int list(const struct pw_store *store, pw_git_file_fn file, void *context,
                struct pw_error *err)
{
    struct listing listing = {
        .store = store, .file = file, .context = context, .level = PW_STORE_FAN};
    struct pw_store_node top = {.path = ""};
    bool is_there = false;
    int status = root(store, &top, &is_there, err);

    if (status == PW_OK && is_there) {
        status = names(store, &top, PW_STORE_FAN, list_name, &listing, err);
    }
    pw_strbuf_release(&listing.path);
    return status;
}

static int read_file(const struct pw_store *store, const char *path, struct pw_strbuf *out,
                     struct pw_error *err)
{
    return pw_git_ref_read(store->git, store->config->ref, path, out, err);
}

static int read_node(const struct pw_store *store, const struct pw_store_node *file,
                     struct pw_strbuf *out, struct pw_error *err)
{
    return pw_git_file_read(store->git, file->id, store->config->ref, file->path, out, err);
}

static int add(const struct pw_store *store, const char *path, const char *data, size_t length,
               struct pw_error *err)
{
    const struct pw_git_change change = {.path = path, .data = data, .length = length};
    struct pw_strbuf message = PW_STRBUF_INIT;

    pw_strbuf_printf(&message, "add %s\n", path);
    int status = pw_strbuf_check(&message, err);
    if (status == PW_OK) {
        status = pw_git_ref_update(store->git, store->config->ref, &change, 1,
                                   pw_strbuf_text(&message), err);
    }
    pw_strbuf_release(&message);
    return status;
}

static int add_many(const struct pw_store *store, const struct pw_git_change *files, size_t count,
                    struct pw_error *err)
{
    struct pw_strbuf message = PW_STRBUF_INIT;

    pw_strbuf_printf(&message, "add %zu results\n", count);
    int status = pw_strbuf_check(&message, err);
    if (status == PW_OK) {
        status = pw_git_ref_update(store->git, store->config->ref, files, count,
                                   pw_strbuf_text(&message), err);
    }
    pw_strbuf_release(&message);
    return status;
}

static int check_writable(const struct pw_store *store, struct pw_error *err)
{
    return pw_git_ref_check_writable(store->git, store->config->ref, err);
}

static int survey(const struct pw_store *store, const struct pw_git_survey *calls,
                  struct pw_error *err)
{
    return pw_git_ref_survey(store->git, store->config->ref, calls, err);
}

/* Beyond this a message is no reading matter; the commit itself shows what went. */
#define NAMED_MAX 100

static void put_message(struct pw_strbuf *out, const struct pw_store_entry *entries, size_t count)
{
    if (count == 1) {
        pw_strbuf_printf(out, "remove %s\n", entries[0].path);
        return;
    }
    pw_strbuf_printf(out, "remove %zu results\n\n", count);
    for (size_t i = 0; i < count && i < NAMED_MAX; i++) {
        pw_strbuf_printf(out, "%s\n", entries[i].path);
    }
    if (count > NAMED_MAX) {
        pw_strbuf_printf(out, "and %zu more\n", count - NAMED_MAX);
    }
}

static int remove_files(const struct pw_store *store, const struct pw_store_entry *entries,
                        size_t count, struct pw_error *err)
{
    struct pw_git_change *changes = calloc(count, sizeof(*changes));
    struct pw_strbuf message = PW_STRBUF_INIT;

    if (changes == NULL) {
        return pw_error_set_no_memory(err);
    }
    for (size_t i = 0; i < count; i++) {
        changes[i].path = entries[i].path;
    }
    put_message(&message, entries, count);
    int status = pw_strbuf_check(&message, err);
    if (status == PW_OK) {
        status = pw_git_ref_update(store->git, store->config->ref, changes, count,
                                   pw_strbuf_text(&message), err);
    }
    pw_strbuf_release(&message);
    free(changes);
    return status;
}

const struct pw_store_home pw_store_home_git = {
    .location = location,
    .list = list,
    .root = root,
    .names = names,
    .read = read_file,
    .read_node = read_node,
    .add = add,
    .add_many = add_many,
    .check_writable = check_writable,
    .survey = survey,
    .remove = remove_files,
};

/*
 * The store in commits on a ref of its own: one commit a change, atomic, never in the work tree.
 */
#include "internal.h"

#include <stdlib.h>

static const char *location(const struct pw_store *store)
{
    return store->config->ref;
}

static int list(const struct pw_store *store, pw_git_file_fn file, void *context,
                struct pw_error *err)
{
    return pw_git_ref_list(store->git, store->config->ref, file, context, err);
}

static int read_file(const struct pw_store *store, const char *path, struct pw_strbuf *out,
                     struct pw_error *err)
{
    return pw_git_ref_read(store->git, store->config->ref, path, out, err);
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
    return pw_git_ref_check(store->git, store->config->ref, err);
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
    .read = read_file,
    .add = add,
    .add_many = add_many,
    .check_writable = check_writable,
    .survey = survey,
    .remove = remove_files,
};

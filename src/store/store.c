/*
 * The store whatever its home: names in, results out, and each result checked against its name.
 */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

#include "path.h"

static const struct pw_store_home *const homes[] = {
    [PW_STORE_GIT] = &pw_store_home_git,
    [PW_STORE_DIRECTORY] = &pw_store_home_directory,
};

int pw_store_open(const struct pw_baseline_config *config, struct pw_git *git,
                  struct pw_store **out, struct pw_error *err)
{
    if (config->store == PW_STORE_GIT && git == NULL) {
        return pw_error_set(err, PW_EINVAL,
                            "baselines are kept in '%s', but this is not a git repository",
                            config->ref);
    }
    struct pw_store *store = calloc(1, sizeof(*store));
    if (store == NULL) {
        return pw_error_set_no_memory(err);
    }
    store->home = homes[config->store];
    store->config = config;
    store->git = git;
    *out = store;
    return PW_OK;
}

void pw_store_free(struct pw_store *store)
{
    free(store);
}

void pw_store_watch(struct pw_store *store, const volatile int *interrupted)
{
    store->interrupted = interrupted;
    if (store->git != NULL) {
        pw_git_watch(store->git, interrupted);
    }
}

int pw_store_check_interrupt(const struct pw_store *store, struct pw_error *err)
{
    return store->interrupted != NULL && *store->interrupted != 0
               ? pw_error_set(err, PW_EINTERRUPTED, "interrupted; nothing was changed")
               : PW_OK;
}

const char *pw_store_location(const struct pw_store *store)
{
    return store->home->location(store);
}

void pw_store_listing_release(struct pw_store_listing *listing)
{
    pw_arena_release(&listing->arena);
    memset(listing, 0, sizeof(*listing));
}

static int list_file(void *context, const char *path, struct pw_error *err)
{
    struct pw_store_listing *listing = context;
    bool fits = false;
    struct pw_store_entry *entries =
        pw_arena_grow(&listing->arena, listing->entries, listing->count, &listing->capacity,
                      sizeof(*listing->entries));

    if (entries == NULL) {
        return pw_error_set_no_memory(err);
    }
    listing->entries = entries;
    const int status =
        pw_store_path_parse(path, &listing->arena, &entries[listing->count], &fits, err);
    listing->count += fits;
    return status;
}

/* The parts of a path have fixed lengths: its order is that of commit, environment, run id. */
static int compare_entries(const void *a, const void *b)
{
    const struct pw_store_entry *first = a;
    const struct pw_store_entry *second = b;

    return strcmp(first->path, second->path);
}

/* Git keeps its trees sorted. */
static bool is_sorted(const struct pw_store_listing *listing)
{
    for (size_t i = 1; i < listing->count; i++) {
        if (compare_entries(&listing->entries[i - 1], &listing->entries[i]) > 0) {
            return false;
        }
    }
    return true;
}

int pw_store_list(struct pw_store *store, struct pw_store_listing *out, struct pw_error *err)
{
    struct pw_store_listing listing = {0};
    const int status = store->home->list(store, list_file, &listing, err);

    if (status != PW_OK) {
        pw_store_listing_release(&listing);
        return status;
    }
    if (!is_sorted(&listing)) {
        qsort(listing.entries, listing.count, sizeof(*listing.entries), compare_entries);
    }
    *out = listing;
    return PW_OK;
}

/* A file under a wrong name would be compared with the wrong commit or machine. */
static int check_names(const struct pw_result *result, const struct pw_store_entry *entry,
                       const char *name, struct pw_error *err)
{
    const struct {
        const char *what;
        const char *inside;
        const char *outside;
    } names[] = {
        {"commit", result->commit == NULL ? "none" : result->commit, entry->commit},
        {"environment", result->environment.id, entry->environment_id},
        {"run id", result->run_id, entry->run_id},
    };

    for (size_t i = 0; i < PW_COUNT(names); i++) {
        if (strcmp(names[i].inside, names[i].outside) != 0) {
            return pw_error_set(err, PW_EFORMAT,
                                "'%s' holds the result of another %s, '%s'; remove it with "
                                "'perfwarden baseline remove'",
                                name, names[i].what, names[i].inside);
        }
    }
    return PW_OK;
}

void pw_store_put_name(const struct pw_store *store, const char *path, struct pw_strbuf *out)
{
    pw_strbuf_printf(out, "%s%c%s", pw_store_location(store),
                     store->config->store == PW_STORE_GIT ? ':' : '/', path);
}

/* A result's text becomes a result: the whole of it, or what a comparison needs. */
typedef int (*parse_fn)(const char *text, size_t length, const char *name, struct pw_result *out,
                        struct pw_error *err);

/* @param file  where it lies, as a directory has shown it; NULL to go by the entry's path */
static int read_result(const struct pw_store *store, const struct pw_store_entry *entry,
                       const struct pw_store_node *file, parse_fn parse, struct pw_result *out,
                       struct pw_error *err)
{
    struct pw_strbuf text = PW_STRBUF_INIT;
    struct pw_strbuf name = PW_STRBUF_INIT;
    struct pw_result result = {0};

    pw_strbuf_init(&text, PW_RESULT_MAX_BYTES);
    pw_store_put_name(store, entry->path, &name);
    int status = pw_strbuf_check(&name, err);
    if (status == PW_OK) {
        status = file == NULL ? store->home->read(store, entry->path, &text, err)
                              : store->home->read_node(store, file, &text, err);
    }
    if (status == PW_OK) {
        status = parse(pw_strbuf_text(&text), text.length, pw_strbuf_text(&name), &result, err);
    }
    if (status == PW_OK) {
        status = check_names(&result, entry, pw_strbuf_text(&name), err);
        if (status == PW_OK) {
            *out = result;
        } else {
            pw_result_release(&result);
        }
    }
    pw_strbuf_release(&text);
    pw_strbuf_release(&name);
    return status;
}

int pw_store_read(struct pw_store *store, const struct pw_store_entry *entry, struct pw_result *out,
                  struct pw_error *err)
{
    return read_result(store, entry, NULL, pw_result_read, out, err);
}

int pw_store_read_lean(const struct pw_store *store, const struct pw_store_entry *entry,
                       const struct pw_store_node *file, struct pw_result *out,
                       struct pw_error *err)
{
    return read_result(store, entry, file, pw_result_read_lean, out, err);
}

int pw_store_add(struct pw_store *store, const struct pw_result *result, struct pw_error *err)
{
    struct pw_strbuf path = PW_STRBUF_INIT;
    struct pw_strbuf text = PW_STRBUF_INIT;

    if (result->commit == NULL) {
        return pw_error_set(err, PW_EINVAL,
                            "a result without a commit cannot be a baseline; measure inside a git "
                            "repository");
    }
    int status =
        pw_store_path_build(result->commit, result->environment.id, result->run_id, &path, err);
    if (status == PW_OK) {
        pw_result_write(result, &text);
        status = pw_strbuf_check(&text, err);
    }
    if (status == PW_OK) {
        status = pw_strbuf_check(&path, err);
    }
    if (status == PW_OK) {
        status =
            store->home->add(store, pw_strbuf_text(&path), pw_strbuf_text(&text), text.length, err);
    }
    pw_strbuf_release(&path);
    pw_strbuf_release(&text);
    return status;
}

int pw_store_remove(struct pw_store *store, const struct pw_store_entry *entries, size_t count,
                    struct pw_error *err)
{
    const int status = pw_store_check_interrupt(store, err);

    return status != PW_OK || count == 0 ? status : store->home->remove(store, entries, count, err);
}

int pw_store_check_writable(struct pw_store *store, struct pw_error *err)
{
    return store->home->check_writable(store, err);
}

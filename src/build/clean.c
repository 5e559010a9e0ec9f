/*
 * Cleaning: unfinished entries of this repository go at once, since git still knows their trees.
 * Those of other repositories are theirs to clean, and go only by age.
 */
#include "clean.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "entry.h"
#include "perfwarden/build.h"
#include "perfwarden/util/file.h"
#include "remove.h"

/** How many logs of failed builds are kept. */
enum { LOGS_KEPT = 24 };
/** Most names that are looked at in one directory. */
enum { NAMES_MAX = 100000 };

struct aged {
    const char *name;
    struct timespec used;
};

/** What lies in a directory of the cache. */
struct listing {
    struct aged *items;
    size_t count;
    size_t capacity;
};

static bool is_key(const char *name)
{
    return strlen(name) == 16 && strspn(name, "0123456789abcdef") == 16;
}

static int add_name(struct listing *listing, const char *directory, const char *name,
                    const char *stamp, struct pw_arena *arena)
{
    struct stat info;
    const char *path = pw_arena_printf(arena, "%s/%s%s", directory, name, stamp);
    struct aged *items =
        pw_arena_grow(arena, listing->items, listing->count, &listing->capacity, sizeof(*items));
    const char *copy = pw_arena_strdup(arena, name);

    if (path == NULL || items == NULL || copy == NULL) {
        return PW_ENOMEM;
    }
    listing->items = items;
    /* without a time stamp it is the oldest */
    items[listing->count] = (struct aged){.name = copy};
    if (lstat(path, &info) == 0) {
        items[listing->count].used = info.st_mtim;
    }
    listing->count++;
    return PW_OK;
}

static int newest_first(const void *left, const void *right)
{
    const struct timespec *a = &((const struct aged *)left)->used;
    const struct timespec *b = &((const struct aged *)right)->used;

    if (a->tv_sec != b->tv_sec) {
        return a->tv_sec < b->tv_sec ? 1 : -1;
    }
    return (a->tv_nsec < b->tv_nsec) - (a->tv_nsec > b->tv_nsec);
}

/* @param stamp  behind a name: the file whose time says when it was used */
static int list(const char *directory, const char *stamp, struct pw_arena *arena,
                struct listing *out)
{
    const struct dirent *entry;
    int status = PW_OK;
    DIR *stream = opendir(directory);

    if (stream == NULL) {
        return PW_OK;
    }
    while (status == PW_OK && out->count < NAMES_MAX && (entry = readdir(stream)) != NULL) {
        const bool is_log = stamp[0] == '\0' && entry->d_name[0] != '.';
        if (is_log || is_key(entry->d_name)) {
            status = add_name(out, directory, entry->d_name, stamp, arena);
        }
    }
    (void)closedir(stream);
    if (out->count > 0) {
        qsort(out->items, out->count, sizeof(*out->items), newest_first);
    }
    return status;
}

static bool is_of_repository(const struct pw_build_entry *entry, const struct pw_build_key *key)
{
    struct pw_strbuf text = PW_STRBUF_INIT;
    const bool is_ours =
        pw_file_read(entry->key, (size_t)4 << 20, &text, NULL) == PW_OK &&
        strncmp(pw_strbuf_text(&text), key->repository, strlen(key->repository)) == 0;

    pw_strbuf_release(&text);
    return is_ours;
}

static int clean_entries(struct pw_git *git, const struct pw_build_cache *cache,
                         const struct pw_build_key *key, struct pw_arena *arena)
{
    struct listing entries = {NULL, 0, 0};
    int status = list(cache->builds, "/lock", arena, &entries);

    for (size_t i = 0; i < entries.count && status == PW_OK; i++) {
        struct pw_build_entry entry;
        status = pw_build_entry_name(cache, entries.items[i].name, arena, &entry, NULL);
        if (status != PW_OK) {
            break;
        }
        const bool is_ours = is_of_repository(&entry, key);
        const bool is_unfinished = is_ours && !pw_path_exists(entry.complete);
        if (!is_unfinished && i < PW_BUILD_KEPT) {
            continue;
        }
        if (!pw_build_entry_seize(&entry)) {
            (void)rmdir(entry.directory); /* succeeds where it was made and nothing put in */
            continue;
        }
        /* while nobody had it locked it may have been finished */
        if (i >= PW_BUILD_KEPT || !pw_path_exists(entry.complete)) {
            const int dropped = pw_build_entry_drop(&entry, is_ours ? git : NULL, NULL);
            (void)dropped; /* what resists stays */
        }
        pw_build_entry_unlock(&entry);
    }
    return status;
}

static int clean_logs(const struct pw_build_cache *cache, struct pw_arena *arena)
{
    struct listing logs = {NULL, 0, 0};
    int status = list(cache->logs, "", arena, &logs);

    for (size_t i = LOGS_KEPT; i < logs.count && status == PW_OK; i++) {
        const char *path = pw_arena_printf(arena, "%s/%s", cache->logs, logs.items[i].name);
        const int removed = path == NULL ? PW_OK : pw_build_remove(path, NULL);
        (void)removed;
        status = path == NULL ? PW_ENOMEM : PW_OK;
    }
    return status;
}

int pw_build_clean(struct pw_git *git, const struct pw_build_cache *cache,
                   const struct pw_build_key *key, struct pw_error *err)
{
    struct pw_arena arena = {NULL};
    int status = clean_entries(git, cache, key, &arena);

    if (status == PW_OK) {
        status = clean_logs(cache, &arena);
    }
    pw_arena_release(&arena);
    return status == PW_OK ? PW_OK : pw_error_set_no_memory(err);
}

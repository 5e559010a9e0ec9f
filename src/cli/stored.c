/* From a word to stored results. */
#include "stored.h"

#include <stdlib.h>
#include <string.h>

static bool has_name(const struct pw_store_entry *entry, const char *word)
{
    return strcmp(entry->run_id, word) == 0 || strcmp(entry->path, word) == 0;
}

static bool is_name(const struct pw_store_listing *listing, const char *word)
{
    for (size_t i = 0; i < listing->count; i++) {
        if (has_name(&listing->entries[i], word)) {
            return true;
        }
    }
    return false;
}

/* Run ids begin with the time, so their order is the order in which results were made. */
static int newest_first(const void *a, const void *b)
{
    const struct pw_store_entry *left = a;
    const struct pw_store_entry *right = b;
    return strcmp(right->run_id, left->run_id);
}

int pw_stored_select(const struct pw_project *project, struct pw_store_listing *listing,
                     const char *word, const char *environment, struct pw_stored_selection *out,
                     struct pw_error *err)
{
    char commit[PW_OID_SIZE] = "";
    const bool by_name = word != NULL && is_name(listing, word);
    if (word != NULL && !by_name) {
        const int status = pw_git_resolve(project->git, word, commit, err);
        if (status != PW_OK) {
            return status;
        }
    }
    struct pw_store_entry *picked =
        pw_arena_array(&listing->arena, listing->count, sizeof(*picked));
    if (picked == NULL) {
        return pw_error_set_no_memory(err);
    }
    size_t count = 0;
    for (size_t i = 0; i < listing->count; i++) {
        const struct pw_store_entry *entry = &listing->entries[i];
        const bool is_named = word == NULL || (by_name && has_name(entry, word)) ||
                              (!by_name && strcmp(entry->commit, commit) == 0);
        if (is_named && (environment == NULL || strcmp(entry->environment_id, environment) == 0)) {
            picked[count++] = *entry;
        }
    }
    if (count > 1) {
        qsort(picked, count, sizeof(*picked), newest_first);
    }
    *out = (struct pw_stored_selection){.entries = picked, .count = count};
    return PW_OK;
}

static const struct pw_store_entry *preferred(const struct pw_stored_selection *selection,
                                              const char *prefer)
{
    for (size_t i = 0; prefer != NULL && i < selection->count; i++) {
        if (strcmp(selection->entries[i].environment_id, prefer) == 0) {
            return &selection->entries[i];
        }
    }
    return &selection->entries[0];
}

int pw_stored_load(const struct pw_project *project, const char *word, const char *prefer,
                   const char *only, struct pw_result *out, struct pw_error *err)
{
    struct pw_store_listing listing = {0};
    struct pw_stored_selection selection = {0};
    int status = pw_store_list(project->store, &listing, err);
    if (status == PW_OK) {
        status = pw_stored_select(project, &listing, word, only, &selection, err);
    }
    if (status == PW_OK && selection.count == 0) {
        status = pw_error_set(
            err, PW_ENOTFOUND,
            "nothing is stored for '%s' in '%s'; 'perfwarden baseline list' shows what is", word,
            pw_store_location(project->store));
    }
    if (status == PW_OK) {
        status = pw_store_read(project->store, preferred(&selection, prefer), out, err);
    }
    pw_store_listing_release(&listing);
    return status;
}

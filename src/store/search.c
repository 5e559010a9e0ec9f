/*
 * The measurements a commit is compared with: results of one environment among its ancestors,
 * nearest first. The names of all results are loaded once; only comparable ones are read.
 */
#include "internal.h"

#include <string.h>

/* The entries of one commit: a run of neighbours in the sorted listing. */
struct group {
    const struct pw_store_entry *first;
    size_t count;
};

/* One search under way. */
struct search {
    struct pw_store *store;
    const char *environment_id;
    size_t max_sessions;
    const struct pw_store_listing *listing;
    size_t unseen; /**< stored commits that the walk has not passed */
    const struct pw_store_entry *nearest_other;
    size_t session_capacity;
    size_t damage_capacity;
    struct pw_store_search found;
    int status; /**< a visitor can stop a walk but not fail: what made it stop */
    struct pw_error *err;
};

void pw_store_search_release(struct pw_store_search *search)
{
    for (size_t i = 0; i < search->session_count; i++) {
        pw_result_release(&search->sessions[i]);
    }
    pw_arena_release(&search->arena);
    memset(search, 0, sizeof(*search));
}

/* The first entry that is not before a commit. */
static size_t lower_bound(const struct pw_store_listing *listing, const char *commit)
{
    size_t low = 0;
    size_t high = listing->count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (strcmp(listing->entries[middle].commit, commit) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static struct group find_group(const struct pw_store_listing *listing, const char *commit)
{
    const size_t first = lower_bound(listing, commit);
    size_t end = first;

    while (end < listing->count && strcmp(listing->entries[end].commit, commit) == 0) {
        end++;
    }
    return (struct group){
        .first = listing->count == 0 ? NULL : &listing->entries[first],
        .count = end - first,
    };
}

static size_t count_commits(const struct pw_store_listing *listing)
{
    size_t count = 0;

    for (size_t i = 0; i < listing->count; i++) {
        count += i == 0 || strcmp(listing->entries[i].commit, listing->entries[i - 1].commit) != 0;
    }
    return count;
}

static int add_damage(struct search *search, const struct pw_store_entry *entry,
                      const struct pw_error *failure)
{
    struct pw_arena *arena = &search->found.arena;
    struct pw_store_damage *damage =
        pw_arena_grow(arena, search->found.damage, search->found.damage_count,
                      &search->damage_capacity, sizeof(*damage));

    if (damage == NULL) {
        return pw_error_set_no_memory(search->err);
    }
    search->found.damage = damage;
    damage += search->found.damage_count;
    damage->path = pw_arena_strdup(arena, entry->path);
    damage->message = pw_arena_strdup(arena, pw_error_message(failure));
    if (damage->path == NULL || damage->message == NULL) {
        return pw_error_set_no_memory(search->err);
    }
    search->found.damage_count++;
    return PW_OK;
}

/* One damaged result must not hide the others; being out of memory is no damage. */
static int add_session(struct search *search, const struct pw_store_entry *entry)
{
    struct pw_error failure = PW_ERROR_INIT;
    struct pw_result *sessions =
        pw_arena_grow(&search->found.arena, search->found.sessions, search->found.session_count,
                      &search->session_capacity, sizeof(*sessions));

    if (sessions == NULL) {
        return pw_error_set_no_memory(search->err);
    }
    search->found.sessions = sessions;
    int status =
        pw_store_read(search->store, entry, &sessions[search->found.session_count], &failure);
    if (status == PW_OK) {
        search->found.session_count++;
    } else if (status == PW_ENOMEM) {
        (void)pw_error_set_no_memory(search->err);
    } else {
        status = add_damage(search, entry, &failure);
    }
    pw_error_release(&failure);
    return status;
}

/* Of the nearest commit measured elsewhere, the latest result. */
static void remember_other(struct search *search, const struct pw_store_entry *entry)
{
    const struct pw_store_entry *other = search->nearest_other;

    if (other == NULL ||
        (strcmp(entry->commit, other->commit) == 0 && strcmp(entry->run_id, other->run_id) > 0)) {
        search->nearest_other = entry;
    }
}

static int take_group(struct search *search, const struct group *group)
{
    /* run ids sort by time: from the end, the newest comes first */
    for (size_t i = group->count; i > 0; i--) {
        const struct pw_store_entry *entry = &group->first[i - 1];
        if (strcmp(entry->environment_id, search->environment_id) != 0) {
            remember_other(search, entry);
            continue;
        }
        if (search->found.session_count == search->max_sessions) {
            break;
        }
        const int status = add_session(search, entry);
        if (status != PW_OK) {
            return status;
        }
    }
    return PW_OK;
}

static bool visit(void *context, const char *commit)
{
    struct search *search = context;
    const struct group group = find_group(search->listing, commit);

    if (group.count == 0) {
        return true;
    }
    search->unseen--;
    search->status = take_group(search, &group);
    return search->status == PW_OK && search->unseen > 0 &&
           search->found.session_count < search->max_sessions;
}

static int copy_facts(struct pw_store_search *found, const struct pw_environment *environment,
                      struct pw_error *err)
{
    struct pw_environment_fact *facts =
        pw_arena_array(&found->arena, environment->fact_count, sizeof(*facts));

    if (facts == NULL) {
        return pw_error_set_no_memory(err);
    }
    for (size_t i = 0; i < environment->fact_count; i++) {
        facts[i].name = pw_arena_strdup(&found->arena, environment->facts[i].name);
        facts[i].value = pw_arena_strdup(&found->arena, environment->facts[i].value);
        facts[i].is_identity = environment->facts[i].is_identity;
        if (facts[i].name == NULL || facts[i].value == NULL) {
            return pw_error_set_no_memory(err);
        }
    }
    found->other_facts = facts;
    found->other_fact_count = environment->fact_count;
    return PW_OK;
}

/* Which machine was measured instead; its facts only if its result can be read. */
static int describe_other(struct search *search)
{
    struct pw_error failure = PW_ERROR_INIT;
    struct pw_result result = {0};
    int status = PW_OK;

    search->found.nearest_other_environment =
        pw_arena_strdup(&search->found.arena, search->nearest_other->environment_id);
    if (search->found.nearest_other_environment == NULL) {
        return pw_error_set_no_memory(search->err);
    }
    if (pw_store_read(search->store, search->nearest_other, &result, &failure) == PW_OK) {
        status = copy_facts(&search->found, &result.environment, search->err);
        pw_result_release(&result);
    }
    pw_error_release(&failure);
    return status;
}

/* What follows from the sessions found, or from there being none. */
static int conclude(struct search *search, const char *from)
{
    struct pw_store_search *found = &search->found;

    if (found->session_count > 0) {
        memcpy(found->commit, found->sessions[0].commit, sizeof(found->commit));
        return pw_git_distance(search->store->git, from, found->commit, &found->distance,
                               search->err);
    }
    return search->nearest_other == NULL ? PW_OK : describe_other(search);
}

int pw_store_find(struct pw_store *store, const char *from, const char *environment_id,
                  size_t max_sessions, struct pw_store_search *out, struct pw_error *err)
{
    struct pw_store_listing listing = {0};
    struct search search = {
        .store = store,
        .environment_id = environment_id,
        .max_sessions = max_sessions,
        .listing = &listing,
        .found = {.walk_end = PW_WALK_STOPPED},
        .err = err,
    };

    if (store->git == NULL) {
        return pw_error_set(err, PW_EINVAL, "ancestors cannot be searched without a repository");
    }
    int status = pw_store_list(store, &listing, err);
    if (status != PW_OK) {
        return status;
    }
    search.unseen = count_commits(&listing);
    if (search.unseen > 0 && max_sessions > 0) {
        status = pw_git_walk(store->git, from, visit, &search, &search.found.walk_end, err);
    }
    if (status == PW_OK) {
        status = search.status;
    }
    if (status == PW_OK) {
        status = conclude(&search, from);
    }
    if (status == PW_OK) {
        *out = search.found;
    } else {
        pw_store_search_release(&search.found);
    }
    pw_store_listing_release(&listing);
    return status;
}

/*
 * The measurements a commit is compared with: results of one environment among its ancestors,
 * nearest first. Of what is stored only the directories of the commits that the walk meets are
 * looked at, and only comparable results are read.
 */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

#include "stored_commits.h"

/* What was measured nearest on another machine. */
struct other {
    char environment_id[PW_STORE_ENVIRONMENT_LENGTH + 1]; /**< "" for nothing */
    char commit[PW_OID_SIZE];
    char run_id[PW_RUN_ID_SIZE]; /**< "" when its directory could not be read */
    unsigned char id[PW_GIT_ID_BYTES];
};

/* One search under way. */
struct search {
    struct pw_store *store;
    const char *environment_id;
    size_t max_sessions;
    struct pw_stored_commits stored;
    struct other other;
    size_t session_capacity;
    size_t damage_capacity;
    struct pw_store_search found;
    int status; /**< a visitor can stop a walk but not fail: what made it stop */
    struct pw_error *err;
};

/* A name in a directory, and its object. */
struct name {
    char text[PW_STORE_RUN_NAME_SIZE];
    unsigned char id[PW_GIT_ID_BYTES];
};

/* The names in one directory. Zero-initialised is valid and empty. */
struct names {
    struct name *items;
    size_t count;
    size_t capacity;
    struct pw_arena arena;
};

void pw_store_search_release(struct pw_store_search *search)
{
    for (size_t i = 0; i < search->session_count; i++) {
        pw_result_release(&search->sessions[i]);
    }
    pw_arena_release(&search->arena);
    memset(search, 0, sizeof(*search));
}

static int add_name(void *context, const char *name, const unsigned char id[PW_GIT_ID_BYTES],
                    struct pw_error *err)
{
    struct names *names = context;
    struct name *items = pw_arena_grow(&names->arena, names->items, names->count, &names->capacity,
                                       sizeof(*names->items));

    if (items == NULL) {
        return pw_error_set_no_memory(err);
    }
    names->items = items;
    /* names that fit the tree have a length */
    memcpy(items[names->count].text, name, strlen(name) + 1);
    memcpy(items[names->count].id, id, PW_GIT_ID_BYTES);
    names->count++;
    return PW_OK;
}

/* Run ids begin with the time: the newest comes first. */
static int compare_names(const void *a, const void *b)
{
    const struct name *first = a;
    const struct name *second = b;

    return strcmp(second->text, first->text);
}

/* The names in <commit>/<below>, from the last to the first; `below` is "" or an environment. */
static int list_names(const struct search *search, const char *commit, const char *below,
                      const unsigned char id[PW_GIT_ID_BYTES], struct names *out,
                      struct pw_error *err)
{
    const enum pw_store_level level = *below == '\0' ? PW_STORE_ENVIRONMENT : PW_STORE_RUN;
    char path[PW_STORE_PATH_SIZE];
    struct pw_store_node node = {.path = path};

    pw_store_path_join(commit, below, "", path);
    memcpy(node.id, id, PW_GIT_ID_BYTES);
    const int status = search->store->home->names(search->store, &node, level, add_name, out, err);
    if (status == PW_OK && out->count > 1) {
        qsort(out->items, out->count, sizeof(*out->items), compare_names);
    }
    return status;
}

/* Read one result by its names. */
static int read_session(const struct search *search, const char *commit, const char *environment_id,
                        const struct name *run, struct pw_result *out, struct pw_error *err)
{
    char path[PW_STORE_PATH_SIZE];
    char run_id[PW_RUN_ID_SIZE] = "";
    struct pw_store_node node = {.path = path};
    const struct pw_store_entry entry = {
        .commit = commit, .environment_id = environment_id, .run_id = run_id, .path = path};

    pw_store_path_join(commit, environment_id, run->text, path);
    memcpy(run_id, run->text, PW_STORE_RUN_LENGTH);
    memcpy(node.id, run->id, PW_GIT_ID_BYTES);
    return pw_store_read_lean(search->store, &entry, &node, out, err);
}

static int add_damage(struct search *search, const char *commit, const char *run,
                      const struct pw_error *failure)
{
    struct pw_arena *arena = &search->found.arena;
    char path[PW_STORE_PATH_SIZE];
    struct pw_store_damage *damage =
        pw_arena_grow(arena, search->found.damage, search->found.damage_count,
                      &search->damage_capacity, sizeof(*damage));

    if (damage == NULL) {
        return pw_error_set_no_memory(search->err);
    }
    search->found.damage = damage;
    damage += search->found.damage_count;
    pw_store_path_join(commit, search->environment_id, run, path);
    damage->path = pw_arena_strdup(arena, path);
    damage->message = pw_arena_strdup(arena, pw_error_message(failure));
    if (damage->path == NULL || damage->message == NULL) {
        return pw_error_set_no_memory(search->err);
    }
    search->found.damage_count++;
    return PW_OK;
}

/* One damaged result must not hide the others; being out of memory is no damage. */
static int add_session(struct search *search, const char *commit, const struct name *run)
{
    struct pw_error failure = PW_ERROR_INIT;
    struct pw_result *sessions =
        pw_arena_grow(&search->found.arena, search->found.sessions, search->found.session_count,
                      &search->session_capacity, sizeof(*sessions));

    if (sessions == NULL) {
        return pw_error_set_no_memory(search->err);
    }
    search->found.sessions = sessions;
    int status = read_session(search, commit, search->environment_id, run,
                              &sessions[search->found.session_count], &failure);
    if (status == PW_OK) {
        search->found.session_count++;
    } else if (status == PW_ENOMEM) {
        (void)pw_error_set_no_memory(search->err);
    } else {
        status = add_damage(search, commit, run->text, &failure);
    }
    pw_error_release(&failure);
    return status;
}

static int take_sessions(struct search *search, const struct pw_stored_commit *at,
                         const struct name *environment)
{
    struct names runs = {0};
    int status =
        list_names(search, at->commit, environment->text, environment->id, &runs, search->err);

    for (size_t i = 0;
         status == PW_OK && i < runs.count && search->found.session_count < search->max_sessions;
         i++) {
        status = add_session(search, at->commit, &runs.items[i]);
    }
    pw_arena_release(&runs.arena);
    return status;
}

static void set_other(struct other *other, const char *commit, const struct name *environment,
                      const struct name *run)
{
    memset(other, 0, sizeof(*other));
    memcpy(other->commit, commit, sizeof(other->commit));
    memcpy(other->environment_id, environment->text, sizeof(other->environment_id));
    if (run != NULL) {
        memcpy(other->run_id, run->text, PW_STORE_RUN_LENGTH);
        memcpy(other->id, run->id, PW_GIT_ID_BYTES);
    }
}

/* Of the nearest commit measured elsewhere, the latest result. Another machine's results that
 * cannot be read were stored nevertheless. */
static int remember_other(struct search *search, const struct pw_stored_commit *at,
                          const struct name *environment)
{
    struct pw_error failure = PW_ERROR_INIT;
    struct names runs = {0};
    struct other *other = &search->other;
    int status =
        list_names(search, at->commit, environment->text, environment->id, &runs, &failure);
    const bool is_first = other->environment_id[0] == '\0';

    if (status == PW_ENOMEM) {
        (void)pw_error_set_no_memory(search->err);
    } else if (status != PW_OK) {
        status = PW_OK;
        if (is_first) {
            set_other(other, at->commit, environment, NULL);
        }
    } else if (runs.count > 0 &&
               strncmp(runs.items[0].text, other->run_id, PW_STORE_RUN_LENGTH) > 0) {
        set_other(other, at->commit, environment, &runs.items[0]);
    }
    pw_error_release(&failure);
    pw_arena_release(&runs.arena);
    return status;
}

/* Other machines matter only as long as nothing comparable was found. */
static int take_commit(struct search *search, const struct pw_stored_commit *at)
{
    const bool has_other = search->other.environment_id[0] != '\0';
    struct names environments = {0};
    int status = list_names(search, at->commit, "", at->id, &environments, search->err);

    for (size_t i = 0; status == PW_OK && i < environments.count; i++) {
        const struct name *environment = &environments.items[i];
        if (strcmp(environment->text, search->environment_id) == 0) {
            status = take_sessions(search, at, environment);
        } else if (!has_other && search->found.session_count == 0) {
            status = remember_other(search, at, environment);
        }
    }
    pw_arena_release(&environments.arena);
    return status;
}

static bool visit(void *context, const char *commit)
{
    struct search *search = context;
    const struct pw_stored_commit *at = NULL;
    bool has_more = false;

    search->status = pw_stored_commits_pass(&search->stored, commit, &at, search->err);
    if (search->status == PW_OK && at != NULL) {
        search->status = take_commit(search, at);
    }
    if (search->status == PW_OK && search->found.session_count < search->max_sessions) {
        search->status = pw_stored_commits_has_more(&search->stored, &has_more, search->err);
    }
    return search->status == PW_OK && has_more;
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
    const struct other *other = &search->other;
    struct pw_error failure = PW_ERROR_INIT;
    struct pw_result result = {0};
    struct name run = {.text = ""};
    int status = PW_OK;

    search->found.nearest_other_environment =
        pw_arena_strdup(&search->found.arena, other->environment_id);
    if (search->found.nearest_other_environment == NULL) {
        return pw_error_set_no_memory(search->err);
    }
    if (other->run_id[0] == '\0') {
        return PW_OK;
    }
    pw_store_run_name(other->run_id, run.text);
    memcpy(run.id, other->id, PW_GIT_ID_BYTES);
    if (read_session(search, other->commit, other->environment_id, &run, &result, &failure) ==
        PW_OK) {
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
    return search->other.environment_id[0] == '\0' ? PW_OK : describe_other(search);
}

static int walk(struct search *search, const char *from, struct pw_error *err)
{
    int status = pw_stored_commits_open(&search->stored, search->store, err);

    if (status == PW_OK && search->stored.has_fans && search->max_sessions > 0) {
        status = pw_git_walk(search->store->git, from, visit, search, &search->found.walk_end, err);
    }
    return status == PW_OK ? search->status : status;
}

int pw_store_find(struct pw_store *store, const char *from, const char *environment_id,
                  size_t max_sessions, struct pw_store_search *out, struct pw_error *err)
{
    if (store->git == NULL) {
        return pw_error_set(err, PW_EINVAL, "ancestors cannot be searched without a repository");
    }
    struct search *search = calloc(1, sizeof(*search));
    if (search == NULL) {
        return pw_error_set_no_memory(err);
    }
    search->store = store;
    search->environment_id = environment_id;
    search->max_sessions = max_sessions;
    search->found.walk_end = PW_WALK_STOPPED;
    search->err = err;
    int status = walk(search, from, err);
    if (status == PW_OK) {
        status = conclude(search, from);
    }
    if (status == PW_OK) {
        *out = search->found;
    } else {
        pw_store_search_release(&search->found);
    }
    pw_stored_commits_release(&search->stored);
    free(search);
    return status;
}

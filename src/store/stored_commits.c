/*
 * Which commits have something stored, by the upper two levels of the tree:
 *
 *      root ──► 2f ──► 2f1c…40 digits ──► (environments: not looked at here)
 *
 * A fan is read when a commit that would lie in it is asked for: a search that ends near its start
 * reads a few of them, one that goes far all 256, and none reads what lies below a commit that it
 * does not meet.
 */
#include "stored_commits.h"

#include <stdlib.h>
#include <string.h>

static size_t digit_value(char digit)
{
    return (size_t)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

/* The fan of a name whose first digits were checked to be such. */
static size_t fan_index(const char *name)
{
    return digit_value(name[0]) * 16 + digit_value(name[1]);
}

static void fan_name(size_t index, char out[PW_STORE_FAN_LENGTH + 1])
{
    static const char digits[] = "0123456789abcdef";

    out[0] = digits[index / 16];
    out[1] = digits[index % 16];
    out[2] = '\0';
}

static int add_fan(void *context, const char *name, const unsigned char id[PW_GIT_ID_BYTES],
                   struct pw_error *err)
{
    struct pw_stored_commits *commits = context;
    struct pw_store_fan *fan = &commits->fans[fan_index(name)];

    (void)err;
    commits->has_fans = true;
    fan->is_there = true;
    memcpy(fan->id, id, PW_GIT_ID_BYTES);
    return PW_OK;
}

int pw_stored_commits_open(struct pw_stored_commits *commits, const struct pw_store *store,
                           struct pw_error *err)
{
    struct pw_store_node root;
    bool is_there = false;

    memset(commits, 0, sizeof(*commits));
    commits->store = store;
    const int status = store->home->root(store, &root, &is_there, err);
    if (status != PW_OK || !is_there) {
        return status;
    }
    return store->home->names(store, &root, PW_STORE_FAN, add_fan, commits, err);
}

void pw_stored_commits_release(struct pw_stored_commits *commits)
{
    pw_arena_release(&commits->arena);
    memset(commits, 0, sizeof(*commits));
}

/* A fan that is being read. */
struct loading {
    struct pw_stored_commits *commits;
    struct pw_store_fan *fan;
    const char *name;
};

static int add_commit(void *context, const char *name, const unsigned char id[PW_GIT_ID_BYTES],
                      struct pw_error *err)
{
    struct loading *loading = context;
    struct pw_store_fan *fan = loading->fan;

    if (strncmp(name, loading->name, PW_STORE_FAN_LENGTH) != 0) {
        return PW_OK;
    }
    struct pw_stored_commit *grown = pw_arena_grow(
        &loading->commits->arena, fan->commits, fan->count, &fan->capacity, sizeof(*fan->commits));
    if (grown == NULL) {
        return pw_error_set_no_memory(err);
    }
    fan->commits = grown;
    memcpy(grown[fan->count].commit, name, PW_OID_SIZE);
    memcpy(grown[fan->count].id, id, PW_GIT_ID_BYTES);
    fan->count++;
    return PW_OK;
}

static int compare_commits(const void *a, const void *b)
{
    const struct pw_stored_commit *first = a;
    const struct pw_stored_commit *second = b;

    return strcmp(first->commit, second->commit);
}

static int load_fan(struct pw_stored_commits *commits, size_t index, struct pw_error *err)
{
    struct pw_store_fan *fan = &commits->fans[index];
    char name[PW_STORE_FAN_LENGTH + 1];
    struct pw_store_node node = {.path = name};
    struct loading loading = {.commits = commits, .fan = fan, .name = name};

    if (!fan->is_there || fan->is_known) {
        return PW_OK;
    }
    fan_name(index, name);
    memcpy(node.id, fan->id, PW_GIT_ID_BYTES);
    const int status = commits->store->home->names(commits->store, &node, PW_STORE_COMMIT,
                                                   add_commit, &loading, err);
    if (status != PW_OK) {
        return status;
    }
    if (fan->count > 1) {
        qsort(fan->commits, fan->count, sizeof(*fan->commits), compare_commits);
    }
    fan->is_known = true;
    commits->unpassed += fan->count;
    return PW_OK;
}

int pw_stored_commits_pass(struct pw_stored_commits *commits, const char *commit,
                           const struct pw_stored_commit **out, struct pw_error *err)
{
    const size_t index = fan_index(commit);
    const struct pw_store_fan *fan = &commits->fans[index];
    struct pw_stored_commit key;
    const int status = load_fan(commits, index, err);

    if (status != PW_OK) {
        return status;
    }
    *out = NULL;
    if (fan->count > 0) {
        memcpy(key.commit, commit, sizeof(key.commit));
        *out = bsearch(&key, fan->commits, fan->count, sizeof(key), compare_commits);
        commits->unpassed -= *out != NULL;
    }
    return PW_OK;
}

int pw_stored_commits_has_more(struct pw_stored_commits *commits, bool *out, struct pw_error *err)
{
    while (commits->unpassed == 0 && commits->first_unknown < PW_STORE_FANS) {
        const int status = load_fan(commits, commits->first_unknown, err);
        if (status != PW_OK) {
            return status;
        }
        commits->first_unknown++;
    }
    *out = commits->unpassed > 0;
    return PW_OK;
}

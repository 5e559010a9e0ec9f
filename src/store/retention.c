/*
 * Which stored results are kept. A rule only ever keeps: what no rule speaks for goes, but never
 * the newest of an environment, so that no machine is left without a baseline. What cannot be read
 * is none, whatever its place; and a time in the future, or a commit of another clone, is no reason
 * to let the last one go that comparisons here can use.
 */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

#include "perfwarden/util/text.h"

#define SECONDS_PER_DAY INT64_C(86400)
/* As many sessions as a stored comparison uses. */
#define SESSIONS_MAX 20

/* One judgement under way. */
struct judgement {
    struct pw_store *store;
    const struct pw_store_listing *listing;
    const struct pw_keep_config *keep;
    struct pw_store_retention kept;
    size_t *environments; /**< of each entry, as an index */
    int64_t now_s;
    size_t environment_count;
    size_t *used; /**< sessions of each environment that the walk under way has passed */
    size_t full;  /**< how many of those are SESSIONS_MAX */
    const struct pw_strings *patterns; /**< of the refs being visited */
    const char *ref_word;              /**< "tag" or "branch", for messages */
    enum pw_store_keep reason;
};

static const char *const keep_names[PW_KEEP_COUNT_OF] = {
    [PW_KEEP_NOT] = "",          [PW_KEEP_DAYS] = "days",     [PW_KEEP_COUNT] = "count",
    [PW_KEEP_TAG] = "tag",       [PW_KEEP_BRANCH] = "branch", [PW_KEEP_UNKNOWN] = "unknown_commit",
    [PW_KEEP_NEWEST] = "newest",
};

const char *pw_store_keep_name(enum pw_store_keep reason)
{
    return keep_names[reason];
}

void pw_store_retention_release(struct pw_store_retention *retention)
{
    pw_arena_release(&retention->arena);
    memset(retention, 0, sizeof(*retention));
}

static void mark(struct judgement *judgement, size_t index, enum pw_store_keep reason)
{
    if (judgement->kept.reasons[index] == PW_KEEP_NOT) {
        judgement->kept.reasons[index] = reason;
    }
}

/* An entry's place in the listing beside what it is sorted by. */
struct ranked {
    const struct pw_store_entry *entry;
    size_t index;
};

/* By environment, the newest first: run ids sort by time. */
static int compare_ranked(const void *a, const void *b)
{
    const struct pw_store_entry *first = ((const struct ranked *)a)->entry;
    const struct pw_store_entry *second = ((const struct ranked *)b)->entry;
    const int order = strcmp(first->environment_id, second->environment_id);

    return order != 0 ? order : strcmp(second->run_id, first->run_id);
}

static struct ranked *rank(struct judgement *judgement)
{
    const struct pw_store_listing *listing = judgement->listing;
    struct ranked *ranked = pw_arena_array(&judgement->kept.arena, listing->count, sizeof(*ranked));

    for (size_t i = 0; ranked != NULL && i < listing->count; i++) {
        ranked[i] = (struct ranked){&listing->entries[i], i};
    }
    if (ranked != NULL) {
        qsort(ranked, listing->count, sizeof(*ranked), compare_ranked);
    }
    return ranked;
}

/* A clock may be wrong by a zone, but no result is of tomorrow. */
static bool is_future(const struct judgement *judgement, const struct pw_store_entry *entry)
{
    return pw_run_id_wall_s(entry->run_id) > judgement->now_s + SECONDS_PER_DAY;
}

/* Only running out of memory is a failure: whatever else hides a result, it is no baseline. */
static int probe(struct judgement *judgement, const struct pw_store_entry *entry, bool *is_readable,
                 struct pw_error *err)
{
    struct pw_result result = {0};
    int status = pw_store_check_interrupt(judgement->store, err);

    if (status != PW_OK) {
        return status;
    }
    status = pw_store_read(judgement->store, entry, &result, NULL);
    if (status == PW_ENOMEM) {
        return pw_error_set_no_memory(err);
    }
    *is_readable = status == PW_OK;
    if (status == PW_OK) {
        pw_result_release(&result);
    }
    return PW_OK;
}

/* Whether the clone has a commit; without git there is none to lack. */
static int look_up(struct judgement *judgement, const char *commit, bool *is_known,
                   struct pw_error *err)
{
    struct pw_strbuf subject = PW_STRBUF_INIT;
    struct pw_error failure = PW_ERROR_INIT;
    int status = pw_store_check_interrupt(judgement->store, &failure);

    if (status == PW_OK && judgement->store->git != NULL) {
        status = pw_git_subject(judgement->store->git, commit, &subject, &failure);
    }
    *is_known = status == PW_OK;
    if (status == PW_ENOTFOUND) {
        status = PW_OK;
    } else if (status != PW_OK) {
        pw_error_move(err, &failure);
    }
    pw_error_release(&failure);
    pw_strbuf_release(&subject);
    return status;
}

/* Age and number; and which environment each entry is of. Only those are read that would get one
 * of the places: what is damaged or of the future gets none. */
static int judge_ranks(struct judgement *judgement, const struct ranked *ranked,
                       struct pw_error *err)
{
    const struct pw_keep_config *keep = judgement->keep;
    const int64_t oldest_s = judgement->now_s - (int64_t)keep->days * SECONDS_PER_DAY;
    size_t places = 0;
    int status = PW_OK;

    for (size_t i = 0; i < judgement->listing->count && status == PW_OK; i++) {
        const struct pw_store_entry *entry = ranked[i].entry;
        const bool is_first =
            i == 0 || strcmp(entry->environment_id, ranked[i - 1].entry->environment_id) != 0;
        places = is_first ? keep->count : places;
        judgement->environment_count += is_first;
        judgement->environments[ranked[i].index] = judgement->environment_count - 1;
        if (keep->days > 0 && pw_run_id_wall_s(entry->run_id) >= oldest_s) {
            mark(judgement, ranked[i].index, PW_KEEP_DAYS);
        }
        if (places > 0 && !is_future(judgement, entry)) {
            bool is_readable = false;
            status = probe(judgement, entry, &is_readable, err);
            if (is_readable) {
                mark(judgement, ranked[i].index, PW_KEEP_COUNT);
                places--;
            }
        }
    }
    return status;
}

/* How much of a baseline a result is. */
enum { OF_KNOWN_COMMIT = 1, OF_THE_PAST = 2, READABLE = 4, ALL_OF_IT = 7 };

/* Looks only as far as it must to tell whether the result is worth more than `best`. */
static int weigh(struct judgement *judgement, const struct pw_store_entry *entry, int best,
                 int *worth, struct pw_error *err)
{
    bool is_readable = false;
    bool is_known = false;
    int status = look_up(judgement, entry->commit, &is_known, err);

    *worth = (is_known ? OF_KNOWN_COMMIT : 0) | (is_future(judgement, entry) ? 0 : OF_THE_PAST);
    if (status == PW_OK && (*worth | READABLE) > best) {
        status = probe(judgement, entry, &is_readable, err);
    }
    *worth |= is_readable ? READABLE : 0;
    return status;
}

/* Of each environment the newest of those that are the most of a baseline. */
static int keep_newest(struct judgement *judgement, const struct ranked *ranked,
                       struct pw_error *err)
{
    const size_t count = judgement->listing->count;
    int status = PW_OK;

    for (size_t i = 0; i < count && status == PW_OK;) {
        const size_t environment = judgement->environments[ranked[i].index];
        size_t newest = ranked[i].index;
        int best = -1;
        for (; i < count && judgement->environments[ranked[i].index] == environment; i++) {
            int worth = -1;
            if (status == PW_OK && best < ALL_OF_IT) {
                status = weigh(judgement, ranked[i].entry, best, &worth, err);
            }
            newest = worth > best ? ranked[i].index : newest;
            best = worth > best ? worth : best;
        }
        mark(judgement, newest, PW_KEEP_NEWEST);
    }
    return status;
}

/* The first entry of the listing that is not before a commit. */
static size_t find_commit(const struct pw_store_listing *listing, const char *commit)
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

/* The same sessions as pw_store_find() takes: of each environment the nearest, and of a commit the
 * newest first. */
static bool visit_commit(void *context, const char *commit)
{
    struct judgement *judgement = context;
    const struct pw_store_listing *listing = judgement->listing;
    const size_t first = find_commit(listing, commit);
    size_t end = first;

    while (end < listing->count && strcmp(listing->entries[end].commit, commit) == 0) {
        end++;
    }
    for (size_t i = end; i > first; i--) {
        size_t *used = &judgement->used[judgement->environments[i - 1]];
        if (*used < SESSIONS_MAX) {
            mark(judgement, i - 1, judgement->reason);
            judgement->full += ++*used == SESSIONS_MAX;
        }
    }
    return pw_store_check_interrupt(judgement->store, NULL) == PW_OK &&
           judgement->full < judgement->environment_count;
}

static bool is_wanted(const struct pw_strings *patterns, const char *name)
{
    for (size_t i = 0; i < patterns->count; i++) {
        if (pw_glob_match(patterns->items[i], name)) {
            return true;
        }
    }
    return false;
}

static int visit_ref(void *context, const char *name, const char *commit, struct pw_error *err)
{
    struct judgement *judgement = context;
    enum pw_git_walk_end end = PW_WALK_STOPPED;

    if (!is_wanted(judgement->patterns, name)) {
        return PW_OK;
    }
    *(judgement->reason == PW_KEEP_TAG ? &judgement->kept.tag_count
                                       : &judgement->kept.branch_count) += 1;
    memset(judgement->used, 0, judgement->environment_count * sizeof(*judgement->used));
    judgement->full = 0;
    int status = pw_git_walk(judgement->store->git, commit, visit_commit, judgement, &end, err);
    if (status == PW_OK) {
        status = pw_store_check_interrupt(judgement->store, err);
    }
    if (status == PW_OK && end == PW_WALK_SHALLOW) {
        return pw_error_set(err, PW_EGIT,
                            "what %s '%s' is compared with cannot be told, because the clone is "
                            "shallow; set fetch-depth: 0 or run 'git fetch --unshallow'",
                            judgement->ref_word, name);
    }
    return status;
}

static int judge_refs(struct judgement *judgement, enum pw_git_ref_kind kind, struct pw_error *err)
{
    const bool is_tags = kind == PW_REFS_TAGS;

    judgement->patterns = is_tags ? &judgement->keep->tags : &judgement->keep->branches;
    judgement->ref_word = is_tags ? "tag" : "branch";
    judgement->reason = is_tags ? PW_KEEP_TAG : PW_KEEP_BRANCH;
    if (judgement->patterns->count == 0) {
        return PW_OK;
    }
    if (judgement->store->git == NULL) {
        return pw_error_set(err, PW_EINVAL, "tags and branches need a git repository");
    }
    return pw_git_ref_each(judgement->store->git, kind, visit_ref, judgement, err);
}

/* No ref of this clone can speak for a commit that it does not have. */
static int keep_unknown(struct judgement *judgement, struct pw_error *err)
{
    const struct pw_store_entry *entries = judgement->listing->entries;
    bool is_known = true;
    int status = PW_OK;

    for (size_t i = 0; i < judgement->listing->count && status == PW_OK; i++) {
        if (i == 0 || strcmp(entries[i].commit, entries[i - 1].commit) != 0) {
            status = look_up(judgement, entries[i].commit, &is_known, err);
        }
        if (status == PW_OK && !is_known) {
            mark(judgement, i, PW_KEEP_UNKNOWN);
        }
    }
    return status;
}

static int judge(struct judgement *judgement, struct pw_error *err)
{
    struct pw_arena *arena = &judgement->kept.arena;
    const size_t count = judgement->listing->count;

    judgement->kept.reasons = pw_arena_array(arena, count, sizeof(*judgement->kept.reasons));
    judgement->environments = pw_arena_array(arena, count, sizeof(*judgement->environments));
    judgement->used = pw_arena_array(arena, count, sizeof(*judgement->used));
    const struct ranked *ranked = rank(judgement);
    if (judgement->kept.reasons == NULL || judgement->environments == NULL ||
        judgement->used == NULL || ranked == NULL) {
        return pw_error_set_no_memory(err);
    }
    int status = judge_ranks(judgement, ranked, err);
    if (status == PW_OK) {
        status = judge_refs(judgement, PW_REFS_TAGS, err);
    }
    if (status == PW_OK) {
        status = judge_refs(judgement, PW_REFS_BRANCHES, err);
    }
    if (status == PW_OK && judgement->keep->days == 0 && judgement->keep->count == 0 &&
        judgement->store->git != NULL) {
        status = keep_unknown(judgement, err);
    }
    if (status == PW_OK) {
        status = keep_newest(judgement, ranked, err);
    }
    return status;
}

int pw_store_retain(struct pw_store *store, const struct pw_store_listing *listing,
                    const struct pw_keep_config *keep, int64_t now_s,
                    struct pw_store_retention *out, struct pw_error *err)
{
    struct judgement judgement = {.store = store, .listing = listing, .keep = keep, .now_s = now_s};
    const int status = listing->count == 0 ? PW_OK : judge(&judgement, err);

    if (status == PW_OK) {
        *out = judgement.kept;
    } else {
        pw_store_retention_release(&judgement.kept);
    }
    return status;
}

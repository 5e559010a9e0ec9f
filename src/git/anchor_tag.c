/*
 * The nearest tag in a commit's history, as `git describe` chooses it (builtin/describe.c).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "anchor.h"
#include "graph.h"
#include "perfwarden/util/text.h"

#define TAG_PREFIX "refs/tags/"
/** How many tagged commits are weighed against each other; git's own number. */
#define MAX_CANDIDATES 10
/** The mark of the first candidate; that of the next is twice as much. */
#define FIRST_CANDIDATE 8u
#define ALL_CANDIDATES  (((1u << MAX_CANDIDATES) - 1u) * FIRST_CANDIDATE)

_Static_assert(FIRST_CANDIDATE > PW_GRAPH_STALE, "the graph has marks of its own");

/** A tag and the commit it stands for in the end. */
struct tag {
    git_oid commit;
    const char *name;
    bool is_annotated;
    int64_t time_s; /**< when it was made, if annotated */
};

struct tags {
    struct pw_git *git;
    const char *pattern;
    struct pw_arena *arena;
    struct tag *items; /**< sorted by commit, the preferred one of each first */
    size_t count;
    size_t capacity;
};

/* One tag, if it stands for a commit that is there. Stops the iteration when out of memory only. */
static int add_tag(const char *ref, git_oid *target, void *context)
{
    struct tags *tags = context;
    const char *name = ref + strlen(TAG_PREFIX);
    git_object *object = NULL;
    git_object *commit = NULL;
    int code = 0;

    if (strncmp(ref, TAG_PREFIX, strlen(TAG_PREFIX)) != 0 || !pw_glob_match(tags->pattern, name)) {
        return 0;
    }
    if (git_object_lookup(&object, tags->git->repository, target, GIT_OBJECT_ANY) == 0 &&
        git_object_peel(&commit, object, GIT_OBJECT_COMMIT) == 0) {
        struct tag *items =
            pw_arena_grow(tags->arena, tags->items, tags->count, &tags->capacity, sizeof(*items));
        const char *copy = pw_arena_strdup(tags->arena, name);
        code = items == NULL || copy == NULL ? PW_ENOMEM : 0;
        if (code == 0) {
            struct tag tag = {.commit = *git_object_id(commit), .name = copy};
            tag.is_annotated = git_object_type(object) == GIT_OBJECT_TAG;
            if (tag.is_annotated && git_tag_tagger((git_tag *)object) != NULL) {
                tag.time_s = git_tag_tagger((git_tag *)object)->when.time;
            }
            tags->items = items;
            tags->items[tags->count++] = tag;
        }
    }
    git_object_free(commit);
    git_object_free(object);
    return code;
}

/* Of several tags of one commit an annotated one comes first, then the newer, as in git. */
static int compare_tags(const void *left, const void *right)
{
    const struct tag *a = left;
    const struct tag *b = right;
    const int order = git_oid_cmp(&a->commit, &b->commit);

    if (order != 0) {
        return order;
    }
    if (a->is_annotated != b->is_annotated) {
        return a->is_annotated ? -1 : 1;
    }
    if (a->time_s != b->time_s) {
        return a->time_s > b->time_s ? -1 : 1;
    }
    return strcmp(a->name, b->name);
}

static int load_tags(struct tags *tags, struct pw_error *err)
{
    const int code = git_tag_foreach(tags->git->repository, add_tag, tags);

    if (code == PW_ENOMEM) {
        return pw_error_set_no_memory(err);
    }
    if (code != 0) {
        return pw_git_fail(err, code, "cannot read the tags");
    }
    if (tags->count > 1) {
        qsort(tags->items, tags->count, sizeof(*tags->items), compare_tags);
    }
    return PW_OK;
}

/* The preferred tag of a commit; NULL for none. */
static const struct tag *find_tag(const struct tags *tags, const git_oid *commit)
{
    size_t low = 0;
    size_t high = tags->count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (git_oid_cmp(&tags->items[middle].commit, commit) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    const bool is_tagged = low < tags->count && git_oid_equal(&tags->items[low].commit, commit);
    return is_tagged ? &tags->items[low] : NULL;
}

/** The tagged commits that a walk came to first. */
struct candidates {
    const struct tag *items[MAX_CANDIDATES];
    size_t count;
    bool is_capped; /**< the walk was given up */
};

static bool is_known(const struct candidates *candidates, const struct tag *tag)
{
    for (size_t i = 0; i < candidates->count; i++) {
        if (candidates->items[i] == tag) {
            return true;
        }
    }
    return false;
}

/*
 * Walk by date and mark what lies behind each tagged commit. When one commit alone is left to go on
 * from and it lies behind a candidate, whatever is found later is farther away than that.
 */
static int walk_to_tags(struct pw_graph *graph, const struct tags *tags, struct candidates *out,
                        struct pw_error *err)
{
    struct pw_graph_node *node;

    for (size_t visited = 0; (node = pw_graph_pop(graph)) != NULL; visited++) {
        const struct tag *tag = find_tag(tags, &node->id);
        if (visited == PW_GIT_MAX_ANCESTORS) {
            out->is_capped = true;
            break;
        }
        if (tag != NULL && !is_known(out, tag)) {
            if (out->count == MAX_CANDIDATES) {
                break;
            }
            node->marks |= FIRST_CANDIDATE << out->count;
            out->items[out->count++] = tag;
        }
        if (graph->heap_count == 0 && (node->marks & ALL_CANDIDATES) != 0) {
            break;
        }
        const int status = pw_graph_push_parents(graph, node, node->marks, err);
        if (status != PW_OK) {
            return status;
        }
    }
    return PW_OK;
}

/* The candidate that lacks the fewest of the base's commits; of equals the one that came first. */
static int choose_candidate(struct pw_git_anchor_search *search,
                            const struct candidates *candidates, const struct tag **out,
                            struct pw_error *err)
{
    size_t least = 0;

    *out = candidates->items[0];
    for (size_t i = 0; candidates->count > 1 && i < candidates->count; i++) {
        char name[PW_OID_SIZE];
        size_t distance = 0;
        git_oid_tostr(name, sizeof(name), &candidates->items[i]->commit);
        const int status = pw_git_distance(search->git, search->base_name, name, &distance, err);
        if (status != PW_OK) {
            return status;
        }
        if (i == 0 || distance < least) {
            least = distance;
            *out = candidates->items[i];
        }
    }
    return PW_OK;
}

static int explain_no_tag(struct pw_git_anchor_search *search, const struct pw_graph *graph,
                          const struct candidates *candidates, struct pw_error *err)
{
    static const char plain[] = "; 'git fetch --tags' fetches tags that this clone has not";
    char limit[48] = "";

    if (candidates->is_capped) {
        (void)snprintf(limit, sizeof(limit), " (the nearest %d were searched)",
                       PW_GIT_MAX_ANCESTORS);
    }
    return pw_git_anchor_take_none(
        search,
        pw_arena_printf(search->arena, "no tag that matches '%s' is in the history of %.12s%s%s",
                        search->rule->tag, search->base_name, limit,
                        graph->is_cut ? ", which ends early " PW_SHALLOW_REMEDY : plain),
        err);
}

int pw_git_anchor_by_tag(struct pw_git_anchor_search *search, struct pw_error *err)
{
    struct tags tags = {.git = search->git, .pattern = search->rule->tag, .arena = search->arena};
    struct candidates candidates = {.count = 0};
    const struct tag *chosen = NULL;
    struct pw_graph graph;
    int status = load_tags(&tags, err);

    if (status == PW_OK) {
        status = pw_graph_init(&graph, search->git, err);
    }
    if (status != PW_OK) {
        return status;
    }
    status = pw_graph_push(&graph, &search->base, PW_GRAPH_A, err);
    if (status == PW_OK && tags.count > 0) {
        status = walk_to_tags(&graph, &tags, &candidates, err);
    }
    if (status == PW_OK && candidates.count == 0) {
        graph.is_cut = graph.is_cut || pw_git_is_shallow(search->git);
        status = explain_no_tag(search, &graph, &candidates, err);
    } else if (status == PW_OK) {
        status = choose_candidate(search, &candidates, &chosen, err);
        if (status == PW_OK) {
            status =
                pw_git_anchor_take(search, &chosen->commit, chosen->name,
                                   pw_arena_printf(search->arena, "tag %s", chosen->name), err);
        }
    }
    pw_graph_release(&graph);
    return status;
}

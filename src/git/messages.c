/*
 * What the messages of the commits between two others say: their trailers.
 *
 * Which commits lie between is found without loading more than their headers; only those that do
 * are read whole.
 */
#include <stdlib.h>
#include <string.h>

#include "graph.h"
#include "history.h"
#include "perfwarden/util/text.h"
#include "trailers.h"

/** What is being collected, and from which commit. */
struct collection {
    struct pw_git *git;
    struct pw_arena *arena;
    struct pw_git_trailers found;
    const git_oid *id;
    const char *author;
};

/* Newest first, as git lists them; equal dates in a fixed order. */
static int newest_first(const void *left, const void *right)
{
    const struct pw_graph_node *const *a = left;
    const struct pw_graph_node *const *b = right;

    if ((*a)->time_s != (*b)->time_s) {
        return (*a)->time_s > (*b)->time_s ? -1 : 1;
    }
    return git_oid_cmp(&(*a)->id, &(*b)->id);
}

static bool is_between(const struct pw_graph_node *node)
{
    return node != NULL && (node->marks & PW_GRAPH_A) != 0 && (node->marks & PW_GRAPH_B) == 0;
}

/** Commits, in the graph's arena. */
struct commits {
    const struct pw_graph_node **items;
    size_t count;
};

static int list_between(struct pw_graph *graph, struct commits *out, struct pw_error *err)
{
    const struct pw_graph_node **nodes =
        pw_arena_array(&graph->arena, graph->node_count + 1, sizeof(const struct pw_graph_node *));
    size_t count = 0;

    if (nodes == NULL) {
        return pw_error_set_no_memory(err);
    }
    for (size_t i = 0; i < graph->table_size; i++) {
        if (is_between(graph->table[i])) {
            nodes[count++] = graph->table[i];
        }
    }
    qsort(nodes, count, sizeof(const struct pw_graph_node *), newest_first);
    *out = (struct commits){nodes, count};
    return PW_OK;
}

/* Whether a parent of one of them is not in this clone: what lies behind the base does not matter.
 */
static bool is_cut(const struct pw_graph *graph, const struct commits *commits)
{
    for (size_t i = 0; graph->is_cut && i < commits->count; i++) {
        const struct pw_graph_node *node = commits->items[i];
        for (size_t k = 0; k < node->parent_count; k++) {
            if (!git_odb_exists(graph->odb, &node->parents[k])) {
                return true;
            }
        }
    }
    return false;
}

static int take_trailer(void *context, const char *value, struct pw_error *err)
{
    struct collection *collection = context;
    struct pw_git_trailers *found = &collection->found;
    struct pw_git_trailer *items = pw_arena_grow(collection->arena, found->items, found->count,
                                                 &found->capacity, sizeof(*items));
    const char *copy = pw_arena_strdup(collection->arena, value);
    const char *author = pw_arena_strdup(collection->arena, collection->author);

    if (items == NULL || copy == NULL || author == NULL) {
        return pw_error_set_no_memory(err);
    }
    found->items = items;
    struct pw_git_trailer *item = &items[found->count++];
    *item = (struct pw_git_trailer){.author = author, .value = copy};
    git_oid_tostr(item->commit, sizeof(item->commit), collection->id);
    return PW_OK;
}

static int take_stray(struct collection *collection, struct pw_error *err)
{
    struct pw_git_trailers *found = &collection->found;
    struct pw_git_stray *items = pw_arena_grow(collection->arena, found->strays, found->stray_count,
                                               &found->stray_capacity, sizeof(*items));

    if (items == NULL) {
        return pw_error_set_no_memory(err);
    }
    found->strays = items;
    git_oid_tostr(items[found->stray_count++].commit, PW_OID_SIZE, collection->id);
    return PW_OK;
}

static int read_message(struct collection *collection, const git_oid *id, const char *key,
                        struct pw_error *err)
{
    git_commit *commit = NULL;
    char name[PW_SHORT_ID_SIZE];
    const int code = git_commit_lookup(&commit, collection->git->repository, id);

    if (code != 0) {
        pw_git_shorten(id, name);
        return pw_git_fail(err, code, "cannot read commit '%s'", name);
    }
    const char *message = git_commit_message(commit);
    const git_signature *author = git_commit_author(commit);
    const bool has_name = author != NULL && author->name != NULL &&
                          pw_utf8_is_valid(author->name, strlen(author->name));
    collection->id = id;
    collection->author = has_name ? author->name : "";
    int status =
        message == NULL ? PW_OK : pw_git_trailers_each(message, key, take_trailer, collection, err);
    if (status == PW_OK && message != NULL && pw_git_trailers_has_stray(message, key)) {
        status = take_stray(collection, err);
    }
    git_commit_free(commit);
    return status;
}

static int paint_between(struct pw_graph *graph, const char *from, const char *without,
                         struct pw_error *err)
{
    git_oid id;
    int status = pw_git_parse_id(from, &id, err);

    if (status == PW_OK) {
        status = pw_graph_push(graph, &id, PW_GRAPH_A, err);
    }
    if (status == PW_OK) {
        status = pw_git_parse_id(without, &id, err);
    }
    if (status == PW_OK) {
        status = pw_graph_push(graph, &id, PW_GRAPH_B, err);
    }
    return status == PW_OK ? pw_git_paint(graph, err) : status;
}

int pw_git_find_trailers(struct pw_git *git, const char *from, const char *without, const char *key,
                         struct pw_arena *arena, struct pw_git_trailers *out, struct pw_error *err)
{
    struct collection collection = {.git = git, .arena = arena};
    struct commits commits = {NULL, 0};
    struct pw_graph graph;
    int status = pw_graph_init(&graph, git, err);

    if (status != PW_OK) {
        return status;
    }
    status = paint_between(&graph, from, without, err);
    if (status == PW_OK) {
        status = list_between(&graph, &commits, err);
    }
    collection.found.is_cut = commits.count > PW_GIT_MAX_ANCESTORS || is_cut(&graph, &commits);
    if (commits.count > PW_GIT_MAX_ANCESTORS) {
        commits.count = PW_GIT_MAX_ANCESTORS;
    }
    for (size_t i = 0; i < commits.count && status == PW_OK; i++) {
        status = read_message(&collection, &commits.items[i]->id, key, err);
    }
    if (status == PW_OK) {
        *out = collection.found;
    }
    pw_graph_release(&graph);
    return status;
}

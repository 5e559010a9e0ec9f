/*
 * A hash table of the commits reached and a binary heap of those still to be visited, newest
 * first, among equal dates in order of arrival.
 */
#include "graph.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_TABLE_SIZE ((size_t)1024)

int pw_graph_init(struct pw_graph *graph, struct pw_git *git, struct pw_error *err)
{
    git_odb *odb = NULL;
    const int code = git_repository_odb(&odb, git->repository);

    if (code != 0) {
        return pw_git_fail(err, code, "cannot read the repository's objects");
    }
    memset(graph, 0, sizeof(*graph));
    const int status = pw_git_grafts_read(git, &graph->grafts, err);
    if (status != PW_OK) {
        git_odb_free(odb);
        return status;
    }
    graph->git = git;
    graph->odb = odb;
    return PW_OK;
}

void pw_graph_release(struct pw_graph *graph)
{
    git_odb_free(graph->odb);
    free(graph->table);
    free(graph->heap);
    pw_git_grafts_release(&graph->grafts);
    pw_arena_release(&graph->arena);
    memset(graph, 0, sizeof(*graph));
}

/* Ids are hashes already: their first bytes will do. */
static size_t hash_id(const git_oid *id)
{
    size_t hash;

    memcpy(&hash, id->id, sizeof(hash));
    return hash;
}

/* The place of a commit in the table, or the empty place where it belongs. */
static struct pw_graph_node **find_place(struct pw_graph_node **table, size_t size,
                                         const git_oid *id)
{
    size_t at = hash_id(id) & (size - 1);

    while (table[at] != NULL && !git_oid_equal(&table[at]->id, id)) {
        at = (at + 1) & (size - 1);
    }
    return &table[at];
}

/* Keep the table at most half full. */
static int reserve_table(struct pw_graph *graph, struct pw_error *err)
{
    if (graph->node_count + 1 <= graph->table_size / 2) {
        return PW_OK;
    }
    const size_t size = graph->table_size == 0 ? FIRST_TABLE_SIZE : graph->table_size * 2;
    struct pw_graph_node **table = calloc(size, sizeof(struct pw_graph_node *));
    if (table == NULL) {
        return pw_error_set_no_memory(err);
    }
    for (size_t i = 0; i < graph->table_size; i++) {
        if (graph->table[i] != NULL) {
            *find_place(table, size, &graph->table[i]->id) = graph->table[i];
        }
    }
    free(graph->table);
    graph->table = table;
    graph->table_size = size;
    return PW_OK;
}

/* @param[out] out  unchanged when there is no such commit, which is no failure here */
static int load(struct pw_graph *graph, const git_oid *id, struct pw_graph_node **out,
                struct pw_error *err)
{
    int status = reserve_table(graph, err);

    if (status != PW_OK) {
        return status;
    }
    struct pw_graph_node **place = find_place(graph->table, graph->table_size, id);
    if (*place == NULL) {
        struct pw_graph_node *node = pw_arena_alloc(&graph->arena, sizeof(*node));
        if (node == NULL) {
            return pw_error_set_no_memory(err);
        }
        bool is_there = false;
        status =
            pw_git_read_commit(graph->odb, &graph->grafts, id, &graph->arena, node, &is_there, err);
        if (status != PW_OK || !is_there) {
            return status;
        }
        *place = node;
        graph->node_count++;
    }
    *out = *place;
    return PW_OK;
}

static bool is_before(const struct pw_graph_node *a, const struct pw_graph_node *b)
{
    if (a->time_s != b->time_s) {
        return a->time_s > b->time_s;
    }
    return a->queued_as < b->queued_as;
}

static void sift_up(struct pw_graph *graph, size_t at)
{
    struct pw_graph_node *node = graph->heap[at];

    while (at > 0 && is_before(node, graph->heap[(at - 1) / 2])) {
        graph->heap[at] = graph->heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    graph->heap[at] = node;
}

static void sift_down(struct pw_graph *graph, size_t at)
{
    struct pw_graph_node *node = graph->heap[at];

    for (;;) {
        size_t child = 2 * at + 1;
        if (child + 1 < graph->heap_count &&
            is_before(graph->heap[child + 1], graph->heap[child])) {
            child++;
        }
        if (child >= graph->heap_count || !is_before(graph->heap[child], node)) {
            break;
        }
        graph->heap[at] = graph->heap[child];
        at = child;
    }
    graph->heap[at] = node;
}

static int enqueue(struct pw_graph *graph, struct pw_graph_node *node, struct pw_error *err)
{
    if (graph->heap_count == graph->heap_capacity) {
        const size_t capacity = graph->heap_capacity == 0 ? 64 : graph->heap_capacity * 2;
        struct pw_graph_node **heap =
            realloc(graph->heap, capacity * sizeof(struct pw_graph_node *));
        if (heap == NULL) {
            return pw_error_set_no_memory(err);
        }
        graph->heap = heap;
        graph->heap_capacity = capacity;
    }
    node->is_queued = true;
    node->queued_as = graph->arrivals++;
    graph->heap[graph->heap_count++] = node;
    sift_up(graph, graph->heap_count - 1);
    return PW_OK;
}

static bool is_open(const struct pw_graph_node *node)
{
    return node->is_queued && (node->marks & PW_GRAPH_STALE) == 0;
}

static int reach(struct pw_graph *graph, struct pw_graph_node *node, unsigned marks,
                 struct pw_error *err)
{
    const bool was_open = is_open(node);

    if ((node->marks | marks) == node->marks) {
        return PW_OK;
    }
    if (!node->is_queued) {
        const int status = enqueue(graph, node, err);
        if (status != PW_OK) {
            return status;
        }
    }
    node->marks |= marks;
    graph->open_count += (size_t)is_open(node);
    graph->open_count -= (size_t)was_open;
    return PW_OK;
}

int pw_graph_push(struct pw_graph *graph, const git_oid *id, unsigned marks, struct pw_error *err)
{
    struct pw_graph_node *node = NULL;
    char name[PW_SHORT_ID_SIZE];
    const int status = load(graph, id, &node, err);

    if (status != PW_OK) {
        return status;
    }
    if (node == NULL) {
        pw_git_shorten(id, name);
        return pw_error_set(err, PW_ENOTFOUND, "commit '%s' is not in the repository", name);
    }
    return reach(graph, node, marks, err);
}

/* A parent that is not there ends a shallow clone's history; elsewhere it is a loss. git itself
 * never goes past a boundary: what it has there may have been removed in part. */
static int accept_missing(struct pw_graph *graph, const struct pw_graph_node *child,
                          struct pw_error *err)
{
    char name[PW_SHORT_ID_SIZE];

    if (!child->is_beyond) {
        pw_git_shorten(&child->id, name);
        return pw_error_set(
            err, PW_EGIT, "a parent of commit '%s' is missing; run 'git fsck' to see what is lost",
            name);
    }
    (*find_place(graph->table, graph->table_size, &child->id))->is_cut = true;
    graph->is_cut = true;
    graph->cut = child->id;
    return PW_OK;
}

int pw_graph_push_parents(struct pw_graph *graph, const struct pw_graph_node *node, unsigned marks,
                          struct pw_error *err)
{
    for (size_t i = 0; i < node->parent_count; i++) {
        struct pw_graph_node *parent = NULL;
        int status = load(graph, &node->parents[i], &parent, err);
        if (status == PW_OK && parent == NULL) {
            status = accept_missing(graph, node, err);
        } else if (status == PW_OK) {
            parent->is_beyond = parent->is_beyond || node->is_beyond;
            status = reach(graph, parent, marks, err);
        }
        if (status != PW_OK) {
            return status;
        }
    }
    return PW_OK;
}

struct pw_graph_node *pw_graph_pop(struct pw_graph *graph)
{
    if (graph->heap_count == 0) {
        return NULL;
    }
    struct pw_graph_node *node = graph->heap[0];
    graph->open_count -= (size_t)is_open(node);
    node->is_queued = false;
    graph->heap_count--;
    if (graph->heap_count > 0) {
        graph->heap[0] = graph->heap[graph->heap_count];
        sift_down(graph, 0);
    }
    return node;
}

const struct pw_graph_node *pw_graph_find(const struct pw_graph *graph, const git_oid *id)
{
    return graph->table_size == 0 ? NULL : *find_place(graph->table, graph->table_size, id);
}

bool pw_graph_newest(const struct pw_graph *graph, int64_t *time_s)
{
    if (graph->heap_count == 0) {
        return false;
    }
    *time_s = graph->heap[0]->time_s;
    return true;
}

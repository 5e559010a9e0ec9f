/*
 * What two commits have in common: their merge base, and how many commits the one has that the
 * other has not. Answers are those of `git merge-base` and `git rev-list --count`.
 */
#include "graph.h"
#include "history.h"

/** How many commits are still looked at after the dates say that nothing new can come. */
#define PATIENCE 256

static bool is_common(const struct pw_graph_node *node)
{
    return (node->marks & PW_GRAPH_A) != 0 && (node->marks & PW_GRAPH_B) != 0;
}

/* Hand the marks of the newest commit in the queue down. @return the status of its parents */
static int advance(struct pw_graph *graph, const struct pw_graph_node **out, struct pw_error *err)
{
    struct pw_graph_node *node = pw_graph_pop(graph);

    if (is_common(node) && node->common_as == 0) {
        node->common_as = ++graph->commons;
    }
    *out = node;
    return pw_graph_push_parents(graph, node, node->marks | (is_common(node) ? PW_GRAPH_STALE : 0U),
                                 err);
}

/*
 * Hand the marks A and B down from two commits. Where both meet is a common ancestor, and
 * everything below it is stale: this is git's own paint_down_to_common(), which ends when only
 * stale commits are queued.
 *
 * To count, the walk must go on until none of those is as new as the oldest commit whose marks
 * matter: an ancestor is not newer than its descendants, but it may be equally old (rebased commits
 * share a second). Where a clock was wrong it may even be newer, so the walk goes on for a while,
 * as git's own does (limit_list, SLOP).
 */
int pw_git_paint(struct pw_graph *graph, struct pw_error *err)
{
    int64_t oldest_s = INT64_MAX;
    int64_t newest_s = 0;
    size_t beyond = 0;

    while (pw_graph_newest(graph, &newest_s)) {
        const struct pw_graph_node *node = NULL;
        const bool is_needed = graph->open_count > 0 || newest_s >= oldest_s;
        beyond = is_needed ? 0 : beyond + 1;
        if (beyond > PATIENCE) {
            break;
        }
        const int status = advance(graph, &node, err);
        const bool may_change = (node->marks & (PW_GRAPH_A | PW_GRAPH_STALE)) == PW_GRAPH_A;
        if (may_change && node->time_s < oldest_s) {
            oldest_s = node->time_s;
        }
        if (status != PW_OK) {
            return status;
        }
    }
    return PW_OK;
}

/** Commits that may be the merge base. */
struct candidates {
    git_oid *ids;
    bool *is_redundant; /**< another one has it among its ancestors */
    size_t count;
};

static bool has_mark(const struct pw_graph *graph, const git_oid *id, unsigned mark)
{
    const struct pw_graph_node *node = pw_graph_find(graph, id);

    return node != NULL && (node->marks & mark) != 0;
}

/* Compare one candidate with all others, whatever their dates say. */
static int compare_candidate(struct pw_graph *graph, struct candidates *candidates, size_t at,
                             struct pw_error *err)
{
    int status = pw_graph_push(graph, &candidates->ids[at], PW_GRAPH_A, err);

    for (size_t i = 0; i < candidates->count && status == PW_OK; i++) {
        if (i != at && !candidates->is_redundant[i]) {
            status = pw_graph_push(graph, &candidates->ids[i], PW_GRAPH_B, err);
        }
    }
    while (status == PW_OK && graph->open_count > 0) {
        const struct pw_graph_node *node = NULL;
        status = advance(graph, &node, err);
    }
    for (size_t i = 0; i < candidates->count && status == PW_OK; i++) {
        if (has_mark(graph, &candidates->ids[i], i == at ? PW_GRAPH_B : PW_GRAPH_A)) {
            candidates->is_redundant[i] = true;
        }
    }
    return status;
}

/*
 * A wrong clock may leave a common ancestor that is one of another's too. Between several, git
 * looks at each pair once more (remove_redundant), and so do we.
 */
static int remove_redundant(struct pw_git *git, struct candidates *candidates, struct pw_error *err)
{
    int status = PW_OK;

    for (size_t i = 0; i < candidates->count && candidates->count > 1 && status == PW_OK; i++) {
        struct pw_graph graph;
        if (candidates->is_redundant[i]) {
            continue;
        }
        status = pw_graph_init(&graph, git, err);
        if (status == PW_OK) {
            status = compare_candidate(&graph, candidates, i, err);
            pw_graph_release(&graph);
        }
    }
    return status;
}

static bool is_candidate(const struct pw_graph_node *node)
{
    return node != NULL && is_common(node) && (node->marks & PW_GRAPH_STALE) == 0;
}

static int collect(struct pw_graph *graph, struct candidates *out, struct pw_error *err)
{
    size_t count = 0;

    for (size_t i = 0; i < graph->table_size; i++) {
        count += is_candidate(graph->table[i]);
    }
    out->ids = pw_arena_array(&graph->arena, count, sizeof(*out->ids));
    out->is_redundant = pw_arena_array(&graph->arena, count, sizeof(*out->is_redundant));
    if (out->ids == NULL || out->is_redundant == NULL) {
        return pw_error_set_no_memory(err);
    }
    for (size_t i = 0; i < graph->table_size; i++) {
        if (is_candidate(graph->table[i])) {
            out->ids[out->count++] = graph->table[i]->id;
        }
    }
    return PW_OK;
}

static bool is_better(const struct pw_graph_node *node, const struct pw_graph_node *than)
{
    if (than == NULL || node->time_s != than->time_s) {
        return than == NULL || node->time_s > than->time_s;
    }
    return node->common_as < than->common_as;
}

/* The newest of the best common ancestors; of equally new ones the one met first. */
static void choose(const struct pw_graph *graph, const struct candidates *candidates,
                   struct pw_git_relation *out)
{
    const struct pw_graph_node *best = NULL;

    for (size_t i = 0; i < candidates->count; i++) {
        const struct pw_graph_node *node = pw_graph_find(graph, &candidates->ids[i]);
        if (!candidates->is_redundant[i] && node != NULL && is_better(node, best)) {
            best = node;
        }
    }
    if (best != NULL) {
        out->has_base = true;
        out->base = best->id;
    }
}

/*
 * Whether what a shallow clone lacks may hold a better base. What is behind a common ancestor is
 * common too and older: it cannot. What is behind a commit of one side alone may lead anywhere, to
 * a commit of the other side too; only a base that is one of the two commits themselves stands
 * whatever is there.
 */
static void find_cut(const struct pw_graph *graph, const git_oid *a, const git_oid *b,
                     struct pw_git_relation *out)
{
    if (out->has_base && (git_oid_equal(&out->base, a) || git_oid_equal(&out->base, b))) {
        return;
    }
    for (size_t i = 0; i < graph->table_size && graph->is_cut && !out->is_cut; i++) {
        const struct pw_graph_node *node = graph->table[i];
        if (node != NULL && node->is_cut && !is_common(node)) {
            out->is_cut = true;
            out->cut = node->id;
        }
    }
}

static int summarise(struct pw_graph *graph, struct pw_git_relation *out, struct pw_error *err)
{
    struct pw_git_relation relation = {.has_base = false};
    struct candidates candidates = {.count = 0};
    int status = collect(graph, &candidates, err);

    if (status == PW_OK) {
        status = remove_redundant(graph->git, &candidates, err);
    }
    if (status != PW_OK) {
        return status;
    }
    choose(graph, &candidates, &relation);
    for (size_t i = 0; i < graph->table_size; i++) {
        const struct pw_graph_node *node = graph->table[i];
        relation.distance +=
            node != NULL && (node->marks & PW_GRAPH_A) != 0 && (node->marks & PW_GRAPH_B) == 0;
    }
    *out = relation;
    return PW_OK;
}

static int paint_both(struct pw_graph *graph, const git_oid *a, const git_oid *b,
                      struct pw_error *err)
{
    int status = pw_graph_push(graph, a, PW_GRAPH_A, err);

    if (status == PW_OK) {
        status = pw_graph_push(graph, b, PW_GRAPH_B, err);
    }
    return status == PW_OK ? pw_git_paint(graph, err) : status;
}

int pw_git_relate(struct pw_git *git, const git_oid *a, const git_oid *b,
                  struct pw_git_relation *out, struct pw_error *err)
{
    struct pw_graph graph;
    int status = pw_graph_init(&graph, git, err);

    if (status != PW_OK) {
        return status;
    }
    status = paint_both(&graph, a, b, err);
    if (status == PW_OK) {
        status = summarise(&graph, out, err);
    }
    if (status == PW_OK) {
        find_cut(&graph, a, b, out);
    }
    pw_graph_release(&graph);
    return status;
}

/* @param bases  empty; @param arena of them */
static int keep_bases(const struct candidates *candidates, struct pw_arena *arena,
                      struct pw_git_bases *bases, struct pw_error *err)
{
    git_oid *ids = pw_arena_array(arena, candidates->count, sizeof(*ids));
    size_t count = 0;

    if (ids == NULL) {
        return pw_error_set_no_memory(err);
    }
    for (size_t i = 0; i < candidates->count; i++) {
        if (!candidates->is_redundant[i]) {
            ids[count++] = candidates->ids[i];
        }
    }
    *bases = (struct pw_git_bases){.ids = ids, .count = count};
    return PW_OK;
}

int pw_git_find_bases(struct pw_git *git, const git_oid *a, const git_oid *b,
                      struct pw_arena *arena, struct pw_git_bases *out, struct pw_error *err)
{
    struct candidates candidates = {.count = 0};
    struct pw_graph graph;
    int status = pw_graph_init(&graph, git, err);

    if (status != PW_OK) {
        return status;
    }
    status = paint_both(&graph, a, b, err);
    if (status == PW_OK) {
        status = collect(&graph, &candidates, err);
    }
    if (status == PW_OK) {
        status = remove_redundant(git, &candidates, err);
    }
    if (status == PW_OK) {
        status = keep_bases(&candidates, arena, out, err);
    }
    pw_graph_release(&graph);
    return status;
}

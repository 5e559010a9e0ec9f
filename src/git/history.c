/*
 * Ancestors: walking them, and what two commits have in common. Both follow parents in the order
 * of commit dates and load no more than they visit.
 */
#include "history.h"

#include "graph.h"

/** How many commits are still looked at after the dates say that nothing new can come. */
#define PATIENCE 256

int pw_git_fail_shallow(struct pw_error *err, const git_oid *boundary)
{
    char name[PW_SHORT_ID_SIZE];

    pw_git_shorten(boundary, name);
    return pw_error_set(err, PW_ENOTFOUND, "history ends at commit '%s' " PW_SHALLOW_REMEDY, name);
}

static int walk_graph(struct pw_graph *graph, pw_git_visit_fn visit, void *context,
                      enum pw_git_walk_end *end, struct pw_error *err)
{
    const struct pw_graph_node *node;
    char name[PW_OID_SIZE];

    for (size_t visited = 0; (node = pw_graph_pop(graph)) != NULL; visited++) {
        if (visited == PW_GIT_MAX_ANCESTORS) {
            *end = PW_WALK_CAPPED;
            return PW_OK;
        }
        git_oid_tostr(name, sizeof(name), &node->id);
        if (!visit(context, name)) {
            *end = PW_WALK_STOPPED;
            return PW_OK;
        }
        const int status = pw_graph_push_parents(graph, node, node->marks, err);
        if (status != PW_OK) {
            return status;
        }
    }
    *end = graph->is_cut ? PW_WALK_SHALLOW : PW_WALK_ROOT;
    return PW_OK;
}

int pw_git_walk(struct pw_git *git, const char *from, pw_git_visit_fn visit, void *context,
                enum pw_git_walk_end *end, struct pw_error *err)
{
    struct pw_graph graph;
    git_oid start;
    int status = pw_git_parse_id(from, &start, err);

    if (status != PW_OK) {
        return status;
    }
    status = pw_graph_init(&graph, git, err);
    if (status != PW_OK) {
        return status;
    }
    status = pw_graph_push(&graph, &start, PW_GRAPH_A, err);
    if (status == PW_OK) {
        status = walk_graph(&graph, visit, context, end, err);
    }
    pw_graph_release(&graph);
    return status;
}

static bool is_common(const struct pw_graph_node *node)
{
    return (node->marks & PW_GRAPH_A) != 0 && (node->marks & PW_GRAPH_B) != 0;
}

/*
 * Hand the marks A and B down from two commits. Where both meet is a common ancestor, and
 * everything below it is stale. The walk may end when only stale commits are queued and none of
 * them is as new as the oldest commit whose marks matter: an ancestor is not newer than its
 * descendants, but it may be equally old (rebased commits share a second). Where a clock was wrong
 * it may even be newer, so the walk goes on for a while, as git's own does (limit_list, SLOP).
 *
 * This is how git itself finds merge bases (paint_down_to_common), but for that second condition,
 * in whose place git removes redundant answers afterwards.
 */
int pw_git_paint(struct pw_graph *graph, struct pw_error *err)
{
    int64_t oldest_s = INT64_MAX;
    int64_t newest_s = 0;
    size_t beyond = 0;

    while (pw_graph_newest(graph, &newest_s)) {
        const bool is_needed = graph->open_count > 0 || newest_s >= oldest_s;
        beyond = is_needed ? 0 : beyond + 1;
        if (beyond > PATIENCE) {
            break;
        }
        const struct pw_graph_node *node = pw_graph_pop(graph);
        const bool may_change = (node->marks & (PW_GRAPH_A | PW_GRAPH_STALE)) == PW_GRAPH_A;
        if (may_change && node->time_s < oldest_s) {
            oldest_s = node->time_s;
        }
        const unsigned stale = is_common(node) ? PW_GRAPH_STALE : 0;
        const int status = pw_graph_push_parents(graph, node, node->marks | stale, err);
        if (status != PW_OK) {
            return status;
        }
    }
    return PW_OK;
}

/* A common ancestor that is not stale is reached from no other common ancestor. */
static void summarise(const struct pw_graph *graph, struct pw_git_relation *out)
{
    const struct pw_graph_node *base = NULL;

    *out = (struct pw_git_relation){.is_cut = graph->is_cut, .cut = graph->cut};
    for (size_t i = 0; i < graph->table_size; i++) {
        const struct pw_graph_node *node = graph->table[i];
        if (node == NULL) {
            continue;
        }
        out->distance += (node->marks & PW_GRAPH_A) != 0 && (node->marks & PW_GRAPH_B) == 0;
        if (is_common(node) && (node->marks & PW_GRAPH_STALE) == 0 &&
            (base == NULL || node->time_s > base->time_s ||
             (node->time_s == base->time_s && git_oid_cmp(&node->id, &base->id) < 0))) {
            base = node;
        }
    }
    if (base != NULL) {
        out->has_base = true;
        out->base = base->id;
    }
}

int pw_git_relate(struct pw_git *git, const git_oid *a, const git_oid *b,
                  struct pw_git_relation *out, struct pw_error *err)
{
    struct pw_graph graph;
    int status = pw_graph_init(&graph, git, err);

    if (status != PW_OK) {
        return status;
    }
    status = pw_graph_push(&graph, a, PW_GRAPH_A, err);
    if (status == PW_OK) {
        status = pw_graph_push(&graph, b, PW_GRAPH_B, err);
    }
    if (status == PW_OK) {
        status = pw_git_paint(&graph, err);
    }
    if (status == PW_OK) {
        summarise(&graph, out);
    }
    pw_graph_release(&graph);
    return status;
}

int pw_git_distance(struct pw_git *git, const char *from, const char *ancestor, size_t *out,
                    struct pw_error *err)
{
    struct pw_git_relation relation;
    git_oid first;
    git_oid second;
    int status = pw_git_parse_id(from, &first, err);

    if (status == PW_OK) {
        status = pw_git_parse_id(ancestor, &second, err);
    }
    if (status == PW_OK) {
        status = pw_git_relate(git, &first, &second, &relation, err);
    }
    if (status == PW_OK) {
        *out = relation.distance;
    }
    return status;
}

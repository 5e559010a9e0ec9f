/*
 * Walking ancestors, and counting the commits between two of them. Parents are followed in the
 * order of commit dates, and no more is loaded than visited.
 */
#include "history.h"

#include "graph.h"

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

int pw_git_commit_time(struct pw_git *git, const char *commit, int64_t *out, struct pw_error *err)
{
    struct pw_graph graph;
    git_oid id;
    int status = pw_git_parse_id(commit, &id, err);

    if (status == PW_OK) {
        status = pw_graph_init(&graph, git, err);
    }
    if (status != PW_OK) {
        return status;
    }
    status = pw_graph_push(&graph, &id, PW_GRAPH_A, err);
    if (status == PW_OK && !pw_graph_newest(&graph, out)) {
        status = pw_error_set(err, PW_ENOTFOUND, "there is no commit '%s'", commit);
    }
    pw_graph_release(&graph);
    return status;
}

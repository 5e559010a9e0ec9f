/*
 * The commits reached so far from one or several starts, in a queue by commit date. Loads a commit
 * when it is first reached and never more. Not for other modules.
 *
 *      push ──► queue, newest first ──► pop ──► caller marks, pushes the parents ──► …
 *
 * libgit2's own walk cannot be used: at the boundary of a shallow clone it fails (1.5) or hides
 * that there was more (1.7).
 */
#ifndef PERFWARDEN_GIT_GRAPH_H
#define PERFWARDEN_GIT_GRAPH_H

#include <stdint.h>

#include "grafts.h"

/** Marks of a commit, handed down to its ancestors. */
enum pw_graph_mark {
    PW_GRAPH_A = 1u << 0,
    PW_GRAPH_B = 1u << 1,
    PW_GRAPH_STALE = 1u << 2 /**< below a common ancestor: nothing new is found from here on */
};

/** One commit. */
struct pw_graph_node {
    git_oid id;
    int64_t time_s; /**< committer date */
    unsigned marks;
    bool is_queued;
    bool is_beyond;     /**< reached past a shallow clone's boundary, where more may be missing */
    bool is_cut;        /**< a parent was not there because the clone is shallow */
    uint64_t queued_as; /**< order of arrival, which decides between equal dates */
    uint64_t common_as; /**< order in which it was found to be common; 0 for not yet */
    git_oid *parents;
    size_t parent_count;
};

struct pw_graph {
    struct pw_git *git;
    git_odb *odb;
    struct pw_arena arena;
    struct pw_graph_node **table; /**< open addressing; table_size is 0 or a power of two */
    size_t table_size;
    size_t node_count;
    struct pw_graph_node **heap;
    size_t heap_count;
    size_t heap_capacity;
    size_t open_count; /**< queued commits that are not stale */
    uint64_t arrivals;
    uint64_t commons; /**< how many were found to be common */
    struct pw_git_grafts grafts;
    bool is_cut; /**< a commit was not there because the clone is shallow */
    git_oid cut; /**< the commit whose parent was not there, if is_cut */
};

int pw_graph_init(struct pw_graph *graph, struct pw_git *git, struct pw_error *err) PW_MUST_CHECK;
void pw_graph_release(struct pw_graph *graph);

/**
 * Reach a commit with marks. It is queued when that is new of it.
 *
 * @return 0; PW_ENOTFOUND when there is no such commit; PW_EGIT; PW_ENOMEM
 */
int pw_graph_push(struct pw_graph *graph, const git_oid *id, unsigned marks,
                  struct pw_error *err) PW_MUST_CHECK;

/**
 * Reach the parents of a commit with marks. A parent that a shallow clone lacks sets is_cut.
 *
 * @return 0; PW_EGIT when history is damaged; PW_ENOMEM
 */
int pw_graph_push_parents(struct pw_graph *graph, const struct pw_graph_node *node, unsigned marks,
                          struct pw_error *err) PW_MUST_CHECK;

/** Take the newest commit off the queue. @return NULL when it is empty */
struct pw_graph_node *pw_graph_pop(struct pw_graph *graph);

/** A commit that was reached. @return NULL when it was not */
const struct pw_graph_node *pw_graph_find(const struct pw_graph *graph, const git_oid *id);

/** The date of the newest queued commit. @return false when the queue is empty */
bool pw_graph_newest(const struct pw_graph *graph, int64_t *time_s);

/**
 * Read the parents and the date of a commit from its raw object, or from the one that replaces it,
 * and its parents from a graft, as git does. Past the boundary of a shallow clone the parents are
 * those of the commit itself: what is there may be used.
 *
 * @param grafts         NULL for none
 * @param[out] node      id, time_s, parents and parent_count are set; parents live in `arena`
 * @param[out] is_there  false when there is no such object: node is unchanged
 * @return 0; PW_EGIT; PW_ENOMEM
 */
int pw_git_read_commit(git_odb *odb, const struct pw_git_grafts *grafts, const git_oid *id,
                       struct pw_arena *arena, struct pw_graph_node *node, bool *is_there,
                       struct pw_error *err) PW_MUST_CHECK;

#endif

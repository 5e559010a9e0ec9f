/* Two saved results seen as they grew: pair after pair of each benchmark. */
#ifndef PERFWARDEN_GATE_REPLAY_VIEW_H
#define PERFWARDEN_GATE_REPLAY_VIEW_H

#include <stdbool.h>

#include "entries.h"
#include "perfwarden/result.h"

/** A series of a view and how many samples were recorded. */
struct pw_replay_series {
    struct pw_series *series;
    size_t recorded;
};

/** One benchmark as far as it is shown. */
struct pw_replay_group {
    struct pw_replay_series *growing; /**< a sample of each is a pair's */
    size_t growing_count;
    struct pw_replay_series *late; /**< measured once a benchmark, or not alike on both sides */
    size_t late_count;
    size_t pairs; /**< recorded */
    size_t shown;
};

/** Shallow copies of two results, in which series end where they have been shown so far. */
struct pw_replay_view {
    struct pw_result base;
    struct pw_result head;
    struct pw_arena arena;
};

/** Nothing is shown at first. The results are borrowed. @return 0; PW_ENOMEM */
int pw_replay_view_init(struct pw_replay_view *view, const struct pw_result *base,
                        const struct pw_result *head, struct pw_error *err) PW_MUST_CHECK;
void pw_replay_view_release(struct pw_replay_view *view);

/**
 * Find what belongs to a benchmark.
 *
 * @param base, head  indexes of the view's results
 * @return 0; PW_ENOMEM
 */
int pw_replay_group_init(struct pw_replay_view *view, const struct pw_entries *base,
                         const struct pw_entries *head, const char *declared,
                         struct pw_replay_group *out, struct pw_error *err) PW_MUST_CHECK;
/** Show one pair more. @return false when there is none */
bool pw_replay_group_advance(struct pw_replay_group *group);
/** Show what stands beside the pairs, in the end. */
void pw_replay_group_complete(struct pw_replay_group *group);

#endif

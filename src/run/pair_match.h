/*
 * Keeps the samples of two sides matched: sample i of a series on one side and sample i of the
 * series of the same benchmark and metric on the other are of the same pair.
 */
#ifndef PERFWARDEN_RUN_PAIR_MATCH_H
#define PERFWARDEN_RUN_PAIR_MATCH_H

#include "session.h"

/** The series of one entry, within the counts of a mark. */
struct pw_run_entry_mark {
    size_t first;
    size_t series_count;
};

/** How many samples a session's series had before a pair. Zero-initialised is valid; memory is used
 * again from pair to pair. */
struct pw_run_mark {
    struct pw_run_entry_mark *entries;
    size_t entry_count;
    size_t entry_capacity;
    size_t *counts;
    size_t count_capacity;
    unsigned runs_done;
};

/** Remember how far a session is. @return 0; PW_ENOMEM */
int pw_run_mark_set(struct pw_run_mark *mark, const struct pw_run_session *session,
                    struct pw_error *err) PW_MUST_CHECK;
void pw_run_mark_release(struct pw_run_mark *mark);

/** Take out what a session has recorded since the mark. No other session may have recorded
 * meanwhile in the same result. */
void pw_run_mark_revert(const struct pw_run_mark *mark, struct pw_run_session *session);

/**
 * Match what both sides have recorded since their marks: where a series exists on both and one of
 * them got more samples than the other, the pair is taken out of both.
 *
 * What one side alone has, a benchmark in its program's output for example, stays as it is until
 * the other has it too.
 */
void pw_run_mark_match(const struct pw_run_mark *base_mark, const struct pw_run_session *base,
                       const struct pw_run_mark *head_mark, const struct pw_run_session *head);

#endif

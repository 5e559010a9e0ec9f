/* Progress of a paired measurement on stderr: how many benchmarks are decided, how many pairs it
 * took so far. */
#ifndef PERFWARDEN_CLI_PAIR_PROGRESS_H
#define PERFWARDEN_CLI_PAIR_PROGRESS_H

#include "progress.h"

/** What the bar knows. Set up by pw_pair_progress_init(). */
struct pw_pair_progress {
    struct pw_progress line; /**< where and whether it is drawn */
    size_t total;            /**< benchmarks */
    size_t ended;
    size_t pairs; /**< of all benchmarks */
    struct pw_run_observer observer;
};

/** The observer points back at `progress`. */
void pw_pair_progress_init(struct pw_pair_progress *progress, FILE *stream,
                           const struct pw_arguments *arguments);

/** Wipe the bar, so that ordinary output follows on an empty line. */
void pw_pair_progress_finish(struct pw_pair_progress *progress);

#endif

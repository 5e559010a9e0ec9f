/* Progress of a paired measurement on stderr: a live table of the benchmarks on a terminal, else a
 * line now and then. */
#ifndef PERFWARDEN_CLI_PAIR_PROGRESS_H
#define PERFWARDEN_CLI_PAIR_PROGRESS_H

#include "live_screen.h"
#include "live_view.h"
#include "pair_time.h"
#include "progress.h"

/** What is watched. All borrowed. */
struct pw_pair_watched {
    const struct pw_config *config; /**< head's */
    struct pw_gate_pairs *gate;     /**< NULL where nothing is decided: then there is no table */
    uint64_t budget_ns;             /**< for all pairs; 0 for none */
};

/** What is shown. Set up by pw_pair_progress_init(). */
struct pw_pair_progress {
    struct pw_progress line; /**< where and whether it is drawn */
    struct pw_pair_watched watched;
    bool is_live;               /**< a table; else one line where `line` is a bar */
    struct pw_live_row *rows;   /**< one for each benchmark of the configuration; owned */
    bool *is_stale;             /**< the row has to be looked at again; owned */
    struct pw_pair_pace *paces; /**< owned */
    size_t next_look;           /**< row to be looked at next: there is not time for all of them */
    size_t ended;
    size_t pairs;      /**< of all benchmarks */
    uint64_t event_ns; /**< monotonic, of the last event */
    uint64_t due_ns;   /**< monotonic, when the table may be drawn again */
    struct pw_live_screen screen;
    struct pw_run_observer observer;
};

/**
 * The observer points back at `progress`.
 *
 * @return 0; PW_ENOMEM: there is nothing to finish then
 */
int pw_pair_progress_init(struct pw_pair_progress *progress, FILE *stream,
                          const struct pw_arguments *arguments,
                          const struct pw_pair_watched *watched,
                          struct pw_error *err) PW_MUST_CHECK;

/** Wipe what is drawn, so that ordinary output follows on an empty line. */
void pw_pair_progress_finish(struct pw_pair_progress *progress);

#endif

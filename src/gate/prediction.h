/* What the sessions so far say about the next one: its centre and how far noise may carry it. */
#ifndef PERFWARDEN_GATE_PREDICTION_H
#define PERFWARDEN_GATE_PREDICTION_H

#include <stdbool.h>
#include <stddef.h>

#include "perfwarden/util/error.h"

/** Most sessions that are looked at. */
#define PW_PREDICTION_MAX_SESSIONS 20

/** What a prediction is made from besides the sessions. All in the unit of their values. */
struct pw_prediction_options {
    double alpha;     /**< chance that the next session lies above (and below) its interval */
    double prior;     /**< noise between sessions to assume where few are known; ≥ 0 */
    double within;    /**< standard error within a session; the noise is not taken for less */
    double threshold; /**< least change that may cut the history; ≥ 0 */
};

struct pw_prediction {
    double centre;
    double half_width;      /**< the next session lies within centre ± half_width */
    double noise;           /**< standard deviation of a session that half_width was made from */
    size_t sessions;        /**< since the last change point */
    size_t centre_sessions; /**< the newest of them, whose median is the centre */
    bool uses_prior;        /**< noise is the prior: few sessions, and they look quieter than it */
};

/**
 * Find where the level of the sessions changed.
 *
 * A level of a single session, the newest, counts too: after a slowdown was accepted, the one
 * baseline that holds it must count at once.
 *
 * @param values       one per session, oldest first, finite
 * @param n            1 … PW_PREDICTION_MAX_SESSIONS
 * @param[out] starts  room for n; the first session of each level, starts[0] = 0
 * @return 0; PW_ENOMEM
 */
int pw_gate_find_levels(const double *values, size_t n, const struct pw_prediction_options *options,
                        size_t *starts, size_t *levels, struct pw_error *err) PW_MUST_CHECK;

/**
 * Predict the next session.
 *
 * @param values  one per session, oldest first, finite
 * @param n       1 … PW_PREDICTION_MAX_SESSIONS
 * @return 0; PW_ENOMEM
 */
int pw_gate_predict(const double *values, size_t n, const struct pw_prediction_options *options,
                    struct pw_prediction *out, struct pw_error *err) PW_MUST_CHECK;

#endif

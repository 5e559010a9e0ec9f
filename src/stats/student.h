/* The tail of Student's t, for p-values. */
#ifndef PERFWARDEN_STATS_STUDENT_H
#define PERFWARDEN_STATS_STUDENT_H

/** P(T > t). @param t ≥ 0, may be infinite @param degrees > 0 */
double pw_stats_t_upper_tail(double t, double degrees);

#endif

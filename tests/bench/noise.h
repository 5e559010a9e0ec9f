/* Simulated machines: the times of runs of base and head, seeded, one after the other. */
#ifndef PERFWARDEN_BENCH_NOISE_H
#define PERFWARDEN_BENCH_NOISE_H

#include <stdbool.h>
#include <stdint.h>

/** What disturbs a run's time. Standard deviations are of its logarithm. */
struct noise {
    const char *name;
    const char *what;
    double white; /**< of each run alone */
    double drift; /**< of a stationary AR(1) that all runs share */
    double outlier_chance;
    double outlier_ratio; /**< how many times longer such a run takes */
};

/** How closely the drift of one run resembles the next one's. */
#define NOISE_DRIFT_PHI 0.97

/** A machine at some moment. */
struct machine {
    const struct noise *noise;
    uint64_t random;
    double drift;
};

/** Another stream of random numbers for each stream number. */
uint64_t noise_seed(uint64_t seed, uint64_t stream);
/** In (0, 1). */
double noise_uniform(uint64_t *random);
double noise_gaussian(uint64_t *random);

void machine_start(struct machine *machine, const struct noise *noise, uint64_t seed);
/** Time passes: the drift moves on. */
void machine_step(struct machine *machine);
/** A run now; its undisturbed time in any unit. */
double machine_run(struct machine *machine, double time);
/** A pair of runs, in random order, a step after each. */
void machine_pair(struct machine *machine, double base_time, double head_time, double *base,
                  double *head);

#endif

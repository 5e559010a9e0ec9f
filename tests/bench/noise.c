/* See the header. Generators: splitmix64 to seed, xoshiro's little sibling xorshift64* to run. */
#include "noise.h"

#include <math.h>

uint64_t noise_seed(uint64_t seed, uint64_t stream)
{
    uint64_t z = seed + (stream + 1) * UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    z ^= z >> 31;
    return z != 0 ? z : 1;
}

double noise_uniform(uint64_t *random)
{
    *random ^= *random >> 12;
    *random ^= *random << 25;
    *random ^= *random >> 27;
    return ((double)((*random * UINT64_C(2685821657736338717)) >> 11) + 0.5) / 9007199254740992.0;
}

double noise_gaussian(uint64_t *random)
{
    const double radius = sqrt(-2.0 * log(noise_uniform(random)));

    return radius * cos(6.28318530717958647692 * noise_uniform(random));
}

void machine_start(struct machine *machine, const struct noise *noise, uint64_t seed)
{
    machine->noise = noise;
    machine->random = noise_seed(seed, 0);
    machine->drift = noise->drift > 0.0 ? noise->drift * noise_gaussian(&machine->random) : 0.0;
}

void machine_step(struct machine *machine)
{
    const double phi = NOISE_DRIFT_PHI;

    if (machine->noise->drift > 0.0) {
        machine->drift = phi * machine->drift + machine->noise->drift * sqrt(1.0 - phi * phi) *
                                                    noise_gaussian(&machine->random);
    }
}

double machine_run(struct machine *machine, double time)
{
    const struct noise *noise = machine->noise;
    double value = time * exp(machine->drift + noise->white * noise_gaussian(&machine->random));

    if (noise->outlier_chance > 0.0 && noise_uniform(&machine->random) < noise->outlier_chance) {
        value *= noise->outlier_ratio;
    }
    return value;
}

void machine_pair(struct machine *machine, double base_time, double head_time, double *base,
                  double *head)
{
    const bool is_base_first = noise_uniform(&machine->random) < 0.5;

    for (int i = 0; i < 2; i++) {
        if ((i == 0) == is_base_first) {
            *base = machine_run(machine, base_time);
        } else {
            *head = machine_run(machine, head_time);
        }
        machine_step(machine);
    }
}

/* SplitMix64: one word of state, no bad seeds, and far more numbers than a schedule ever asks for.
 */
#include "random.h"

uint64_t pw_run_random_next(struct pw_run_random *random)
{
    uint64_t z;

    random->state += UINT64_C(0x9e3779b97f4a7c15);
    z = random->state;
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

uint64_t pw_run_random_below(struct pw_run_random *random, uint64_t bound)
{
    /* 2⁶⁴ is no multiple of most bounds: the few numbers too many are drawn again. */
    const uint64_t excess = (UINT64_MAX % bound + 1) % bound;
    uint64_t number;

    do {
        number = pw_run_random_next(random);
    } while (number > UINT64_MAX - excess);
    return number % bound;
}

bool pw_run_random_coin(struct pw_run_random *random)
{
    return (pw_run_random_next(random) >> 63) != 0;
}

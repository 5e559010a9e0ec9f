/*
 * Doubles in their order as unsigned integers: the bits of IEEE 754 with negative values mirrored.
 *
 * Owns that mapping. Assumes 64-bit IEEE doubles; refuses nothing.
 */
#include "ordered.h"

#include <string.h>

uint64_t pw_stats_to_ordered(double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    return bits >> 63 ? ~bits : bits | UINT64_C(1) << 63;
}

double pw_stats_from_ordered(uint64_t ordered)
{
    const uint64_t bits = ordered >> 63 ? ordered & ~(UINT64_C(1) << 63) : ~ordered;
    double value;

    memcpy(&value, &bits, sizeof value);
    return value;
}

/* Units as harnesses write them, and what they are in base units. */
#include <string.h>

#include "formats.h"

/* Powers of ten below one are divisors: 1 / 1000 is no double, 1000 is. */
static const struct pw_adapter_unit units[] = {
    {"fs", "ns", 1e6, PW_BETTER_LOWER, true},
    {"ps", "ns", 1e3, PW_BETTER_LOWER, true},
    {"ns", "ns", 1, PW_BETTER_LOWER, false},
    {"nsec", "ns", 1, PW_BETTER_LOWER, false},
    {"us", "ns", 1e3, PW_BETTER_LOWER, false},
    {"\xC2\xB5s", "ns", 1e3, PW_BETTER_LOWER, false}, /* micro sign */
    {"\xCE\xBCs", "ns", 1e3, PW_BETTER_LOWER, false}, /* Greek mu */
    {"usec", "ns", 1e3, PW_BETTER_LOWER, false},
    {"ms", "ns", 1e6, PW_BETTER_LOWER, false},
    {"msec", "ns", 1e6, PW_BETTER_LOWER, false},
    {"s", "ns", 1e9, PW_BETTER_LOWER, false},
    {"sec", "ns", 1e9, PW_BETTER_LOWER, false},
    {"secs", "ns", 1e9, PW_BETTER_LOWER, false},
    {"second", "ns", 1e9, PW_BETTER_LOWER, false},
    {"seconds", "ns", 1e9, PW_BETTER_LOWER, false},
    {"m", "ns", 60e9, PW_BETTER_LOWER, false},
    {"min", "ns", 60e9, PW_BETTER_LOWER, false},
    {"h", "ns", 3600e9, PW_BETTER_LOWER, false},
    {"hr", "ns", 3600e9, PW_BETTER_LOWER, false},
    {"d", "ns", 86400e9, PW_BETTER_LOWER, false},
    {"day", "ns", 86400e9, PW_BETTER_LOWER, false},
    {"B", "bytes", 1, PW_BETTER_LOWER, false},
    {"byte", "bytes", 1, PW_BETTER_LOWER, false},
    {"bytes", "bytes", 1, PW_BETTER_LOWER, false},
    {"kB", "bytes", 1e3, PW_BETTER_LOWER, false},
    {"KB", "bytes", 1e3, PW_BETTER_LOWER, false},
    {"MB", "bytes", 1e6, PW_BETTER_LOWER, false},
    {"GB", "bytes", 1e9, PW_BETTER_LOWER, false},
    {"TB", "bytes", 1e12, PW_BETTER_LOWER, false},
    {"KiB", "bytes", 1024, PW_BETTER_LOWER, false},
    {"MiB", "bytes", 1048576, PW_BETTER_LOWER, false},
    {"GiB", "bytes", 1073741824, PW_BETTER_LOWER, false},
    {"TiB", "bytes", 1099511627776, PW_BETTER_LOWER, false},
    {"B/s", "bytes/s", 1, PW_BETTER_HIGHER, false},
    {"bytes/s", "bytes/s", 1, PW_BETTER_HIGHER, false},
    {"kB/s", "bytes/s", 1e3, PW_BETTER_HIGHER, false},
    {"KB/s", "bytes/s", 1e3, PW_BETTER_HIGHER, false},
    {"MB/s", "bytes/s", 1e6, PW_BETTER_HIGHER, false},
    {"GB/s", "bytes/s", 1e9, PW_BETTER_HIGHER, false},
    {"TB/s", "bytes/s", 1e12, PW_BETTER_HIGHER, false},
    {"KiB/s", "bytes/s", 1024, PW_BETTER_HIGHER, false},
    {"MiB/s", "bytes/s", 1048576, PW_BETTER_HIGHER, false},
    {"GiB/s", "bytes/s", 1073741824, PW_BETTER_HIGHER, false},
    {"TiB/s", "bytes/s", 1099511627776, PW_BETTER_HIGHER, false},
    {"1/s", "1/s", 1, PW_BETTER_HIGHER, false},
    {"hz", "1/s", 1, PW_BETTER_HIGHER, false},
    {"Hz", "1/s", 1, PW_BETTER_HIGHER, false},
    {"op/s", "1/s", 1, PW_BETTER_HIGHER, false},
    {"ops/s", "1/s", 1, PW_BETTER_HIGHER, false},
    {"ops/sec", "1/s", 1, PW_BETTER_HIGHER, false},
    {"ops/ms", "1/s", 1e3, PW_BETTER_HIGHER, false},
    {"ops/us", "1/s", 1e6, PW_BETTER_HIGHER, false},
    {"ops/ns", "1/s", 1e9, PW_BETTER_HIGHER, false},
    {"ops/min", "1/s", 60, PW_BETTER_HIGHER, true},
    {"ops/hr", "1/s", 3600, PW_BETTER_HIGHER, true},
    {"ops/day", "1/s", 86400, PW_BETTER_HIGHER, true},
    {"elem/s", "1/s", 1, PW_BETTER_HIGHER, false},
    {"Kelem/s", "1/s", 1e3, PW_BETTER_HIGHER, false},
    {"Melem/s", "1/s", 1e6, PW_BETTER_HIGHER, false},
    {"Gelem/s", "1/s", 1e9, PW_BETTER_HIGHER, false},
    {"req/s", "1/s", 1, PW_BETTER_HIGHER, false},
    {"iter/s", "1/s", 1, PW_BETTER_HIGHER, false},
    {"cycles", "cycles", 1, PW_BETTER_LOWER, false},
    {"count", "count", 1, PW_BETTER_LOWER, false},
    {"allocs", "count", 1, PW_BETTER_LOWER, false},
    {"ratio", "ratio", 1, PW_BETTER_LOWER, false},
    {"%", "ratio", 100, PW_BETTER_LOWER, true},
};

/* Per operation is what every harness means. */
static const char *const per_one[] = {"/op", "/iter", "/iteration", "/call"};

static size_t without_per_one(const char *name, size_t length)
{
    for (size_t i = 0; i < PW_COUNT(per_one); i++) {
        const size_t tail = strlen(per_one[i]);
        if (length > tail && memcmp(name + length - tail, per_one[i], tail) == 0) {
            return length - tail;
        }
    }
    return length;
}

const struct pw_adapter_unit *pw_adapter_find_unit(const char *name, size_t length)
{
    length = without_per_one(name, length);
    for (size_t i = 0; i < PW_COUNT(units); i++) {
        if (strlen(units[i].name) == length && memcmp(units[i].name, name, length) == 0) {
            return &units[i];
        }
    }
    return NULL;
}

double pw_adapter_to_base(const struct pw_adapter_unit *unit, double value)
{
    return unit->is_divisor ? value / unit->factor : value * unit->factor;
}

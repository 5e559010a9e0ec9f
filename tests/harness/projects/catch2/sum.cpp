// What is measured: the sum of a table, taken so often.
#include "sum.h"

static const int rounds = 4;

unsigned sum_of(const unsigned *numbers, std::size_t count)
{
    unsigned sum = 0;
    for (int round = 0; round < rounds; round++) {
        for (std::size_t i = 0; i < count; i++) {
            sum = (sum ^ numbers[i]) * 16777619u;
        }
    }
    return sum;
}

unsigned last_of(const unsigned *numbers, std::size_t count)
{
    unsigned last = 0;
    for (std::size_t i = 0; i < count; i++) {
        last = (last + numbers[i]) * 2654435761u;
    }
    return last;
}

bool is_usable(const unsigned *numbers)
{
    return numbers != nullptr;
}

// Benchmarks in two test cases, one of which checks what it is given.
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
#endif

#include <vector>

#include "sum.h"

TEST_CASE("tables")
{
    const std::vector<unsigned> numbers(5000, 7);
    BENCHMARK("sum of a table, taken in full")
    {
        return sum_of(numbers.data(), numbers.size());
    };
    BENCHMARK("last")
    {
        return last_of(numbers.data(), numbers.size());
    };
}

TEST_CASE("checked tables")
{
    const std::vector<unsigned> numbers(5000, 7);
    REQUIRE(is_usable(numbers.data()));
    BENCHMARK("checked")
    {
        return last_of(numbers.data(), numbers.size());
    };
}

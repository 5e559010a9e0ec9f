// Benchmarks with an argument, with a rate, with repetitions, and with a check of what they are given.
#include <benchmark/benchmark.h>

#include <vector>

#include "sum.h"

static void sum(benchmark::State &state)
{
    const std::vector<unsigned> numbers(static_cast<std::size_t>(state.range(0)), 7);
    for (auto _ : state) {
        benchmark::DoNotOptimize(sum_of(numbers.data(), numbers.size()));
    }
    state.SetItemsProcessed(state.iterations() * state.range(0));
}

static void last(benchmark::State &state)
{
    const std::vector<unsigned> numbers(20000, 7);
    for (auto _ : state) {
        benchmark::DoNotOptimize(last_of(numbers.data(), numbers.size()));
    }
}

static void checked(benchmark::State &state)
{
    const std::vector<unsigned> numbers(20000, 7);
    if (!is_usable(numbers.data())) {
        state.SkipWithError("the table is not usable");
    }
    for (auto _ : state) {
        benchmark::DoNotOptimize(last_of(numbers.data(), numbers.size()));
    }
}

BENCHMARK(sum)->Arg(5000);
BENCHMARK(last)->Repetitions(3)->Unit(benchmark::kMicrosecond);
BENCHMARK(checked)->Unit(benchmark::kMillisecond);
BENCHMARK_MAIN();

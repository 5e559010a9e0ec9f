/*
 * What Google Benchmark's own loop costs: an iteration of an empty loop, and one whose body it does
 * not time, which is its way of timing a part.
 */
#include <benchmark/benchmark.h>

static void empty_loop(benchmark::State &state)
{
    for (auto _ : state) {
        benchmark::ClobberMemory();
    }
}
BENCHMARK(empty_loop);

/* Elapsed, the pause included, as the probe's cost is. */
static void paused(benchmark::State &state)
{
    for (auto _ : state) {
        state.PauseTiming();
        state.ResumeTiming();
    }
}
BENCHMARK(paused)->MeasureProcessCPUTime();

BENCHMARK_MAIN();

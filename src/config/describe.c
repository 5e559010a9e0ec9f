/* The fixed text of the documentation; everything else of it comes from the schema table. */
#include "describe.h"

static const char *const introduction[] = {
    "perfwarden reads `perfwarden.yml` from the directory it is started in, or the file named by "
    "`--config`. Relative paths in it start at the directory of the file.",
    "Every value is read as its key says, never guessed from its form: `name: 12` is the text "
    "\"12\". Durations and sizes need a unit: `ns`, `us`, `ms`, `s`, `min`, `h`; `B`, `KB`, `KiB`, "
    "`MB`, `MiB`, `GB`, `GiB`. Ratios are written with `%`.",
    "All mistakes of a file are reported at once, each with its line and column. Unknown keys, "
    "duplicate keys, keys without a value, aliases, anchors, tags, merge keys and a second "
    "document are mistakes. A file has at most 1 MiB, is nested at most 64 deep, and declares at "
    "most 10000 benchmarks, each with at most 32 parameters and 256 environment variables.",
    "In `command`, `env`, `cwd` and the commands run around it, `{name}` stands for the value of "
    "the parameter `name`. Other "
    "text in braces is left alone, except that a name within two letters of a parameter is "
    "reported as a mistake, and so is `${name}` of a parameter.",
};

static const char example[] = "version: 1\n"
                              "build:\n"
                              "  - cmake -B build -DCMAKE_BUILD_TYPE=Release\n"
                              "  - cmake --build build\n"
                              "\n"
                              "defaults:\n"
                              "  runs: { min: 7, max: 60 }\n"
                              "  warmup: 1\n"
                              "  timeout: 30s\n"
                              "  budget: 120s\n"
                              "  memory_limit: 1 GiB\n"
                              "  metrics: [wall_time, cpu_time, max_rss]\n"
                              "  thresholds:\n"
                              "    wall_time: 5%\n"
                              "\n"
                              "benchmarks:\n"
                              "  - name: parse\n"
                              "    command: [./build/bench_parse, \"--size={size}\"]\n"
                              "    params: { size: [1024, 10240, 102400] }\n"
                              "    thresholds:\n"
                              "      wall_time: { increase: 5%, at_least: 200us }\n"
                              "      max_rss: { increase: 10%, limit: 64 MiB }\n"
                              "  - name: codec\n"
                              "    command: ./build/bench_codec --benchmark_format=json\n"
                              "    format: google-benchmark\n"
                              "    env: { OMP_NUM_THREADS: 1 }\n"
                              "    cwd: bench/data\n"
                              "\n"
                              "gate:\n"
                              "  alpha: 0.01\n"
                              "  beta: 0.05\n"
                              "  fdr: 0.05\n"
                              "  session_noise: 3%\n"
                              "  fail_on: [regression, error, missing]\n"
                              "  on_no_baseline: warn\n"
                              "  on_inconclusive: warn\n"
                              "\n"
                              "baseline:\n"
                              "  store: git\n"
                              "  ref: refs/perfwarden/baselines\n"
                              "  on_environment_mismatch: remeasure\n"
                              "  keep: { days: 365, tags: [\"v*\"] }\n"
                              "\n"
                              "report:\n"
                              "  junit: perfwarden-junit.xml\n"
                              "  markdown: perfwarden.md\n"
                              "  json: perfwarden.json\n";

const char *const *pw_describe_introduction(size_t *count)
{
    *count = PW_COUNT(introduction);
    return introduction;
}

const char *pw_describe_example(void)
{
    return example;
}

const char *pw_describe_default(const struct pw_schema_key *key)
{
    return key->is_required       ? "required"
           : key->initial != NULL ? key->initial
           : key->without != NULL ? key->without
                                  : "as its keys below";
}

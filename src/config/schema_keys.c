/*
 * The table itself; groups of rows are in the files schema_*.inc. Sentences here
 * are the documentation: full sentences, with full stops.
 */
#include <stddef.h>

#include "document.h"
#include "schema.h"

#define SETTINGS (PW_SECTION_DEFAULTS | PW_SECTION_BENCHMARK)

/* clang-format off */
#define WORDS(array) {(array), PW_COUNT(array)}
/* clang-format on */

static const struct pw_word policy_items[] = {
    {"pass", PW_POLICY_PASS}, {"warn", PW_POLICY_WARN}, {"fail", PW_POLICY_FAIL}};
static const struct pw_word drift_items[] = {{"fail", PW_POLICY_FAIL}, {"warn", PW_POLICY_WARN}};
static const struct pw_word mismatch_items[] = {
    {"remeasure", PW_POLICY_REMEASURE}, {"warn", PW_POLICY_WARN}, {"fail", PW_POLICY_FAIL}};
static const struct pw_word store_items[] = {{"git", PW_STORE_GIT},
                                             {"directory", PW_STORE_DIRECTORY}};
static const struct pw_word verdict_items[] = {
    {"regression", PW_VERDICT_BIT(PW_VERDICT_REGRESSION)},
    {"error", PW_VERDICT_BIT(PW_VERDICT_ERROR)},
    {"missing", PW_VERDICT_BIT(PW_VERDICT_MISSING)},
    {"inconclusive", PW_VERDICT_BIT(PW_VERDICT_INCONCLUSIVE)},
    {"no_baseline", PW_VERDICT_BIT(PW_VERDICT_NO_BASELINE)}};
static const struct pw_word counter_items[] = {{"auto", PW_COUNTERS_AUTO},
                                               {"perf", PW_COUNTERS_PERF},
                                               {"valgrind", PW_COUNTERS_VALGRIND},
                                               {"none", PW_COUNTERS_NONE}};

static const struct pw_word better_items[] = {{"lower", 1 + PW_BETTER_LOWER},
                                              {"higher", 1 + PW_BETTER_HIGHER}};

static const struct pw_word isolation_items[] = {{"none", 0}, {"network", 1}};

static const struct pw_words policies = WORDS(policy_items);
static const struct pw_words drift_policies = WORDS(drift_items);
static const struct pw_words mismatch_policies = WORDS(mismatch_items);
static const struct pw_words betters = WORDS(better_items);
static const struct pw_words isolations = WORDS(isolation_items);
static const struct pw_words stores = WORDS(store_items);
static const struct pw_words verdicts = WORDS(verdict_items);
static const struct pw_words counter_sources = WORDS(counter_items);

static const struct pw_schema_section sections[] = {
    {PW_SECTION_ROOT, "The file", "", "The file is one mapping with these keys."},
    {PW_SECTION_DEFAULTS, "defaults", "defaults.",
     "Settings for every benchmark that does not have its own."},
    {PW_SECTION_BENCHMARK, "benchmarks", "benchmarks[].",
     "A list; each entry declares a benchmark, or with `params` one for every combination of "
     "parameter values. An entry may have every setting of `defaults` as well."},
    {PW_SECTION_VALUE, "values", "benchmarks[].values[].",
     "A list for the formats `regex` and `json`, which have to be told where values stand."},
    {PW_SECTION_RUNS, "runs", "runs.", "The number of counted runs, where it is not one integer."},
    {PW_SECTION_THRESHOLD, "thresholds", "thresholds.<metric>.",
     "How much worse is too much, per metric. `5%` is short for `{ increase: 5% }`, and `200us` "
     "for `{ at_least: 200us }`. With both `increase` and `at_least`, a change counts only when "
     "both are exceeded."},
    {PW_SECTION_GATE, "gate", "gate.", "How a verdict is reached, and which verdicts fail."},
    {PW_SECTION_ANCHOR, "anchor", "gate.anchor.",
     "An older commit that head is compared with besides the base, so that many small steps do not "
     "add up unseen. Exactly one of `tag`, `days` and `commits` says which."},
    {PW_SECTION_BASELINE, "baseline", "baseline.", "Where results to compare with are kept."},
    {PW_SECTION_REPORT, "report", "report.",
     "Files that `perfwarden check` always writes, relative to the directory of the file."},
    {PW_SECTION_KEEP, "keep", "baseline.keep.",
     "Which stored results `perfwarden baseline prune` keeps. One that any rule keeps is kept, and "
     "the newest of each environment always."},
};

static const struct pw_schema_section accepted_sections[] = {
    {PW_SECTION_ACCEPTED_FILE, "The file of accepted changes", "",
     "Changes for the worse that are agreed to may be kept in a file, `baselines/accepted.yml` if "
     "`gate.accepted` names no other. It is read as strictly as this one."},
    {PW_SECTION_ACCEPTED, "accepted", "accepted[].",
     "A list; each entry accepts a change of a metric up to a bound, or that a benchmark was "
     "removed."},
};

static const struct pw_schema_key keys[] = {
    {.sections = PW_SECTION_ROOT,
     .name = "version",
     .type = PW_TYPE_INTEGER,
     .offset = offsetof(struct pw_document, version),
     .is_required = true,
     .min = "1",
     .max = "1",
     .summary = "The version of this format.",
     .example = "1"},
    {.sections = PW_SECTION_ROOT,
     .name = "build",
     .type = PW_TYPE_TEXTS,
     .offset = offsetof(struct pw_document, build),
     .without = "nothing is built",
     .summary =
         "Shell commands that build one checked-out revision, in this order. Comparisons with "
         "stored baselines measure what is there and build nothing.",
     .example = "[cmake -B build, cmake --build build]"},
    {.sections = PW_SECTION_ROOT,
     .name = "defaults",
     .type = PW_TYPE_GROUP,
     .child = PW_SECTION_DEFAULTS,
     .offset = offsetof(struct pw_document, defaults),
     .summary = "Settings for every benchmark, merged key by key, thresholds metric by metric and "
                "environment variables name by name."},
    {.sections = PW_SECTION_ROOT,
     .name = "benchmarks",
     .type = PW_TYPE_GROUPS,
     .child = PW_SECTION_BENCHMARK,
     .offset = offsetof(struct pw_document, benchmarks),
     .is_required = true,
     .summary = "What is measured. At most 10000 benchmarks after expansion."},
    {.sections = PW_SECTION_ROOT,
     .name = "gate",
     .type = PW_TYPE_GROUP,
     .child = PW_SECTION_GATE,
     .offset = offsetof(struct pw_document, gate),
     .summary = "How a verdict is reached, and which verdicts fail."},
    {.sections = PW_SECTION_ROOT,
     .name = "baseline",
     .type = PW_TYPE_GROUP,
     .child = PW_SECTION_BASELINE,
     .offset = offsetof(struct pw_document, baseline),
     .summary = "Where results to compare with are kept."},
    {.sections = PW_SECTION_ROOT,
     .name = "report",
     .type = PW_TYPE_GROUP,
     .child = PW_SECTION_REPORT,
     .offset = offsetof(struct pw_document, report),
     .summary = "Files that `perfwarden check` always writes."},

    {.sections = PW_SECTION_BENCHMARK,
     .name = "name",
     .type = PW_TYPE_NAME,
     .offset = offsetof(struct pw_declaration, name),
     .is_required = true,
     .summary = "The benchmark's name. Its id is the name, or `name/param=value,...` with "
                "parameters; ids are unique in a file.",
     .example = "parse"},
    {.sections = PW_SECTION_BENCHMARK,
     .name = "command",
     .type = PW_TYPE_COMMAND,
     .offset = offsetof(struct pw_declaration, command),
     .is_required = true,
     .summary = "What is run: a list of words is executed directly, one text is run by `sh -c`. "
                "`{name}` is replaced by the value of the parameter of that name; other text in "
                "braces is left alone.",
     .example = "[./build/bench, \"--size={size}\"]"},
    {.sections = PW_SECTION_BENCHMARK,
     .name = "params",
     .type = PW_TYPE_PARAMS,
     .offset = offsetof(struct pw_declaration, params),
     .without = "one benchmark",
     .summary = "Parameters, each with one value or a list of values. Every combination becomes a "
                "benchmark, in the order of the file, the last parameter changing fastest. Names "
                "consist of letters, digits and `_`. The command also gets each value in the "
                "environment variable PERFWARDEN_PARAM_NAME.",
     .example = "{ size: [1024, 10240] }"},
#include "schema_accepted.inc"
#include "schema_format.inc"
#include "schema_settings.inc"

    {.sections = PW_SECTION_RUNS,
     .name = "min",
     .type = PW_TYPE_INTEGER,
     .offset = offsetof(struct pw_runs, min),
     .min = "1",
     .max = "100000",
     .without = "as in `defaults`",
     .summary = "The least number of runs, not above `max`.",
     .example = "7"},
    {.sections = PW_SECTION_RUNS,
     .name = "max",
     .type = PW_TYPE_INTEGER,
     .offset = offsetof(struct pw_runs, max),
     .min = "1",
     .max = "100000",
     .without = "as in `defaults`",
     .summary = "The most runs, made while the budget lasts.",
     .example = "60"},

    {.sections = PW_SECTION_THRESHOLD,
     .name = "increase",
     .type = PW_TYPE_QUANTITY,
     .offset = offsetof(struct pw_threshold_parts, increase),
     .without = "any size of change",
     .summary = "A relative change for the worse, with `%`; at most 100000%.",
     .example = "5%"},
    {.sections = PW_SECTION_THRESHOLD,
     .name = "at_least",
     .type = PW_TYPE_QUANTITY,
     .offset = offsetof(struct pw_threshold_parts, at_least),
     .without = "any size of change",
     .summary = "An absolute change for the worse, in a unit of the metric.",
     .example = "200us"},
    {.sections = PW_SECTION_THRESHOLD,
     .name = "limit",
     .type = PW_TYPE_QUANTITY,
     .offset = offsetof(struct pw_threshold_parts, limit),
     .without = "no ceiling",
     .summary = "A ceiling that holds whatever the base was, in a unit of the metric; a floor "
                "where higher is better.",
     .example = "64 MiB"},

    {.sections = PW_SECTION_GATE,
     .name = "alpha",
     .type = PW_TYPE_RATIO,
     .offset = offsetof(struct pw_gate_config, alpha),
     .is_open_range = true,
     .min = "0",
     .max = "0.5",
     .initial = "0.01",
     .summary = "The chance of a false alarm per comparison.",
     .example = "0.01"},
    {.sections = PW_SECTION_GATE,
     .name = "beta",
     .type = PW_TYPE_RATIO,
     .offset = offsetof(struct pw_gate_config, beta),
     .is_open_range = true,
     .min = "0",
     .max = "0.5",
     .initial = "0.05",
     .summary =
         "The chance that a change as large as the threshold passes. For paired comparisons; "
         "stored ones use `alpha` on both sides.",
     .example = "0.05"},
    {.sections = PW_SECTION_GATE,
     .name = "fdr",
     .type = PW_TYPE_RATIO,
     .offset = offsetof(struct pw_gate_config, fdr),
     .is_open_range = true,
     .min = "0",
     .max = "1",
     .initial = "0.05",
     .summary = "The share of false alarms among all alarms of the suite. For paired comparisons.",
     .example = "0.05"},
    {.sections = PW_SECTION_GATE,
     .name = "session_noise",
     .type = PW_TYPE_RATIO,
     .offset = offsetof(struct pw_gate_config, session_noise),
     .is_open_range = true,
     .min = "0",
     .max = "10",
     .initial = "3%",
     .summary = "How much two sessions on one machine are taken to differ, as long as there are "
                "too few stored sessions to tell.",
     .example = "3%"},
    {.sections = PW_SECTION_GATE,
     .name = "fail_on",
     .type = PW_TYPE_CHOICES,
     .offset = offsetof(struct pw_gate_config, fail_on),
     .words = &verdicts,
     .initial = "[regression, error, missing]",
     .summary = "The verdicts that fail. `error` is always one of them, whatever is listed.",
     .example = "[regression, error, missing, inconclusive]"},
    {.sections = PW_SECTION_GATE,
     .name = "on_no_baseline",
     .type = PW_TYPE_CHOICE,
     .offset = offsetof(struct pw_gate_config, on_no_baseline),
     .words = &policies,
     .initial = "warn",
     .summary = "What to do with a benchmark that has nothing to be compared with.",
     .example = "fail"},
    {.sections = PW_SECTION_GATE,
     .name = "on_inconclusive",
     .type = PW_TYPE_CHOICE,
     .offset = offsetof(struct pw_gate_config, on_inconclusive),
     .words = &policies,
     .initial = "warn",
     .summary = "What to do when the data cannot tell.",
     .example = "fail"},

    {.sections = PW_SECTION_GATE,
     .name = "anchor",
     .type = PW_TYPE_ANCHOR,
     .child = PW_SECTION_ANCHOR,
     .offset = offsetof(struct pw_declared_gate, anchor),
     .without = "the base alone is compared with",
     .summary = "An older commit that head is compared with as well.",
     .example = "{ tag: \"v*\" }"},

#include "schema_anchor.inc"

    {.sections = PW_SECTION_BASELINE,
     .name = "store",
     .type = PW_TYPE_CHOICE,
     .offset = offsetof(struct pw_baseline_config, store),
     .words = &stores,
     .initial = "git",
     .summary = "Where baselines are kept: on a git ref outside the work tree, or in a directory "
                "of it.",
     .example = "directory"},
    {.sections = PW_SECTION_BASELINE,
     .name = "ref",
     .type = PW_TYPE_REF,
     .offset = offsetof(struct pw_baseline_config, ref),
     .initial = "refs/perfwarden/baselines",
     .summary = "The ref for `store: git`.",
     .example = "refs/perfwarden/baselines"},
    {.sections = PW_SECTION_BASELINE,
     .name = "remote",
     .type = PW_TYPE_NAME,
     .offset = offsetof(struct pw_baseline_config, remote),
     .without = "the remote that the current branch follows, else `origin`, else the only one",
     .summary = "For `store: git`: the remote, by its name or its URL, that `baseline fetch` and "
                "`baseline push` exchange the ref with, and that `check` looks at.",
     .example = "upstream"},
    {.sections = PW_SECTION_BASELINE,
     .name = "path",
     .type = PW_TYPE_PATH,
     .offset = offsetof(struct pw_baseline_config, path),
     .initial = "baselines",
     .summary = "The directory for `store: directory`, relative to the directory of the file.",
     .example = "bench/baselines"},
    {.sections = PW_SECTION_BASELINE,
     .name = "on_environment_mismatch",
     .type = PW_TYPE_CHOICE,
     .offset = offsetof(struct pw_baseline_config, on_environment_mismatch),
     .words = &mismatch_policies,
     .initial = "remeasure",
     .summary = "What to do when the only baselines were measured on another kind of machine: "
                "`remeasure` measures base and head here in pairs, and warns where that cannot be "
                "done because nothing says how to `build`.",
     .example = "fail"},
    {.sections = PW_SECTION_BASELINE,
     .name = "keep",
     .type = PW_TYPE_GROUP,
     .child = PW_SECTION_KEEP,
     .offset = offsetof(struct pw_baseline_config, keep),
     .without = "`perfwarden baseline prune` has no rules and removes nothing",
     .summary = "Which results `perfwarden baseline prune` keeps.",
     .example = "{ days: 365, tags: [\"v*\"] }"},

#include "schema_keep.inc"

    {.sections = PW_SECTION_BASELINE,
     .name = "quarantine",
     .type = PW_TYPE_SHARE,
     .offset = offsetof(struct pw_baseline_config, quarantine_ratio),
     .is_open_range = true,
     .min = "0",
     .max = "1",
     .initial = "50%",
     .summary = "An improvement by more than this is more likely a benchmark that no longer does "
                "its work. It is reported so, and a stored session with one is not compared with "
                "until a second session confirms it. `50%` is half the time, or twice the rate.",
     .example = "none"},

#include "schema_report.inc"
};

const struct pw_schema_key *pw_schema_keys(size_t *count)
{
    *count = PW_COUNT(keys);
    return keys;
}

const struct pw_schema_section *pw_schema_accepted_sections(size_t *count)
{
    *count = PW_COUNT(accepted_sections);
    return accepted_sections;
}

const struct pw_schema_section *pw_schema_sections(size_t *count)
{
    *count = PW_COUNT(sections);
    return sections;
}

/*
 * The option table. Refuses nothing by itself: arguments.c walks the command line and turns what
 * it finds here into errors.
 */
#include "options.h"
#include "perfwarden/export.h"

#include <string.h>

#include "guess.h"
#include "option_values.h"
#include "perfwarden/store.h"

#define FOR_RUNNING   (PW_FOR_CHECK | PW_FOR_RUN | PW_FOR_BASELINE)
#define FOR_GATING    (PW_FOR_CHECK | PW_FOR_COMPARE)
#define FOR_REPORTING (PW_FOR_CHECK | PW_FOR_RUN | PW_FOR_COMPARE | PW_FOR_MERGE | PW_FOR_IMPORT)
#define FOR_WORKING   (PW_FOR_CHECK | PW_FOR_RUN | PW_FOR_COMPARE | PW_FOR_BASELINE)
#define FOR_PRINTING  (FOR_WORKING | PW_FOR_REPORT | PW_FOR_MERGE | PW_FOR_IMPORT)
#define AT(member)    offsetof(struct pw_arguments, member)

/* clang-format off */
static const struct pw_option OPTIONS[] = {
    {.name = "filter", .argument = "GLOB",
     .commands = FOR_WORKING,
     .group = PW_GROUP_MEASURE, .kind = PW_OPTION_WORDS, .offset = AT(filters),
     .help = "only benchmarks whose id or name matches; may be given again for more"},
    {.name = "filter", .argument = "GLOB",
     .commands = PW_FOR_REPORT,
     .group = PW_GROUP_REPORT, .kind = PW_OPTION_WORDS, .offset = AT(drawn),
     .help = "svg and png: draw only benchmarks whose id or name matches, and all of those; may be "
             "given again for more"},
    {.name = "runs", .argument = "MIN[..MAX]",
     .commands = FOR_RUNNING | PW_FOR_DOCTOR,
     .group = PW_GROUP_MEASURE, .kind = PW_OPTION_PARSED,
     .parse = pw_option_parse_runs,
     .help = "how many counted runs of each benchmark, instead of what the configuration "
             "says; exactly MIN without MAX (doctor: pairs of the selftest, else 7..60)"},
    {.name = "budget", .argument = "DURATION",
     .commands = FOR_RUNNING,
     .group = PW_GROUP_MEASURE, .kind = PW_OPTION_PARSED,
     .parse = pw_option_parse_budget,
     .help = "time for the whole suite, such as 90s or 5min; every benchmark gets its "
             "smallest number of runs all the same"},
    {.name = "shard", .argument = "K/N",
     .commands = PW_FOR_CHECK | PW_FOR_RUN,
     .group = PW_GROUP_MEASURE, .kind = PW_OPTION_TEXT, .offset = AT(shard),
     .help = "run part K of N of the suite, cut by how long the benchmarks took, for 'perfwarden "
             "merge' to join; auto: as GitLab, Buildkite, CircleCI or a Slurm array numbers this "
             "job, which is the default; none: everything"},
    {.name = "shell", .argument = "SHELL",
     .commands = FOR_RUNNING,
     .group = PW_GROUP_MEASURE, .kind = PW_OPTION_CHOICE, .offset = AT(shell),
     .choice = pw_option_shell_choice,
     .help = "who runs a command that is one text; sh: a shell, whose own time is measured and "
             "subtracted; none: nobody, it is split into words and run directly"},
    {.name = "show-output",
     .commands = FOR_RUNNING,
     .group = PW_GROUP_MEASURE, .kind = PW_OPTION_FLAG, .offset = AT(shows_output),
     .help = "pass what the benchmarks print on to standard error, which disturbs what is "
             "measured"},
    {.name = "resume", .argument = "FILE",
     .commands = PW_FOR_RUN,
     .group = PW_GROUP_MEASURE, .kind = PW_OPTION_TEXT, .offset = AT(resume),
     .help = "keep what an earlier run with --output FILE has measured, run the rest, and anew what "
             "has fewer runs than are asked for; written to FILE again unless --output names "
             "another"},
    {.name = "dry-run",
     .commands = PW_FOR_CHECK | PW_FOR_RUN | PW_FOR_BASELINE,
     .group = PW_GROUP_MEASURE, .kind = PW_OPTION_FLAG, .offset = AT(is_dry_run),
     .help = "say what would be run, run nothing (baseline prune: what would be removed)"},
    {.name = "quick",
     .commands = PW_FOR_DOCTOR,
     .group = PW_GROUP_MEASURE, .kind = PW_OPTION_FLAG, .offset = AT(is_quick),
     .help = "look at the machine only, measure nothing"},
    {.name = "selftest",
     .commands = PW_FOR_DOCTOR,
     .group = PW_GROUP_MEASURE, .kind = PW_OPTION_FLAG, .offset = AT(is_selftest),
     .help = "run whole gates whose right verdict is known, and tell how often they were right"},
    {.name = "gates", .argument = "N",
     .commands = PW_FOR_DOCTOR,
     .group = PW_GROUP_MEASURE, .kind = PW_OPTION_PARSED,
     .parse = pw_option_parse_gates,
     .help = "selftest: how many gates for each slowdown; by default 10"},
    {.name = "load",
     .commands = PW_FOR_DOCTOR,
     .group = PW_GROUP_MEASURE, .kind = PW_OPTION_FLAG, .offset = AT(has_load),
     .help = "selftest: keep a processor busy meanwhile"},
    {.name = "base", .argument = "REV",
     .commands = PW_FOR_CHECK,
     .group = PW_GROUP_COMPARE, .kind = PW_OPTION_TEXT, .offset = AT(base),
     .help = "compare with this revision, instead of the one the CI system or the default "
             "branch suggests"},
    {.name = "deepen",
     .commands = PW_FOR_CHECK,
     .group = PW_GROUP_COMPARE, .kind = PW_OPTION_FLAG, .offset = AT(is_deepening),
     .help = "fetch more history where the clone is shallow, or the target branch is not in it, "
             "until the base and a stored baseline are found"},
    {.name = "mode", .argument = "MODE",
     .commands = PW_FOR_CHECK,
     .group = PW_GROUP_COMPARE, .kind = PW_OPTION_CHOICE, .offset = AT(mode),
     .choice = pw_option_mode_choice,
     .help = "how to compare; stored: with the nearest stored baseline; paired: base and head "
             "built side by side, and run by turns; auto: stored, and paired where that gives no "
             "clear pass and 'build' says how to build"},
    {.name = "head", .argument = "REV|worktree",
     .commands = PW_FOR_CHECK,
     .group = PW_GROUP_COMPARE, .kind = PW_OPTION_TEXT, .offset = AT(head),
     .help = "what to compare, in pairs: a revision, or the work tree with its uncommitted "
             "changes; by default HEAD"},
    {.name = "seed", .argument = "N",
     .commands = PW_FOR_CHECK | PW_FOR_DOCTOR,
     .group = PW_GROUP_COMPARE, .kind = PW_OPTION_PARSED,
     .parse = pw_option_parse_seed,
     .help = "of the random order of pairs; by default another one each time"},
    {.name = "results", .argument = "DIR",
     .commands = PW_FOR_CHECK,
     .group = PW_GROUP_REPORT, .kind = PW_OPTION_TEXT, .offset = AT(results),
     .help = "keep what was measured in pairs as DIR/base.json and DIR/head.json, for compare"},
    {.name = "rebuild",
     .commands = PW_FOR_CHECK,
     .group = PW_GROUP_COMPARE, .kind = PW_OPTION_FLAG, .offset = AT(is_rebuild),
     .help = "build base and head although an earlier check has built them"},
    {.name = "run-identical",
     .commands = PW_FOR_CHECK,
     .group = PW_GROUP_COMPARE, .kind = PW_OPTION_FLAG, .offset = AT(runs_identical),
     .help = "measure also where base and head execute the same bytes"},
    {.name = "fail-on", .argument = "LIST",
     .commands = FOR_GATING,
     .group = PW_GROUP_COMPARE, .kind = PW_OPTION_PARSED,
     .choice = pw_option_verdict_choice, .is_list = true, .parse = pw_option_parse_fail_on,
     .help = "verdicts that fail the gate, separated by commas, instead of what the "
             "configuration says; error is always one of them"},
    {.name = "environment", .argument = "ID|this",
     .commands = PW_FOR_BASELINE,
     .group = PW_GROUP_STORE, .kind = PW_OPTION_TEXT, .offset = AT(environment),
     .help = "only results measured in this environment; this: the machine at hand"},
    {.name = "since", .argument = "WHEN",
     .commands = PW_FOR_BASELINE,
     .group = PW_GROUP_STORE, .kind = PW_OPTION_PARSED,
     .parse = pw_option_parse_since,
     .help = "list, export: only results recorded on this date (YYYY-MM-DD, UTC) or later; or not "
             "longer ago than this, such as 12h, 30d or 8w"},
    {.name = "until", .argument = "WHEN",
     .commands = PW_FOR_BASELINE,
     .group = PW_GROUP_STORE, .kind = PW_OPTION_PARSED,
     .parse = pw_option_parse_until,
     .help = "list, export: only results recorded on this date or earlier; or at least this long "
             "ago"},
    {.name = "limit", .letter = 'n', .argument = "N",
     .commands = PW_FOR_BASELINE,
     .group = PW_GROUP_STORE, .kind = PW_OPTION_PARSED,
     .parse = pw_option_parse_limit,
     .help = "list, export: only the newest N"},
    {.name = "from", .argument = "FILE",
     .commands = PW_FOR_BASELINE,
     .group = PW_GROUP_STORE, .kind = PW_OPTION_WORDS, .offset = AT(from),
     .help = "update: store this result, which 'perfwarden run -o' wrote here or elsewhere, and "
             "measure nothing; may be given again; - is standard input"},
    {.name = "force-dirty",
     .commands = PW_FOR_BASELINE,
     .group = PW_GROUP_STORE, .kind = PW_OPTION_FLAG, .offset = AT(is_force_dirty),
     .help = "update: store although tracked files differ from the commit"},
    {.name = "all",
     .commands = PW_FOR_BASELINE,
     .group = PW_GROUP_STORE, .kind = PW_OPTION_FLAG, .offset = AT(is_all),
     .help = "remove: every result of the commits named"},
    {.name = "timeout", .argument = "DURATION",
     .commands = PW_FOR_BASELINE,
     .group = PW_GROUP_STORE, .kind = PW_OPTION_PARSED,
     .parse = pw_option_parse_timeout,
     .help = "fetch, push: how long it may take altogether, such as 30s; by default 2min"},
    {.name = "allow-read-only",
     .commands = PW_FOR_BASELINE,
     .group = PW_GROUP_STORE, .kind = PW_OPTION_FLAG, .offset = AT(is_read_only_allowed),
     .help = "push: that the remote denies write access is a warning"},
    {.name = "no-fetch",
     .commands = PW_FOR_CHECK,
     .group = PW_GROUP_STORE, .kind = PW_OPTION_FLAG, .offset = AT(has_no_fetch),
     .help = "do not look for newer baselines at the remote"},
    {.name = "ci", .argument = "SYSTEM",
     .commands = PW_FOR_INIT,
     .group = PW_GROUP_WRITE, .kind = PW_OPTION_CHOICE, .offset = AT(ci),
     .choice = pw_option_ci_choice,
     .help = "also write a workflow for this CI system; an existing configuration is kept"},
    {.name = "force",
     .commands = PW_FOR_INIT,
     .group = PW_GROUP_WRITE, .kind = PW_OPTION_FLAG, .offset = AT(is_force),
     .help = "overwrite a file that exists already"},
    {.name = "output", .letter = 'o', .argument = "FILE",
     .commands = FOR_REPORTING | PW_FOR_REPORT | PW_FOR_EXPORT | PW_FOR_BASELINE,
     .group = PW_GROUP_REPORT, .kind = PW_OPTION_TEXT, .offset = AT(output),
     .help = "write the outcome to FILE: as JSON, or by report, export and baseline "
             "export in their format; - is standard output"},
    {.name = "junit", .argument = "FILE",
     .commands = FOR_REPORTING,
     .group = PW_GROUP_REPORT, .kind = PW_OPTION_TEXT, .offset = AT(junit),
     .help = "write JUnit XML to FILE"},
    {.name = "markdown", .argument = "FILE",
     .commands = FOR_REPORTING,
     .group = PW_GROUP_REPORT, .kind = PW_OPTION_TEXT, .offset = AT(markdown),
     .help = "write markdown to FILE"},
    {.name = "html", .argument = "FILE",
     .commands = FOR_REPORTING,
     .group = PW_GROUP_REPORT, .kind = PW_OPTION_TEXT, .offset = AT(html),
     .help = "write a page with charts to FILE"},
    {.name = "csv", .argument = "FILE",
     .commands = FOR_REPORTING,
     .group = PW_GROUP_REPORT, .kind = PW_OPTION_TEXT, .offset = AT(csv),
     .help = "write CSV to FILE"},
    {.name = "prometheus", .argument = "FILE",
     .commands = FOR_REPORTING,
     .group = PW_GROUP_REPORT, .kind = PW_OPTION_TEXT, .offset = AT(prometheus),
     .help = "write gauges for Prometheus' textfile collector to FILE"},
    {.name = "format", .argument = "FORMAT",
     .commands = PW_FOR_REPORT,
     .group = PW_GROUP_REPORT, .kind = PW_OPTION_CHOICE, .offset = AT(format),
     .choice = pw_option_format_choice,
     .help = "what to render"},
    {.name = "max-bytes", .argument = "SIZE",
     .commands = PW_FOR_REPORT,
     .group = PW_GROUP_REPORT, .kind = PW_OPTION_PARSED,
     .parse = pw_option_parse_max_bytes,
     .help = "markdown: leave rows out so that it is no longer than this, such as 65000 or 64KiB; "
             "by default and at most 1000000"},
    {.name = "annotations", .argument = "SYSTEM",
     .commands = FOR_GATING | PW_FOR_MERGE,
     .group = PW_GROUP_REPORT, .kind = PW_OPTION_CHOICE, .offset = AT(annotations),
     .choice = pw_option_annotations_choice,
     .help = "also tell this CI system the verdicts at their lines of the configuration; auto: "
             "the one that is at work"},
    {.name = "chart", .argument = "CHART",
     .commands = PW_FOR_REPORT,
     .group = PW_GROUP_REPORT, .kind = PW_OPTION_CHOICE, .offset = AT(chart),
     .choice = pw_option_chart_choice,
     .help = "svg and png: what to draw; by default the overview, of a plain result the "
             "distribution of its runs"},
    {.name = "correlation", .argument = "ID",
     .commands = PW_FOR_REPORT,
     .group = PW_GROUP_REPORT, .kind = PW_OPTION_TEXT, .offset = AT(correlation),
     .help = "list the operations that a benchmark's probe recorded under this id, in the order "
             "in which they began"},
    {.name = "format", .argument = "FORMAT",
     .commands = PW_FOR_BASELINE,
     .group = PW_GROUP_REPORT, .kind = PW_OPTION_CHOICE, .offset = AT(portable),
     .choice = pw_portable_name,
     .help = "export: what to write, by default jsonl; import: what the files are, instead of what "
             "they look like"},
    {.name = "json",
     .commands = PW_FOR_BASELINE | PW_FOR_DOCTOR,
     .group = PW_GROUP_REPORT, .kind = PW_OPTION_FLAG, .offset = AT(is_json),
     .help = "print JSON (baseline: list, show, prune and verify)"},
    {.letter = 'C', .argument = "DIR",
     .commands = PW_FOR_ALL,
     .group = PW_GROUP_GENERAL, .kind = PW_OPTION_TEXT, .offset = AT(directory),
     .help = "work as if started in DIR"},
    {.name = "as", .argument = "NAME",
     .commands = PW_FOR_IMPORT,
     .group = PW_GROUP_WRITE, .kind = PW_OPTION_TEXT, .offset = AT(as),
     .help = "the benchmark that the values are of, as perfwarden.yml calls it"},
    {.name = "format", .argument = "FORMAT",
     .commands = PW_FOR_EXPORT,
     .group = PW_GROUP_WRITE, .kind = PW_OPTION_CHOICE, .offset = AT(exporter),
     .choice = pw_exporter_name,
     .help = "what to write, bmf if not said"},
    {.name = "config", .letter = 'c', .argument = "FILE",
     .commands = FOR_WORKING | PW_FOR_DOCTOR | PW_FOR_IMPORT,
     .group = PW_GROUP_GENERAL, .kind = PW_OPTION_TEXT, .offset = AT(config),
     .help = "the configuration to read; by default perfwarden.yml, here or in a directory "
             "above within the repository"},
    {.name = "quiet", .letter = 'q',
     .commands = FOR_WORKING | PW_FOR_DOCTOR | PW_FOR_MERGE | PW_FOR_IMPORT,
     .group = PW_GROUP_GENERAL, .kind = PW_OPTION_FLAG, .offset = AT(is_quiet),
     .help = "print errors and the verdict only"},
    {.name = "verbose", .letter = 'v',
     .commands = FOR_PRINTING,
     .group = PW_GROUP_GENERAL, .kind = PW_OPTION_FLAG, .offset = AT(is_verbose),
     .help = "print every comparison with its reason"},
    {.name = "color", .argument = "WHEN",
     .commands = FOR_PRINTING,
     .group = PW_GROUP_GENERAL, .kind = PW_OPTION_WHEN, .offset = AT(color),
     .choice = pw_option_when_choice,
     .help = "colours on standard output; auto: on a terminal, unless NO_COLOR is set"},
    {.name = "progress", .argument = "WHEN",
     .commands = FOR_RUNNING | PW_FOR_DOCTOR,
     .group = PW_GROUP_GENERAL, .kind = PW_OPTION_WHEN, .offset = AT(progress),
     .choice = pw_option_when_choice,
     .help = "draw progress on standard error; auto: on a terminal, unless CI is set"},
    {.name = "help", .letter = 'h',
     .commands = PW_FOR_ALL,
     .group = PW_GROUP_GENERAL, .kind = PW_OPTION_FLAG, .offset = AT(wants_help),
     .help = "print help and do nothing else"},
    {.name = "version",
     .commands = PW_FOR_ALL,
     .group = PW_GROUP_GENERAL, .kind = PW_OPTION_FLAG, .offset = AT(wants_version),
     .help = "print the version and do nothing else"},
};
/* clang-format on */

const struct pw_option *pw_option_table(size_t *count)
{
    *count = PW_COUNT(OPTIONS);
    return OPTIONS;
}

const char *pw_option_group_title(enum pw_option_group group)
{
    static const char *const titles[PW_GROUP_COUNT] = {
        [PW_GROUP_MEASURE] = "Measuring",    [PW_GROUP_COMPARE] = "Comparing",
        [PW_GROUP_STORE] = "Stored results", [PW_GROUP_WRITE] = "Files to write",
        [PW_GROUP_REPORT] = "Reports",       [PW_GROUP_GENERAL] = "General"};
    return titles[group];
}

void pw_choice_join(struct pw_strbuf *out, pw_choice_fn choice, const char *separator)
{
    for (size_t i = 0; choice(i) != NULL; i++) {
        pw_strbuf_puts(out, i == 0 ? "" : separator);
        pw_strbuf_puts(out, choice(i));
    }
}

int pw_choice_index(pw_choice_fn choice, const char *value, size_t length)
{
    for (int i = 0; choice((size_t)i) != NULL; i++) {
        const char *candidate = choice((size_t)i);
        if (strlen(candidate) == length && memcmp(candidate, value, length) == 0) {
            return i;
        }
    }
    return -1;
}

const char *pw_choice_nearest(pw_choice_fn choice, const char *value)
{
    struct pw_guess guess;
    pw_guess_init(&guess, value);
    for (size_t i = 0; choice(i) != NULL; i++) {
        pw_guess_offer(&guess, choice(i));
    }
    return guess.best;
}

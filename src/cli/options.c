/*
 * The option table and the readers of the values that are more than a word. Refuses nothing by
 * itself: arguments.c walks the command line and turns what it finds here into errors.
 */
#include "options.h"

#include <limits.h>
#include <stdint.h>
#include <string.h>

#include "guess.h"
#include "perfwarden/report.h"

/* What the configuration accepts, too. */
#define RUNS_MAX 100000u

static const char *pick(const char *const *values, size_t count, size_t index)
{
    return index < count ? values[index] : NULL;
}

static const char *when_choice(size_t index)
{
    static const char *const values[] = {
        [PW_WHEN_AUTO] = "auto", [PW_WHEN_ALWAYS] = "always", [PW_WHEN_NEVER] = "never"};
    return pick(values, PW_COUNT(values), index);
}

static const char *mode_choice(size_t index)
{
    static const char *const values[] = {"auto", "stored", "paired"};
    return pick(values, PW_COUNT(values), index);
}

static const char *shell_choice(size_t index)
{
    static const char *const values[] = {"sh", "none"};
    return pick(values, PW_COUNT(values), index);
}

static const char *ci_choice(size_t index)
{
    static const char *const values[] = {"github"};
    return pick(values, PW_COUNT(values), index);
}

static const char *format_choice(size_t index)
{
    size_t count = 0;
    const struct pw_reporter *table = pw_reporter_table(&count);
    return index < count ? table[index].name : NULL;
}

/* The verdicts a gate can fail on, in the order the documentation lists them. */
static const enum pw_verdict FAILING[] = {PW_VERDICT_REGRESSION, PW_VERDICT_ERROR,
                                          PW_VERDICT_MISSING, PW_VERDICT_INCONCLUSIVE,
                                          PW_VERDICT_NO_BASELINE};

static const char *verdict_choice(size_t index)
{
    return index < PW_COUNT(FAILING) ? pw_verdict_name(FAILING[index]) : NULL;
}

static int parse_runs_bound(const char *text, size_t length, unsigned *out)
{
    unsigned value = 0;
    if (length == 0) {
        return PW_EUSAGE;
    }
    for (size_t i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return PW_EUSAGE;
        }
        value = value * 10 + (unsigned)(text[i] - '0');
        if (value > RUNS_MAX) {
            return PW_EUSAGE;
        }
    }
    *out = value;
    return PW_OK;
}

static int parse_runs(const char *value, struct pw_arguments *arguments, struct pw_error *err)
{
    const char *dots = strstr(value, "..");
    const size_t first = dots == NULL ? strlen(value) : (size_t)(dots - value);
    const char *second = dots == NULL ? value : dots + 2;
    unsigned min = 0;
    unsigned max = 0;

    if (parse_runs_bound(value, first, &min) != PW_OK ||
        parse_runs_bound(second, strlen(second), &max) != PW_OK || min == 0 || max < min) {
        return pw_error_set(err, PW_EUSAGE,
                            "'%s' is not MIN or MIN..MAX with 1 <= MIN <= MAX <= %u", value,
                            RUNS_MAX);
    }
    arguments->runs_min = min;
    arguments->runs_max = max;
    return PW_OK;
}

static int parse_seed(const char *value, struct pw_arguments *arguments, struct pw_error *err)
{
    uint64_t seed = 0;
    bool is_number = value[0] != '\0';
    for (const char *digit = value; *digit != '\0' && is_number; digit++) {
        const uint64_t next = (uint64_t)(*digit - '0');
        is_number = *digit >= '0' && *digit <= '9' && seed <= (UINT64_MAX - next) / 10;
        seed = is_number ? seed * 10 + next : seed;
    }
    if (!is_number) {
        return pw_error_set(err, PW_EUSAGE, "'%s' is not an integer from 0 to 2^64-1", value);
    }
    arguments->seed = seed;
    arguments->has_seed = true;
    return PW_OK;
}

static int parse_gates(const char *value, struct pw_arguments *arguments, struct pw_error *err)
{
    unsigned gates = 0;
    if (parse_runs_bound(value, strlen(value), &gates) != PW_OK || gates == 0) {
        return pw_error_set(err, PW_EUSAGE, "'%s' is not an integer from 1 to %u", value, RUNS_MAX);
    }
    arguments->gates = gates;
    return PW_OK;
}

static int parse_budget(const char *value, struct pw_arguments *arguments, struct pw_error *err)
{
    double ns = 0;
    enum pw_quantity quantity = PW_QUANTITY_COUNT;

    /* 2^63 keeps later sums of durations inside 64 bits. */
    if (pw_parse_quantity(value, &ns, &quantity, NULL) != PW_OK ||
        quantity != PW_QUANTITY_DURATION || ns < 1 || ns >= 9223372036854775808.0) {
        return pw_error_set(err, PW_EUSAGE, "'%s' is not a duration such as 90s or 5min", value);
    }
    arguments->budget_ns = (uint64_t)ns;
    return PW_OK;
}

static int parse_fail_on(const char *value, struct pw_arguments *arguments, struct pw_error *err)
{
    unsigned set = 0;
    const char *word = value;

    for (;;) {
        const size_t length = strcspn(word, ",");
        const int index = pw_choice_index(verdict_choice, word, length);
        if (index < 0) {
            struct pw_strbuf allowed = PW_STRBUF_INIT;
            pw_choice_join(&allowed, verdict_choice, ", ");
            (void)pw_error_set(err, PW_EUSAGE, "'%.*s' is not one of %s",
                               length > INT_MAX ? INT_MAX : (int)length, word,
                               pw_strbuf_text(&allowed));
            pw_strbuf_release(&allowed);
            return PW_EUSAGE;
        }
        set |= PW_VERDICT_BIT(FAILING[index]);
        if (word[length] == '\0') {
            break;
        }
        word += length + 1;
    }
    arguments->fail_on = set;
    return PW_OK;
}

#define FOR_RUNNING   (PW_FOR_CHECK | PW_FOR_RUN | PW_FOR_BASELINE)
#define FOR_GATING    (PW_FOR_CHECK | PW_FOR_COMPARE)
#define FOR_REPORTING (PW_FOR_CHECK | PW_FOR_RUN | PW_FOR_COMPARE)
#define FOR_WORKING   (PW_FOR_CHECK | PW_FOR_RUN | PW_FOR_COMPARE | PW_FOR_BASELINE)
#define FOR_PRINTING  (FOR_WORKING | PW_FOR_REPORT)
#define AT(member)    offsetof(struct pw_arguments, member)

/* clang-format off */
static const struct pw_option OPTIONS[] = {
    {.name = "filter", .argument = "GLOB",
     .commands = FOR_WORKING,
     .group = PW_GROUP_MEASURE, .kind = PW_OPTION_WORDS, .offset = AT(filters),
     .help = "only benchmarks whose id or name matches; may be given again for more"},
    {.name = "runs", .argument = "MIN[..MAX]",
     .commands = FOR_RUNNING | PW_FOR_DOCTOR,
     .group = PW_GROUP_MEASURE, .kind = PW_OPTION_PARSED,
     .parse = parse_runs,
     .help = "how many counted runs of each benchmark, instead of what the configuration "
             "says; exactly MIN without MAX (doctor: pairs of the selftest, else 7..60)"},
    {.name = "budget", .argument = "DURATION",
     .commands = FOR_RUNNING,
     .group = PW_GROUP_MEASURE, .kind = PW_OPTION_PARSED,
     .parse = parse_budget,
     .help = "time for the whole suite, such as 90s or 5min; every benchmark gets its "
             "smallest number of runs all the same"},
    {.name = "shell", .argument = "SHELL",
     .commands = FOR_RUNNING,
     .group = PW_GROUP_MEASURE, .kind = PW_OPTION_CHOICE, .offset = AT(shell),
     .choice = shell_choice,
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
     .commands = PW_FOR_CHECK | PW_FOR_RUN,
     .group = PW_GROUP_MEASURE, .kind = PW_OPTION_FLAG, .offset = AT(is_dry_run),
     .help = "say what would be run, run nothing"},
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
     .parse = parse_gates,
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
    {.name = "mode", .argument = "MODE",
     .commands = PW_FOR_CHECK,
     .group = PW_GROUP_COMPARE, .kind = PW_OPTION_CHOICE, .offset = AT(mode),
     .choice = mode_choice,
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
     .parse = parse_seed,
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
     .choice = verdict_choice, .is_list = true, .parse = parse_fail_on,
     .help = "verdicts that fail the gate, separated by commas, instead of what the "
             "configuration says; error is always one of them"},
    {.name = "environment", .argument = "ID|this",
     .commands = PW_FOR_BASELINE,
     .group = PW_GROUP_STORE, .kind = PW_OPTION_TEXT, .offset = AT(environment),
     .help = "only results measured in this environment; this: the machine at hand"},
    {.name = "force-dirty",
     .commands = PW_FOR_BASELINE,
     .group = PW_GROUP_STORE, .kind = PW_OPTION_FLAG, .offset = AT(is_force_dirty),
     .help = "update: store although tracked files differ from the commit"},
    {.name = "all",
     .commands = PW_FOR_BASELINE,
     .group = PW_GROUP_STORE, .kind = PW_OPTION_FLAG, .offset = AT(is_all),
     .help = "remove: every result of the commits named"},
    {.name = "ci", .argument = "SYSTEM",
     .commands = PW_FOR_INIT,
     .group = PW_GROUP_WRITE, .kind = PW_OPTION_CHOICE, .offset = AT(ci),
     .choice = ci_choice,
     .help = "also write a workflow for this CI system; an existing configuration is kept"},
    {.name = "force",
     .commands = PW_FOR_INIT,
     .group = PW_GROUP_WRITE, .kind = PW_OPTION_FLAG, .offset = AT(is_force),
     .help = "overwrite a file that exists already"},
    {.name = "output", .letter = 'o', .argument = "FILE",
     .commands = FOR_REPORTING | PW_FOR_REPORT,
     .group = PW_GROUP_REPORT, .kind = PW_OPTION_TEXT, .offset = AT(output),
     .help = "write the outcome to FILE: as JSON, or by report in its format; - is standard "
             "output"},
    {.name = "junit", .argument = "FILE",
     .commands = FOR_REPORTING,
     .group = PW_GROUP_REPORT, .kind = PW_OPTION_TEXT, .offset = AT(junit),
     .help = "write JUnit XML to FILE"},
    {.name = "markdown", .argument = "FILE",
     .commands = FOR_REPORTING,
     .group = PW_GROUP_REPORT, .kind = PW_OPTION_TEXT, .offset = AT(markdown),
     .help = "write markdown to FILE"},
    {.name = "format", .argument = "FORMAT",
     .commands = PW_FOR_REPORT,
     .group = PW_GROUP_REPORT, .kind = PW_OPTION_CHOICE, .offset = AT(format),
     .choice = format_choice,
     .help = "what to render"},
    {.name = "json",
     .commands = PW_FOR_BASELINE | PW_FOR_DOCTOR,
     .group = PW_GROUP_REPORT, .kind = PW_OPTION_FLAG, .offset = AT(is_json),
     .help = "print JSON (baseline: list and show)"},
    {.letter = 'C', .argument = "DIR",
     .commands = PW_FOR_ALL,
     .group = PW_GROUP_GENERAL, .kind = PW_OPTION_TEXT, .offset = AT(directory),
     .help = "work as if started in DIR"},
    {.name = "config", .letter = 'c', .argument = "FILE",
     .commands = FOR_WORKING | PW_FOR_DOCTOR,
     .group = PW_GROUP_GENERAL, .kind = PW_OPTION_TEXT, .offset = AT(config),
     .help = "the configuration to read; by default perfwarden.yml, here or in a directory "
             "above within the repository"},
    {.name = "quiet", .letter = 'q',
     .commands = FOR_WORKING | PW_FOR_DOCTOR,
     .group = PW_GROUP_GENERAL, .kind = PW_OPTION_FLAG, .offset = AT(is_quiet),
     .help = "print errors and the verdict only"},
    {.name = "verbose", .letter = 'v',
     .commands = FOR_PRINTING,
     .group = PW_GROUP_GENERAL, .kind = PW_OPTION_FLAG, .offset = AT(is_verbose),
     .help = "print every comparison with its reason"},
    {.name = "color", .argument = "WHEN",
     .commands = FOR_PRINTING,
     .group = PW_GROUP_GENERAL, .kind = PW_OPTION_WHEN, .offset = AT(color),
     .choice = when_choice,
     .help = "colours on standard output; auto: on a terminal, unless NO_COLOR is set"},
    {.name = "progress", .argument = "WHEN",
     .commands = FOR_RUNNING | PW_FOR_DOCTOR,
     .group = PW_GROUP_GENERAL, .kind = PW_OPTION_WHEN, .offset = AT(progress),
     .choice = when_choice,
     .help = "a progress bar on standard error; auto: on a terminal"},
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

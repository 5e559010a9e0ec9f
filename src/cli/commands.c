/*
 * The command table: names, operands, what each command is for. The words here are the ones of
 * --help, the man page and the completions.
 */
#include <string.h>

#include "completion.h"
#include "help.h"
#include "options.h"
#include "perfwarden/adapter.h"

static const char *baseline_verb(size_t index)
{
    static const char *const verbs[] = {"update", "list",  "show",   "remove", "fetch",
                                        "push",   "prune", "export", "import", "verify"};
    return index < PW_COUNT(verbs) ? verbs[index] : NULL;
}

static const char *shell_name(size_t index)
{
    size_t count = 0;
    const struct pw_shell *shells = pw_shells(&count);
    return index < count ? shells[index].name : NULL;
}

static const char *import_format(size_t index)
{
    size_t count = 0;
    const struct pw_adapter *table = pw_adapter_table(&count);
    if (index < count) {
        return table[index].name;
    }
    return index == count ? "auto" : NULL;
}

static const char *subject_name(size_t index)
{
    size_t commands = 0;
    size_t topics = 0;
    const struct pw_command *table = pw_command_table(&commands);
    const struct pw_help_topic *topic = pw_help_topics(&topics);

    if (index < commands) {
        return table[index].name;
    }
    return index - commands < topics ? topic[index - commands].name : NULL;
}

/*
 * A description is paragraphs with an empty line between them. A paragraph whose first byte is a
 * blank is shown as it stands.
 */
static const char CHECK_TEXT[] =
    "Runs the benchmarks of perfwarden.yml, compares them with the base, prints the comparison and "
    "exits with the verdict, so that a pull request can be gated on it.\n\n"
    "Stored mode measures what is in the work tree and compares it with the baselines of the "
    "nearest ancestor that was measured in the same environment. Paired mode checks base and head "
    "out, builds both with the 'build' steps and runs them by turns until each benchmark is "
    "decided: it needs no baseline, and does not mind a noisy machine. Auto uses the stored "
    "baselines for what is a clear pass by them, and pairs for everything else.\n\n"
    "The base is the revision of --base, else what the CI system says, else the merge base with "
    "the default branch, else the first parent. The report says which commit was used, why, and "
    "how far away it is. Where 'gate.anchor' of perfwarden.yml names an older commit, such as the "
    "last release, head is compared with that too.\n\n"
    "Where baselines are kept in git, newer ones are fetched from the remote first; when it cannot "
    "be reached, the comparison says so and goes on with what is here.\n\n"
    "A change for the worse is accepted by a line 'Perf-Accept: BENCHMARK METRIC +12% REASON' in "
    "the last paragraph of the message of a commit since the base, or by an entry of "
    "baselines/accepted.yml; that a benchmark is gone, by 'Perf-Accept: BENCHMARK removed REASON'.";

static const char RUN_TEXT[] =
    "Runs the benchmarks of perfwarden.yml and prints what was measured. Compares nothing and "
    "stores nothing; -o keeps the result for 'perfwarden compare'.";

static const char COMPARE_TEXT[] =
    "Compares two results without running anything. A and B are each a file that 'perfwarden run "
    "-o' wrote, or a revision with a stored baseline; A is the base. Thresholds and policies come "
    "from perfwarden.yml, as they do for check; of two revisions, what was agreed to between them "
    "counts too.";

static const char BASELINE_TEXT[] =
    "Baselines are results stored for a commit, in commits on refs/perfwarden/baselines or in a "
    "directory, as perfwarden.yml says.\n\n"
    "  update          measure the commit checked out and store the result\n"
    "  list [REV...]   the results stored, newest first; of all commits without REV\n"
    "  show [REV]      one result with its values; of HEAD without REV\n"
    "  remove REV...   forget stored results\n"
    "  fetch [REMOTE]  take in what a remote has stored, keep what is here\n"
    "  push [REMOTE]   give a remote what is stored here, keep what is there\n"
    "  prune           forget what 'baseline.keep' does not keep; --dry-run says what\n"
    "  export [REV...] write results as JSON Lines, CSV or an SQLite database\n"
    "  import FILE...  store results from such files, all of them or none\n"
    "  verify          read everything stored, and name what is damaged\n\n"
    "'update --from FILE' stores a result that 'perfwarden run -o' wrote, here or on another "
    "machine, and measures nothing.\n\n"
    "REV is a revision of git, a result's run id, or its path in the store. A result is only ever "
    "added under a new name: nothing stored is overwritten, neither here nor at a remote. REMOTE "
    "is the name of a remote or a URL; by default 'baseline.remote' of perfwarden.yml, else the "
    "remote that the branch follows, else origin.";

static const char REPORT_TEXT[] =
    "Renders a saved comparison ('perfwarden check -o') or result ('perfwarden run -o') in any "
    "format. FILE - is standard input.";

static const char MERGE_TEXT[] =
    "Joins what the shards of a suite wrote: 'perfwarden check -o FILE' or 'perfwarden run -o "
    "FILE' in "
    "each of several jobs. Comparisons become one comparison, whose verdict is decided anew over "
    "the "
    "whole suite; results become one result, which 'perfwarden baseline update' can store.\n\n"
    "All shards must be there, each once, of the same commit, configuration and cut. Files that do "
    "not belong together are wrong usage (exit 2); that a shard is missing means that its "
    "benchmarks "
    "were not measured (exit 4). FILE - is standard input.";

static const char IMPORT_TEXT[] =
    "Makes a result from what other harnesses printed, or wrote to a file. Each FILE is what one "
    "process printed, and counts as one run; - is standard input. FORMAT is one of those that "
    "'format' of perfwarden.yml names, or 'auto'. Nothing is measured; 'perfwarden baseline update "
    "--from' stores the result for the commit that is checked out.\n\n"
    "With --as the benchmarks are called NAME/INNER, as 'format' would call them in a benchmark of "
    "that name; without it they keep the harness's own names.";

static const char EXPORT_TEXT[] =
    "Writes a saved result in the format of another tool: for each metric the median of its runs, "
    "with the least and the largest. RESULT - is standard input.";

static const char INIT_TEXT[] =
    "Looks through this directory for executables that are likely benchmarks and writes a "
    "commented perfwarden.yml that runs them. Nothing is overwritten without --force.\n\n"
    "With --ci it also writes the CI system's workflow (github: .github/workflows/perfwarden.yml, "
    "gitlab: .gitlab/perfwarden.yml, and so on), and keeps a perfwarden.yml that is there already; "
    "--force then replaces the workflow alone.";

static const char DOCTOR_TEXT[] =
    "Tells what this machine is and allows, warns of what makes measuring worse and how to mend "
    "it, and measures a built-in workload in pairs with itself: how noisy the machine is now, "
    "which "
    "slowdowns a gate can detect here, in how many pairs, and how long they take. Works anywhere; "
    "alpha and beta come from perfwarden.yml where there is one.\n\n"
    "With --selftest it runs whole gates of built-in workloads, of which head does nothing more, "
    "or one of them 2, 5 or 10 % more, and tells how often they were right. With an operand it is "
    "such a workload: what it runs itself to measure.";

static const char HELP_TEXT[] = "Prints help on a command or a topic, or a summary of all.";

static const char VERSION_TEXT[] = "Prints the version.";

static const char COMPLETION_TEXT[] =
    "Prints a script that completes perfwarden's commands and options in a shell:\n\n"
    "  bash   perfwarden completion bash > \\\n"
    "           ~/.local/share/bash-completion/completions/perfwarden\n"
    "  zsh    perfwarden completion zsh > a directory in $fpath, as _perfwarden\n"
    "  fish   perfwarden completion fish > \\\n"
    "           ~/.config/fish/completions/perfwarden.fish";

/* clang-format off */
static const struct pw_command COMMANDS[] = {
    {"check", "", "run, compare with the base, exit with the verdict",
     CHECK_TEXT, pw_cmd_check, PW_FOR_CHECK, 0, 0, NULL},
    {"run", "", "run the benchmarks, write a result",
     RUN_TEXT, pw_cmd_run, PW_FOR_RUN, 0, 0, NULL},
    {"compare", "A B", "compare two results, files or revisions, without running",
     COMPARE_TEXT, pw_cmd_compare, PW_FOR_COMPARE, 2, 2, NULL},
    {"baseline", "SUBCOMMAND [REV...|REMOTE|FILE...]", "the stored results: add, look, remove, exchange",
     BASELINE_TEXT, pw_cmd_baseline, PW_FOR_BASELINE, 1, PW_OPERANDS_MANY, baseline_verb},
    {"report", "FILE", "render a saved result or comparison in any format",
     REPORT_TEXT, pw_cmd_report, PW_FOR_REPORT, 1, 1, NULL},
    {"merge", "FILE...", "join the results or comparisons of shards",
     MERGE_TEXT, pw_cmd_merge, PW_FOR_MERGE, 1, PW_OPERANDS_MANY, NULL},
    {"import", "FORMAT FILE...", "turn another harness's output into a result",
     IMPORT_TEXT, pw_cmd_import, PW_FOR_IMPORT, 2, PW_OPERANDS_MANY, import_format},
    {"export", "RESULT", "write a result in another tool's format",
     EXPORT_TEXT, pw_cmd_export, PW_FOR_EXPORT, 1, 1, NULL},
    {"init", "", "write a starter perfwarden.yml, and a CI workflow with --ci",
     INIT_TEXT, pw_cmd_init, PW_FOR_INIT, 0, 0, NULL},
    {"doctor", "[workload NAME:UNITS]", "how noisy this machine is, and what it can detect",
     DOCTOR_TEXT, pw_cmd_doctor, PW_FOR_DOCTOR, 0, 2, NULL},
    {"help", "[COMMAND|TOPIC]", "print help on a command or a topic",
     HELP_TEXT, pw_cmd_help, PW_FOR_HELP, 0, 1, subject_name},
    {"version", "", "print the version",
     VERSION_TEXT, pw_cmd_version, PW_FOR_VERSION, 0, 0, NULL},
    {"completion", "bash|zsh|fish", "print a completion script for a shell",
     COMPLETION_TEXT, pw_cmd_completion, PW_FOR_COMPLETION, 1, 1, shell_name},
};
/* clang-format on */

const struct pw_command *pw_command_table(size_t *count)
{
    *count = PW_COUNT(COMMANDS);
    return COMMANDS;
}

const struct pw_command *pw_command_find(const char *name)
{
    for (size_t i = 0; i < PW_COUNT(COMMANDS); i++) {
        if (strcmp(COMMANDS[i].name, name) == 0) {
            return &COMMANDS[i];
        }
    }
    return NULL;
}

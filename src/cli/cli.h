/*
 * The command line: arguments parsed from one option table, one function per command, the only code
 * that prints.
 */
#ifndef PERFWARDEN_CLI_CLI_H
#define PERFWARDEN_CLI_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "perfwarden/run.h"
#include "perfwarden/util.h"
#include "perfwarden/vocabulary.h"

/** always, never, or as the stream and the environment suggest. */
enum pw_when { PW_WHEN_AUTO, PW_WHEN_ALWAYS, PW_WHEN_NEVER };

/** A list of words from the command line, borrowed from argv. */
struct pw_words {
    const char **items;
    size_t count;
};

/** Everything the command line said; strings are borrowed from argv. NULL and 0 mean "not given".
 */
struct pw_arguments {
    const char *directory; /* -C */
    const char *config;    /* -c, --config */
    const char *base;      /* --base */
    const char *mode;      /* --mode */
    const char *head;      /* --head: NULL, a revision, or "worktree" */
    const char *results;   /* --results */
    uint64_t seed;         /* --seed; meaningful with has_seed */
    int64_t since_s;       /* baseline list|export --since; meaningful with has_since */
    int64_t until_s;       /* baseline list|export --until; meaningful with has_until */
    size_t limit;          /* baseline list|export -n; 0 for none */
    bool has_seed;
    bool is_deepening;       /* check --deepen */
    bool is_rebuild;         /* --rebuild */
    bool runs_identical;     /* --run-identical */
    struct pw_words filters; /* --filter, repeatable */
    unsigned runs_min;       /* --runs MIN[..MAX] */
    unsigned runs_max;
    uint64_t budget_ns;      /* --budget */
    const char *output;      /* -o, --output: JSON */
    const char *junit;       /* --junit */
    const char *markdown;    /* --markdown */
    const char *html;        /* --html */
    const char *csv;         /* --csv */
    const char *prometheus;  /* --prometheus */
    unsigned fail_on;        /* --fail-on LIST: set of PW_VERDICT_BIT() */
    unsigned gates;          /* doctor --gates N */
    const char *shell;       /* --shell: NULL, "sh" or "none" */
    const char *resume;      /* run --resume FILE */
    bool shows_output;       /* --show-output */
    bool is_dry_run;         /* --dry-run */
    bool is_quiet;           /* -q, --quiet */
    bool is_verbose;         /* -v, --verbose */
    enum pw_when color;      /* --color */
    enum pw_when progress;   /* --progress */
    const char *format;      /* report --format */
    const char *chart;       /* report --chart */
    struct pw_words drawn;   /* report --filter, repeatable */
    size_t max_bytes;        /* report --max-bytes; 0 for what the format takes */
    const char *annotations; /* --annotations: NULL, "auto", "github", "azure" or "none" */
    bool is_json;            /* baseline list|show|prune|verify --json */
    const char *portable;    /* baseline export|import --format */
    struct pw_words from;    /* baseline update --from, repeatable */
    const char *shard;       /* --shard: NULL, "K/N", "auto" or "none" */
    const char *correlation; /* report --correlation */
    bool has_since;
    bool has_until;
    bool is_force_dirty;       /* baseline update --force-dirty */
    bool is_all;               /* baseline remove --all: every result of the named commits */
    bool is_read_only_allowed; /* baseline push --allow-read-only */
    bool has_no_fetch;         /* check --no-fetch */
    uint64_t timeout_ns;       /* baseline fetch|push --timeout */
    const char *as;            /* import --as */
    const char *exporter;      /* export --format */
    const char *ci;            /* init --ci */
    bool is_force;             /* init --force */
    bool is_quick;             /* doctor --quick */
    bool is_selftest;          /* doctor --selftest */
    bool has_load;             /* doctor --load */
    const char *environment;   /* baseline list|show|remove --environment ID */
    bool wants_help;           /* -h, --help */
    bool wants_version;        /* --version */
    struct pw_words operands;
};

/** What a command works with: streams instead of stdout and stderr, so that tests can look. */
struct pw_cli {
    FILE *out;
    FILE *err;
    struct pw_executor *executor;    /**< started before anything else; freed by main() */
    const volatile int *interrupted; /**< the signal that arrived, 0 for none */
};

/** Any number of operands. */
#define PW_OPERANDS_MANY SIZE_MAX

/** The allowed values of a word, in order. @return the index-th, NULL past the last */
typedef const char *(*pw_choice_fn)(size_t index);

/** A command of the program. */
struct pw_command {
    const char *name;
    const char *operands;    /**< as usage shows them: "A B", "update|list|show|remove [REV...]" */
    const char *summary;     /**< one line for the list of commands, no full stop */
    const char *description; /**< paragraphs for --help and the man page */
    int (*run)(struct pw_cli *cli,
               const struct pw_arguments *arguments); /**< @return enum pw_exit */
    unsigned bit;               /**< the command in an option's set, see options.h */
    size_t operands_min;        /**< checked before `run` is called */
    size_t operands_max;        /**< PW_OPERANDS_MANY for no bound */
    pw_choice_fn first_operand; /**< what the first operand may be; NULL for anything */
};

/** All commands, in the order help lists them. @param[out] count how many */
const struct pw_command *pw_command_table(size_t *count);
/** @return NULL when there is no such command */
const struct pw_command *pw_command_find(const char *name);

/* One file each: src/cli/cmd_<name>.c */
int pw_cmd_baseline(struct pw_cli *cli, const struct pw_arguments *arguments);
int pw_cmd_check(struct pw_cli *cli, const struct pw_arguments *arguments);
int pw_cmd_compare(struct pw_cli *cli, const struct pw_arguments *arguments);
int pw_cmd_completion(struct pw_cli *cli, const struct pw_arguments *arguments);
int pw_cmd_doctor(struct pw_cli *cli, const struct pw_arguments *arguments);
int pw_cmd_export(struct pw_cli *cli, const struct pw_arguments *arguments);
int pw_cmd_help(struct pw_cli *cli, const struct pw_arguments *arguments);
int pw_cmd_import(struct pw_cli *cli, const struct pw_arguments *arguments);
int pw_cmd_init(struct pw_cli *cli, const struct pw_arguments *arguments);
int pw_cmd_merge(struct pw_cli *cli, const struct pw_arguments *arguments);
int pw_cmd_report(struct pw_cli *cli, const struct pw_arguments *arguments);
int pw_cmd_run(struct pw_cli *cli, const struct pw_arguments *arguments);
int pw_cmd_version(struct pw_cli *cli, const struct pw_arguments *arguments);

/**
 * The whole program: find the command, parse its options, run it, check the streams.
 *
 * @return the exit status; a command that succeeded but whose output could not be written is
 * PW_EXIT_INTERNAL
 */
int pw_cli_main(struct pw_cli *cli, int argc, char **argv);

/** Print "perfwarden: error: …" (file:line:column first where known), escaped for a terminal. */
void pw_cli_print_error(struct pw_cli *cli, const struct pw_error *err);
/** Print "perfwarden: warning: …", escaped. */
void pw_cli_print_warning(struct pw_cli *cli, const char *text);
/** Print an error and release it. @return the exit code its status calls for */
int pw_cli_fail(struct pw_cli *cli, struct pw_error *err);
/** The exit code of a status: usage and configuration 2, interruption 130, all else 5. */
int pw_cli_exit_code(enum pw_status status);

#endif

/* Measuring a project as its work tree is: what `run`, `check` and `baseline update` share. */
#ifndef PERFWARDEN_CLI_MEASURE_H
#define PERFWARDEN_CLI_MEASURE_H

#include "cli.h"
#include "project.h"

/**
 * Start a result: run id, environment, configuration, and the commit where the repository is open.
 *
 * @param[out] out  released by pw_result_release(); unchanged on failure
 */
int pw_measure_begin(const struct pw_project *project, struct pw_result *out,
                     struct pw_error *err) PW_MUST_CHECK;

/**
 * Run the selected benchmarks with progress on stderr.
 *
 * @param save_path  where the result is written after each benchmark, so that a later crash loses
 * nothing; NULL for nowhere. Only regular files are
 * @return 0; PW_EINTERRUPTED with what was measured in the result; PW_EUSAGE when the filters
 * select nothing or --shell=none cannot run a command; else as pw_run_suite()
 */
int pw_measure_run(struct pw_cli *cli, const struct pw_arguments *arguments,
                   const struct pw_project *project, const char *save_path,
                   struct pw_result *result, struct pw_error *err) PW_MUST_CHECK;

/** PW_EXIT_UNMEASURED when a benchmark failed or none was measured, else PW_EXIT_PASS. */
int pw_measure_exit_code(const struct pw_result *result);

/** The exit code of the signal that arrived: 130 or 143. */
int pw_measure_signal_code(const struct pw_cli *cli);

/**
 * What --dry-run prints: which shard it is, if it is one, then each selected benchmark and its
 * command, one a line, on stdout.
 *
 * @return the exit code, PW_EXIT_USAGE when the filters select nothing
 */
int pw_measure_print_plan(struct pw_cli *cli, const struct pw_arguments *arguments,
                          const struct pw_project *project);

#endif

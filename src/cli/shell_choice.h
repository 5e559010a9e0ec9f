/* --shell: who runs commands that are written as one text. */
#ifndef PERFWARDEN_CLI_SHELL_CHOICE_H
#define PERFWARDEN_CLI_SHELL_CHOICE_H

#include "cli.h"
#include "perfwarden/config.h"

/**
 * A configuration as --shell wants it: with `none`, the selected commands that a shell would run
 * are split into words.
 *
 * @param[in,out] config  a copy whose benchmarks are replaced; what is new lives in the arena
 * @return 0; PW_EUSAGE naming the benchmark whose command needs a shell; PW_ENOMEM
 */
int pw_shell_choice_apply(const struct pw_arguments *arguments, struct pw_arena *arena,
                          struct pw_config *config, struct pw_error *err) PW_MUST_CHECK;

#endif

/* How the values of options are read: what the option table refers to. Not for commands. */
#ifndef PERFWARDEN_CLI_OPTION_VALUES_H
#define PERFWARDEN_CLI_OPTION_VALUES_H

#include "options.h"

/* Choices: @return the index-th word, NULL past the last */
const char *pw_option_when_choice(size_t index);
const char *pw_option_mode_choice(size_t index);
const char *pw_option_shell_choice(size_t index);
const char *pw_option_ci_choice(size_t index);
const char *pw_option_annotations_choice(size_t index);
const char *pw_option_format_choice(size_t index);
const char *pw_option_chart_choice(size_t index);
const char *pw_option_verdict_choice(size_t index);

/* Readers: @return 0; PW_EUSAGE with what the value should have been */
int pw_option_parse_runs(const char *value, struct pw_arguments *arguments, struct pw_error *err);
int pw_option_parse_seed(const char *value, struct pw_arguments *arguments, struct pw_error *err);
int pw_option_parse_gates(const char *value, struct pw_arguments *arguments, struct pw_error *err);
int pw_option_parse_budget(const char *value, struct pw_arguments *arguments, struct pw_error *err);
int pw_option_parse_timeout(const char *value, struct pw_arguments *arguments,
                            struct pw_error *err);
int pw_option_parse_max_bytes(const char *value, struct pw_arguments *arguments,
                              struct pw_error *err);
int pw_option_parse_limit(const char *value, struct pw_arguments *arguments, struct pw_error *err);
int pw_option_parse_since(const char *value, struct pw_arguments *arguments, struct pw_error *err);
int pw_option_parse_until(const char *value, struct pw_arguments *arguments, struct pw_error *err);
int pw_option_parse_fail_on(const char *value, struct pw_arguments *arguments,
                            struct pw_error *err);

#endif

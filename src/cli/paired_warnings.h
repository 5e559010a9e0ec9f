/* Warnings about how many pairs a paired measurement may make, and has made. */
#ifndef PERFWARDEN_CLI_PAIRED_WARNINGS_H
#define PERFWARDEN_CLI_PAIRED_WARNINGS_H

#include "cli.h"
#include "perfwarden/gate.h"

/** Before measuring: warn where so many pairs as are allowed cannot show a regression. */
void pw_paired_warn_about_few(struct pw_cli *cli, const struct pw_arguments *arguments,
                              const struct pw_config *config);

/** Afterwards: warn of what a budget left undecided. @param budget_ns of all pairs; 0 for none */
int pw_paired_warn_about_budget(const struct pw_arguments *arguments,
                                const struct pw_config *config, uint64_t budget_ns,
                                struct pw_comparison *comparison,
                                struct pw_error *err) PW_MUST_CHECK;

#endif

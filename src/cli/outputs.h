/* Where reports go: the text on stdout, files where options or the configuration name them. */
#ifndef PERFWARDEN_CLI_OUTPUTS_H
#define PERFWARDEN_CLI_OUTPUTS_H

#include "cli.h"
#include "perfwarden/config.h"
#include "perfwarden/gate.h"
#include "perfwarden/result.h"

/** What is rendered: a comparison or a result, the other is NULL. */
struct pw_subject {
    const struct pw_comparison *comparison;
    const struct pw_result *result;
};

/**
 * Find out before anything is measured whether two reports would overwrite each other.
 *
 * @param config  whose `report:` applies; NULL for none
 * @return 0; PW_EUSAGE
 */
int pw_outputs_check(const struct pw_arguments *arguments, const struct pw_report_config *config,
                     struct pw_error *err) PW_MUST_CHECK;

/** Refuse to overwrite a file that is read. @param input a path or "-" @return 0; PW_EUSAGE */
int pw_outputs_check_input(const struct pw_arguments *arguments, const char *input,
                           struct pw_error *err) PW_MUST_CHECK;

/**
 * Write every report that was asked for. One that cannot be written is reported and does not keep
 * the others back.
 *
 * Options win over the configuration. "-" is stdout, and takes the place of the text report there.
 * Annotations for a CI system follow the text; where that is not on stdout, they go to stderr.
 *
 * @param config  whose `report:` applies; NULL for none
 * @return PW_EXIT_PASS; PW_EXIT_INTERNAL when one could not be written
 */
int pw_outputs_write(struct pw_cli *cli, const struct pw_arguments *arguments,
                     const struct pw_report_config *config, struct pw_subject subject);

/**
 * Render one format to a file or stdout.
 *
 * @param path  "-" or NULL for stdout
 * @return PW_EXIT_PASS; PW_EXIT_USAGE when the format is not known or there is nothing to draw;
 * PW_EXIT_INTERNAL; of a signal when one arrived
 */
int pw_outputs_render(struct pw_cli *cli, const struct pw_arguments *arguments, const char *format,
                      const char *path, struct pw_subject subject);

#endif

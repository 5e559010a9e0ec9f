/* What the shell that runs a string command takes by itself. */
#ifndef PERFWARDEN_RUN_SHELL_H
#define PERFWARDEN_RUN_SHELL_H

#include "session.h"

/**
 * Measure the shell, the first time it is asked for in a suite.
 *
 * The median of 20 runs of `sh -c ''`. A shell that waits for its command (dash) takes as long as
 * one that does nothing: of 400 interleaved runs each on a 2-core x86-64 machine (Debian 12, dash
 * 0.5.12), the lower quartile of `sh -c PROGRAM` less PROGRAM was 474 µs for /bin/true and 492 µs
 * for 2 ms of work, that of `sh -c ''` 470 and 494 µs. A shell that replaces itself by its last
 * command (bash) pays its start all the same.
 *
 * @return 0, also when the shell cannot be run: then session->shell stays NULL; PW_EIO; PW_ENOMEM
 */
int pw_run_shell_calibrate(struct pw_run_session *session, struct pw_error *err) PW_MUST_CHECK;

/**
 * Subtract what the session's shell takes, if there is one, from an outcome's times.
 *
 * Of the wall time no less is left than can be told from the shell's own time: three standard
 * errors of its median, and 1 ns. Of processor times there may be 0 left.
 */
void pw_run_shell_subtract(const struct pw_run_session *session,
                           struct pw_process_outcome *outcome);

/**
 * Make null, with the reason, the times whose median cannot be told from the shell's own; warn
 * where the shell hides the program.
 *
 * @return 0; PW_ENOMEM
 */
int pw_run_shell_remark(const struct pw_run_session *session, struct pw_error *err) PW_MUST_CHECK;

#endif

/* The commands that are run around a benchmark: `setup`, `prepare`, `conclude`, `cleanup`. */
#ifndef PERFWARDEN_RUN_HOOKS_H
#define PERFWARDEN_RUN_HOOKS_H

#include "failure.h"
#include "session.h"

/**
 * Run a benchmark's hook, if it has it, in the environment of the session; fail the benchmark when
 * it fails. What had failed before stays what is said of the benchmark; then there is a warning.
 *
 * @param name     what messages call it: "setup"
 * @param where    "before ", "after ": how it stands to the run; NULL without one
 * @param number   of the run; NULL without one
 * @return 0, also when it failed; PW_EIO; PW_ENOMEM
 */
int pw_run_hook(struct pw_run_session *session, const char *name, const struct pw_strings *command,
                const char *where, const struct pw_run_number *number,
                struct pw_error *err) PW_MUST_CHECK;

#endif

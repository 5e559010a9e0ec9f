/* The size of a benchmark's executable file. */
#ifndef PERFWARDEN_RUN_BINARY_SIZE_H
#define PERFWARDEN_RUN_BINARY_SIZE_H

#include "session.h"

/**
 * Add a sample of `binary_size` for each counted run, where the metric is to be recorded: the size
 * of the file that argv[0] names, as it is now. A shell command has none.
 *
 * @return 0; PW_ENOMEM
 */
int pw_run_binary_size_record(struct pw_run_session *session, struct pw_error *err) PW_MUST_CHECK;

#endif

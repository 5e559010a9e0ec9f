/* Instructions counted by valgrind where the processor does not. */
#ifndef PERFWARDEN_RUN_CACHEGRIND_H
#define PERFWARDEN_RUN_CACHEGRIND_H

#include <stdint.h>

#include "session.h"

/**
 * Count a benchmark's instructions in two extra runs under cachegrind, where `instructions` is to
 * be recorded, its counter source allows valgrind, and the runs so far have no count.
 *
 * The runs have an environment and addresses of their own, so that counts agree to the instruction
 * from run to run: they are not the runs whose times are measured. Nothing limits their memory, for
 * valgrind needs its own. A count that cannot be had leaves its reason in the series.
 *
 * @return 0, also when the session was interrupted meanwhile and is over; PW_EIO; PW_ENOMEM
 */
int pw_run_cachegrind_count(struct pw_run_session *session, struct pw_error *err) PW_MUST_CHECK;

/**
 * The sum of the "summary:" lines of the files of a directory: one file per process.
 *
 * @param[out] files  how many files were read; 0 when there was none
 * @return 0; PW_EIO; PW_EFORMAT when a file has no such line; PW_ENOMEM
 */
int pw_run_cachegrind_sum(const char *directory, uint64_t *instructions, unsigned *files,
                          struct pw_error *err) PW_MUST_CHECK;

#endif

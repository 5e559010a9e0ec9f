/* Finding the program that a command names. */
#ifndef PERFWARDEN_RUN_PROGRAM_H
#define PERFWARDEN_RUN_PROGRAM_H

#include "perfwarden/run.h"
#include "perfwarden/util/strbuf.h"

/**
 * Resolve argv[0] the way a shell would: a name with '/' stays as it is, another is looked up in
 * the PATH of the benchmark's own environment, whose relative entries start at the benchmark's
 * directory.
 *
 * @param[in,out] path  the path is appended; memory failure is remembered by the buffer
 * @return 0, or the errno that exec would give: ENOENT, EACCES
 */
int pw_run_program_find(const struct pw_process_spec *spec, struct pw_strbuf *path);

#endif

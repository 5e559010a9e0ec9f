/* A busy process beside the measuring, as other programs on a shared machine are. */
#ifndef PERFWARDEN_CLI_DOCTOR_LOAD_H
#define PERFWARDEN_CLI_DOCTOR_LOAD_H

#include <sys/types.h>

#include "perfwarden/util/error.h"

/** Zero-initialised is none. */
struct pw_load {
    pid_t pid;
};

/** Keep one processor busy, at ordinary priority, until pw_load_stop() or the end of this process,
 * however it ends. @return 0; PW_EIO */
int pw_load_start(struct pw_load *load, struct pw_error *err) PW_MUST_CHECK;
void pw_load_stop(struct pw_load *load);

#endif

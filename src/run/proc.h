/* Numbers out of a process's files in /proc. */
#ifndef PERFWARDEN_RUN_PROC_H
#define PERFWARDEN_RUN_PROC_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/** Room for the files that are read here: a few dozen lines of the kernel's own. */
enum { PW_RUN_PROC_TEXT_SIZE = 4096 };

/** Read /proc/<pid>/<name>. @return false when it cannot be read, as when the process is gone */
bool pw_run_proc_read(pid_t pid, const char *name, char text[PW_RUN_PROC_TEXT_SIZE]);

/** The number behind a label such as "\nPss:". @return false when there is none */
bool pw_run_proc_number(const char *text, const char *label, uint64_t *out);

#endif

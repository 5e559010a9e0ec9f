/* The launcher's process: what the fork of pw_launcher_start() does. */
#ifndef PERFWARDEN_RUN_LAUNCHER_H
#define PERFWARDEN_RUN_LAUNCHER_H

#include <sys/types.h>

/**
 * Serve requests until the socket ends or perfwarden does; then end everything and exit.
 *
 * @param socket  this end of the pair; any other descriptor above 2 is closed
 * @param parent  perfwarden
 */
_Noreturn void pw_run_launcher_main(int socket, pid_t parent);

#endif

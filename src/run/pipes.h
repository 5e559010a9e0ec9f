/* The pipes that the output of one copy goes through, kept from run to run. */
#ifndef PERFWARDEN_RUN_PIPES_H
#define PERFWARDEN_RUN_PIPES_H

#include <stdbool.h>

#include "perfwarden/util/error.h"

/**
 * The read ends of standard output and standard error, non-blocking; the launcher holds the write
 * ends. So a program's end closes no pipe and wakes nobody, and the end of its output is not the
 * end of the pipe but the launcher's reply: then the whole tree is dead.
 */
struct pw_run_pipes {
    int read_ends[2]; /**< meaningful while is_open */
    bool is_open;
};

/**
 * Make the pipes of a copy, unless there are some, and hand them to the launcher.
 *
 * @param copy           its number, from 0
 * @param[out] is_alive  false when the launcher has gone, which is no failure of this function
 * @return 0; PW_EIO when pipes cannot be had
 */
int pw_run_pipes_open(struct pw_run_pipes *pipes, int socket, unsigned copy, bool *is_alive,
                      struct pw_error *err) PW_MUST_CHECK;

/** Close the read ends: somebody outside the tree writes into the pipes. The next run gets new
 * ones.
 */
void pw_run_pipes_close(struct pw_run_pipes *pipes);

#endif

/* Completions: scripts for the shells, made from the command table and the option table. */
#ifndef PERFWARDEN_CLI_COMPLETION_H
#define PERFWARDEN_CLI_COMPLETION_H

#include <stddef.h>

#include "cli.h"

/** A shell and the script it reads. */
struct pw_shell {
    const char *name;
    void (*write)(struct pw_strbuf *out);
};

/** @param[out] count how many */
const struct pw_shell *pw_shells(size_t *count);

#endif

/*
 * The variable that moves a program's stack: how much lies above it decides how its data fall on
 * cache lines and pages, which alone makes some programs faster or slower by a third. A length
 * drawn anew for each pair turns that into noise that both sides share.
 */
#ifndef PERFWARDEN_RUN_PADDING_H
#define PERFWARDEN_RUN_PADDING_H

#include <stddef.h>

#define PW_RUN_PADDING_NAME "PERFWARDEN_PADDING"
/** One page: more moves nothing that less does not. */
#define PW_RUN_PADDING_MAX 4095

/** One for a whole suite, since one pair runs at a time: so both sides get the same text. */
struct pw_run_padding {
    char variable[sizeof(PW_RUN_PADDING_NAME "=") + PW_RUN_PADDING_MAX];
};

/** @param length of the value, at most PW_RUN_PADDING_MAX */
void pw_run_padding_set(struct pw_run_padding *padding, size_t length);

#endif

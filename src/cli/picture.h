/* Pictures of pixels: a drawing goes through another program. */
#ifndef PERFWARDEN_CLI_PICTURE_H
#define PERFWARDEN_CLI_PICTURE_H

#include "cli.h"

/** Whether a format is made of SVG by pw_picture_convert(), and is nothing for a terminal. */
bool pw_picture_is_binary(const char *format);

/**
 * Turn an SVG into a PNG of twice its size with `rsvg-convert`, which is ended when it takes longer
 * than a minute.
 *
 * @param[in,out] picture  unchanged on failure
 * @param interrupted      the signal that arrived; NULL to look at none
 * @return 0; PW_ENOTFOUND naming the remedy; PW_EIO; PW_EINTERRUPTED; PW_ENOMEM
 */
int pw_picture_convert(struct pw_strbuf *picture, const volatile int *interrupted,
                       struct pw_error *err) PW_MUST_CHECK;

#endif

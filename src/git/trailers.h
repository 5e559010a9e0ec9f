/* Trailers of one commit message. Not for other modules. */
#ifndef PERFWARDEN_GIT_TRAILERS_H
#define PERFWARDEN_GIT_TRAILERS_H

#include <stdbool.h>
#include <stddef.h>

#include "perfwarden/util/error.h"
#include "perfwarden/util/strbuf.h"

/** Called with each value, unfolded to one line. @return 0 to go on; a status, with err set */
typedef int pw_git_trailer_fn(void *context, const char *value, struct pw_error *err);

/**
 * Find the trailers with a key as `git log --format=%(trailers:key=KEY,valueonly,unfold)` does: in
 * the last paragraph, if that is not the title and has nothing but trailers, or at least a quarter
 * of them and one that git itself writes. Keys are compared without regard to case.
 *
 * A carriage return at the end of a line is no part of the value, and invalid UTF-8 becomes U+FFFD.
 *
 * @return 0; what the function returned; PW_ENOMEM
 */
int pw_git_trailers_each(const char *message, const char *key, pw_git_trailer_fn *visit,
                         void *context, struct pw_error *err) PW_MUST_CHECK;

/** Whether a line that begins with a key and a colon stands where git takes none for a trailer: in
 * the title, in a paragraph before the last, or in one that has other lines. */
bool pw_git_trailers_has_stray(const char *message, const char *key);

#endif

/* What a built revision is known by. */
#ifndef PERFWARDEN_BUILD_KEY_H
#define PERFWARDEN_BUILD_KEY_H

#include "perfwarden/config.h"
#include "perfwarden/git.h"

/** Texts are in the caller's arena. */
struct pw_build_key {
    char name[17];          /**< 16 hexadecimal digits: names of entries are equally long */
    const char *text;       /**< everything that the name is a hash of */
    const char *repository; /**< how the texts of all entries of this repository begin */
    const char *place;      /**< of the configuration's directory in the tree; "" for its top */
};

/**
 * @return 0; PW_EUSAGE when the configuration does not lie in the work tree, or there is none;
 * PW_EIO; PW_ENOMEM
 */
int pw_build_key_make(const struct pw_git *git, const char *commit, const struct pw_config *config,
                      struct pw_arena *arena, struct pw_build_key *out,
                      struct pw_error *err) PW_MUST_CHECK;

#endif

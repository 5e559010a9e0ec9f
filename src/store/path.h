/* Names in the store. Not for other modules. */
#ifndef PERFWARDEN_STORE_PATH_H
#define PERFWARDEN_STORE_PATH_H

#include "perfwarden/store.h"

/** How long each part of `<2>/<40>/<12>/<26>.json` is. */
enum {
    PW_STORE_FAN_LENGTH = 2,
    PW_STORE_COMMIT_LENGTH = PW_OID_SIZE - 1,
    PW_STORE_ENVIRONMENT_LENGTH = PW_ENVIRONMENT_ID_SIZE - 1,
    PW_STORE_RUN_LENGTH = PW_RUN_ID_SIZE - 1
};

/**
 * The path of a result, from parts that are checked here: nothing else ever becomes a file name.
 *
 * @return 0; PW_EINVAL naming the part that is malformed; PW_ENOMEM is remembered by `out`
 */
int pw_store_path_build(const char *commit, const char *environment_id, const char *run_id,
                        struct pw_strbuf *out, struct pw_error *err) PW_MUST_CHECK;

/**
 * The parts of a path.
 *
 * @param[out] out  its strings live in `arena`; unchanged when the path does not fit the tree
 * @param[out] fits  whether the path fits the tree
 * @return 0; PW_ENOMEM
 */
int pw_store_path_parse(const char *path, struct pw_arena *arena, struct pw_store_entry *out,
                        bool *fits, struct pw_error *err) PW_MUST_CHECK;

#endif

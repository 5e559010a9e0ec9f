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

/** What a result's file name ends with. */
#define PW_STORE_SUFFIX ".json"
/** Bytes of a result's file name with its NUL. */
#define PW_STORE_RUN_NAME_SIZE (PW_STORE_RUN_LENGTH + sizeof(PW_STORE_SUFFIX))
/** Bytes of the longest path with its NUL: a '/' stands behind each part but the last. */
#define PW_STORE_PATH_SIZE                                                                         \
    (PW_STORE_FAN_LENGTH + PW_STORE_COMMIT_LENGTH + PW_STORE_ENVIRONMENT_LENGTH + 3 +              \
     PW_STORE_RUN_NAME_SIZE)

/** The levels of the tree, from its root. */
enum pw_store_level {
    PW_STORE_FAN,
    PW_STORE_COMMIT,
    PW_STORE_ENVIRONMENT,
    PW_STORE_RUN, /**< files, with their suffix; all above are directories */
};

/** Whether a name may stand at a level. That a commit stands in its own fan is not looked at. */
bool pw_store_name_fits(enum pw_store_level level, const char *name);

/** The file name of a run id. */
void pw_store_run_name(const char *run_id, char out[PW_STORE_RUN_NAME_SIZE]);

/**
 * Put a path together from names that fit the tree.
 *
 * @param environment_id  "" for the directory of the commit
 * @param run_name        "" for the directory of the environment
 */
void pw_store_path_join(const char *commit, const char *environment_id, const char *run_name,
                        char out[PW_STORE_PATH_SIZE]);

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

/* What the files of this module share: the store and its two homes. Not for other modules. */
#ifndef PERFWARDEN_STORE_INTERNAL_H
#define PERFWARDEN_STORE_INTERNAL_H

#include "perfwarden/store.h"

/** Where a store's files are kept: one constant table of functions each. Paths are checked ones. */
struct pw_store_home {
    /** @return where that is, for messages; borrowed from the store */
    const char *(*location)(const struct pw_store *store);
    /** Call `file` for every file; an absent store has none. */
    int (*list)(const struct pw_store *store, pw_git_file_fn file, void *context,
                struct pw_error *err);
    /** @return 0; PW_ENOTFOUND; PW_EFORMAT; PW_EGIT; PW_EIO */
    int (*read)(const struct pw_store *store, const char *path, struct pw_strbuf *out,
                struct pw_error *err);
    /** Add a file; the same content again is fine. @return 0; PW_EEXISTS; PW_EGIT; PW_EIO */
    int (*add)(const struct pw_store *store, const char *path, const char *data, size_t length,
               struct pw_error *err);
    /** Add files, all or none; those that are there with the same content are fine. */
    int (*add_many)(const struct pw_store *store, const struct pw_git_change *files, size_t count,
                    struct pw_error *err);
    /** Whether add() can work. @return 0; PW_EINVAL; PW_EGIT; PW_EFORMAT; PW_EIO */
    int (*check_writable)(const struct pw_store *store, struct pw_error *err);
    /** Look at everything, past what is damaged. */
    int (*survey)(const struct pw_store *store, const struct pw_git_survey *calls,
                  struct pw_error *err);
    /** Remove all of the files, or none when one is not there: PW_ENOTFOUND. */
    int (*remove)(const struct pw_store *store, const struct pw_store_entry *entries, size_t count,
                  struct pw_error *err);
};

extern const struct pw_store_home pw_store_home_git;
extern const struct pw_store_home pw_store_home_directory;

struct pw_store {
    const struct pw_store_home *home;
    const struct pw_baseline_config *config;
    struct pw_git *git;
};

/** The directory home's survey, in a file of its own. */
int pw_store_survey_directory(const struct pw_store *store, const struct pw_git_survey *calls,
                              struct pw_error *err) PW_MUST_CHECK;

/** What messages call a file of the store: "refs/…:path" or "baselines/path". */
void pw_store_put_name(const struct pw_store *store, const char *path, struct pw_strbuf *out);

#endif

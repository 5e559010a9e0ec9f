/* What the files of this module share: the store and its two homes. Not for other modules. */
#ifndef PERFWARDEN_STORE_INTERNAL_H
#define PERFWARDEN_STORE_INTERNAL_H

#include "path.h"
#include "perfwarden/store.h"

/** A directory or a file of the store's tree, as its home finds it again. */
struct pw_store_node {
    const char *path;                  /**< inside the store; "" for its root */
    unsigned char id[PW_GIT_ID_BYTES]; /**< of the object; zeros in a directory of the work tree */
};

/**
 * Called for each name in a directory of the store.
 *
 * @param id  of the object; zeros in a directory of the work tree
 * @return 0 to go on; a status, with err set, to stop
 */
typedef int (*pw_store_name_fn)(void *context, const char *name,
                                const unsigned char id[PW_GIT_ID_BYTES], struct pw_error *err);

/** Where a store's files are kept: one constant table of functions each. Paths are checked ones. */
struct pw_store_home {
    /** @return where that is, for messages; borrowed from the store */
    const char *(*location)(const struct pw_store *store);
    /** Call `file` for every file whose directories fit the tree; an absent store has none. */
    int (*list)(const struct pw_store *store, pw_git_file_fn file, void *context,
                struct pw_error *err);
    /** The root as it is now. @param[out] is_there false when the store is absent */
    int (*root)(const struct pw_store *store, struct pw_store_node *out, bool *is_there,
                struct pw_error *err);
    /**
     * Call `visit` for every name in a directory that fits a level and is of its kind.
     *
     * A directory that vanished or is none has no names.
     */
    int (*names)(const struct pw_store *store, const struct pw_store_node *directory,
                 enum pw_store_level level, pw_store_name_fn visit, void *context,
                 struct pw_error *err);
    /** @return 0; PW_ENOTFOUND; PW_EFORMAT; PW_EGIT; PW_EIO */
    int (*read)(const struct pw_store *store, const char *path, struct pw_strbuf *out,
                struct pw_error *err);
    /** As read(), of a file that names() has shown. */
    int (*read_node)(const struct pw_store *store, const struct pw_store_node *file,
                     struct pw_strbuf *out, struct pw_error *err);
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
    const volatile int *interrupted; /**< not 0 once a signal arrived; may be NULL */
};

/** @return 0; PW_EINTERRUPTED once a signal arrived that pw_store_watch() was told of */
int pw_store_check_interrupt(const struct pw_store *store, struct pw_error *err) PW_MUST_CHECK;

/* The directory home's list() and names(), in a file of their own. */
int pw_store_list_directory(const struct pw_store *store, pw_git_file_fn file, void *context,
                            struct pw_error *err) PW_MUST_CHECK;
int pw_store_directory_names(const struct pw_store *store, const struct pw_store_node *directory,
                             enum pw_store_level level, pw_store_name_fn visit, void *context,
                             struct pw_error *err) PW_MUST_CHECK;

/**
 * Read what a comparison needs of a result, checked as in pw_store_read().
 *
 * @param entry  what the result must say of itself
 * @param file   where it lies
 */
int pw_store_read_lean(const struct pw_store *store, const struct pw_store_entry *entry,
                       const struct pw_store_node *file, struct pw_result *out,
                       struct pw_error *err) PW_MUST_CHECK;

/** The directory home's survey, in a file of its own. */
int pw_store_survey_directory(const struct pw_store *store, const struct pw_git_survey *calls,
                              struct pw_error *err) PW_MUST_CHECK;

/** What messages call a file of the store: "refs/…:path" or "baselines/path". */
void pw_store_put_name(const struct pw_store *store, const char *path, struct pw_strbuf *out);

#endif

/*
 * The baseline store: results by commit and environment, in git or in a directory, behind one
 * interface.
 *
 * The same tree in both homes: <first two digits of commit>/<commit>/<environment id>/<run
 * id>.json. Results are only ever added under new names. Knows nothing of verdicts.
 */
#ifndef PERFWARDEN_STORE_H
#define PERFWARDEN_STORE_H

#include <stdbool.h>
#include <stddef.h>

#include "perfwarden/config.h"
#include "perfwarden/git.h"
#include "perfwarden/result.h"
#include "perfwarden/util/arena.h"
#include "perfwarden/util/error.h"

struct pw_store;

/**
 * Open a store. It need not exist: an absent one is empty and is made by the first pw_store_add().
 *
 * @param config  borrowed until pw_store_free()
 * @param git     borrowed until pw_store_free()
 */
int pw_store_open(const struct pw_baseline_config *config, struct pw_git *git,
                  struct pw_store **out, struct pw_error *err) PW_MUST_CHECK;
void pw_store_free(struct pw_store *store);

/** Where it is, for messages: "refs/perfwarden/baselines" or a path. Borrowed. */
const char *pw_store_location(const struct pw_store *store);

/** One stored result, by its name alone. */
struct pw_store_entry {
    const char *commit;
    const char *environment_id;
    const char *run_id;
    const char *path; /**< inside the store */
};

/** Entries, sorted by commit, environment, run id. Everything lives in `arena`. */
struct pw_store_listing {
    struct pw_arena arena;
    struct pw_store_entry *entries;
    size_t count;
    size_t capacity;
};

void pw_store_listing_release(struct pw_store_listing *listing);

/** List everything stored. Files whose names do not fit the tree are passed over. */
int pw_store_list(struct pw_store *store, struct pw_store_listing *out,
                  struct pw_error *err) PW_MUST_CHECK;

/**
 * Read one result and check that its commit, environment and run id are those of its path.
 *
 * @return 0; PW_EFORMAT when it is damaged, naming the path; PW_ENOTFOUND; PW_EGIT; PW_EIO
 */
int pw_store_read(struct pw_store *store, const struct pw_store_entry *entry, struct pw_result *out,
                  struct pw_error *err) PW_MUST_CHECK;

/** Add a result. @return 0; PW_EINVAL when it has no commit; PW_EEXISTS; PW_EGIT; PW_EIO */
int pw_store_add(struct pw_store *store, const struct pw_result *result,
                 struct pw_error *err) PW_MUST_CHECK;

/** Remove entries. @return 0; PW_ENOTFOUND when one is not there; PW_EGIT; PW_EIO */
int pw_store_remove(struct pw_store *store, const struct pw_store_entry *entries, size_t count,
                    struct pw_error *err) PW_MUST_CHECK;

/** A stored result that could not be read. */
struct pw_store_damage {
    const char *path;
    const char *message;
};

/** What a search for the base's measurements found. Everything but the results lives in `arena`. */
struct pw_store_search {
    struct pw_arena arena;
    struct pw_result *sessions; /**< comparable ones, nearest commit first, newest first within a
                                   commit; owned; as of pw_result_read_lean() */
    size_t session_count;
    char commit[PW_OID_SIZE];              /**< of sessions[0]; "" when there is none */
    size_t distance;                       /**< commits from the start of the search to `commit` */
    const char *nearest_other_environment; /**< id measured nearest when none is comparable; NULL
                                              for none */
    struct pw_environment_fact *other_facts; /**< its facts, to say what differs */
    size_t other_fact_count;
    struct pw_store_damage *damage; /**< comparable results on the way that could not be read */
    size_t damage_count;
    enum pw_git_walk_end walk_end; /**< PW_WALK_STOPPED also when everything stored was passed */
};

void pw_store_search_release(struct pw_store_search *search);

/**
 * Search a commit and its ancestors for results of an environment.
 *
 * @param from            where the search starts, a full commit id
 * @param environment_id  what is comparable
 * @param max_sessions    how many results at most (20 in STATISTICS: the latest sessions among the
 * ancestors)
 * @param[out] out        released by pw_store_search_release(); finding nothing is no failure
 */
int pw_store_find(struct pw_store *store, const char *from, const char *environment_id,
                  size_t max_sessions, struct pw_store_search *out,
                  struct pw_error *err) PW_MUST_CHECK;

#endif

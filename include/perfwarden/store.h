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
#include <stdint.h>

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

/**
 * Have long work end early: what reads or changes many results then returns PW_EINTERRUPTED, and
 * nothing is changed. The repository is told, too.
 *
 * @param interrupted  not 0 once a signal arrived; NULL for never; borrowed
 */
void pw_store_watch(struct pw_store *store, const volatile int *interrupted);

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

/**
 * Find out, without storing anything, whether pw_store_add() can work.
 *
 * @return 0; PW_EINVAL when the ref is one that cannot be written; PW_EGIT; PW_EFORMAT; PW_EIO
 */
int pw_store_check_writable(struct pw_store *store, struct pw_error *err) PW_MUST_CHECK;

/** A result to be added, as the text that pw_result_write() gives. All borrowed. */
struct pw_store_addition {
    const char *commit;
    const char *environment_id;
    const char *run_id;
    const char *text;
    size_t length;
    bool is_partial;  /**< it holds only what CSV does: compared by that with what is stored */
    const char *file; /**< where it was read, for messages; NULL for none */
    unsigned line;    /**< from 1; 0 for none */
};

/** What became of additions. */
struct pw_store_added {
    size_t stored;
    size_t present; /**< were there already with the same content, or came twice */
};

/**
 * Add results, all of them or none, in one commit where the store is in git.
 *
 * In a directory they are files: a crash in the middle leaves some, and adding again the rest.
 *
 * @return 0; PW_EEXISTS when a run id is stored with other content, or comes twice with different
 * content; PW_EINVAL when a name is malformed; PW_EGIT; PW_EIO
 */
int pw_store_add_many(struct pw_store *store, const struct pw_store_addition *additions,
                      size_t count, struct pw_store_added *out, struct pw_error *err) PW_MUST_CHECK;

/** Why a result is kept. */
enum pw_store_keep {
    PW_KEEP_NOT,     /**< no rule keeps it */
    PW_KEEP_DAYS,    /**< young enough */
    PW_KEEP_COUNT,   /**< among the newest of its environment */
    PW_KEEP_TAG,     /**< used by comparisons with a tag */
    PW_KEEP_BRANCH,  /**< used by comparisons with the tip of a branch */
    PW_KEEP_UNKNOWN, /**< of a commit that is not in this clone, and no rule is about age or number
                      */
    PW_KEEP_NEWEST,  /**< the newest usable one of its environment is never pruned */
    PW_KEEP_COUNT_OF /**< how many reasons there are; no reason */
};

/** "", "days", "count", "tag", "branch", "unknown_commit", "newest". */
const char *pw_store_keep_name(enum pw_store_keep reason);

/** What rules make of a listing. */
struct pw_store_retention {
    struct pw_arena arena;
    enum pw_store_keep *reasons; /**< one per entry of the listing */
    size_t tag_count;            /**< tags that match a pattern */
    size_t branch_count;         /**< branches that match a pattern */
};

void pw_store_retention_release(struct pw_store_retention *retention);

/**
 * Judge everything stored by the rules of `baseline.keep`: what any of them keeps is kept.
 *
 * A comparison with a commit uses the nearest sessions of an environment, as pw_store_find() does:
 * those are what a tag or a branch keeps. A place among the newest is only for what can be read
 * and is not of the future (by more than a day); and the last one that is also of a commit of this
 * clone always stays.
 *
 * @param now_s  the time of day, in seconds since 1970
 * @return 0; PW_EGIT when a shallow clone hides what a tag or a branch would be compared with
 */
int pw_store_retain(struct pw_store *store, const struct pw_store_listing *listing,
                    const struct pw_keep_config *keep, int64_t now_s,
                    struct pw_store_retention *out, struct pw_error *err) PW_MUST_CHECK;

/** What is wrong with something in the store. */
enum pw_store_fault {
    PW_FAULT_RESULT, /**< a result that cannot be read, is malformed, or lies under another's name
                      */
    PW_FAULT_TREE,   /**< a directory that cannot be read, and so all below it */
    PW_FAULT_STRAY   /**< something that is no result: harmless, but nobody's */
};

/** Something found by pw_store_verify(). */
struct pw_store_finding {
    enum pw_store_fault fault;
    const char *path; /**< inside the store; "" for all of it */
    const char *message;
    const char *run_id; /**< PW_FAULT_RESULT: by its name; else NULL */
    const char *object; /**< id of the object that git cannot read; NULL when that is not what is
                           wrong */
    bool is_ambiguous;  /**< its run id names another result, too */
};

/** Everything lives in `arena`. */
struct pw_store_verification {
    struct pw_arena arena;
    struct pw_store_finding *findings; /**< in the order of their paths */
    size_t count;
    size_t capacity;
    size_t result_count;  /**< names of results that were seen */
    size_t damaged_count; /**< findings that are no strays */
};

void pw_store_verification_release(struct pw_store_verification *verification);

/** Read everything in the store, past what is damaged. Finding damage is no failure. */
int pw_store_verify(struct pw_store *store, struct pw_store_verification *out,
                    struct pw_error *err) PW_MUST_CHECK;

/** Formats that results leave the store in, and come back. */
enum pw_portable {
    PW_PORTABLE_JSONL,  /**< a whole result on each line */
    PW_PORTABLE_CSV,    /**< a line per benchmark and metric: the values, not everything */
    PW_PORTABLE_SQLITE, /**< a database, through the sqlite3 program */
    PW_PORTABLE_COUNT   /**< how many there are; also "whatever it looks like" */
};

/** "jsonl", "csv", "sqlite"; NULL past the last. */
const char *pw_portable_name(size_t index);

/** What stands before and behind the results, and a result. For SQLite they are a script. */
void pw_portable_put_begin(enum pw_portable format, struct pw_strbuf *out);
void pw_portable_put_result(enum pw_portable format, const struct pw_result *result,
                            struct pw_strbuf *out);
void pw_portable_put_end(enum pw_portable format, struct pw_strbuf *out);

/**
 * Let the sqlite3 program make a database.
 *
 * @param script  a file at its start, whose content is the statements
 * @param path    of the database, which is empty or absent
 * @return 0; PW_ENOTFOUND when there is no such program, naming the package; PW_EIO with its words
 */
int pw_portable_make_database(int script, const char *path, struct pw_error *err) PW_MUST_CHECK;

/** Results read from files. Zero-initialised is valid and empty. */
struct pw_import {
    struct pw_arena arena;
    struct pw_store_addition *items;
    size_t count;
    size_t capacity;
    size_t bytes;                    /**< of all texts */
    const volatile int *interrupted; /**< not 0 once a signal arrived; NULL for never; borrowed */
};

void pw_import_release(struct pw_import *import);

/** Most bytes of results that an import may hold. */
#define PW_IMPORT_MAX_BYTES ((size_t)1 << 30)

/**
 * Add one result.
 *
 * @param file, line  for messages; file is copied
 * @return 0; PW_EFORMAT when it has no commit or a malformed name, or there is too much; PW_ENOMEM
 */
int pw_import_add(struct pw_import *import, const struct pw_result *result, bool is_partial,
                  const char *file, unsigned line, struct pw_error *err) PW_MUST_CHECK;

/**
 * Read a file of results.
 *
 * @param format  PW_PORTABLE_COUNT to recognise it by its first bytes
 * @param path    a file, or "-" for standard input
 * @return 0; PW_EFORMAT naming file and line, and then what was read before it is of no use;
 * PW_ENOTFOUND; PW_EIO; PW_EINTERRUPTED; PW_ENOMEM
 */
int pw_import_read(struct pw_import *import, enum pw_portable format, const char *path,
                   struct pw_error *err) PW_MUST_CHECK;

#endif

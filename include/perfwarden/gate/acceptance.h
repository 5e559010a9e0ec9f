/*
 * Changes for the worse that were agreed to: where they come from, which still hold, and the line
 * that agrees to one. Which row one applies to is decided by the gate when a comparison is
 * finished.
 */
#ifndef PERFWARDEN_GATE_ACCEPTANCE_H
#define PERFWARDEN_GATE_ACCEPTANCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "perfwarden/config/accepted.h"
#include "perfwarden/gate.h"

/** The key of the trailers that accept a change. */
#define PW_ACCEPT_TRAILER "Perf-Accept"
/** Bytes of "2027-01-31" with its NUL. */
#define PW_DATE_SIZE 11
/** Most acceptances that are looked at. */
#define PW_ACCEPTANCES_MAX 1000

/** One agreement. Strings live in the arena of the list. */
struct pw_acceptance {
    const char *benchmark; /**< an id, a name or a pattern */
    const char *metric;    /**< a name or a pattern; NULL when the benchmark was removed */
    struct pw_bound up_to; /**< meaningless when the benchmark was removed */
    const char *reason;
    const char *expires; /**< the last day it holds; NULL for ever */
    const char *by;      /**< who agreed; NULL when that is not known */
    const char *where;   /**< "commit 1234567890ab", "baselines/accepted.yml:4" */
    unsigned line;       /**< of the file; 0 for a trailer */
    uint32_t older;      /**< of a past one: the sessions measured before it, bit i for session i */
};

/** Agreements. Zero-initialised is valid and empty. */
struct pw_acceptances {
    struct pw_arena arena;
    struct pw_acceptance *items;
    size_t count;
    size_t capacity;
    bool is_full;          /**< there were more than PW_ACCEPTANCES_MAX */
    const char **warnings; /**< about those that could not be read: they accept nothing */
    size_t warning_count;
    size_t warning_capacity;
    char today[PW_DATE_SIZE]; /**< in UTC; "" to let nothing expire */
    /**
     * Find out who made an agreement that is used and does not say so, and set its `by`; NULL for
     * nobody. @return 0; PW_ENOMEM
     */
    int (*attribute)(void *context, struct pw_acceptance *item, struct pw_error *err);
    void *context;
};

void pw_acceptances_release(struct pw_acceptances *acceptances);

/** Set today's date. @param wall_s seconds since 1970 */
void pw_acceptances_set_today(struct pw_acceptances *acceptances, int64_t wall_s);

/**
 * Add what a trailer says: `<benchmark> <metric> <bound> <reason>` or
 * `<benchmark> removed <reason>`. A word with blanks stands in double quotes; in them a backslash
 * takes the next character as it is.
 *
 * One that says neither becomes a warning and is no failure.
 *
 * @param value  the trailer's, on one line; copied
 * @param by     its author; copied, may be empty
 * @param where  copied
 * @return 0; PW_ENOMEM
 */
int pw_acceptances_add_trailer(struct pw_acceptances *acceptances, const char *value,
                               const char *by, const char *where,
                               struct pw_error *err) PW_MUST_CHECK;

/** Add the warning that a commit's message has the key where no trailer can stand. @return 0;
 * PW_ENOMEM */
int pw_acceptances_add_stray(struct pw_acceptances *acceptances, const char *where,
                             struct pw_error *err) PW_MUST_CHECK;

/** Add all entries of a file. @param path what reports call it; all is copied */
int pw_acceptances_add_file(struct pw_acceptances *acceptances, const struct pw_accepted_file *file,
                            const char *path, struct pw_error *err) PW_MUST_CHECK;

/** True when a row breaks a ceiling (or floor) of the configuration, which none can accept. */
bool pw_acceptance_breaks_limit(const struct pw_comparison_row *row);

/**
 * Append the trailer that would accept a row, with a bound that has some room and a place for the
 * reason; nothing where none would. Not escaped: it quotes foreign text.
 */
void pw_acceptance_advise(const struct pw_comparison_row *row, struct pw_strbuf *out);

#endif

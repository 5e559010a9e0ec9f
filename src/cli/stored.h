/* Naming stored results on the command line: by run id, by path in the store, or by a revision. */
#ifndef PERFWARDEN_CLI_STORED_H
#define PERFWARDEN_CLI_STORED_H

#include "project.h"

/** Entries picked from a listing; the array is owned by the listing's arena. */
struct pw_stored_selection {
    const struct pw_store_entry *entries; /**< newest first */
    size_t count;
};

/**
 * Pick the stored results that a word names, newest first.
 *
 * @param word         a run id, a path or a revision; NULL for all
 * @param environment  only of this environment; NULL for any
 * @return 0; PW_ENOTFOUND when the word is neither a stored run id nor a revision; PW_ENOMEM;
 * PW_EGIT. A revision without stored results is no failure: count is 0
 */
int pw_stored_select(const struct pw_project *project, struct pw_store_listing *listing,
                     const char *word, const char *environment, struct pw_stored_selection *out,
                     struct pw_error *err) PW_MUST_CHECK;

/**
 * Load the newest stored result that a word names, preferring an environment where there are
 * several.
 *
 * @param prefer    an environment id; NULL for none
 * @param only      results of this environment alone; NULL for any
 * @return 0; PW_ENOTFOUND with the remedy; else as pw_store_read()
 */
int pw_stored_load(const struct pw_project *project, const char *word, const char *prefer,
                   const char *only, struct pw_result *out, struct pw_error *err) PW_MUST_CHECK;

#endif

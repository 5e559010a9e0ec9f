/* What was agreed to, gathered for a command that compares: from the file of accepted changes and
 * from the messages of commits. */
#ifndef PERFWARDEN_CLI_ACCEPTANCES_H
#define PERFWARDEN_CLI_ACCEPTANCES_H

#include "perfwarden/gate/acceptance.h"
#include "project.h"

/** Where agreements come from. Zero-initialised is valid and has none. */
struct pw_agreements {
    struct pw_project *project;   /**< borrowed */
    struct pw_arena *arena;       /**< borrowed */
    struct pw_accepted_file file; /**< the file of accepted changes */
    const char *name;             /**< what messages call it */
    const char *place;            /**< where git finds it */
    const char *commit;           /**< whose file it is; NULL for the one that lies there */
    bool has_unread_messages;     /**< some commits between base and head are not in this clone */
};

/**
 * Read the file of accepted changes; an absent one is empty. All its mistakes are told.
 *
 * @param project  with a configuration, its repository opened; borrowed for the life of all this
 * @param arena    borrowed as long
 * @param commit   whose file counts; NULL for the one that lies there; borrowed as long
 * @return 0; PW_ECONFIG; PW_EGIT; PW_EIO; PW_ENOMEM
 */
int pw_agreements_read(struct pw_agreements *agreements, struct pw_cli *cli,
                       struct pw_project *project, struct pw_arena *arena, const char *commit,
                       struct pw_error *err) PW_MUST_CHECK;

/** Add the trailers of the commits that one has and the other has not. A commit that is not in this
 * clone leaves messages unread. */
int pw_agreements_add_trailers(struct pw_agreements *agreements, const char *from,
                               const char *without, struct pw_acceptances *out,
                               struct pw_error *err) PW_MUST_CHECK;

/**
 * Gather what was agreed to between two commits and in the file.
 *
 * @param base      NULL for no commits
 * @param[out] out  what it held is released
 */
int pw_agreements_find(struct pw_agreements *agreements, const char *base, const char *head,
                       struct pw_acceptances *out, struct pw_error *err) PW_MUST_CHECK;

/** Warn where a change may have been accepted that could not be seen. */
int pw_agreements_warn(const struct pw_agreements *agreements, struct pw_comparison *comparison,
                       struct pw_error *err) PW_MUST_CHECK;

void pw_agreements_release(struct pw_agreements *agreements);

#endif

/* One check on its way: what its files share. cmd_check.c chooses the mode; check_stored.c compares
 * with stored sessions, check_pairs.c in pairs; check_accept.c gathers what was agreed to. */
#ifndef PERFWARDEN_CLI_CHECK_H
#define PERFWARDEN_CLI_CHECK_H

#include "acceptances.h"
#include "cli.h"
#include "paired.h"
#include "perfwarden/gate.h"
#include "project.h"
#include "shard.h"

/** How base and head are compared. */
enum pw_check_mode { PW_CHECK_AUTO, PW_CHECK_STORED, PW_CHECK_PAIRED };

/** The older commit that head is compared with as well, and what is stored for it. */
struct pw_check_anchor {
    struct pw_git_anchor found; /**< commit "" when there is none, reason NULL when not asked for */
    struct pw_store_search search;
    struct pw_acceptances agreed; /**< since it */
    struct pw_acceptances past;   /**< between its stored sessions */
};

struct pw_check {
    struct pw_cli *cli;
    const struct pw_arguments *arguments;
    struct pw_project project;
    struct pw_arena arena;
    struct pw_store_search search;
    struct pw_result head;
    struct pw_comparison comparison;
    struct pw_check_anchor anchor;
    struct pw_git_base base;       /**< meaningful with has_base */
    char head_commit[PW_OID_SIZE]; /**< what is checked out for head, in pairs */
    bool has_base;
    bool has_other_config; /**< config_text differs from the file that lies there */
    bool is_interrupted;
    enum pw_check_mode mode;
    const char *no_baseline;      /**< why there is nothing stored to compare with */
    const char *fetch_failure;    /**< why newer baselines could not be looked for; NULL else */
    const char *head_label;       /**< what head is, where it is not HEAD's commit; NULL else */
    const char *failure;          /**< what ended the measuring early; NULL when nothing did */
    struct pw_strbuf config_text; /**< of head's configuration; empty for the file there */
    struct pw_agreements agreements;
    struct pw_acceptances agreed;       /**< since the commit of the stored sessions */
    struct pw_acceptances agreed_pairs; /**< since the base that is measured in pairs */
    struct pw_acceptances past;         /**< between the stored sessions */
    uint64_t started_ns;                /**< monotonic: when the measuring began */
    unsigned deepen_step;               /**< of --deepen: how often more history was fetched */
    struct pw_shard_choice shard;       /**< which part of the suite, as was asked for */
};

/**
 * Take in what the remote has stored, where baselines are kept in git and there is a remote.
 *
 * @return 0, also when the remote cannot be reached: `fetch_failure` says so; PW_EINTERRUPTED;
 * PW_ENOMEM
 */
int pw_check_fetch_baselines(struct pw_check *check, struct pw_error *err) PW_MUST_CHECK;

/** Look for the stored sessions of the base. Leaves `no_baseline` where there are none. */
int pw_check_find_sessions(struct pw_check *check, struct pw_error *err) PW_MUST_CHECK;

/**
 * With --deepen: fetch history until the base can be found, or there is no more.
 *
 * @param revision  as for pw_git_find_base()
 * @return 0, also when it cannot be found; PW_EGIT when git cannot fetch; PW_EINTERRUPTED
 */
int pw_check_deepen_to_base(struct pw_check *check, const char *revision,
                            struct pw_error *err) PW_MUST_CHECK;

/** With --deepen: fetch history until stored sessions are found, or there is no more. */
int pw_check_deepen_to_sessions(struct pw_check *check, struct pw_error *err) PW_MUST_CHECK;

/** Measure head and compare it with the sessions. @return 0 with the comparison made */
int pw_check_stored(struct pw_check *check, struct pw_error *err) PW_MUST_CHECK;

/** Warn about sessions that are dirty or damaged. The comparison must have been made. */
int pw_check_warn_about_sessions(struct pw_check *check, struct pw_error *err) PW_MUST_CHECK;

/** "the stored baseline '…' cannot be used and was passed over: …", with the remedy. */
void pw_check_put_damage(struct pw_strbuf *out, const struct pw_store_damage *damage);

/** Find out which commit head is, in pairs: HEAD, what --head says, or the work tree as it is. */
int pw_check_find_head(struct pw_check *check, struct pw_error *err) PW_MUST_CHECK;

/**
 * Go by the configuration that the commit to be measured has, not by the one in the work tree.
 *
 * @return 0, also when the commit has none; PW_ECONFIG; PW_EGIT; PW_EIO; PW_ENOMEM
 */
int pw_check_use_head_config(struct pw_check *check, struct pw_error *err) PW_MUST_CHECK;

/** Read the file of accepted changes; an absent one is empty. @return 0; PW_ECONFIG; PW_EIO; … */
int pw_check_read_accepted(struct pw_check *check, struct pw_error *err) PW_MUST_CHECK;

/**
 * Gather what was agreed to between two commits and in the file.
 *
 * @param base      NULL for no commits
 * @param[out] out  what it held is released
 */
int pw_check_find_acceptances(struct pw_check *check, const char *base, const char *head,
                              struct pw_acceptances *out, struct pw_error *err) PW_MUST_CHECK;

/** Gather what was agreed to between the stored sessions of a search. @param out empty */
int pw_check_find_past(struct pw_check *check, const struct pw_store_search *search,
                       struct pw_acceptances *out, struct pw_error *err) PW_MUST_CHECK;

/** Warn where a change may have been accepted that could not be seen. */
int pw_check_warn_about_messages(struct pw_check *check, struct pw_error *err) PW_MUST_CHECK;

/** Compare all selected benchmarks in pairs. */
int pw_check_pairs(struct pw_check *check, struct pw_error *err) PW_MUST_CHECK;

/**
 * Confirm by pairs what the stored comparison suspects or leaves open, and join the two.
 *
 * Nothing is done where nothing is open.
 */
int pw_check_confirm(struct pw_check *check, struct pw_error *err) PW_MUST_CHECK;

/** Which pairs to make. All borrowed. */
struct pw_check_pairing {
    const struct pw_git_base *base;
    const bool *wanted; /**< one flag for each benchmark of the configuration; NULL: as filtered */
    size_t decided_elsewhere;
    bool is_anchor;
};

/** Run pairs of a base and of head, and take over how they ended. @param[out] out released by the
 * caller; unchanged on failure */
int pw_check_run_pairs(struct pw_check *check, const struct pw_check_pairing *pairing,
                       struct pw_comparison *out, struct pw_error *err) PW_MUST_CHECK;

/** Whether --budget leaves no time for more pairs. */
bool pw_check_is_budget_spent(const struct pw_check *check);

/** Look for the older commit that `gate.anchor` names, and for what is stored for it. */
int pw_check_find_anchor(struct pw_check *check, struct pw_error *err) PW_MUST_CHECK;
void pw_check_release_anchor(struct pw_check *check);
/** "anchor: …" for the plan of --dry-run; nothing when none was asked for. */
void pw_check_describe_anchor(const struct pw_check *check, struct pw_strbuf *out);
/** How many comparisons with it there will be; e-BH has to know. */
size_t pw_check_count_anchor(const struct pw_check *check);
/** Compare head with it too; the comparison with the base must have been made. */
int pw_check_anchor(struct pw_check *check, struct pw_error *err) PW_MUST_CHECK;

/** Find out which shard this is. @return 0; PW_EUSAGE */
int pw_check_choose_shard(struct pw_check *check, struct pw_error *err) PW_MUST_CHECK;
/** Leave in the configuration what this shard runs. The base must have been looked for. */
int pw_check_cut_suite(struct pw_check *check, struct pw_error *err) PW_MUST_CHECK;
/** How many comparisons other shards make, those with an anchor included; e-BH has to know. */
size_t pw_check_count_other_shards(const struct pw_check *check);

/** Append a warning to the comparison. */
int pw_check_warn(struct pw_check *check, struct pw_error *err, const char *format, ...)
    PW_PRINTF(3, 4) PW_MUST_CHECK;

/** Keep what failed and tell it at once: what was measured before is worth a report. */
int pw_check_note_failure(struct pw_check *check, struct pw_error *err) PW_MUST_CHECK;

#endif

/*
 * What every report says about a comparison as a whole: what happened, what was compared with what
 * and why, how many rows ended how, what the exit code means.
 */
#ifndef PERFWARDEN_REPORT_SUMMARY_H
#define PERFWARDEN_REPORT_SUMMARY_H

#include <stdbool.h>
#include <stddef.h>

#include "perfwarden/gate.h"
#include "perfwarden/util/strbuf.h"

/** One line that says what happened: "REGRESSION: 1 of 12 comparisons is worse than allowed". */
void pw_report_headline(const struct pw_comparison *comparison, struct pw_strbuf *out);

/** "3 comparisons: 1 regression, 2 pass", the most serious first. */
void pw_report_counts(const struct pw_comparison *comparison, struct pw_strbuf *out);

/** What an exit code means, in own words. */
const char *pw_report_exit_meaning(int exit_code);

/** True when the exit code says that perfwarden failed or was stopped, whatever the rows say. */
bool pw_report_is_broken(const struct pw_comparison *comparison);

/** "1 commit", "2 commits". @param noun takes an s */
void pw_report_plural(struct pw_strbuf *out, size_t count, const char *noun);

/* The texts below quote foreign text and are not escaped. */

/** The short id of a commit, else where the side was read from, else "unknown". */
void pw_report_short_id(const char *commit, const char *source, struct pw_strbuf *out);
/** " (main, with uncommitted changes)" or nothing. */
void pw_report_side_details(const struct pw_side *side, struct pw_strbuf *out);
/** True when the base is the merge base itself, which needs no word. */
bool pw_report_is_plain_base(const struct pw_comparison *comparison);
/** The commit that head merges into its target, where the base was chosen for that: on a CI system
 * that checks a merge out, the one that its author knows. Nothing otherwise. */
void pw_report_merged_commit(const struct pw_comparison *comparison, struct pw_strbuf *out);
/** How the base was chosen, how far it is, how much stands behind it. */
void pw_report_base_choice(const struct pw_comparison *comparison, struct pw_strbuf *out);

/** Which older commit some rows are compared with, why, how far it is. Nothing without one. */
void pw_report_anchor_choice(const struct pw_comparison *comparison, struct pw_strbuf *out);

/** "shard 2 of 4, which runs 3 of 10 benchmarks". */
void pw_report_shard(const struct pw_shard *shard, struct pw_strbuf *out);

/**
 * How it was decided where that is not one stored or unpaired comparison for all: by pairs, by
 * stored sessions and pairs, in shards. Nothing otherwise.
 */
void pw_report_mode(const struct pw_comparison *comparison, struct pw_strbuf *out);

#endif

/*
 * Base and head, built side by side and measured in pairs: what `check` does in paired mode, and to
 * confirm what a stored comparison suspects.
 */
#ifndef PERFWARDEN_CLI_PAIRED_H
#define PERFWARDEN_CLI_PAIRED_H

#include "cli.h"
#include "perfwarden/build.h"
#include "perfwarden/gate.h"
#include "project.h"

/** What to compare. All borrowed. */
struct pw_paired_request {
    const struct pw_git_base *base;
    const char *head_commit; /**< what is checked out for head */
    const char *head_label;  /**< what reports call it, where it is not the same commit; or NULL */
    /** The text of the project's configuration; NULL for its file. */
    const struct pw_strbuf *config_text;
    /** Which of the configuration's benchmarks, one flag each; NULL for those that the filters
     * select, and then what the base has and head has not is missing. */
    const bool *wanted;
    /** The base is an anchor: its thresholds hold, and its failures are none. */
    bool is_anchor;
    size_t decided_elsewhere;           /**< as in struct pw_gate_options */
    uint64_t budget_ns;                 /**< for all pairs; 0 for none */
    struct pw_acceptances *acceptances; /**< as in struct pw_gate_options */
};

/** What came of it. Released by pw_paired_release(). */
struct pw_paired {
    struct pw_comparison comparison;
    bool is_interrupted;
    char *failure; /**< what ended the measuring early: perfwarden itself failed; NULL; owned */
};

/**
 * Build both, measure, decide.
 *
 * A side that cannot be built makes every benchmark an error, with the reason.
 *
 * @param[out] out  unchanged on failure
 * @return 0; PW_EINTERRUPTED when not even the builds came to an end; PW_EGIT; PW_EIO; PW_ENOMEM
 */
int pw_paired_run(struct pw_cli *cli, const struct pw_arguments *arguments,
                  const struct pw_project *project, const struct pw_paired_request *request,
                  struct pw_paired *out, struct pw_error *err) PW_MUST_CHECK;

void pw_paired_release(struct pw_paired *paired);

#endif

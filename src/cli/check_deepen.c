/*
 * check --deepen: a shallow clone's history fetched step by step, until the base and a baseline
 * stored among its ancestors are found, or there is no more.
 */
#include "check.h"

#include <stdlib.h>

static const char *environment_variable(const char *name)
{
    return getenv(name);
}

/* @param[out] is_complete  nothing more can be fetched */
static int deepen(struct pw_check *check, const struct pw_git_lack *lack, bool *is_complete,
                  struct pw_error *err)
{
    const struct pw_git_deepening deepening = {
        .branch = lack->branch,
        .commit = check->has_base ? check->base.commit : NULL,
        .wants_tags = lack->wants_tags,
        .step = check->deepen_step++,
        .interrupted = check->cli->interrupted,
    };
    if (!check->arguments->is_quiet) {
        fprintf(check->cli->err, "perfwarden: fetching more history\n");
    }
    return pw_git_deepen(check->project.git, &deepening, is_complete, err);
}

static int find_lack(struct pw_check *check, const char *revision, struct pw_git_lack *out,
                     struct pw_error *err)
{
    return pw_git_find_lack(check->project.git, revision, environment_variable, &check->arena, out,
                            err);
}

int pw_check_deepen_to_base(struct pw_check *check, const char *revision, struct pw_error *err)
{
    bool is_complete = !check->arguments->is_deepening;
    int status = PW_OK;
    while (status == PW_OK && !is_complete) {
        struct pw_git_lack lack = {.is_lacking = false};
        status = find_lack(check, revision, &lack, err);
        if (status != PW_OK || !lack.is_lacking) {
            break;
        }
        status = deepen(check, &lack, &is_complete, err);
    }
    return status;
}

int pw_check_deepen_to_sessions(struct pw_check *check, struct pw_error *err)
{
    bool is_complete = !check->arguments->is_deepening || !check->has_base;
    int status = PW_OK;
    while (status == PW_OK && !is_complete && check->search.session_count == 0 &&
           check->search.walk_end == PW_WALK_SHALLOW) {
        struct pw_git_lack lack = {.is_lacking = false};
        status = find_lack(check, check->arguments->base, &lack, err);
        if (status == PW_OK) {
            status = deepen(check, &lack, &is_complete, err);
        }
        if (status == PW_OK) {
            pw_store_search_release(&check->search);
            check->no_baseline = NULL;
            status = pw_check_find_sessions(check, err);
        }
    }
    return status;
}

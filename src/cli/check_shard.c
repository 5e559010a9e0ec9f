/* The shard of a check: which part of the suite, by what is known of its base. */
#include "check.h"

#include <stdlib.h>
#include <string.h>

static const char *environment_variable(const char *name)
{
    return getenv(name);
}

int pw_check_choose_shard(struct pw_check *check, struct pw_error *err)
{
    return pw_shard_choose(check->arguments->shard, environment_variable, &check->shard, err);
}

int pw_check_cut_suite(struct pw_check *check, struct pw_error *err)
{
    const char *head = check->arguments->head;
    const bool is_commit = head != NULL && strcmp(head, "worktree") != 0;
    const struct pw_shard_scene scene = {
        .base = check->has_base ? check->base.commit : NULL,
        .head = is_commit ? check->head_commit : check->project.head.commit,
        .runs_min = check->arguments->runs_min,
        .runs_max = check->arguments->runs_max,
        .is_paired = check->mode == PW_CHECK_PAIRED,
    };
    const int status = pw_shard_cut(check->arguments, &check->shard, &scene, &check->project, err);
    check->head.shard = check->project.shard;
    return status;
}

size_t pw_check_count_other_shards(const struct pw_check *check)
{
    const size_t count =
        pw_shard_count_elsewhere(&check->project.config, &check->arguments->filters);
    return check->anchor.found.commit[0] != '\0' ? 2 * count : count;
}

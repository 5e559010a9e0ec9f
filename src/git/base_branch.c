/*
 * The base by the default branch: which branch that is, and HEAD's merge base with it.
 */
#include "base.h"

#include <string.h>

#define REMOTE_PREFIX "refs/remotes/"
#define ORIGIN_PREFIX REMOTE_PREFIX "origin/"
#define LOCAL_PREFIX  "refs/heads/"

/* Where a default branch is looked for when origin does not say. */
static const char *const usual_names[] = {
    ORIGIN_PREFIX "main",
    ORIGIN_PREFIX "master",
    LOCAL_PREFIX "main",
    LOCAL_PREFIX "master",
};

static bool has_prefix(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* "main" of either "refs/remotes/origin/main" or "refs/heads/main". */
static const char *branch_name(const char *ref)
{
    const char *prefix = has_prefix(ref, ORIGIN_PREFIX) ? ORIGIN_PREFIX : LOCAL_PREFIX;

    return has_prefix(ref, prefix) ? ref + strlen(prefix) : ref;
}

/* "origin/main" or "main". */
static const char *label(const char *ref)
{
    return has_prefix(ref, REMOTE_PREFIX) ? ref + strlen(REMOTE_PREFIX) : branch_name(ref);
}

static bool has_commit(struct pw_git *git, const char *ref, git_oid *tip)
{
    return git_reference_name_to_id(tip, git->repository, ref) == 0;
}

/* What `git clone` recorded as origin's HEAD. */
static void find_origin_head(struct pw_git *git, struct pw_strbuf *out)
{
    git_reference *head = NULL;

    if (git_reference_lookup(&head, git->repository, ORIGIN_PREFIX "HEAD") == 0) {
        const char *target = git_reference_symbolic_target(head);
        if (target != NULL) {
            pw_strbuf_puts(out, target);
        }
    }
    git_reference_free(head);
}

/* The user's own init.defaultBranch. */
static void find_configured(struct pw_git *git, struct pw_strbuf *out)
{
    git_config *config = NULL;
    git_buf value = {0};

    if (git_repository_config_snapshot(&config, git->repository) == 0 &&
        git_config_get_string_buf(&value, config, "init.defaultBranch") == 0) {
        pw_strbuf_printf(out, LOCAL_PREFIX "%s", value.ptr);
    }
    git_buf_dispose(&value);
    git_config_free(config);
}

/* The full name of the default branch; empty when there is none with a commit. */
static void find_default_branch(struct pw_git *git, struct pw_strbuf *out, git_oid *tip)
{
    find_origin_head(git, out);
    if (out->length > 0 && has_commit(git, pw_strbuf_text(out), tip)) {
        return;
    }
    for (size_t i = 0; i < PW_COUNT(usual_names); i++) {
        if (has_commit(git, usual_names[i], tip)) {
            pw_strbuf_clear(out);
            pw_strbuf_puts(out, usual_names[i]);
            return;
        }
    }
    pw_strbuf_clear(out);
    find_configured(git, out);
    if (out->length > 0 && !has_commit(git, pw_strbuf_text(out), tip)) {
        pw_strbuf_clear(out);
    }
}

int pw_git_base_default_branch(struct pw_git_base_search *search, struct pw_error *err)
{
    struct pw_strbuf ref = PW_STRBUF_INIT;
    git_oid tip;

    find_default_branch(search->git, &ref, &tip);
    int status = pw_strbuf_check(&ref, err);
    if (status != PW_OK || ref.length == 0) {
        goto out;
    }
    const char *branch = search->head.branch;
    if (branch == NULL || strcmp(branch, branch_name(pw_strbuf_text(&ref))) != 0) {
        status = pw_git_base_take_merge_base(search, &tip, label(pw_strbuf_text(&ref)), false, err);
    }
out:
    pw_strbuf_release(&ref);
    return status;
}

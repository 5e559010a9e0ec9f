/*
 * The base by a branch: the one that CI names, or the default branch, and HEAD's merge base with
 * it.
 */
#include <string.h>

#include "base_system.h"

#define REMOTE_PREFIX "refs/remotes/"
#define LOCAL_PREFIX  "refs/heads/"

/* Where a default branch is looked for when the remote does not say. */
static const struct {
    bool is_remote;
    const char *name;
} usual_names[] = {
    {true, "main"},
    {true, "master"},
    {false, "main"},
    {false, "master"},
};

static bool has_prefix(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

static void put_remote_ref(const struct pw_git_base_search *search, const char *branch,
                           struct pw_strbuf *out)
{
    pw_strbuf_printf(out, REMOTE_PREFIX "%s/%s", search->remote, branch);
}

/* "main" of "refs/remotes/origin/main". @return NULL for a ref that is not the remote's */
static const char *remote_branch(const struct pw_git_base_search *search, const char *ref)
{
    const size_t length = strlen(search->remote);

    if (!has_prefix(ref, REMOTE_PREFIX)) {
        return NULL;
    }
    ref += strlen(REMOTE_PREFIX);
    return has_prefix(ref, search->remote) && ref[length] == '/' ? ref + length + 1 : NULL;
}

/* "main" of either "refs/remotes/origin/main" or "refs/heads/main". */
static const char *branch_name(const struct pw_git_base_search *search, const char *ref)
{
    const char *name = remote_branch(search, ref);

    if (name != NULL) {
        return name;
    }
    return has_prefix(ref, LOCAL_PREFIX) ? ref + strlen(LOCAL_PREFIX) : ref;
}

/* "origin/main" or "main". */
static const char *label(const char *ref)
{
    return has_prefix(ref, REMOTE_PREFIX)  ? ref + strlen(REMOTE_PREFIX)
           : has_prefix(ref, LOCAL_PREFIX) ? ref + strlen(LOCAL_PREFIX)
                                           : ref;
}

/* A ref that cannot be read must not look like one that is not there. */
static int find_tip(struct pw_git *git, const char *ref, git_oid *tip, bool *is_there,
                    struct pw_error *err)
{
    const int code = git_reference_name_to_id(tip, git->repository, ref);

    *is_there = code == 0;
    if (code != 0 && code != GIT_ENOTFOUND && code != GIT_EINVALIDSPEC) {
        return pw_git_fail_damage(err, code, "cannot read '%s'", label(ref));
    }
    return PW_OK;
}

/* What `git clone` recorded as the remote's HEAD. */
static void find_remote_head(const struct pw_git_base_search *search, struct pw_strbuf *out)
{
    struct pw_strbuf name = PW_STRBUF_INIT;
    git_reference *head = NULL;

    put_remote_ref(search, "HEAD", &name);
    if (!pw_strbuf_failed(&name) &&
        git_reference_lookup(&head, search->git->repository, pw_strbuf_text(&name)) == 0) {
        const char *target = git_reference_symbolic_target(head);
        if (target != NULL) {
            pw_strbuf_puts(out, target);
        }
    }
    git_reference_free(head);
    pw_strbuf_release(&name);
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
static int find_default_branch(const struct pw_git_base_search *search, struct pw_strbuf *out,
                               git_oid *tip, struct pw_error *err)
{
    struct pw_git *git = search->git;
    bool is_there = false;
    int status = PW_OK;

    find_remote_head(search, out);
    if (out->length > 0) {
        status = find_tip(git, pw_strbuf_text(out), tip, &is_there, err);
    }
    for (size_t i = 0; i < PW_COUNT(usual_names) && status == PW_OK && !is_there; i++) {
        pw_strbuf_clear(out);
        if (usual_names[i].is_remote) {
            put_remote_ref(search, usual_names[i].name, out);
        } else {
            pw_strbuf_printf(out, LOCAL_PREFIX "%s", usual_names[i].name);
        }
        status = pw_strbuf_check(out, err);
        if (status == PW_OK) {
            status = find_tip(git, pw_strbuf_text(out), tip, &is_there, err);
        }
    }
    if (status == PW_OK && !is_there) {
        pw_strbuf_clear(out);
        find_configured(git, out);
        if (out->length > 0) {
            status = find_tip(git, pw_strbuf_text(out), tip, &is_there, err);
        }
    }
    if (!is_there) {
        pw_strbuf_clear(out);
    }
    return status == PW_OK ? pw_strbuf_check(out, err) : status;
}

int pw_git_base_default_branch(struct pw_git_base_search *search, struct pw_error *err)
{
    struct pw_strbuf ref = PW_STRBUF_INIT;
    git_oid tip;
    int status = find_default_branch(search, &ref, &tip, err);

    if (status != PW_OK || ref.length == 0) {
        goto out;
    }
    const char *branch = search->head.branch;
    if (branch == NULL || strcmp(branch, branch_name(search, pw_strbuf_text(&ref))) != 0) {
        const char *wanted = remote_branch(search, pw_strbuf_text(&ref));
        if (wanted != NULL) {
            search->lack.branch = pw_arena_strdup(search->arena, wanted);
        }
        if (wanted != NULL && search->lack.branch == NULL) {
            status = pw_error_set_no_memory(err);
            goto out;
        }
        status = pw_git_base_take_merge_base(search, &tip, label(pw_strbuf_text(&ref)), false, err);
    }
out:
    pw_strbuf_release(&ref);
    return status;
}

/* A command is only shown for a name that a shell takes as it stands. */
static bool is_plain(const char *branch)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/";

    return branch[strspn(branch, plain)] == '\0';
}

static int fail_missing(struct pw_git_base_search *search, const char *branch,
                        enum pw_base_branch kind, struct pw_error *err)
{
    const struct pw_ci_system *system = search->system;
    struct pw_strbuf remedy = PW_STRBUF_INIT;
    int status;

    search->lack.is_lacking = true;
    if (system != NULL && system->fetches_all) {
        pw_strbuf_printf(&remedy, "%s, ", system->setting);
    }
    pw_strbuf_puts(&remedy, "run 'git fetch");
    if (is_plain(search->remote)) {
        pw_strbuf_printf(&remedy, " %s", search->remote);
    }
    if (is_plain(search->remote) && is_plain(branch)) {
        pw_strbuf_printf(&remedy, " +refs/heads/%s:refs/remotes/%s/%s", branch, search->remote,
                         branch);
    }
    status = pw_strbuf_check(&remedy, err);
    if (status == PW_OK) {
        status = pw_error_set(err, PW_ENOTFOUND,
                              "the %s branch '%s/%s' is not in this clone; %s', pass --deepen "
                              "or pass --base REV",
                              kind == PW_BRANCH_TARGET ? "target" : "default", search->remote,
                              branch, pw_strbuf_text(&remedy));
    }
    pw_strbuf_release(&remedy);
    return status;
}

static int take_tip(struct pw_git_base_search *search, const git_oid *tip, const char *name,
                    enum pw_base_branch kind, struct pw_error *err)
{
    const int status = pw_git_base_take_merge_base(search, tip, name, true, err);

    if (status != PW_OK || search->is_found) {
        return status;
    }
    return pw_git_base_take_first_parent(
        search,
        kind == PW_BRANCH_DEFAULT
            ? "first parent"
            : pw_arena_printf(search->arena, "first parent, as %s has HEAD already", name),
        err);
}

int pw_git_base_take_branch(struct pw_git_base_search *search, const char *branch,
                            enum pw_base_branch kind, struct pw_error *err)
{
    const char *here = search->head.branch;
    struct pw_strbuf ref = PW_STRBUF_INIT;
    bool is_there = false;
    git_oid tip;

    if (kind == PW_BRANCH_DEFAULT && here != NULL && strcmp(here, branch) == 0) {
        return pw_git_base_take_first_parent(search, "first parent", err);
    }
    search->lack.branch = pw_arena_strdup(search->arena, branch);
    put_remote_ref(search, branch, &ref);
    int status = pw_strbuf_check(&ref, err);
    if (status == PW_OK && search->lack.branch == NULL) {
        status = pw_error_set_no_memory(err);
    }
    if (status == PW_OK) {
        status = find_tip(search->git, pw_strbuf_text(&ref), &tip, &is_there, err);
    }
    if (status == PW_OK && !is_there) {
        status = fail_missing(search, branch, kind, err);
    } else if (status == PW_OK) {
        status = take_tip(search, &tip, label(pw_strbuf_text(&ref)), kind, err);
    }
    pw_strbuf_release(&ref);
    return status;
}

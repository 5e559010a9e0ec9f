/*
 * The base on GitHub Actions, by the event that started the workflow ("Events that trigger
 * workflows", "Webhook events and payloads"). What the variables do not tell stands in the event's
 * file, which is written by GitHub but holds what anybody put into a title or a branch's name.
 */
#include "base_system.h"

#include <string.h>

#include "perfwarden/util/file.h"
#include "perfwarden/util/json.h"

/** Payloads are at most 25 MB. */
#define MAX_EVENT_BYTES ((size_t)32 << 20)

/**
 * Read the event.
 *
 * @param[out] out  NULL when no file is named, or it is not there (as inside a container)
 */
static int read_event(const struct pw_git_base_search *search, struct pw_json **out,
                      struct pw_error *err)
{
    const char *path = pw_git_base_variable(search, "GITHUB_EVENT_PATH");
    struct pw_strbuf text = PW_STRBUF_INIT;
    struct pw_error reason = PW_ERROR_INIT;

    *out = NULL;
    if (path == NULL) {
        return PW_OK;
    }
    int status = pw_file_read(path, MAX_EVENT_BYTES, &text, &reason);
    if (status == PW_ENOTFOUND) {
        status = PW_OK;
    } else if (status == PW_OK) {
        status = pw_json_parse(text.data == NULL ? "" : text.data, text.length, path,
                               PW_JSON_DEFAULT, out, &reason);
    }
    if (status != PW_OK) {
        (void)pw_error_prefix(&reason, "the event of GITHUB_EVENT_PATH cannot be read: ");
        pw_error_move(err, &reason);
    }
    pw_error_release(&reason);
    pw_strbuf_release(&text);
    return status;
}

/* The text at "a.b.c"; NULL when it is not there, no text, or empty. */
static const char *look_up(const struct pw_json *event, const char *const *keys)
{
    const struct pw_json *value = event;

    for (size_t i = 0; keys[i] != NULL && value != NULL; i++) {
        value = pw_json_get(value, keys[i]);
    }
    const char *text = pw_json_string(value);
    return text != NULL && text[0] != '\0' ? text : NULL;
}

static const char *look_up_id(const struct pw_json *event, const char *const *keys)
{
    const char *text = look_up(event, keys);
    git_oid id;

    return text != NULL && pw_git_parse_id(text, &id, NULL) == PW_OK ? text : NULL;
}

/*
 * A merge checkout is the commit GitHub made by merging the change into the target: its first
 * parent is exactly the base. A branch whose own last commit is a merge looks the same, so the
 * event must say which commit was merged; without it, only GITHUB_SHA of a pull_request tells, as
 * it names the target's commit for pull_request_target. Without either there is no proof.
 */
static bool is_merge_checkout(const struct pw_git_base_search *search, const char *merged)
{
    const char *event = pw_git_base_variable(search, "GITHUB_EVENT_NAME");
    const char *sha = pw_git_base_variable(search, "GITHUB_SHA");

    if (merged != NULL) {
        return pw_git_base_merges(search, merged);
    }
    return search->head.parent_count == 2 && event != NULL &&
           strcmp(event, "pull_request_target") != 0 && sha != NULL &&
           strcmp(sha, search->head.commit) == 0;
}

static int follow_change(struct pw_git_base_search *search, const struct pw_json *event,
                         struct pw_error *err)
{
    static const char *const head_keys[] = {"pull_request", "head", "sha", NULL};
    static const char *const base_keys[] = {"pull_request", "base", "ref", NULL};
    const char *merged = look_up_id(event, head_keys);
    const char *branch = pw_git_base_variable(search, "GITHUB_BASE_REF");

    if (is_merge_checkout(search, merged)) {
        return pw_git_base_take_first_parent(
            search,
            merged == NULL ? "first parent of the pull request's merge commit"
                           : pw_arena_printf(search->arena,
                                             "first parent of the pull request's merge commit of "
                                             "%.12s",
                                             merged),
            err);
    }
    branch = branch != NULL ? branch : look_up(event, base_keys);
    if (branch == NULL) {
        return pw_error_set(err, PW_ENOTFOUND,
                            "neither GITHUB_BASE_REF nor the event says which branch the pull "
                            "request shall go into; pass --base REV");
    }
    return pw_git_base_take_branch(search, branch, PW_BRANCH_TARGET, err);
}

/* A push of several commits, or of a tag, is compared with what stands before its last one. */
static int follow_push(struct pw_git_base_search *search, const struct pw_json *event,
                       struct pw_error *err)
{
    (void)event;
    return pw_git_base_take_first_parent(search, "first parent of the pushed commit", err);
}

/* The queue's base may be the head of the group before: only the event knows. */
static int follow_merge_group(struct pw_git_base_search *search, const struct pw_json *event,
                              struct pw_error *err)
{
    static const char *const keys[] = {"merge_group", "base_sha", NULL};
    const char *commit = look_up_id(event, keys);
    git_oid id;

    if (commit == NULL) {
        return pw_error_set(err, PW_ENOTFOUND,
                            "the file of GITHUB_EVENT_PATH does not tell merge_group.base_sha; "
                            "pass --base REV");
    }
    const int status = pw_git_parse_id(commit, &id, err);
    return status == PW_OK ? pw_git_base_take_ancestor(search, &id, "merge_group.base_sha",
                                                       "base of the merge group", err)
                           : status;
}

/* schedule, workflow_dispatch, workflow_run, release and all others: what a user at a desk would
 * get, but that the event knows the default branch's name. */
static int follow_other(struct pw_git_base_search *search, const struct pw_json *event,
                        struct pw_error *err)
{
    static const char *const keys[] = {"repository", "default_branch", NULL};
    const char *type = pw_git_base_variable(search, "GITHUB_REF_TYPE");
    const char *branch = look_up(event, keys);

    if (type != NULL && strcmp(type, "tag") == 0) {
        return pw_git_base_take_first_parent(search, "first parent of the tagged commit", err);
    }
    if (branch == NULL) {
        return PW_OK;
    }
    return pw_git_base_take_branch(search, branch, PW_BRANCH_DEFAULT, err);
}

typedef int (*event_fn)(struct pw_git_base_search *search, const struct pw_json *event,
                        struct pw_error *err);

static const struct {
    const char *name;
    event_fn follow;
} events[] = {
    {"pull_request", follow_change},
    {"pull_request_target", follow_change},
    {"pull_request_review", follow_change},
    {"pull_request_review_comment", follow_change},
    {"push", follow_push},
    {"merge_group", follow_merge_group},
};

int pw_git_base_github(struct pw_git_base_search *search, struct pw_error *err)
{
    const char *name = pw_git_base_variable(search, "GITHUB_EVENT_NAME");
    event_fn follow = follow_other;
    struct pw_json *event = NULL;

    for (size_t i = 0; i < PW_COUNT(events) && name != NULL; i++) {
        if (strcmp(name, events[i].name) == 0) {
            follow = events[i].follow;
        }
    }
    /* a push is decided without it, whatever its messages hold */
    int status = follow == follow_push ? PW_OK : read_event(search, &event, err);
    if (status == PW_OK) {
        status = follow(search, event, err);
    }
    pw_json_free(event);
    return status;
}

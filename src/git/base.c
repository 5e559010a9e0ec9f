/*
 * Which commit a change is compared with. The rules are tried in order; the first that applies
 * decides, and one that applies but cannot be followed is an error, never a silent fall to the
 * next: a gate that compares with the wrong commit is worse than one that says why it cannot.
 */
#include "base.h"

#include <string.h>

#include "base_system.h"

/* Rules in order of precedence; a rule that does not apply leaves is_found false. */
static const pw_git_base_rule rules[] = {
    pw_git_base_ci,
    pw_git_base_default_branch,
    pw_git_base_first_parent,
};

const char *pw_git_base_variable(const struct pw_git_base_search *search, const char *name)
{
    const char *value = search->environment(name);

    return value != NULL && value[0] != '\0' ? value : NULL;
}

bool pw_git_base_merges(const struct pw_git_base_search *search, const char *commit)
{
    return search->head.parent_count == 2 && strcmp(search->head.parents[1], commit) == 0;
}

int pw_git_base_fail_shallow(struct pw_git_base_search *search, const git_oid *boundary,
                             struct pw_error *err)
{
    struct pw_strbuf remedy = PW_STRBUF_INIT;
    char name[PW_SHORT_ID_SIZE];
    int status;

    search->lack.is_lacking = true;
    pw_git_shorten(boundary, name);
    pw_git_put_depth_remedy(&remedy, search->environment);
    status = pw_strbuf_check(&remedy, err);
    if (status == PW_OK) {
        status = pw_error_set(err, PW_ENOTFOUND,
                              "history ends at commit '%s' because the clone is shallow; %s", name,
                              pw_strbuf_text(&remedy));
    }
    pw_strbuf_release(&remedy);
    return status;
}

int pw_git_base_take(struct pw_git_base_search *search, const git_oid *id, const char *reason,
                     struct pw_error *err)
{
    if (reason == NULL) {
        return pw_error_set_no_memory(err);
    }
    git_oid_tostr(search->found.commit, sizeof(search->found.commit), id);
    search->found.reason = reason;
    search->is_found = true;
    return PW_OK;
}

int pw_git_base_take_first_parent(struct pw_git_base_search *search, const char *reason,
                                  struct pw_error *err)
{
    char name[PW_SHORT_ID_SIZE];
    git_odb *odb = NULL;
    git_oid parent;

    pw_git_shorten(&search->head_id, name);
    if (search->head.parent_count == 0) {
        return pw_error_set(err, PW_ENOTFOUND,
                            "commit '%s' has no parent to compare with; pass --base REV", name);
    }
    int status = pw_git_parse_id(search->head.parents[0], &parent, err);
    if (status != PW_OK) {
        return status;
    }
    const int code = git_repository_odb(&odb, search->git->repository);
    if (code != 0) {
        return pw_git_fail(err, code, "cannot read the repository's objects");
    }
    if (git_odb_exists(odb, &parent)) {
        status = pw_git_base_take(search, &parent, reason, err);
    } else if (pw_git_is_shallow(search->git)) {
        status = pw_git_base_fail_shallow(search, &search->head_id, err);
    } else {
        status = pw_error_set(err, PW_EGIT,
                              "the parent of commit '%s' is missing; run 'git fsck' to see what is "
                              "lost",
                              name);
    }
    git_odb_free(odb);
    return status;
}

int pw_git_base_take_merge_base(struct pw_git_base_search *search, const git_oid *other,
                                const char *label, bool is_required, struct pw_error *err)
{
    struct pw_git_relation relation;
    const int status = pw_git_relate(search->git, &search->head_id, other, &relation, err);

    if (status != PW_OK) {
        return status;
    }
    /* nothing of HEAD is new to that branch: leave it to the next rule */
    if (relation.has_base && git_oid_equal(&relation.base, &search->head_id)) {
        return PW_OK;
    }
    /* a base that was found may not be the one that the full history has */
    if (relation.is_cut) {
        return pw_git_base_fail_shallow(search, &relation.cut, err);
    }
    if (relation.has_base) {
        return pw_git_base_take(search, &relation.base,
                                pw_arena_printf(search->arena, "merge base with %s", label), err);
    }
    if (is_required) {
        return pw_error_set(err, PW_ENOTFOUND,
                            "HEAD and '%s' have no common ancestor; pass --base REV", label);
    }
    return PW_OK;
}

int pw_git_base_take_ancestor(struct pw_git_base_search *search, const git_oid *id,
                              const char *label, const char *reason, struct pw_error *err)
{
    struct pw_git_relation relation;
    char name[PW_SHORT_ID_SIZE];
    char head[PW_SHORT_ID_SIZE];
    const int status = pw_git_relate(search->git, &search->head_id, id, &relation, err);

    if (status == PW_ENOTFOUND && pw_git_is_shallow(search->git)) {
        return pw_git_base_fail_shallow(search, &search->head_id, err);
    }
    if (status != PW_OK) {
        return status;
    }
    if (relation.has_base && git_oid_equal(&relation.base, id) &&
        !git_oid_equal(id, &search->head_id)) {
        return pw_git_base_take(search, id, reason, err);
    }
    if (relation.is_cut) {
        return pw_git_base_fail_shallow(search, &relation.cut, err);
    }
    pw_git_shorten(id, name);
    pw_git_shorten(&search->head_id, head);
    if (git_oid_equal(id, &search->head_id)) {
        return pw_error_set(err, PW_EGIT,
                            "%s '%s' is HEAD itself; check out the commit that CI names, or pass "
                            "--base REV",
                            label, name);
    }
    return pw_error_set(err, PW_EGIT,
                        "%s '%s' is not among the ancestors of HEAD '%s'; check out the commit "
                        "that CI names, or pass --base REV",
                        label, name, head);
}

int pw_git_base_first_parent(struct pw_git_base_search *search, struct pw_error *err)
{
    return pw_git_base_take_first_parent(search, "first parent", err);
}

/* The revision that was asked for. A shallow clone may lack it. */
static int find_asked(struct pw_git_base_search *search, const char *revision, struct pw_error *err)
{
    struct pw_git_base *found = &search->found;
    struct pw_strbuf remedy = PW_STRBUF_INIT;

    found->reason = pw_arena_printf(search->arena, "--base %s", revision);
    if (found->reason == NULL) {
        return pw_error_set_no_memory(err);
    }
    bool is_absent = false;
    int status = pw_git_look_up(search->git, revision, found->commit, &is_absent, err);
    if (status == PW_ENOTFOUND && is_absent && pw_git_is_shallow(search->git)) {
        search->lack = (struct pw_git_lack){.is_lacking = true, .wants_tags = true};
        pw_git_put_depth_remedy(&remedy, search->environment);
        status = pw_error_set(err, PW_ENOTFOUND,
                              "'%s' names no commit of this clone; the clone is shallow: %s",
                              revision, pw_strbuf_text(&remedy));
    }
    pw_strbuf_release(&remedy);
    return status;
}

/* Where there is none that can be named, the messages and the refs are those of 'origin'. */
static int find_remote(struct pw_git_base_search *search, struct pw_error *err)
{
    struct pw_strbuf name = PW_STRBUF_INIT;
    int status = pw_git_upstream(search->git, &name, err);

    if (status == PW_OK) {
        search->remote =
            name.length == 0 ? "origin" : pw_arena_strdup(search->arena, pw_strbuf_text(&name));
        status = search->remote == NULL ? pw_error_set_no_memory(err) : PW_OK;
    }
    pw_strbuf_release(&name);
    return status;
}

static int search_base(struct pw_git_base_search *search, const char *revision,
                       struct pw_error *err)
{
    if (revision != NULL) {
        return find_asked(search, revision, err);
    }
    search->system = pw_ci_system_find(search->environment);
    int status = pw_git_read_head(search->git, search->arena, &search->head, err);
    if (status == PW_OK) {
        status = pw_git_parse_id(search->head.commit, &search->head_id, err);
    }
    if (status == PW_OK) {
        status = find_remote(search, err);
    }
    for (size_t i = 0; i < PW_COUNT(rules) && status == PW_OK && !search->is_found; i++) {
        status = rules[i](search, err);
    }
    return status;
}

int pw_git_find_base(struct pw_git *git, const char *revision, pw_getenv_fn environment,
                     struct pw_arena *arena, struct pw_git_base *out, struct pw_error *err)
{
    struct pw_git_base_search search = {.git = git, .environment = environment, .arena = arena};
    const int status = search_base(&search, revision, err);

    if (status == PW_OK) {
        *out = search.found;
    }
    return status;
}

int pw_git_find_lack(struct pw_git *git, const char *revision, pw_getenv_fn environment,
                     struct pw_arena *arena, struct pw_git_lack *out, struct pw_error *err)
{
    struct pw_git_base_search search = {.git = git, .environment = environment, .arena = arena};
    struct pw_error reason = PW_ERROR_INIT;
    int status = search_base(&search, revision, &reason);

    if (status == PW_OK || status == PW_ENOTFOUND) {
        *out = search.lack;
        out->is_lacking = status != PW_OK && search.lack.is_lacking;
        status = PW_OK;
    } else {
        pw_error_move(err, &reason);
    }
    pw_error_release(&reason);
    return status;
}

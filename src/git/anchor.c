/*
 * An older commit in the base's history: by tag, by age, or by number. There being none is an
 * answer with its reason, not a failure: a young project has none.
 */
#include "anchor.h"

#include <string.h>

#include "graph.h"

#define SECONDS_PER_DAY 86400

int pw_git_anchor_take(struct pw_git_anchor_search *search, const git_oid *id, const char *label,
                       const char *reason, struct pw_error *err)
{
    if (label == NULL || reason == NULL) {
        return pw_error_set_no_memory(err);
    }
    if (git_oid_equal(id, &search->base)) {
        reason = pw_arena_printf(search->arena, "%s is the base itself", reason);
        if (reason == NULL) {
            return pw_error_set_no_memory(err);
        }
    } else {
        git_oid_tostr(search->found.commit, sizeof(search->found.commit), id);
    }
    search->found.label = label;
    search->found.reason = reason;
    return PW_OK;
}

int pw_git_anchor_take_none(struct pw_git_anchor_search *search, const char *why,
                            struct pw_error *err)
{
    if (why == NULL) {
        return pw_error_set_no_memory(err);
    }
    search->found.reason = why;
    return PW_OK;
}

/* "history ends at commit '…' because the clone is shallow; …" */
static int take_cut(struct pw_git_anchor_search *search, const git_oid *boundary,
                    struct pw_error *err)
{
    char name[PW_SHORT_ID_SIZE];

    pw_git_shorten(boundary, name);
    return pw_git_anchor_take_none(
        search,
        pw_arena_printf(search->arena, "history ends at commit '%s' " PW_SHALLOW_REMEDY, name),
        err);
}

/** A walk along first parents. */
struct line {
    git_odb *odb;
    struct pw_git_grafts grafts;
    struct pw_arena arena;
    struct pw_graph_node node; /**< where it is */
    git_oid cut;               /**< the commit whose parent is not there, if is_cut */
    bool is_cut;
    bool is_over; /**< there is no first parent */
};

static int line_begin(struct line *line, struct pw_git *git, const git_oid *start,
                      struct pw_error *err)
{
    bool is_there = false;
    const int code = git_repository_odb(&line->odb, git->repository);

    if (code != 0) {
        return pw_git_fail(err, code, "cannot read the repository's objects");
    }
    int status = pw_git_grafts_read(git, &line->grafts, err);
    if (status == PW_OK) {
        status = pw_git_read_commit(line->odb, &line->grafts, start, &line->arena, &line->node,
                                    &is_there, err);
    }
    if (status == PW_OK && !is_there) {
        return pw_error_set(err, PW_ENOTFOUND,
                            "a commit of the comparison is not in the repository");
    }
    return status;
}

/* Go on to the first parent, or find that there is none to go to. */
static int line_step(struct line *line, struct pw_git *git, struct pw_error *err)
{
    struct pw_graph_node parent = {.time_s = 0};
    bool is_there = false;

    if (line->node.parent_count == 0) {
        line->is_over = true;
        return PW_OK;
    }
    const int status = pw_git_read_commit(line->odb, &line->grafts, &line->node.parents[0],
                                          &line->arena, &parent, &is_there, err);
    if (status != PW_OK) {
        return status;
    }
    if (is_there) {
        line->node = parent;
    } else if (pw_git_is_shallow(git)) {
        line->is_cut = line->is_over = true;
        line->cut = line->node.id;
    } else {
        char name[PW_SHORT_ID_SIZE];
        pw_git_shorten(&line->node.id, name);
        return pw_error_set(
            err, PW_EGIT, "a parent of commit '%s' is missing; run 'git fsck' to see what is lost",
            name);
    }
    return PW_OK;
}

static void line_release(struct line *line)
{
    git_odb_free(line->odb);
    pw_git_grafts_release(&line->grafts);
    pw_arena_release(&line->arena);
}

static const char *plural(unsigned count)
{
    return count == 1 ? "" : "s";
}

/* The line ended before the anchor. */
static int conclude_short(struct pw_git_anchor_search *search, const struct line *line,
                          struct pw_error *err)
{
    const struct pw_git_anchor_rule *rule = search->rule;

    if (line->is_cut) {
        return take_cut(search, &line->cut, err);
    }
    if (rule->commits > 0) {
        return pw_git_anchor_take_none(
            search,
            pw_arena_printf(search->arena, "there are not yet %u commit%s before %.12s",
                            rule->commits, plural(rule->commits), search->base_name),
            err);
    }
    return pw_git_anchor_take_none(
        search,
        pw_arena_printf(search->arena, "no commit before %.12s is %u day%s older than head%s",
                        search->base_name, rule->days, plural(rule->days),
                        line->is_over ? "" : " among the nearest 10000"),
        err);
}

static int find_by_number(struct pw_git_anchor_search *search, struct pw_error *err)
{
    const unsigned wanted = search->rule->commits;
    struct line line = {.odb = NULL};
    int status = line_begin(&line, search->git, &search->base, err);

    for (unsigned i = 0; status == PW_OK && !line.is_over && i < wanted; i++) {
        status = line_step(&line, search->git, err);
    }
    if (status == PW_OK && line.is_over) {
        status = conclude_short(search, &line, err);
    } else if (status == PW_OK) {
        status = pw_git_anchor_take(
            search, &line.node.id,
            pw_arena_printf(search->arena, "%u commit%s ago", wanted, plural(wanted)),
            pw_arena_printf(search->arena, "%u step%s along first parents", wanted, plural(wanted)),
            err);
    }
    line_release(&line);
    return status;
}

/* When head was committed, less so many days. */
static int find_deadline(struct pw_git_anchor_search *search, int64_t *out, struct pw_error *err)
{
    struct line head = {.odb = NULL};
    const int status = line_begin(&head, search->git, &search->head, err);

    *out = head.node.time_s - (int64_t)search->rule->days * SECONDS_PER_DAY;
    line_release(&head);
    return status;
}

static int find_by_age(struct pw_git_anchor_search *search, struct pw_error *err)
{
    const unsigned days = search->rule->days;
    struct line line = {.odb = NULL};
    int64_t deadline_s = 0;
    size_t steps = 0;
    int status = find_deadline(search, &deadline_s, err);

    if (status == PW_OK) {
        status = line_begin(&line, search->git, &search->base, err);
    }
    while (status == PW_OK && !line.is_over && line.node.time_s > deadline_s &&
           steps++ < PW_GIT_MAX_ANCESTORS) {
        status = line_step(&line, search->git, err);
    }
    if (status == PW_OK && (line.is_over || line.node.time_s > deadline_s)) {
        status = conclude_short(search, &line, err);
    } else if (status == PW_OK) {
        status = pw_git_anchor_take(
            search, &line.node.id,
            pw_arena_printf(search->arena, "%u day%s ago", days, plural(days)),
            pw_arena_printf(search->arena, "the newest commit %u day%s older than head", days,
                            plural(days)),
            err);
    }
    line_release(&line);
    return status;
}

int pw_git_find_anchor(struct pw_git *git, const char *base, const char *head,
                       const struct pw_git_anchor_rule *rule, struct pw_arena *arena,
                       struct pw_git_anchor *out, struct pw_error *err)
{
    struct pw_git_anchor_search search = {
        .git = git, .base_name = base, .rule = rule, .arena = arena};
    int status = pw_git_parse_id(base, &search.base, err);

    if (status == PW_OK) {
        status = pw_git_parse_id(head, &search.head, err);
    }
    if (status == PW_OK) {
        status = rule->tag != NULL ? pw_git_anchor_by_tag(&search, err)
                 : rule->days > 0  ? find_by_age(&search, err)
                                   : find_by_number(&search, err);
    }
    if (status == PW_OK && search.found.commit[0] != '\0') {
        status = pw_git_distance(git, base, search.found.commit, &search.found.distance, err);
    }
    if (status == PW_OK) {
        *out = search.found;
    }
    return status;
}

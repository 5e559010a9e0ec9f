/*
 * The header of a raw commit object: its parents and its date. Read here and not by libgit2,
 * because newer versions hide the parents behind a shallow clone's boundary.
 *
 *      tree <40>\n  parent <40>\n …  author …\n  committer Name <mail> 1700000000 +0100\n …
 */
#include "graph.h"

#include <string.h>

/* A line of the header without its newline. */
struct line {
    const char *text;
    size_t length;
};

/* @return false at the empty line that ends the header, or at the end of the data */
static bool next_line(const char **at, const char *end, struct line *out)
{
    if (*at >= end) {
        return false;
    }
    const char *newline = memchr(*at, '\n', (size_t)(end - *at));
    const char *stop = newline != NULL ? newline : end;
    out->text = *at;
    out->length = (size_t)(stop - *at);
    *at = newline != NULL ? newline + 1 : end;
    return out->length > 0;
}

static bool starts_with(const struct line *line, const char *prefix)
{
    const size_t length = strlen(prefix);

    return line->length >= length && memcmp(line->text, prefix, length) == 0;
}

static bool read_parent(const struct line *line, git_oid *out)
{
    static const size_t prefix = sizeof("parent ") - 1;

    return line->length == prefix + PW_OID_SIZE - 1 &&
           git_oid_fromstrn(out, line->text + prefix, PW_OID_SIZE - 1) == 0;
}

/* The seconds behind the last '>': a name may hold anything else. Malformed dates count as 0. */
static int64_t read_date(const struct line *line)
{
    size_t at = line->length;
    int64_t seconds = 0;

    while (at > 0 && line->text[at - 1] != '>') {
        at--;
    }
    while (at < line->length && line->text[at] == ' ') {
        at++;
    }
    for (; at < line->length && line->text[at] >= '0' && line->text[at] <= '9'; at++) {
        if (seconds > INT64_MAX / 10 - 1) {
            return 0;
        }
        seconds = seconds * 10 + (line->text[at] - '0');
    }
    return seconds;
}

static int parse_header(const char *data, size_t length, struct pw_arena *arena,
                        struct pw_graph_node *node, struct pw_error *err)
{
    const char *at = data;
    size_t capacity = 0;
    struct line line;

    while (next_line(&at, data + length, &line)) {
        if (starts_with(&line, "parent ")) {
            git_oid *grown =
                pw_arena_grow(arena, node->parents, node->parent_count, &capacity, sizeof(git_oid));
            if (grown == NULL) {
                return pw_error_set_no_memory(err);
            }
            node->parents = grown;
            if (!read_parent(&line, &node->parents[node->parent_count++])) {
                return pw_error_set(err, PW_EGIT, "malformed parent");
            }
        } else if (starts_with(&line, "committer ")) {
            node->time_s = read_date(&line);
            break;
        }
    }
    return PW_OK;
}

int pw_git_read_commit(git_odb *odb, const struct pw_git_grafts *grafts, const git_oid *id,
                       struct pw_arena *arena, struct pw_graph_node *node, bool *is_there,
                       struct pw_error *err)
{
    const struct pw_git_graft *graft = pw_git_grafts_find(grafts, id);
    struct pw_graph_node read = {.id = *id};
    git_odb_object *object = NULL;
    char name[PW_SHORT_ID_SIZE];
    int status = PW_OK;

    pw_git_shorten(id, name);
    const int code = git_odb_read(&object, odb, pw_git_grafts_resolve(grafts, id));
    if (code == GIT_ENOTFOUND) {
        *is_there = false;
        return PW_OK;
    }
    if (code != 0) {
        return pw_git_fail_damage(err, code, "cannot read commit '%s'", name);
    }
    if (git_odb_object_type(object) != GIT_OBJECT_COMMIT) {
        status = pw_error_set(err, PW_EGIT,
                              "object '%s' is not a commit; run 'git fsck' to see what "
                              "is damaged",
                              name);
        goto out;
    }
    status =
        parse_header(git_odb_object_data(object), git_odb_object_size(object), arena, &read, err);
    if (status == PW_EGIT) {
        pw_error_prefix(err, "commit '%s' is damaged: ", name);
    }
    if (status != PW_OK) {
        goto out;
    }
    node->id = read.id;
    node->time_s = read.time_s;
    node->parents = read.parents;
    node->parent_count = read.parent_count;
    if (graft != NULL && graft->has_parents) {
        node->parents = graft->parents;
        node->parent_count = graft->parent_count;
    }
    node->is_beyond = graft != NULL && graft->is_boundary;
    *is_there = true;
out:
    git_odb_object_free(object);
    return status;
}

/*
 * What was agreed to, gathered for a check: the file of accepted changes, and the trailers of the
 * commits between base and head. Decides nothing: the gate does.
 */
#define _XOPEN_SOURCE 700 /* realpath */

#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "perfwarden/util/clock.h"

/* Larger than any file that is read. */
#define ACCEPTED_MAX_BYTES ((size_t)1 << 20)

/* A path without "." and "..", as git names files. */
static void put_normal(struct pw_strbuf *out, const char *path)
{
    while (*path != '\0') {
        const size_t length = strcspn(path, "/");
        const bool is_up = length == 2 && path[0] == '.' && path[1] == '.';
        if (is_up && out->length > 0) {
            const char *slash = strrchr(pw_strbuf_text(out), '/');
            pw_strbuf_truncate(out, slash == NULL ? 0 : (size_t)(slash - out->data));
        } else if (length > 0 && !is_up && !(length == 1 && path[0] == '.')) {
            pw_strbuf_putc(out, '/');
            pw_strbuf_append(out, path, length);
        }
        path += length + (path[length] == '/' ? 1 : 0);
    }
}

/* Where a file lies in the tree of a commit. @return NULL when it does not lie in the work tree */
static const char *find_place(struct pw_check *check, const char *path)
{
    const char *workdir = pw_git_workdir(check->project.git);
    char *top = workdir == NULL ? NULL : realpath(workdir, NULL);
    struct pw_strbuf normal = PW_STRBUF_INIT;
    const char *place = NULL;
    put_normal(&normal, path);
    const size_t length = top == NULL || strcmp(top, "/") == 0 ? 0 : strlen(top);
    if (top != NULL && strncmp(pw_strbuf_text(&normal), top, length) == 0 &&
        pw_strbuf_text(&normal)[length] == '/') {
        place = pw_arena_strdup(&check->arena, pw_strbuf_text(&normal) + length + 1);
    }
    pw_strbuf_release(&normal);
    free(top);
    return place;
}

/* What messages call the file: beside the configuration, as the user named that. */
static const char *name_of(struct pw_check *check)
{
    const struct pw_config *config = &check->project.config;
    const char *path = config->gate.accepted;
    const char *slash = strrchr(config->path, '/');
    const size_t length = strlen(config->directory);
    const bool is_beside =
        strncmp(path, config->directory, length) == 0 && path[length] == '/' && length > 1;
    if (!is_beside) {
        return path;
    }
    return pw_arena_printf(&check->arena, "%.*s%s",
                           slash == NULL ? 0 : (int)(slash - config->path + 1), config->path,
                           path + length + 1);
}

/* The file counts as the configuration does: that of the commit which is measured, where that has a
 * configuration, else the one that lies there. An absent file is an empty one. */
static int read_text(struct pw_check *check, struct pw_strbuf *out, bool *is_there,
                     struct pw_error *err)
{
    const char *path = check->project.config.gate.accepted;
    const char *place = NULL;
    if (check->mode == PW_CHECK_PAIRED && check->config_text.length > 0) {
        place = find_place(check, path);
    }
    int status = PW_OK;
    if (place != NULL) {
        check->accepted_commit = check->head_commit;
        check->accepted_place = place;
        status = pw_git_read_file(check->project.git, check->head_commit, place, out, err);
    } else {
        check->accepted_place = path;
        status = pw_file_read(path, ACCEPTED_MAX_BYTES, out, err);
    }
    *is_there = status == PW_OK;
    if (status == PW_ENOTFOUND) {
        pw_error_release(err);
        return PW_OK;
    }
    if (status == PW_EFORMAT) { /* there, but too large */
        err->status = PW_ECONFIG;
        return PW_ECONFIG;
    }
    return status;
}

/* All mistakes are told; the last one ends the check. */
static int tell_mistakes(struct pw_check *check, struct pw_diagnostics *mistakes, int status,
                         struct pw_error *err)
{
    for (size_t i = 0; i + 1 < mistakes->count; i++) {
        pw_cli_print_error(check->cli, &mistakes->items[i]);
    }
    if (mistakes->count == 0) {
        return pw_error_set_no_memory(err);
    }
    pw_error_move(err, &mistakes->items[mistakes->count - 1]);
    err->status = (enum pw_status)status;
    if (check->accepted_commit != NULL && status == PW_ECONFIG) {
        (void)pw_error_prefix(err, "as of %.12s: ", check->accepted_commit);
    }
    return status;
}

int pw_check_read_accepted(struct pw_check *check, struct pw_error *err)
{
    struct pw_strbuf text = PW_STRBUF_INIT;
    struct pw_diagnostics mistakes = {0};
    bool is_there = false;
    if (check->project.config.gate.accepted == NULL) {
        return PW_OK;
    }
    check->accepted_name = name_of(check);
    if (check->accepted_name == NULL) {
        return pw_error_set_no_memory(err);
    }
    int status = read_text(check, &text, &is_there, err);
    if (status == PW_OK && is_there) {
        status = pw_accepted_parse(pw_strbuf_text(&text), text.length, check->accepted_name,
                                   &check->accepted, &mistakes);
        if (status != PW_OK) {
            status = tell_mistakes(check, &mistakes, status, err);
        }
    }
    pw_diagnostics_release(&mistakes);
    pw_strbuf_release(&text);
    return status;
}

/* Who wrote the entry, where it does not say: asked of git only when it is used. What git cannot
 * tell stays unknown, and reports name the line. */
static int find_author(void *context, struct pw_acceptance *item, struct pw_error *err)
{
    struct pw_check *check = context;
    struct pw_error cause = PW_ERROR_INIT;
    const char *author = NULL;
    if (item->line == 0) {
        return PW_OK;
    }
    const int status =
        pw_git_line_author(check->project.git, check->accepted_commit, check->accepted_place,
                           item->line, &check->arena, &author, &cause);
    pw_error_release(&cause);
    item->by = author;
    return status == PW_ENOMEM ? pw_error_set_no_memory(err) : PW_OK;
}

/* Add the trailers of the commits that one has and the other has not. */
static int add_trailers(struct pw_check *check, const char *from, const char *without,
                        struct pw_acceptances *out, struct pw_error *err)
{
    struct pw_git_trailers trailers = {0};
    int status = pw_git_find_trailers(check->project.git, from, without, PW_ACCEPT_TRAILER,
                                      &check->arena, &trailers, err);
    for (size_t i = 0; status == PW_OK && i < trailers.count; i++) {
        const struct pw_git_trailer *trailer = &trailers.items[i];
        const char *where = pw_arena_printf(&check->arena, "commit %.12s", trailer->commit);
        status = where == NULL
                     ? pw_error_set_no_memory(err)
                     : pw_acceptances_add_trailer(out, trailer->value, trailer->author, where, err);
    }
    for (size_t i = 0; status == PW_OK && i < trailers.stray_count; i++) {
        const char *where =
            pw_arena_printf(&check->arena, "commit %.12s", trailers.strays[i].commit);
        status =
            where == NULL ? pw_error_set_no_memory(err) : pw_acceptances_add_stray(out, where, err);
    }
    check->has_unread_messages = check->has_unread_messages || trailers.is_cut;
    return status;
}

int pw_check_find_acceptances(struct pw_check *check, const char *base, const char *head,
                              struct pw_acceptances *out, struct pw_error *err)
{
    pw_acceptances_release(out);
    pw_acceptances_set_today(out, pw_clock_wall_s());
    out->attribute = find_author;
    out->context = check;
    int status = PW_OK;
    if (base != NULL) {
        status = add_trailers(check, head, base, out, err);
    }
    if (status == PW_OK) {
        status = pw_acceptances_add_file(out, &check->accepted, check->accepted_name, err);
    }
    return status;
}

/* The sessions of one commit as a set. */
static uint32_t sessions_of(const struct pw_store_search *search, const char *commit)
{
    uint32_t set = 0;
    for (size_t i = 0; i < search->session_count && i < 32; i++) {
        if (strcmp(search->sessions[i].commit, commit) == 0) {
            set |= UINT32_C(1) << i;
        }
    }
    return set;
}

/* Most histories have no trailer: looking from the farthest session tells that at once. */
int pw_check_find_past(struct pw_check *check, const struct pw_store_search *search,
                       struct pw_acceptances *out, struct pw_error *err)
{
    const char *before = search->commit;
    if (search->session_count < 2) {
        return PW_OK;
    }
    int status = add_trailers(check, search->commit,
                              search->sessions[search->session_count - 1].commit, out, err);
    const bool is_any = out->count > 0;
    pw_acceptances_release(out);
    for (size_t i = 0; status == PW_OK && is_any && i < search->session_count; i++) {
        const char *commit = search->sessions[i].commit;
        const size_t count = out->count;
        if (strcmp(commit, before) == 0) {
            continue;
        }
        before = commit;
        status = add_trailers(check, search->commit, commit, out, err);
        for (size_t k = count; k < out->count; k++) {
            out->items[k].older = sessions_of(search, commit);
        }
    }
    return status;
}

int pw_check_warn_about_messages(struct pw_check *check, struct pw_error *err)
{
    const size_t *counts = check->comparison.counts;
    if (!check->has_unread_messages ||
        counts[PW_VERDICT_REGRESSION] + counts[PW_VERDICT_MISSING] == 0) {
        return PW_OK;
    }
    return pw_check_warn(check, err,
                         "not every commit since the base could be looked at for '%s' trailers; "
                         "where the clone is shallow, set fetch-depth: 0 or run 'git fetch "
                         "--unshallow'",
                         PW_ACCEPT_TRAILER);
}

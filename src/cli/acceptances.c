/*
 * What was agreed to, gathered for a command: the file of accepted changes, and the trailers of the
 * commits between base and head. Decides nothing: the gate does.
 */
#define _XOPEN_SOURCE 700 /* realpath */

#include "acceptances.h"

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
static const char *find_place(const struct pw_agreements *agreements, const char *path)
{
    const char *workdir = pw_git_workdir(agreements->project->git);
    char *top = workdir == NULL ? NULL : realpath(workdir, NULL);
    struct pw_strbuf normal = PW_STRBUF_INIT;
    const char *place = NULL;
    put_normal(&normal, path);
    const size_t length = top == NULL || strcmp(top, "/") == 0 ? 0 : strlen(top);
    if (top != NULL && strncmp(pw_strbuf_text(&normal), top, length) == 0 &&
        pw_strbuf_text(&normal)[length] == '/') {
        place = pw_arena_strdup(agreements->arena, pw_strbuf_text(&normal) + length + 1);
    }
    pw_strbuf_release(&normal);
    free(top);
    return place;
}

/* What messages call the file: beside the configuration, as the user named that. */
static const char *name_of(const struct pw_agreements *agreements)
{
    const struct pw_config *config = &agreements->project->config;
    const char *path = config->gate.accepted;
    const char *slash = strrchr(config->path, '/');
    const size_t length = strlen(config->directory);
    const bool is_beside =
        strncmp(path, config->directory, length) == 0 && path[length] == '/' && length > 1;
    if (!is_beside) {
        return path;
    }
    return pw_arena_printf(agreements->arena, "%.*s%s",
                           slash == NULL ? 0 : (int)(slash - config->path + 1), config->path,
                           path + length + 1);
}

/* An absent file is an empty one. @param commit whose file it is; NULL for the one that lies there
 */
static int read_text(struct pw_agreements *agreements, const char *commit, struct pw_strbuf *out,
                     bool *is_there, struct pw_error *err)
{
    const char *path = agreements->project->config.gate.accepted;
    const char *place = commit == NULL ? NULL : find_place(agreements, path);
    int status = PW_OK;
    if (place != NULL) {
        agreements->commit = commit;
        agreements->place = place;
        status = pw_git_read_file(agreements->project->git, commit, place, out, err);
    } else {
        agreements->place = path;
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

/* All mistakes are told; the last one ends the command. */
static int tell_mistakes(const struct pw_agreements *agreements, struct pw_cli *cli,
                         struct pw_diagnostics *mistakes, int status, struct pw_error *err)
{
    for (size_t i = 0; i + 1 < mistakes->count; i++) {
        pw_cli_print_error(cli, &mistakes->items[i]);
    }
    if (mistakes->count == 0) {
        return pw_error_set_no_memory(err);
    }
    pw_error_move(err, &mistakes->items[mistakes->count - 1]);
    err->status = (enum pw_status)status;
    if (agreements->commit != NULL && status == PW_ECONFIG) {
        (void)pw_error_prefix(err, "as of %.12s: ", agreements->commit);
    }
    return status;
}

int pw_agreements_read(struct pw_agreements *agreements, struct pw_cli *cli,
                       struct pw_project *project, struct pw_arena *arena, const char *commit,
                       struct pw_error *err)
{
    struct pw_strbuf text = PW_STRBUF_INIT;
    struct pw_diagnostics mistakes = {0};
    bool is_there = false;
    agreements->project = project;
    agreements->arena = arena;
    if (project->config.gate.accepted == NULL) {
        return PW_OK;
    }
    agreements->name = name_of(agreements);
    if (agreements->name == NULL) {
        return pw_error_set_no_memory(err);
    }
    int status = read_text(agreements, commit, &text, &is_there, err);
    if (status == PW_OK && is_there) {
        status = pw_accepted_parse(pw_strbuf_text(&text), text.length, agreements->name,
                                   &agreements->file, &mistakes);
        if (status != PW_OK) {
            status = tell_mistakes(agreements, cli, &mistakes, status, err);
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
    const struct pw_agreements *agreements = context;
    struct pw_error cause = PW_ERROR_INIT;
    const char *author = NULL;
    if (item->line == 0) {
        return PW_OK;
    }
    const int status =
        pw_git_line_author(agreements->project->git, agreements->commit, agreements->place,
                           item->line, agreements->arena, &author, &cause);
    pw_error_release(&cause);
    item->by = author;
    return status == PW_ENOMEM ? pw_error_set_no_memory(err) : PW_OK;
}

int pw_agreements_add_trailers(struct pw_agreements *agreements, const char *from,
                               const char *without, struct pw_acceptances *out,
                               struct pw_error *err)
{
    struct pw_git_trailers trailers = {0};
    int status = pw_git_find_trailers(agreements->project->git, from, without, PW_ACCEPT_TRAILER,
                                      agreements->arena, &trailers, err);
    if (status == PW_ENOTFOUND) { /* a result may be of a commit that this clone has not */
        agreements->has_unread_messages = true;
        pw_error_release(err);
        return PW_OK;
    }
    for (size_t i = 0; status == PW_OK && i < trailers.count; i++) {
        const struct pw_git_trailer *trailer = &trailers.items[i];
        const char *where = pw_arena_printf(agreements->arena, "commit %.12s", trailer->commit);
        status = where == NULL
                     ? pw_error_set_no_memory(err)
                     : pw_acceptances_add_trailer(out, trailer->value, trailer->author, where, err);
    }
    for (size_t i = 0; status == PW_OK && i < trailers.stray_count; i++) {
        const char *where =
            pw_arena_printf(agreements->arena, "commit %.12s", trailers.strays[i].commit);
        status =
            where == NULL ? pw_error_set_no_memory(err) : pw_acceptances_add_stray(out, where, err);
    }
    agreements->has_unread_messages = agreements->has_unread_messages || trailers.is_cut;
    return status;
}

int pw_agreements_find(struct pw_agreements *agreements, const char *base, const char *head,
                       struct pw_acceptances *out, struct pw_error *err)
{
    pw_acceptances_release(out);
    pw_acceptances_set_today(out, pw_clock_wall_s());
    out->attribute = find_author;
    out->context = agreements;
    int status = PW_OK;
    if (base != NULL) {
        status = pw_agreements_add_trailers(agreements, head, base, out, err);
    }
    if (status == PW_OK) {
        status = pw_acceptances_add_file(out, &agreements->file, agreements->name, err);
    }
    return status;
}

int pw_agreements_warn(const struct pw_agreements *agreements, struct pw_comparison *comparison,
                       struct pw_error *err)
{
    const size_t *counts = comparison->counts;
    if (!agreements->has_unread_messages ||
        counts[PW_VERDICT_REGRESSION] + counts[PW_VERDICT_MISSING] == 0) {
        return PW_OK;
    }
    return pw_comparison_warn(comparison,
                              "not every commit since the base could be looked at for "
                              "'" PW_ACCEPT_TRAILER
                              "' trailers; where the clone is shallow, set fetch-depth: 0 or run "
                              "'git fetch --unshallow'",
                              err);
}

void pw_agreements_release(struct pw_agreements *agreements)
{
    pw_accepted_release(&agreements->file);
}

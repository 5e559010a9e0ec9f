/*
 * Who wrote a line: `git blame`, by the git program, for libgit2's blame is slow on long histories.
 */
#include <string.h>

#include "internal.h"
#include "perfwarden/util/text.h"
#include "program.h"

/* The id that git gives to what is not committed. */
static const char nobody[] = "0000000000000000000000000000000000000000";

/* The rest of the line of a header that begins with a word; NULL when it has none. */
static char *find_header(char *text, const char *word)
{
    const size_t length = strlen(word);

    char *line = text;

    while (line != NULL && strncmp(line, word, length) != 0) {
        line = strchr(line, '\n');
        line = line != NULL ? line + 1 : NULL;
    }
    if (line == NULL) {
        return NULL;
    }
    line[strcspn(line, "\n")] = '\0';
    return line + length;
}

static const char *directory_of(const struct pw_git *git)
{
    return git->workdir != NULL ? git->workdir : git->common;
}

static int keep_name(struct pw_arena *arena, const char *name, const char **out,
                     struct pw_error *err)
{
    if (name[0] == '\0' || !pw_utf8_is_valid(name, strlen(name))) {
        return PW_OK;
    }
    const char *copy = pw_arena_strdup(arena, name);
    if (copy == NULL) {
        return pw_error_set_no_memory(err);
    }
    *out = copy;
    return PW_OK;
}

/* Who would be the author of a commit made now: "Name <mail> date". Git refuses to say where it
 * knows nobody, which leaves the author unknown. */
static int name_user(struct pw_git *git, struct pw_arena *arena, const char **out,
                     struct pw_error *err)
{
    static const char *const arguments[] = {"var", "GIT_AUTHOR_IDENT", NULL};
    struct pw_strbuf output = PW_STRBUF_INIT;
    const struct pw_git_program program = {
        .directory = directory_of(git), .arguments = arguments, .output = &output};
    int status = pw_git_program_run(&program, err);

    if (status == PW_OK && output.length > 0) {
        char *mail = strstr(output.data, " <");
        if (mail != NULL) {
            *mail = '\0';
            status = keep_name(arena, output.data, out, err);
        }
    } else if (status == PW_EGIT) {
        pw_error_release(err);
        status = PW_OK;
    }
    pw_strbuf_release(&output);
    return status;
}

/* Whether the line is of the work tree's snapshot (snapshot.c), which nobody has committed yet. */
static bool is_snapshots(const char *name, const char *mail)
{
    return name != NULL && mail != NULL && strcmp(name, PW_GIT_OWN_NAME) == 0 &&
           strcmp(mail, "<" PW_GIT_OWN_MAIL ">") == 0;
}

/* @param text  what blame says of the line; changed */
static int read_author(struct pw_git *git, char *text, struct pw_arena *arena, const char **out,
                       struct pw_error *err)
{
    if (strncmp(text, nobody, sizeof(nobody) - 1) == 0) {
        return PW_OK;
    }
    /* The later header first: finding one ends the text behind it. */
    const char *mail = find_header(text, "author-mail ");
    const char *name = find_header(text, "author ");
    if (is_snapshots(name, mail)) {
        return name_user(git, arena, out, err);
    }
    return name != NULL ? keep_name(arena, name, out, err) : PW_OK;
}

int pw_git_line_author(struct pw_git *git, const char *commit, const char *path, unsigned line,
                       struct pw_arena *arena, const char **out, struct pw_error *err)
{
    const char *range = pw_arena_printf(arena, "-L%u,%u", line, line);
    const char *arguments[] = {"blame", "--porcelain", range, NULL, NULL, NULL, NULL};
    struct pw_strbuf output = PW_STRBUF_INIT;
    size_t next = 3;
    int status;

    if (range == NULL) {
        return pw_error_set_no_memory(err);
    }
    if (commit != NULL) {
        arguments[next++] = commit;
    }
    arguments[next++] = "--";
    arguments[next] = path;
    const struct pw_git_program program = {
        .directory = directory_of(git),
        .arguments = arguments,
        .output = &output,
    };
    status = pw_git_program_run(&program, err);
    if (status == PW_OK && output.length > 0) {
        status = read_author(git, output.data, arena, out, err);
    }
    pw_strbuf_release(&output);
    return status;
}

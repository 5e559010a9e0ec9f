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
        .directory = git->workdir != NULL ? git->workdir : git->common,
        .arguments = arguments,
        .output = &output,
    };
    status = pw_git_program_run(&program, err);
    if (status == PW_OK && output.length > 0 &&
        strncmp(output.data, nobody, sizeof(nobody) - 1) != 0) {
        const char *name = find_header(output.data, "author ");
        if (name != NULL && name[0] != '\0' && pw_utf8_is_valid(name, strlen(name))) {
            *out = pw_arena_strdup(arena, name);
            status = *out == NULL ? pw_error_set_no_memory(err) : PW_OK;
        }
    }
    pw_strbuf_release(&output);
    return status;
}

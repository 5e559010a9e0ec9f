/*
 * Whether a benchmark has anything to do with the tree that was built for it. A program from the
 * search path, or by an absolute name, is the same one on both sides, whatever was built.
 */
#define _XOPEN_SOURCE 700 /* realpath */

#include <stdlib.h>
#include <string.h>

#include "perfwarden/build.h"
#include "perfwarden/util/file.h"

static bool lies_below(const char *root, const char *path)
{
    const size_t length = strlen(root);

    return strncmp(path, root, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

/* Whether a word of a command names something in the tree, seen from the benchmark's directory. */
static bool names_inside(const char *root, const char *directory, const char *word)
{
    struct pw_strbuf path = PW_STRBUF_INIT;
    char *real = NULL;
    bool is_inside = false;

    pw_path_join(&path, directory, word);
    if (!pw_strbuf_failed(&path)) {
        real = realpath(pw_strbuf_text(&path), NULL);
    }
    is_inside = real != NULL && lies_below(root, real);
    free(real);
    pw_strbuf_release(&path);
    return is_inside;
}

bool pw_build_is_inside(const struct pw_build *build, const struct pw_benchmark *benchmark)
{
    if (benchmark->is_shell) {
        return names_inside(build->root, benchmark->cwd, "."); /* its words are the shell's */
    }
    for (size_t i = 0; i < benchmark->command.count; i++) {
        const char *word = benchmark->command.items[i];

        /* The first word without a slash is looked up in PATH, whatever lies beside it. */
        if ((i > 0 || strchr(word, '/') != NULL) &&
            names_inside(build->root, benchmark->cwd, word)) {
            return true;
        }
    }
    return false;
}

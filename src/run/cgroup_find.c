/*
 * Reads two files of /proc, whose lines are
 *
 *     4:memory:/path/of/the/group                       (cgroup; "0::/path" for version 2)
 *     36 35 0:31 /root /mount/point options - type source super-options           (mountinfo)
 *
 * A container sees a part of the hierarchy: the mount's root is cut off the group's path.
 */
#include "cgroup_find.h"

#include <string.h>

/** A stretch of a text. */
struct piece {
    const char *start;
    size_t length;
};

/** Cut the next piece off a text, up to one of the separators. */
static struct piece cut(const char **text, const char *separators)
{
    struct piece piece = {*text, strcspn(*text, separators)};

    *text += piece.length;
    if (**text != '\0') {
        (*text)++;
    }
    return piece;
}

static bool is_word(struct piece piece, const char *word)
{
    return strlen(word) == piece.length && memcmp(piece.start, word, piece.length) == 0;
}

/** True when a list separated by commas has a word. */
static bool lists(struct piece list, const char *word)
{
    const char *end = list.start + list.length;
    const char *at = list.start;

    while (at <= end) {
        const char *comma = memchr(at, ',', (size_t)(end - at));
        const char *stop = comma != NULL ? comma : end;
        struct piece item = {at, (size_t)(stop - at)};

        if (is_word(item, word)) {
            return true;
        }
        at = stop + 1;
    }
    return false;
}

/** The group's path in its hierarchy. */
static bool find_path(const char *groups, const char *controller, struct piece *path)
{
    while (*groups != '\0') {
        struct piece line = cut(&groups, "\n");
        const char *at = line.start;
        struct piece number = cut(&at, ":\n");
        struct piece controllers = cut(&at, ":\n");

        if (controller == NULL ? is_word(number, "0") && controllers.length == 0
                               : lists(controllers, controller)) {
            path->start = at;
            path->length = (size_t)(line.start + line.length - at);
            return path->length > 0 && *at == '/';
        }
    }
    return false;
}

/** Append a mount point, whose blanks are written as three octal digits. */
static void put_unescaped(struct pw_strbuf *out, struct piece text)
{
    for (size_t i = 0; i < text.length; i++) {
        const char *c = text.start + i;

        if (*c == '\\' && i + 3 < text.length) {
            pw_strbuf_putc(out, (char)((c[1] - '0') * 64 + (c[2] - '0') * 8 + (c[3] - '0')));
            i += 3;
        } else {
            pw_strbuf_putc(out, *c);
        }
    }
}

/** A mount of the hierarchy. @param[out] root @param[out] point both of the line */
static bool reads_mount(struct piece line, const char *controller, struct piece *root,
                        struct piece *point)
{
    const char *at = line.start;
    struct piece word;

    for (int i = 0; i < 3; i++) {
        (void)cut(&at, " \n");
    }
    *root = cut(&at, " \n");
    *point = cut(&at, " \n");
    do { /* options and optional fields, up to a lone dash */
        word = cut(&at, " \n");
    } while (word.length > 0 && !is_word(word, "-") && at < line.start + line.length);
    word = cut(&at, " \n");
    if (controller == NULL) {
        return is_word(word, "cgroup2");
    }
    if (!is_word(word, "cgroup")) {
        return false;
    }
    (void)cut(&at, " \n");
    return lists(cut(&at, " \n"), controller);
}

/** Append "<mount point><path without the mount's root>". */
static bool put_directory(struct pw_strbuf *out, struct piece root, struct piece point,
                          struct piece path)
{
    if (path.length >= 3 && memcmp(path.start, "/..", 3) == 0) {
        return false; /* above what this namespace shows */
    }
    if (!is_word(root, "/")) {
        if (path.length < root.length || memcmp(path.start, root.start, root.length) != 0 ||
            (path.length > root.length && path.start[root.length] != '/')) {
            return false;
        }
        path.start += root.length;
        path.length -= root.length;
    }
    put_unescaped(out, point);
    if (path.length > 1) {
        pw_strbuf_append(out, path.start, path.length);
    }
    return true;
}

bool pw_run_cgroup_find(const char *groups, const char *mounts, const char *controller,
                        struct pw_strbuf *out)
{
    struct piece path;

    if (!find_path(groups, controller, &path)) {
        return false;
    }
    while (*mounts != '\0') {
        struct piece line = cut(&mounts, "\n");
        struct piece root;
        struct piece point;

        if (reads_mount(line, controller, &root, &point) && put_directory(out, root, point, path)) {
            return true;
        }
    }
    return false;
}

/*
 * What remotes answer. A push that others were faster than must be tried again; one that the remote
 * will never take must not. git's exit status does not tell them apart, words do.
 */
#include <string.h>

#include "perfwarden/util/compiler.h"
#include "transport.h"

/* How much of a remote's words a message quotes. */
enum { QUOTED_LINES = 2, QUOTED_BYTES = 300 };

/* In lower case. GitHub, GitLab, Bitbucket, Azure, ssh, and git on a file system. */
static const char *const denials[] = {
    "denied",
    "error: 401",
    "error: 403",
    "gh006",
    "gh013",
    "protected branch",
    "not allowed to push",
    "read-only",
    "read only",
    "write access",
    "insufficient permission",
    "tf401027",
    "authentication failed",
    "could not read username",
    "could not read password",
};

/* Only lines that begin like this say something; others may hold a path or a branch's name. */
static const char *const speakers[] = {"remote: ", "fatal: ", "error: ", "ERROR: ", "GitLab: "};

/* @param wanted  in lower case */
static bool is_letter(char c, char wanted)
{
    return c == wanted || (c >= 'A' && c <= 'Z' && c - 'A' == wanted - 'a');
}

/* @param word  in lower case */
static bool contains(const char *text, size_t length, const char *word)
{
    const size_t width = strlen(word);

    for (size_t at = 0; at + width <= length; at++) {
        size_t i = 0;
        while (i < width && is_letter(text[at + i], word[i])) {
            i++;
        }
        if (i == width) {
            return true;
        }
    }
    return false;
}

static bool begins(const char *line, size_t length, const char *prefix)
{
    const size_t width = strlen(prefix);

    return length >= width && memcmp(line, prefix, width) == 0;
}

/* "remote: " and what git calls the gravity of a message. */
static size_t prefix_length(const char *line, size_t length)
{
    for (size_t i = 0; i < PW_COUNT(speakers); i++) {
        if (begins(line, length, speakers[i])) {
            return strlen(speakers[i]);
        }
    }
    return 0;
}

static bool is_spoken(const char *line, size_t length)
{
    /* names the repository, whose name may be anything */
    if (begins(line, length, "error: failed to push some refs")) {
        return false;
    }
    /* ssh says this without one */
    return prefix_length(line, length) > 0 || contains(line, length, "permission denied (");
}

static bool is_denial(const char *line, size_t length)
{
    for (size_t i = 0; i < PW_COUNT(denials); i++) {
        if (contains(line, length, denials[i])) {
            return true;
        }
    }
    return false;
}

static size_t line_length(const char *line)
{
    return strcspn(line, "\r\n");
}

static const char *next_line(const char *line)
{
    line += line_length(line);
    return line + strspn(line, "\r\n");
}

static bool has_denial(const char *text)
{
    for (const char *line = text; *line != '\0'; line = next_line(line)) {
        const size_t length = line_length(line);
        if (is_spoken(line, length) && is_denial(line, length)) {
            return true;
        }
    }
    return false;
}

/* "!\t<from>:<to>\t[remote rejected] (pre-receive hook declined)". @return the third field; NULL */
static const char *find_rejection(const char *output)
{
    for (const char *line = output; *line != '\0'; line = next_line(line)) {
        const char *tab =
            begins(line, line_length(line), "!\t") ? strpbrk(line + 2, "\t\r\n") : NULL;
        if (tab != NULL && *tab == '\t') {
            return tab + 1;
        }
    }
    return NULL;
}

static void quote(struct pw_strbuf *words, const char *line, size_t length)
{
    if (words->length > 0) {
        pw_strbuf_puts(words, "; ");
    }
    pw_strbuf_append(words, line, length < QUOTED_BYTES ? length : QUOTED_BYTES);
}

/* What the remote itself had to say, which git repeats behind "remote: ". Denials come first. */
static void quote_remote(struct pw_strbuf *words, const char *errors, bool is_of_denial)
{
    unsigned count = 0;

    for (const char *line = errors; *line != '\0' && count < QUOTED_LINES; line = next_line(line)) {
        size_t length = line_length(line);
        const char *text = line;
        if (!is_spoken(line, length) || is_denial(line, length) != is_of_denial) {
            continue;
        }
        if (!is_of_denial && !begins(line, length, "remote: ")) {
            continue; /* git's own words only repeat that it failed */
        }
        const size_t prefix = prefix_length(line, length);
        text += prefix;
        length -= prefix;
        while (length > 0 && strchr(" \t.", text[length - 1]) != NULL) {
            length--;
        }
        if (length > 0) {
            quote(words, text, length);
            count++;
        }
    }
}

enum pw_push_answer pw_transport_read_push(const char *output, const char *errors,
                                           struct pw_strbuf *words)
{
    const char *rejection = find_rejection(output);
    const bool is_rejected = rejection != NULL;
    const bool is_denied =
        has_denial(errors) || (is_rejected && is_denial(rejection, line_length(rejection)));

    if (is_rejected) {
        quote(words, rejection, line_length(rejection));
    }
    if (is_denied) {
        quote_remote(words, errors, true);
    } else if (is_rejected) {
        quote_remote(words, errors, false);
    }
    return is_denied ? PW_PUSH_DENIED : is_rejected ? PW_PUSH_REJECTED : PW_PUSH_FAILED;
}

int pw_transport_read_refs(const char *output, const char *ref, git_oid *id, struct pw_error *err)
{
    *id = (git_oid){{0}};
    for (const char *line = output; *line != '\0'; line = next_line(line)) {
        const size_t length = line_length(line);
        const size_t digits = strcspn(line, "\t\r\n");
        if (line[digits] != '\t' || length - digits - 1 != strlen(ref) ||
            memcmp(line + digits + 1, ref, strlen(ref)) != 0) {
            continue;
        }
        if (digits != PW_OID_SIZE - 1 || git_oid_fromstrn(id, line, digits) != 0) {
            return pw_error_set(err, PW_EGIT, "it names objects by other ids than SHA-1");
        }
        return PW_OK;
    }
    return PW_OK;
}

/* In "https://user:secret@host/path" what stands before the '@' of the authority. */
void pw_transport_redact(struct pw_strbuf *out, const char *text)
{
    static const char scheme[] = "://";

    for (const char *found; (found = strstr(text, scheme)) != NULL;) {
        const char *authority = found + sizeof(scheme) - 1;
        const size_t length = strcspn(authority, "/?# \t\r\n'\"");
        const char *rest = authority;
        for (size_t i = 0; i < length; i++) {
            rest = authority[i] == '@' ? authority + i + 1 : rest;
        }
        pw_strbuf_append(out, text, (size_t)(authority - text));
        text = rest;
    }
    pw_strbuf_puts(out, text);
}

/*
 * Where the trailers of a message begin and end, and what they say.
 *
 *      title                    never trailers
 *
 *      paragraphs
 *
 *      Key: value               the last paragraph, if it is
 *       folded                  a block of trailers
 *      Signed-off-by: …
 *      # comments, conflicts    left out at the end
 *
 * The rules are git's (git-interpret-trailers(1)), down to which blanks count; a test asks git
 * itself. Keys that the user's settings declare (trailer.*) are not looked at.
 */
#include "trailers.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "perfwarden/util/text.h"

static const char replacement[] = "\xEF\xBF\xBD";
static const char cut_line[] = "# ------------------------ >8 ------------------------\n";

/* What counts as blank in messages: no vertical tab and no form feed. */
static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
}

/* Letters of a key, whatever their case; its other characters have none. */
static bool is_same(char a, char b)
{
    const bool are_letters = is_word(a) && is_word(b) && a > '9' && b > '9';

    return a == b || (are_letters && ((unsigned)a | 0x20U) == ((unsigned)b | 0x20U));
}

static bool starts_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* Behind the newline that ends the line at `at`. */
static size_t next_line(const char *text, size_t at, size_t end)
{
    const char *newline = memchr(text + at, '\n', end - at);

    return newline != NULL ? (size_t)(newline - text) + 1 : end;
}

/* Where the last line of text[0 … end) begins; its newline may be the last byte. */
static size_t last_line(const char *text, size_t end)
{
    size_t at = end - 1;

    while (at > 0 && text[at - 1] != '\n') {
        at--;
    }
    return at;
}

static bool is_blank(const char *text, size_t at, size_t end)
{
    while (at < end && text[at] != '\n' && is_space(text[at])) {
        at++;
    }
    return at >= end || text[at] == '\n';
}

/* How long the key of a line is, blanks before the colon included; 0 when it has none. */
static size_t key_length(const char *text, size_t at, size_t end)
{
    size_t i = at;

    while (i < end && is_word(text[i])) {
        i++;
    }
    while (i > at && i < end && (text[i] == ' ' || text[i] == '\t')) {
        i++;
    }
    return i < end && text[i] == ':' ? i - at : 0;
}

/* The scissors line, which stands on a line of its own. */
static const char *find_cut(const char *text)
{
    const char *cut = strstr(text, cut_line);

    while (cut != NULL && cut != text && cut[-1] != '\n') {
        cut = strstr(cut + 1, cut_line);
    }
    return cut;
}

/* What git adds behind the message while it is edited: comments, old lists of conflicts, all below
 * a scissors line. */
static size_t find_end(const char *text, size_t length)
{
    const char *cut = find_cut(text);
    size_t end = cut != NULL ? (size_t)(cut - text) : length;
    size_t extra = SIZE_MAX; /* where the run of such lines begins that reaches the end */
    bool in_conflicts = false;

    for (size_t at = 0; at < end; at = next_line(text, at, end)) {
        const bool is_list = starts_with(text + at, "Conflicts:\n");
        if (text[at] == '#' || text[at] == '\n' || is_list) {
            extra = extra == SIZE_MAX ? at : extra;
            in_conflicts = in_conflicts || is_list;
        } else if (!(in_conflicts && text[at] == '\t')) {
            extra = SIZE_MAX;
            in_conflicts = false;
        }
    }
    return extra != SIZE_MAX ? extra : end;
}

static size_t end_of_title(const char *text, size_t end)
{
    size_t at = 0;

    while (at < end && (text[at] == '#' || !is_blank(text, at, end))) {
        at = next_line(text, at, end);
    }
    return at;
}

/** What the lines of a paragraph are, read from its end. */
struct block {
    size_t trailers;
    size_t others;
    size_t folded; /**< indented lines whose trailer is not known yet */
    bool has_gits; /**< one that git itself writes */
};

static void count_line(struct block *block, const char *text, size_t at, size_t end)
{
    const bool is_gits = starts_with(text + at, "Signed-off-by: ") ||
                         starts_with(text + at, "(cherry picked from commit ");

    if (is_gits || (!is_space(text[at]) && key_length(text, at, end) > 0)) {
        block->trailers++;
        block->has_gits = block->has_gits || is_gits;
        block->folded = 0;
    } else if (is_space(text[at])) {
        block->folded++;
    } else {
        block->others += 1 + block->folded;
        block->folded = 0;
    }
}

static bool is_trailers(const struct block *block)
{
    const size_t others = block->others + block->folded;

    return (block->has_gits && block->trailers * 3 >= others) ||
           (block->trailers > 0 && others == 0);
}

/* @return `end` when the last paragraph is no block of trailers */
static size_t find_start(const char *text, size_t end)
{
    const size_t title = end_of_title(text, end);
    struct block block = {0, 0, 0, false};
    bool is_in_block = false;

    for (size_t next = end; next > title;) {
        const size_t at = last_line(text, next);
        if (at < title) {
            break;
        }
        if (text[at] == '#') {
            block.others += block.folded;
            block.folded = 0;
        } else if (!is_blank(text, at, end)) {
            is_in_block = true;
            count_line(&block, text, at, end);
        } else if (is_in_block) {
            return is_trailers(&block) ? next : end;
        }
        next = at;
    }
    return end;
}

/* A carriage return goes with the newline behind it, a newline with the blanks behind that. */
static void put_unfolded(struct pw_strbuf *out, const char *text, size_t length)
{
    for (size_t at = 0; at < length;) {
        uint32_t c = 0;
        const size_t size = pw_utf8_decode(text + at, length - at, &c);
        if (text[at] == '\r' && (at + 1 == length || text[at + 1] == '\n')) {
            at++;
        } else if (text[at] == '\n') {
            while (at < length && is_space(text[at])) {
                at++;
            }
            pw_strbuf_putc(out, ' ');
        } else if (c == 0xFFFD) { /* U+FFFD itself, or what is malformed */
            pw_strbuf_puts(out, replacement);
            at += size;
        } else {
            pw_strbuf_append(out, text + at, size);
            at += size;
        }
    }
}

static bool is_key(const char *text, size_t length, const char *key)
{
    size_t i = 0;

    while (length > 0 && is_space(text[length - 1])) {
        length--;
    }
    while (i < length && key[i] != '\0' && is_same(text[i], key[i])) {
        i++;
    }
    return i == length && key[i] == '\0';
}

/* The value of the trailer text[at … end), whose key has `key` bytes. */
static int visit_value(const char *text, size_t at, size_t end, pw_git_trailer_fn *visit,
                       void *context, struct pw_error *err)
{
    struct pw_strbuf value = PW_STRBUF_INIT;
    int status;

    while (at < end && is_space(text[at])) {
        at++;
    }
    while (end > at && is_space(text[end - 1])) {
        end--;
    }
    put_unfolded(&value, text + at, end - at);
    status = pw_strbuf_check(&value, err);
    if (status == PW_OK) {
        status = visit(context, pw_strbuf_text(&value), err);
    }
    pw_strbuf_release(&value);
    return status;
}

/* The title comes first. */
static const char *skip_blank_lines(const char *message)
{
    size_t end = strlen(message);

    while (end > 0 && is_blank(message, 0, end)) {
        const size_t next = next_line(message, 0, end);
        message += next;
        end -= next;
    }
    return message;
}

bool pw_git_trailers_has_stray(const char *message, const char *key)
{
    const char *text = skip_blank_lines(message);
    const size_t start = find_start(text, find_end(text, strlen(text)));

    for (size_t at = 0; at < start; at = next_line(text, at, start)) {
        const size_t length = key_length(text, at, start);
        if (length > 0 && is_key(text + at, length, key)) {
            return true;
        }
    }
    return false;
}

int pw_git_trailers_each(const char *message, const char *key, pw_git_trailer_fn *visit,
                         void *context, struct pw_error *err)
{
    int status = PW_OK;
    size_t next;

    message = skip_blank_lines(message);
    const size_t end = find_end(message, strlen(message));
    for (size_t at = find_start(message, end); at < end && status == PW_OK; at = next) {
        const size_t length = key_length(message, at, end);
        next = next_line(message, at, end);
        if (length == 0) {
            continue;
        }
        while (next < end && is_space(message[next])) {
            next = next_line(message, next, end);
        }
        if (is_key(message + at, length, key)) {
            status = visit_value(message, at + length + 1, next, visit, context, err);
        }
    }
    return status;
}

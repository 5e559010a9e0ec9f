/*
 * A command line into words, for commands that are to run without a shell. Quotes and backslashes
 * are understood; whatever else a shell would act on is refused, never taken for text.
 */
#include <stdbool.h>
#include <string.h>

#include "perfwarden/run.h"

/** What a shell acts on outside of quotes: expansions, lists, redirections, patterns, subshells. */
static const char SPECIAL[] = "$`|;<>&*?[()\n";
/** What it acts on at the start of a word. */
static const char SPECIAL_FIRST[] = "~#";
/** What it acts on in double quotes. */
static const char SPECIAL_QUOTED[] = "$`";

struct splitting {
    const char *at;
    struct pw_arena *arena;
    struct pw_strbuf word;
    const char **items;
    size_t count;
    size_t capacity;
    struct pw_error *err;
};

static int refuse_character(struct splitting *splitting, char character)
{
    if (character == '\n') {
        return pw_error_set(splitting->err, PW_EUSAGE, "it has several lines");
    }
    return pw_error_set(splitting->err, PW_EUSAGE,
                        "'%c' means something to a shell only; quote it if it is meant as text",
                        character);
}

/** From behind the opening quote to behind the closing one. */
static int take_quoted(struct splitting *splitting, char quote)
{
    for (; *splitting->at != quote; splitting->at++) {
        if (*splitting->at == '\0') {
            return pw_error_set(splitting->err, PW_EUSAGE, "a quote %c is not closed", quote);
        }
        if (quote == '"' && strchr(SPECIAL_QUOTED, *splitting->at) != NULL) {
            return refuse_character(splitting, *splitting->at);
        }
        if (quote == '"' && *splitting->at == '\\' && splitting->at[1] != '\0' &&
            strchr("$`\"\\\n", splitting->at[1]) != NULL) {
            splitting->at++;
            if (*splitting->at == '\n') {
                continue; /* a line that goes on */
            }
        }
        pw_strbuf_putc(&splitting->word, *splitting->at);
    }
    splitting->at++;
    return 0;
}

/** From behind a backslash outside of quotes. */
static int take_escaped(struct splitting *splitting)
{
    if (*splitting->at == '\0') {
        return pw_error_set(splitting->err, PW_EUSAGE, "it ends in a backslash");
    }
    if (*splitting->at != '\n') {
        pw_strbuf_putc(&splitting->word, *splitting->at);
    }
    splitting->at++;
    return 0;
}

/** Blanks, lines that go on, and the line ends that YAML leaves behind the last word. */
static const char *skip_blanks(const char *at)
{
    for (;;) {
        at += strspn(at, " \t");
        if (at[0] == '\\' && at[1] == '\n') {
            at += 2;
        } else {
            return at[strspn(at, " \t\n")] == '\0' ? at + strlen(at) : at;
        }
    }
}

/** True for what ends a word: a blank, or nothing but blanks and line ends up to the end. */
static bool is_word_end(const char *at)
{
    return *at == ' ' || *at == '\t' || at[strspn(at, " \t\n")] == '\0';
}

static int take_word(struct splitting *splitting)
{
    int status = 0;

    if (strchr(SPECIAL_FIRST, *splitting->at) != NULL) {
        return refuse_character(splitting, *splitting->at);
    }
    while (status == 0 && !is_word_end(splitting->at)) {
        const char character = *splitting->at;

        if (strchr(SPECIAL, character) != NULL) {
            return refuse_character(splitting, character);
        }
        splitting->at++;
        if (character == '\'' || character == '"') {
            status = take_quoted(splitting, character);
        } else if (character == '\\') {
            status = take_escaped(splitting);
        } else {
            pw_strbuf_putc(&splitting->word, character);
        }
    }
    return status;
}

/** True for "NAME=…" at the start of a command line: a shell sets a variable there. */
static bool is_assignment(const char *text)
{
    static const char NAME[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";
    const size_t length = strspn(text, NAME);

    return length > 0 && (text[0] < '0' || text[0] > '9') && text[length] == '=';
}

static int keep_word(struct splitting *splitting)
{
    const char **grown = pw_arena_grow(splitting->arena, (void *)splitting->items, splitting->count,
                                       &splitting->capacity, sizeof(*grown));
    int status = pw_strbuf_check(&splitting->word, splitting->err);

    if (status != 0) {
        return status;
    }
    if (grown == NULL) {
        return pw_error_set_no_memory(splitting->err);
    }
    splitting->items = grown;
    grown[splitting->count] = pw_arena_strdup(splitting->arena, pw_strbuf_text(&splitting->word));
    if (grown[splitting->count++] == NULL) {
        return pw_error_set_no_memory(splitting->err);
    }
    pw_strbuf_clear(&splitting->word);
    return 0;
}

int pw_run_split_command(struct pw_arena *arena, const char *text, struct pw_strings *words,
                         struct pw_error *err)
{
    struct splitting splitting = {.at = skip_blanks(text + strspn(text, " \t\n")),
                                  .arena = arena,
                                  .word = PW_STRBUF_INIT,
                                  .err = err};
    int status = 0;

    if (is_assignment(splitting.at)) {
        return pw_error_set(err, PW_EUSAGE, "it sets a variable; do that with 'env'");
    }
    while (status == 0 && *splitting.at != '\0') {
        status = take_word(&splitting);
        if (status == 0) {
            status = keep_word(&splitting);
        }
        splitting.at = skip_blanks(splitting.at);
    }
    pw_strbuf_release(&splitting.word);
    if (status == 0 && splitting.count == 0) {
        status = pw_error_set(err, PW_EUSAGE, "it has no word");
    }
    if (status == 0) {
        *words = (struct pw_strings){splitting.items, splitting.count};
    }
    return status;
}

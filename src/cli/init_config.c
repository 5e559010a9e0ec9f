/*
 * The starter perfwarden.yml. The only source of YAML punctuation in it; file names, which may be
 * anything, are quoted by put_yaml_word() and become benchmark names through make_name().
 */
#include <stdint.h>
#include <string.h>

#include "init.h"

static bool is_word_byte(unsigned char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '_' || byte == '.' || byte == '-';
}

/* Code points that are neither seen nor meant: controls, line separators, changes of direction. */
static bool is_invisible(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x61c || (c >= 0x200b && c <= 0x200f) ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x2069) || c == 0xfeff ||
           (c >= 0xfff0 && c <= 0xffff);
}

/* Safe as a plain scalar, also inside [ ]. */
static bool is_plain(const char *word)
{
    const unsigned char first = (unsigned char)word[0];
    const bool starts_word = is_word_byte(first) && first != '.' && first != '-';

    if (!starts_word && strncmp(word, "./", 2) != 0) {
        return false;
    }
    for (; *word != '\0'; word++) {
        if (!is_word_byte((unsigned char)*word) && *word != '/') {
            return false;
        }
    }
    return true;
}

static void put_yaml_escape(struct pw_strbuf *out, uint32_t code_point)
{
    if (code_point == '"' || code_point == '\\') {
        pw_strbuf_printf(out, "\\%c", (int)code_point);
    } else {
        pw_strbuf_printf(out, code_point > 0xff ? "\\u%04X" : "\\x%02X", (unsigned)code_point);
    }
}

/* One scalar. @param word valid UTF-8 */
static void put_yaml_word(struct pw_strbuf *out, const char *word)
{
    size_t left = strlen(word);

    if (is_plain(word)) {
        pw_strbuf_puts(out, word);
        return;
    }
    pw_strbuf_putc(out, '"');
    while (left > 0) {
        uint32_t code_point = 0;
        const size_t length = pw_utf8_decode(word, left, &code_point);
        if (code_point == '"' || code_point == '\\' || is_invisible(code_point)) {
            put_yaml_escape(out, code_point);
        } else {
            pw_strbuf_append(out, word, length);
        }
        word += length;
        left -= length;
    }
    pw_strbuf_putc(out, '"');
}

/* A file name as the name of a benchmark: what could be mistaken for something else is a dash. */
static void put_cleaned(struct pw_strbuf *out, const char *text)
{
    size_t left = strlen(text);

    while (left > 0) {
        uint32_t code_point = 0;
        const size_t length = pw_utf8_decode(text, left, &code_point);
        const bool is_kept = code_point < 0x80
                                 ? is_word_byte((unsigned char)code_point) || code_point == '/'
                                 : !is_invisible(code_point);
        pw_strbuf_append(out, is_kept ? text : "-", is_kept ? length : 1);
        text += length;
        left -= length;
    }
}

static bool is_used(const char *const *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* The file's own name, else its path, else its own name with a number: the first that is free. */
static const char *make_name(struct pw_arena *arena, const char *path, const char *const *names,
                             size_t count)
{
    struct pw_strbuf name = PW_STRBUF_INIT;
    const char *slash = strrchr(path, '/');
    const char *base = slash == NULL ? path : slash + 1;

    for (size_t attempt = 1; attempt <= count + 2; attempt++) {
        pw_strbuf_clear(&name);
        put_cleaned(&name, attempt == 2 ? path : base);
        if (attempt > 2) {
            pw_strbuf_printf(&name, "-%zu", attempt - 1);
        }
        if (!is_used(names, count, pw_strbuf_text(&name))) {
            break;
        }
    }
    const char *copy =
        pw_strbuf_failed(&name) ? NULL : pw_arena_strdup(arena, pw_strbuf_text(&name));
    pw_strbuf_release(&name);
    return copy;
}

static void put_benchmark(struct pw_strbuf *out, const char *name,
                          const struct pw_candidate *candidate)
{
    struct pw_strbuf command = PW_STRBUF_INIT;

    pw_strbuf_printf(&command, "./%s", candidate->path);
    pw_strbuf_puts(out, "  - name: ");
    put_yaml_word(out, name);
    pw_strbuf_puts(out, "\n    command: [");
    put_yaml_word(out, pw_strbuf_text(&command));
    if (candidate->is_google_benchmark) {
        pw_strbuf_puts(out, ", --benchmark_format=json");
    }
    pw_strbuf_puts(out, "]\n");
    if (candidate->is_google_benchmark) {
        pw_strbuf_puts(out, "    format: google-benchmark  # its own times, read from its output\n"
                            "    thresholds: { real_time: 20% }\n");
    }
    out->failed |= pw_strbuf_failed(&command);
    pw_strbuf_release(&command);
}

static void put_benchmarks(struct pw_strbuf *out, const struct pw_survey *survey)
{
    const size_t count = survey->count < PW_INIT_MAX_LISTED ? survey->count : PW_INIT_MAX_LISTED;
    const char *names[PW_INIT_MAX_LISTED];
    struct pw_arena arena = {0};

    for (size_t i = 0; i < count; i++) {
        names[i] = make_name(&arena, survey->candidates[i].path, names, i);
        if (names[i] == NULL) {
            out->failed = true;
            break;
        }
        put_benchmark(out, names[i], &survey->candidates[i]);
    }
    if (survey->count > count) {
        pw_strbuf_printf(out, "  # %zu more executables look like benchmarks.\n",
                         survey->count - count);
    }
    pw_arena_release(&arena);
}

static void put_build(struct pw_strbuf *out, const struct pw_survey *survey)
{
    pw_strbuf_puts(out, "# How a revision is built. 'perfwarden check' measures what is built "
                        "already.\n");
    if (survey->build_steps == NULL) {
        pw_strbuf_puts(out, "# build:\n#   - make\n\n");
        return;
    }
    pw_strbuf_puts(out, "build:\n");
    for (const char *const *step = survey->build_steps; *step != NULL; step++) {
        pw_strbuf_printf(out, "  - %s\n", *step);
    }
    pw_strbuf_putc(out, '\n');
}

void pw_init_write_config(struct pw_strbuf *out, const struct pw_survey *survey)
{
    pw_strbuf_puts(out, "# What perfwarden measures, and how much worse is too much.\n"
                        "# 'perfwarden help config' describes every key.\n"
                        "version: 1\n\n");
    put_build(out, survey);
    pw_strbuf_puts(out, "# Settings for every benchmark; each can be given again for one.\n"
                        "defaults:\n"
                        "  runs: { min: 7, max: 30 }  # counted runs\n"
                        "  warmup: 1                  # runs before them that do not count\n"
                        "  timeout: 60s               # a run that takes longer is an error\n"
                        "  thresholds:                # more than this much worse is a regression\n"
                        "    wall_time: 20%\n"
                        "    max_rss: 30%\n\n"
                        "# Each is a program that does the same work every time it is run.\n"
                        "benchmarks:\n");
    if (survey->count > 0) {
        put_benchmarks(out, survey);
    } else {
        pw_strbuf_puts(out, "  # No likely benchmark was found: put your own program here.\n"
                            "  - name: example\n"
                            "    command: [./path/to/benchmark, --its-options]\n");
    }
    pw_strbuf_puts(out, "\n# What makes 'perfwarden check' fail.\n"
                        "gate:\n"
                        "  fail_on: [regression, error, missing]\n"
                        "  on_no_baseline: warn       # pass, warn or fail\n"
                        "  on_inconclusive: warn\n");
}

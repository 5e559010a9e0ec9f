/* What a benchmark prints, as it appears on stderr. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../src/cli/show_output.h"

/* Pieces of output, ended by one of length 0; the text is freed by the caller. */
static char *show_pieces(const char *id, const struct pw_output *pieces, size_t count)
{
    const struct pw_benchmark benchmark = {.id = id};
    FILE *stream = tmpfile();
    struct pw_show_output show;
    assert_non_null(stream);
    assert_int_equal(pw_show_output_init(&show, stream, NULL), 0);
    for (size_t i = 0; i < count; i++) {
        pw_show_output_seen(&show, &benchmark, 1, pieces[i].data, pieces[i].length);
    }
    pw_show_output_seen(&show, &benchmark, 1, "", 0);
    pw_show_output_seen(&show, &benchmark, 2, "", 0);
    pw_show_output_finish(&show);
    const size_t length = (size_t)ftell(stream);
    char *text = calloc(length + 1, 1);
    assert_non_null(text);
    rewind(stream);
    assert_int_equal(fread(text, 1, length, stream), length);
    fclose(stream);
    return text;
}

static void lines(void **state)
{
    static const struct {
        const char *output;
        const char *shown;
    } cases[] = {
        {"", ""},
        {"one\ntwo\n", "a | one\na | two\n"},
        {"one\r\n\nno end", "a | one\na | \na | no end\n"},
        {"::error::x\n  ::add-mask::y\nz ##[add-mask]\n",
         "a | \\x3a:error::x\na |   \\x3a:add-mask::y\na | z \\x23#[add-mask]\n"},
        {"\033[2J\xff\x9b\n", "a | \\x1b[2J\xEF\xBF\xBD\xEF\xBF\xBD\n"},
    };
    (void)state;
    unsetenv("GITHUB_ACTIONS");
    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        char output[64];
        snprintf(output, sizeof(output), "%s", cases[i].output);
        /* In one piece, and byte by byte. */
        const struct pw_output whole = {output, strlen(output), 0};
        struct pw_output bytes[64];
        for (size_t b = 0; b < whole.length; b++) {
            bytes[b] = (struct pw_output){output + b, 1, 0};
        }
        char *once = show_pieces("a", &whole, whole.length > 0 ? 1 : 0);
        char *slowly = show_pieces("a", bytes, whole.length);
        assert_string_equal(once, cases[i].shown);
        assert_string_equal(slowly, cases[i].shown);
        free(once);
        free(slowly);
    }
}

static void long_lines_and_nuls(void **state)
{
    char big[5000];
    char nul[] = "x\0y\n";
    (void)state;
    unsetenv("GITHUB_ACTIONS");
    memset(big, 'b', sizeof(big));
    big[sizeof(big) - 1] = '\n';
    const struct pw_output pieces[] = {
        {big, sizeof(big) - 1, 0}, {big, sizeof(big), 0}, {nul, sizeof(nul) - 1, 0}};
    char *text = show_pieces("evil\n::error::", pieces, PW_COUNT(pieces));
    const char *second = strchr(text, '\n') + 1;
    const char *start = "evil\\x0a::error:: | ";
    assert_int_equal(strncmp(text, start, strlen(start)), 0);
    assert_int_equal(strspn(text + strlen(start), "b"), 1000);
    assert_string_equal(text + strlen(start) + 1000, strstr(text, " ... (8998 more bytes)\n"));
    assert_string_equal(second, "evil\\x0a::error:: | x\\x00y\n");
    free(text);
}

static void fence(void **state)
{
    char output[] = "x\n";
    const struct pw_output piece = {output, 2, 0};
    char token[2][PW_RUN_ID_SIZE];
    (void)state;
    setenv("GITHUB_ACTIONS", "true", 1);
    for (size_t i = 0; i < 2; i++) {
        char expected[128];
        char *text = show_pieces("a", &piece, 1);
        assert_int_equal(sscanf(text, "::stop-commands::%26s", token[i]), 1);
        snprintf(expected, sizeof(expected), "::stop-commands::%s\na | x\n::%s::\n", token[i],
                 token[i]);
        assert_string_equal(text, expected);
        free(text);
    }
    assert_string_not_equal(token[0], token[1]);
    unsetenv("GITHUB_ACTIONS");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines),
        cmocka_unit_test(long_lines_and_nuls),
        cmocka_unit_test(fence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

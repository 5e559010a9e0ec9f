/* Hostile and damaged files: bounded in time and memory, never a crash, always a clear answer. */
#include "test_config_support.h"

/* A good file with something of everything, to be damaged. */
static const char good[] = "version: 1\n"
                           "build: [make]\n"
                           "defaults: { runs: { min: 2, max: 9 }, thresholds: { wall_time: 5% } }\n"
                           "benchmarks:\n"
                           "  - name: parse\n"
                           "    command: [./p, \"--size={size}\", '{\"a\": 1}']\n"
                           "    params:\n"
                           "      size: [10, 100]\n"
                           "    env: { A: \"\\u00e4\" }\n"
                           "    thresholds:\n"
                           "      max_rss: { increase: 10%, limit: 64 MiB }\n"
                           "  - name: \"t\xC3\xA4st\"\n"
                           "    command: |\n"
                           "      ./t &&\n"
                           "      ./u\n"
                           "gate: { fail_on: [regression] }\n"
                           "report:\n"
                           "  json: out.json\n";

static void expect_message(const char *text, size_t length, const char *message)
{
    struct pw_config config = {0};
    struct pw_diagnostics mistakes = {0};
    assert_int_equal(parse(text, length, &config, &mistakes), PW_ECONFIG);
    assert_string_equal(pw_error_message(&mistakes.items[0]), message);
    pw_diagnostics_release(&mistakes);
}

static void put_repeated(struct pw_strbuf *out, const char *text, size_t times)
{
    for (size_t i = 0; i < times; i++) {
        pw_strbuf_puts(out, text);
    }
}

/* A start, a part many times, an end. */
static void expect_repeated(const char *start, const char *part, size_t times, const char *end,
                            const char *message)
{
    struct pw_strbuf text = PW_STRBUF_INIT;
    pw_strbuf_puts(&text, start);
    put_repeated(&text, part, times);
    pw_strbuf_puts(&text, end);
    assert_false(pw_strbuf_failed(&text));
    expect_message(text.data, text.length, message);
    pw_strbuf_release(&text);
}

static void test_depth(void **state)
{
    (void)state;
    static const char deep[] = "lists and mappings are nested deeper than 64 levels";
    expect_repeated("", "[", 200000, "", deep);
    expect_repeated("", "{a: ", 200000, "", deep);
    expect_repeated("", "- ", 200000, "", deep);
    expect_repeated("", "? ", 200000, "", deep);
    expect_repeated("a: ", "[{b: ", 50000, "", deep);
}

static void test_size_and_events(void **state)
{
    (void)state;
    static const char many[] = "the file has more than 100000 YAML events from here on";
    expect_repeated("", "# 2 MiB of comments\n", 104858, "",
                    "the file has 2097160 bytes, the limit is 1048576");
    expect_repeated("build: [", "a,", 500000, "]\n", many);
    expect_repeated("", "a: 1\n", 60000, "", many);
}

static void test_aliases_do_not_explode(void **state)
{
    (void)state;
    struct pw_strbuf text = PW_STRBUF_INIT;
    pw_strbuf_puts(&text, "a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for (unsigned i = 1; i < 30; i++) {
        pw_strbuf_printf(&text, "a%u: &a%u [*a%u, *a%u, *a%u, *a%u]\n", i, i, i - 1, i - 1, i - 1,
                         i - 1);
    }
    struct pw_config config = {0};
    struct pw_diagnostics mistakes = {0};
    assert_int_equal(parse(text.data, text.length, &config, &mistakes), PW_ECONFIG);
    size_t aliases = 0;
    for (size_t i = 0; i < mistakes.count; i++) {
        aliases += strstr(pw_error_message(&mistakes.items[i]), "aliases") != NULL ? 1 : 0;
    }
    assert_int_equal(aliases, 29 * 4);
    pw_diagnostics_release(&mistakes);
    pw_strbuf_release(&text);
}

static void test_bytes(void **state)
{
    (void)state;
    static const char nul[] = "version: 1\n\0benchmarks: []\n";
    expect_message(nul, sizeof(nul) - 1, "the character U+0000 is not allowed in YAML");
    static const char binary[] = "\x7F"
                                 "ELF\x02\x01\x01";
    expect_message(binary, sizeof(binary) - 1, "the character U+007F is not allowed in YAML");
    static const char in_the_middle[] = "version: 1\n\xEF\xBB\xBF";
    expect_message(in_the_middle, sizeof(in_the_middle) - 1,
                   "the character U+FEFF is not allowed in YAML");
}

static void test_byte_order_mark_and_line_ends(void **state)
{
    (void)state;
    static const char with_mark[] = "\xEF\xBB\xBF" MINIMAL;
    assert_true(parse_anything(with_mark, sizeof(with_mark) - 1));
    static const char with_crlf[] =
        "version: 1\r\nbenchmarks:\r\n  - name: a\r\n    command: ./a\r\n    wamup: 1\r\n";
    struct pw_config config = {0};
    struct pw_diagnostics mistakes = {0};
    assert_int_equal(parse(with_crlf, sizeof(with_crlf) - 1, &config, &mistakes), PW_ECONFIG);
    assert_int_equal(mistakes.count, 1);
    assert_int_equal(mistakes.items[0].line, 5);
    assert_int_equal(mistakes.items[0].column, 5);
    pw_diagnostics_release(&mistakes);
}

#define OPEN "version: 1\nbenchmarks:\n  - name: a\n    command: ["

static void test_expansion_is_bounded(void **state)
{
    (void)state;
    expect_repeated("version: 1\nbenchmarks:\n  - name: a\n    command: b\n    params: {",
                    " a: [1, 2]", 1,
                    ", b: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], c: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], "
                    "d: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], e: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] }\n",
                    "'benchmarks[0]' brings the file over 10000 benchmarks, use fewer parameter "
                    "values");
    static const char over[] =
        "'benchmarks[0]' brings the file over 64 MiB of expanded text, use fewer parameter values";
    struct pw_strbuf value = PW_STRBUF_INIT;
    pw_strbuf_puts(&value, "']\n    params: { n: [");
    put_repeated(&value, "0123456789", 1600);
    pw_strbuf_puts(&value, "] }\n");
    expect_repeated(OPEN "'", "{n}", 100000, value.data, over);
    pw_strbuf_clear(&value);
    pw_strbuf_puts(&value, "x]\n    params: { n: [");
    for (unsigned i = 0; i < 9000; i++) {
        pw_strbuf_printf(&value, "%u,", i);
    }
    pw_strbuf_puts(&value, "] }\n");
    expect_repeated(OPEN, "w,", 20000, value.data, over);
    pw_strbuf_release(&value);
}

static void test_wide_files_are_quick(void **state)
{
    (void)state;
    struct pw_strbuf text = PW_STRBUF_INIT;
    pw_strbuf_puts(&text, MINIMAL "    env: {");
    for (unsigned i = 0; i < 45000; i++) {
        pw_strbuf_printf(&text, "K%u: 1,", i);
    }
    pw_strbuf_puts(&text, "}\n");
    expect_message(text.data, text.length,
                   "'benchmarks[0].env' has 45000 members, the limit is 256");
    pw_strbuf_release(&text);
}

static void test_mistakes_are_bounded(void **state)
{
    (void)state;
    struct pw_strbuf text = PW_STRBUF_INIT;
    pw_strbuf_puts(&text, MINIMAL);
    for (unsigned i = 0; i < 1500; i++) {
        pw_strbuf_printf(&text, "key%u: 1\n", i);
    }
    struct pw_config config = {0};
    struct pw_diagnostics mistakes = {0};
    assert_int_equal(parse(text.data, text.length, &config, &mistakes), PW_ECONFIG);
    assert_int_equal(mistakes.count, 1001);
    assert_string_equal(pw_error_message(&mistakes.items[1000]), "500 more mistakes are left out");
    pw_diagnostics_release(&mistakes);
    pw_strbuf_release(&text);
}

static void test_long_names(void **state)
{
    (void)state;
    struct pw_strbuf text = PW_STRBUF_INIT;
    pw_strbuf_puts(&text, "version: 1\nbenchmarks:\n  - command: a\n    name: ");
    pw_strbuf_pad(&text, 'n', 10000);
    assert_true(parse_anything(text.data, text.length));
    pw_strbuf_pad(&text, 'n', 10000);
    expect_message(text.data, text.length, "'benchmarks[0].name' is longer than 16384 bytes");
    pw_strbuf_release(&text);
}

static void test_every_prefix(void **state)
{
    (void)state;
    for (size_t length = 0; length < sizeof(good); length++) {
        parse_anything(good, length);
    }
    assert_true(parse_anything(good, sizeof(good) - 1));
}

/* A fixed sequence, so that a failure can be repeated: xorshift, Marsaglia 2003. */
static uint32_t next_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

static void test_flipped_bytes(void **state)
{
    (void)state;
    uint32_t random = 20261120;
    size_t valid = 0;
    for (unsigned round = 0; round < 2000; round++) {
        char damaged[sizeof(good)];
        memcpy(damaged, good, sizeof(good));
        for (uint32_t flips = 1 + next_random(&random) % 3; flips > 0; flips--) {
            const size_t at = next_random(&random) % (sizeof(good) - 1);
            damaged[at] = (char)(next_random(&random) & 0xFF);
        }
        valid += parse_anything(damaged, sizeof(good) - 1) ? 1 : 0;
    }
    assert_true(valid > 0 && valid < 2000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_depth),
        cmocka_unit_test(test_size_and_events),
        cmocka_unit_test(test_aliases_do_not_explode),
        cmocka_unit_test(test_bytes),
        cmocka_unit_test(test_byte_order_mark_and_line_ends),
        cmocka_unit_test(test_expansion_is_bounded),
        cmocka_unit_test(test_wide_files_are_quick),
        cmocka_unit_test(test_mistakes_are_bounded),
        cmocka_unit_test(test_long_names),
        cmocka_unit_test(test_every_prefix),
        cmocka_unit_test(test_flipped_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

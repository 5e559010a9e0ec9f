/* The escapers: one table of texts for each context, and properties that hold for any bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "perfwarden/util/escape.h"
#include "perfwarden/util/text.h"

#define BAD "\xEF\xBF\xBD"

typedef void escape_fn(struct pw_strbuf *out, const char *text);

struct escape_case {
    const char *text;
    const char *expected;
};

static void check_cases(escape_fn *escape, const struct escape_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct pw_strbuf out = PW_STRBUF_INIT;
        pw_strbuf_puts(&out, "<");
        escape(&out, cases[i].text);
        assert_false(pw_strbuf_failed(&out));
        assert_string_equal(pw_strbuf_text(&out) + 1, cases[i].expected);
        assert_int_equal(pw_strbuf_text(&out)[0], '<');
        pw_strbuf_release(&out);
    }
}

static void test_terminal(void **state)
{
    static const struct escape_case cases[] = {
        {"", ""},
        {"parse/size=1024 \xC2\xB5s", "parse/size=1024 \xC2\xB5s"},
        {"\x1B[31mred", "\\x1b[31mred"},
        {"a\nb\r\tc\x7F", "a\\x0ab\\x0d\\x09c\\x7f"},
        {"\xC2\x9B"
         "2J",
         "\\x9b2J"},
        {"a\xE2\x80\xAE"
         "b\xE2\x81\xA6",
         "a\\u{202e}b\\u{2066}"},
        {"\xE2\x80\xA8x\xD8\x9C", "\\u{2028}x\\u{61c}"},
        {"\xFFx\xC3", BAD "x" BAD},
        {"\xED\xA0\x80", BAD BAD BAD},
        {"::error::x", "\\x3a:error::x"},
        {" \t::error::x", " \\x09\\x3a:error::x"},
        {"\xC2\xA0::error::x", "\xC2\xA0\\x3a:error::x"},
        {":::x", "\\x3a::x"},
        {"std::sort", "std::sort"},
        {"a##[add-mask]b", "a\\x23#[add-mask]b"},
        {"###[x", "#\\x23#[x"},
        {"##VSO[task.complete]", "\\x23#VSO[task.complete]"},
        {"# [x] ## x", "# [x] ## x"},
    };
    (void)state;
    check_cases(pw_escape_terminal, cases, PW_COUNT(cases));
}

static void test_xml(void **state)
{
    static const struct escape_case cases[] = {
        {"", ""},
        {"<a b=\"c\" d='e'>&amp;]]>", "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;amp;]]&gt;"},
        {"a\tb\nc\rd", "a&#9;b&#10;c&#13;d"},
        {"\x1B[1m\x01", BAD "[1m" BAD},
        {"\xEF\xBF\xBE\xEF\xBF\xBF\xEF\xBF\xBD", BAD BAD BAD},
        {"\xFE", BAD},
        {"\xF0\x9F\x90\x8C", "\xF0\x9F\x90\x8C"},
    };
    (void)state;
    check_cases(pw_escape_xml, cases, PW_COUNT(cases));
}

static void test_xml_characters(void **state)
{
    static const struct escape_case cases[] = {
        {"", ""},
        {"<a>&]]>\"'\t\n\r", "<a>&]]>\"'\t\n\r"},
        {"\x1B\x0B\x0C"
         "x",
         BAD BAD BAD "x"},
        {"\xEF\xBF\xBF\xC0\x80", BAD BAD BAD},
    };
    (void)state;
    check_cases(pw_escape_xml_characters, cases, PW_COUNT(cases));
}

static void test_markdown_code(void **state)
{
    static const struct escape_case cases[] = {
        {"", "<code></code>"},
        {"parse/size=1024,x", "<code>parse/size=1024,x</code>"},
        {"a|b`c`", "<code>a&#124;b&#96;c&#96;</code>"},
        {"<script>", "<code>&#60;script&#62;</code>"},
        {"*a*_b_[c](d)", "<code>&#42;a&#42;&#95;b&#95;&#91;c&#93;(d)</code>"},
        {"@me #1 ::x", "<code>&#64;me &#35;1 &#58;&#58;x</code>"},
        {"a\nb\\", "<code>a&#92;x0ab&#92;</code>"},
        {"www.a.b http://c", "<code>www&#46;a.b http&#58;//c</code>"},
        {"$x$ ~y~ !z &lt;", "<code>&#36;x&#36; &#126;y&#126; &#33;z &#38;lt;</code>"},
        {"\xE2\x80\xAE\xFF", "<code>&#92;u{202e}" BAD "</code>"},
    };
    (void)state;
    check_cases(pw_escape_markdown_code, cases, PW_COUNT(cases));
}

static void test_markdown_text(void **state)
{
    static const struct escape_case cases[] = {
        {"", ""},
        {"+5 % and 1.2 ms (3 runs)", "+5 % and 1.2 ms (3 runs)"},
        {"a\r\nb\tc", "a  b c"},
        {"why: http://x :+1: :: y", "why: http&#58;//x &#58;+1: &#58;: y"},
        {"see @me, #12", "see &#64;&#8203;me, &#35;&#8203;12"},
        {"</details>|\x1B", "&#60;/details&#62;&#124;&#92;x1b"},
        {"'x' \"y\"", "'x' \"y\""},
    };
    (void)state;
    check_cases(pw_escape_markdown_text, cases, PW_COUNT(cases));
}

static void test_csv(void **state)
{
    static const struct escape_case cases[] = {
        {"", ""},
        {"parse/size=1024", "parse/size=1024"},
        {"a,b", "\"a,b\""},
        {"a \"b\"", "\"a \"\"b\"\"\""},
        {"a\r\nb", "\"a\r\nb\""},
        {" a", "\" a\""},
        {"=cmd()", "'=cmd()"},
        {"+1", "'+1"},
        {"-1", "'-1"},
        {"@a", "'@a"},
        {"\t=1", "\"'\t=1\""},
        {"'a", "''a"},
        {"a=b", "a=b"},
        {"::error::a", "\"::error::a\""},
        {"a::b", "a::b"},
        {"\xFF", BAD},
    };
    (void)state;
    check_cases(pw_escape_csv, cases, PW_COUNT(cases));
}

static void test_label(void **state)
{
    static const struct escape_case cases[] = {
        {"", ""}, {"a{b}=c", "a{b}=c"}, {"\"", "\\\""}, {"\\n\n", "\\\\n\\n"}, {"\xFF", BAD},
    };
    (void)state;
    check_cases(pw_escape_label, cases, PW_COUNT(cases));
}

static void test_shell(void **state)
{
    static const struct escape_case cases[] = {
        {"", "''"},
        {"parse/size=1024", "parse/size=1024"},
        {"a b", "'a b'"},
        {"it's", "'it'\\''s'"},
        {"$(id)`id`\\", "'$(id)`id`\\'"},
        {"~/x", "'~/x'"},
        {"a\nb", "'a\nb'"},
        {"*", "'*'"},
        {"\xC3\xA9\xFF", "'\xC3\xA9" BAD "'"},
    };
    (void)state;
    check_cases(pw_escape_shell, cases, PW_COUNT(cases));
}

static const struct {
    escape_fn *escape;
    const char *forbidden; /* bytes that never come out */
} contexts[] = {
    {pw_escape_terminal, "\x1B\n\r\t\x7F"},
    {pw_escape_xml, "<>\"'\n\r\t\x1B\x0B"},
    {pw_escape_xml_characters, "\x01\x1B\x0B"},
    {pw_escape_markdown_code, "|`*_[]@\n\r\t\x1B\\$~!"},
    {pw_escape_markdown_text, "<>|`*_[]@\n\r\t\x1B\\$~!"},
    {pw_escape_workflow_data, "\n\r"},
    {pw_escape_workflow_property, "\n\r:,"},
    {pw_escape_azure_data, "\n\r"},
    {pw_escape_azure_property, "\n\r;]"},
};

static void test_workflow(void **state)
{
    static const struct escape_case data[] = {
        {"", ""},
        {"100% of a,b:c", "100%25 of a,b:c"},
        {"%0A%25", "%250A%2525"},
        {"a\r\n::error::b", "a%0D%0A::error::b"},
        {"\xFF\xC2\xB5", BAD "\xC2\xB5"},
    };
    static const struct escape_case property[] = {
        {"ci/a,b:c%.yml", "ci/a%2Cb%3Ac%25.yml"},
        {"x,line=1::y\n", "x%2Cline=1%3A%3Ay%0A"},
    };
    (void)state;
    check_cases(pw_escape_workflow_data, data, PW_COUNT(data));
    check_cases(pw_escape_workflow_property, property, PW_COUNT(property));
}

static void test_azure(void **state)
{
    static const struct escape_case data[] = {
        {"100% ];a", "100%AZP25 ];a"},
        {"%AZP25", "%AZP25AZP25"},
        {"a\r\nb", "a%0D%0Ab"},
    };
    static const struct escape_case property[] = {
        {"a;type=warning]b%", "a%3Btype=warning%5Db%AZP25"},
        {"a\n", "a%0A"},
    };
    (void)state;
    check_cases(pw_escape_azure_data, data, PW_COUNT(data));
    check_cases(pw_escape_azure_property, property, PW_COUNT(property));
}

/* Any bytes: valid UTF-8 comes out, without what the context forbids. */
static void test_any_bytes(void **state)
{
    char text[64];
    uint32_t seed = 1;
    (void)state;
    for (int round = 0; round < 2000; round++) {
        for (size_t i = 0; i + 1 < sizeof text; i++) {
            seed = seed * 1664525u + 1013904223u;
            text[i] = (char)(unsigned char)(1 + (seed >> 24) % 255);
        }
        text[sizeof text - 1] = '\0';
        for (size_t i = 0; i < PW_COUNT(contexts); i++) {
            struct pw_strbuf out = PW_STRBUF_INIT;
            contexts[i].escape(&out, text);
            assert_true(pw_utf8_is_valid(pw_strbuf_text(&out), out.length));
            assert_null(strpbrk(pw_strbuf_text(&out), contexts[i].forbidden));
            pw_strbuf_release(&out);
        }
    }
}

/* A full buffer is remembered and never overrun. */
static void test_full_buffer(void **state)
{
    (void)state;
    for (size_t i = 0; i < PW_COUNT(contexts); i++) {
        struct pw_strbuf out;
        pw_strbuf_init(&out, 4);
        contexts[i].escape(&out, "<<<<<<<<");
        assert_true(pw_strbuf_failed(&out));
        assert_true(out.length <= 4);
        pw_strbuf_release(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_terminal),       cmocka_unit_test(test_xml),
        cmocka_unit_test(test_xml_characters), cmocka_unit_test(test_markdown_code),
        cmocka_unit_test(test_markdown_text),  cmocka_unit_test(test_csv),
        cmocka_unit_test(test_label),          cmocka_unit_test(test_shell),
        cmocka_unit_test(test_workflow),       cmocka_unit_test(test_azure),
        cmocka_unit_test(test_any_bytes),      cmocka_unit_test(test_full_buffer),
    };
    return cmocka_run_group_tests_name("escape", tests, NULL, NULL);
}

/* Writing JSON: its layout, its escapes, and that what is written reads back equal. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "perfwarden/util.h"

static void the_writer_indents_and_keeps_compact_on_a_line(void **state)
{
    (void)state;
    struct pw_json_writer writer;
    struct pw_strbuf out = PW_STRBUF_INIT;
    pw_json_writer_init(&writer, &out);
    pw_json_begin_object(&writer, NULL);
    pw_json_put_string(&writer, "text", "q\" b\\ n\n t\t e\x1b \xC3\xA9 \xFF");
    pw_json_put_string(&writer, "none", NULL);
    pw_json_begin_compact_object(&writer, "wall");
    pw_json_put_string(&writer, "unit", "ns");
    pw_json_begin_array(&writer, "samples");
    pw_json_put_double(&writer, NULL, 1);
    pw_json_put_double(&writer, NULL, 2.5);
    pw_json_put_double(&writer, NULL, NAN);
    pw_json_end(&writer);
    pw_json_end(&writer);
    pw_json_begin_array(&writer, "empty");
    pw_json_end(&writer);
    pw_json_begin_array(&writer, "list");
    pw_json_put_uint64(&writer, NULL, UINT64_C(9007199254740992));
    pw_json_put_uint64(&writer, NULL, UINT64_MAX);
    pw_json_put_bool(&writer, NULL, true);
    pw_json_put_null(&writer, NULL);
    pw_json_end(&writer);
    pw_json_end(&writer);
    pw_json_writer_finish(&writer);
    assert_string_equal(pw_strbuf_text(&out),
                        "{\n"
                        "  \"text\": \"q\\\" b\\\\ n\\n t\\t e\\u001b \xC3\xA9 \xEF\xBF\xBD\",\n"
                        "  \"none\": null,\n"
                        "  \"wall\": {\"unit\": \"ns\", \"samples\": [1, 2.5, null]},\n"
                        "  \"empty\": [],\n"
                        "  \"list\": [\n"
                        "    9007199254740992,\n"
                        "    \"18446744073709551615\",\n"
                        "    true,\n"
                        "    null\n"
                        "  ]\n"
                        "}\n");
    pw_strbuf_release(&out);
}

static void copies_equal_the_original(void **state)
{
    (void)state;
    static const char text[] = "{\n"
                               "  \"a\": [1, \"x\", null, true, 1e+300],\n"
                               "  \"b\": {\n"
                               "    \"c\": [\n"
                               "      [],\n"
                               "      {},\n"
                               "      [\n"
                               "        [0.1]\n"
                               "      ]\n"
                               "    ]\n"
                               "  }\n"
                               "}\n";
    struct pw_json *document = NULL;
    struct pw_json_writer writer;
    struct pw_strbuf out = PW_STRBUF_INIT;
    assert_int_equal(pw_json_parse(text, strlen(text), "t", 0, &document, NULL), 0);
    pw_json_writer_init(&writer, &out);
    pw_json_put_value(&writer, NULL, document);
    pw_json_writer_finish(&writer);
    assert_string_equal(pw_strbuf_text(&out), text);
    pw_strbuf_release(&out);
    pw_json_free(document);
}

static void any_bytes_make_a_string_that_reads_back(void **state)
{
    (void)state;
    char bytes[256];
    for (int i = 0; i < 255; i++)
        bytes[i] = (char)(i + 1);
    bytes[255] = '\0';
    struct pw_json_writer writer;
    struct pw_strbuf out = PW_STRBUF_INIT;
    pw_json_writer_init(&writer, &out);
    pw_json_begin_compact_object(&writer, NULL);
    pw_json_put_string(&writer, bytes, bytes);
    pw_json_end(&writer);
    pw_json_writer_finish(&writer);
    struct pw_json *document = NULL;
    assert_int_equal(pw_json_parse(pw_strbuf_text(&out), out.length, "t", 0, &document, NULL), 0);
    const char *back = pw_json_string(pw_json_first(document));
    assert_memory_equal(back, bytes, 127);
    assert_memory_equal(back + 127, "\xEF\xBF\xBD\xEF\xBF\xBD", 6);
    pw_json_free(document);
    pw_strbuf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_writer_indents_and_keeps_compact_on_a_line),
        cmocka_unit_test(copies_equal_the_original),
        cmocka_unit_test(any_bytes_make_a_string_that_reads_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

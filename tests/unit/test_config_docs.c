/*
 * The generated documentation is what is in the tree. After a change of the schema, run this test
 * once with PERFWARDEN_UPDATE_DOCS=1 to write it anew.
 */
#include "perfwarden/config/accepted.h"
#include "perfwarden/util/file.h"
#include "perfwarden/util/json.h"
#include "test_config_support.h"

typedef void describe_fn(struct pw_strbuf *out);

static void expect_file(const char *name, describe_fn *describe)
{
    struct pw_strbuf path = PW_STRBUF_INIT;
    struct pw_strbuf expected = PW_STRBUF_INIT;
    struct pw_strbuf actual = PW_STRBUF_INIT;
    pw_path_join(&path, PERFWARDEN_SOURCE_DIR, name);
    describe(&expected);
    assert_false(pw_strbuf_failed(&expected));
    if (getenv("PERFWARDEN_UPDATE_DOCS") != NULL) {
        assert_int_equal(pw_file_write(path.data, expected.data, expected.length, NULL), 0);
    }
    assert_int_equal(pw_file_read(path.data, (size_t)1 << 20, &actual, NULL), 0);
    if (strcmp(pw_strbuf_text(&actual), pw_strbuf_text(&expected)) != 0) {
        print_error("'%s' is out of date: run this test with PERFWARDEN_UPDATE_DOCS=1\n", name);
        fail();
    }
    pw_strbuf_release(&path);
    pw_strbuf_release(&expected);
    pw_strbuf_release(&actual);
}

static void test_markdown_is_up_to_date(void **state)
{
    (void)state;
    expect_file("docs/configuration.md", pw_config_describe_markdown);
}

static void test_json_schema_is_up_to_date(void **state)
{
    (void)state;
    expect_file("docs/schema/config.schema.json", pw_config_describe_json_schema);
}

static void test_accepted_schema_is_up_to_date(void **state)
{
    (void)state;
    expect_file("docs/schema/accepted.schema.json", pw_accepted_describe_json_schema);
}

static void test_json_schema_is_json(void **state)
{
    (void)state;
    struct pw_strbuf text = PW_STRBUF_INIT;
    struct pw_json *document = NULL;
    pw_config_describe_json_schema(&text);
    assert_int_equal(
        pw_json_parse(text.data, text.length, "schema", PW_JSON_DEFAULT, &document, NULL), 0);
    const struct pw_json *properties = pw_json_get(document, "properties");
    assert_int_equal(pw_json_size(properties), 7);
    const struct pw_json *benchmark = pw_json_get(pw_json_get(document, "$defs"), "benchmarks");
    assert_non_null(pw_json_get(pw_json_get(benchmark, "properties"), "command"));
    assert_non_null(pw_json_get(pw_json_get(benchmark, "properties"), "timeout"));
    pw_json_free(document);
    pw_strbuf_release(&text);
}

/* The complete example of the documentation is a right file. */
static void test_the_example_is_right(void **state)
{
    (void)state;
    struct pw_strbuf text = PW_STRBUF_INIT;
    pw_config_describe_markdown(&text);
    char *start = strstr(text.data, "```yaml\n");
    assert_non_null(start);
    start += strlen("```yaml\n");
    char *end = strstr(start, "```");
    assert_non_null(end);
    *end = '\0';
    struct pw_config config = parse_valid(start);
    assert_int_equal(config.benchmark_count, 4);
    assert_int_equal(config.build.count, 2);
    assert_non_null(config.report.json);
    pw_config_release(&config);
    pw_strbuf_release(&text);
}

static void test_text_fits_a_terminal(void **state)
{
    (void)state;
    struct pw_strbuf text = PW_STRBUF_INIT;
    pw_config_describe_text(&text);
    for (const char *line = text.data; *line != '\0';) {
        const size_t length = strcspn(line, "\n");
        assert_true(length < 80);
        assert_true(length == 0 || line[length - 1] != ' ');
        line += length + 1;
    }
    assert_non_null(strstr(text.data, "\n  defaults.timeout\n      a duration from 1us to 8760h"));
    assert_non_null(strstr(text.data, "default 60s\n"));
    assert_non_null(strstr(text.data, "\n  wall_time"));
    pw_strbuf_release(&text);
}

/* Cells of a table are separated by pipes: each row has exactly the columns of its heading. */
static void test_markdown_tables_are_whole(void **state)
{
    (void)state;
    struct pw_strbuf text = PW_STRBUF_INIT;
    pw_config_describe_markdown(&text);
    for (const char *line = text.data; *line != '\0';) {
        const size_t length = strcspn(line, "\n");
        size_t pipes = 0;
        for (size_t i = 0; i < length; i++) {
            pipes += line[i] == '|' ? 1 : 0;
        }
        assert_int_equal(pipes, line[0] == '|' ? 5 : 0);
        line += length + 1;
    }
    pw_strbuf_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_markdown_is_up_to_date),
        cmocka_unit_test(test_json_schema_is_up_to_date),
        cmocka_unit_test(test_accepted_schema_is_up_to_date),
        cmocka_unit_test(test_json_schema_is_json),
        cmocka_unit_test(test_the_example_is_right),
        cmocka_unit_test(test_text_fits_a_terminal),
        cmocka_unit_test(test_markdown_tables_are_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

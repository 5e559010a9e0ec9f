/* The record of a shard: written and read back, and what does not make one suite is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "perfwarden/result/shard.h"
#include "perfwarden/util.h"

static const char *suite[] = {"a", "b/x=1", "c"};
static const char *other_suite[] = {"a", "b/x=2", "c"};
static unsigned cut[] = {1, 2, 1};
static unsigned other_cut[] = {2, 2, 1};

static const struct pw_shard second = {2, 3, "0123456789abcdef", "base", suite, cut, 3};

static void write_record(const struct pw_shard *shard, struct pw_strbuf *out)
{
    struct pw_json_writer writer;

    pw_json_writer_init(&writer, out);
    pw_json_begin_object(&writer, NULL);
    pw_shard_write(shard, &writer);
    pw_json_end(&writer);
    pw_json_writer_finish(&writer);
}

static int read_record(const char *text, struct pw_arena *arena, const struct pw_shard **out,
                       struct pw_error *err)
{
    struct pw_json *document = NULL;

    assert_int_equal(pw_json_parse(text, strlen(text), "x.json", PW_JSON_DEFAULT, &document, NULL),
                     0);
    const int status = pw_shard_read(document, "x.json", arena, out, err);
    pw_json_free(document);
    return status;
}

static void a_record_reads_back(void **state)
{
    struct pw_strbuf text = PW_STRBUF_INIT;
    struct pw_arena arena = {NULL};
    const struct pw_shard *read = NULL;

    (void)state;
    write_record(&second, &text);
    assert_int_equal(read_record(pw_strbuf_text(&text), &arena, &read, NULL), 0);
    assert_int_equal(read->index, 2);
    assert_int_equal(read->count, 3);
    assert_string_equal(read->base, "base");
    assert_string_equal(read->config_hash, "0123456789abcdef");
    assert_int_equal(read->size, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_string_equal(read->suite[i], suite[i]);
        assert_int_equal(read->cut[i], cut[i]);
    }
    assert_int_equal(pw_shard_own(read), 1);
    pw_strbuf_clear(&text);
    write_record(NULL, &text);
    assert_int_equal(read_record(pw_strbuf_text(&text), &arena, &read, NULL), 0);
    assert_null(read);
    pw_arena_release(&arena);
    pw_strbuf_release(&text);
}

#define REST ",\"config_hash\":null,\"base\":null,\"suite\":[\"a\"],\"cut\":[1],\"digest\":\"x\"}}"

static void a_damaged_record_is_refused(void **state)
{
    static const struct {
        const char *text;
        const char *part;
    } cases[] = {
        {"{\"shard\":3}", "'shard' is not an object"},
        {"{\"shard\":{}}", "'shard.count'"},
        {"{\"shard\":{\"count\":1,\"index\":1" REST, "'shard.count'"},
        {"{\"shard\":{\"count\":10001,\"index\":1" REST, "'shard.count'"},
        {"{\"shard\":{\"count\":2,\"index\":0" REST, "'shard.index'"},
        {"{\"shard\":{\"count\":2,\"index\":3" REST, "'shard.index'"},
        {"{\"shard\":{\"count\":2,\"index\":1.5" REST, "'shard.index'"},
        {"{\"shard\":{\"count\":2,\"index\":1" REST, "'shard.digest'"},
        {"{\"shard\":{\"count\":2,\"index\":1,\"suite\":[\"a\"],\"cut\":[]}}", "'shard.suite'"},
        {"{\"shard\":{\"count\":2,\"index\":1,\"suite\":\"a\",\"cut\":[]}}", "'shard.suite'"},
        {"{\"shard\":{\"count\":2,\"index\":1,\"suite\":[1],\"cut\":[1]}}", "'shard.suite'"},
        {"{\"shard\":{\"count\":2,\"index\":1,\"suite\":[\"a\"],\"cut\":[3]}}", "'shard.cut'"},
        {"{\"shard\":{\"count\":2,\"index\":1,\"base\":1,\"suite\":[],\"cut\":[]}}",
         "'shard.base'"},
        {"{\"shard\":{\"count\":2,\"index\":1,\"suite\":[],\"cut\":[]}}", "'shard.digest'"},
    };

    (void)state;
    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        struct pw_arena arena = {NULL};
        struct pw_error err = PW_ERROR_INIT;
        const struct pw_shard *read = NULL;
        assert_int_equal(read_record(cases[i].text, &arena, &read, &err), PW_EFORMAT);
        if (strstr(pw_error_message(&err), cases[i].part) == NULL) {
            fail_msg("case %zu: '%s' does not name %s", i, pw_error_message(&err), cases[i].part);
        }
        pw_error_release(&err);
        pw_arena_release(&arena);
    }
}

static void a_digest_tells_all_but_the_index(void **state)
{
    char digest[PW_SHARD_DIGEST_SIZE];
    char other[PW_SHARD_DIGEST_SIZE];
    struct pw_shard changed[6];

    (void)state;
    for (size_t i = 0; i < PW_COUNT(changed); i++) {
        changed[i] = second;
    }
    changed[0].count = 4;
    changed[1].config_hash = NULL;
    changed[2].base = "";
    changed[3].suite = other_suite;
    changed[4].cut = other_cut;
    changed[5].size = 2;
    pw_shard_digest(&second, digest);
    for (size_t i = 0; i < PW_COUNT(changed); i++) {
        pw_shard_digest(&changed[i], other);
        assert_string_not_equal(digest, other);
    }
    changed[0] = second;
    changed[0].index = 1;
    pw_shard_digest(&changed[0], other);
    assert_string_equal(digest, other);
}

/* A change of one part of a set that is complete otherwise. */
static void refuse_set(const struct pw_shard *odd, size_t count, int expected, const char *part)
{
    struct pw_shard shards[3] = {second, second, second};
    struct pw_shard_part parts[4] = {
        {"one", &shards[0]}, {"two", &shards[1]}, {"three", &shards[2]}, {"odd", odd}};
    struct pw_error err = PW_ERROR_INIT;

    for (unsigned k = 0; k < 3; k++) {
        shards[k].index = k + 1;
    }
    if (count == 3 && odd != &second) {
        parts[2] = parts[3];
    }
    assert_int_equal(pw_shard_check_set(parts, count, &err), expected);
    if (part != NULL && strstr(pw_error_message(&err), part) == NULL) {
        fail_msg("'%s' does not say '%s'", pw_error_message(&err), part);
    }
    pw_error_release(&err);
}

static void sets_that_are_no_suite_are_refused(void **state)
{
    struct pw_shard odd = second;

    (void)state;
    refuse_set(&second, 3, 0, NULL);
    refuse_set(NULL, 3, PW_EUSAGE, "'odd' is not of a shard");
    refuse_set(&second, 2, PW_ENOTFOUND, "shard 3 of 3 is missing, which would have run nothing");
    refuse_set(&second, 1, PW_ENOTFOUND,
               "shards 2, 3 of 3 are missing, which would have run 'b/x=1'");
    refuse_set(&second, 4, PW_EUSAGE, "'two' and 'odd' are both shard 2 of 3");
    odd.index = 1;
    refuse_set(&odd, 3, PW_EUSAGE, "'one' and 'odd' are both shard 1 of 3");
    odd = second;
    odd.count = 4;
    refuse_set(&odd, 3, PW_EUSAGE, "different numbers of shards");
    odd = second;
    odd.config_hash = "another";
    refuse_set(&odd, 3, PW_EUSAGE, "configurations");
    odd = second;
    odd.base = NULL;
    refuse_set(&odd, 3, PW_EUSAGE, "different bases");
    odd = second;
    odd.suite = other_suite;
    refuse_set(&odd, 3, PW_EUSAGE, "--filter");
    odd = second;
    odd.cut = other_cut;
    refuse_set(&odd, 3, PW_EUSAGE, "cut the suite differently");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_reads_back),
        cmocka_unit_test(a_damaged_record_is_refused),
        cmocka_unit_test(a_digest_tells_all_but_the_index),
        cmocka_unit_test(sets_that_are_no_suite_are_refused),
    };
    return cmocka_run_group_tests_name("shard_record", tests, NULL, NULL);
}

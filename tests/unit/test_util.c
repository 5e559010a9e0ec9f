/* Strings, arenas, errors, text, clocks, vocabulary. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "perfwarden/util.h"
#include "perfwarden/vocabulary.h"

static void strbuf_grows_and_stays_terminated(void **state)
{
    (void)state;
    struct pw_strbuf text = PW_STRBUF_INIT;
    assert_string_equal(pw_strbuf_text(&text), "");
    for (int i = 0; i < 1000; i++) {
        pw_strbuf_printf(&text, "%d,", i % 10);
    }
    assert_int_equal(text.length, 2000);
    assert_int_equal(strlen(pw_strbuf_text(&text)), 2000);
    pw_strbuf_truncate(&text, 3);
    assert_string_equal(pw_strbuf_text(&text), "0,1");
    pw_strbuf_pad(&text, '.', 2);
    pw_strbuf_append(&text, "\0x", 2);
    assert_memory_equal(text.data, "0,1..\0x", 8);
    pw_strbuf_release(&text);
    assert_string_equal(pw_strbuf_text(&text), "");
}

static void strbuf_remembers_the_cap(void **state)
{
    (void)state;
    struct pw_strbuf text;
    pw_strbuf_init(&text, 4);
    pw_strbuf_puts(&text, "1234");
    assert_false(pw_strbuf_failed(&text));
    pw_strbuf_putc(&text, '5');
    assert_true(pw_strbuf_failed(&text));
    pw_strbuf_clear(&text);
    pw_strbuf_puts(&text, "12345");
    pw_strbuf_puts(&text, "1");
    assert_true(pw_strbuf_failed(&text));
    assert_string_equal(pw_strbuf_text(&text), "");
    assert_null(pw_strbuf_detach(&text));
    struct pw_error err = PW_ERROR_INIT;
    assert_int_equal(pw_strbuf_check(&text, &err), PW_ENOMEM);
    assert_string_equal(pw_error_message(&err), "out of memory");
    pw_strbuf_release(&text);
}

static void detached_text_is_never_null_on_success(void **state)
{
    (void)state;
    struct pw_strbuf text = PW_STRBUF_INIT;
    char *empty = pw_strbuf_detach(&text);
    assert_string_equal(empty, "");
    free(empty);
}

static void arena_memory_is_zeroed_and_grows(void **state)
{
    (void)state;
    struct pw_arena arena = {0};
    size_t capacity = 0;
    int *numbers = NULL;
    for (size_t i = 0; i < 10000; i++) {
        numbers = pw_arena_grow(&arena, numbers, i, &capacity, sizeof(*numbers));
        assert_non_null(numbers);
        assert_int_equal(numbers[i], 0);
        numbers[i] = (int)i;
    }
    assert_int_equal(numbers[9999], 9999);
    assert_string_equal(pw_arena_printf(&arena, "%s-%d", "x", 7), "x-7");
    assert_string_equal(pw_arena_strndup(&arena, "abcdef", 3), "abc");
    assert_null(pw_arena_array(&arena, SIZE_MAX / 2, 16));
    assert_null(pw_arena_alloc(&arena, SIZE_MAX));
    char *large = pw_arena_alloc(&arena, 1000000);
    assert_int_equal(large[999999], 0);
    pw_arena_release(&arena);
    pw_arena_release(&arena);
}

static void errors_carry_place_and_prefix(void **state)
{
    (void)state;
    struct pw_error err = PW_ERROR_INIT;
    assert_int_equal(pw_error_set_at(&err, PW_ECONFIG, "a.yml", 3, 5, "unknown key '%s'", "x"),
                     PW_ECONFIG);
    assert_string_equal(err.file, "a.yml");
    assert_int_equal(err.line, 3);
    assert_int_equal(err.column, 5);
    assert_int_equal(pw_error_prefix(&err, "in '%s': ", "gate"), PW_ECONFIG);
    assert_string_equal(pw_error_message(&err), "in 'gate': unknown key 'x'");
    struct pw_error other = PW_ERROR_INIT;
    pw_error_move(&other, &err);
    assert_null(err.message);
    assert_string_equal(pw_error_message(&err), "");
    pw_error_release(&other);
    assert_int_equal(pw_error_set(NULL, PW_EIO, "x"), PW_EIO);
    assert_int_equal(pw_error_set_errno(&err, 2, "cannot read '%s'", "f"), PW_ENOTFOUND);
    assert_string_equal(pw_error_message(&err), "cannot read 'f': No such file or directory");
    pw_error_release(&err);
}

static void utf8_validity(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool is_valid;
    } cases[] = {
        {"", true},
        {"plain", true},
        {"\xC3\xA9", true},
        {"\xE2\x82\xAC", true},
        {"\xF0\x9F\x98\x80", true},
        {"\xF4\x8F\xBF\xBF", true},
        {"\xC3", false},
        {"\x80", false},
        {"\xC0\x80", false},
        {"\xE0\x80\x80", false},
        {"\xED\xA0\x80", false},
        {"\xF4\x90\x80\x80", false},
        {"\xFF", false},
        {"a\xE2\x82", false},
    };
    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        assert_int_equal(pw_utf8_is_valid(cases[i].text, strlen(cases[i].text)), cases[i].is_valid);
    }
    uint32_t code_point = 0;
    assert_int_equal(pw_utf8_decode("\xE2\x82\xAC!", 4, &code_point), 3);
    assert_int_equal(code_point, 0x20AC);
    assert_int_equal(pw_utf8_decode("\xE2\x82", 2, &code_point), 1);
    assert_int_equal(code_point, 0xFFFD);
    assert_int_equal(pw_utf8_decode("", 0, &code_point), 0);
}

static void width_counts_columns(void **state)
{
    (void)state;
    assert_int_equal(pw_text_width("abc"), 3);
    assert_int_equal(pw_text_width("\xC2\xB5s"), 2);
    assert_int_equal(pw_text_width("\xE6\xBC\xA2\xE5\xAD\x97"), 4);
    assert_int_equal(pw_text_width("e\xCC\x81"), 1);
}

static void near_words_are_suggested(void **state)
{
    (void)state;
    static const char *const keys[] = {"thresholds", "timeout", "budget", "runs"};
    assert_string_equal(pw_text_nearest("treshold", keys, PW_COUNT(keys)), "thresholds");
    assert_string_equal(pw_text_nearest("timout", keys, PW_COUNT(keys)), "timeout");
    assert_string_equal(pw_text_nearest("run", keys, PW_COUNT(keys)), "runs");
    assert_null(pw_text_nearest("colour", keys, PW_COUNT(keys)));
    assert_int_equal(pw_edit_distance("kitten", "sitting", 9), 3);
    assert_int_equal(pw_edit_distance("kitten", "sitting", 1), 2);
}

static void patterns_match_slashes(void **state)
{
    (void)state;
    assert_true(pw_glob_match("parse*", "parse/size=1024"));
    assert_true(pw_glob_match("*/size=?", "parse/size=1"));
    assert_false(pw_glob_match("parse", "parse/size=1"));
}

static void hashes_are_fnv1a_over_terminated_strings(void **state)
{
    (void)state;
    /* FNV-1a of the single byte 0: offset basis times the prime. */
    assert_true(pw_hash_string(PW_HASH_INIT, "") == UINT64_C(0xaf63bd4c8601b7df));
    assert_true(pw_hash_string(pw_hash_string(PW_HASH_INIT, "ab"), "c") !=
                pw_hash_string(pw_hash_string(PW_HASH_INIT, "a"), "bc"));
}

static void run_ids_sort_and_differ(void **state)
{
    (void)state;
    struct pw_error err = PW_ERROR_INIT;
    char a[PW_RUN_ID_SIZE];
    char b[PW_RUN_ID_SIZE];
    assert_int_equal(pw_run_id_new(a, &err), 0);
    assert_int_equal(pw_run_id_new(b, &err), 0);
    assert_int_equal(strlen(a), 26);
    assert_int_equal(strspn(a, "0123456789ABCDEFGHJKMNPQRSTVWXYZ"), 26);
    assert_true(a[0] <= '7');
    assert_string_not_equal(a, b);
    /* The first ten digits are the time in milliseconds: the two were made within a minute. */
    assert_memory_equal(a, b, 6);
    assert_int_equal(pw_run_id_wall_s("01JD3Z6W6QK1V6K9M2T8C4X7RB"), 1732078956);
    assert_int_equal(pw_run_id_wall_s("01JD"), 0);
    assert_int_equal(pw_run_id_wall_s("0!JD3Z6W6QK1V6K9M2T8C4X7RB"), 0);
}

static void utc_is_formatted(void **state)
{
    (void)state;
    char text[PW_TIME_TEXT_SIZE];
    pw_clock_format_utc(1795168800, text);
    assert_string_equal(text, "2026-11-20T10:00:00Z");
}

static void verdict_names_round_trip(void **state)
{
    (void)state;
    for (int i = 0; i < PW_VERDICT_COUNT; i++) {
        enum pw_verdict verdict = PW_VERDICT_COUNT;
        assert_true(pw_verdict_from_name(pw_verdict_name((enum pw_verdict)i), &verdict));
        assert_int_equal(verdict, i);
    }
    enum pw_verdict untouched = PW_VERDICT_PASS;
    assert_false(pw_verdict_from_name("passed", &untouched));
}

static void exit_codes_are_ordered_by_seriousness(void **state)
{
    (void)state;
    static const int order[] = {0, 3, 1, 4, 2, 5, 130, 143};
    for (size_t i = 0; i < PW_COUNT(order); i++) {
        for (size_t j = 0; j <= i; j++) {
            assert_int_equal(pw_exit_worst(order[i], order[j]), order[i]);
            assert_int_equal(pw_exit_worst(order[j], order[i]), order[i]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strbuf_grows_and_stays_terminated),
        cmocka_unit_test(strbuf_remembers_the_cap),
        cmocka_unit_test(detached_text_is_never_null_on_success),
        cmocka_unit_test(arena_memory_is_zeroed_and_grows),
        cmocka_unit_test(errors_carry_place_and_prefix),
        cmocka_unit_test(utf8_validity),
        cmocka_unit_test(width_counts_columns),
        cmocka_unit_test(near_words_are_suggested),
        cmocka_unit_test(patterns_match_slashes),
        cmocka_unit_test(hashes_are_fnv1a_over_terminated_strings),
        cmocka_unit_test(run_ids_sort_and_differ),
        cmocka_unit_test(utc_is_formatted),
        cmocka_unit_test(verdict_names_round_trip),
        cmocka_unit_test(exit_codes_are_ordered_by_seriousness),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The small grammars inside values: names of refs, and parameters in braces. */
#include "test_config_support.h"

static bool is_valid(const char *text)
{
    return parse_anything(text, strlen(text));
}

static void test_refs(void **state)
{
    (void)state;
    static const struct {
        const char *ref;
        bool is_right;
    } cases[] = {
        {"refs/perfwarden/baselines", true},
        {"refs/x", true},
        {"refs/a/b-c_d.e@f", true},
        {"refs/\xC3\xA4", true},
        {"refs/", false},
        {"refs", false},
        {"main", false},
        {"HEAD", false},
        {"/refs/a", false},
        {"refs//a", false},
        {"refs/a/", false},
        {"refs/.a", false},
        {"refs/a/.b", false},
        {"refs/a..b", false},
        {"refs/a.lock", false},
        {"refs/a.lock/b", false},
        {"refs/a.", false},
        {"refs/a b", false},
        {"refs/a~1", false},
        {"refs/a^", false},
        {"refs/a:b", false},
        {"refs/a?", false},
        {"refs/a*", false},
        {"refs/a[b", false},
        {"refs/a@{b", false},
        {"refs/a\\b", false},
        /* what others keep there must not be moved */
        {"refs/heads/perf", true},
        {"refs/perfwarden", true},
        {"refs/tagsy", true},
        {"refs/tags/v1", false},
        {"refs/tags", false},
        {"refs/remotes/origin/main", false},
        {"refs/stash", false},
        {"refs/notes/perf", false},
        {"refs/bisect/bad", false},
        {"refs/replace/x", false},
        {"refs/perfwarden/fetch/x", false},
        {"refs/perfwarden-fetch/x", false},
    };
    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        char text[256];
        snprintf(text, sizeof(text), MINIMAL "baseline:\n  ref: '%s'\n", cases[i].ref);
        if (is_valid(text) != cases[i].is_right) {
            print_error("'%s'\n", cases[i].ref);
            fail();
        }
    }
}

static void test_refs_of_others_are_named(void **state)
{
    (void)state;
    static const char text[] = MINIMAL "baseline: { ref: refs/remotes/origin/main }\n";
    struct pw_config config = {0};
    struct pw_diagnostics mistakes = {0};

    assert_int_equal(parse(text, sizeof(text) - 1, &config, &mistakes), PW_ECONFIG);
    assert_int_equal(mistakes.count, 1);
    assert_non_null(strstr(pw_error_message(&mistakes.items[0]),
                           "'baseline.ref' must not be 'refs/remotes/origin/main', 'refs/remotes' "
                           "is in use for other things; name a ref such as "
                           "refs/perfwarden/baselines"));
    pw_diagnostics_release(&mistakes);
}

/* What a command becomes when `name` is a parameter with the value 7; NULL for a mistake. */
static void test_words_in_braces(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *command;
        const char *filled;
    } cases[] = {
        {"size", "{size}", "7"},
        {"size", "a{size}b{size}", "a7b7"},
        {"size", "{{size}}", "{7}"},
        {"size", "{size", "{size"},
        {"size", "{ size}", "{ size}"},
        {"size", "{length}", "{length}"},
        {"size", "{sizes}", NULL},
        {"size", "{siz}", NULL},
        {"size", "{szie}", NULL},
        {"size", "{SIZE}", NULL},
        {"size", "{side_length}", "{side_length}"},
        {"size", "${size}", NULL},
        {"size", "${sizes}", "${sizes}"},
        {"n", "{x}", "{x}"},
        {"n", "{N}", NULL},
        {"n", "{nn}", NULL},
        {"n", "{xyz}", "{xyz}"},
        {"n", "$n {} {1} {n.}", "$n {} {1} {n.}"},
    };
    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        char text[256];
        snprintf(text, sizeof(text),
                 "version: 1\nbenchmarks: [{name: a, command: '%s', params: {%s: 7}}]\n",
                 cases[i].command, cases[i].name);
        if (is_valid(text) != (cases[i].filled != NULL)) {
            print_error("'%s' with '%s'\n", cases[i].command, cases[i].name);
            fail();
        }
        if (cases[i].filled != NULL) {
            struct pw_config config = parse_valid(text);
            assert_string_equal(config.benchmarks[0].command.items[2], cases[i].filled);
            pw_config_release(&config);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refs),
        cmocka_unit_test(test_refs_of_others_are_named),
        cmocka_unit_test(test_words_in_braces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

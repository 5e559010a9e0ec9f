/*
 * Unique names by sorting. Two cases meet when their names differ only in what XML cannot express
 * or in blanks, which readers of the schemas' type for names collapse.
 */
#include "junit_unique.h"

#include <stdlib.h>
#include <string.h>

/** A test case and the name that readers compare. */
struct named {
    struct pw_junit_case *test_case;
    const char *key;
};

/* The name with each run of blanks as one, none at the ends: whiteSpace="collapse". */
static const char *collapse(struct pw_arena *arena, const char *name)
{
    char *key = pw_arena_strdup(arena, name);
    size_t length = 0;
    if (key == NULL) {
        return NULL;
    }
    for (const char *p = name; *p != '\0'; p++) {
        bool is_blank = strchr(" \t\r\n", *p) != NULL;
        if (!is_blank) {
            key[length++] = *p;
        } else if (length > 0 && key[length - 1] != ' ') {
            key[length++] = ' ';
        }
    }
    while (length > 0 && key[length - 1] == ' ') {
        length--;
    }
    key[length] = '\0';
    return key;
}

static int compare_named(const void *left, const void *right)
{
    const struct named *a = left;
    const struct named *b = right;
    int order = strcmp(a->key, b->key);
    return order != 0 ? order : (a->test_case > b->test_case) - (a->test_case < b->test_case);
}

/* Number the later ones of each run of equal keys. @return how many names changed, or PW_ENOMEM */
static int number_equals(struct pw_arena *arena, struct named *named, size_t count)
{
    int changed = 0;
    for (size_t i = 1, ordinal = 1; i < count; i++) {
        ordinal = strcmp(named[i].key, named[i - 1].key) == 0 ? ordinal + 1 : 1;
        if (ordinal == 1) {
            continue;
        }
        struct pw_junit_case *test_case = named[i].test_case;
        test_case->name = pw_arena_printf(arena, "%s (%zu)", test_case->name, ordinal);
        if (test_case->name == NULL) {
            return PW_ENOMEM;
        }
        changed = 1;
    }
    return changed;
}

static int collect(struct pw_junit_suite *suite, struct named *named)
{
    for (size_t i = 0; i < suite->case_count; i++) {
        named[i].test_case = &suite->cases[i];
        named[i].key = collapse(&suite->arena, suite->cases[i].name);
        if (named[i].key == NULL) {
            return PW_ENOMEM;
        }
    }
    qsort(named, suite->case_count, sizeof *named, compare_named);
    return 0;
}

int pw_junit_make_unique(struct pw_junit_suite *suite, struct pw_error *err)
{
    struct named *named = pw_arena_array(&suite->arena, suite->case_count + 1, sizeof *named);
    /* A numbered name can meet one that is spelled so: once more then, and names only grow. */
    for (int changed = 1, rounds = 0; changed > 0 && rounds < 8; rounds++) {
        changed = named == NULL ? PW_ENOMEM : collect(suite, named);
        if (changed == 0) {
            changed = number_equals(&suite->arena, named, suite->case_count);
        }
        if (changed < 0) {
            return pw_error_set_no_memory(err);
        }
    }
    return 0;
}

/*
 * The environment as a list of facts: its id, and how two differ. Where the facts come from is
 * environment_detect.c's business.
 */
#include "environment.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "perfwarden/util/text.h"

int pw_environment_add(struct pw_result *result, const char *name, const char *value,
                       bool is_identity, struct pw_error *err)
{
    struct pw_environment *environment = &result->environment;
    const char *copy = pw_arena_strdup(&result->arena, value);
    if (copy == NULL) {
        return pw_error_set_no_memory(err);
    }
    struct pw_environment_fact *grown =
        pw_arena_grow(&result->arena, environment->facts, environment->fact_count,
                      &environment->fact_capacity, sizeof(*grown));
    if (grown == NULL) {
        return pw_error_set_no_memory(err);
    }
    environment->facts = grown;
    grown[environment->fact_count++] =
        (struct pw_environment_fact){.name = name, .value = copy, .is_identity = is_identity};
    return 0;
}

int pw_environment_note(struct pw_result *result, const char *name, const char *value,
                        struct pw_error *err)
{
    struct pw_environment *environment = &result->environment;
    for (size_t i = 0; i < environment->fact_count; i++) {
        struct pw_environment_fact *fact = &environment->facts[i];
        if (fact->is_identity || strcmp(fact->name, name) != 0) {
            continue;
        }
        const char *copy = pw_arena_strdup(&result->arena, value);
        if (copy == NULL) {
            return pw_error_set_no_memory(err);
        }
        fact->value = copy;
        return 0;
    }
    return pw_environment_add(result, name, value, false, err);
}

static int compare_facts(const void *left, const void *right)
{
    const struct pw_environment_fact *a = left;
    const struct pw_environment_fact *b = right;
    return strcmp(a->name, b->name);
}

int pw_environment_set_id(struct pw_environment *environment, struct pw_error *err)
{
    size_t count = environment->fact_count;
    struct pw_environment_fact *sorted = calloc(count + 1, sizeof(*sorted));
    if (sorted == NULL) {
        return pw_error_set_no_memory(err);
    }
    for (size_t i = 0; i < count; i++) {
        sorted[i] = environment->facts[i];
    }
    qsort(sorted, count, sizeof(*sorted), compare_facts);
    uint64_t hash = PW_HASH_INIT;
    for (size_t i = 0; i < count; i++) {
        if (!sorted[i].is_identity) {
            continue;
        }
        hash = pw_hash_string(hash, sorted[i].name);
        hash = pw_hash_string(hash, sorted[i].value);
    }
    free(sorted);
    snprintf(environment->id, sizeof(environment->id), "%012llx", (unsigned long long)(hash >> 16));
    return 0;
}

/* The value of an identity fact, NULL when it was not found out. */
static const char *identity_value(const struct pw_environment *environment, const char *name)
{
    for (size_t i = 0; i < environment->fact_count; i++) {
        const struct pw_environment_fact *fact = &environment->facts[i];
        if (fact->is_identity && strcmp(fact->name, name) == 0) {
            return fact->value;
        }
    }
    return NULL;
}

/* Append the identity facts of `environment` that differ in `other`; of those that both have only
 * when asked to, so that none is named twice. */
static void describe(const struct pw_environment *environment, const struct pw_environment *other,
                     bool with_common, struct pw_strbuf *out)
{
    for (size_t i = 0; i < environment->fact_count; i++) {
        const struct pw_environment_fact *fact = &environment->facts[i];
        if (!fact->is_identity) {
            continue;
        }
        const char *value = identity_value(other, fact->name);
        if (value != NULL && (!with_common || strcmp(value, fact->value) == 0)) {
            continue;
        }
        if (out->length > 0) {
            pw_strbuf_puts(out, ", ");
        }
        pw_strbuf_puts(out, fact->name);
    }
}

void pw_environment_describe_difference(const struct pw_environment *a,
                                        const struct pw_environment *b, struct pw_strbuf *out)
{
    struct pw_strbuf names = PW_STRBUF_INIT;
    describe(a, b, true, &names);
    describe(b, a, false, &names);
    if (pw_strbuf_failed(&names)) {
        out->failed = true;
    }
    pw_strbuf_puts(out, pw_strbuf_text(&names));
    pw_strbuf_release(&names);
}

/*
 * A result from JSON in one pass, without a tree: what a comparison needs of it. Reads what this
 * version itself writes; for everything else, and for whatever is wrong, it gives up and the text
 * is read in the general way.
 */
#include "read_lean.h"

#include <stddef.h>
#include <string.h>

#include "compact.h"
#include "environment.h"
#include "internal.h"

static size_t find_member(const struct pw_lean_member *members, size_t count,
                          const struct pw_slice *name)
{
    size_t at = 0;

    while (at < count && !pw_slice_is(name, members[at].name)) {
        at++;
    }
    return at;
}

bool pw_lean_object(struct pw_lean *lean, const struct pw_lean_member *members, size_t count,
                    void *target)
{
    struct pw_plain *plain = &lean->plain;
    struct pw_slice name;
    unsigned long seen = 0;
    bool is_first = true;

    if (!pw_plain_open(plain, '{')) {
        return false;
    }
    while (pw_plain_more(plain, '}', &is_first)) {
        if (!pw_plain_key(plain, &name)) {
            return false;
        }
        const size_t at = find_member(members, count, &name);
        if (at == count || (seen & 1ul << at) != 0) {
            return pw_plain_fail(plain);
        }
        seen |= 1ul << at;
        if (!members[at].read(lean, (char *)target + members[at].offset)) {
            return false;
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (members[i].is_required && (seen & 1ul << i) == 0) {
            return pw_plain_fail(plain);
        }
    }
    return !plain->has_failed;
}

static void *remember(struct pw_lean *lean, void *memory)
{
    if (memory == NULL) {
        lean->plain.is_out_of_memory = true;
        (void)pw_plain_fail(&lean->plain);
    }
    return memory;
}

void *pw_lean_grow(struct pw_lean *lean, void *array, size_t count, size_t *capacity, size_t size)
{
    return remember(lean, pw_arena_grow(&lean->scratch.arena, array, count, capacity, size));
}

void *pw_lean_take(struct pw_lean *lean, const void *array, size_t count, size_t size)
{
    if (lean->plain.has_failed) {
        return NULL;
    }
    void *copy = remember(lean, pw_arena_array(lean->plain.arena, count, size));
    if (copy != NULL && count > 0) {
        memcpy(copy, array, count * size);
    }
    return copy;
}

bool pw_lean_text(struct pw_lean *lean, void *field)
{
    const char **text = field;

    return pw_plain_string(&lean->plain, text) && (**text != '\0' || pw_plain_fail(&lean->plain));
}

bool pw_lean_optional_text(struct pw_lean *lean, void *field)
{
    const char **text = field;

    if (pw_plain_null(&lean->plain)) {
        return true;
    }
    if (!pw_plain_string(&lean->plain, text)) {
        return false;
    }
    if (**text == '\0') {
        *text = NULL;
    }
    return true;
}

bool pw_lean_texts(struct pw_lean *lean, const char ***out, size_t *count)
{
    struct pw_lean_scratch *scratch = &lean->scratch;
    struct pw_plain *plain = &lean->plain;
    bool is_first = true;
    size_t length = 0;

    if (!pw_plain_open(plain, '[')) {
        return false;
    }
    while (pw_plain_more(plain, ']', &is_first)) {
        const char **grown = pw_lean_grow(lean, (void *)scratch->texts, length,
                                          &scratch->text_capacity, sizeof(*grown));
        if (grown == NULL || !pw_plain_string(plain, &grown[length])) {
            return false;
        }
        scratch->texts = grown;
        length++;
    }
    *out = pw_lean_take(lean, (void *)scratch->texts, length, sizeof(**out));
    *count = length;
    return *out != NULL;
}

static bool read_schema(struct pw_lean *lean, void *field)
{
    struct pw_slice schema;

    (void)field;
    return pw_plain_slice(&lean->plain, &schema) &&
           (pw_slice_is(&schema, PW_RESULT_SCHEMA) || pw_plain_fail(&lean->plain));
}

static bool skip_text(struct pw_lean *lean, void *field)
{
    struct pw_slice ignored;

    (void)field;
    return pw_plain_slice(&lean->plain, &ignored);
}

static bool read_tool(struct pw_lean *lean, void *field)
{
    static const struct pw_lean_member members[] = {
        {"name", skip_text, 0, false},
        {"version", pw_lean_optional_text, offsetof(struct pw_result, tool_version), false},
    };

    return pw_lean_object(lean, members, PW_COUNT(members), field);
}

static bool read_run_id(struct pw_lean *lean, void *field)
{
    const char *text = NULL;

    if (!pw_plain_string(&lean->plain, &text)) {
        return false;
    }
    if (!pw_result_is_run_id(text)) {
        return pw_plain_fail(&lean->plain);
    }
    memcpy(field, text, PW_RUN_ID_SIZE);
    return true;
}

static bool is_commit(const char *text)
{
    return pw_result_is_hex(text, 40);
}

static bool read_commit(struct pw_lean *lean, void *field)
{
    const char **commit = field;

    return pw_lean_optional_text(lean, field) &&
           (*commit == NULL || is_commit(*commit) || pw_plain_fail(&lean->plain));
}

static bool read_parents(struct pw_lean *lean, void *field)
{
    struct pw_result *result = field;

    if (!pw_lean_texts(lean, &result->parents, &result->parent_count)) {
        return false;
    }
    for (size_t i = 0; i < result->parent_count; i++) {
        if (!is_commit(result->parents[i])) {
            return pw_plain_fail(&lean->plain);
        }
    }
    return true;
}

static bool read_bool(struct pw_lean *lean, void *field)
{
    return pw_plain_bool(&lean->plain, field);
}

static bool has_fact(const struct pw_environment *environment, const struct pw_slice *name,
                     bool is_identity)
{
    for (size_t i = 0; i < environment->fact_count; i++) {
        const struct pw_environment_fact *fact = &environment->facts[i];
        if (fact->is_identity == is_identity && pw_slice_is(name, fact->name)) {
            return true;
        }
    }
    return false;
}

static bool add_fact(struct pw_lean *lean, const struct pw_slice *name, bool is_identity)
{
    struct pw_environment *environment = &lean->result->environment;
    struct pw_plain *plain = &lean->plain;
    struct pw_environment_fact fact = {.is_identity = is_identity};

    if (environment->fact_count == PW_LEAN_MAX_NAMES || has_fact(environment, name, is_identity) ||
        !pw_plain_keep(plain, name, NULL, &fact.name) || !pw_plain_string(plain, &fact.value)) {
        return pw_plain_fail(plain);
    }
    struct pw_environment_fact *grown =
        remember(lean, pw_arena_grow(plain->arena, environment->facts, environment->fact_count,
                                     &environment->fact_capacity, sizeof(*grown)));
    if (grown == NULL) {
        return false;
    }
    environment->facts = grown;
    grown[environment->fact_count++] = fact;
    return true;
}

static bool read_info(struct pw_lean *lean)
{
    struct pw_plain *plain = &lean->plain;
    struct pw_slice name;
    bool is_first = true;

    if (!pw_plain_open(plain, '{')) {
        return false;
    }
    while (pw_plain_more(plain, '}', &is_first)) {
        if (!pw_plain_key(plain, &name) || !add_fact(lean, &name, false)) {
            return false;
        }
    }
    return !plain->has_failed;
}

static bool read_environment_id(struct pw_lean *lean)
{
    struct pw_environment *environment = &lean->result->environment;
    struct pw_slice id;

    if (environment->id[0] != '\0' || !pw_plain_slice(&lean->plain, &id) ||
        id.length != PW_ENVIRONMENT_ID_SIZE - 1) {
        return pw_plain_fail(&lean->plain);
    }
    memcpy(environment->id, id.text, id.length);
    return pw_result_is_hex(environment->id, id.length) || pw_plain_fail(&lean->plain);
}

/* The id and the facts of identity side by side, the others last, inside "info". */
static bool read_environment(struct pw_lean *lean, void *field)
{
    struct pw_environment *environment = field;
    struct pw_plain *plain = &lean->plain;
    struct pw_slice name;
    bool is_first = true;
    bool has_info = false;

    if (!pw_plain_open(plain, '{')) {
        return false;
    }
    while (pw_plain_more(plain, '}', &is_first)) {
        bool is_plain = pw_plain_key(plain, &name) && !has_info;
        if (!is_plain) {
            return pw_plain_fail(plain);
        }
        if (pw_slice_is(&name, "id")) {
            is_plain = read_environment_id(lean);
        } else if (pw_slice_is(&name, "info")) {
            has_info = true;
            is_plain = read_info(lean);
        } else {
            is_plain = add_fact(lean, &name, true);
        }
        if (!is_plain) {
            return false;
        }
    }
    return !plain->has_failed && (environment->id[0] != '\0' || pw_plain_fail(plain));
}

static const struct pw_lean_member members[] = {
    {"schema", read_schema, 0, true},
    {"tool", read_tool, 0, false},
    {"run_id", read_run_id, offsetof(struct pw_result, run_id), true},
    {"commit", read_commit, offsetof(struct pw_result, commit), false},
    {"parents", read_parents, 0, false},
    {"branch", pw_lean_optional_text, offsetof(struct pw_result, branch), false},
    {"dirty", read_bool, offsetof(struct pw_result, is_dirty), false},
    {"started_at", pw_lean_text, offsetof(struct pw_result, started_at), true},
    {"config_hash", pw_lean_optional_text, offsetof(struct pw_result, config_hash), false},
    {"environment", read_environment, offsetof(struct pw_result, environment), true},
    {"benchmarks", pw_lean_benchmarks, 0, true},
};

/*
 * @param[out] is_plain  false when the text is to be read in the general way
 * @return 0; PW_ENOMEM
 */
static int read_plain(const char *text, size_t length, struct pw_result *out, bool *is_plain,
                      struct pw_error *err)
{
    struct pw_result result;
    size_t repeated = 0;
    int rc = 0;

    memset(&result, 0, sizeof(result));
    struct pw_lean lean = {
        .plain = {.at = text, .end = text + length, .arena = &result.arena},
        .result = &result,
    };
    *is_plain =
        pw_lean_object(&lean, members, PW_COUNT(members), &result) && pw_plain_finish(&lean.plain);
    if (lean.plain.is_out_of_memory) {
        rc = pw_error_set_no_memory(err);
    } else if (*is_plain) {
        rc = pw_result_find_repeated(&result, &repeated, err);
        *is_plain = repeated == result.benchmark_count;
    }
    pw_arena_release(&lean.scratch.arena);
    if (rc == 0 && *is_plain) {
        *out = result;
    } else {
        pw_result_release(&result);
    }
    return rc;
}

int pw_result_read_lean(const char *text, size_t length, const char *name, struct pw_result *out,
                        struct pw_error *err)
{
    struct pw_result result;
    bool is_plain = false;
    int rc = read_plain(length == 0 ? "" : text, length, out, &is_plain, err);

    if (rc < 0 || is_plain) {
        return rc;
    }
    rc = pw_result_read(text, length, name, &result, err);
    if (rc < 0) {
        return rc;
    }
    rc = pw_result_compact(&result, err);
    if (rc < 0) {
        pw_result_release(&result);
        return rc;
    }
    *out = result;
    return 0;
}

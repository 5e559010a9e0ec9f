/*
 * Reading JSON: the only file that knows cJSON. cJSON builds and holds the tree; json_scan.c has
 * checked the text before, because cJSON accepts much that is no JSON, cuts strings at \u0000 and
 * turns 1e400 into infinity.
 *
 * A struct pw_json is a cJSON node seen from outside; it is never defined.
 */
#include <cjson/cJSON.h>
#include <string.h>

#include "json_scan.h"
#include "perfwarden/util/json.h"

static const cJSON *node_of(const struct pw_json *value)
{
    return (const cJSON *)(const void *)value;
}

static const struct pw_json *value_of(const cJSON *node)
{
    return (const struct pw_json *)(const void *)node;
}

int pw_json_parse(const char *text, size_t length, const char *name, unsigned flags,
                  struct pw_json **out, struct pw_error *err)
{
    int rc = pw_json_scan(text, length, name, flags, err);
    if (rc < 0) {
        return rc;
    }
    cJSON *root = cJSON_ParseWithLength(text, length);
    if (root == NULL) { /* the text is known to be well-formed */
        return pw_error_set_no_memory(err);
    }
    *out = (struct pw_json *)(void *)root;
    return 0;
}

void pw_json_free(struct pw_json *document)
{
    cJSON_Delete((cJSON *)(void *)document);
}

enum pw_json_type pw_json_type(const struct pw_json *value)
{
    switch (node_of(value)->type & 0xFF) {
    case cJSON_False:
    case cJSON_True:
        return PW_JSON_BOOL;
    case cJSON_Number:
        return PW_JSON_NUMBER;
    case cJSON_String:
        return PW_JSON_STRING;
    case cJSON_Array:
        return PW_JSON_ARRAY;
    case cJSON_Object:
        return PW_JSON_OBJECT;
    default:
        return PW_JSON_NULL;
    }
}

static bool is_of(const struct pw_json *value, enum pw_json_type type)
{
    return value != NULL && pw_json_type(value) == type;
}

const struct pw_json *pw_json_get(const struct pw_json *value, const char *key)
{
    if (!is_of(value, PW_JSON_OBJECT)) {
        return NULL;
    }
    for (const cJSON *member = node_of(value)->child; member != NULL; member = member->next) {
        /* most names differ in their first letter: that saves most of the calls */
        if (member->string[0] == key[0] && strcmp(member->string, key) == 0) {
            return value_of(member);
        }
    }
    return NULL;
}

const struct pw_json *pw_json_first(const struct pw_json *value)
{
    return value == NULL ? NULL : value_of(node_of(value)->child);
}

const struct pw_json *pw_json_next(const struct pw_json *value)
{
    return value_of(node_of(value)->next);
}

const char *pw_json_key(const struct pw_json *value)
{
    return node_of(value)->string;
}

size_t pw_json_size(const struct pw_json *value)
{
    size_t count = 0;
    for (const struct pw_json *item = pw_json_first(value); item != NULL;
         item = pw_json_next(item)) {
        count++;
    }
    return count;
}

const char *pw_json_string(const struct pw_json *value)
{
    return is_of(value, PW_JSON_STRING) ? node_of(value)->valuestring : NULL;
}

bool pw_json_number(const struct pw_json *value, double *out)
{
    if (!is_of(value, PW_JSON_NUMBER)) {
        return false;
    }
    *out = node_of(value)->valuedouble;
    return true;
}

bool pw_json_bool(const struct pw_json *value, bool *out)
{
    if (!is_of(value, PW_JSON_BOOL)) {
        return false;
    }
    *out = (node_of(value)->type & 0xFF) == cJSON_True;
    return true;
}

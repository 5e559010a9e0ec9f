/*
 * A result from JSON. Strict about what it knows: kinds, ids that end up in paths, one schema
 * version. Lenient about what it does not: unknown members stay in the document and are written
 * back.
 */
#include <stdlib.h>
#include <string.h>

#include "environment.h"
#include "internal.h"
#include "perfwarden/util/file.h"
#include "perfwarden/util/number.h"
#include "reader.h"

#define SCHEMA_PREFIX "perfwarden/result/"
/** Far beyond what a machine has; comparing facts is quadratic. */
#define MAX_FACTS 1000

static int read_schema(struct pw_reader *reader, const struct pw_json *document)
{
    const char *schema = NULL;
    uint64_t version = 0;
    int rc = pw_reader_text(reader, document, "schema", PW_REQUIRED, &schema);
    if (rc < 0) {
        return rc;
    }
    if (strcmp(schema, PW_RESULT_SCHEMA) == 0) {
        return 0;
    }
    size_t length = strlen(SCHEMA_PREFIX);
    bool is_newer = strncmp(schema, SCHEMA_PREFIX, length) == 0 &&
                    pw_parse_uint64(schema + length, &version) == 0 && version > 1;
    if (is_newer) {
        return pw_error_set_at(reader->err, PW_EFORMAT, reader->name, 0, 0,
                               "schema '%s' is of a newer version, upgrade perfwarden to read it",
                               schema);
    }
    return pw_error_set_at(reader->err, PW_EFORMAT, reader->name, 0, 0,
                           "schema '%s' is not that of a result, expected '%s'", schema,
                           PW_RESULT_SCHEMA);
}

bool pw_result_is_run_id(const char *text)
{
    return strlen(text) == PW_RUN_ID_SIZE - 1 &&
           strspn(text, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") ==
               PW_RUN_ID_SIZE - 1;
}

static int read_run_id(struct pw_reader *reader, const struct pw_json *document)
{
    const char *text = NULL;
    int rc = pw_reader_text(reader, document, "run_id", PW_REQUIRED, &text);
    if (rc < 0) {
        return rc;
    }
    if (!pw_result_is_run_id(text)) {
        return pw_reader_fail(reader, "run_id", "is not 26 letters and digits");
    }
    memcpy(reader->result->run_id, text, PW_RUN_ID_SIZE);
    return 0;
}

static int read_commits(struct pw_reader *reader, const struct pw_json *document)
{
    struct pw_result *result = reader->result;
    int rc = pw_reader_text(reader, document, "commit", PW_OPTIONAL, &result->commit);
    if (rc < 0) {
        return rc;
    }
    if (result->commit != NULL && !pw_result_is_hex(result->commit, 40)) {
        return pw_reader_fail(reader, "commit", "is not 40 hexadecimal digits");
    }
    rc = pw_reader_texts(reader, document, "parents", &result->parents, &result->parent_count);
    if (rc < 0) {
        return rc;
    }
    for (size_t i = 0; i < result->parent_count; i++) {
        if (!pw_result_is_hex(result->parents[i], 40)) {
            (void)pw_reader_enter(reader, "parents");
            (void)pw_reader_enter_index(reader, i);
            return pw_reader_fail(reader, NULL, "is not 40 hexadecimal digits");
        }
    }
    return 0;
}

static int read_tool(struct pw_reader *reader, const struct pw_json *document)
{
    const struct pw_json *tool = NULL;
    int rc = pw_reader_member(reader, document, "tool", PW_JSON_OBJECT, PW_OPTIONAL, &tool);
    if (rc < 0) {
        return rc;
    }
    size_t mark = pw_reader_enter(reader, "tool");
    rc = pw_reader_text(reader, tool, "version", PW_OPTIONAL, &reader->result->tool_version);
    if (rc == 0) {
        pw_reader_leave(reader, mark);
    }
    return rc;
}

static int add_facts(struct pw_reader *reader, const struct pw_json *object, bool is_identity)
{
    for (const struct pw_json *item = pw_json_first(object); item != NULL;
         item = pw_json_next(item)) {
        const char *value = pw_json_string(item);
        bool is_id = is_identity && strcmp(pw_json_key(item), "id") == 0;
        if (value == NULL || is_id) {
            continue;
        }
        if (reader->result->environment.fact_count == MAX_FACTS) {
            return pw_reader_fail(reader, "environment", "has more than 1000 facts");
        }
        int rc =
            pw_environment_add(reader->result, pw_json_key(item), value, is_identity, reader->err);
        if (rc < 0) {
            return rc;
        }
    }
    return 0;
}

static int read_environment(struct pw_reader *reader, const struct pw_json *document)
{
    const struct pw_json *object = NULL;
    const struct pw_json *info = NULL;
    const char *id = NULL;
    int rc =
        pw_reader_member(reader, document, "environment", PW_JSON_OBJECT, PW_REQUIRED, &object);
    if (rc < 0) {
        return rc;
    }
    size_t mark = pw_reader_enter(reader, "environment");
    rc = pw_reader_text(reader, object, "id", PW_REQUIRED, &id);
    if (rc == 0) {
        rc = pw_reader_member(reader, object, "info", PW_JSON_OBJECT, PW_OPTIONAL, &info);
    }
    if (rc < 0) {
        return rc;
    }
    if (!pw_result_is_hex(id, PW_ENVIRONMENT_ID_SIZE - 1)) {
        return pw_reader_fail(reader, "id", "is not 12 hexadecimal digits");
    }
    memcpy(reader->result->environment.id, id, PW_ENVIRONMENT_ID_SIZE);
    pw_reader_leave(reader, mark);
    rc = add_facts(reader, object, true);
    return rc < 0 ? rc : add_facts(reader, info, false);
}

static int read_header(struct pw_reader *reader, const struct pw_json *document)
{
    struct pw_result *result = reader->result;
    const struct pw_json *dirty = NULL;
    int rc = read_tool(reader, document);
    if (rc == 0) {
        rc = read_run_id(reader, document);
    }
    if (rc == 0) {
        rc = read_commits(reader, document);
    }
    if (rc == 0) {
        rc = pw_reader_text(reader, document, "branch", PW_OPTIONAL, &result->branch);
    }
    if (rc == 0) {
        rc = pw_reader_member(reader, document, "dirty", PW_JSON_BOOL, PW_OPTIONAL, &dirty);
    }
    if (rc == 0) {
        rc = pw_reader_text(reader, document, "started_at", PW_REQUIRED, &result->started_at);
    }
    if (rc == 0) {
        rc = pw_reader_text(reader, document, "config_hash", PW_OPTIONAL, &result->config_hash);
    }
    if (rc == 0) {
        (void)pw_json_bool(dirty, &result->is_dirty);
    }
    return rc;
}

static int read_document(struct pw_reader *reader, const struct pw_json *document)
{
    if (pw_json_type(document) != PW_JSON_OBJECT) {
        return pw_error_set_at(reader->err, PW_EFORMAT, reader->name, 0, 0,
                               "not a result: expected a JSON object");
    }
    int rc = read_schema(reader, document);
    if (rc == 0) {
        rc = read_header(reader, document);
    }
    if (rc == 0) {
        rc = read_environment(reader, document);
    }
    if (rc == 0) {
        rc = pw_shard_read(document, reader->name, &reader->result->arena, &reader->result->shard,
                           reader->err);
    }
    if (rc == 0) {
        rc = pw_reader_benchmarks(reader, document);
    }
    return rc;
}

int pw_result_read(const char *text, size_t length, const char *name, struct pw_result *out,
                   struct pw_error *err)
{
    struct pw_result result;
    memset(&result, 0, sizeof(result));
    int rc = pw_json_parse(text, length, name, PW_JSON_EXACT_INTEGERS, &result.document, err);
    if (rc < 0) {
        return rc;
    }
    struct pw_reader reader = {.result = &result, .name = name, .path = PW_STRBUF_INIT, .err = err};
    rc = read_document(&reader, result.document);
    pw_strbuf_release(&reader.path);
    if (rc < 0) {
        pw_result_release(&result);
        return rc;
    }
    *out = result;
    return 0;
}

int pw_result_load(const char *path, struct pw_result *out, struct pw_error *err)
{
    struct pw_strbuf text;
    pw_strbuf_init(&text, PW_RESULT_MAX_BYTES + 1);
    int rc = pw_file_read(path, PW_RESULT_MAX_BYTES, &text, err);
    if (rc == 0) {
        rc = pw_result_read(pw_strbuf_text(&text), text.length, path, out, err);
    }
    pw_strbuf_release(&text);
    return rc;
}

/*
 * The schema as a JSON Schema (draft 2020-12) for editors. It accepts all that the reader accepts;
 * what needs more than one value to judge is left to the reader.
 */
#include "describe.h"
#include "perfwarden/config/accepted.h"

static void put_required(struct pw_json_writer *json, enum pw_section section)
{
    size_t count = 0;
    const struct pw_schema_key *keys = pw_schema_keys(&count);
    pw_json_begin_compact_array(json, "required");
    for (size_t i = 0; i < count; i++) {
        if ((keys[i].sections & section) != 0 && keys[i].is_required) {
            pw_json_put_string(json, NULL, keys[i].name);
        }
    }
    pw_json_end(json);
}

/* The members of the object that describes a section. */
static void put_section(struct pw_json_writer *json, enum pw_section section)
{
    size_t count = 0;
    const struct pw_schema_key *keys = pw_schema_keys(&count);
    pw_json_put_string(json, "type", "object");
    pw_json_put_bool(json, "additionalProperties", false);
    pw_json_put_uint64(json, "minProperties", 1);
    put_required(json, section);
    pw_json_begin_object(json, "properties");
    for (size_t i = 0; i < count; i++) {
        if ((keys[i].sections & section) == 0) {
            continue;
        }
        pw_json_begin_object(json, keys[i].name);
        pw_json_put_string(json, "description", keys[i].summary);
        pw_describe_type(json, &keys[i]);
        pw_json_end(json);
    }
    pw_json_end(json);
}

/* One file: its root, and a definition of each of its other sections. */
static void put_file(struct pw_strbuf *out, const char *title, enum pw_section root,
                     const struct pw_schema_section *sections, size_t count)
{
    struct pw_json_writer json;
    pw_json_writer_init(&json, out);
    pw_json_begin_object(&json, NULL);
    pw_json_put_string(&json, "$schema", "https://json-schema.org/draft/2020-12/schema");
    pw_json_put_string(&json, "title", title);
    put_section(&json, root);
    pw_json_begin_object(&json, "$defs");
    for (size_t i = 0; i < count; i++) {
        if (sections[i].id != root) {
            pw_json_begin_object(&json, sections[i].title);
            pw_json_put_string(&json, "description", sections[i].summary);
            put_section(&json, sections[i].id);
            pw_json_end(&json);
        }
    }
    pw_json_end(&json);
    pw_json_end(&json);
    pw_json_writer_finish(&json);
}

void pw_config_describe_json_schema(struct pw_strbuf *out)
{
    size_t count = 0;
    const struct pw_schema_section *sections = pw_schema_sections(&count);
    put_file(out, "perfwarden.yml", PW_SECTION_ROOT, sections, count);
}

void pw_accepted_describe_json_schema(struct pw_strbuf *out)
{
    size_t count = 0;
    const struct pw_schema_section *sections = pw_schema_accepted_sections(&count);
    put_file(out, "accepted.yml", PW_SECTION_ACCEPTED_FILE, sections, count);
}

/* The schema as the markdown of docs/configuration.md. */
#include "describe.h"

static void put_default(struct pw_strbuf *out, const struct pw_schema_key *key)
{
    const char *code = key->initial != NULL ? "`" : "";
    pw_strbuf_printf(out, "%s%s%s", code, pw_describe_default(key), code);
}

/* The table's texts have no pipe (a test looks), so cells need no escaping. */
static void put_row(struct pw_strbuf *out, const struct pw_schema_key *key)
{
    pw_strbuf_printf(out, "| `%s` | ", key->name);
    pw_schema_expects(out, key);
    pw_strbuf_puts(out, " | ");
    put_default(out, key);
    pw_strbuf_printf(out, " | %s", key->summary);
    if (key->example != NULL) {
        pw_strbuf_printf(out, " Example: `%s`", key->example);
    }
    pw_strbuf_puts(out, " |\n");
}

static void put_section(struct pw_strbuf *out, const struct pw_schema_section *section)
{
    size_t count = 0;
    const struct pw_schema_key *keys = pw_schema_keys(&count);
    const bool is_file = section->id == PW_SECTION_ROOT || section->id == PW_SECTION_ACCEPTED_FILE;
    const char *code = is_file ? "" : "`";
    pw_strbuf_printf(out, "\n## %s%s%s\n\n%s\n\n", code, section->title, code, section->summary);
    pw_strbuf_puts(out, "| Key | Value | Default | Meaning |\n|---|---|---|---|\n");
    for (size_t i = 0; i < count; i++) {
        /* Settings are shown once, under `defaults`. */
        const bool is_shown_before =
            section->id == PW_SECTION_BENCHMARK && (keys[i].sections & PW_SECTION_DEFAULTS) != 0;
        if ((keys[i].sections & section->id) != 0 && !is_shown_before) {
            put_row(out, &keys[i]);
        }
    }
}

static void put_metrics(struct pw_strbuf *out)
{
    size_t count = 0;
    const struct pw_metric_info *metrics = pw_metric_catalogue(&count);
    pw_strbuf_puts(out, "\n## Built-in metrics\n\n| Metric | Unit | Better | Meaning |\n"
                        "|---|---|---|---|\n");
    for (size_t i = 0; i < count; i++) {
        pw_strbuf_printf(out, "| `%s` | %s | %s | %s |\n", metrics[i].name, metrics[i].unit,
                         pw_better_name(metrics[i].better), metrics[i].summary);
    }
}

void pw_config_describe_markdown(struct pw_strbuf *out)
{
    size_t count = 0;
    const char *const *introduction = pw_describe_introduction(&count);
    pw_strbuf_puts(out, "<!-- Generated from the schema table in src/config: edit that. -->\n\n"
                        "# Configuration: perfwarden.yml\n");
    for (size_t i = 0; i < count; i++) {
        pw_strbuf_printf(out, "\n%s\n", introduction[i]);
    }
    pw_strbuf_puts(out,
                   "\n`perfwarden help config` prints this page, and "
                   "[`schema/config.schema.json`](schema/config.schema.json) describes the file to "
                   "editors.\n");
    pw_strbuf_printf(out, "\n## Example\n\n```yaml\n%s```\n", pw_describe_example());
    const struct pw_schema_section *sections = pw_schema_sections(&count);
    for (size_t i = 0; i < count; i++) {
        put_section(out, &sections[i]);
    }
    put_metrics(out);
    sections = pw_schema_accepted_sections(&count);
    for (size_t i = 0; i < count; i++) {
        put_section(out, &sections[i]);
    }
}

/* Looking things up in the schema table, and putting a key's type into words. */
#include "schema.h"

#include <assert.h>
#include <string.h>

const struct pw_schema_key *pw_schema_find(enum pw_section section, const char *name)
{
    size_t count = 0;
    const struct pw_schema_key *keys = pw_schema_keys(&count);
    for (size_t i = 0; i < count; i++) {
        if ((keys[i].sections & section) != 0 && strcmp(keys[i].name, name) == 0) {
            return &keys[i];
        }
    }
    return NULL;
}

bool pw_schema_is_accepted(enum pw_section section)
{
    return section == PW_SECTION_ACCEPTED_FILE || section == PW_SECTION_ACCEPTED;
}

double pw_schema_number(const char *text)
{
    double value = 0;
    enum pw_quantity quantity = PW_QUANTITY_COUNT;
    const int status = pw_parse_quantity(text, &value, &quantity, NULL);
    assert(status == PW_OK);
    (void)status;
    return value;
}

bool pw_schema_word(const struct pw_words *words, const char *name, unsigned *out)
{
    for (size_t i = 0; i < words->count; i++) {
        if (strcmp(words->items[i].name, name) == 0) {
            *out = words->items[i].value;
            return true;
        }
    }
    return false;
}

/* What each type is called; %1 and such are not needed, ranges and words are added behind. */
static const char *const type_names[PW_TYPE_COUNT] = {
    [PW_TYPE_NAME] = "a text",
    [PW_TYPE_REF] = "a full ref name such as refs/perfwarden/baselines",
    [PW_TYPE_PATH] = "a path",
    [PW_TYPE_DIRECTORY] = "a path",
    [PW_TYPE_PLACES] = "a list of relative paths",
    [PW_TYPE_INTEGER] = "an integer",
    [PW_TYPE_INTEGERS] = "an integer or a list of integers",
    [PW_TYPE_DURATION] = "a duration",
    [PW_TYPE_BYTES] = "'none' or a size",
    [PW_TYPE_NUMBER] = "'none' or a number",
    [PW_TYPE_CPUS] = "'all', or numbers and ranges of processors such as 0-1,3, below 1024",
    [PW_TYPE_RATIO] = "a ratio such as 0.01 or 1%",
    [PW_TYPE_SHARE] = "'none' or a ratio such as 0.5 or 50%",
    [PW_TYPE_BOUND] = "a signed bound such as +12%, +200us or -12%",
    [PW_TYPE_DATE] = "a day such as 2027-01-31",
    [PW_TYPE_TRUE] = "true",
    [PW_TYPE_CHOICE] = "one of",
    [PW_TYPE_CHOICES] = "a list of",
    [PW_TYPE_TEXTS] = "a list of texts",
    [PW_TYPE_NAMES] = "a text or a list of texts",
    [PW_TYPE_COMMAND] = "a text or a list of texts",
    [PW_TYPE_RUNS] = "a mapping or an integer",
    [PW_TYPE_METRICS] = "a list of metrics",
    [PW_TYPE_THRESHOLDS] = "a mapping from metrics to thresholds",
    [PW_TYPE_QUANTITY] = "a number with a unit",
    [PW_TYPE_ENV] = "a mapping from names to texts",
    [PW_TYPE_PARAMS] = "a mapping from names to lists of values",
    [PW_TYPE_GROUP] = "a mapping",
    [PW_TYPE_ANCHOR] = "a mapping",
    [PW_TYPE_GROUPS] = "a list of mappings",
    [PW_TYPE_ACCEPTED] = "a list of mappings",
    [PW_TYPE_VALUES] = "a list of mappings",
};

static const char *units_of(enum pw_value_type type)
{
    return type == PW_TYPE_DURATION ? " (ns, us, ms, s, min, h)"
           : type == PW_TYPE_BYTES  ? " (B, KB, KiB, MB, MiB, GB, GiB)"
                                    : "";
}

static void put_range(struct pw_strbuf *out, const struct pw_schema_key *key)
{
    if (key->min == NULL) {
        return;
    }
    if (key->is_open_range) {
        pw_strbuf_printf(out, ", above %s and below %s", key->min, key->max);
    } else if (strcmp(key->min, key->max) == 0) {
        pw_strbuf_printf(out, ", only %s", key->min);
    } else {
        pw_strbuf_printf(out, " from %s to %s", key->min, key->max);
    }
}

void pw_schema_expects(struct pw_strbuf *out, const struct pw_schema_key *key)
{
    pw_strbuf_puts(out, type_names[key->type]);
    put_range(out, key);
    pw_strbuf_puts(out, units_of(key->type));
    for (size_t i = 0; key->words != NULL && i < key->words->count; i++) {
        pw_strbuf_printf(out, "%s %s", i == 0 ? "" : ",", key->words->items[i].name);
    }
}

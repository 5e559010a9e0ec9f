/*
 * The file of accepted changes: from YAML through the schema table to a list of them.
 *
 * An entry accepts a change of a metric up to a bound, or the removal of a benchmark, never both.
 */
#include "perfwarden/config/accepted.h"

#include <string.h>

#include "decode.h"

static bool refuse_entry(struct pw_decoder *decoder, const struct pw_yaml_node *node,
                         const char *path, const char *fault)
{
    PW_DECODE_MISTAKE(decoder, node, "'%s' %s", path, fault);
    return false;
}

/* What no key can tell alone. */
static bool is_whole(struct pw_decoder *decoder, const struct pw_yaml_node *node, const char *path,
                     const struct pw_declared_acceptance *entry)
{
    const bool has_metric = pw_yaml_member(node, "metric") != NULL;
    const bool has_bound = pw_yaml_member(node, "up_to") != NULL;

    if (entry->reason != NULL && entry->reason[strspn(entry->reason, " \t")] == '\0') {
        return refuse_entry(decoder, node, path, "has a blank 'reason': say why");
    }
    if (entry->is_removed && (has_metric || has_bound)) {
        return refuse_entry(decoder, node, path,
                            "has 'removed' beside 'metric' or 'up_to': a benchmark that is gone "
                            "has no metric, make two entries");
    }
    if (!entry->is_removed && (!has_metric || !has_bound)) {
        return refuse_entry(decoder, node, path,
                            "lacks 'metric' and 'up_to', or 'removed: true' in their place");
    }
    return true;
}

static void decode_entry(struct pw_decoder *decoder, const struct pw_schema_key *element,
                         const struct pw_yaml_node *node, const char *path,
                         struct pw_declared_acceptance *entry)
{
    const size_t found = decoder->reading->found;

    if (node->kind == PW_YAML_BROKEN || !pw_decode_is_map(decoder, element, node, path)) {
        return;
    }
    pw_decode_section(decoder, element->child, node, path, entry);
    entry->line = node->line;
    if (decoder->reading->found == found) {
        (void)is_whole(decoder, node, path, entry);
    }
}

void pw_decode_accepted(struct pw_decoder *decoder, const struct pw_schema_key *key,
                        const struct pw_yaml_node *node, const char *path, void *slot)
{
    struct pw_schema_key element = *key;
    struct pw_declared_acceptance *items;
    size_t count = 0;

    if (pw_decode_has_no_value(node)) {
        return; /* all entries are comments, or gone */
    }
    if (node->kind != PW_YAML_LIST) {
        pw_decode_refuse(decoder, key, node, path);
        return;
    }
    items = pw_arena_array(decoder->reading->arena, node->count + 1, sizeof(*items));
    if (items == NULL) {
        pw_reading_no_memory(decoder->reading);
        return;
    }
    element.type = PW_TYPE_GROUP;
    for (const struct pw_yaml_node *child = node->first; child != NULL; child = child->next) {
        const char *place = pw_decode_element_path(decoder, path, count);
        decode_entry(decoder, &element, child, place, &items[count++]);
    }
    *(struct pw_declared_acceptances *)slot = (struct pw_declared_acceptances){items, count};
}

void pw_decode_bound(struct pw_decoder *decoder, const struct pw_schema_key *key,
                     const struct pw_yaml_node *node, const char *path, void *slot)
{
    const char *text = pw_decode_scalar(decoder, key, node, path);
    struct pw_error err = PW_ERROR_INIT;

    if (text == NULL) {
        return;
    }
    if (pw_bound_parse(text, slot, &err) != PW_OK) {
        PW_DECODE_MISTAKE(decoder, node, "'%s': %s", path, pw_error_message(&err));
    }
    pw_error_release(&err);
}

static unsigned days_in_month(unsigned year, unsigned month)
{
    static const unsigned days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return month == 2 && is_leap ? 29 : days[month - 1];
}

static unsigned digits(const char *text, size_t count)
{
    unsigned value = 0;

    for (size_t i = 0; i < count; i++) {
        value = value * 10 + (unsigned)(text[i] - '0');
    }
    return value;
}

/* "2027-01-31", a day that the calendar has. */
static bool is_date(const char *text)
{
    static const char shape[] = "dddd-dd-dd";

    for (size_t i = 0; i < sizeof(shape); i++) {
        const bool is_digit = text[i] >= '0' && text[i] <= '9';
        if (shape[i] == 'd' ? !is_digit : text[i] != shape[i]) {
            return false;
        }
    }
    const unsigned month = digits(text + 5, 2);
    const unsigned day = digits(text + 8, 2);
    return month >= 1 && month <= 12 && day >= 1 && day <= days_in_month(digits(text, 4), month);
}

void pw_decode_date(struct pw_decoder *decoder, const struct pw_schema_key *key,
                    const struct pw_yaml_node *node, const char *path, void *slot)
{
    const char *text = pw_decode_scalar(decoder, key, node, path);

    if (text != NULL && !is_date(text)) {
        pw_decode_refuse(decoder, key, node, path);
    } else if (text != NULL) {
        *(const char **)slot = text;
    }
}

void pw_decode_true(struct pw_decoder *decoder, const struct pw_schema_key *key,
                    const struct pw_yaml_node *node, const char *path, void *slot)
{
    const char *text = pw_decode_scalar(decoder, key, node, path);

    if (text != NULL && strcmp(text, "true") != 0) {
        pw_decode_refuse(decoder, key, node, path);
    } else if (text != NULL) {
        *(bool *)slot = true;
    }
}

static bool fill_file(struct pw_reading *reading, const struct pw_declared_acceptances *declared,
                      struct pw_accepted_file *out)
{
    struct pw_accepted_change *items =
        pw_arena_array(reading->arena, declared->count + 1, sizeof(*items));

    if (items == NULL) {
        return pw_reading_no_memory(reading);
    }
    for (size_t i = 0; i < declared->count; i++) {
        const struct pw_declared_acceptance *entry = &declared->items[i];
        items[i] = (struct pw_accepted_change){
            .benchmark = entry->benchmark,
            .metric = entry->is_removed ? NULL : entry->metric,
            .up_to = entry->up_to,
            .reason = entry->reason,
            .expires = entry->expires,
            .by = entry->by,
            .line = entry->line,
        };
    }
    out->items = items;
    out->count = declared->count;
    return true;
}

static void read_text(struct pw_reading *reading, const char *text, size_t length,
                      struct pw_accepted_file *out)
{
    static const struct pw_schema_key file = {.type = PW_TYPE_GROUP};
    struct pw_decoder decoder = {.reading = reading, .directory = "/"};
    struct pw_accepted_document root = {0, {NULL, 0}};
    const struct pw_yaml_node *node = pw_yaml_read(reading, text, length);

    if (node == NULL || node->kind == PW_YAML_BROKEN ||
        !pw_decode_is_map(&decoder, &file, node, "") || pw_decode_is_newer(&decoder, node)) {
        return;
    }
    pw_decode_section(&decoder, PW_SECTION_ACCEPTED_FILE, node, "", &root);
    if (reading->found == 0 && !reading->has_no_memory) {
        (void)fill_file(reading, &root.accepted, out);
    }
}

int pw_accepted_parse(const char *text, size_t length, const char *path,
                      struct pw_accepted_file *out, struct pw_diagnostics *mistakes)
{
    struct pw_accepted_file read = {{NULL}, NULL, 0};
    struct pw_reading reading = {.arena = &read.arena,
                                 .file = path,
                                 .if_empty = "start it with 'version: 1', or remove it",
                                 .mistakes = mistakes};

    read_text(&reading, text, length, &read);
    const int status = pw_reading_finish(&reading);
    if (status != PW_OK) {
        pw_accepted_release(&read);
        return status;
    }
    *out = read;
    return PW_OK;
}

void pw_accepted_release(struct pw_accepted_file *file)
{
    pw_arena_release(&file->arena);
    *file = (struct pw_accepted_file){{NULL}, NULL, 0};
}

/* The "context" of a benchmark in a result file: one table for reading and writing. */
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "internal.h"
#include "reader.h"

struct field {
    const char *name;
    size_t offset;
};

static const struct field fields[] = {
    {"load_before", offsetof(struct pw_context, load_before)},
    {"load_after", offsetof(struct pw_context, load_after)},
    {"steal_ratio", offsetof(struct pw_context, steal_ratio)},
    {"page_faults_major", offsetof(struct pw_context, page_faults_major)},
    {"swap_in_pages", offsetof(struct pw_context, swap_in_pages)},
    {"swap_out_pages", offsetof(struct pw_context, swap_out_pages)},
    {"frequency_before_khz", offsetof(struct pw_context, frequency_before_khz)},
    {"frequency_after_khz", offsetof(struct pw_context, frequency_after_khz)},
    {"throttle_events", offsetof(struct pw_context, throttle_events)},
};

bool pw_context_find(const char *name, size_t length, size_t *index)
{
    for (size_t i = 0; i < PW_COUNT(fields); i++) {
        if (strncmp(fields[i].name, name, length) == 0 && fields[i].name[length] == '\0') {
            *index = i;
            return true;
        }
    }
    return false;
}

static bool is_known(const char *name)
{
    size_t ignored;

    return pw_context_find(name, strlen(name), &ignored);
}

void pw_context_put(struct pw_json_writer *writer, const struct pw_context *context,
                    const struct pw_json *read_from)
{
    if (context == NULL) {
        return;
    }
    pw_json_begin_compact_object(writer, "context");
    for (size_t i = 0; i < PW_COUNT(fields); i++) {
        double value;
        memcpy(&value, (const char *)context + fields[i].offset, sizeof(value));
        if (!isnan(value)) {
            pw_json_put_double(writer, fields[i].name, value);
        }
    }
    for (const struct pw_json *member = pw_json_first(read_from); member != NULL;
         member = pw_json_next(member)) {
        if (!is_known(pw_json_key(member))) {
            pw_json_put_value(writer, pw_json_key(member), member);
        }
    }
    pw_json_end(writer);
}

int pw_reader_context(struct pw_reader *reader, const struct pw_json *object,
                      const struct pw_context **out)
{
    const struct pw_json *member = NULL;
    int rc = pw_reader_member(reader, object, "context", PW_JSON_OBJECT, PW_OPTIONAL, &member);
    if (rc < 0 || member == NULL) {
        return rc;
    }
    struct pw_context *context = pw_arena_alloc(&reader->result->arena, sizeof(*context));
    if (context == NULL) {
        return pw_error_set_no_memory(reader->err);
    }
    size_t mark = pw_reader_enter(reader, "context");
    for (size_t i = 0; i < PW_COUNT(fields); i++) {
        const struct pw_json *number = NULL;
        double value = (double)NAN;
        rc = pw_reader_member(reader, member, fields[i].name, PW_JSON_NUMBER, PW_OPTIONAL, &number);
        if (rc < 0) {
            return rc;
        }
        (void)pw_json_number(number, &value);
        memcpy((char *)context + fields[i].offset, &value, sizeof(value));
    }
    pw_reader_leave(reader, mark);
    *out = context;
    return 0;
}

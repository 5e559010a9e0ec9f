/* Typed members and the path they stand at. Strings are borrowed from the document. */
#include "reader.h"

#include <string.h>

int pw_reader_fail(struct pw_reader *reader, const char *key, const char *problem)
{
    const char *path = pw_strbuf_text(&reader->path);
    const char *point = *path != '\0' && key != NULL ? "." : "";
    if (pw_strbuf_failed(&reader->path)) {
        return pw_error_set_no_memory(reader->err);
    }
    return pw_error_set_at(reader->err, PW_EFORMAT, reader->name, 0, 0, "'%s%s%s' %s", path, point,
                           key == NULL ? "" : key, problem);
}

size_t pw_reader_enter(struct pw_reader *reader, const char *key)
{
    size_t mark = reader->path.length;
    if (mark > 0) {
        pw_strbuf_putc(&reader->path, '.');
    }
    pw_strbuf_puts(&reader->path, key);
    return mark;
}

size_t pw_reader_enter_index(struct pw_reader *reader, size_t index)
{
    size_t mark = reader->path.length;
    pw_strbuf_printf(&reader->path, "[%zu]", index);
    return mark;
}

void pw_reader_leave(struct pw_reader *reader, size_t mark)
{
    pw_strbuf_truncate(&reader->path, mark);
}

static const char *wrong_kind(enum pw_json_type wanted)
{
    static const char *const problems[] = {
        [PW_JSON_NULL] = "is not null",       [PW_JSON_BOOL] = "is not true or false",
        [PW_JSON_NUMBER] = "is not a number", [PW_JSON_STRING] = "is not a string",
        [PW_JSON_ARRAY] = "is not an array",  [PW_JSON_OBJECT] = "is not an object",
    };
    return problems[wanted];
}

int pw_reader_member(struct pw_reader *reader, const struct pw_json *object, const char *key,
                     enum pw_json_type type, enum pw_presence presence, const struct pw_json **out)
{
    const struct pw_json *member = pw_json_get(object, key);
    bool is_absent = member == NULL || pw_json_type(member) == PW_JSON_NULL;
    if (is_absent && presence == PW_OPTIONAL) {
        *out = NULL;
        return 0;
    }
    if (member == NULL) {
        return pw_reader_fail(reader, key, "is missing");
    }
    if (pw_json_type(member) != type) {
        return pw_reader_fail(reader, key, wrong_kind(type));
    }
    *out = member;
    return 0;
}

int pw_reader_text(struct pw_reader *reader, const struct pw_json *object, const char *key,
                   enum pw_presence presence, const char **out)
{
    const struct pw_json *member = NULL;
    int rc = pw_reader_member(reader, object, key, PW_JSON_STRING, presence, &member);
    if (rc < 0) {
        return rc;
    }
    const char *text = pw_json_string(member);
    bool is_empty = text != NULL && *text == '\0';
    if (is_empty && presence == PW_REQUIRED) {
        return pw_reader_fail(reader, key, "is empty");
    }
    *out = is_empty ? NULL : text;
    return 0;
}

int pw_reader_texts(struct pw_reader *reader, const struct pw_json *object, const char *key,
                    const char ***out, size_t *count)
{
    const struct pw_json *list = NULL;
    int rc = pw_reader_member(reader, object, key, PW_JSON_ARRAY, PW_OPTIONAL, &list);
    if (rc < 0) {
        return rc;
    }
    size_t size = pw_json_size(list);
    const char **texts = pw_arena_array(&reader->result->arena, size + 1, sizeof(*texts));
    if (texts == NULL) {
        return pw_error_set_no_memory(reader->err);
    }
    size_t i = 0;
    for (const struct pw_json *item = pw_json_first(list); item != NULL;
         item = pw_json_next(item)) {
        texts[i] = pw_json_string(item);
        if (texts[i] == NULL) {
            (void)pw_reader_enter(reader, key);
            (void)pw_reader_enter_index(reader, i);
            return pw_reader_fail(reader, NULL, wrong_kind(PW_JSON_STRING));
        }
        i++;
    }
    *out = texts;
    *count = size;
    return 0;
}

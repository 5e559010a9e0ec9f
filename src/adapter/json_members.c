/* What the formats in JSON share. Times and the like are converted here, once. */
#include "json_members.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What Python and Java write for numbers that JSON has no word for. */
static const char *const no_numbers[] = {"NaN", "-Infinity", "Infinity"};

/* Not there, null, or what stands for no number. */
static bool is_absent(const struct pw_json *member)
{
    const char *text = pw_json_string(member);
    for (size_t i = 0; text != NULL && i < PW_COUNT(no_numbers); i++) {
        if (strcmp(no_numbers[i], text) == 0) {
            return true;
        }
    }
    return member == NULL || pw_json_type(member) == PW_JSON_NULL;
}

const char *pw_adapter_member_text(const struct pw_json *object, const char *key)
{
    return pw_json_string(pw_json_get(object, key));
}

bool pw_adapter_member_is_set(const struct pw_json *object, const char *key)
{
    const struct pw_json *member = pw_json_get(object, key);
    return member != NULL && pw_json_type(member) != PW_JSON_NULL;
}

int pw_adapter_member_list(const char *format, const struct pw_json *object, const char *key,
                           const char *where, const struct pw_json **out, struct pw_error *err)
{
    const struct pw_json *list = pw_json_get(object, key);
    if (list == NULL || pw_json_type(list) != PW_JSON_ARRAY) {
        return pw_adapter_fail(err, format, 0, "expected a list '%s' in %s", key, where);
    }
    *out = list;
    return 0;
}

int pw_adapter_add_number(struct pw_adapter_output *output, const char *benchmark,
                          const char *metric, const char *unit, double value, struct pw_error *err)
{
    const struct pw_adapter_unit *known = pw_adapter_find_unit(unit, strlen(unit));
    const struct pw_adapter_value found = {
        .benchmark = benchmark,
        .metric = metric,
        .unit = known == NULL ? unit : known->base,
        .better = known == NULL ? PW_BETTER_LOWER : known->better,
        .value = known == NULL ? value : pw_adapter_to_base(known, value),
    };
    return pw_adapter_add(output, &found, err);
}

int pw_adapter_add_members(struct pw_adapter_output *output, const char *format,
                           const char *benchmark, const struct pw_json *object,
                           const struct pw_adapter_member *members, size_t count,
                           struct pw_error *err)
{
    int status = 0;
    for (size_t i = 0; status == 0 && i < count; i++) {
        const struct pw_json *member = pw_json_get(object, members[i].key);
        double number = 0;
        if (is_absent(member)) {
            continue;
        }
        if (!pw_json_number(member, &number)) {
            return pw_adapter_fail(err, format, 0, "'%s' of '%s' is not a number", members[i].key,
                                   benchmark);
        }
        status = pw_adapter_add_number(output, benchmark, members[i].metric, members[i].unit,
                                       number, err);
    }
    return status;
}

/* How many numbers a list, or a list of lists, has; 0 when it holds anything else. */
static size_t count_numbers(const struct pw_json *list)
{
    size_t count = 0;
    if (list == NULL || pw_json_type(list) != PW_JSON_ARRAY) {
        return 0;
    }
    for (const struct pw_json *item = pw_json_first(list); item != NULL;
         item = pw_json_next(item)) {
        if (pw_json_type(item) == PW_JSON_NUMBER) {
            count++;
            continue;
        }
        if (pw_json_type(item) != PW_JSON_ARRAY) {
            return 0;
        }
        for (const struct pw_json *inner = pw_json_first(item); inner != NULL;
             inner = pw_json_next(inner)) {
            if (pw_json_type(inner) != PW_JSON_NUMBER) {
                return 0;
            }
            count++;
        }
    }
    return count;
}

static double *take_number(const struct pw_json *item, const struct pw_adapter_unit *unit,
                           double *to)
{
    double number = 0;
    (void)pw_json_number(item, &number);
    *to = unit == NULL ? number : pw_adapter_to_base(unit, number);
    return to + 1;
}

static void take_numbers(const struct pw_json *list, const struct pw_adapter_unit *unit, double *to)
{
    for (const struct pw_json *item = pw_json_first(list); item != NULL;
         item = pw_json_next(item)) {
        if (pw_json_type(item) == PW_JSON_NUMBER) {
            to = take_number(item, unit, to);
            continue;
        }
        for (const struct pw_json *inner = pw_json_first(item); inner != NULL;
             inner = pw_json_next(inner)) {
            to = take_number(inner, unit, to);
        }
    }
}

static bool are_finite(const double *values, size_t count)
{
    size_t i = 0;
    while (i < count && isfinite(values[i])) {
        i++;
    }
    return i == count;
}

/* @param value  benchmark, metric, unit and direction are set; the rest is set here */
static int add_with_samples(struct pw_adapter_output *output, const char *format,
                            struct pw_adapter_value *value, const struct pw_adapter_centre *centre,
                            const struct pw_adapter_unit *unit, struct pw_error *err)
{
    const size_t count = count_numbers(centre->samples);
    const bool is_given = pw_json_number(centre->median, &value->value) ||
                          (count == 0 && pw_json_number(centre->mean, &value->value));
    double *samples = count == 0 ? NULL : malloc(count * 2 * sizeof(*samples));
    if (count > 0 && samples == NULL) {
        return pw_error_set_no_memory(err);
    }
    if (is_given && unit != NULL) {
        value->value = pw_adapter_to_base(unit, value->value);
    }
    if (samples != NULL) {
        take_numbers(centre->samples, unit, samples);
        memcpy(samples + count, samples, count * sizeof(*samples));
        value->samples = samples;
        value->sample_count = count;
        if (!is_given) {
            value->value = pw_adapter_median(samples + count, count);
        }
    }
    int status;
    if (!is_given && samples == NULL) {
        status = pw_adapter_fail(err, format, 0, "'%s' has no number for its '%s'",
                                 value->benchmark, value->metric);
    } else if (!are_finite(value->samples, value->sample_count)) {
        status = pw_adapter_fail(err, format, 0, "a sample of '%s' of '%s' is not a finite number",
                                 value->metric, value->benchmark);
    } else if (value->value < 0 && strcmp(value->unit, "ns") == 0) {
        status = pw_adapter_fail(err, format, 0, "'%s' has a negative '%s'", value->benchmark,
                                 value->metric);
    } else {
        status = pw_adapter_add(output, value, err);
    }
    free(samples);
    return status;
}

int pw_adapter_add_centre(struct pw_adapter_output *output, const char *format,
                          const char *benchmark, const struct pw_adapter_centre *centre,
                          struct pw_error *err)
{
    const struct pw_adapter_unit *unit = pw_adapter_find_unit(centre->unit, strlen(centre->unit));
    struct pw_adapter_value value = {
        .benchmark = benchmark,
        .metric = centre->metric,
        .unit = unit == NULL ? centre->unit : unit->base,
        .better = unit == NULL ? PW_BETTER_LOWER : unit->better,
    };
    return add_with_samples(output, format, &value, centre, unit, err);
}

int pw_adapter_parse_document(const char *format, const char *text, size_t length,
                              pw_adapter_read_document *read, struct pw_adapter_output *out,
                              struct pw_error *err)
{
    struct pw_adapter_output output = {.values = NULL};
    struct pw_json *document = NULL;
    int status = pw_adapter_parse_json(text, length, format, &document, err);
    if (status == 0) {
        status = read(document, &output, err);
    }
    if (status == 0) {
        status = pw_adapter_merge_repeated(&output, err);
    }
    pw_json_free(document);
    return pw_adapter_finish(format, status, &output, out, err);
}

static size_t python_word_at(const char *text, size_t left)
{
    for (size_t i = 0; i < PW_COUNT(no_numbers); i++) {
        const size_t length = strlen(no_numbers[i]);
        if (length <= left && memcmp(text, no_numbers[i], length) == 0) {
            return length;
        }
    }
    return 0;
}

static size_t end_of_string(const char *text, size_t length, size_t at)
{
    for (at++; at < length && text[at] != '"'; at++) {
        at += text[at] == '\\';
    }
    return at < length ? at + 1 : length;
}

/* Each word in quotes; columns behind it in messages shift. */
static void copy_without_words(struct pw_strbuf *copy, const char *text, size_t length)
{
    size_t start = 0;
    for (size_t at = 0; at < length;) {
        if (text[at] == '"') {
            at = end_of_string(text, length, at);
            continue;
        }
        const bool may_begin = text[at] == 'N' || text[at] == 'I' || text[at] == '-';
        const size_t word = may_begin ? python_word_at(text + at, length - at) : 0;
        if (word == 0) {
            at++;
            continue;
        }
        pw_strbuf_append(copy, text + start, at - start);
        pw_strbuf_putc(copy, '"');
        pw_strbuf_append(copy, text + at, word);
        pw_strbuf_putc(copy, '"');
        at += word;
        start = at;
    }
    pw_strbuf_append(copy, text + start, length - start);
}

int pw_adapter_parse_python_document(const char *format, const char *text, size_t length,
                                     pw_adapter_read_document *read, struct pw_adapter_output *out,
                                     struct pw_error *err)
{
    struct pw_strbuf copy = PW_STRBUF_INIT;
    pw_strbuf_init(&copy, 2 * length + 1);
    copy_without_words(&copy, text, length);
    int status = pw_strbuf_check(&copy, err);
    if (status == 0) {
        status =
            pw_adapter_parse_document(format, pw_strbuf_text(&copy), copy.length, read, out, err);
    }
    pw_strbuf_release(&copy);
    return status;
}

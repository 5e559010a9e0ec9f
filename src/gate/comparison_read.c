/*
 * Reading a comparison back, so that any report can be made from it later.
 *
 * Refuses what is no comparison, a newer major version, and members of a wrong type, each by the
 * member's name. Members this version does not know are kept. The counts are taken from the
 * rows, so that a report never contradicts itself.
 */
#include <limits.h>
#include <math.h>
#include <string.h>

#include "comparison.h"
#include "comparison_json.h"
#include "perfwarden/util/json.h"
#include "row_values.h"

/** Largest integer that every double up to it can hold. */
#define MAX_EXACT 9007199254740992.0

/** What reading carries along: the first mistake ends it. */
struct reader {
    struct pw_comparison *out;
    const char *name;
    int status;
    struct pw_error *err;
};

static void refuse(struct reader *reader, const char *key, const char *expected)
{
    if (reader->status == 0) {
        reader->status = pw_error_set_at(reader->err, PW_EFORMAT, reader->name, 0, 0,
                                         "'%s' is not %s", key, expected);
    }
}

static bool is_absent(const struct pw_json *value)
{
    return value == NULL || pw_json_type(value) == PW_JSON_NULL;
}

/* A text or null. */
static const char *read_text(struct reader *reader, const struct pw_json *object, const char *key)
{
    const struct pw_json *value = pw_json_get(object, key);
    const char *copy = NULL;

    if (is_absent(value) || reader->status != 0) {
        return NULL;
    }
    if (pw_json_string(value) == NULL) {
        refuse(reader, key, "a text");
    } else {
        reader->status = pw_comparison_copy(reader->out, pw_json_string(value), &copy, reader->err);
    }
    return copy;
}

/* A text that must be there; "" after a mistake, so that callers need not look. */
static const char *read_required_text(struct reader *reader, const struct pw_json *object,
                                      const char *key)
{
    const char *text = read_text(reader, object, key);

    if (text == NULL) {
        refuse(reader, key, "a text");
    }
    return text != NULL ? text : "";
}

/* A number, or NAN for null. */
static double read_number(struct reader *reader, const struct pw_json *object, const char *key)
{
    const struct pw_json *value = pw_json_get(object, key);
    double number = NAN;

    if (!is_absent(value) && !pw_json_number(value, &number)) {
        refuse(reader, key, "a number");
    }
    return number;
}

static size_t read_count(struct reader *reader, const struct pw_json *object, const char *key)
{
    const double number = read_number(reader, object, key);

    if (isnan(number)) {
        return 0;
    }
    if (number < 0.0 || number > MAX_EXACT || number != floor(number)) {
        refuse(reader, key, "a whole number");
        return 0;
    }
    return (size_t)number;
}

static enum pw_verdict read_verdict(struct reader *reader, const struct pw_json *object)
{
    enum pw_verdict verdict = PW_VERDICT_ERROR;

    if (!pw_verdict_from_name(read_required_text(reader, object, "verdict"), &verdict)) {
        refuse(reader, "verdict", "a verdict that this version knows");
    }
    return verdict;
}

static enum pw_policy read_policy(struct reader *reader, const struct pw_json *object,
                                  const char *key)
{
    enum pw_policy policy = PW_POLICY_WARN;

    if (!pw_policy_from_name(read_required_text(reader, object, key), &policy)) {
        refuse(reader, key, "'pass', 'warn' or 'fail'");
    }
    return policy;
}

static const struct pw_json *read_object(struct reader *reader, const struct pw_json *object,
                                         const char *key)
{
    const struct pw_json *value = pw_json_get(object, key);

    if (value == NULL || pw_json_type(value) != PW_JSON_OBJECT) {
        refuse(reader, key, "an object");
    }
    return value;
}

static const struct pw_json *read_array(struct reader *reader, const struct pw_json *object,
                                        const char *key)
{
    const struct pw_json *value = pw_json_get(object, key);

    if (value == NULL || pw_json_type(value) != PW_JSON_ARRAY) {
        refuse(reader, key, "a list");
        return NULL;
    }
    return pw_json_first(value);
}

/* True or false; false where it is not said. */
static bool read_flag(struct reader *reader, const struct pw_json *object, const char *key)
{
    const struct pw_json *value = pw_json_get(object, key);
    bool flag = false;

    if (!is_absent(value) && !pw_json_bool(value, &flag)) {
        refuse(reader, key, "true or false");
    }
    return flag;
}

static void read_side(struct reader *reader, const struct pw_json *document, const char *key,
                      struct pw_side *out)
{
    const struct pw_json *object = read_object(reader, document, key);
    size_t count;
    const struct pw_side_member *members = pw_comparison_side_members(&count);

    for (size_t i = 0; i < count; i++) {
        const char *text = read_text(reader, object, members[i].key);
        memcpy((char *)out + members[i].offset, &text, sizeof text);
    }
    out->is_dirty = read_flag(reader, object, "dirty");
    out->distance = read_count(reader, object, "distance");
    out->sessions = read_count(reader, object, "sessions");
}

static void read_anchor(struct reader *reader, const struct pw_json *document)
{
    const struct pw_json *object = pw_json_get(document, "anchor");
    struct pw_anchor *out = &reader->out->anchor;

    if (is_absent(object)) {
        return;
    }
    read_side(reader, document, "anchor", &out->side);
    out->label = read_required_text(reader, object, "label");
    out->commits = read_count(reader, object, "commits");
    out->on_drift = read_policy(reader, object, "on_drift");
}

/* What the row is compared with. The anchor's label stands in each row, so that it stands alone. */
static void read_against(struct reader *reader, const struct pw_json *object,
                         struct pw_comparison_row *row)
{
    const char *against = read_text(reader, object, "against");

    if (against == NULL || strcmp(against, "base") == 0) {
        return;
    }
    if (strcmp(against, "anchor") != 0) {
        refuse(reader, "against", "'base' or 'anchor'");
    }
    row->since = read_required_text(reader, object, "since");
}

static void read_gate(struct reader *reader, const struct pw_json *document)
{
    const struct pw_json *object = read_object(reader, document, "gate");
    struct pw_comparison *out = reader->out;

    out->config = read_text(reader, object, "config");
    out->alpha = read_number(reader, object, "alpha");
    out->beta = read_number(reader, object, "beta");
    out->fdr = read_number(reader, object, "fdr");
    out->session_noise = read_number(reader, object, "session_noise");
    out->on_no_baseline = read_policy(reader, object, "on_no_baseline");
    out->on_inconclusive = read_policy(reader, object, "on_inconclusive");
    for (const struct pw_json *item = read_array(reader, object, "fail_on"); item != NULL;
         item = pw_json_next(item)) {
        enum pw_verdict verdict;
        if (pw_json_string(item) == NULL || !pw_verdict_from_name(pw_json_string(item), &verdict)) {
            refuse(reader, "fail_on", "a list of verdicts that this version knows");
        } else {
            out->fail_on |= PW_VERDICT_BIT(verdict);
        }
    }
}

/* [low, high]; a null end is unbounded, null alone is unknown. */
static void read_interval(struct reader *reader, const struct pw_json *row, struct pw_interval *out)
{
    const struct pw_json *value = pw_json_get(row, "interval");

    if (is_absent(value)) {
        return;
    }
    if (pw_json_type(value) != PW_JSON_ARRAY || pw_json_size(value) != 2) {
        refuse(reader, "interval", "a list of two numbers");
        return;
    }
    const struct pw_json *low = pw_json_first(value);
    const struct pw_json *high = pw_json_next(low);
    out->low = -INFINITY;
    out->high = INFINITY;
    if ((!is_absent(low) && !pw_json_number(low, &out->low)) ||
        (!is_absent(high) && !pw_json_number(high, &out->high))) {
        refuse(reader, "interval", "a list of two numbers");
    }
}

static void read_threshold(struct reader *reader, const struct pw_json *row,
                           struct pw_threshold *out)
{
    if (!is_absent(pw_json_get(row, "threshold"))) {
        const struct pw_json *value = read_object(reader, row, "threshold");
        out->increase_ratio = read_number(reader, value, "increase");
        out->at_least = read_number(reader, value, "at_least");
        out->limit = read_number(reader, value, "limit");
    }
}

static void read_agreement(struct reader *reader, const struct pw_json *row,
                           struct pw_agreement *out)
{
    size_t count;
    const struct pw_agreement_member *members = pw_comparison_agreement_members(&count);

    if (!is_absent(pw_json_get(row, "accepted"))) {
        const struct pw_json *object = read_object(reader, row, "accepted");
        for (size_t i = 0; i < count; i++) {
            const char *text = read_text(reader, object, members[i].key);
            memcpy((char *)out + members[i].offset, &text, sizeof text);
        }
    }
}

static void read_row(struct reader *reader, const struct pw_json *object)
{
    const char *benchmark;
    const char *metric;
    struct pw_comparison_row *row;
    size_t line;
    size_t count;
    const struct pw_row_member *members = pw_comparison_row_members(&count);

    if (pw_json_type(object) != PW_JSON_OBJECT) {
        refuse(reader, "comparisons", "a list of objects");
    }
    benchmark = read_required_text(reader, object, "benchmark");
    metric = read_text(reader, object, "metric");
    if (reader->status != 0) {
        return;
    }
    row = pw_comparison_add_row(reader->out, benchmark, metric, reader->err);
    if (row == NULL) {
        reader->status = PW_ENOMEM;
        return;
    }
    row->unit = read_text(reader, object, "unit");
    if (!pw_better_from_name(read_required_text(reader, object, "better"), &row->better)) {
        refuse(reader, "better", "'lower' or 'higher'");
    }
    row->verdict = read_verdict(reader, object);
    row->reason = read_text(reader, object, "reason");
    row->method = read_text(reader, object, "method");
    row->unknown = object;
    if (!is_absent(pw_json_get(object, "declared"))) {
        row->declared = read_text(reader, object, "declared");
    }
    line = read_count(reader, object, "config_line");
    row->config_line = line <= INT_MAX ? (unsigned)line : 0;
    for (size_t i = 0; i < count; i++) {
        const double value = read_number(reader, object, members[i].key);
        memcpy((char *)row + members[i].offset, &value, sizeof value);
    }
    read_interval(reader, object, &row->interval);
    read_threshold(reader, object, &row->threshold);
    read_agreement(reader, object, &row->accepted);
    row->base_samples = read_count(reader, object, "base_samples");
    row->head_samples = read_count(reader, object, "head_samples");
    row->pairs = read_count(reader, object, "pairs");
    row->is_unconfirmed = read_flag(reader, object, "unconfirmed");
    read_against(reader, object, row);
    if (reader->status == 0) {
        reader->status = pw_row_read_values(reader->out, object, reader->name, row, reader->err);
    }
}

static void read_warnings(struct reader *reader, const struct pw_json *document)
{
    for (const struct pw_json *item = read_array(reader, document, "warnings");
         item != NULL && reader->status == 0; item = pw_json_next(item)) {
        if (pw_json_string(item) == NULL) {
            refuse(reader, "warnings", "a list of texts");
        } else {
            reader->status = pw_comparison_warn(reader->out, pw_json_string(item), reader->err);
        }
    }
}

static void read_document(struct reader *reader, const struct pw_json *document)
{
    struct pw_comparison *out = reader->out;

    reader->status = pw_comparison_check_schema(document, reader->name, reader->err);
    if (reader->status != 0) {
        return;
    }
    out->tool_version = read_text(reader, read_object(reader, document, "tool"), "version");
    out->mode = read_required_text(reader, document, "mode");
    out->mode_reason = read_text(reader, document, "mode_reason");
    out->verdict = read_verdict(reader, document);
    const size_t exit_code = read_count(reader, document, "exit_code");
    if (exit_code > 255 || is_absent(pw_json_get(document, "exit_code"))) {
        refuse(reader, "exit_code", "an exit code");
    }
    out->exit_code = (int)exit_code;
    read_side(reader, document, "base", &out->base);
    read_side(reader, document, "head", &out->head);
    read_anchor(reader, document);
    read_gate(reader, document);
    out->merged_from = read_count(reader, document, "merged_from");
    if (reader->status == 0) {
        reader->status =
            pw_shard_read(document, reader->name, &out->arena, &out->shard, reader->err);
    }
    read_warnings(reader, document);
    for (const struct pw_json *item = read_array(reader, document, "comparisons");
         item != NULL && reader->status == 0; item = pw_json_next(item)) {
        read_row(reader, item);
    }
    for (size_t i = 0; i < out->row_count; i++) {
        out->counts[out->rows[i].verdict]++;
    }
}

int pw_comparison_read_document(struct pw_json *document, const char *name,
                                struct pw_comparison *out, struct pw_error *err)
{
    struct pw_comparison comparison;
    struct reader reader = {&comparison, name, 0, err};

    pw_comparison_init(&comparison);
    read_document(&reader, document);
    if (reader.status == 0) {
        comparison.document = document;
        *out = comparison;
    } else {
        pw_comparison_release(&comparison);
    }
    return reader.status;
}

int pw_comparison_read(const char *text, size_t length, const char *name, struct pw_comparison *out,
                       struct pw_error *err)
{
    struct pw_json *document = NULL;
    int status = pw_json_parse(text, length, name, PW_JSON_DEFAULT, &document, err);

    if (status == 0) {
        status = pw_comparison_read_document(document, name, out, err);
        if (status != 0) {
            pw_json_free(document);
        }
    }
    return status;
}

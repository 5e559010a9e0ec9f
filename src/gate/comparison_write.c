/*
 * The comparison as JSON, "perfwarden/comparison/1" (docs/schema/comparison.schema.json).
 *
 * Unknown numbers are null. An end of an interval that the data cannot bound is null too; an
 * interval that is not known at all is null as a whole.
 */
#include <math.h>
#include <string.h>

#include "comparison_json.h"
#include "perfwarden/util/json.h"
#include "row_values.h"

/* Members this version writes; all others that were read are kept. */
static const char *const document_keys[] = {
    "schema", "tool",   "mode", "mode_reason", "verdict",     "exit_code", "counts",      "base",
    "head",   "anchor", "gate", "shard",       "merged_from", "warnings",  "comparisons", NULL};
static const char *const side_keys[] = {"commit",     "branch",   "reason",   "environment",
                                        "started_at", "run_id",   "source",   "hostname",
                                        "dirty",      "distance", "sessions", NULL};
static const char *const anchor_keys[] = {
    "label",  "commits", "on_drift", "commit", "branch",   "reason",   "environment", "started_at",
    "run_id", "source",  "hostname", "dirty",  "distance", "sessions", NULL};
static const char *const gate_keys[] = {
    "config",         "alpha",           "beta", "fdr", "session_noise", "fail_on",
    "on_no_baseline", "on_inconclusive", NULL};
static const char *const row_keys[] = {
    "benchmark",  "declared", "config_line", "metric",    "unit",         "better",       "verdict",
    "reason",     "method",   "base",        "head",      "ratio",        "e_value",      "p_value",
    "detectable", "noise",    "interval",    "threshold", "base_samples", "head_samples", "pairs",
    "against",    "since",    "unconfirmed", "accepted",  "runs",         "history",      NULL};

static const char *const agreement_keys[] = {"by", "reason", "bound", "expires", "where", NULL};

static void put_unknown(struct pw_json_writer *writer, const struct pw_json *object,
                        const char *const *known)
{
    if (object == NULL) {
        return;
    }
    for (const struct pw_json *member = pw_json_first(object); member != NULL;
         member = pw_json_next(member)) {
        size_t i = 0;
        while (known[i] != NULL && strcmp(known[i], pw_json_key(member)) != 0) {
            i++;
        }
        if (known[i] == NULL) {
            pw_json_put_value(writer, pw_json_key(member), member);
        }
    }
}

static void put_side_members(struct pw_json_writer *writer, const struct pw_side *side)
{
    size_t count;
    const struct pw_side_member *members = pw_comparison_side_members(&count);

    for (size_t i = 0; i < count; i++) {
        const char *text;
        memcpy(&text, (const char *)side + members[i].offset, sizeof text);
        pw_json_put_string(writer, members[i].key, text);
    }
    pw_json_put_bool(writer, "dirty", side->is_dirty);
    pw_json_put_uint64(writer, "distance", side->distance);
    pw_json_put_uint64(writer, "sessions", side->sessions);
}

static void put_side(struct pw_json_writer *writer, const char *key, const struct pw_side *side,
                     const struct pw_json *read_from)
{
    pw_json_begin_object(writer, key);
    put_side_members(writer, side);
    put_unknown(writer, pw_json_get(read_from, key), side_keys);
    pw_json_end(writer);
}

static void put_anchor(struct pw_json_writer *writer, const struct pw_comparison *comparison)
{
    const struct pw_anchor *anchor = &comparison->anchor;

    if (anchor->label == NULL) {
        return;
    }
    pw_json_begin_object(writer, "anchor");
    pw_json_put_string(writer, "label", anchor->label);
    put_side_members(writer, &anchor->side);
    pw_json_put_uint64(writer, "commits", anchor->commits);
    pw_json_put_string(writer, "on_drift", pw_policy_name(anchor->on_drift));
    put_unknown(writer, pw_json_get(comparison->document, "anchor"), anchor_keys);
    pw_json_end(writer);
}

static void put_gate(struct pw_json_writer *writer, const struct pw_comparison *comparison)
{
    pw_json_begin_object(writer, "gate");
    pw_json_put_string(writer, "config", comparison->config);
    pw_json_put_double(writer, "alpha", comparison->alpha);
    pw_json_put_double(writer, "beta", comparison->beta);
    pw_json_put_double(writer, "fdr", comparison->fdr);
    pw_json_put_double(writer, "session_noise", comparison->session_noise);
    pw_json_begin_compact_array(writer, "fail_on");
    for (int v = 0; v < PW_VERDICT_COUNT; v++) {
        if ((comparison->fail_on & PW_VERDICT_BIT(v)) != 0) {
            pw_json_put_string(writer, NULL, pw_verdict_name((enum pw_verdict)v));
        }
    }
    pw_json_end(writer);
    pw_json_put_string(writer, "on_no_baseline", pw_policy_name(comparison->on_no_baseline));
    pw_json_put_string(writer, "on_inconclusive", pw_policy_name(comparison->on_inconclusive));
    put_unknown(writer, pw_json_get(comparison->document, "gate"), gate_keys);
    pw_json_end(writer);
}

static void put_interval(struct pw_json_writer *writer, const struct pw_interval *interval)
{
    if (isnan(interval->low) || isnan(interval->high)) {
        pw_json_put_null(writer, "interval");
        return;
    }
    pw_json_begin_compact_array(writer, "interval");
    pw_json_put_double(writer, NULL, interval->low);
    pw_json_put_double(writer, NULL, interval->high);
    pw_json_end(writer);
}

static void put_threshold(struct pw_json_writer *writer, const struct pw_threshold *threshold)
{
    if (isnan(threshold->increase_ratio) && isnan(threshold->at_least) && isnan(threshold->limit)) {
        pw_json_put_null(writer, "threshold");
        return;
    }
    pw_json_begin_compact_object(writer, "threshold");
    pw_json_put_double(writer, "increase", threshold->increase_ratio);
    pw_json_put_double(writer, "at_least", threshold->at_least);
    pw_json_put_double(writer, "limit", threshold->limit);
    pw_json_end(writer);
}

/* Only where there is one: most rows have none. */
static void put_agreement(struct pw_json_writer *writer, const struct pw_comparison_row *row)
{
    size_t count;
    const struct pw_agreement_member *members = pw_comparison_agreement_members(&count);

    if (row->verdict != PW_VERDICT_ACCEPTED && row->accepted.where == NULL) {
        return;
    }
    pw_json_begin_object(writer, "accepted");
    for (size_t i = 0; i < count; i++) {
        const char *text;
        memcpy(&text, (const char *)&row->accepted + members[i].offset, sizeof text);
        pw_json_put_string(writer, members[i].key, text);
    }
    put_unknown(writer, pw_json_get(row->unknown, "accepted"), agreement_keys);
    pw_json_end(writer);
}

static void put_row(struct pw_json_writer *writer, const struct pw_comparison_row *row)
{
    size_t count;
    const struct pw_row_member *members = pw_comparison_row_members(&count);

    pw_json_begin_object(writer, NULL);
    pw_json_put_string(writer, "benchmark", row->benchmark);
    if (row->declared != NULL && strcmp(row->declared, row->benchmark) != 0) {
        pw_json_put_string(writer, "declared", row->declared);
    }
    if (row->config_line > 0) {
        pw_json_put_uint64(writer, "config_line", row->config_line);
    }
    pw_json_put_string(writer, "metric", row->metric);
    if (row->since != NULL) {
        pw_json_put_string(writer, "against", "anchor");
        pw_json_put_string(writer, "since", row->since);
    }
    pw_json_put_string(writer, "unit", row->unit);
    pw_json_put_string(writer, "better", pw_better_name(row->better));
    pw_json_put_string(writer, "verdict", pw_verdict_name(row->verdict));
    pw_json_put_string(writer, "reason", row->reason);
    pw_json_put_string(writer, "method", row->method);
    for (size_t i = 0; i < count; i++) {
        double value;
        memcpy(&value, (const char *)row + members[i].offset, sizeof value);
        pw_json_put_double(writer, members[i].key, value);
    }
    put_interval(writer, &row->interval);
    put_threshold(writer, &row->threshold);
    pw_json_put_uint64(writer, "base_samples", row->base_samples);
    pw_json_put_uint64(writer, "head_samples", row->head_samples);
    pw_json_put_uint64(writer, "pairs", row->pairs);
    if (row->is_unconfirmed) {
        pw_json_put_bool(writer, "unconfirmed", true);
    }
    put_agreement(writer, row);
    pw_row_write_values(writer, row);
    put_unknown(writer, row->unknown, row_keys);
    pw_json_end(writer);
}

static void put_summary(struct pw_json_writer *writer, const struct pw_comparison *comparison)
{
    pw_json_begin_compact_object(writer, "tool");
    pw_json_put_string(writer, "name", "perfwarden");
    pw_json_put_string(writer, "version", comparison->tool_version);
    pw_json_end(writer);
    pw_json_put_string(writer, "mode", comparison->mode);
    if (comparison->mode_reason != NULL) {
        pw_json_put_string(writer, "mode_reason", comparison->mode_reason);
    }
    pw_json_put_string(writer, "verdict", pw_verdict_name(comparison->verdict));
    pw_json_put_uint64(writer, "exit_code", (uint64_t)comparison->exit_code);
    pw_json_begin_object(writer, "counts");
    for (int v = 0; v < PW_VERDICT_COUNT; v++) {
        pw_json_put_uint64(writer, pw_verdict_name((enum pw_verdict)v), comparison->counts[v]);
    }
    pw_json_end(writer);
}

void pw_comparison_write(const struct pw_comparison *comparison, struct pw_strbuf *out)
{
    struct pw_json_writer writer;

    pw_json_writer_init(&writer, out);
    pw_json_begin_object(&writer, NULL);
    pw_json_put_string(&writer, "schema", PW_COMPARISON_SCHEMA);
    put_summary(&writer, comparison);
    put_side(&writer, "base", &comparison->base, comparison->document);
    put_side(&writer, "head", &comparison->head, comparison->document);
    put_anchor(&writer, comparison);
    put_gate(&writer, comparison);
    pw_shard_write(comparison->shard, &writer);
    if (comparison->merged_from > 0) {
        pw_json_put_uint64(&writer, "merged_from", comparison->merged_from);
    }
    pw_json_begin_array(&writer, "warnings");
    for (size_t i = 0; i < comparison->warning_count; i++) {
        pw_json_put_string(&writer, NULL, comparison->warnings[i]);
    }
    pw_json_end(&writer);
    pw_json_begin_array(&writer, "comparisons");
    for (size_t i = 0; i < comparison->row_count; i++) {
        put_row(&writer, &comparison->rows[i]);
    }
    pw_json_end(&writer);
    put_unknown(&writer, comparison->document, document_keys);
    pw_json_end(&writer);
    pw_json_writer_finish(&writer);
}

/*
 * What the joined comparison is of. Shards may run on different machines, each compared with what
 * was measured on its own kind: then no environment is named, and a warning says so.
 */
#include <string.h>

#include "comparison.h"
#include "merge.h"

static const char *agreed(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcmp(a, b) == 0 ? a : NULL;
}

static const char *earlier(const char *a, const char *b)
{
    if (a == NULL || b == NULL) {
        return a != NULL ? a : b;
    }
    return strcmp(a, b) <= 0 ? a : b;
}

/* Only what holds for both; a side that is empty, as of a shard with nothing to run, tells nothing.
 */
static void join_side(const struct pw_side *from, struct pw_side *out)
{
    if (from->commit == NULL && from->environment_id == NULL) {
        return;
    }
    if (out->commit == NULL && out->environment_id == NULL) {
        *out = *from;
        return;
    }
    out->branch = agreed(out->branch, from->branch);
    out->reason = out->reason != NULL ? out->reason : from->reason;
    out->environment_id = agreed(out->environment_id, from->environment_id);
    out->started_at = earlier(out->started_at, from->started_at);
    out->run_id = earlier(out->run_id, from->run_id);
    out->source = agreed(out->source, from->source);
    out->hostname = agreed(out->hostname, from->hostname);
    out->is_dirty = out->is_dirty || from->is_dirty;
    out->sessions = out->sessions > from->sessions ? out->sessions : from->sessions;
}

/* "the shards ran in different environments (…, …): …". */
static int warn_about_machines(const struct pw_gate_part *parts, size_t count,
                               struct pw_comparison *out, struct pw_error *err)
{
    const char *first = parts[0].comparison->head.environment_id;

    for (size_t i = 1; i < count; i++) {
        const char *other = parts[i].comparison->head.environment_id;
        if (first != NULL && other != NULL && strcmp(first, other) != 0) {
            return pw_comparison_warnf(
                out, err,
                "the shards ran in different environments (%s and %s among them): each row is "
                "compared within its own",
                first, other);
        }
    }
    return 0;
}

static int warn_about_bases(const struct pw_gate_part *parts, size_t count,
                            struct pw_comparison *out, struct pw_error *err)
{
    const char *first = NULL;

    for (size_t i = 0; i < count; i++) {
        const char *other = parts[i].comparison->base.commit;
        if (first != NULL && other != NULL && strcmp(first, other) != 0) {
            return pw_comparison_warnf(out, err,
                                       "the shards are compared with what was measured of "
                                       "different ancestors (%.12s and %.12s among them)",
                                       first, other);
        }
        first = first != NULL ? first : other;
    }
    return 0;
}

/* One run would have been in the mode that any of its benchmarks needed. */
static void join_mode(const struct pw_comparison *part, struct pw_comparison *out)
{
    if (part->row_count == 0 && out->mode != NULL) {
        return;
    }
    if (out->mode == NULL || out->row_count == 0) { /* nothing but empty shards so far */
        out->mode = part->mode;
        out->mode_reason = part->mode_reason;
    } else if (strcmp(out->mode, part->mode) != 0) {
        out->mode = "auto";
        out->mode_reason = NULL;
    } else {
        out->mode_reason = agreed(out->mode_reason, part->mode_reason);
    }
    out->row_count += part->row_count; /* counted only; the rows are taken later */
}

int pw_merge_describe(const struct pw_gate_part *parts, size_t count, struct pw_comparison *out,
                      struct pw_error *err)
{
    const struct pw_comparison *first = parts[0].comparison;
    int status;

    out->tool_version = first->tool_version;
    out->config = first->config;
    out->alpha = first->alpha;
    out->beta = first->beta;
    out->fdr = first->fdr;
    out->session_noise = first->session_noise;
    out->fail_on = first->fail_on;
    out->on_no_baseline = first->on_no_baseline;
    out->on_inconclusive = first->on_inconclusive;
    out->merged_from = count;
    out->base = first->base;
    out->head = first->head;
    for (size_t i = 0; i < count; i++) {
        const struct pw_comparison *part = parts[i].comparison;
        join_mode(part, out);
        join_side(&part->base, &out->base);
        join_side(&part->head, &out->head);
        if (out->anchor.label == NULL) {
            out->anchor = part->anchor;
        }
    }
    out->row_count = 0;
    status = warn_about_machines(parts, count, out, err);
    return status == 0 ? warn_about_bases(parts, count, out, err) : status;
}

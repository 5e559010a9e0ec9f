/* Whether shards of one suite were compared by the same rules, and hold their own rows, all of
 * them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "merge.h"

static bool is_text_equal(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool is_number_equal(double a, double b)
{
    return (isnan(a) && isnan(b)) || (a <= b && a >= b);
}

static bool has_equal_rates(const struct pw_comparison *a, const struct pw_comparison *b)
{
    return is_number_equal(a->alpha, b->alpha) && is_number_equal(a->beta, b->beta) &&
           is_number_equal(a->fdr, b->fdr) && is_number_equal(a->session_noise, b->session_noise);
}

/* What tells two comparisons apart; NULL when they may be joined. */
static const char *difference(const struct pw_comparison *a, const struct pw_comparison *b)
{
    if (!is_text_equal(a->head.commit, b->head.commit)) {
        return "they measured different commits";
    }
    if (a->head.is_dirty != b->head.is_dirty) {
        return "one of them measured uncommitted changes";
    }
    if (!is_text_equal(a->config, b->config)) {
        return "they were judged by different configurations; pass the same --config to all";
    }
    if (!has_equal_rates(a, b)) {
        return "they were decided with different error rates";
    }
    if (a->fail_on != b->fail_on || a->on_no_baseline != b->on_no_baseline ||
        a->on_inconclusive != b->on_inconclusive) {
        return "different verdicts fail them; pass the same --fail-on to all";
    }
    if (a->anchor.label != NULL && b->anchor.label != NULL &&
        (!is_text_equal(a->anchor.label, b->anchor.label) ||
         a->anchor.on_drift != b->anchor.on_drift)) {
        return "they were compared with different anchors";
    }
    return NULL;
}

/* A row of a benchmark that another shard runs. */
static const struct pw_comparison_row *find_stranger(const struct pw_comparison *part,
                                                     const struct pw_shard_index *index)
{
    for (size_t i = 0; i < part->row_count; i++) {
        const size_t place = pw_shard_index_find(index, part->rows[i].declared);
        if (place < part->shard->size && part->shard->cut[place] != part->shard->index) {
            return &part->rows[i];
        }
    }
    return NULL;
}

/* A comparison has a row of every benchmark that it is of, unless it ended early and says so by its
 * exit code, which becomes that of the whole. */
static int check_coverage(const struct pw_gate_part *part, const struct pw_shard_index *index,
                          struct pw_error *err)
{
    const struct pw_comparison *comparison = part->comparison;
    const struct pw_shard *shard = comparison->shard;
    bool *is_there;
    int status = 0;

    if (pw_merge_is_early_end(comparison->exit_code)) {
        return 0;
    }
    is_there = calloc(shard->size + 1, sizeof *is_there);
    if (is_there == NULL) {
        return pw_error_set_no_memory(err);
    }
    for (size_t i = 0; i < comparison->row_count; i++) {
        if (comparison->rows[i].since == NULL) {
            is_there[pw_shard_index_find(index, comparison->rows[i].declared)] = true;
        }
    }
    for (size_t i = 0; i < shard->size && status == 0; i++) {
        if (shard->cut[i] == shard->index && !is_there[i]) {
            status = pw_error_set(err, PW_ENOTFOUND,
                                  "'%s', shard %u of %u, has no row of '%s', which it had to "
                                  "measure; run the shard again",
                                  part->name, shard->index, shard->count, shard->suite[i]);
        }
    }
    free(is_there);
    return status;
}

int pw_merge_check(const struct pw_gate_part *parts, size_t count, struct pw_error *err)
{
    struct pw_shard_index index = {NULL, NULL};
    int status = pw_shard_index_init(&index, parts[0].comparison->shard, err);

    for (size_t i = 0; i < count && status == 0; i++) {
        const struct pw_comparison *part = parts[i].comparison;
        const char *fault = difference(parts[0].comparison, part);
        const struct pw_comparison_row *stranger = find_stranger(part, &index);
        if (fault != NULL) {
            status = pw_error_set(err, PW_EUSAGE, "'%s' and '%s' cannot be joined: %s",
                                  parts[0].name, parts[i].name, fault);
        } else if (stranger != NULL) {
            status = pw_error_set(err, PW_EUSAGE,
                                  "'%s' has a row of '%s', which is not of shard %u: the file was "
                                  "changed",
                                  parts[i].name, stranger->benchmark, part->shard->index);
        } else {
            status = check_coverage(&parts[i], &index, err);
        }
    }
    pw_shard_index_release(&index);
    return status;
}

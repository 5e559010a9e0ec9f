/*
 * `gate.anchor`: exactly one way of choosing the commit, and thresholds that mean something beside
 * those of the benchmarks.
 */
#include <math.h>
#include <string.h>

#include "decode.h"

/* The keys that say which commit; one of them has to be there. */
static const char *const choices[] = {"tag", "days", "commits"};

void pw_decode_anchor(struct pw_decoder *decoder, const struct pw_schema_key *key,
                      const struct pw_yaml_node *node, const char *path, void *slot)
{
    const struct pw_yaml_node *chosen = NULL;
    if (!pw_decode_is_map(decoder, key, node, path)) {
        return;
    }
    decoder->level = PW_LEVEL_DEFAULTS;
    pw_decode_section(decoder, key->child, node, path, slot);
    for (size_t i = 0; i < PW_COUNT(choices); i++) {
        const struct pw_yaml_node *member = pw_yaml_member(node, choices[i]);
        if (member != NULL && chosen != NULL) {
            pw_reading_mistake(decoder->reading, member->key_line, member->key_column,
                               "'%s' has both '%s' and '%s', keep one of them", path, chosen->key,
                               member->key);
        }
        chosen = member != NULL ? member : chosen;
    }
    if (chosen == NULL) {
        PW_DECODE_MISTAKE(decoder, node,
                          "'%s' does not say which commit, set one of 'tag', 'days' and 'commits'",
                          path);
    }
}

static bool is_gated(const struct pw_config *config, const char *metric)
{
    for (size_t i = 0; i < config->benchmark_count; i++) {
        if (pw_benchmark_threshold(&config->benchmarks[i], metric) != NULL) {
            return true;
        }
    }
    return false;
}

static void check_threshold(struct pw_reading *reading, const struct pw_declared_threshold *item,
                            const struct pw_config *config)
{
    const char *metric = pw_reading_shorten(reading, item->threshold.metric);
    if (!isnan(item->threshold.limit)) {
        pw_reading_mistake(reading, item->node->line, item->node->column,
                           "'%s' has a limit for '%s', which holds whatever head is compared with: "
                           "set it in the benchmark's 'thresholds'",
                           item->path, metric);
    }
    /* Without benchmarks there is a mistake elsewhere, which says more. */
    if (config->benchmark_count > 0 && !is_gated(config, item->threshold.metric)) {
        pw_reading_mistake(reading, item->node->key_line, item->node->key_column,
                           "'%s' has a threshold for '%s', which no benchmark has a threshold for",
                           item->path, metric);
    }
}

void pw_anchor_finish(struct pw_reading *reading, const struct pw_declared_anchor *declared,
                      struct pw_config *config)
{
    struct pw_anchor_config *anchor = &config->gate.anchor;
    const size_t count = declared->thresholds.count;
    struct pw_threshold *thresholds =
        pw_arena_array(reading->arena, count + 1, sizeof(*thresholds));
    if (thresholds == NULL) {
        pw_reading_no_memory(reading);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        check_threshold(reading, &declared->thresholds.items[i], config);
        thresholds[i] = declared->thresholds.items[i].threshold;
    }
    *anchor = (struct pw_anchor_config){
        .kind = declared->tag != NULL   ? PW_ANCHOR_TAG
                : declared->days > 0    ? PW_ANCHOR_DAYS
                : declared->commits > 0 ? PW_ANCHOR_COMMITS
                                        : PW_ANCHOR_NONE,
        .tag = declared->tag,
        .days = declared->days,
        .commits = declared->commits,
        .thresholds = thresholds,
        .threshold_count = count,
        .on_drift = declared->on_drift,
    };
}

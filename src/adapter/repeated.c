/* A name that stands in an output several times: its values are repetitions of one. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "json_members.h"

/** A value and where it stands. */
struct place {
    const struct pw_adapter_value *value;
    size_t index;
};

static int compare_names(const struct place *a, const struct place *b)
{
    const int order = strcmp(a->value->benchmark, b->value->benchmark);
    return order != 0 ? order : strcmp(a->value->metric, b->value->metric);
}

static int compare_places(const void *left, const void *right)
{
    const struct place *a = left;
    const struct place *b = right;
    const int order = compare_names(a, b);
    return order != 0 ? order : (a->index > b->index) - (a->index < b->index);
}

/* The first becomes their median with all of them as its samples, the others lose their names. */
static int merge(struct pw_adapter_output *output, const struct place *places, size_t count,
                 struct pw_error *err)
{
    double *samples = pw_arena_array(&output->arena, count, sizeof(*samples));
    double *sorted = pw_arena_array(&output->arena, count, sizeof(*sorted));
    if (samples == NULL || sorted == NULL) {
        return pw_error_set_no_memory(err);
    }
    for (size_t i = 0; i < count; i++) {
        samples[i] = sorted[i] = places[i].value->value;
        output->values[places[i].index].metric = i == 0 ? places[0].value->metric : NULL;
    }
    struct pw_adapter_value *first = &output->values[places[0].index];
    first->value = pw_adapter_median(sorted, count);
    first->samples = samples;
    first->sample_count = count;
    return 0;
}

/* @param places  room for all values */
static int merge_all(struct pw_adapter_output *output, struct place *places, struct pw_error *err)
{
    const size_t count = output->count;
    bool is_repeated = false;
    int status = 0;
    for (size_t i = 0; i < count; i++) {
        places[i] = (struct place){&output->values[i], i};
    }
    qsort(places, count, sizeof(places[0]), compare_places);
    for (size_t first = 0, end = 0; status == 0 && first < count; first = end) {
        for (end = first + 1; end < count && compare_names(&places[first], &places[end]) == 0;
             end++) {
        }
        if (end - first > 1) {
            is_repeated = true;
            status = merge(output, &places[first], end - first, err);
        }
    }
    size_t kept = 0;
    for (size_t i = 0; is_repeated && i < count; i++) {
        if (output->values[i].metric != NULL) {
            output->values[kept++] = output->values[i];
        }
    }
    output->count = is_repeated ? kept : count;
    return status;
}

static uint64_t hash_text(uint64_t hash, const char *text)
{
    for (; *text != '\0'; text++) {
        hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001B3);
    }
    return (hash ^ 0xFF) * UINT64_C(0x100000001B3);
}

/* Nearly all outputs name everything once: this tells so in linear time. False when two hashes are
 * equal, or a hostile choice of names has made the table slow. @param slots  of zeros */
static bool is_surely_unique(const struct pw_adapter_output *output, uint64_t *slots, size_t mask)
{
    size_t effort = 16 * output->count;
    for (size_t i = 0; i < output->count; i++) {
        const struct pw_adapter_value *value = &output->values[i];
        uint64_t hash = hash_text(UINT64_C(0xCBF29CE484222325), value->benchmark);
        hash = hash_text(hash, value->metric);
        hash ^= hash >> 29;
        hash += hash == 0; /* 0 is an empty slot */
        size_t at = (size_t)hash & mask;
        for (; slots[at] != 0; at = (at + 1) & mask) {
            if (slots[at] == hash || effort-- == 0) {
                return false;
            }
        }
        slots[at] = hash;
    }
    return true;
}

int pw_adapter_merge_repeated(struct pw_adapter_output *output, struct pw_error *err)
{
    size_t size = 16;
    if (output->count < 2) {
        return 0;
    }
    while (size / 2 < output->count) {
        size *= 2;
    }
    uint64_t *slots = calloc(size, sizeof(*slots));
    if (slots == NULL) {
        return pw_error_set_no_memory(err);
    }
    const bool is_unique = is_surely_unique(output, slots, size - 1);
    free(slots);
    if (is_unique) {
        return 0;
    }
    struct place *places = calloc(output->count, sizeof(*places));
    if (places == NULL) {
        return pw_error_set_no_memory(err);
    }
    const int status = merge_all(output, places, err);
    free(places);
    return status;
}

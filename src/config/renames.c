/*
 * Former names of benchmarks: the ids that they had under them, and the mistakes that only show
 * once all benchmarks are known. A former id leads to one benchmark and is no benchmark's own.
 */
#include "renames.h"

#include <stdlib.h>
#include <string.h>

bool pw_renames_fill(struct pw_expansion *expansion, struct pw_combination *combination,
                     struct pw_benchmark *benchmark)
{
    const struct pw_declaration *declaration = combination->declaration;
    const struct pw_strings *names = &declaration->renamed_from;

    if (names->count == 0) {
        return true;
    }
    if (!pw_expansion_charge(expansion, declaration, names->count * sizeof(const char *))) {
        return false;
    }
    const char **ids = pw_arena_array(expansion->reading->arena, names->count, sizeof(*ids));
    if (ids == NULL) {
        return pw_reading_no_memory(expansion->reading);
    }
    for (size_t i = 0; i < names->count; i++) {
        ids[i] = pw_expansion_id(expansion, combination, names->items[i]);
        if (ids[i] == NULL) {
            return false;
        }
    }
    benchmark->renamed_from = (struct pw_strings){ids, names->count};
    return true;
}

/** A benchmark by its own id, or by a former one. */
struct claim {
    const char *id;
    const struct pw_benchmark *benchmark;
    bool is_former;
};

/* By id; a benchmark's own before former ones, then in the order of the file. */
static int compare_claims(const void *left, const void *right)
{
    const struct claim *a = left;
    const struct claim *b = right;
    int order = strcmp(a->id, b->id);

    if (order == 0) {
        order = (int)a->is_former - (int)b->is_former;
    }
    return order != 0 ? order : (a->benchmark > b->benchmark) - (a->benchmark < b->benchmark);
}

static void report(struct pw_reading *reading, const struct claim *first,
                   const struct claim *claimed)
{
    const struct pw_benchmark *benchmark = claimed->benchmark;
    const char *id = pw_reading_shorten(reading, claimed->id);

    if (first->benchmark == benchmark && first->is_former) {
        pw_reading_mistake(reading, benchmark->line, benchmark->column,
                           "benchmark '%s' is renamed from '%s' twice",
                           pw_reading_shorten(reading, benchmark->id), id);
    } else if (first->is_former) {
        pw_reading_mistake(reading, benchmark->line, benchmark->column,
                           "benchmark '%s' is renamed from '%s', and so is the one on line %u",
                           pw_reading_shorten(reading, benchmark->id), id, first->benchmark->line);
    } else {
        pw_reading_mistake(reading, benchmark->line, benchmark->column,
                           "benchmark '%s' is renamed from '%s', which is still declared on "
                           "line %u: remove one of them",
                           pw_reading_shorten(reading, benchmark->id), id, first->benchmark->line);
    }
}

static size_t collect(const struct pw_expansion *expansion, struct claim *out)
{
    size_t count = 0;

    for (size_t i = 0; i < expansion->count; i++) {
        const struct pw_benchmark *benchmark = &expansion->items[i];
        out[count++] = (struct claim){benchmark->id, benchmark, false};
        for (size_t k = 0; k < benchmark->renamed_from.count; k++) {
            out[count++] = (struct claim){benchmark->renamed_from.items[k], benchmark, true};
        }
    }
    return count;
}

void pw_renames_check(struct pw_expansion *expansion)
{
    size_t count = expansion->count;

    for (size_t i = 0; i < expansion->count; i++) {
        count += expansion->items[i].renamed_from.count;
    }
    if (count == expansion->count) {
        return;
    }
    struct claim *claims = pw_arena_array(expansion->reading->arena, count, sizeof(*claims));
    if (claims == NULL) {
        pw_reading_no_memory(expansion->reading);
        return;
    }
    count = collect(expansion, claims);
    qsort(claims, count, sizeof(*claims), compare_claims);
    for (size_t i = 1, first = 0; i < count; i++) {
        if (strcmp(claims[first].id, claims[i].id) != 0) {
            first = i;
        } else if (claims[i].is_former) { /* ids of its own that clash are reported elsewhere */
            report(expansion->reading, &claims[first], &claims[i]);
        }
    }
}

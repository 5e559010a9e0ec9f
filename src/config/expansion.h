/* The state of an expansion, and the making of one benchmark in it. */
#ifndef PERFWARDEN_CONFIG_EXPANSION_H
#define PERFWARDEN_CONFIG_EXPANSION_H

#include "document.h"
#include "perfwarden/util/strbuf.h"

struct pw_expansion {
    struct pw_reading *reading;
    const char *directory; /**< absolute: where relative working directories start */
    struct pw_benchmark *items;
    size_t count;
    size_t capacity;
    size_t bytes_left; /**< of the allowance */
};

/** What a list of `concurrency` is called as a parameter. */
#define PW_CONCURRENCY_PARAM "concurrency"

/** One combination of a declaration's parameter values. */
struct pw_combination {
    const struct pw_declaration *declaration;
    const char **values; /**< one per parameter */
    unsigned concurrency;
    bool is_concurrency_listed; /**< it is one of several, and so part of the id */
    struct pw_strbuf text;      /**< scratch, released by its owner */
};

/** Make a benchmark. @return false after reporting why not, or when memory ran out */
bool pw_expansion_fill(struct pw_expansion *expansion, struct pw_combination *combination,
                       struct pw_benchmark *out);

/**
 * The id of a combination under a name: `name` or `name/param=value,…`.
 *
 * @return NULL after reporting why not, or when memory ran out
 */
const char *pw_expansion_id(struct pw_expansion *expansion, struct pw_combination *combination,
                            const char *name);

/** Take bytes from the allowance. @return false after reporting that it is used up */
bool pw_expansion_charge(struct pw_expansion *expansion, const struct pw_declaration *declaration,
                         size_t bytes);

/** Report that a declaration passes a limit. Always false. */
bool pw_expansion_give_up(struct pw_expansion *expansion, const struct pw_declaration *declaration,
                          const char *limit);

#endif

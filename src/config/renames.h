/* Former names of benchmarks. */
#ifndef PERFWARDEN_CONFIG_RENAMES_H
#define PERFWARDEN_CONFIG_RENAMES_H

#include "expansion.h"

/** Give a benchmark its former ids. @return false after reporting why not, or without memory */
bool pw_renames_fill(struct pw_expansion *expansion, struct pw_combination *combination,
                     struct pw_benchmark *benchmark);

/** Report former ids that two benchmarks claim, or that one still has. */
void pw_renames_check(struct pw_expansion *expansion);

#endif

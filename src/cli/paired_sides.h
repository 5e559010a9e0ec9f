/* The two sides of a paired measurement: their builds, configurations and results. */
#ifndef PERFWARDEN_CLI_PAIRED_SIDES_H
#define PERFWARDEN_CLI_PAIRED_SIDES_H

#include "paired.h"

enum pw_paired_side { PW_PAIRED_BASE, PW_PAIRED_HEAD, PW_PAIRED_SIDES };

/** Zero-initialised is valid; everything is released by pw_paired_sides_release(). */
struct pw_paired_sides {
    struct pw_build builds[PW_PAIRED_SIDES];
    bool is_built[PW_PAIRED_SIDES];
    struct pw_config parsed[PW_PAIRED_SIDES]; /**< head's configuration, at home in each tree */
    bool is_parsed[PW_PAIRED_SIDES];
    struct pw_config configs[PW_PAIRED_SIDES]; /**< of those, the benchmarks to be measured */
    struct pw_config declared;                 /**< what the base's own configuration declares */
    bool has_declared;                         /**< it could be read */
    struct pw_result results[PW_PAIRED_SIDES];
    struct pw_arena arena;
};

/** "base", "head". */
const char *pw_paired_side_name(enum pw_paired_side side);

/**
 * Build both, and prepare all that measuring them needs.
 *
 * @param[out] sides  zero-initialised; to be released whatever is returned
 * @return 0; PW_EBUILD; PW_EINTERRUPTED; PW_EGIT; PW_EIO; PW_ENOMEM
 */
int pw_paired_sides_prepare(struct pw_cli *cli, const struct pw_arguments *arguments,
                            const struct pw_project *project,
                            const struct pw_paired_request *request, struct pw_paired_sides *sides,
                            struct pw_error *err) PW_MUST_CHECK;

/**
 * A copy of a configuration with the wanted benchmarks only, their commands as --shell wants them.
 *
 * @param[out] out  shares `parsed`; what is new lives in the arena
 * @return 0; PW_EUSAGE; PW_ENOMEM
 */
int pw_paired_select(const struct pw_arguments *arguments, const struct pw_paired_request *request,
                     const struct pw_config *parsed, struct pw_arena *arena, struct pw_config *out,
                     struct pw_error *err) PW_MUST_CHECK;

void pw_paired_sides_release(struct pw_paired_sides *sides);

#endif

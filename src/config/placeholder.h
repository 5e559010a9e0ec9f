/*
 * Parameters inside text: `{name}` stands for the value of the parameter of that name; any other
 * text in braces is left alone, unless it looks like a mistyped parameter.
 */
#ifndef PERFWARDEN_CONFIG_PLACEHOLDER_H
#define PERFWARDEN_CONFIG_PLACEHOLDER_H

#include "document.h"

/** An identifier in braces. */
struct pw_placeholder {
    const char *name; /**< behind the brace, not terminated */
    size_t length;    /**< of the name */
    bool is_variable; /**< "${name}": the shell's own */
};

/**
 * Find the next identifier in braces.
 *
 * @param[in,out] text  where to search; on success behind the closing brace
 * @return false when there is none
 */
bool pw_placeholder_next(const char **text, struct pw_placeholder *out);

/** The index of the parameter that a placeholder names; params->count for none. */
size_t pw_placeholder_find(const struct pw_placeholder *placeholder,
                           const struct pw_parameters *params);

/** Report placeholders of one text that are almost a parameter, or a parameter written as
 * `${name}`. */
void pw_placeholder_check(struct pw_reading *reading, const struct pw_located *where,
                          const struct pw_parameters *params);

/**
 * Append a text with its parameters filled in; values are not searched again.
 *
 * @param values  one per parameter
 */
void pw_placeholder_fill(struct pw_strbuf *out, const char *text,
                         const struct pw_parameters *params, const char *const *values);

#endif

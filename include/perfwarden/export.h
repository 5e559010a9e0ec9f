/*
 * Results in other tools' formats, so that a project can move to them as it moved from them: one
 * file per format, a table of them. Part of the report module.
 */
#ifndef PERFWARDEN_EXPORT_H
#define PERFWARDEN_EXPORT_H

#include <stddef.h>

#include "perfwarden/result.h"
#include "perfwarden/util/error.h"
#include "perfwarden/util/strbuf.h"

/** A format. */
struct pw_exporter {
    const char *name;    /**< as `export --format` spells it */
    const char *summary; /**< one phrase */
    /**
     * Append a result's values: each metric's median over the runs, with the least and the largest.
     * What failed has none and is left out.
     *
     * @return 0; PW_EUSAGE when there is nothing to write; PW_ENOMEM
     */
    int (*write)(const struct pw_result *result, struct pw_strbuf *out, struct pw_error *err);
};

/** All of them. @param[out] count how many */
const struct pw_exporter *pw_exporter_table(size_t *count);
/** @return NULL when there is no such format */
const struct pw_exporter *pw_exporter_find(const char *name);
/** The name of the index-th; NULL past the last. */
const char *pw_exporter_name(size_t index);

#endif

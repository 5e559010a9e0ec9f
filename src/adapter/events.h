/* What Valgrind counts, under the names that this program gives it. Internal to the adapter module:
 * the text and the JSON of the same harness share it, so that both give the same metrics. */
#ifndef PERFWARDEN_ADAPTER_EVENTS_H
#define PERFWARDEN_ADAPTER_EVENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "perfwarden/util/strbuf.h"
#include "perfwarden/vocabulary.h"

/** A metric. */
struct pw_adapter_event {
    const char *label; /**< in text: "Estimated Cycles" */
    const char *key;   /**< in JSON: "EstimatedCycles" */
    const char *metric;
    const char *unit;
    enum pw_better better;
};

/** @param text a label or a key, not NUL-terminated @return NULL when it is not known */
const struct pw_adapter_event *pw_adapter_find_event(const char *text, size_t length);

/** A tool's section prefixes its metrics, so that no two tools share one; Callgrind and DHAT, which
 * everybody uses, go without. @param tool "Callgrind", "MEMCHECK"; "" for none */
void pw_adapter_put_tool(struct pw_strbuf *metric, const char *tool);

/** Append a name in snake case: "L1 Hit Rate" is "l1_hit_rate". */
void pw_adapter_put_snake(struct pw_strbuf *metric, const char *name, size_t length);

#endif

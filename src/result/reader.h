/*
 * Reading members with their kinds checked, and errors that name the member's path. Internal to the
 * result module.
 */
#ifndef PERFWARDEN_RESULT_READER_H
#define PERFWARDEN_RESULT_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "perfwarden/result.h"

/** The state of one reading. `path` names the object being read, "" for the whole document. */
struct pw_reader {
    struct pw_result *result;
    const char *name; /**< what messages call the document */
    struct pw_strbuf path;
    struct pw_error *err;
};

/** Whether a member may be absent or null. */
enum pw_presence { PW_REQUIRED, PW_OPTIONAL };

/**
 * Fail for a member of the object being read.
 *
 * @param key      the member; NULL for the object itself
 * @param problem  what follows its path, as in "is not a number"
 * @return PW_EFORMAT
 */
int pw_reader_fail(struct pw_reader *reader, const char *key, const char *problem);

/** Continue the path with ".key". @return what pw_reader_leave() takes to go back */
size_t pw_reader_enter(struct pw_reader *reader, const char *key);
/** Continue the path with "[index]". */
size_t pw_reader_enter_index(struct pw_reader *reader, size_t index);
void pw_reader_leave(struct pw_reader *reader, size_t mark);

/**
 * A member of a kind.
 *
 * @param kind      what messages call the type, "an object"
 * @param[out] out  NULL when it is absent and may be
 * @return 0; PW_EFORMAT
 */
int pw_reader_member(struct pw_reader *reader, const struct pw_json *object, const char *key,
                     enum pw_json_type type, enum pw_presence presence,
                     const struct pw_json **out) PW_MUST_CHECK;

/** A string, borrowed from the document. @param[out] out NULL when it is absent or empty */
int pw_reader_text(struct pw_reader *reader, const struct pw_json *object, const char *key,
                   enum pw_presence presence, const char **out) PW_MUST_CHECK;

/** An optional list of strings, the list in the arena. */
int pw_reader_texts(struct pw_reader *reader, const struct pw_json *object, const char *key,
                    const char ***out, size_t *count) PW_MUST_CHECK;

/** Read a benchmark's "context" (context.c). @param[out] out NULL when there is none */
int pw_reader_context(struct pw_reader *reader, const struct pw_json *object,
                      const struct pw_context **out) PW_MUST_CHECK;

/** Read what a benchmark told of itself beside values (read_inside.c). @param[out] out untouched
 * where that is nothing */
int pw_reader_inside(struct pw_reader *reader, const struct pw_json *object,
                     struct pw_result_inside **out) PW_MUST_CHECK;

/** Read the document's benchmarks (read_benchmark.c). */
int pw_reader_benchmarks(struct pw_reader *reader, const struct pw_json *document) PW_MUST_CHECK;

#endif

/* What the annotations of all CI systems share: who is told, how much, in which words. */
#ifndef PERFWARDEN_REPORT_ANNOTATIONS_H
#define PERFWARDEN_REPORT_ANNOTATIONS_H

#include <stdbool.h>

#include "perfwarden/util/strbuf.h"

/** Most annotations of a level: GitHub shows no more of one step. */
#define PW_ANNOTATIONS_MAX 10

enum pw_annotation_level {
    PW_ANNOTATION_ERROR,
    PW_ANNOTATION_WARNING,
    PW_ANNOTATION_NOTICE,
    PW_ANNOTATION_LEVEL_COUNT
};

/** One annotation. Texts are foreign. */
struct pw_annotation {
    enum pw_annotation_level level;
    const char *title; /**< own words: "regression"; NULL for none */
    const char *file;  /**< from the root of the repository; NULL for none */
    unsigned line;     /**< 0 for none */
    const char *text;  /**< one line, shown as on a terminal, at most 4,096 characters */
};

/** How a CI system is told. */
struct pw_annotation_syntax {
    bool has_notice;
    void (*put)(struct pw_strbuf *out, const struct pw_annotation *annotation);
};

extern const struct pw_annotation_syntax pw_annotations_github;
extern const struct pw_annotation_syntax pw_annotations_azure;

#endif

/*
 * A JUnit test suite: the model that a comparison and a result are turned into, and its XML.
 *
 * The XML is the one form that both the Jenkins and the Ant schema accept: bare <testsuites>, one
 * <testsuite>, properties, test cases, output of the suite, no output inside a test case.
 */
#ifndef PERFWARDEN_REPORT_JUNIT_SUITE_H
#define PERFWARDEN_REPORT_JUNIT_SUITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "perfwarden/util/arena.h"
#include "perfwarden/util/error.h"
#include "perfwarden/util/strbuf.h"

/** Bytes of "2026-11-20T10:00:00" with its NUL. */
#define PW_JUNIT_TIME_SIZE 20

enum pw_junit_outcome {
    PW_JUNIT_PASSED,
    PW_JUNIT_FAILURE,
    PW_JUNIT_ERROR,
    PW_JUNIT_SKIPPED,
    PW_JUNIT_OUTCOME_COUNT
};

struct pw_junit_case {
    const char *classname;
    const char *name; /**< stands alone; made unique by pw_junit_write() */
    enum pw_junit_outcome outcome;
    const char *type;    /**< failure and error: a word for its kind */
    const char *message; /**< one line; NULL when passed */
    const char *body;    /**< the same facts, a line for each; NULL when passed */
    uint64_t time_ms;
};

struct pw_junit_property {
    const char *name;
    const char *value;
};

/** Its texts hold only characters that XML allows. Memory failure is remembered. */
struct pw_junit_suite {
    struct pw_arena arena;
    char timestamp[PW_JUNIT_TIME_SIZE];
    const char *hostname;
    struct pw_junit_property *properties;
    size_t property_count;
    size_t property_capacity;
    struct pw_junit_case *cases;
    size_t case_count;
    size_t case_capacity;
    size_t outcomes[PW_JUNIT_OUTCOME_COUNT];
    uint64_t time_ms;
    const char *system_out;
    const char *system_err;
    bool failed;
};

/**
 * Start a suite.
 *
 * @param started_at  ISO 8601 in UTC; anything else, or NULL, becomes the start of 1970
 * @param hostname    NULL or empty when it is not known: "localhost", as the schema asks
 */
void pw_junit_init(struct pw_junit_suite *suite, const char *started_at, const char *hostname);
void pw_junit_release(struct pw_junit_suite *suite);

/** Add a property. @param name own word @param value foreign, copied; NULL adds none */
void pw_junit_add_property(struct pw_junit_suite *suite, const char *name, const char *value);
/** Add a test case. @param test_case its texts are foreign and copied */
void pw_junit_add_case(struct pw_junit_suite *suite, const struct pw_junit_case *test_case);
/** Set what the suite printed. @param out, err foreign, copied */
void pw_junit_set_output(struct pw_junit_suite *suite, const char *out, const char *err);

/** Nanoseconds as a test's time; 0 when not finite or negative. */
uint64_t pw_junit_milliseconds(double ns);

/** Make names unique and append the document. @return 0; PW_ENOMEM */
int pw_junit_write(struct pw_junit_suite *suite, struct pw_strbuf *out,
                   struct pw_error *err) PW_MUST_CHECK;

#endif

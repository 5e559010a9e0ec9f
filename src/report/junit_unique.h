/* Unique names: CI systems join the results of test cases that are called the same. */
#ifndef PERFWARDEN_REPORT_JUNIT_UNIQUE_H
#define PERFWARDEN_REPORT_JUNIT_UNIQUE_H

#include "junit_suite.h"

/**
 * Add a number to every name that an earlier test case has: "parse wall_time (2)".
 *
 * @return 0; PW_ENOMEM
 */
int pw_junit_make_unique(struct pw_junit_suite *suite, struct pw_error *err) PW_MUST_CHECK;

#endif

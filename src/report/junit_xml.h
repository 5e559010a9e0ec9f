/* The XML of a JUnit suite. */
#ifndef PERFWARDEN_REPORT_JUNIT_XML_H
#define PERFWARDEN_REPORT_JUNIT_XML_H

#include "junit_suite.h"

/** Append the document. @return 0; PW_ENOMEM */
int pw_junit_write_xml(const struct pw_junit_suite *suite, struct pw_strbuf *out,
                       struct pw_error *err) PW_MUST_CHECK;

#endif

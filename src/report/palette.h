/* Marks and colours of tables on a terminal; which verdict has which is palette.c's. */
#ifndef PERFWARDEN_REPORT_PALETTE_H
#define PERFWARDEN_REPORT_PALETTE_H

#include "perfwarden/report/terminal.h" // IWYU pragma: export

#define PW_MARK_GOOD "\xE2\x9C\x93" /* check mark */
#define PW_MARK_OPEN "?"
#define PW_MARK_BAD  "\xE2\x9C\x97" /* ballot x */

#define PW_COLOR_GOOD "\x1B[32m"
#define PW_COLOR_OPEN "\x1B[33m"
#define PW_COLOR_BAD  "\x1B[31m"
#define PW_COLOR_NONE ""

#endif

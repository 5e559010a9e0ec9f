/* What a verdict looks like on a terminal: a mark that also works without colours, and a colour. */
#ifndef PERFWARDEN_REPORT_PALETTE_H
#define PERFWARDEN_REPORT_PALETTE_H

#define PW_MARK_GOOD "\xE2\x9C\x93" /* check mark */
#define PW_MARK_OPEN "?"
#define PW_MARK_BAD  "\xE2\x9C\x97" /* ballot x */

#define PW_COLOR_GOOD  "\x1B[32m"
#define PW_COLOR_OPEN  "\x1B[33m"
#define PW_COLOR_BAD   "\x1B[31m"
#define PW_COLOR_NONE  ""
#define PW_COLOR_RESET "\x1B[0m"

#endif

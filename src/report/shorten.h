/* Long names: pw_report_shorten(), which others use as well. */
#ifndef PERFWARDEN_REPORT_SHORTEN_H
#define PERFWARDEN_REPORT_SHORTEN_H

#include "perfwarden/report/terminal.h" // IWYU pragma: export

#endif

/* The functions of each format, for the table in reporter.c. Contracts: struct pw_reporter. */
#ifndef PERFWARDEN_REPORT_FORMATS_H
#define PERFWARDEN_REPORT_FORMATS_H

#include "perfwarden/report.h"

int pw_report_text_comparison(const struct pw_comparison *comparison,
                              const struct pw_report_options *options, struct pw_strbuf *out,
                              struct pw_error *err);
int pw_report_text_result(const struct pw_result *result, const struct pw_report_options *options,
                          struct pw_strbuf *out, struct pw_error *err);

int pw_report_markdown_comparison(const struct pw_comparison *comparison,
                                  const struct pw_report_options *options, struct pw_strbuf *out,
                                  struct pw_error *err);
int pw_report_markdown_result(const struct pw_result *result,
                              const struct pw_report_options *options, struct pw_strbuf *out,
                              struct pw_error *err);

int pw_report_junit_comparison(const struct pw_comparison *comparison,
                               const struct pw_report_options *options, struct pw_strbuf *out,
                               struct pw_error *err);
int pw_report_junit_result(const struct pw_result *result, const struct pw_report_options *options,
                           struct pw_strbuf *out, struct pw_error *err);

int pw_report_json_comparison(const struct pw_comparison *comparison,
                              const struct pw_report_options *options, struct pw_strbuf *out,
                              struct pw_error *err);
int pw_report_json_result(const struct pw_result *result, const struct pw_report_options *options,
                          struct pw_strbuf *out, struct pw_error *err);

int pw_report_html_comparison(const struct pw_comparison *comparison,
                              const struct pw_report_options *options, struct pw_strbuf *out,
                              struct pw_error *err);
int pw_report_html_result(const struct pw_result *result, const struct pw_report_options *options,
                          struct pw_strbuf *out, struct pw_error *err);

int pw_report_csv_comparison(const struct pw_comparison *comparison,
                             const struct pw_report_options *options, struct pw_strbuf *out,
                             struct pw_error *err);
int pw_report_csv_result(const struct pw_result *result, const struct pw_report_options *options,
                         struct pw_strbuf *out, struct pw_error *err);

int pw_report_prometheus_comparison(const struct pw_comparison *comparison,
                                    const struct pw_report_options *options, struct pw_strbuf *out,
                                    struct pw_error *err);
int pw_report_prometheus_result(const struct pw_result *result,
                                const struct pw_report_options *options, struct pw_strbuf *out,
                                struct pw_error *err);

int pw_report_openmetrics_comparison(const struct pw_comparison *comparison,
                                     const struct pw_report_options *options, struct pw_strbuf *out,
                                     struct pw_error *err);
int pw_report_openmetrics_result(const struct pw_result *result,
                                 const struct pw_report_options *options, struct pw_strbuf *out,
                                 struct pw_error *err);

int pw_report_github_comparison(const struct pw_comparison *comparison,
                                const struct pw_report_options *options, struct pw_strbuf *out,
                                struct pw_error *err);
int pw_report_github_result(const struct pw_result *result, const struct pw_report_options *options,
                            struct pw_strbuf *out, struct pw_error *err);

int pw_report_azure_comparison(const struct pw_comparison *comparison,
                               const struct pw_report_options *options, struct pw_strbuf *out,
                               struct pw_error *err);
int pw_report_azure_result(const struct pw_result *result, const struct pw_report_options *options,
                           struct pw_strbuf *out, struct pw_error *err);

int pw_report_svg_comparison(const struct pw_comparison *comparison,
                             const struct pw_report_options *options, struct pw_strbuf *out,
                             struct pw_error *err);
int pw_report_svg_result(const struct pw_result *result, const struct pw_report_options *options,
                         struct pw_strbuf *out, struct pw_error *err);

int pw_report_badge_comparison(const struct pw_comparison *comparison,
                               const struct pw_report_options *options, struct pw_strbuf *out,
                               struct pw_error *err);
int pw_report_badge_result(const struct pw_result *result, const struct pw_report_options *options,
                           struct pw_strbuf *out, struct pw_error *err);

#endif

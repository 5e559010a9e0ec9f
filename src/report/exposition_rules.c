/* When Prometheus is to wake somebody: rules for the gauges of exposition.c. */
#include "perfwarden/report.h"

/** One alert. */
struct rule {
    const char *name;
    const char *expression;
    const char *severity;
    const char *summary;
};

static const struct rule rules[] = {
    {"PerfwardenRegression", "perfwarden_regression == 1", "warning",
     "{{ $labels.benchmark }} {{ $labels.metric }} is worse than its threshold allows"},
    {"PerfwardenUnmeasured", "perfwarden_comparisons{verdict=~\"error|missing\"} > 0", "critical",
     "{{ $value }} comparisons ended as {{ $labels.verdict }}: nothing is known of them"},
    {"PerfwardenGateFails", "perfwarden_exit_code != 0", "warning",
     "the gate ended with exit code {{ $value }}"},
    {"PerfwardenStale", "time() - node_textfile_mtime_seconds{file=~\".*perfwarden.*\"} > 604800",
     "warning", "{{ $labels.file }} was not written for a week"},
};

void pw_report_prometheus_rules(struct pw_strbuf *out)
{
    pw_strbuf_puts(out, "groups:\n  - name: perfwarden\n    rules:\n");
    for (size_t i = 0; i < PW_COUNT(rules); i++) {
        pw_strbuf_printf(out,
                         "      - alert: %s\n        expr: '%s'\n        labels:\n"
                         "          severity: %s\n        annotations:\n          summary: '%s'\n",
                         rules[i].name, rules[i].expression, rules[i].severity, rules[i].summary);
    }
}

/* The table of formats. A new one is a file and a row here. */
#include "formats.h"

#include <string.h>

static const struct pw_reporter reporters[] = {
    {"text", "aligned tables for a terminal or a log", pw_report_text_comparison,
     pw_report_text_result},
    {"markdown", "a GitHub job summary or comment", pw_report_markdown_comparison,
     pw_report_markdown_result},
    {"junit", "JUnit XML for CI systems, a test case for each comparison",
     pw_report_junit_comparison, pw_report_junit_result},
    {"json", "everything, for programs", pw_report_json_comparison, pw_report_json_result},
    {"html", "one page with charts, to be opened in a browser", pw_report_html_comparison,
     pw_report_html_result},
    {"csv", "a line for each comparison, or for each sample of a result", pw_report_csv_comparison,
     pw_report_csv_result},
    {"prometheus", "gauges for the textfile collector", pw_report_prometheus_comparison,
     pw_report_prometheus_result},
    {"openmetrics", "the same gauges as OpenMetrics text, as GitLab's metrics reports take it",
     pw_report_openmetrics_comparison, pw_report_openmetrics_result},
    {"github", "annotations of GitHub Actions, at the lines of the configuration",
     pw_report_github_comparison, pw_report_github_result},
    {"azure", "the same for Azure Pipelines", pw_report_azure_comparison, pw_report_azure_result},
    {"svg", "a chart, drawn without scripts, in light and dark", pw_report_svg_comparison,
     pw_report_svg_result},
    {"badge", "an SVG of one line, for a README", pw_report_badge_comparison,
     pw_report_badge_result},
    {"png", "what svg draws, as pixels; needs rsvg-convert", pw_report_svg_comparison,
     pw_report_svg_result},
};

const struct pw_reporter *pw_reporter_table(size_t *count)
{
    *count = PW_COUNT(reporters);
    return reporters;
}

const struct pw_reporter *pw_reporter_find(const char *name)
{
    for (size_t i = 0; i < PW_COUNT(reporters); i++) {
        if (strcmp(name, reporters[i].name) == 0) {
            return &reporters[i];
        }
    }
    return NULL;
}

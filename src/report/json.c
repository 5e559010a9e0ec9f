/* JSON: what is written is the comparison or the result itself, so that nothing is lost. */
#include "formats.h"

int pw_report_json_comparison(const struct pw_comparison *comparison,
                              const struct pw_report_options *options, struct pw_strbuf *out,
                              struct pw_error *err)
{
    (void)options;
    pw_comparison_write(comparison, out);
    return pw_strbuf_check(out, err);
}

int pw_report_json_result(const struct pw_result *result, const struct pw_report_options *options,
                          struct pw_strbuf *out, struct pw_error *err)
{
    (void)options;
    pw_result_write(result, out);
    return pw_strbuf_check(out, err);
}

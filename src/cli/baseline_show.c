/* perfwarden baseline show: one stored result with its values. */
#include "baseline.h"
#include "measure.h"
#include "outputs.h"
#include "stored.h"

int pw_baseline_show(struct pw_cli *cli, const struct pw_arguments *arguments,
                     struct pw_project *project, const struct pw_words *operands)
{
    if (operands->count > 1) {
        return pw_baseline_fail_usage(cli, "'baseline show' takes one revision or run id, not also",
                                      operands->items[1]);
    }
    struct pw_error err = PW_ERROR_INIT;
    struct pw_result here = {0};
    struct pw_result stored = {0};
    int status = pw_measure_begin(project, &here, &err);
    if (status == PW_OK) {
        status = pw_stored_load(project, operands->count == 0 ? "HEAD" : operands->items[0],
                                here.environment.id, arguments->environment, &stored, &err);
    }
    pw_result_release(&here);
    if (status != PW_OK) {
        return pw_baseline_fail_word(cli, &err);
    }
    const struct pw_subject subject = {.result = &stored};
    struct pw_arguments shown = *arguments;
    shown.is_quiet = false; /* all of it was asked for */
    const int code =
        pw_outputs_render(cli, &shown, arguments->is_json ? "json" : "text", NULL, subject);
    pw_result_release(&stored);
    return code;
}

/* perfwarden run: measure, report, write the result. Works without a repository. */
#include "cli.h"
#include "measure.h"
#include "outputs.h"
#include "project.h"

/* Outside a repository a result has no commit; any other trouble with git is told, but is no reason
 * not to measure. */
static void open_git_if_any(struct pw_cli *cli, struct pw_project *project)
{
    struct pw_error err = PW_ERROR_INIT;
    if (pw_project_open_git(project, &err) != PW_OK) {
        struct pw_strbuf text = PW_STRBUF_INIT;
        pw_strbuf_printf(&text, "the result names no commit: %s", pw_error_message(&err));
        pw_cli_print_warning(cli, pw_strbuf_text(&text));
        pw_strbuf_release(&text);
        pw_error_release(&err);
        pw_git_free(project->git);
        project->git = NULL;
    }
}

static int run_and_report(struct pw_cli *cli, const struct pw_arguments *arguments,
                          struct pw_project *project)
{
    struct pw_error err = PW_ERROR_INIT;
    struct pw_result result = {0};
    if (pw_outputs_check(arguments, NULL, &err) != PW_OK ||
        pw_measure_begin(project, &result, &err) != PW_OK) {
        return pw_cli_fail(cli, &err);
    }
    int code = PW_EXIT_PASS;
    const int status = pw_measure_run(cli, arguments, project, &result, &err);
    if (status == PW_EINTERRUPTED) {
        pw_cli_print_error(cli, &err);
        pw_error_release(&err);
        code = pw_measure_signal_code(cli);
    } else if (status != PW_OK) {
        code = pw_cli_fail(cli, &err);
    } else {
        code = pw_measure_exit_code(&result);
    }
    if (result.benchmark_count > 0) {
        const struct pw_subject subject = {.result = &result};
        code = pw_exit_worst(code, pw_outputs_write(cli, arguments, NULL, subject));
    }
    pw_result_release(&result);
    return code;
}

int pw_cmd_run(struct pw_cli *cli, const struct pw_arguments *arguments)
{
    struct pw_project project = {0};
    int code = pw_project_load_config(cli, arguments, PW_REQUIRED, &project);
    if (code == PW_EXIT_PASS && arguments->is_dry_run) {
        code = pw_measure_print_plan(cli, arguments, &project);
    } else if (code == PW_EXIT_PASS) {
        open_git_if_any(cli, &project);
        code = run_and_report(cli, arguments, &project);
    }
    pw_project_release(&project);
    return code;
}

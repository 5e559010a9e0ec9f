/* perfwarden doctor: what this machine is, how noisy, and what can be detected on it. */
#include <string.h>

#include "doctor.h"
#include "measure.h"
#include "project.h"

/* What a child process of doctor is called with: no option, for it is nobody's to use. */
static const char WORKLOAD_WORD[] = "workload";

static int refuse_operands(struct pw_cli *cli, const struct pw_words *operands)
{
    struct pw_error err = PW_ERROR_INIT;
    (void)pw_error_set(&err, PW_EUSAGE,
                       "unexpected argument '%s' for 'doctor'; see 'perfwarden help doctor'",
                       operands->items[0]);
    return pw_cli_fail(cli, &err);
}

static int print(struct pw_cli *cli, const struct pw_arguments *arguments,
                 const struct pw_doctor_machine *machine, const struct pw_doctor_noise *noise)
{
    struct pw_strbuf text = PW_STRBUF_INIT;
    struct pw_error err = PW_ERROR_INIT;
    int code = PW_EXIT_PASS;
    if (arguments->is_json) {
        pw_doctor_write_json(machine, noise, &text);
    } else {
        pw_doctor_write_text(machine, noise, &text);
    }
    if (pw_strbuf_check(&text, &err) == PW_OK) {
        fputs(pw_strbuf_text(&text), cli->out);
    } else {
        code = pw_cli_fail(cli, &err);
    }
    pw_strbuf_release(&text);
    return code;
}

/* An error that leaves something to tell: what is known of the machine is printed all the same. */
static int fail(struct pw_cli *cli, int status, struct pw_error *err)
{
    if (status != PW_EINTERRUPTED) {
        return pw_cli_fail(cli, err);
    }
    pw_cli_print_error(cli, err);
    pw_error_release(err);
    return pw_measure_signal_code(cli);
}

static int diagnose(struct pw_cli *cli, const struct pw_arguments *arguments,
                    const struct pw_project *project)
{
    struct pw_error err = PW_ERROR_INIT;
    struct pw_doctor_machine machine = {0};
    struct pw_doctor_noise noise = {0};
    int code = PW_EXIT_PASS;
    int status = pw_doctor_examine(cli, &machine, &err);
    if (status != PW_OK) {
        code = fail(cli, status, &err);
        pw_doctor_machine_release(&machine);
        return code;
    }
    if (!arguments->is_quick) {
        status = pw_doctor_listen(cli, arguments,
                                  project->has_config ? &project->config.gate : NULL, &noise, &err);
        code = status == PW_OK ? PW_EXIT_PASS : fail(cli, status, &err);
    }
    code = pw_exit_worst(code, print(cli, arguments, &machine, &noise));
    pw_doctor_machine_release(&machine);
    return code;
}

int pw_cmd_doctor(struct pw_cli *cli, const struct pw_arguments *arguments)
{
    const struct pw_words *operands = &arguments->operands;
    if (operands->count == 2 && strcmp(operands->items[0], WORKLOAD_WORD) == 0) {
        return pw_workload_main(cli, operands->items[1]);
    }
    if (operands->count > 0) {
        return refuse_operands(cli, operands);
    }
    if (arguments->is_selftest) {
        return pw_doctor_selftest(cli, arguments);
    }
    struct pw_project project = {0};
    int code = pw_project_load_config(cli, arguments, PW_OPTIONAL, &project);
    if (code == PW_EXIT_PASS) {
        code = diagnose(cli, arguments, &project);
    }
    pw_project_release(&project);
    return code;
}

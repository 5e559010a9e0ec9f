/*
 * perfwarden baseline push: give a remote what is stored here.
 *
 * A remote that denies access will not change its mind: the message says which right is missing,
 * in the words of the CI system that grants it.
 */
#include "baseline.h"

#include <stdlib.h>

#include "measure.h"

static const char *remedy(void)
{
    static const struct {
        const char *variable; /* set by the CI system */
        const char *text;
    } systems[] = {
        {"GITHUB_ACTIONS",
         "give the job 'permissions: contents: write', and let a rule that protects the ref pass "
         "it; pull requests from forks never have it"},
        {"GITLAB_CI",
         "allow the job token to push in the project's CI/CD settings, or use a token with "
         "write_repository"},
    };
    for (size_t i = 0; i < PW_COUNT(systems); i++) {
        if (getenv(systems[i].variable) != NULL) {
            return systems[i].text;
        }
    }
    return "use credentials with write access to the repository";
}

/* The results are in this clone all the same, and can be pushed by someone else. */
static int tell_denial(struct pw_cli *cli, const struct pw_arguments *arguments,
                       struct pw_error *err)
{
    struct pw_strbuf text = PW_STRBUF_INIT;
    pw_strbuf_printf(&text, "%s; %s", pw_error_message(err), remedy());
    (void)pw_error_set(err, PW_EDENIED, "%s", pw_strbuf_text(&text));
    pw_strbuf_release(&text);
    if (!arguments->is_read_only_allowed) {
        return pw_cli_fail(cli, err);
    }
    pw_cli_print_warning(cli, pw_error_message(err));
    pw_error_release(err);
    return PW_EXIT_PASS;
}

static int fail(struct pw_cli *cli, struct pw_error *err)
{
    if (err->status == PW_EINTERRUPTED) {
        pw_cli_print_error(cli, err);
        pw_error_release(err);
        return pw_measure_signal_code(cli);
    }
    return pw_baseline_fail_word(cli, err);
}

int pw_baseline_push(struct pw_cli *cli, const struct pw_arguments *arguments,
                     struct pw_project *project, const struct pw_words *operands)
{
    struct pw_error err = PW_ERROR_INIT;
    struct pw_strbuf name = PW_STRBUF_INIT;
    struct pw_git_remote remote = {.name = NULL};
    struct pw_git_exchange exchange = {.is_absent = false};
    int code = pw_baseline_choose_remote(cli, arguments, project, operands, "push", &name, &remote);
    if (code == PW_EXIT_PASS) {
        const int status = pw_git_remote_push(project->git, &remote, &exchange, &err);
        if (status == PW_OK) {
            pw_baseline_tell_exchange(cli, arguments, &remote, &exchange);
        } else if (status == PW_EDENIED) {
            code = tell_denial(cli, arguments, &err);
        } else {
            code = fail(cli, &err);
        }
    }
    pw_strbuf_release(&name);
    return code;
}

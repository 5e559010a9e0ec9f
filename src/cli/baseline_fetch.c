/* perfwarden baseline fetch: take in what a remote has stored. Also what fetch and push share. */
#include "baseline.h"

#include "measure.h"

/** How long an exchange may take where nothing else is said. */
#define DEFAULT_TIMEOUT_NS UINT64_C(120000000000)

static int check_usage(const struct pw_project *project, const struct pw_words *operands,
                       const char *verb, struct pw_error *err)
{
    if (operands->count > 1) {
        return pw_error_set(err, PW_EUSAGE, "'baseline %s' takes one remote, not '%s' too", verb,
                            operands->items[1]);
    }
    if (project->config.baseline.store == PW_STORE_DIRECTORY) {
        return pw_error_set(err, PW_EUSAGE,
                            "'baseline %s' is for 'store: git'; with 'store: directory' the files "
                            "in '%s' travel with the project's own commits",
                            verb, pw_store_location(project->store));
    }
    return PW_OK;
}

int pw_baseline_choose_remote(struct pw_cli *cli, const struct pw_arguments *arguments,
                              struct pw_project *project, const struct pw_words *operands,
                              const char *verb, struct pw_strbuf *name, struct pw_git_remote *out)
{
    const struct pw_baseline_config *baseline = &project->config.baseline;
    const char *wanted = operands->count > 0 ? operands->items[0] : baseline->remote;
    struct pw_error err = PW_ERROR_INIT;
    int status = check_usage(project, operands, verb, &err);
    if (status == PW_OK) {
        status = pw_git_remote_choose(project->git, wanted, name, &err);
        if (status == PW_ENOTFOUND || status == PW_EINVAL) {
            err.status = PW_EUSAGE;
        }
    }
    if (status != PW_OK) {
        return pw_cli_fail(cli, &err);
    }
    *out = (struct pw_git_remote){
        .name = pw_strbuf_text(name),
        .ref = baseline->ref,
        .timeout_ns = arguments->timeout_ns > 0 ? arguments->timeout_ns : DEFAULT_TIMEOUT_NS,
        .remedy = "pass --timeout DURATION to wait longer",
        .interrupted = cli->interrupted,
    };
    return PW_EXIT_PASS;
}

static void put_count(struct pw_strbuf *out, const char *before, size_t count, const char *after)
{
    pw_strbuf_printf(out, "%s%zu result%s%s", before, count, count == 1 ? "" : "s", after);
}

/* What a push has changed at the remote. */
static void put_pushed(struct pw_strbuf *text, const char *shown,
                       const struct pw_git_exchange *exchange)
{
    if (exchange->sent > 0) {
        put_count(text, "sent ", exchange->sent, " to '");
        pw_strbuf_printf(text, "%s'", shown);
    }
    if (exchange->withdrawn > 0) {
        put_count(text, text->length > 0 ? ", removed " : "removed ", exchange->withdrawn,
                  " from '");
        pw_strbuf_printf(text, "%s'", shown);
    }
    if (text->length == 0) {
        /* two histories have become one */
        pw_strbuf_printf(text, "brought '%s' up to date", shown);
    }
}

/* "sent 2 results to 'origin', received 1 result from it" */
void pw_baseline_tell_exchange(struct pw_cli *cli, const struct pw_arguments *arguments,
                               const struct pw_git_remote *remote,
                               const struct pw_git_exchange *exchange)
{
    struct pw_strbuf shown = PW_STRBUF_INIT;
    struct pw_strbuf text = PW_STRBUF_INIT;
    pw_git_remote_show(&shown, remote->name);
    if (exchange->is_pushed) {
        put_pushed(&text, pw_strbuf_text(&shown), exchange);
    }
    if (exchange->received > 0 || exchange->removed > 0) {
        put_count(&text, text.length > 0 ? ", received " : "received ", exchange->received,
                  " from '");
        pw_strbuf_printf(&text, "%s'", pw_strbuf_text(&shown));
    }
    if (exchange->removed > 0) {
        put_count(&text, ", and removed ", exchange->removed, " that had been removed there");
    }
    if (text.length == 0 && exchange->is_absent) {
        pw_strbuf_printf(&text, "'%s' has no '%s'", pw_strbuf_text(&shown), remote->ref);
    } else if (text.length == 0) {
        pw_strbuf_printf(&text, "'%s' is up to date with '%s'", remote->ref,
                         pw_strbuf_text(&shown));
    }
    struct pw_strbuf escaped = PW_STRBUF_INIT;
    pw_escape_terminal(&escaped, pw_strbuf_text(&text));
    if (!arguments->is_quiet) {
        fprintf(cli->err, "perfwarden: %s\n", pw_strbuf_text(&escaped));
    }
    pw_strbuf_release(&escaped);
    pw_strbuf_release(&text);
    pw_strbuf_release(&shown);
}

int pw_baseline_fetch(struct pw_cli *cli, const struct pw_arguments *arguments,
                      struct pw_project *project, const struct pw_words *operands)
{
    struct pw_error err = PW_ERROR_INIT;
    struct pw_strbuf name = PW_STRBUF_INIT;
    struct pw_git_remote remote = {.name = NULL};
    struct pw_git_exchange exchange = {.is_absent = false};
    int code =
        pw_baseline_choose_remote(cli, arguments, project, operands, "fetch", &name, &remote);
    if (code == PW_EXIT_PASS) {
        const int status = pw_git_remote_fetch(project->git, &remote, &exchange, &err);
        if (status == PW_OK) {
            pw_baseline_tell_exchange(cli, arguments, &remote, &exchange);
        } else {
            code = pw_baseline_fail_store(cli, &err);
        }
        code = status == PW_EINTERRUPTED ? pw_measure_signal_code(cli) : code;
    }
    pw_strbuf_release(&name);
    return code;
}

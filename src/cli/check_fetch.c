/*
 * Before a check looks for baselines: those that others have stored meanwhile. The gate must not
 * depend on a network: a remote that is away is a warning, and not waited for long.
 */
#include "check.h"

/** With the second that git gets to end: 15 s. */
#define FETCH_TIMEOUT_NS UINT64_C(14000000000)

static int note_failure(struct pw_check *check, struct pw_error *failure, struct pw_error *err)
{
    check->fetch_failure = pw_arena_printf(
        &check->arena, "newer baselines could not be looked for: %s; --no-fetch goes without them",
        pw_error_message(failure));
    return check->fetch_failure == NULL ? pw_error_set_no_memory(err) : PW_OK;
}

static void tell(const struct pw_check *check, const char *name, size_t received)
{
    struct pw_strbuf shown = PW_STRBUF_INIT;
    struct pw_strbuf escaped = PW_STRBUF_INIT;
    pw_git_remote_show(&shown, name);
    pw_escape_terminal(&escaped, pw_strbuf_text(&shown));
    fprintf(check->cli->err, "perfwarden: received %zu baseline%s from '%s'\n", received,
            received == 1 ? "" : "s", pw_strbuf_text(&escaped));
    pw_strbuf_release(&escaped);
    pw_strbuf_release(&shown);
}

static int fetch(struct pw_check *check, const char *name, struct pw_error *err)
{
    const struct pw_git_remote remote = {
        .name = name,
        .ref = check->project.config.baseline.ref,
        .timeout_ns = FETCH_TIMEOUT_NS,
        .remedy = "'perfwarden baseline fetch' waits longer",
        .interrupted = check->cli->interrupted,
    };
    struct pw_git_exchange exchange = {.is_absent = false};
    struct pw_error failure = PW_ERROR_INIT;
    int status = pw_git_remote_fetch(check->project.git, &remote, &exchange, &failure);

    if (status == PW_OK) {
        if (exchange.received > 0 && !check->arguments->is_quiet) {
            tell(check, name, exchange.received);
        }
    } else if (status == PW_EINTERRUPTED || status == PW_ENOMEM) {
        pw_error_move(err, &failure);
    } else {
        status = note_failure(check, &failure, err);
    }
    pw_error_release(&failure);
    return status;
}

int pw_check_fetch_baselines(struct pw_check *check, struct pw_error *err)
{
    const struct pw_baseline_config *baseline = &check->project.config.baseline;
    struct pw_strbuf name = PW_STRBUF_INIT;
    struct pw_error failure = PW_ERROR_INIT;

    if (!check->has_base || check->arguments->has_no_fetch || baseline->store != PW_STORE_GIT) {
        return PW_OK;
    }
    int status = pw_git_remote_choose(check->project.git, baseline->remote, &name, &failure);
    if (status == PW_OK) {
        status = fetch(check, pw_strbuf_text(&name), err);
    } else if (status == PW_ENOTFOUND) {
        status = PW_OK; /* nobody to ask */
    } else if (status == PW_ENOMEM) {
        pw_error_move(err, &failure);
    } else {
        status = note_failure(check, &failure, err);
    }
    pw_error_release(&failure);
    pw_strbuf_release(&name);
    return status;
}

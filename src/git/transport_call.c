/*
 * The git program, told to talk to a remote. It moves no ref of ours but the scratch ref, and none
 * of the remote's but the one that is meant.
 */
#include <string.h>

#include "perfwarden/util/clock.h"
#include "program.h"
#include "transport.h"

/** The answer to a question of one ref is one line. */
enum { ANSWER_BYTES = 1 << 20 };

static int redact_error(struct pw_error *err)
{
    struct pw_strbuf text = PW_STRBUF_INIT;

    if (err == NULL) {
        return PW_OK;
    }
    pw_transport_redact(&text, pw_error_message(err));
    const int status = pw_strbuf_failed(&text)
                           ? pw_error_set_no_memory(err)
                           : pw_error_set(err, err->status, "%s", pw_strbuf_text(&text));
    pw_strbuf_release(&text);
    return status;
}

/* @param arguments  of git; @param errors  may be NULL */
static int call(const struct pw_transport *transport, const char *const *arguments,
                struct pw_strbuf *output, struct pw_strbuf *errors, struct pw_error *err)
{
    const uint64_t now_ns = pw_clock_monotonic_ns();
    const struct pw_git_program program = {
        .directory =
            transport->git->workdir != NULL ? transport->git->workdir : transport->git->common,
        .arguments = arguments,
        .settings = transport->settings,
        .variables = transport->variables,
        .interrupted = transport->remote->interrupted,
        .timeout_ns = transport->deadline_ns > now_ns ? transport->deadline_ns - now_ns : 1,
        .too_late = transport->too_late,
        .output = output,
        .errors = errors,
    };
    const int status = pw_git_program_run(&program, err);

    if (status == PW_EGIT) {
        (void)redact_error(err);
    }
    return status;
}

/* @param[out] url  in the arena; NULL for what is a URL itself, or not of this repository's
 * settings
 */
static int read_url(struct pw_transport *transport, const char *const *arguments, const char **url,
                    struct pw_error *err)
{
    struct pw_error failure = PW_ERROR_INIT;
    struct pw_strbuf output;

    pw_strbuf_init(&output, ANSWER_BYTES);
    *url = NULL;
    int status = call(transport, arguments, &output, NULL, &failure);
    if (status == PW_EGIT) {
        pw_error_release(&failure);
        status = PW_OK;
    } else if (status != PW_OK) {
        pw_error_move(err, &failure);
    } else {
        const char *text = pw_strbuf_text(&output);
        *url = pw_arena_strndup(&transport->arena, text, strcspn(text, "\n"));
        status = *url == NULL ? pw_error_set_no_memory(err) : PW_OK;
    }
    pw_strbuf_release(&output);
    return status;
}

int pw_transport_turn_to_push(struct pw_transport *transport, struct pw_error *err)
{
    const char *name = transport->remote->name;
    const char *const ask_push[] = {"remote", "get-url", "--push", "--", name, NULL};
    const char *const ask_fetch[] = {"remote", "get-url", "--", name, NULL};
    const char *push = NULL;
    const char *fetch = NULL;

    if (transport->address != name) {
        return PW_OK;
    }
    int status = read_url(transport, ask_push, &push, err);
    if (status == PW_OK && push != NULL) {
        status = read_url(transport, ask_fetch, &fetch, err);
    }
    /* the name, where it means the same, says more to git than the URL: proxies, programs */
    if (status == PW_OK && push != NULL && fetch != NULL && strcmp(push, fetch) != 0) {
        transport->source = push;
    }
    return status;
}

int pw_transport_ask(const struct pw_transport *transport, git_oid *id, struct pw_error *err)
{
    const char *const arguments[] = {
        "ls-remote", "--quiet", "--", transport->source, transport->remote->ref, NULL};
    struct pw_strbuf output;
    git_oid found;

    pw_strbuf_init(&output, ANSWER_BYTES);
    int status = call(transport, arguments, &output, NULL, err);
    if (status == PW_OK) {
        status =
            pw_transport_read_refs(pw_strbuf_text(&output), transport->remote->ref, &found, err);
    }
    if (status == PW_OK) {
        *id = found;
    } else if (status == PW_EGIT) {
        (void)pw_error_prefix(err, "cannot ask '%s' for '%s': ", transport->shown,
                              transport->remote->ref);
    }
    pw_strbuf_release(&output);
    return status;
}

int pw_transport_fetch(struct pw_transport *transport, git_oid *id, struct pw_error *err)
{
    /* an empty refmap: the remote's refspecs would have git move refs that nobody asked for */
    const char *arguments[] = {"fetch",
                               "--quiet",
                               "--no-tags",
                               "--no-prune",
                               "--no-write-fetch-head",
                               "--no-recurse-submodules",
                               "--no-filter",
                               "--refmap=",
                               "--",
                               transport->source,
                               NULL,
                               NULL};
    struct pw_strbuf refspec = PW_STRBUF_INIT;

    pw_strbuf_printf(&refspec, "+%s:%s", transport->remote->ref, transport->scratch);
    int status = pw_strbuf_check(&refspec, err);
    if (status == PW_OK) {
        arguments[10] = pw_strbuf_text(&refspec);
        transport->has_fetched = true;
        status = call(transport, arguments, NULL, NULL, err);
    }
    if (status == PW_OK) {
        const int code =
            git_reference_name_to_id(id, transport->git->repository, transport->scratch);
        status = code == 0 ? PW_OK : pw_git_fail(err, code, "git has not left what it fetched");
    }
    if (status == PW_EGIT) {
        (void)pw_error_prefix(err, "cannot fetch '%s' from '%s': ", transport->remote->ref,
                              transport->shown);
    }
    pw_strbuf_release(&refspec);
    return status;
}

/* git's exit status says no more than that it failed. */
static int explain_push(const char *output, const char *errors, bool *is_rejected,
                        struct pw_error *err)
{
    struct pw_strbuf words = PW_STRBUF_INIT;
    struct pw_strbuf shown = PW_STRBUF_INIT;
    const enum pw_push_answer answer = pw_transport_read_push(output, errors, &words);

    *is_rejected = answer == PW_PUSH_REJECTED;
    int status = PW_EGIT;
    if (answer != PW_PUSH_FAILED) {
        pw_transport_redact(&shown, pw_strbuf_text(&words));
        status = pw_error_set(err, answer == PW_PUSH_DENIED ? PW_EDENIED : PW_EGIT,
                              "'git push' says: %s", pw_strbuf_text(&shown));
    }
    pw_strbuf_release(&shown);
    pw_strbuf_release(&words);
    return status;
}

int pw_transport_push(const struct pw_transport *transport, const git_oid *id, const git_oid *old,
                      bool *is_rejected, struct pw_error *err)
{
    const char *ref = transport->remote->ref;
    const char *arguments[] = {"push",        "--porcelain",
                               "--no-verify", "--no-follow-tags",
                               "--no-signed", "--recurse-submodules=no",
                               NULL,          "--",
                               NULL,          NULL,
                               NULL};
    struct pw_strbuf lease = PW_STRBUF_INIT;
    struct pw_strbuf refspec = PW_STRBUF_INIT;
    struct pw_strbuf output = PW_STRBUF_INIT;
    struct pw_strbuf errors = PW_STRBUF_INIT;
    char name[PW_OID_SIZE];

    /* an empty old value: the ref must not exist */
    git_oid_tostr(name, sizeof(name), old);
    pw_strbuf_printf(&lease, "--force-with-lease=%s:%s", ref, git_oid_is_zero(old) ? "" : name);
    git_oid_tostr(name, sizeof(name), id);
    pw_strbuf_printf(&refspec, "%s:%s", name, ref);
    int status = pw_strbuf_failed(&lease) ? pw_error_set_no_memory(err) : PW_OK;
    if (status == PW_OK) {
        status = pw_strbuf_check(&refspec, err);
    }
    if (status == PW_OK) {
        arguments[6] = pw_strbuf_text(&lease);
        arguments[8] = transport->address;
        arguments[9] = pw_strbuf_text(&refspec);
        status = call(transport, arguments, &output, &errors, err);
    }
    *is_rejected = false;
    if (status == PW_EGIT) {
        status = explain_push(pw_strbuf_text(&output), pw_strbuf_text(&errors), is_rejected, err);
    }
    if (status == PW_EGIT || status == PW_EDENIED) {
        (void)pw_error_prefix(err, "cannot push '%s' to '%s': ", ref, transport->shown);
    }
    pw_strbuf_release(&lease);
    pw_strbuf_release(&refspec);
    pw_strbuf_release(&output);
    pw_strbuf_release(&errors);
    return status;
}

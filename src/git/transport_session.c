/*
 * Before and after git talks to a remote: what it is to be told, so that it asks nobody for a
 * password, and the scratch ref that it fetches into.
 */
#include <stdlib.h>
#include <string.h>

#include "perfwarden/util/clock.h"
#include "perfwarden/util/number.h"
#include "program.h"
#include "transport.h"
#include "write_lock.h"

#define SCRATCH        "refs/perfwarden/fetch/"
#define SCRATCH_BESIDE "refs/perfwarden-fetch/"
/** A scratch ref that is older was left behind by a process that was killed. */
enum { SCRATCH_LIFE_S = 3600 };

/* A program that answers for the user instead of asking is known to run where there is no user. */
static bool is_unattended(void)
{
    static const char *const signs[] = {"CI", "JENKINS_URL", "TF_BUILD"};

    for (size_t i = 0; i < PW_COUNT(signs); i++) {
        if (getenv(signs[i]) != NULL) {
            return true;
        }
    }
    return false;
}

/* Asked of git itself, which also reads settings from its environment. */
static bool has_own_ssh(const struct pw_transport *transport)
{
    static const char *const arguments[] = {"config", "--get", "core.sshCommand", NULL};
    const struct pw_git_program program = {
        .directory = transport->git->common,
        .arguments = arguments,
    };

    return getenv("GIT_SSH_COMMAND") != NULL || getenv("GIT_SSH") != NULL ||
           pw_git_program_run(&program, NULL) == PW_OK;
}

static int make_variables(struct pw_transport *transport, struct pw_error *err)
{
    const char **variables = pw_arena_array(&transport->arena, 5, sizeof(*variables));
    size_t count = 0;

    if (variables == NULL) {
        return pw_error_set_no_memory(err);
    }
    variables[count++] = "SSH_ASKPASS=";
    variables[count++] = "SSH_ASKPASS_REQUIRE=never";
    if (!is_unattended()) {
        variables[count++] = "GIT_ASKPASS=";
    }
    if (!has_own_ssh(transport)) {
        variables[count++] = "GIT_SSH_COMMAND=ssh -oBatchMode=yes";
    }
    transport->variables = variables;
    return PW_OK;
}

static int make_settings(struct pw_transport *transport, struct pw_error *err)
{
    /* a fetched object must be as lasting as one of ours: the ref is moved to it */
    static const char *const fixed[] = {"core.fsync=committed,reference",
                                        "credential.interactive=false",
                                        "fetch.writeCommitGraph=false"};
    const char **settings =
        pw_arena_array(&transport->arena, PW_COUNT(fixed) + 2, sizeof(*settings));

    if (settings == NULL) {
        return pw_error_set_no_memory(err);
    }
    for (size_t i = 0; i < PW_COUNT(fixed); i++) {
        settings[i] = fixed[i];
    }
    /* one that `git clone --mirror` made takes no single ref */
    if (strchr(transport->address, '=') == NULL) {
        settings[PW_COUNT(fixed)] =
            pw_arena_printf(&transport->arena, "remote.%s.mirror=false", transport->address);
        if (settings[PW_COUNT(fixed)] == NULL) {
            return pw_error_set_no_memory(err);
        }
    }
    transport->settings = settings;
    return PW_OK;
}

static const char *show(struct pw_transport *transport)
{
    struct pw_strbuf text = PW_STRBUF_INIT;
    const char *shown;

    pw_git_remote_show(&text, transport->remote->name);
    shown =
        pw_strbuf_failed(&text) ? NULL : pw_arena_strdup(&transport->arena, pw_strbuf_text(&text));
    pw_strbuf_release(&text);
    return shown;
}

static const char *explain_limit(struct pw_transport *transport)
{
    const char *remedy = transport->remote->remedy;
    struct pw_strbuf duration = PW_STRBUF_INIT;

    pw_format_duration(&duration, transport->remote->timeout_ns);
    const char *text =
        pw_arena_printf(&transport->arena, "within %s%s%s", pw_strbuf_text(&duration),
                        remedy == NULL ? "" : "; ", remedy == NULL ? "" : remedy);
    pw_strbuf_release(&duration);
    return text;
}

/* Named so that two processes have each their own, and so that its age can be told. */
static int name_scratch(struct pw_transport *transport, struct pw_error *err)
{
    const char *ref = transport->remote->ref;
    const size_t length = strlen(ref);
    char id[PW_RUN_ID_SIZE];
    const int status = pw_run_id_new(id, err);

    if (status != PW_OK) {
        return status;
    }
    /* a ref cannot be a folder of refs, too */
    const bool is_in_the_way = strncmp(SCRATCH, ref, length) == 0 && SCRATCH[length] == '/';
    transport->scratch =
        pw_arena_printf(&transport->arena, "%s%s", is_in_the_way ? SCRATCH_BESIDE : SCRATCH, id);
    return transport->scratch == NULL ? pw_error_set_no_memory(err) : PW_OK;
}

static int find_address(struct pw_transport *transport, struct pw_error *err)
{
    const struct pw_git_remote *remote = transport->remote;
    struct pw_strbuf url = PW_STRBUF_INIT;
    int status = pw_transport_find_mirror(transport->git, remote->name, remote->ref, &url, err);

    transport->address = remote->name;
    if (status == PW_OK && url.length > 0) {
        transport->address = pw_arena_strdup(&transport->arena, pw_strbuf_text(&url));
        status = transport->address == NULL ? pw_error_set_no_memory(err) : PW_OK;
    }
    pw_strbuf_release(&url);
    return status;
}

int pw_transport_open(struct pw_transport *out, struct pw_git *git,
                      const struct pw_git_remote *remote, struct pw_error *err)
{
    *out = (struct pw_transport){
        .git = git,
        .remote = remote,
        .deadline_ns = pw_clock_monotonic_ns() + remote->timeout_ns,
    };
    out->shown = show(out);
    out->too_late = explain_limit(out);
    if (out->shown == NULL || out->too_late == NULL) {
        return pw_error_set_no_memory(err);
    }
    int status = find_address(out, err);
    out->source = out->address;
    if (status == PW_OK) {
        status = name_scratch(out, err);
    }
    if (status == PW_OK) {
        status = make_settings(out, err);
    }
    return status == PW_OK ? make_variables(out, err) : status;
}

/* The references of one scratch folder: ours, and those that are too old to be anybody's. */
static void remove_scratch(const struct pw_transport *transport, const char *pattern)
{
    git_reference_iterator *iterator = NULL;
    git_reference *reference = NULL;
    const int64_t now_s = pw_clock_wall_s();

    if (git_reference_iterator_glob_new(&iterator, transport->git->repository, pattern) != 0) {
        return;
    }
    while (git_reference_next(&reference, iterator) == 0) {
        const char *name = git_reference_name(reference);
        const int64_t made_s = pw_run_id_wall_s(strrchr(name, '/') + 1);
        if (strcmp(name, transport->scratch) == 0 ||
            (made_s > 0 && now_s - made_s > SCRATCH_LIFE_S)) {
            (void)git_reference_delete(reference);
        }
        git_reference_free(reference);
        reference = NULL;
    }
    git_reference_iterator_free(iterator);
}

/*
 * Under the write lock: with the last ref of a folder the folder goes, which another writer may be
 * about to use. A ref that stays is removed another time.
 */
void pw_transport_close(struct pw_transport *transport)
{
    struct pw_write_lock lock = {.fd = -1};
    struct pw_backoff backoff;

    pw_backoff_init(&backoff);
    if (transport->has_fetched &&
        pw_write_lock_take(&lock, transport->git, transport->scratch, &backoff, NULL) == PW_OK) {
        remove_scratch(transport, SCRATCH "*");
        remove_scratch(transport, SCRATCH_BESIDE "*");
        pw_write_lock_release(&lock);
    }
    pw_arena_release(&transport->arena);
    *transport = (struct pw_transport){.git = NULL};
}

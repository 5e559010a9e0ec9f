/* Which remote is meant, and what the repository's settings make of its name. */
#include <string.h>

#include "transport.h"

#define BRANCH_PREFIX "refs/heads/"
#define REMOTE_PREFIX "remote."
#define ORIGIN        "origin"

/* What `git clone` and `git push -u` wrote down for the branch that is checked out. */
static void find_followed(struct pw_git *git, struct pw_strbuf *out)
{
    git_reference *head = NULL;
    git_config *config = NULL;
    git_buf value = {0};
    struct pw_strbuf key = PW_STRBUF_INIT;
    const char *branch = NULL;

    if (git_reference_lookup(&head, git->repository, "HEAD") == 0) {
        branch = git_reference_symbolic_target(head);
    }
    if (branch != NULL && strncmp(branch, BRANCH_PREFIX, sizeof(BRANCH_PREFIX) - 1) == 0) {
        pw_strbuf_printf(&key, "branch.%s.remote", branch + sizeof(BRANCH_PREFIX) - 1);
    }
    if (key.length > 0 && !pw_strbuf_failed(&key) &&
        git_repository_config_snapshot(&config, git->repository) == 0 &&
        git_config_get_string_buf(&value, config, pw_strbuf_text(&key)) == 0 &&
        strcmp(value.ptr, ".") != 0) {
        pw_strbuf_puts(out, value.ptr);
    }
    git_buf_dispose(&value);
    git_config_free(config);
    git_reference_free(head);
    pw_strbuf_release(&key);
}

/* "name" of "remote.name.<key>". @return its length; 0 for any other setting */
static size_t remote_name(const char *setting, const char *key, const char **name)
{
    const size_t length = strlen(setting);
    const size_t width = strlen(key);
    const size_t around = sizeof(REMOTE_PREFIX) - 1 + width + 1;

    if (strncmp(setting, REMOTE_PREFIX, sizeof(REMOTE_PREFIX) - 1) != 0 || length <= around ||
        setting[length - width - 1] != '.' || strcmp(setting + length - width, key) != 0) {
        return 0;
    }
    *name = setting + sizeof(REMOTE_PREFIX) - 1;
    return length - around;
}

/* Called for a remote's setting. @return 0; PW_ENOMEM */
typedef int (*setting_fn)(void *context, const char *name, size_t length, const char *value);

/* All settings are looked at: libgit2 1.5 loses memory when it matches them with an expression, as
 * its own functions for remotes do. */
static int for_each_setting(struct pw_git *git, const char *key, setting_fn visit, void *context,
                            struct pw_error *err)
{
    git_config *config = NULL;
    git_config_iterator *iterator = NULL;
    git_config_entry *entry = NULL;
    int status = PW_OK;
    int code = git_repository_config_snapshot(&config, git->repository);

    if (code == 0) {
        code = git_config_iterator_new(&iterator, config);
    }
    while (code == 0 && status == PW_OK && (code = git_config_next(&entry, iterator)) == 0) {
        const char *name = NULL;
        const size_t length = remote_name(entry->name, key, &name);
        if (length > 0 && entry->value != NULL &&
            visit(context, name, length, entry->value) != PW_OK) {
            status = pw_error_set_no_memory(err);
        }
    }
    git_config_iterator_free(iterator);
    git_config_free(config);
    return code == 0 || code == GIT_ITEROVER ? status
                                             : pw_git_fail(err, code, "cannot read the remotes");
}

/* The remotes seen so far. */
struct remotes {
    struct pw_strbuf first;
    bool has_origin;
    bool has_several;
};

static int see_remote(void *context, const char *name, size_t length, const char *value)
{
    struct remotes *remotes = context;

    (void)value;
    if (remotes->first.length == 0) {
        pw_strbuf_append(&remotes->first, name, length);
    } else if (remotes->first.length != length || memcmp(remotes->first.data, name, length) != 0) {
        remotes->has_several = true;
    }
    remotes->has_origin =
        remotes->has_origin || (length == sizeof(ORIGIN) - 1 && memcmp(name, ORIGIN, length) == 0);
    return pw_strbuf_failed(&remotes->first) ? PW_ENOMEM : PW_OK;
}

static int choose_configured(struct pw_git *git, struct pw_strbuf *out, struct pw_error *err)
{
    struct remotes remotes = {.first = PW_STRBUF_INIT};
    int status = for_each_setting(git, "url", see_remote, &remotes, err);

    if (status == PW_OK && remotes.has_origin) {
        pw_strbuf_puts(out, ORIGIN);
    } else if (status == PW_OK && remotes.has_several) {
        status = pw_error_set(err, PW_ENOTFOUND,
                              "this repository has several remotes and none is called 'origin'; "
                              "name one, or set 'baseline.remote'");
    } else if (status == PW_OK && remotes.first.length > 0) {
        pw_strbuf_puts(out, pw_strbuf_text(&remotes.first));
    } else if (status == PW_OK) {
        status = pw_error_set(err, PW_ENOTFOUND,
                              "this repository has no remote; add one with 'git remote add', or "
                              "name one");
    }
    pw_strbuf_release(&remotes.first);
    return status;
}

int pw_git_upstream(struct pw_git *git, struct pw_strbuf *out, struct pw_error *err)
{
    struct remotes remotes = {.first = PW_STRBUF_INIT};
    int status = for_each_setting(git, "url", see_remote, &remotes, err);

    if (status == PW_OK && remotes.has_origin) {
        pw_strbuf_puts(out, ORIGIN);
    } else if (status == PW_OK && !remotes.has_several && remotes.first.length > 0 &&
               remotes.first.data[0] != '-') {
        pw_strbuf_puts(out, pw_strbuf_text(&remotes.first));
    }
    if (status == PW_OK) {
        status = pw_strbuf_check(out, err);
    }
    pw_strbuf_release(&remotes.first);
    return status;
}

int pw_git_remote_choose(struct pw_git *git, const char *wanted, struct pw_strbuf *out,
                         struct pw_error *err)
{
    int status = PW_OK;

    if (wanted != NULL) {
        pw_strbuf_puts(out, wanted);
    } else {
        find_followed(git, out);
        status = out->length > 0 ? PW_OK : choose_configured(git, out, err);
    }
    if (status == PW_OK) {
        status = pw_strbuf_check(out, err);
    }
    if (status == PW_OK && (out->data == NULL || out->data[0] == '-' || out->data[0] == '\0')) {
        status = pw_error_set(err, PW_EINVAL, "'%s' is no remote: neither a name nor a URL",
                              pw_strbuf_text(out));
    }
    return status;
}

void pw_git_remote_show(struct pw_strbuf *out, const char *name)
{
    pw_transport_redact(out, name);
}

/* One remote's setting that is looked for. */
struct search {
    const char *name;
    const char *ref;         /**< for refspecs */
    struct pw_strbuf *found; /**< for URLs: the last one counts */
    bool is_mirror;
};

static bool is_named(const struct search *search, const char *name, size_t length)
{
    return strlen(search->name) == length && memcmp(search->name, name, length) == 0;
}

static int see_refspec(void *context, const char *name, size_t length, const char *value)
{
    struct search *search = context;
    git_refspec *refspec = NULL;

    if (is_named(search, name, length) && git_refspec_parse(&refspec, value, 1) == 0) {
        search->is_mirror = search->is_mirror || git_refspec_dst_matches(refspec, search->ref) == 1;
        git_refspec_free(refspec);
    }
    return PW_OK;
}

static int see_url(void *context, const char *name, size_t length, const char *value)
{
    struct search *search = context;

    if (is_named(search, name, length)) {
        pw_strbuf_clear(search->found);
        pw_strbuf_puts(search->found, value);
    }
    return pw_strbuf_failed(search->found) ? PW_ENOMEM : PW_OK;
}

int pw_transport_find_mirror(struct pw_git *git, const char *name, const char *ref,
                             struct pw_strbuf *url, struct pw_error *err)
{
    struct search search = {.name = name, .ref = ref, .found = url};
    int status = for_each_setting(git, "fetch", see_refspec, &search, err);

    if (status == PW_OK && search.is_mirror) {
        status = for_each_setting(git, "pushurl", see_url, &search, err);
    }
    if (status == PW_OK && search.is_mirror && url->length == 0) {
        status = for_each_setting(git, "url", see_url, &search, err);
    }
    return status;
}

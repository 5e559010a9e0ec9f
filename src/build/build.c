/*
 * One revision, checked out and built or taken from the cache: the order of things, and what is
 * left of each when it fails.
 */
#include "perfwarden/build.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "clean.h"
#include "entry.h"
#include "perfwarden/util/file.h"
#include "remove.h"
#include "steps.h"

/** One call of pw_build_revision(). */
struct making {
    struct pw_git *git;
    struct pw_executor *executor;
    const char *side;
    const char *label; /**< the side as messages call it */
    const char *commit;
    const struct pw_config *config;
    const struct pw_build_options *options;
    struct pw_arena *arena; /**< of the build */
    struct pw_build_cache cache;
    struct pw_build_key key;
    struct pw_build_entry entry;
    const char *directory; /**< of the configuration, in the entry's tree */
    const char *configuration;
};

static void tell(const struct making *making, const char *step)
{
    const struct pw_build_options *options = making->options;

    if (options->step_started != NULL) {
        options->step_started(options->context, making->label, step);
    }
}

static void tell_waiting(void *context)
{
    tell(context, PW_BUILD_STEP_WAIT);
}

static void tell_changed(void *context)
{
    tell(context, PW_BUILD_STEP_ANEW);
}

static bool is_interrupted(const struct making *making)
{
    return making->options->interrupted != NULL && *making->options->interrupted != 0;
}

static int name_all(struct making *making, struct pw_error *err)
{
    int status = pw_build_key_make(making->git, making->commit, making->config, making->arena,
                                   &making->key, err);

    if (status == PW_OK) {
        status = pw_build_cache_open(making->options->cache, making->arena, &making->cache, err);
    }
    if (status == PW_OK) {
        status = pw_build_entry_name(&making->cache, making->key.name, making->arena,
                                     &making->entry, err);
    }
    if (status != PW_OK) {
        return status;
    }
    const char *place = making->key.place;
    making->directory = pw_arena_printf(making->arena, "%s%s%s", making->entry.tree,
                                        place[0] == '\0' ? "" : "/", place);
    const char *slash = strrchr(making->config->path, '/');
    making->configuration = making->directory == NULL
                                ? NULL
                                : pw_arena_printf(making->arena, "%s/%s", making->directory,
                                                  slash == NULL ? making->config->path : slash + 1);
    return making->configuration == NULL ? pw_error_set_no_memory(err) : PW_OK;
}

static int run_steps(const struct making *making, const char *kept_log, struct pw_error *err)
{
    const struct pw_build_job job = {
        .executor = making->executor,
        .options = making->options,
        .steps = &making->config->build,
        .side = making->side,
        .label = making->label,
        .commit = making->commit,
        .directory = making->directory,
        .place = making->key.place,
        .log = making->entry.log,
        .kept_log = kept_log,
    };

    return pw_build_run_steps(&job, err);
}

static int check_out(const struct making *making, struct pw_error *err)
{
    const struct pw_build_entry *entry = &making->entry;

    if (is_interrupted(making)) {
        return pw_error_set(err, PW_EINTERRUPTED, "interrupted before building %s", making->label);
    }
    tell(making, PW_BUILD_STEP_CHECKOUT);
    int status = pw_file_write(entry->key, making->key.text, strlen(making->key.text), err);
    if (status == PW_OK) {
        status = pw_git_worktree_add(making->git, making->commit, entry->tree,
                                     making->options->interrupted, err);
        if (status != PW_OK && status != PW_EINTERRUPTED) {
            (void)pw_error_prefix(err, "%s: ", making->label);
        }
    }
    return status;
}

/* Without this, what no step leaves in place would be built again for ever. */
static int check_kept(const struct making *making, struct pw_error *err)
{
    if (pw_build_entry_is_complete(&making->entry, &making->key)) {
        return PW_OK;
    }
    return pw_error_set(err, PW_EBUILD,
                        "could not build %s (%.12s): after its build steps the checked-out tree "
                        "'%s' is gone; let no step of 'build' remove or replace it",
                        making->label, making->commit, making->entry.tree);
}

/* In the entry that is exclusively locked: empty, checked out, built, forgotten by git, complete.
 */
static int fill(const struct making *making, const char *kept_log, struct pw_error *err)
{
    const struct pw_build_entry *entry = &making->entry;
    int status = pw_build_entry_clear(entry, making->git, err);

    if (status == PW_OK) {
        status = check_out(making, err);
    }
    if (status == PW_OK) {
        status = run_steps(making, kept_log, err);
    }
    if (status == PW_OK) {
        status = pw_git_worktree_forget(making->git, entry->tree, err);
    }
    if (status == PW_OK) {
        status = pw_build_entry_complete(entry, err);
    }
    if (status == PW_OK) {
        status = check_kept(making, err);
    }
    return status;
}

static int make(struct making *making, struct pw_error *err)
{
    const char *kept_log = pw_arena_printf(making->arena, "%s/%s-%s.log", making->cache.logs,
                                           making->key.name, making->side);

    if (kept_log == NULL) {
        return pw_error_set_no_memory(err);
    }
    int status = pw_build_clean(making->git, &making->cache, &making->key, err);
    if (status == PW_OK) {
        status = fill(making, kept_log, err);
    }
    if (status == PW_EBUILD) {
        (void)rename(making->entry.log, kept_log);
    }
    if (status != PW_OK) {
        const int dropped = pw_build_entry_drop(&making->entry, making->git, NULL);
        (void)dropped; /* what resists is met again by the next run, which says so */
    }
    return status;
}

/* After building, the entry is let go and taken again for use, as by everybody else; but it is not
 * asked once more whether it has changed, or a process that a step left behind, and that writes on,
 * would have it built for ever. */
static int obtain(struct making *making, bool *was_cached, struct pw_error *err)
{
    const struct pw_build_wait wait = {.interrupted = making->options->interrupted,
                                       .waiting = tell_waiting,
                                       .changed = tell_changed,
                                       .context = making};
    enum pw_build_trust trust =
        making->options->is_rebuild ? PW_BUILD_TRUST_NOTHING : PW_BUILD_TRUST_UNCHANGED;
    bool is_ours = false;
    int status;

    *was_cached = true;
    for (;;) {
        status = pw_build_entry_acquire(&making->entry, &making->key, trust, &wait, &is_ours, err);
        if (status != PW_OK || !is_ours) {
            break;
        }
        *was_cached = false;
        trust = PW_BUILD_TRUST_COMPLETE;
        status = make(making, err);
        pw_build_entry_unlock(&making->entry);
        if (status != PW_OK) {
            break;
        }
    }
    if (status == PW_OK && *was_cached) {
        tell(making, PW_BUILD_STEP_CACHED);
        status = pw_build_clean(making->git, &making->cache, &making->key, err);
    }
    return status;
}

int pw_build_revision(struct pw_git *git, struct pw_executor *executor, const char *side,
                      const char *commit, const struct pw_config *config,
                      const struct pw_build_options *options, struct pw_build *out,
                      struct pw_error *err)
{
    struct pw_build build = {.commit = "", .lock_fd = -1};
    struct making making = {
        .git = git,
        .executor = executor,
        .side = side,
        .label = options->label != NULL ? options->label : side,
        .commit = commit,
        .config = config,
        .options = options,
        .arena = &build.arena,
        .entry = {.lock_fd = -1},
    };
    int status;

    if (strlen(commit) != PW_OID_SIZE - 1) {
        return pw_error_set(err, PW_EINVAL, "'%s' is not a full commit id", commit);
    }
    status = name_all(&making, err);
    if (status == PW_OK) {
        status = obtain(&making, &build.was_cached, err);
    }
    if (status != PW_OK) {
        pw_build_entry_unlock(&making.entry);
        pw_arena_release(&build.arena);
        return status;
    }
    (void)memcpy(build.commit, commit, PW_OID_SIZE);
    build.directory = making.directory;
    build.configuration = making.configuration;
    build.root = making.entry.tree;
    build.log = making.entry.log;
    build.lock_fd = making.entry.lock_fd;
    *out = build;
    return PW_OK;
}

void pw_build_release(struct pw_build *build)
{
    /* an empty one has no lock, though its descriptor reads 0 */
    if (build->root != NULL && build->lock_fd >= 0) {
        (void)close(build->lock_fd);
    }
    pw_arena_release(&build->arena);
    *build = (struct pw_build){.commit = "", .lock_fd = -1};
}

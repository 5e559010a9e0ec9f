/*
 * Going on from a saved result. Only what was measured of the same commit, by the same
 * configuration and in the same environment can stand beside what is measured now.
 */
#include <string.h>

#include "perfwarden/run.h"

static bool is_equal(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static const char *or_none(const char *text)
{
    return text != NULL ? text : "none";
}

static int refuse_environment(const struct pw_result *saved, const struct pw_result *now,
                              const char *name, struct pw_error *err)
{
    struct pw_strbuf facts = PW_STRBUF_INIT;
    int status;

    pw_environment_describe_difference(&saved->environment, &now->environment, &facts);
    status = pw_error_set(err, PW_EUSAGE,
                          "'%s' cannot be resumed: it was measured in another environment (%s), "
                          "which differs in %s; run without --resume",
                          name, saved->environment.id, pw_strbuf_text(&facts));
    pw_strbuf_release(&facts);
    return status;
}

static int check(const struct pw_result *saved, const struct pw_result *now, const char *name,
                 struct pw_error *err)
{
    if (!is_equal(saved->config_hash, now->config_hash)) {
        return pw_error_set(err, PW_EUSAGE,
                            "'%s' cannot be resumed: the configuration has changed since; run "
                            "without --resume",
                            name);
    }
    if (!is_equal(saved->commit, now->commit)) {
        return pw_error_set(err, PW_EUSAGE,
                            "'%s' cannot be resumed: it is of commit %.12s, the work tree of "
                            "%.12s; check that out, or run without --resume",
                            name, or_none(saved->commit), or_none(now->commit));
    }
    if (saved->is_dirty != now->is_dirty) {
        return pw_error_set(err, PW_EUSAGE,
                            "'%s' cannot be resumed: the work tree %s uncommitted changes and %s "
                            "when it was measured; run without --resume",
                            name, now->is_dirty ? "has" : "has no",
                            now->is_dirty ? "had none" : "had some");
    }
    if (strcmp(saved->environment.id, now->environment.id) != 0) {
        return refuse_environment(saved, now, name, err);
    }
    return 0;
}

/** True when every entry of the process that yielded this one is measured in full. */
static bool is_measured(const struct pw_result *result, const char *declared)
{
    for (size_t i = 0; i < result->benchmark_count; i++) {
        if (strcmp(result->benchmarks[i].declared, declared) == 0 &&
            result->benchmarks[i].status != PW_MEASURED_OK) {
            return false;
        }
    }
    return pw_result_find(result, declared) != NULL;
}

int pw_run_resume(struct pw_result *saved, const struct pw_result *now, const char *name,
                  struct pw_error *err)
{
    bool *is_kept = pw_arena_array(&saved->arena, saved->benchmark_count, sizeof(*is_kept));
    size_t kept = 0;
    int status = check(saved, now, name, err);

    if (status != 0) {
        return status;
    }
    if (is_kept == NULL) {
        return pw_error_set_no_memory(err);
    }
    for (size_t i = 0; i < saved->benchmark_count; i++) {
        is_kept[i] = is_measured(saved, saved->benchmarks[i].declared);
    }
    for (size_t i = 0; i < saved->benchmark_count; i++) {
        if (is_kept[i]) {
            saved->benchmarks[kept++] = saved->benchmarks[i];
        }
    }
    saved->benchmark_count = kept;
    return 0;
}

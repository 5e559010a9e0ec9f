/*
 * Everything in the store, read and held against its name. Finds; what is to be done about it is
 * the user's.
 */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

#include "path.h"

/* One verification under way. */
struct verification {
    struct pw_store *store;
    struct pw_store_verification found;
    const char **run_ids; /**< of all results, to know which name one alone */
    size_t run_id_capacity;
};

void pw_store_verification_release(struct pw_store_verification *verification)
{
    pw_arena_release(&verification->arena);
    memset(verification, 0, sizeof(*verification));
}

/* All of `finding` but its run id, which lives here already, is copied. */
static int add_finding(struct verification *verification, const struct pw_store_finding *finding,
                       struct pw_error *err)
{
    struct pw_store_verification *found = &verification->found;
    struct pw_store_finding *findings = pw_arena_grow(&found->arena, found->findings, found->count,
                                                      &found->capacity, sizeof(*findings));

    if (findings == NULL) {
        return pw_error_set_no_memory(err);
    }
    found->findings = findings;
    struct pw_store_finding *added = &findings[found->count];
    *added = *finding;
    added->path = pw_arena_strdup(&found->arena, finding->path);
    added->message = pw_arena_strdup(&found->arena, finding->message);
    added->object =
        finding->object == NULL ? NULL : pw_arena_strdup(&found->arena, finding->object);
    if (added->path == NULL || added->message == NULL ||
        (finding->object != NULL && added->object == NULL)) {
        return pw_error_set_no_memory(err);
    }
    found->count++;
    found->damaged_count += finding->fault != PW_FAULT_STRAY;
    return PW_OK;
}

static int remember_run_id(struct verification *verification, const char *run_id,
                           struct pw_error *err)
{
    struct pw_store_verification *found = &verification->found;
    const char **run_ids = pw_arena_grow(&found->arena, verification->run_ids, found->result_count,
                                         &verification->run_id_capacity, sizeof(*run_ids));

    if (run_ids == NULL) {
        return pw_error_set_no_memory(err);
    }
    verification->run_ids = run_ids;
    run_ids[found->result_count++] = run_id;
    return PW_OK;
}

/* Being out of memory is no damage. An object that git cannot read may be there elsewhere; what is
 * wrong inside one is wrong everywhere. */
static int check_result(struct verification *verification, const struct pw_store_entry *entry,
                        const char *object, struct pw_error *err)
{
    struct pw_error failure = PW_ERROR_INIT;
    struct pw_result result = {0};
    int status = pw_store_check_interrupt(verification->store, err);

    if (status == PW_OK) {
        status = remember_run_id(verification, entry->run_id, err);
    }
    if (status != PW_OK) {
        return status;
    }
    status = pw_store_read(verification->store, entry, &result, &failure);
    if (status == PW_OK) {
        pw_result_release(&result);
    } else if (status == PW_ENOMEM) {
        (void)pw_error_set_no_memory(err);
    } else {
        const struct pw_store_finding finding = {
            .fault = PW_FAULT_RESULT,
            .path = entry->path,
            .message = pw_error_message(&failure),
            .run_id = entry->run_id,
            .object = status == PW_EGIT ? object : NULL,
        };
        status = add_finding(verification, &finding, err);
    }
    pw_error_release(&failure);
    return status;
}

static int see_stray(void *context, const char *path, const char *what, struct pw_error *err)
{
    const struct pw_store_finding finding = {
        .fault = PW_FAULT_STRAY, .path = path, .message = what};

    return add_finding(context, &finding, err);
}

static int see_file(void *context, const char *path, const char *object, struct pw_error *err)
{
    struct verification *verification = context;
    struct pw_store_entry entry = {0};
    bool fits = false;
    const int status = pw_store_path_parse(path, &verification->found.arena, &entry, &fits, err);

    if (status != PW_OK) {
        return status;
    }
    return fits ? check_result(verification, &entry, object, err)
                : see_stray(context, path, "not the name of a result", err);
}

static int see_damage(void *context, const char *path, const char *object, const char *message,
                      struct pw_error *err)
{
    const struct pw_store_finding finding = {
        .fault = PW_FAULT_TREE, .path = path, .message = message, .object = object};

    return add_finding(context, &finding, err);
}

static int compare_findings(const void *a, const void *b)
{
    const struct pw_store_finding *first = a;
    const struct pw_store_finding *second = b;

    return strcmp(first->path, second->path);
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* A copy under another name has the run id of the original, which must not be removed with it. */
static void mark_ambiguous(struct verification *verification)
{
    const size_t count = verification->found.result_count;
    const char **ids = verification->run_ids;

    for (size_t i = 0; i < verification->found.count; i++) {
        struct pw_store_finding *finding = &verification->found.findings[i];
        if (finding->run_id == NULL) {
            continue;
        }
        const char **at = bsearch(&finding->run_id, ids, count, sizeof(*ids), compare_texts);
        finding->is_ambiguous = at != NULL && ((at > ids && strcmp(at[-1], *at) == 0) ||
                                               (at + 1 < ids + count && strcmp(at[1], *at) == 0));
    }
}

int pw_store_verify(struct pw_store *store, struct pw_store_verification *out, struct pw_error *err)
{
    struct verification verification = {.store = store};
    const struct pw_git_survey calls = {
        .file = see_file,
        .stray = see_stray,
        .damage = see_damage,
        .context = &verification,
    };
    const int status = store->home->survey(store, &calls, err);

    if (status != PW_OK) {
        pw_store_verification_release(&verification.found);
        return status;
    }
    if (verification.found.count > 0) {
        qsort(verification.found.findings, verification.found.count,
              sizeof(*verification.found.findings), compare_findings);
    }
    if (verification.found.result_count > 0) {
        qsort(verification.run_ids, verification.found.result_count, sizeof(*verification.run_ids),
              compare_texts);
        mark_ambiguous(&verification);
    }
    *out = verification.found;
    return PW_OK;
}

/* The end of a benchmark's metrics files: what is kept beside values, and what was lost. */
#include <stdarg.h>
#include <string.h>

#include "metrics_file.h"
#include "perfwarden/util/strbuf.h"
#include "session.h"

static int warn(struct pw_run_session *session, const char *format, ...) PW_PRINTF(2, 3);

/** Add a remark. @return 0; PW_ENOMEM */
static int warn(struct pw_run_session *session, const char *format, ...)
{
    struct pw_strbuf text = PW_STRBUF_INIT;
    va_list args;
    int status;

    va_start(args, format);
    pw_strbuf_vprintf(&text, format, args);
    va_end(args);
    status = pw_strbuf_check(&text, NULL);
    if (status == 0) {
        status = pw_result_add_warning(session->suite->result, pw_run_session_entry(session),
                                       pw_strbuf_text(&text), NULL);
    }
    pw_strbuf_release(&text);
    return status;
}

static int tell_losses(struct pw_run_session *session)
{
    const struct pw_run_metrics_file *file = &session->metrics_file;
    int status = 0;

    if (file->bad_lines > 0) {
        status =
            warn(session,
                 "%llu line(s) of its metrics files in %llu run(s) could not be read, what they "
                 "measured is lost: %s",
                 (unsigned long long)file->bad_lines, (unsigned long long)file->bad_runs,
                 file->first_bad);
    }
    if (status == 0 && file->dropped > 0) {
        status = warn(session, "the probe could not write %llu line(s), what they measured is lost",
                      (unsigned long long)file->dropped);
    }
    if (status == 0 && file->errors_left_out > 0) {
        status = warn(session, "%llu error(s) beyond %d different ones are counted but not listed",
                      (unsigned long long)file->errors_left_out, PW_RUN_ERRORS_MAX);
    }
    if (status == 0 && file->calls_left_out > 0) {
        status = warn(session, "%llu single call(s) beyond %d are not kept",
                      (unsigned long long)file->calls_left_out, PW_RUN_CALLS_MAX);
    }
    return status;
}

/** What stands beside the values of an entry, made if it is not there. */
static struct pw_result_inside *inside_of(struct pw_run_session *session, const char *id)
{
    struct pw_result *result = session->suite->result;
    struct pw_result_benchmark *entry = pw_result_find(result, id);
    struct pw_result_inside *inside;

    if (entry == NULL) {
        return NULL;
    }
    if (entry->inside == NULL) {
        entry->inside = pw_arena_alloc(&result->arena, sizeof(*entry->inside));
    }
    inside = entry->inside;
    return inside;
}

static struct pw_result_inside *inside_of_variant(struct pw_run_session *session,
                                                  const char *variant)
{
    const char *id = *variant == '\0' ? session->benchmark->id
                                      : pw_arena_printf(&session->arena, "%s/%s",
                                                        session->benchmark->id, variant);

    return id != NULL ? inside_of(session, id) : NULL;
}

static bool keep_steps(struct pw_run_session *session, const struct pw_metrics_steps *steps)
{
    struct pw_arena *arena = &session->suite->result->arena;
    struct pw_result_inside *inside = inside_of_variant(session, steps->variant);
    double(*points)[2] = pw_arena_array(arena, steps->count, sizeof(*points));
    struct pw_result_steps *grown = inside == NULL
                                        ? NULL
                                        : pw_arena_grow(arena, inside->steps, inside->steps_count,
                                                        &inside->steps_capacity, sizeof(*grown));

    if (points == NULL || grown == NULL) {
        return false;
    }
    memcpy(points, steps->points, steps->count * sizeof(*points));
    inside->steps = grown;
    grown = &grown[inside->steps_count++];
    *grown = (struct pw_result_steps){
        .metric = pw_arena_strdup(arena, steps->metric),
        .worker = steps->worker != NULL ? pw_arena_strdup(arena, steps->worker) : NULL,
        .unit = pw_arena_strdup(arena, steps->unit),
        .better = steps->better,
        .points = points,
        .count = steps->count};
    return grown->metric != NULL && grown->unit != NULL &&
           (grown->worker != NULL || steps->worker == NULL);
}

static bool keep_worker(struct pw_run_session *session, const struct pw_metrics_worker *worker)
{
    struct pw_arena *arena = &session->suite->result->arena;
    struct pw_result_inside *inside = inside_of_variant(session, worker->variant);
    struct pw_result_worker *grown =
        inside == NULL ? NULL
                       : pw_arena_grow(arena, inside->workers, inside->worker_count,
                                       &inside->worker_capacity, sizeof(*grown));

    if (grown == NULL) {
        return false;
    }
    inside->workers = grown;
    grown = &grown[inside->worker_count++];
    *grown = (struct pw_result_worker){pw_arena_strdup(arena, worker->metric),
                                       pw_arena_strdup(arena, worker->worker), worker->value};
    return grown->metric != NULL && grown->worker != NULL;
}

static bool keep_errors(struct pw_run_session *session)
{
    const struct pw_run_metrics_file *file = &session->metrics_file;
    struct pw_arena *arena = &session->suite->result->arena;
    struct pw_result_inside *inside;

    if (file->error_count == 0 && file->call_count == 0) {
        return true;
    }
    inside = inside_of_variant(session, "");
    if (inside == NULL) {
        return false;
    }
    inside->errors = pw_arena_array(arena, file->error_count + 1, sizeof(*inside->errors));
    if (inside->errors == NULL) {
        return false;
    }
    memcpy(inside->errors, file->errors, file->error_count * sizeof(*inside->errors));
    inside->error_count = file->error_count;
    inside->calls = file->calls;
    inside->call_count = file->call_count;
    return true;
}

int pw_run_metrics_file_finish(struct pw_run_session *session, struct pw_error *err)
{
    const struct pw_metrics *latest = &session->metrics_file.latest;
    bool is_kept = true;

    for (size_t i = 0; is_kept && i < latest->steps_count; i++) {
        is_kept = keep_steps(session, &latest->steps[i]);
    }
    for (size_t i = 0; is_kept && i < latest->worker_count; i++) {
        is_kept = keep_worker(session, &latest->workers[i]);
    }
    if (!is_kept || !keep_errors(session) || tell_losses(session) != 0) {
        return pw_error_set_no_memory(err);
    }
    return 0;
}

/*
 * Where the values of a run are found. A file that is not there, or that is no file, is a fault of
 * the benchmark; nothing of an earlier run is ever read.
 */
#include "printed.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "failure.h"
#include "perfwarden/util/file.h"
#include "perfwarden/util/number.h"
#include "scratch.h"

/** Largest results file that is read. */
#define RESULTS_MAX_BYTES ((size_t)128 << 20)

int pw_run_printed_prepare(struct pw_run_session *session, struct pw_error *err)
{
    const char *path = session->benchmark->results_file;
    const char *message;

    if (path == NULL || unlink(path) == 0 || errno == ENOENT || errno == ENOTDIR) {
        return 0;
    }
    message = pw_arena_printf(&session->arena, "its old results file '%s' cannot be removed: %s",
                              path, strerror(errno));
    return message == NULL ? pw_error_set_no_memory(err)
                           : pw_run_session_fail(session, PW_MEASURED_OUTPUT, message, err);
}

static int read_results_file(const char *path, struct pw_run_printed *out, struct pw_error *err)
{
    struct pw_error failure = PW_ERROR_INIT;
    struct stat info;
    int status;

    if (stat(path, &info) != 0) {
        return pw_error_set(err, PW_EFORMAT, "it did not write its results file '%s': %s", path,
                            strerror(errno));
    }
    if (!S_ISREG(info.st_mode)) {
        return pw_error_set(err, PW_EFORMAT, "its results file '%s' is not a regular file", path);
    }
    pw_strbuf_init(&out->own, RESULTS_MAX_BYTES + 1);
    status = pw_file_read(path, RESULTS_MAX_BYTES, &out->own, &failure);
    if (status != 0 && status != PW_ENOMEM) {
        status = pw_error_set(err, PW_EFORMAT, "its results file cannot be read: %s",
                              pw_error_message(&failure));
        pw_error_release(&failure);
        return status;
    }
    pw_error_move(err, &failure);
    out->data = pw_strbuf_text(&out->own);
    out->length = out->own.length;
    out->total_bytes = out->length;
    return status;
}

/** Put the output where the converter can read it as its standard input. */
static int keep_input(struct pw_run_session *session, const struct pw_run_printed *printed,
                      const char **path, struct pw_error *err)
{
    struct pw_run_scratch scratch;
    int status = 0;

    if (session->scratch.path == NULL) {
        status = pw_run_scratch_make(pw_run_scratch_parent(), &session->kept, &scratch, err);
        if (status != 0) {
            return status;
        }
        session->scratch = scratch;
    }
    *path = pw_arena_printf(&session->arena, "%s/output", session->scratch.path);
    if (*path == NULL) {
        return pw_error_set_no_memory(err);
    }
    return pw_file_write(*path, printed->data, printed->length, err);
}

static int execute_converter(struct pw_run_session *session, const char *input,
                             struct pw_process_outcome *outcome, struct pw_error *err)
{
    const struct pw_strings *command = &session->benchmark->converter;
    const char **words = pw_arena_array(&session->arena, command->count + 1, sizeof(*words));
    struct pw_process_spec spec;

    if (words == NULL) {
        return pw_error_set_no_memory(err);
    }
    memcpy(words, command->items, command->count * sizeof(*words));
    memset(&spec, 0, sizeof(spec));
    spec.argv = words;
    spec.envp = session->environment.variables;
    spec.cwd = session->benchmark->cwd;
    spec.timeout_ns = session->benchmark->timeout_ns;
    spec.stdin_path = input;
    spec.output_max_bytes = PW_RUN_PRINTED_MAX_BYTES;
    spec.interrupted = session->suite->options->interrupted;
    return session->suite->executor->execute(session->suite->executor, &spec, outcome, err);
}

/** What the converter printed, or why that is nothing. */
static int take_converted(const struct pw_run_session *session,
                          const struct pw_process_outcome *outcome, struct pw_run_printed *out,
                          struct pw_error *err)
{
    struct pw_benchmark converter = *session->benchmark;
    struct pw_strbuf failure = PW_STRBUF_INIT;
    const int success = 0;
    int status = 0;

    converter.command = session->benchmark->converter;
    converter.success = &success;
    converter.success_count = 1;
    if (pw_run_judge(&converter, outcome) != PW_MEASURED_OK) {
        pw_run_describe_failure(&converter, outcome, NULL, &failure);
        status =
            pw_error_set(err, PW_EFORMAT, "its converter failed: %s", pw_strbuf_text(&failure));
        pw_strbuf_release(&failure);
        return status;
    }
    pw_strbuf_clear(&out->own);
    pw_strbuf_append(&out->own, outcome->standard_output.data, outcome->standard_output.length);
    out->data = pw_strbuf_text(&out->own);
    out->length = out->own.length;
    out->total_bytes = outcome->standard_output.total_bytes;
    return pw_strbuf_check(&out->own, err);
}

static int convert(struct pw_run_session *session, struct pw_run_printed *out, struct pw_error *err)
{
    const char *input = session->benchmark->results_file;
    struct pw_process_outcome outcome;
    int status = 0;

    if (input == NULL) {
        status = keep_input(session, out, &input, err);
    }
    if (status != 0) {
        return status;
    }
    memset(&outcome, 0, sizeof(outcome));
    status = execute_converter(session, input, &outcome, err);
    if (status == 0) {
        status = take_converted(session, &outcome, out, err);
    }
    pw_process_outcome_release(&outcome);
    return status;
}

int pw_run_printed_get(struct pw_run_session *session, const struct pw_output *output,
                       struct pw_run_printed *out, struct pw_error *err)
{
    const struct pw_benchmark *benchmark = session->benchmark;
    int status = 0;

    *out = (struct pw_run_printed){.data = output->data == NULL ? "" : output->data,
                                   .length = output->length,
                                   .total_bytes = output->total_bytes};
    if (benchmark->results_file != NULL) {
        status = read_results_file(benchmark->results_file, out, err);
    }
    /* What was cut is refused by the reader; a converter must not make something of the rest. */
    if (status == 0 && benchmark->converter.count > 0 && out->total_bytes == out->length) {
        status = convert(session, out, err);
    }
    return status;
}

void pw_run_printed_release(struct pw_run_printed *printed)
{
    pw_strbuf_release(&printed->own);
}

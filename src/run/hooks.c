/*
 * Runs one hook. It is held to the benchmark's time limit and to nothing else of it, and nothing of
 * it is measured.
 */
#include "hooks.h"

#include <string.h>

/** How much of its output is kept: the last line is quoted. */
enum { OUTPUT_QUOTED_BYTES = 64 << 10 };

/** The words with the NULL that ends them. */
static const char *const *terminate(struct pw_run_session *session,
                                    const struct pw_strings *command)
{
    const char **words = pw_arena_array(&session->arena, command->count + 1, sizeof(*words));

    if (words != NULL) {
        memcpy(words, command->items, command->count * sizeof(*words));
    }
    return words;
}

static int execute(struct pw_run_session *session, const struct pw_benchmark *hook,
                   struct pw_process_outcome *outcome, struct pw_error *err)
{
    struct pw_executor *executor = session->suite->executor;
    struct pw_process_spec spec;
    int status;

    memset(&spec, 0, sizeof(spec));
    spec.argv = terminate(session, &hook->command);
    if (spec.argv == NULL) {
        return pw_error_set_no_memory(err);
    }
    spec.envp = session->environment.variables;
    spec.cwd = hook->cwd;
    spec.timeout_ns = hook->timeout_ns;
    spec.output_max_bytes = OUTPUT_QUOTED_BYTES;
    /* After an interruption it is run all the same: it undoes what was done. */
    if (!pw_run_session_is_interrupted(session)) {
        spec.interrupted = session->suite->options->interrupted;
    }
    pw_run_session_show_output(session, &spec);
    status = executor->execute(executor, &spec, outcome, err);
    pw_run_session_end_output(session);
    return status;
}

/** "'prepare' before run 3 of 7: exit status 1: no space left on device" */
static void describe(const struct pw_benchmark *hook, const char *name, const char *where,
                     const struct pw_run_number *number, const struct pw_process_outcome *outcome,
                     struct pw_strbuf *out)
{
    pw_strbuf_printf(out, "'%s'", name);
    if (number != NULL) {
        pw_strbuf_printf(out, " %s", where);
        pw_run_describe_number(number, out);
    } else {
        pw_strbuf_puts(out, ": ");
    }
    pw_run_describe_failure(hook, outcome, NULL, out);
}

static int report_failure(struct pw_run_session *session, enum pw_measured measured,
                          const struct pw_strbuf *message, struct pw_error *err)
{
    const char *text = pw_strbuf_text(message);

    if (!session->is_over) {
        return pw_run_session_fail(session, measured, text, err);
    }
    return pw_result_add_warning(session->suite->result, pw_run_session_entry(session), text, err);
}

int pw_run_hook(struct pw_run_session *session, const char *name, const struct pw_strings *command,
                const char *where, const struct pw_run_number *number, struct pw_error *err)
{
    struct pw_benchmark hook = *session->benchmark;
    struct pw_strbuf message = PW_STRBUF_INIT;
    struct pw_process_outcome outcome;
    enum pw_measured measured;
    int status;

    if (command->count == 0) {
        return 0;
    }
    hook.command = *command;
    hook.memory_limit_bytes = 0;
    hook.success_count = 0;
    memset(&outcome, 0, sizeof(outcome));
    status = execute(session, &hook, &outcome, err);
    if (status != 0) {
        return status;
    }
    session->hooks_ns += outcome.wall_ns;
    measured = pw_run_judge(&hook, &outcome);
    if (measured != PW_MEASURED_OK) {
        describe(&hook, name, where, number, &outcome, &message);
        measured = measured == PW_MEASURED_INTERRUPTED ? measured : PW_MEASURED_HOOK;
        status = pw_strbuf_check(&message, err);
        if (status == 0) {
            status = report_failure(session, measured, &message, err);
        }
    }
    pw_strbuf_release(&message);
    pw_process_outcome_release(&outcome);
    return status;
}

/*
 * Running the build steps: each by `sh -c`, in what is the caller's own environment, since that is
 * where compilers, caches and toolchains are set up; without what leads git to another repository.
 */
#include "steps.h"

#include <string.h>
#include <sys/stat.h>

#include "log.h"

/** POSIX leaves the declaration to the program. */
extern char **environ;

/** How many digits of a commit messages show. */
enum { SHORT_ID = 12 };
/** What is kept of a step's output besides the log: nothing needs it. */
enum { OUTPUT_KEPT = 4096 };

/* One pipe for both, or a compiler's complaint would stand beside another file's name. */
static const char IN_ORDER[] = "exec sh -c \"$1\" 2>&1";

static const char SIDE_VARIABLE[] = "PERFWARDEN_SIDE=";

/* @return NULL when out of memory */
static const char **make_environment(const char *side, struct pw_arena *arena)
{
    size_t inherited = 0;
    size_t count = 0;

    while (environ[inherited] != NULL) {
        inherited++;
    }
    const char **variables = pw_arena_array(arena, inherited + 2, sizeof(*variables));
    if (variables == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < inherited; i++) {
        if (!pw_git_is_repository_variable(environ[i]) &&
            strncmp(environ[i], SIDE_VARIABLE, sizeof(SIDE_VARIABLE) - 1) != 0) {
            variables[count++] = environ[i];
        }
    }
    variables[count] = pw_arena_printf(arena, "%s%s", SIDE_VARIABLE, side);
    return variables[count] == NULL ? NULL : variables;
}

/** Where output goes. */
struct sink {
    struct pw_build_log *log;
    const struct pw_build_options *options;
};

static void pass_output(void *context, int fd, const char *data, size_t length)
{
    struct sink *sink = context;

    if (length == 0) {
        return;
    }
    pw_build_log_write(sink->log, data, length);
    if (sink->options->output_seen != NULL) {
        sink->options->output_seen(sink->options->output_context, fd, data, length);
    }
}

static void end_output(const struct pw_build_options *options)
{
    for (int fd = 1; options->output_seen != NULL && fd <= 2; fd++) {
        options->output_seen(options->output_context, fd, "", 0);
    }
}

static int fail_interrupted(const struct pw_build_job *job, struct pw_error *err)
{
    return pw_error_set(err, PW_EINTERRUPTED, "interrupted while building %s (%.*s)", job->label,
                        SHORT_ID, job->commit);
}

static void describe_end(const struct pw_process_outcome *outcome, struct pw_strbuf *out)
{
    switch (outcome->end) {
    case PW_PROCESS_EXITED:
        pw_strbuf_printf(out, "ended with exit status %d", outcome->exit_status);
        break;
    case PW_PROCESS_SIGNALED:
        pw_strbuf_printf(out, "was killed by signal %d", outcome->signal);
        break;
    case PW_PROCESS_NOT_STARTED:
        pw_strbuf_printf(out, "could not be started: %s",
                         outcome->failed_what != NULL ? outcome->failed_what
                                                      : strerror(outcome->error_number));
        break;
    default:
        pw_strbuf_puts(out, "was ended before it was done");
        break;
    }
}

static int fail_step(const struct pw_build_job *job, const char *step,
                     const struct pw_process_outcome *outcome, const struct pw_build_log *log,
                     struct pw_error *err)
{
    struct pw_strbuf text = PW_STRBUF_INIT;
    struct pw_strbuf line = PW_STRBUF_INIT;
    int status;

    pw_strbuf_printf(&text, "could not build %s (%.*s): step '%s' ", job->label, SHORT_ID,
                     job->commit, step);
    describe_end(outcome, &text);
    pw_build_log_last_line(log, &line);
    if (line.length > 0) {
        pw_strbuf_printf(&text, "; last line: '%s'", pw_strbuf_text(&line));
    }
    pw_strbuf_printf(&text, "; the whole log is in '%s'", job->kept_log);
    if (pw_strbuf_failed(&text) || pw_strbuf_failed(&line)) {
        status = pw_error_set_no_memory(err);
    } else {
        status = pw_error_set(err, PW_EBUILD, "%s", pw_strbuf_text(&text));
    }
    pw_strbuf_release(&line);
    pw_strbuf_release(&text);
    return status;
}

static int run_step(const struct pw_build_job *job, const char *step, const char *const *envp,
                    struct pw_build_log *log, struct pw_error *err)
{
    const char *const argv[] = {"sh", "-c", IN_ORDER, "sh", step, NULL};
    struct sink sink = {log, job->options};
    struct pw_process_outcome outcome;
    const struct pw_process_spec spec = {
        .argv = argv,
        .envp = envp,
        .cwd = job->directory,
        .output_max_bytes = OUTPUT_KEPT,
        .output_seen = pass_output,
        .output_context = &sink,
        .interrupted = job->options->interrupted,
    };

    memset(&outcome, 0, sizeof(outcome));
    int status = job->executor->execute(job->executor, &spec, &outcome, err);
    end_output(job->options);
    if (status != PW_OK) {
        return status;
    }
    if (outcome.end == PW_PROCESS_INTERRUPTED) {
        status = fail_interrupted(job, err);
    } else if (outcome.end != PW_PROCESS_EXITED || outcome.exit_status != 0) {
        status = fail_step(job, step, &outcome, log, err);
    }
    pw_process_outcome_release(&outcome);
    return status;
}

static void note_step(struct pw_build_log *log, const char *step)
{
    pw_build_log_note(log, "");
    pw_build_log_write(log, "$ ", 2);
    pw_build_log_note(log, step);
}

static int run_all(const struct pw_build_job *job, const char *const *envp,
                   struct pw_build_log *log, struct pw_error *err)
{
    const struct pw_build_options *options = job->options;
    int status = PW_OK;

    for (size_t i = 0; i < job->steps->count && status == PW_OK; i++) {
        const char *step = job->steps->items[i];
        if (options->interrupted != NULL && *options->interrupted != 0) {
            return fail_interrupted(job, err);
        }
        if (options->step_started != NULL) {
            options->step_started(options->context, job->label, step);
        }
        note_step(log, step);
        status = run_step(job, step, envp, log, err);
        if (status == PW_OK && log->error_number != 0) {
            return PW_OK; /* closing the log says why */
        }
    }
    return status;
}

static int check_directory(const struct pw_build_job *job, struct pw_error *err)
{
    struct stat info;

    if (job->steps->count == 0 || (stat(job->directory, &info) == 0 && S_ISDIR(info.st_mode))) {
        return PW_OK;
    }
    return pw_error_set(err, PW_EBUILD,
                        "could not build %s (%.*s): it has no directory '%s', where the "
                        "configuration's build steps run",
                        job->label, SHORT_ID, job->commit, job->place);
}

int pw_build_run_steps(const struct pw_build_job *job, struct pw_error *err)
{
    struct pw_arena arena = {NULL};
    struct pw_build_log log;
    int status = check_directory(job, err);

    if (status == PW_OK) {
        status = pw_build_log_open(&log, job->log, err);
    }
    if (status != PW_OK) {
        return status;
    }
    const char **envp = make_environment(job->side, &arena);
    if (envp == NULL) {
        status = pw_error_set_no_memory(err);
    } else {
        pw_build_log_write(&log, job->side, strlen(job->side));
        pw_build_log_write(&log, " ", 1);
        pw_build_log_note(&log, job->commit);
        status = run_all(job, envp, &log, err);
    }
    const int closed = pw_build_log_close(&log, status == PW_OK ? err : NULL);
    pw_arena_release(&arena);
    return status == PW_OK ? closed : status;
}

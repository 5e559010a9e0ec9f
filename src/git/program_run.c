/*
 * A git that runs: its output collected, its end awaited, an interruption passed on, its time
 * limited, its last words made a message.
 */
#include "program.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "perfwarden/util/clock.h"
#include "perfwarden/util/number.h"

/** What is kept of its errors: the end, where the reason stands. */
enum { ERRORS_KEPT = 1 << 16 };
/** How many of git's complaints a message quotes, and how long they may be together. */
enum { QUOTED_LINES = 3, QUOTED_BYTES = 600 };
/** How often an interruption is looked for, and how often the end once the output has ended. */
enum { LOOK_MS = 100, END_LOOK_MS = 1 };
/** git removes a half-made checkout when it is told to end; that takes a while. */
#define PATIENCE_NS UINT64_C(10000000000)
/** One that was too late has used up the time of its caller. */
#define LATE_PATIENCE_NS UINT64_C(1000000000)

struct run {
    const struct pw_git_program *program;
    struct pw_git_process process;
    struct pw_strbuf errors;
    uint64_t deadline_ns; /**< on the monotonic clock; 0 for none */
    uint64_t kill_at_ns;  /**< once it was told to end; else 0 */
    bool is_late;         /**< it was told to end because the deadline had passed */
    bool has_ended;
    int wait_status;
};

int pw_git_program_reap(pid_t pid)
{
    int wait_status = 0;
    pid_t waited;

    do {
        waited = waitpid(pid, &wait_status, 0);
    } while (waited < 0 && errno == EINTR);
    return waited == pid ? wait_status : -1;
}

static void take(struct run *run, int *fd, bool is_output)
{
    char chunk[16384];
    const ssize_t got = read(*fd, chunk, sizeof(chunk));

    if (got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN)) {
        (void)close(*fd);
        *fd = -1;
    } else if (got > 0 && is_output && run->program->output != NULL) {
        pw_strbuf_append(run->program->output, chunk, (size_t)got);
    } else if (got > 0 && !is_output) {
        pw_strbuf_append(&run->errors, chunk, (size_t)got);
        if (run->errors.length > (size_t)2 * ERRORS_KEPT) {
            memmove(run->errors.data, run->errors.data + run->errors.length - ERRORS_KEPT,
                    ERRORS_KEPT);
            pw_strbuf_truncate(&run->errors, ERRORS_KEPT);
        }
    }
}

/* @return whether anything was there */
static bool take_what_is_there(struct run *run, int timeout_ms)
{
    /* poll() passes over descriptors below 0 */
    struct pollfd fds[2] = {{.fd = run->process.output, .events = POLLIN},
                            {.fd = run->process.errors, .events = POLLIN}};
    bool is_any = false;

    if (poll(fds, 2, timeout_ms) <= 0) {
        return false;
    }
    if (fds[0].revents != 0) {
        take(run, &run->process.output, true);
        is_any = true;
    }
    if (fds[1].revents != 0) {
        take(run, &run->process.errors, false);
        is_any = true;
    }
    return is_any;
}

static void tell_to_end(struct run *run, uint64_t patience_ns)
{
    run->kill_at_ns = pw_clock_monotonic_ns() + patience_ns;
    (void)kill(-run->process.pid, SIGTERM);
}

/* Ends git when a signal arrived or its time is over: kindly first, then not. */
static void end_in_time(struct run *run)
{
    const volatile int *interrupted = run->program->interrupted;

    if (run->kill_at_ns != 0) {
        if (pw_clock_monotonic_ns() >= run->kill_at_ns) {
            (void)kill(-run->process.pid, SIGKILL);
        }
    } else if (interrupted != NULL && *interrupted != 0) {
        tell_to_end(run, PATIENCE_NS);
    } else if (run->deadline_ns != 0 && pw_clock_monotonic_ns() >= run->deadline_ns) {
        run->is_late = true;
        tell_to_end(run, LATE_PATIENCE_NS);
    }
}

/* Something git started may keep the pipes open: its own end is what counts. */
static int await_end(struct run *run, struct pw_error *err)
{
    while (!run->has_ended) {
        const bool is_open = run->process.output >= 0 || run->process.errors >= 0;
        (void)take_what_is_there(run, is_open ? LOOK_MS : END_LOOK_MS);
        end_in_time(run);
        const pid_t waited = waitpid(run->process.pid, &run->wait_status, WNOHANG);
        if (waited < 0 && errno != EINTR) {
            return pw_error_set_errno(err, errno, "cannot wait for 'git'");
        }
        run->has_ended = waited == run->process.pid;
    }
    if (run->kill_at_ns != 0) {
        /* the helpers of a git that did not wait for them; its group outlives it with them */
        (void)kill(-run->process.pid, SIGKILL);
    }
    while ((run->process.output >= 0 || run->process.errors >= 0) && take_what_is_there(run, 0)) {
    }
    return PW_OK;
}

static bool is_complaint(const char *line)
{
    return strncmp(line, "fatal: ", 7) == 0 || strncmp(line, "error: ", 7) == 0;
}

/* What git says when ssh or a remote has said already why. */
static bool is_empty_complaint(const char *line)
{
    return strcmp(line, "fatal: Could not read from remote repository.") == 0;
}

/* The lines that begin with "fatal:" or "error:", else the last one. */
static void quote(char *text, struct pw_strbuf *out)
{
    const char *last = NULL;
    char *rest = NULL;
    unsigned count = 0;

    for (char *line = strtok_r(text, "\r\n", &rest); line != NULL;
         line = strtok_r(NULL, "\r\n", &rest)) {
        if (is_complaint(line) && count < QUOTED_LINES && out->length < QUOTED_BYTES) {
            const bool is_empty = is_empty_complaint(line) && last != NULL;
            const char *words = is_empty ? last : line + 7;
            if (!is_empty || count == 0) {
                pw_strbuf_printf(out, "%s%.*s", count == 0 ? "" : "; ", (int)QUOTED_BYTES, words);
            }
            count++;
        }
        last = line;
    }
    if (count == 0) {
        pw_strbuf_printf(out, "%.*s", (int)QUOTED_BYTES, last == NULL ? "it gave no reason" : last);
    }
}

static int fail_run(struct run *run, struct pw_error *err)
{
    const char *command = run->program->arguments[0];
    struct pw_strbuf words = PW_STRBUF_INIT;
    int status;

    if (run->errors.data != NULL) {
        quote(run->errors.data, &words);
    } else {
        pw_strbuf_puts(&words, "it gave no reason");
    }
    if (pw_strbuf_failed(&words)) {
        status = pw_error_set_no_memory(err);
    } else if (WIFSIGNALED(run->wait_status)) {
        const int number = WTERMSIG(run->wait_status);
        const bool is_told = number == SIGINT || number == SIGTERM;
        status = pw_error_set(err, is_told ? PW_EINTERRUPTED : PW_EGIT,
                              "'git %s' was killed by signal %d: %s", command, number,
                              pw_strbuf_text(&words));
    } else {
        status = pw_error_set(err, PW_EGIT, "'git %s' says: %s", command, pw_strbuf_text(&words));
    }
    pw_strbuf_release(&words);
    return status;
}

static int fail_late(const struct run *run, struct pw_error *err)
{
    struct pw_strbuf limit = PW_STRBUF_INIT;

    if (run->program->too_late != NULL) {
        pw_strbuf_puts(&limit, run->program->too_late);
    } else {
        pw_strbuf_puts(&limit, "within ");
        pw_format_duration(&limit, run->program->timeout_ns);
    }
    const int status = pw_error_set(err, PW_EGIT, "'git %s' did not end %s",
                                    run->program->arguments[0], pw_strbuf_text(&limit));
    pw_strbuf_release(&limit);
    return status;
}

static int judge(struct run *run, struct pw_error *err)
{
    if (run->is_late) {
        return fail_late(run, err);
    }
    if (run->kill_at_ns != 0) {
        return pw_error_set(err, PW_EINTERRUPTED, "interrupted during 'git %s'",
                            run->program->arguments[0]);
    }
    if (!WIFEXITED(run->wait_status) || WEXITSTATUS(run->wait_status) != 0) {
        return fail_run(run, err);
    }
    return run->program->output == NULL ? PW_OK : pw_strbuf_check(run->program->output, err);
}

int pw_git_program_run(const struct pw_git_program *program, struct pw_error *err)
{
    struct run run = {.program = program, .process = {-1, -1, -1}};
    int status = pw_git_program_start(program, &run.process, err);

    if (status != PW_OK) {
        return status;
    }
    if (program->timeout_ns > 0) {
        run.deadline_ns = pw_clock_monotonic_ns() + program->timeout_ns;
    }
    status = await_end(&run, err);
    if (program->errors != NULL) {
        pw_strbuf_append(program->errors, pw_strbuf_text(&run.errors), run.errors.length);
    }
    if (status == PW_OK) {
        status = judge(&run, err);
    }
    for (int i = 0; i < 2; i++) {
        const int fd = i == 0 ? run.process.output : run.process.errors;
        if (fd >= 0) {
            (void)close(fd);
        }
    }
    pw_strbuf_release(&run.errors);
    return status;
}

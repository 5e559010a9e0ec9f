/*
 * One line about a failed run: which run, what happened, the program's own last words, the remedy.
 */
#include "failure.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

#include "perfwarden/util/file.h"
#include "perfwarden/util/number.h"
#include "perfwarden/util/text.h"

/** How much of a program's last line is quoted. */
enum { QUOTE_MAX = 200 };

struct signal_name {
    int number;
    const char *name;
};

static const struct signal_name SIGNAL_NAMES[] = {
    {SIGHUP, "SIGHUP"},   {SIGINT, "SIGINT"},   {SIGQUIT, "SIGQUIT"}, {SIGILL, "SIGILL"},
    {SIGTRAP, "SIGTRAP"}, {SIGABRT, "SIGABRT"}, {SIGBUS, "SIGBUS"},   {SIGFPE, "SIGFPE"},
    {SIGKILL, "SIGKILL"}, {SIGUSR1, "SIGUSR1"}, {SIGSEGV, "SIGSEGV"}, {SIGUSR2, "SIGUSR2"},
    {SIGPIPE, "SIGPIPE"}, {SIGALRM, "SIGALRM"}, {SIGTERM, "SIGTERM"}, {SIGXCPU, "SIGXCPU"},
    {SIGXFSZ, "SIGXFSZ"}, {SIGSYS, "SIGSYS"},
};

/** Without a list, as in benchmarks that no configuration made, 0 alone is a success. */
static bool is_success(const struct pw_benchmark *benchmark, int exit_status)
{
    for (size_t i = 0; i < benchmark->success_count; i++) {
        if (benchmark->success[i] == exit_status) {
            return true;
        }
    }
    return benchmark->success_count == 0 && exit_status == 0;
}

/**
 * Whether a failure is the memory limit's: where no control group holds the tree, memory beyond the
 * limit is refused, and what a program makes of that is its own. A process that had seven eighths
 * of it resident had come to its end, for code, stacks and what it has freed count as well. One
 * that was refused a large piece long before cannot be told from one that failed by itself.
 */
static bool is_at_memory_limit(const struct pw_benchmark *benchmark,
                               const struct pw_process_outcome *outcome)
{
    uint64_t limit_bytes = benchmark->memory_limit_bytes;

    return outcome->memory_method != NULL && strcmp(outcome->memory_method, "rlimit") == 0 &&
           outcome->max_rss_bytes >= limit_bytes - limit_bytes / 8;
}

enum pw_measured pw_run_judge(const struct pw_benchmark *benchmark,
                              const struct pw_process_outcome *outcome)
{
    static const enum pw_measured MEASURED[] = {
        [PW_PROCESS_EXITED] = PW_MEASURED_EXIT,
        [PW_PROCESS_SIGNALED] = PW_MEASURED_SIGNAL,
        [PW_PROCESS_TIMED_OUT] = PW_MEASURED_TIMEOUT,
        [PW_PROCESS_OUT_OF_MEMORY] = PW_MEASURED_LIMIT,
        [PW_PROCESS_NOT_STARTED] = PW_MEASURED_START,
        [PW_PROCESS_INTERRUPTED] = PW_MEASURED_INTERRUPTED,
    };

    if (outcome->end == PW_PROCESS_EXITED && is_success(benchmark, outcome->exit_status)) {
        return PW_MEASURED_OK;
    }
    if ((outcome->end == PW_PROCESS_EXITED || outcome->end == PW_PROCESS_SIGNALED) &&
        is_at_memory_limit(benchmark, outcome)) {
        return PW_MEASURED_LIMIT;
    }
    return MEASURED[outcome->end];
}

void pw_run_describe_number(const struct pw_run_number *number, struct pw_strbuf *out)
{
    pw_strbuf_printf(out, "%s %u of %u", number->is_warmup ? "warm-up run" : "run", number->number,
                     number->total);
    if (number->copy != 0) {
        pw_strbuf_printf(out, ", copy %u of %u", number->copy, number->copies);
    }
    pw_strbuf_puts(out, ": ");
}

/** Append a number's text in an errno value's own words, in lower case as messages are. */
static void put_errno(struct pw_strbuf *out, int error_number)
{
    struct pw_error error = PW_ERROR_INIT;
    const char *text;

    (void)pw_error_set_errno(&error, error_number, "%s", "");
    text = pw_error_message(&error);
    pw_strbuf_puts(out, strncmp(text, ": ", 2) == 0 ? text + 2 : text);
    pw_error_release(&error);
}

/** Put ": <last line that is not blank>" where there is one, cut to QUOTE_MAX bytes between
 * characters. */
static void quote_last_line(const struct pw_output *output, struct pw_strbuf *out)
{
    const char *data = output->data;
    size_t end = output->length;
    size_t start;
    size_t length;

    while (end > 0 && (strchr(" \t\r\n", data[end - 1]) != NULL)) {
        end--; /* strchr finds the NUL too: trailing ones go with the blanks */
    }
    start = end;
    while (start > 0 && data[start - 1] != '\n' && data[start - 1] != '\r' &&
           data[start - 1] != '\0') {
        start--;
    }
    length = end - start;
    if (length == 0) {
        return;
    }
    if (length > QUOTE_MAX) {
        length = QUOTE_MAX;
        while (length > 0 && ((unsigned char)data[start + length] & 0xc0) == 0x80) {
            length--;
        }
    }
    pw_strbuf_puts(out, ": ");
    pw_strbuf_append(out, data + start, length);
    if (start + length < end) {
        pw_strbuf_puts(out, "...");
    }
}

static void put_signal(int number, struct pw_strbuf *out)
{
    pw_strbuf_printf(out, "killed by signal %d", number);
    for (size_t i = 0; i < PW_COUNT(SIGNAL_NAMES); i++) {
        if (SIGNAL_NAMES[i].number == number) {
            pw_strbuf_printf(out, " (%s)", SIGNAL_NAMES[i].name);
        }
    }
}

/** What a memory limit had to do with it, as far as that can be told. */
static void mention_memory_limit(const struct pw_benchmark *benchmark,
                                 const struct pw_process_outcome *outcome, struct pw_strbuf *out)
{
    bool is_certain = is_at_memory_limit(benchmark, outcome);

    if (benchmark->memory_limit_bytes == 0) {
        return;
    }
    pw_strbuf_puts(out, is_certain ? " with " : " (it ran under a memory limit of ");
    if (is_certain) {
        pw_format_value(out, (double)outcome->max_rss_bytes, "bytes");
        pw_strbuf_puts(out, " of its memory limit of ");
    }
    pw_format_value(out, (double)benchmark->memory_limit_bytes, "bytes");
    if (is_certain) {
        pw_strbuf_puts(out, " in use; raise 'memory_limit' if that is too low");
    } else if (outcome->memory_method != NULL && strcmp(outcome->memory_method, "rlimit") == 0) {
        pw_strbuf_puts(out, ", which refuses memory beyond it and may be the cause; if so, raise "
                            "'memory_limit')");
    } else {
        pw_strbuf_putc(out, ')');
    }
}

/** Where other statuses than 0 are a success, the reader must be told which. */
static void mention_success(const struct pw_benchmark *benchmark, struct pw_strbuf *out)
{
    if (benchmark->success_count == 0 ||
        (benchmark->success_count == 1 && benchmark->success[0] == 0)) {
        return;
    }
    pw_strbuf_puts(out, ", where 'success' allows");
    for (size_t i = 0; i < benchmark->success_count; i++) {
        pw_strbuf_printf(out, "%s %d", i > 0 ? "," : "", benchmark->success[i]);
    }
}

/** Look at what a command names by a path. @return false when nothing is there */
static bool examine_program(const struct pw_benchmark *benchmark, struct stat *status)
{
    struct pw_strbuf path = PW_STRBUF_INIT;
    bool is_there;

    pw_path_join(&path, benchmark->cwd, benchmark->command.items[0]);
    is_there = stat(pw_strbuf_text(&path), status) == 0;
    pw_strbuf_release(&path);
    return is_there;
}

/** exec's ENOENT means the program, or what it needs to be started: an interpreter, a loader. */
static void describe_missing(const struct pw_benchmark *benchmark, struct pw_strbuf *out)
{
    const char *program = benchmark->command.items[0];
    struct stat status;

    if (strchr(program, '/') == NULL) {
        pw_strbuf_printf(
            out, "not found in PATH; install it, or write './%s' for a file of that name", program);
    } else if (examine_program(benchmark, &status)) {
        pw_strbuf_puts(out, "the interpreter or loader that it names does not exist");
    } else {
        pw_strbuf_puts(out, "no such file or directory; build it first");
    }
}

static void describe_denied(const struct pw_benchmark *benchmark, struct pw_strbuf *out)
{
    const char *program = benchmark->command.items[0];
    struct stat status;

    if (strchr(program, '/') != NULL && examine_program(benchmark, &status) &&
        S_ISDIR(status.st_mode)) {
        pw_strbuf_puts(out, "it is a directory; name the program in it");
    } else {
        pw_strbuf_printf(out, "it is not executable; if it is a program, chmod +x '%s'", program);
    }
}

static void describe_exec_failure(const struct pw_benchmark *benchmark, int error_number,
                                  struct pw_strbuf *out)
{
    pw_strbuf_printf(out, "cannot start '%s': ", benchmark->command.items[0]);
    if (error_number == ENOENT) {
        describe_missing(benchmark, out);
    } else if (error_number == EACCES) {
        describe_denied(benchmark, out);
    } else if (error_number == ENOEXEC) {
        pw_strbuf_puts(out, "it is no program for this machine; a script needs a '#!' line");
    } else {
        put_errno(out, error_number);
    }
}

static void describe_start_failure(const struct pw_benchmark *benchmark,
                                   const struct pw_process_outcome *outcome, struct pw_strbuf *out)
{
    if (outcome->failed_step == PW_START_EXEC) {
        describe_exec_failure(benchmark, outcome->error_number, out);
        return;
    }
    if (outcome->failed_step == PW_START_DIRECTORY) {
        pw_strbuf_printf(out, "cannot enter directory '%s': ", benchmark->cwd);
        put_errno(out, outcome->error_number);
        pw_strbuf_puts(out, "; make it, or correct 'cwd'");
        return;
    }
    pw_strbuf_printf(out, "cannot start '%s': ", benchmark->command.items[0]);
    if (outcome->failed_what != NULL) {
        pw_strbuf_printf(out, "%s: ", outcome->failed_what);
    }
    put_errno(out, outcome->error_number);
    if (outcome->failed_remedy != NULL) {
        pw_strbuf_printf(out, "; %s", outcome->failed_remedy);
    }
}

static void describe_timeout(const struct pw_benchmark *benchmark, struct pw_strbuf *out)
{
    pw_strbuf_puts(out, "timed out after ");
    pw_format_duration(out, benchmark->timeout_ns);
    pw_strbuf_puts(out, "; raise 'timeout' if that is too short");
}

static void describe_memory(const struct pw_benchmark *benchmark, struct pw_strbuf *out)
{
    pw_strbuf_puts(out, "its processes together passed the memory limit of ");
    pw_format_value(out, (double)benchmark->memory_limit_bytes, "bytes");
    pw_strbuf_puts(out, "; raise 'memory_limit' if that is too low");
}

void pw_run_describe_failure(const struct pw_benchmark *benchmark,
                             const struct pw_process_outcome *outcome,
                             const struct pw_run_number *number, struct pw_strbuf *out)
{
    if (outcome->end == PW_PROCESS_NOT_STARTED) {
        describe_start_failure(benchmark, outcome, out);
        return;
    }
    if (number != NULL) {
        pw_run_describe_number(number, out);
    }
    switch (outcome->end) {
    case PW_PROCESS_SIGNALED:
        put_signal(outcome->signal, out);
        mention_memory_limit(benchmark, outcome, out);
        quote_last_line(&outcome->standard_error, out);
        break;
    case PW_PROCESS_TIMED_OUT:
        describe_timeout(benchmark, out);
        break;
    case PW_PROCESS_OUT_OF_MEMORY:
        describe_memory(benchmark, out);
        break;
    case PW_PROCESS_INTERRUPTED:
        pw_strbuf_puts(out, "interrupted");
        break;
    case PW_PROCESS_EXITED:
    case PW_PROCESS_NOT_STARTED:
        pw_strbuf_printf(out, "exit status %d", outcome->exit_status);
        mention_success(benchmark, out);
        mention_memory_limit(benchmark, outcome, out);
        quote_last_line(&outcome->standard_error, out);
        break;
    }
}

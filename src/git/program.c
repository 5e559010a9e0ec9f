/*
 * Starting the git program. What it is told and what it inherits are decided here.
 *
 * A user's hooks must not run: they are written for the user's own work tree. Nor may git start
 * background work (gc, file system monitors) that outlives the call.
 */
#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "perfwarden/git.h"
#include "perfwarden/util/compiler.h"

/** POSIX leaves the declaration to the program. */
extern char **environ;

/* As `git rev-parse --local-env-vars` lists them, but for the settings of `git -c`. */
static const char *const repository_variables[] = {
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_COMMON_DIR",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_QUARANTINE_PATH",
    "GIT_GRAFT_FILE",
    "GIT_SHALLOW_FILE",
    "GIT_REPLACE_REF_BASE",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
    "GIT_INTERNAL_SUPER_PREFIX",
    "GIT_CONFIG",
};

static const char *const replaced_variables[] = {"LC_ALL",
                                                 "LANGUAGE",
                                                 "GIT_TERMINAL_PROMPT",
                                                 "GIT_LITERAL_PATHSPECS",
                                                 "GIT_GLOB_PATHSPECS",
                                                 "GIT_NOGLOB_PATHSPECS",
                                                 "GIT_ICASE_PATHSPECS"};

static const char *const fixed_settings[] = {
    "core.hooksPath=/dev/null",  "core.fsmonitor=false",
    "advice.detachedHead=false", "gc.auto=0",
    "maintenance.auto=false",    "worktree.useRelativePaths=false",
};

/* @param names  names alone, or whole "NAME=value" */
static bool is_named(const char *variable, const char *const *names, size_t count)
{
    const size_t length = strcspn(variable, "=");

    for (size_t i = 0; i < count; i++) {
        if (strncmp(variable, names[i], length) == 0 &&
            (names[i][length] == '\0' || names[i][length] == '=')) {
            return true;
        }
    }
    return false;
}

bool pw_git_is_repository_variable(const char *variable)
{
    return is_named(variable, repository_variables, PW_COUNT(repository_variables));
}

static size_t count_strings(const char *const *strings)
{
    size_t count = 0;

    while (strings != NULL && strings[count] != NULL) {
        count++;
    }
    return count;
}

/* @return NULL when out of memory */
static const char **make_environment(const struct pw_git_program *program, struct pw_arena *arena)
{
    const size_t inherited = count_strings((const char *const *)environ);
    const size_t given = count_strings(program->variables);
    const char **variables = pw_arena_array(arena, inherited + given + 4, sizeof(*variables));
    size_t count = 0;

    if (variables == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < inherited; i++) {
        if (!pw_git_is_repository_variable(environ[i]) &&
            !is_named(environ[i], replaced_variables, PW_COUNT(replaced_variables)) &&
            !is_named(environ[i], program->variables, given)) {
            variables[count++] = environ[i];
        }
    }
    variables[count++] = "LC_ALL=C";
    variables[count++] = "GIT_TERMINAL_PROMPT=0";
    for (size_t i = 0; i < given; i++) {
        variables[count++] = program->variables[i];
    }
    if (program->index_file != NULL) {
        variables[count] = pw_arena_printf(arena, "GIT_INDEX_FILE=%s", program->index_file);
        if (variables[count] == NULL) {
            return NULL;
        }
    }
    return variables;
}

static void add_settings(const char **words, size_t *count, const char *const *settings,
                         size_t setting_count)
{
    for (size_t i = 0; i < setting_count; i++) {
        words[(*count)++] = "-c";
        words[(*count)++] = settings[i];
    }
}

/* @return NULL when out of memory */
static const char **make_words(const struct pw_git_program *program, struct pw_arena *arena)
{
    const size_t settings = count_strings(program->settings);
    const size_t arguments = count_strings(program->arguments);
    const size_t most = 4 + 2 * (PW_COUNT(fixed_settings) + settings) + arguments;
    const char **words = pw_arena_array(arena, most, sizeof(*words));
    size_t count = 0;

    if (words == NULL) {
        return NULL;
    }
    words[count++] = "git";
    words[count++] = "-C";
    words[count++] = program->directory;
    add_settings(words, &count, fixed_settings, PW_COUNT(fixed_settings));
    add_settings(words, &count, program->settings, settings);
    for (size_t i = 0; i < arguments; i++) {
        words[count++] = program->arguments[i];
    }
    return words;
}

/** What the child needs, made before the fork. */
struct start {
    const char **words;
    const char **environment;
    int output[2];
    int errors[2];
    int failure[2]; /**< carries the errno of a failed exec; closed by a successful one */
    bool has_own_session;
    pid_t parent;
};

static void reset_signals(void)
{
    static const int ignored[] = {SIGPIPE, SIGXFSZ, SIGINT, SIGTERM, SIGQUIT};
    sigset_t none;

    for (size_t i = 0; i < PW_COUNT(ignored); i++) {
        (void)signal(ignored[i], SIG_DFL);
    }
    (void)sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
}

/* In the child: only async-signal-safe calls, and execvp(), which glibc makes safe enough. */
_Noreturn static void become_git(const struct start *start)
{
    const int nowhere = open("/dev/null", O_RDONLY);

    reset_signals();
    /* git cleans up what it began when it is told to end */
    (void)prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != start->parent) {
        _exit(1);
    }
    if (start->has_own_session) {
        (void)setsid();
    }
    if (nowhere >= 0 && dup2(nowhere, 0) >= 0 && dup2(start->output[1], 1) >= 0 &&
        dup2(start->errors[1], 2) >= 0) {
        environ = (char **)start->environment;
        (void)execvp("git", (char *const *)start->words);
    }
    const int failure = errno;
    const ssize_t written = write(start->failure[1], &failure, sizeof(failure));
    _exit(written == (ssize_t)sizeof(failure) ? 127 : 126);
}

static void close_both(int pipe_ends[2])
{
    for (int i = 0; i < 2; i++) {
        if (pipe_ends[i] >= 0) {
            (void)close(pipe_ends[i]);
            pipe_ends[i] = -1;
        }
    }
}

/* Its ends are never 0 to 2: a caller that closed those would have them overwritten by dup2(). */
static int open_pipe(int pipe_ends[2], struct pw_error *err)
{
    int raw[2];

    if (pipe(raw) != 0) {
        return pw_error_set_errno(err, errno, "cannot make a pipe");
    }
    pipe_ends[0] = fcntl(raw[0], F_DUPFD_CLOEXEC, 3);
    pipe_ends[1] = fcntl(raw[1], F_DUPFD_CLOEXEC, 3);
    const int errnum = errno;
    (void)close(raw[0]);
    (void)close(raw[1]);
    if (pipe_ends[0] < 0 || pipe_ends[1] < 0) {
        return pw_error_set_errno(err, errnum, "cannot make a pipe");
    }
    return PW_OK;
}

static int fail_exec(int errnum, struct pw_error *err)
{
    if (errnum == ENOMEM) {
        return pw_error_set_no_memory(err);
    }
    return pw_error_set(err, PW_EGIT, "cannot run 'git': %s; install git, or correct PATH",
                        strerror(errnum));
}

/* Waits until the child is git, or could not become it. */
static int confirm(struct start *start, pid_t pid, struct pw_error *err)
{
    int failure = 0;
    ssize_t got;

    (void)close(start->failure[1]);
    start->failure[1] = -1;
    do {
        got = read(start->failure[0], &failure, sizeof(failure));
    } while (got < 0 && errno == EINTR);
    if (got == 0) {
        return PW_OK;
    }
    (void)kill(pid, SIGKILL);
    (void)pw_git_program_reap(pid);
    return fail_exec(got == (ssize_t)sizeof(failure) ? failure : EIO, err);
}

static int fork_git(struct start *start, struct pw_git_process *out, struct pw_error *err)
{
    start->parent = getpid();
    const pid_t pid = fork();
    if (pid == 0) {
        become_git(start);
    }
    if (pid < 0) {
        return pw_error_set_errno(err, errno, "cannot start 'git'");
    }
    const int status = confirm(start, pid, err);
    if (status == PW_OK) {
        *out = (struct pw_git_process){pid, start->output[0], start->errors[0]};
        start->output[0] = -1;
        start->errors[0] = -1;
    }
    return status;
}

int pw_git_program_start(const struct pw_git_program *program, struct pw_git_process *out,
                         struct pw_error *err)
{
    struct pw_arena arena = {NULL};
    struct start start = {
        .output = {-1, -1},
        .errors = {-1, -1},
        .failure = {-1, -1},
        .has_own_session = program->interrupted != NULL || program->timeout_ns > 0,
    };
    int status;

    start.words = make_words(program, &arena);
    start.environment = make_environment(program, &arena);
    if (start.words == NULL || start.environment == NULL) {
        status = pw_error_set_no_memory(err);
        goto out;
    }
    status = open_pipe(start.output, err);
    if (status == PW_OK) {
        status = open_pipe(start.errors, err);
    }
    if (status == PW_OK) {
        status = open_pipe(start.failure, err);
    }
    if (status == PW_OK) {
        status = fork_git(&start, out, err);
    }
out:
    close_both(start.output);
    close_both(start.errors);
    close_both(start.failure);
    pw_arena_release(&arena);
    return status;
}

/*
 * The launcher: a small process that starts one command after the other for perfwarden and is the
 * subreaper of all that they start. Being small matters: exec folds a parent's peak memory into the
 * child's.
 *
 * It lives in a session of its own with every signal blocked, so that a Ctrl-C meant for perfwarden
 * does not reach it; it goes when perfwarden does, by the end of the socket or by PDEATHSIG, and
 * leaves no process behind.
 */
#include "linux_features.h"

#include "launcher.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "order.h"
#include "outbox.h"
#include "perfwarden/util/clock.h"
#include "protocol.h"
#include "supervise.h"
#include "tree.h"

struct launcher {
    struct pw_run_ears ears;
    int null_fd;
    int pipes[PW_COPIES_MAX][2]; /**< write ends for each copy's output; −1 until they came */
    struct pw_run_outbox outbox;
    struct pw_run_child_report *reports; /**< one a copy, shared with its child until its exec */
    struct pw_run_group_places places;
};

/** Put what a parent left ignored back to its default, for exec would hand it on. */
static void heed_ignored_signals(void)
{
    struct sigaction action;

    for (int number = 1; number <= SIGRTMAX; number++) {
        if (sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN) {
            action.sa_handler = SIG_DFL;
            (void)sigaction(number, &action, NULL);
        }
    }
}

/** Everything blocked; SIGCHLD at its default, for a parent may have left it ignored, and nothing
 * could be waited for. */
static int listen_to_signals(void)
{
    struct sigaction action;
    sigset_t all;
    sigset_t heard;

    memset(&action, 0, sizeof(action));
    action.sa_handler = SIG_DFL;
    action.sa_flags = SA_NOCLDSTOP;
    (void)sigfillset(&all);
    (void)sigemptyset(&heard);
    (void)sigaddset(&heard, SIGCHLD);
    (void)sigaddset(&heard, SIGTERM);
    heed_ignored_signals();
    if (sigaction(SIGCHLD, &action, NULL) != 0 || sigprocmask(SIG_SETMASK, &all, NULL) != 0) {
        return -1;
    }
    return signalfd(-1, &heard, SFD_CLOEXEC | SFD_NONBLOCK);
}

/** Keep the socket alone of what perfwarden had open, above 2 whatever its number was. @return it
 */
static int isolate_descriptors(int socket, int *null_fd)
{
    int moved = fcntl(socket, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    int null_now = open("/dev/null", O_RDWR | O_CLOEXEC);

    if (moved < 0 || null_now < 0) {
        return -1;
    }
    /* A reader of perfwarden's output must not wait for the launcher; standard error stays, for a
     * crash to show. */
    if (dup2(null_now, STDIN_FILENO) < 0 || dup2(null_now, STDOUT_FILENO) < 0) {
        return -1;
    }
    if (fcntl(STDERR_FILENO, F_GETFD) < 0 && dup2(null_now, STDERR_FILENO) < 0) {
        return -1;
    }
    if (moved > STDERR_FILENO + 1) {
        (void)close_range(STDERR_FILENO + 1, (unsigned)moved - 1, 0);
    }
    (void)close_range((unsigned)moved + 1, ~0U, 0);
    *null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
    return *null_fd < 0 ? -1 : moved;
}

/** What every child is to have, and the launcher may have as well. */
static bool set_defaults(void)
{
    const struct rlimit none = {0, 0};

    (void)umask(022);
    return setrlimit(RLIMIT_CORE, &none) == 0;
}

static bool set_up(struct launcher *launcher, int socket, pid_t parent)
{
    void *shared;

    (void)setsid();
    (void)prctl(PR_SET_NAME, "pw-launcher");
    launcher->ears.socket = isolate_descriptors(socket, &launcher->null_fd);
    launcher->ears.signal_fd = listen_to_signals();
    if (launcher->ears.socket < 0 || launcher->ears.signal_fd < 0 || !set_defaults()) {
        return false;
    }
    if (prctl(PR_SET_CHILD_SUBREAPER, 1) != 0 || prctl(PR_SET_PDEATHSIG, SIGTERM) != 0) {
        return false;
    }
    if (getppid() != parent) {
        return false;
    }
    shared = mmap(NULL, PW_COPIES_MAX * sizeof(*launcher->reports), PROT_READ | PROT_WRITE,
                  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) {
        return false;
    }
    launcher->reports = shared;
    return true;
}

/** Reply for each copy in turn. */
static bool reply_all(struct launcher *launcher, const struct pw_run_copy *copies, uint32_t count,
                      bool is_last)
{
    for (uint32_t i = 0; i < count; i++) {
        if (!pw_run_outbox_put(&launcher->outbox, launcher->ears.socket, &copies[i].reply,
                               is_last && i + 1 == count)) {
            return false;
        }
    }
    return true;
}

/** Larger payloads show in the peak memory of what runs next. */
enum { PAYLOAD_SMALL = 64 << 10 };

/** Let our peak memory start anew: exec hands it on to a child that was made by vfork. */
static void forget_peak(void)
{
    int fd = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);

    if (fd >= 0) {
        ssize_t written = write(fd, "5", 1);

        (void)written; /* then peaks are a little too high for a while */
        (void)close(fd);
    }
}

/** Room for the variable that counts the runs. */
struct iteration {
    char text[sizeof("PERFWARDEN_ITERATION=") + 10];
};

/** Name the run's own file: what runs of a series write there could not be told apart otherwise. */
static void set_metrics(const struct pw_run_order *order, unsigned iteration)
{
    const uint32_t at = order->request.metrics_index;
    const size_t length = at < order->request.envc ? strlen(order->variables[at]) : 0;

    if (length > sizeof("PERFWARDEN_METRICS=") + PW_RUN_METRICS_DIGITS) {
        (void)snprintf(order->variables[at] + length - PW_RUN_METRICS_DIGITS,
                       PW_RUN_METRICS_DIGITS + 1, "%0*u", PW_RUN_METRICS_DIGITS, iteration);
    }
}

static void set_iteration(struct iteration *iteration, const struct pw_run_order *order,
                          uint32_t run)
{
    const struct pw_run_request *request = &order->request;

    if (request->iteration_index < request->envc) {
        (void)snprintf(iteration->text, sizeof(iteration->text), "PERFWARDEN_ITERATION=%u",
                       (unsigned)(request->iteration + run));
        order->variables[request->iteration_index] = iteration->text;
    }
    set_metrics(order, request->iteration + run);
}

static bool has_succeeded(const struct pw_run_reply *reply)
{
    return reply->end == PW_PROCESS_EXITED && reply->exit_status == 0 && reply->still_alive == 0;
}

/** Run the command as often as is asked for, and reply. @return false when the launcher is to end
 */
static bool run_series(struct launcher *launcher, const struct pw_run_order *order,
                       struct pw_run_copy *copies)
{
    const struct pw_run_request *request = &order->request;
    uint64_t started_ns = pw_clock_monotonic_ns();
    struct iteration iteration;
    bool is_last = false;

    for (uint32_t run = 0; !is_last; run++) {
        set_iteration(&iteration, order, run);
        if (!pw_run_supervise(&launcher->ears, request, &order->command, &launcher->places,
                              copies)) {
            return false;
        }
        is_last = run + 1 >= request->runs || !has_succeeded(&copies[0].reply) ||
                  pw_clock_monotonic_ns() - started_ns >= request->series_ns;
        if (!reply_all(launcher, copies, request->copies, is_last)) {
            return false;
        }
    }
    return true;
}

static void close_pipes(const int fds[2])
{
    for (int i = 0; i < 2; i++) {
        if (fds[i] >= 0) {
            (void)close(fds[i]);
        }
    }
}

/** Take new pipes for a copy. */
static bool serve_pipes(struct launcher *launcher, const struct pw_run_request *request,
                        const int fds[2])
{
    int *pipes;

    if (request->copies >= PW_COPIES_MAX || fds[0] < 0 || fds[1] < 0) {
        close_pipes(fds);
        return false;
    }
    pipes = launcher->pipes[request->copies];
    close_pipes(pipes);
    pipes[0] = fds[0];
    pipes[1] = fds[1];
    return true;
}

/** Give a copy its pipes, as new: a program may have made writing to them not block. */
static bool prepare_copy(struct launcher *launcher, uint32_t number, struct pw_run_copy *copy)
{
    const int *pipes = launcher->pipes[number];

    copy->stdout_fd = pipes[0];
    copy->stderr_fd = pipes[1];
    copy->report = &launcher->reports[number];
    return fcntl(pipes[0], F_SETFL, 0) == 0 && fcntl(pipes[1], F_SETFL, 0) == 0;
}

/** Let go of an order that was carried out, or of what came of it. */
static void drop_order(struct pw_run_order *order)
{
    pw_run_order_release(order);
    if (order->request.payload_bytes > PAYLOAD_SMALL) {
        forget_peak();
    }
}

/** Serve a request to execute one command. @return false when the launcher is to end */
static bool serve_execution(struct launcher *launcher, const struct pw_run_request *request)
{
    struct pw_run_copy *copies = NULL;
    struct pw_run_order order;
    bool goes_on;

    if (request->copies >= 1 && request->copies <= PW_COPIES_MAX) {
        copies = calloc(request->copies, sizeof(*copies));
    }
    goes_on = copies != NULL;
    for (uint32_t i = 0; goes_on && i < request->copies; i++) {
        goes_on = prepare_copy(launcher, i, &copies[i]);
    }
    if (goes_on) {
        goes_on = pw_run_order_receive(&order, launcher->ears.socket, request, launcher->null_fd) &&
                  run_series(launcher, &order, copies);
        drop_order(&order);
    }
    free(copies);
    return goes_on;
}

/** Run one command after the other, the second only when the first succeeds, and reply to both at
 * once. @return false when the launcher is to end */
static bool run_pair(struct launcher *launcher, const struct pw_run_order orders[2],
                     struct pw_run_copy copies[2])
{
    bool is_last = false;

    for (uint32_t i = 0; !is_last; i++) {
        if (!pw_run_supervise(&launcher->ears, &orders[i].request, &orders[i].command,
                              &launcher->places, &copies[i])) {
            return false;
        }
        is_last = i == 1 || !has_succeeded(&copies[i].reply);
        if (!reply_all(launcher, &copies[i], 1, is_last)) {
            return false;
        }
    }
    return true;
}

/** Receive the second of a pair. @return false when something else came, or nothing */
static bool receive_second(const struct launcher *launcher, struct pw_run_order *out)
{
    struct pw_run_request request;
    int fds[2];

    if (!pw_run_receive_request(launcher->ears.socket, &request, fds)) {
        return false;
    }
    close_pipes(fds);
    return request.kind == PW_RUN_EXECUTE && request.copies == 1 &&
           pw_run_order_receive(out, launcher->ears.socket, &request, launcher->null_fd);
}

/** Serve a request to execute two commands. @return false when the launcher is to end */
static bool serve_pair(struct launcher *launcher, const struct pw_run_request *request)
{
    struct pw_run_order orders[2];
    struct pw_run_copy copies[2];
    bool goes_on;

    memset(copies, 0, sizeof(copies));
    memset(orders, 0, sizeof(orders));
    goes_on = request->copies == 1 &&
              pw_run_order_receive(&orders[0], launcher->ears.socket, request, launcher->null_fd) &&
              receive_second(launcher, &orders[1]);
    for (uint32_t i = 0; goes_on && i < 2; i++) {
        goes_on = prepare_copy(launcher, i, &copies[i]);
    }
    goes_on = goes_on && run_pair(launcher, orders, copies);
    drop_order(&orders[0]);
    drop_order(&orders[1]);
    return goes_on;
}

static bool serve_one(struct launcher *launcher)
{
    struct pw_run_request request;
    int fds[2] = {-1, -1};

    if (!pw_run_receive_request(launcher->ears.socket, &request, fds)) {
        return false;
    }
    if (request.kind == PW_RUN_PIPES) {
        return serve_pipes(launcher, &request, fds);
    }
    close_pipes(fds); /* nothing else brings any */
    if (request.kind == PW_RUN_EXECUTE) {
        return (request.flags & PW_RUN_FIRST_OF_PAIR) != 0 ? serve_pair(launcher, &request)
                                                           : serve_execution(launcher, &request);
    }
    /* A stop that crossed the reply of the command that it was to stop. */
    return request.kind == PW_RUN_STOP;
}

_Noreturn void pw_run_launcher_main(int socket, pid_t parent)
{
    struct launcher launcher;
    bool goes_on;

    memset(&launcher, 0, sizeof(launcher));
    memset(launcher.pipes, 0xff, sizeof(launcher.pipes));
    goes_on = set_up(&launcher, socket, parent);
    while (goes_on) {
        struct pollfd fds[2] = {{launcher.ears.signal_fd, POLLIN, 0},
                                {launcher.ears.socket, POLLIN, 0}};

        if (poll(fds, 2, -1) < 0) {
            break;
        }
        if (fds[0].revents != 0 && pw_run_ears_hear_end(&launcher.ears)) {
            break;
        }
        if (fds[1].revents != 0) {
            goes_on = serve_one(&launcher);
        }
    }
    _exit(0);
}

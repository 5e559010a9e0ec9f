/* Ending badly, not ending, and leaving other processes behind. */
#define _GNU_SOURCE 1 /* NOLINT(bugprone-reserved-identifier): the name glibc reads */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "habits.h"

/** Live on, whatever wakes us, up to the lifetime. */
void linger(void)
{
    struct timespec end;

    (void)clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_sec += LIFETIME_S;
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &end, NULL) != 0) {
    }
    _exit(0);
}

int habit_exit_with(long number)
{
    return (int)number;
}

int habit_hang(long number)
{
    (void)number;
    linger();
    return 0;
}

int habit_ignore_sigterm(long number)
{
    (void)signal(SIGTERM, SIG_IGN);
    return habit_hang(number);
}

int habit_exit_on_sigterm(long number)
{
    sigset_t set;
    int received = 0;

    (void)number;
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGTERM);
    (void)sigprocmask(SIG_BLOCK, &set, NULL);
    (void)sigwait(&set, &received);
    return 0;
}

int habit_spin_forever(long number)
{
    volatile unsigned long turns = 0;

    (void)number;
    (void)alarm(LIFETIME_S);
    for (;;) {
        turns++;
    }
    return 0;
}

int habit_stop_itself(long number)
{
    (void)number;
    (void)raise(SIGSTOP);
    return 0;
}

static void say_goodbye(int number)
{
    (void)number;
    _exit(write(STDOUT_FILENO, "goodbye\n", 8) != 8);
}

/** Clean up on SIGTERM, which a stopped process hears only once it goes on. */
int habit_stop_with_handler(long number)
{
    (void)number;
    (void)signal(SIGTERM, say_goodbye);
    (void)raise(SIGSTOP);
    linger();
    return 0;
}

int habit_crash(long number)
{
    (void)signal((int)number, SIG_DFL);
    (void)kill(getpid(), (int)number);
    return 0;
}

int habit_call_abort(long number)
{
    (void)number;
    abort();
}

int habit_leave_child(long number)
{
    (void)number;
    if (fork() == 0) {
        linger();
    }
    return 0;
}

int habit_leave_session(long number)
{
    (void)number;
    if (fork() == 0) {
        (void)setsid();
        linger();
    }
    return 0;
}

int habit_double_fork(long number)
{
    pid_t middle = fork();

    (void)number;
    if (middle == 0) {
        (void)setsid();
        if (fork() == 0) {
            linger();
        }
        _exit(0);
    }
    (void)waitpid(middle, NULL, 0);
    return 0;
}

int habit_double_fork_then_hang(long number)
{
    (void)habit_double_fork(number);
    return habit_ignore_sigterm(number);
}

/** A daemon that holds the pipes open after the leader has gone. */
int habit_hold_pipe(long number)
{
    pid_t middle = fork();

    (void)number;
    if (middle == 0) {
        (void)setsid();
        if (fork() == 0) {
            (void)signal(SIGTERM, SIG_IGN);
            (void)signal(SIGHUP, SIG_IGN);
            linger();
        }
        _exit(0);
    }
    (void)waitpid(middle, NULL, 0);
    return puts("leader done") < 0;
}

/** A daemon that goes on writing to the pipe. */
int habit_chatter_from_daemon(long number)
{
    (void)number;
    if (fork() == 0) {
        (void)setsid();
        for (;;) {
            write_bytes(STDOUT_FILENO, 4096, 'x');
        }
    }
    return 0;
}

/** A tree of processes that split up for a while, in all directions. */
int habit_fork_bomb(long number)
{
    for (long depth = 0; depth < number; depth++) {
        if (fork() == 0 && depth % 2 == 0) {
            (void)setsid();
            (void)signal(SIGTERM, SIG_IGN);
        }
    }
    linger();
    return 0;
}

/** Children that have ended for certain and were never reaped. */
int habit_make_zombies(long number)
{
    for (long i = 0; i < number; i++) {
        siginfo_t info;
        pid_t child = fork();

        if (child == 0) {
            _exit(0);
        }
        (void)waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT);
    }
    return 0;
}

/** Orphans that end while the leader runs: somebody must reap them. Their end closes the pipe. */
int habit_make_orphans(long number)
{
    char byte;
    int ends[2];

    if (pipe(ends) != 0) {
        return 1;
    }
    for (long i = 0; i < number; i++) {
        pid_t middle = fork();

        if (middle == 0) {
            (void)fork();
            _exit(0);
        }
        (void)waitpid(middle, NULL, 0);
    }
    (void)close(ends[1]);
    return read(ends[0], &byte, 1) != 0;
}

/** A subreaper of its own, with a daemon below. */
int habit_own_subreaper(long number)
{
    (void)prctl(PR_SET_CHILD_SUBREAPER, 1);
    (void)habit_double_fork(number);
    return 0;
}

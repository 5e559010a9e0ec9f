/*
 * Signals: SIGINT and SIGTERM leave their number for the commands to find, so that what was
 * measured is still reported. A closed pipe and a file that may grow no more are ordinary write
 * errors, never a silent death that leaves a temporary file behind.
 */
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

#include "signals.h"

/* From this signal on there is no waiting for a command that does not look. */
#define PATIENCE 3

/* A handler has no other way to be heard: the only mutable state of the program that is global. */
static volatile int first_signal;
static volatile sig_atomic_t signal_count;

static void note_signal(int number)
{
    if (first_signal == 0) {
        first_signal = number;
    }
    signal_count = signal_count + 1;
    if (signal_count >= PATIENCE) {
        _exit(128 + number);
    }
}

static void catch_signal(int number)
{
    struct sigaction old;
    struct sigaction action = {.sa_handler = note_signal};

    (void)sigemptyset(&action.sa_mask);
    /* No SA_RESTART: a wait that is interrupted looks at the flag and stops. */
    if (sigaction(number, NULL, &old) == 0 && old.sa_handler != SIG_IGN) {
        (void)sigaction(number, &action, NULL);
    }
}

const volatile int *pw_signals_install(void)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN};

    (void)sigemptyset(&ignore.sa_mask);
    (void)sigaction(SIGPIPE, &ignore, NULL);
    (void)sigaction(SIGXFSZ, &ignore, NULL);
    catch_signal(SIGINT);
    catch_signal(SIGTERM);
    return &first_signal;
}

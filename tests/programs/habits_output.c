/* Output of every unwelcome kind, and a description of what a process was given to start with. */
#define _GNU_SOURCE 1 /* NOLINT(bugprone-reserved-identifier): the name glibc reads */

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "habits.h"

void write_bytes(int fd, size_t count, char byte)
{
    char block[4096];

    memset(block, byte, sizeof(block));
    while (count > 0) {
        size_t part = count < sizeof(block) ? count : sizeof(block);
        ssize_t written = write(fd, block, part);

        if (written <= 0) {
            return;
        }
        count -= (size_t)written;
    }
}

int habit_succeed(long number)
{
    (void)number;
    return puts("ok") < 0;
}

int habit_close_outputs(long number)
{
    (void)number;
    (void)close(STDOUT_FILENO);
    (void)close(STDERR_FILENO);
    (void)usleep(50000);
    return 0;
}

int habit_print_bytes(long number)
{
    write_bytes(STDOUT_FILENO, (size_t)number, 'a');
    return 0;
}

int habit_print_both(long number)
{
    for (long done = 0; done < number; done += 4096) {
        write_bytes(STDOUT_FILENO, 4096, 'o');
        write_bytes(STDERR_FILENO, 4096, 'e');
    }
    return 0;
}

int habit_print_forever(long number)
{
    (void)number;
    (void)alarm(LIFETIME_S);
    for (;;) {
        write_bytes(STDOUT_FILENO, MIB, 'a');
    }
    return 0;
}

int habit_print_binary(long number)
{
    static const unsigned char bytes[] = {0x00, 0xff, 0xfe, 0x1b, '[',  '3',  '1', 'm',
                                          0xc0, 0x80, '\r', 0x07, 0xed, 0xa0, 0x80};

    (void)number;
    return write(STDOUT_FILENO, bytes, sizeof(bytes)) != (ssize_t)sizeof(bytes);
}

int habit_print_nan(long number)
{
    (void)number;
    return puts("{\"metric\":\"rows_per_s\",\"value\":NaN}") < 0;
}

int habit_print_commands(long number)
{
    (void)number;
    return puts("::error::x\nfoo ##[add-mask]x\n##vso[task.complete]") < 0;
}

int habit_complain(long number)
{
    (void)fprintf(stderr, "first line\nthe last line says why\n\n");
    return (int)number;
}

static bool has_default_signals(void)
{
    for (int number = 1; number < NSIG; number++) {
        struct sigaction action;

        if (sigaction(number, NULL, &action) == 0 && action.sa_handler != SIG_DFL) {
            return false;
        }
    }
    return true;
}

/** Print what a process inherits, one fact a line. */
int habit_describe(long number)
{
    sigset_t mask;
    mode_t old_umask = umask(0);
    int blocked = 0;
    int descriptors = 0;
    char link[64] = "";

    (void)number;
    (void)sigprocmask(SIG_BLOCK, NULL, &mask);
    for (int i = 1; i < NSIG; i++) {
        blocked += sigismember(&mask, i) == 1;
    }
    for (int fd = 0; fd < 1024; fd++) {
        descriptors += fcntl(fd, F_GETFD) >= 0;
    }
    if (readlink("/proc/self/fd/0", link, sizeof(link) - 1) < 0) {
        return 1;
    }
    (void)printf("stdin=%s\nblocked=%d\ndefault_signals=%d\ndescriptors=%d\numask=%03o\n", link,
                 blocked, has_default_signals(), descriptors, (unsigned)old_umask);
    (void)printf("session_leader=%d\n", getsid(0) == getpid());
    return 0;
}

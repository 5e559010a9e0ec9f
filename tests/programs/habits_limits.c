/* Running away, and known demands on what a launcher limits: memory, processors, input, network. */
#define _GNU_SOURCE 1 /* NOLINT(bugprone-reserved-identifier): the name glibc reads */

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "habits.h"

/** A process that is never the same: each forks the next and goes, then the last one stays. */
int habit_run_away(long number)
{
    for (long i = 0; i < number; i++) {
        if (fork() != 0) {
            _exit(0);
        }
        (void)setsid();
    }
    linger();
    return 0;
}

/** Deaf to all that can be blocked. */
int habit_block_everything(long number)
{
    sigset_t all;

    (void)number;
    (void)sigfillset(&all);
    (void)sigprocmask(SIG_BLOCK, &all, NULL);
    linger();
    return 0;
}

/** A child that is stopped, and so deaf, when the leader goes. */
int habit_leave_stopped(long number)
{
    pid_t child = fork();

    (void)number;
    if (child == 0) {
        (void)setsid();
        (void)raise(SIGSTOP);
        linger();
    }
    (void)waitpid(child, NULL, WUNTRACED);
    return 0;
}

/** Fork another for every one that is ended. */
int habit_restart_children(long number)
{
    (void)number;
    (void)signal(SIGTERM, SIG_IGN);
    for (;;) {
        if (fork() == 0) {
            linger();
        }
        (void)wait(NULL);
    }
    return 0;
}

/** What a child does wrong, the leader hides. */
int habit_allocate_in_one_child(long number)
{
    pid_t child = fork();

    if (child == 0) {
        _exit(habit_allocate_mib(number));
    }
    (void)waitpid(child, NULL, 0);
    return 0;
}

/** A piece after the other, each of them used, until no more is given. */
int habit_allocate_bit_by_bit(long number)
{
    const size_t piece_bytes = MIB / 4;
    char *memory = NULL;

    for (long i = 1; i <= number * 4; i++) {
        char *more = realloc(memory, (size_t)i * piece_bytes);

        if (more == NULL) {
            free(memory);
            (void)fputs("out of memory\n", stderr);
            return 12;
        }
        memory = more;
        memset(memory + (size_t)(i - 1) * piece_bytes, 1, piece_bytes);
    }
    free(memory);
    return 0;
}

/** Take the address limit away again, as far as one may. */
int habit_raise_limits(long number)
{
    struct rlimit limit;

    (void)getrlimit(RLIMIT_AS, &limit);
    limit.rlim_cur = limit.rlim_max;
    (void)setrlimit(RLIMIT_AS, &limit);
    return habit_allocate_mib(number);
}

/** Print how many bytes standard input has, and its first line. */
int habit_count_input(long number)
{
    char line[64] = "";
    char block[4096];
    size_t count = 0;
    ssize_t got;

    (void)number;
    while ((got = read(STDIN_FILENO, block, sizeof(block))) > 0) {
        if (count == 0) {
            size_t kept = (size_t)got < sizeof(line) - 1 ? (size_t)got : sizeof(line) - 1;

            memcpy(line, block, kept);
            line[strcspn(line, "\n")] = '\0';
        }
        count += (size_t)got;
    }
    return printf("%zu %s\n", count, line) < 0;
}

/** Print the processors that may be used. */
int habit_print_cpus(long number)
{
    cpu_set_t set;

    (void)number;
    if (sched_getaffinity(0, sizeof(set), &set) != 0) {
        return 1;
    }
    for (size_t i = 0; i < CPU_SETSIZE; i++) {
        if (CPU_ISSET(i, &set)) {
            (void)printf("%zu\n", i);
        }
    }
    return 0;
}

static int listen_on_loopback(struct sockaddr_in *address)
{
    socklen_t length = sizeof(*address);
    int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    memset(address, 0, sizeof(*address));
    address->sin_family = AF_INET;
    address->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (server < 0 || bind(server, (struct sockaddr *)address, sizeof(*address)) != 0 ||
        listen(server, 1) != 0 || getsockname(server, (struct sockaddr *)address, &length) != 0) {
        return -1;
    }
    return server;
}

/** Send bytes to oneself. */
int habit_send_loopback(long number)
{
    struct sockaddr_in address;
    int server = listen_on_loopback(&address);
    char block[4096];
    int client;

    if (server < 0) {
        return 1;
    }
    if (fork() == 0) {
        client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (connect(client, (struct sockaddr *)&address, sizeof(address)) == 0) {
            write_bytes(client, (size_t)number, 'n');
        }
        _exit(0);
    }
    client = accept(server, NULL, NULL);
    while (client >= 0 && read(client, block, sizeof(block)) > 0) {
    }
    return wait(NULL) < 0;
}

/** Try a documentation address, which nobody answers: 0 when there is no way out at all. */
int habit_call_outside(long number)
{
    struct sockaddr_in address;
    int client = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    (void)number;
    memset(&address, 0, sizeof(address));
    address.sin_family = AF_INET;
    address.sin_port = htons(9);
    address.sin_addr.s_addr = htonl(0xc0000201); /* 192.0.2.1 */
    return connect(client, (struct sockaddr *)&address, sizeof(address)) == 0;
}

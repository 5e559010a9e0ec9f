/* What the shells and GNU time print, in all of its shapes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "adapter_check.h"
#include "perfwarden/util/compiler.h"

#define LOWER PW_BETTER_LOWER

#define CHECK(text, expected) check_values("time", text, strlen(text), expected, PW_COUNT(expected))

static const struct expected three[] = {
    {"", "time", "ns", LOWER, 61.25e9},
    {"", "user_time", "ns", LOWER, 1.5e9},
    {"", "system_time", "ns", LOWER, 0.25e9},
};

static void posix_bash_and_bsd(void **state)
{
    (void)state;
    static const char bash[] = "a line\n\nreal\t1m1.250s\nuser\t0m1.500s\nsys\t0m0.250s\n";
    CHECK(bash, three);
    CHECK("real\t1m1,250s\nuser\t0m1,500s\nsys\t0m0,250s", three);
    CHECK("real 61.25\nuser 1.50\nsys 0.25\n", three);
    CHECK("       61.25 real         1.50 user         0.25 sys\n", three);
    check_every_prefix_is_refused("time", bash, strlen(bash) - 1);
    check_every_prefix_is_refused("time", "real 61.25\nuser 1.50\nsys 0.25\n", 30);
}

static void repetitions_are_samples(void **state)
{
    (void)state;
    static const struct expected expected[] = {
        {"", "time", "ns", LOWER, 2e9},
        {"", "user_time", "ns", LOWER, 1.5e9},
        {"", "system_time", "ns", LOWER, 1e9},
    };
    CHECK("real 1\nuser 1\nsys 1\nreal 3\nuser 2\nsys 1\n", expected);
}

static void zsh_names_the_command(void **state)
{
    (void)state;
    static const struct expected expected[] = {
        {"sleep 1", "user_time", "ns", LOWER, 0.5e9},
        {"sleep 1", "system_time", "ns", LOWER, 0.25e9},
        {"sleep 1", "time", "ns", LOWER, 62.5e9},
    };
    CHECK("sleep 1  0.50s user 0.25s system 75% cpu 1:02.500 total\n", expected);
}

static void gnu_short(void **state)
{
    (void)state;
    static const char text[] =
        "Command exited with non-zero status 3\n"
        "1.50user 0.25system 1:01.25elapsed 2%CPU (0avgtext+0avgdata 2048maxresident)k\n"
        "8inputs+16outputs (1major+100minor)pagefaults 0swaps\n";
    static const struct expected expected[] = {
        {"", "user_time", "ns", LOWER, 1.5e9},
        {"", "system_time", "ns", LOWER, 0.25e9},
        {"", "time", "ns", LOWER, 61.25e9},
        {"", "max_rss", "bytes", LOWER, 2097152},
        {"", "io_inputs", "count", LOWER, 8},
        {"", "io_outputs", "count", LOWER, 16},
        {"", "page_faults_major", "count", LOWER, 1},
        {"", "page_faults_minor", "count", LOWER, 100},
    };
    static const char *const failures[] = {": Command exited with non-zero status 3"};
    static const struct expected clock[] = {{"", "time", "ns", LOWER, 3723.5e9}};
    CHECK(text, expected);
    check_failures("time", text, failures, 1);
    CHECK("1:02:03.5\n", clock);
    check_refused("time", NULL,
                  "1.50user 0.25system 1:01.25elapsed ?%CPU (0avgtext+0avgdata "
                  "2048maxresident)k\n",
                  "line 1: expected '…inputs+…outputs' to follow");
}

static const char verbose[] = "\tCommand being timed: \"sort \"a\"\"\n"
                              "\tUser time (seconds): 1.50\n"
                              "\tSystem time (seconds): 0.25\n"
                              "\tPercent of CPU this job got: 2%\n"
                              "\tElapsed (wall clock) time (h:mm:ss or m:ss): 1:01.25\n"
                              "\tAverage shared text size (kbytes): 0\n"
                              "\tMaximum resident set size (kbytes): 2048\n"
                              "\tMajor (requiring I/O) page faults: 1\n"
                              "\tMinor (reclaiming a frame) page faults: 100\n"
                              "\tVoluntary context switches: 3\n"
                              "\tInvoluntary context switches: 4\n"
                              "\tFile system inputs: 8\n"
                              "\tFile system outputs: 16\n"
                              "\tPage size (bytes): 4096\n"
                              "\tExit status: 0\n";

static void gnu_verbose(void **state)
{
    (void)state;
    static const struct expected expected[] = {
        {"sort \"a\"", "user_time", "ns", LOWER, 1.5e9},
        {"sort \"a\"", "system_time", "ns", LOWER, 0.25e9},
        {"sort \"a\"", "time", "ns", LOWER, 61.25e9},
        {"sort \"a\"", "max_rss", "bytes", LOWER, 2097152},
        {"sort \"a\"", "page_faults_major", "count", LOWER, 1},
        {"sort \"a\"", "page_faults_minor", "count", LOWER, 100},
        {"sort \"a\"", "context_switches_voluntary", "count", LOWER, 3},
        {"sort \"a\"", "context_switches_involuntary", "count", LOWER, 4},
        {"sort \"a\"", "io_inputs", "count", LOWER, 8},
        {"sort \"a\"", "io_outputs", "count", LOWER, 16},
    };
    CHECK(verbose, expected);
    check_every_prefix_is_refused("time", verbose, strlen(verbose));
    check_refused("time", NULL, "\tCommand being timed: \"a\"\n\tFile system inputs: many\n",
                  "line 2: expected a number behind 'File system inputs: '");
}

static void malformed_times_are_refused(void **state)
{
    (void)state;
    check_refused("time", NULL, "real\t0m1.2s\nuser\tsoon\n",
                  "line 2: expected '<number>' or '<minutes>m<seconds>s'");
    check_refused("time", NULL, "real\t0m1.2s\nuser\t0m1.2s\n", "line 2: expected 'sys' to follow");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(posix_bash_and_bsd),    cmocka_unit_test(repetitions_are_samples),
        cmocka_unit_test(zsh_names_the_command), cmocka_unit_test(gnu_short),
        cmocka_unit_test(gnu_verbose),           cmocka_unit_test(malformed_times_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

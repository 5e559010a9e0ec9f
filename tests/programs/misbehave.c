/*
 * One executable with every bad habit a benchmark can have: `misbehave HABIT [NUMBER]`. The tests
 * of the run module start it and look at what is left of it. Built without sanitizers, so that its
 * memory is its own.
 *
 * Every process it leaves behind ends by itself after a minute, should a test fail to end it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "habits.h"

struct habit {
    const char *name;
    int (*act)(long number);
};

static const struct habit HABITS[] = {
    {"exit", habit_exit_with},
    {"succeed", habit_succeed},
    {"hang", habit_hang},
    {"ignore-sigterm", habit_ignore_sigterm},
    {"exit-on-sigterm", habit_exit_on_sigterm},
    {"spin-forever", habit_spin_forever},
    {"stop-itself", habit_stop_itself},
    {"stop-with-handler", habit_stop_with_handler},
    {"leave-child", habit_leave_child},
    {"leave-session", habit_leave_session},
    {"double-fork", habit_double_fork},
    {"double-fork-then-hang", habit_double_fork_then_hang},
    {"hold-pipe", habit_hold_pipe},
    {"chatter-from-daemon", habit_chatter_from_daemon},
    {"close-outputs", habit_close_outputs},
    {"print-bytes", habit_print_bytes},
    {"print-both", habit_print_both},
    {"print-forever", habit_print_forever},
    {"print-binary", habit_print_binary},
    {"print-nan", habit_print_nan},
    {"print-commands", habit_print_commands},
    {"complain", habit_complain},
    {"crash", habit_crash},
    {"abort", habit_call_abort},
    {"fork-bomb", habit_fork_bomb},
    {"make-zombies", habit_make_zombies},
    {"make-orphans", habit_make_orphans},
    {"own-subreaper", habit_own_subreaper},
    {"allocate-mib", habit_allocate_mib},
    {"allocate-bit-by-bit", habit_allocate_bit_by_bit},
    {"allocate-in-children", habit_allocate_in_children},
    {"share-with-children", habit_share_with_children},
    {"spin-ms", habit_spin_ms},
    {"sleep-ms", habit_sleep_ms},
    {"read-zeros", habit_read_zeros},
    {"write-nothing", habit_write_nothing},
    {"fault-pages", habit_fault_pages},
    {"describe", habit_describe},
    {"run-away", habit_run_away},
    {"block-everything", habit_block_everything},
    {"leave-stopped", habit_leave_stopped},
    {"restart-children", habit_restart_children},
    {"allocate-in-one-child", habit_allocate_in_one_child},
    {"raise-limits", habit_raise_limits},
    {"count-input", habit_count_input},
    {"print-cpus", habit_print_cpus},
    {"send-loopback", habit_send_loopback},
    {"call-outside", habit_call_outside},
};

int main(int argc, char **argv)
{
    long number = argc > 2 ? strtol(argv[2], NULL, 10) : 0;

    for (size_t i = 0; argc > 1 && i < sizeof(HABITS) / sizeof(HABITS[0]); i++) {
        if (strcmp(HABITS[i].name, argv[1]) == 0) {
            return HABITS[i].act(number);
        }
    }
    (void)fprintf(stderr, "usage: misbehave HABIT [NUMBER]\n");
    return 64;
}

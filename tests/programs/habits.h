/* Every bad habit of the test program, one function each, and what they share. */
#ifndef PERFWARDEN_TESTS_HABITS_H
#define PERFWARDEN_TESTS_HABITS_H

#include <stddef.h>

enum { LIFETIME_S = 60, MIB = 1 << 20 };

/** Live on, whatever wakes us, up to the lifetime; then exit. */
void linger(void);
void write_bytes(int fd, size_t count, char byte);

/* Ending and not ending, and leaving others behind. */
int habit_exit_with(long number);
int habit_hang(long number);
int habit_ignore_sigterm(long number);
int habit_exit_on_sigterm(long number);
int habit_spin_forever(long number);
int habit_stop_itself(long number);
int habit_stop_with_handler(long number);
int habit_crash(long number);
int habit_call_abort(long number);
int habit_leave_child(long number);
int habit_leave_session(long number);
int habit_double_fork(long number);
int habit_double_fork_then_hang(long number);
int habit_hold_pipe(long number);
int habit_chatter_from_daemon(long number);
int habit_fork_bomb(long number);
int habit_make_zombies(long number);
int habit_make_orphans(long number);
int habit_own_subreaper(long number);

/* Output, and what a process inherits. */
int habit_succeed(long number);
int habit_close_outputs(long number);
int habit_print_bytes(long number);
int habit_print_both(long number);
int habit_print_forever(long number);
int habit_print_binary(long number);
int habit_print_nan(long number);
int habit_print_commands(long number);
int habit_complain(long number);
int habit_describe(long number);

/* Using up time, memory and bytes. */
int habit_allocate_mib(long number);
int habit_allocate_bit_by_bit(long number);
int habit_allocate_in_children(long number);
int habit_share_with_children(long number);
int habit_spin_ms(long number);
int habit_sleep_ms(long number);
int habit_read_zeros(long number);
int habit_write_nothing(long number);
int habit_fault_pages(long number);

/* Running away, and demands on what is limited. */
int habit_run_away(long number);
int habit_block_everything(long number);
int habit_leave_stopped(long number);
int habit_restart_children(long number);
int habit_allocate_in_one_child(long number);
int habit_raise_limits(long number);
int habit_count_input(long number);
int habit_print_cpus(long number);
int habit_send_loopback(long number);
int habit_call_outside(long number);

#endif

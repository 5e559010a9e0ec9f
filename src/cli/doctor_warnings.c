/* What makes measuring worse here, each with what to do about it. One table; nothing is decided. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "doctor.h"

#define LOAD_HIGH      0.5  /* per processor: half of them are taken */
#define STEAL_HIGH     0.02 /* of the processors' time */
#define MEMORY_LOW     0.1  /* of all memory */
#define SWAP_USED_HIGH (64.0 * 1024 * 1024)

/* Appends a warning, or nothing. */
typedef void teller(const struct pw_doctor_machine *machine, struct pw_strbuf *out);

static bool has_fact(const struct pw_doctor_machine *machine, const char *name, const char *value)
{
    const char *found = pw_doctor_environment(machine, name);
    return found != NULL && strcmp(found, value) == 0;
}

static void tell_governor(const struct pw_doctor_machine *machine, struct pw_strbuf *out)
{
    const char *governor = pw_doctor_environment(machine, "governor");
    if (governor != NULL && strcmp(governor, "performance") != 0) {
        pw_strbuf_printf(out,
                         "the frequency governor is '%s': times depend on how busy the processor "
                         "just was; set it to 'performance': cpupower frequency-set -g performance",
                         governor);
    }
}

static void tell_turbo(const struct pw_doctor_machine *machine, struct pw_strbuf *out)
{
    if (has_fact(machine, "turbo", "on")) {
        pw_strbuf_puts(out, "turbo is on: times depend on heat and on the other processors; switch "
                            "it off in the firmware, or by "
                            "/sys/devices/system/cpu/intel_pstate/no_turbo or cpufreq/boost");
    }
}

static void tell_smt(const struct pw_doctor_machine *machine, struct pw_strbuf *out)
{
    if (has_fact(machine, "smt", "on")) {
        pw_strbuf_puts(out, "hyper-threading is on: two processors share a core; pin benchmarks "
                            "with 'cpus', or switch it off: echo off > "
                            "/sys/devices/system/cpu/smt/control");
    }
}

static void tell_processors(const struct pw_doctor_machine *machine, struct pw_strbuf *out)
{
    if (has_fact(machine, "cores", "1")) {
        pw_strbuf_puts(out, "one processor for benchmarks and everything else: use a machine with "
                            "two or more");
    }
}

static void tell_quota(const struct pw_doctor_machine *machine, struct pw_strbuf *out)
{
    const char *quota = pw_doctor_environment(machine, "cpu_quota");
    if (quota != NULL) {
        pw_strbuf_printf(
            out,
            "the container is granted %s processors' time: a benchmark that uses it up "
            "stands still until the next period; raise or lift the quota",
            quota);
    }
}

static void tell_load(const struct pw_doctor_machine *machine, struct pw_strbuf *out)
{
    const struct pw_machine_state *state = &machine->state;
    if (state->load > LOAD_HIGH * state->processors) {
        pw_strbuf_printf(out,
                         "the load average is %.2f on %u processor%s: other programs are running; "
                         "stop them, or expect to need more pairs",
                         state->load, state->processors, state->processors == 1 ? "" : "s");
    }
}

static void tell_steal(const struct pw_doctor_machine *machine, struct pw_strbuf *out)
{
    if (machine->state.steal_ratio > STEAL_HIGH) {
        pw_strbuf_printf(out,
                         "the host gave %.0f %% of the processors' time to others just now; use a "
                         "dedicated runner, or expect to need more pairs",
                         100 * machine->state.steal_ratio);
    }
}

static void tell_swap(const struct pw_doctor_machine *machine, struct pw_strbuf *out)
{
    if (machine->state.swap_used_bytes > SWAP_USED_HIGH) {
        pw_strbuf_puts(out, "swap is in use: ");
        pw_format_value(out, machine->state.swap_used_bytes, "bytes");
        pw_strbuf_puts(out, "; free memory, then 'swapoff -a && swapon -a', or switch swap off");
    }
}

static void tell_memory(const struct pw_doctor_machine *machine, struct pw_strbuf *out)
{
    const struct pw_machine_state *state = &machine->state;
    if (state->memory_available_bytes < MEMORY_LOW * state->memory_bytes) {
        pw_strbuf_puts(out, "memory is short: only ");
        pw_format_value(out, state->memory_available_bytes, "bytes");
        pw_strbuf_puts(out, " are available; stop what takes it, or use a larger machine");
    }
}

static const struct pw_doctor_tool *find_tool(const struct pw_doctor_machine *machine,
                                              const char *name)
{
    for (size_t i = 0; i < PW_DOCTOR_TOOLS; i++) {
        if (strcmp(machine->tools[i].name, name) == 0) {
            return &machine->tools[i];
        }
    }
    return NULL;
}

static void tell_git(const struct pw_doctor_machine *machine, struct pw_strbuf *out)
{
    const struct pw_doctor_tool *git = find_tool(machine, "git");
    if (git != NULL && git->version == NULL) {
        pw_strbuf_puts(out, "git was not found: paired checks and sharing baselines need it; "
                            "install it, or put it in the PATH");
    }
}

static void tell_counters(const struct pw_doctor_machine *machine, struct pw_strbuf *out)
{
    const struct pw_doctor_tool *valgrind = find_tool(machine, "valgrind");
    if (!machine->has_counters && valgrind != NULL && valgrind->version == NULL) {
        pw_strbuf_puts(out, "instructions cannot be counted: the processor's counters cannot be "
                            "had, and valgrind was not found; install valgrind");
    }
}

static teller *const TELLERS[] = {tell_governor, tell_turbo, tell_smt,     tell_processors,
                                  tell_quota,    tell_load,  tell_steal,   tell_swap,
                                  tell_memory,   tell_git,   tell_counters};

int pw_doctor_warn(struct pw_doctor_machine *machine, struct pw_error *err)
{
    int status = PW_OK;
    for (size_t i = 0; status == PW_OK && i < PW_COUNT(TELLERS); i++) {
        struct pw_strbuf text = PW_STRBUF_INIT;
        TELLERS[i](machine, &text);
        status = pw_strbuf_check(&text, err);
        if (status == PW_OK && text.length > 0 && machine->warning_count < PW_DOCTOR_WARNINGS_MAX) {
            const char *copy = pw_arena_strdup(&machine->result.arena, pw_strbuf_text(&text));
            machine->warnings[machine->warning_count] = copy;
            machine->warning_count += copy != NULL;
            status = copy == NULL ? pw_error_set_no_memory(err) : PW_OK;
        }
        pw_strbuf_release(&text);
    }
    return status;
}

/*
 * What this machine is and allows. Of limits, counters and the network it is tried what a benchmark
 * would get: a harmless program, perfwarden's own version, is run with each.
 */
#include <math.h>
#include <string.h>

#include "doctor.h"
#include "perfwarden/git/repository.h"

/* Long enough for a share of steal time on a machine with one processor. */
#define WATCH_NS UINT64_C(600000000)

#define TOOL_TIMEOUT_NS  UINT64_C(5000000000)
#define PROBE_MEMORY     (UINT64_C(1) << 30)
#define TOOL_VERSION_MAX 120

extern char **environ;

static struct pw_doctor_fact *add_fact(struct pw_doctor_machine *machine, const char *key,
                                       const char *label, const char *text)
{
    struct pw_doctor_fact *fact = &machine->facts[machine->fact_count];
    if (machine->fact_count == PW_DOCTOR_FACTS_MAX) {
        return NULL;
    }
    machine->fact_count++;
    *fact = (struct pw_doctor_fact){key, label, text, (double)NAN};
    return fact;
}

static int add_copy(struct pw_doctor_machine *machine, const char *key, const char *label,
                    const struct pw_strbuf *text, double number, struct pw_error *err)
{
    const char *copy = pw_arena_strdup(&machine->result.arena, pw_strbuf_text(text));
    if (copy == NULL || pw_strbuf_failed(text)) {
        return pw_error_set_no_memory(err);
    }
    struct pw_doctor_fact *fact = add_fact(machine, key, label, copy);
    if (fact != NULL) {
        fact->number = number;
    }
    return PW_OK;
}

const char *pw_doctor_environment(const struct pw_doctor_machine *machine, const char *name)
{
    const struct pw_environment *environment = &machine->result.environment;
    for (size_t i = 0; i < environment->fact_count; i++) {
        if (strcmp(environment->facts[i].name, name) == 0) {
            return environment->facts[i].value;
        }
    }
    return NULL;
}

/* A number for people and for JSON; one that is not known has no text. */
static int add_number(struct pw_doctor_machine *machine, const char *key, const char *label,
                      double value, const char *unit, struct pw_error *err)
{
    struct pw_strbuf text = PW_STRBUF_INIT;
    int status = PW_OK;
    if (isnan(value)) {
        (void)add_fact(machine, key, label, NULL);
        return PW_OK;
    }
    pw_format_value(&text, value, unit);
    status = add_copy(machine, key, label, &text, value, err);
    pw_strbuf_release(&text);
    return status;
}

/* ---- Facts that are known ---- */

static const struct {
    const char *environment; /* and the key */
    const char *label;
    const char *absent; /* what it means that there is none; NULL for nothing */
} PROCESSOR_FACTS[] = {
    {"cpu_model", "processor", NULL},
    {"cores", "processors usable", NULL},
    {"smt", "hyper-threading (SMT)", NULL},
    {"governor", "frequency governor", NULL},
    {"turbo", "turbo", NULL},
    {"frequency_max", "frequency limit", NULL},
    {"hypervisor", "hypervisor", "none seen"},
    {"cpu_quota", "processors granted", "all: no quota"},
};

static const struct {
    const char *environment;
    const char *label;
} SYSTEM_FACTS[] = {
    {"kernel", "kernel"},
    {"os", "system"},
    {"libc", "C library"},
};

static void add_processor(struct pw_doctor_machine *machine)
{
    for (size_t i = 0; i < PW_COUNT(PROCESSOR_FACTS); i++) {
        const char *value = pw_doctor_environment(machine, PROCESSOR_FACTS[i].environment);
        (void)add_fact(machine, PROCESSOR_FACTS[i].environment, PROCESSOR_FACTS[i].label,
                       value != NULL ? value : PROCESSOR_FACTS[i].absent);
    }
}

static int add_state(struct pw_doctor_machine *machine, struct pw_error *err)
{
    const struct pw_machine_state *state = &machine->state;
    const struct {
        const char *key;
        const char *label;
        double value;
        const char *unit;
    } rows[] = {
        {"memory_bytes", "memory", state->memory_bytes, "bytes"},
        {"memory_available_bytes", "memory available", state->memory_available_bytes, "bytes"},
        {"swap_used_bytes", "swap in use", state->swap_used_bytes, "bytes"},
        {"load", "load average", state->load, "count"},
        {"steal_ratio", "steal time now", state->steal_ratio, "ratio"},
    };
    int status = PW_OK;
    for (size_t i = 0; status == PW_OK && i < PW_COUNT(rows); i++) {
        status = add_number(machine, rows[i].key, rows[i].label, rows[i].value, rows[i].unit, err);
    }
    return status;
}

static int add_library(struct pw_doctor_machine *machine, struct pw_error *err)
{
    char version[PW_GIT_VERSION_SIZE];
    struct pw_strbuf text = PW_STRBUF_INIT;
    pw_git_library_version(version);
    pw_strbuf_puts(&text, version);
    const int status = add_copy(machine, "libgit2", "libgit2", &text, (double)NAN, err);
    pw_strbuf_release(&text);
    return status;
}

/* ---- What is tried ---- */

static int execute(struct pw_cli *cli, const struct pw_process_spec *spec,
                   struct pw_process_outcome *out, struct pw_error *err)
{
    const int status = cli->executor->execute(cli->executor, spec, out, err);
    if (status == PW_OK && out->end == PW_PROCESS_INTERRUPTED) {
        pw_process_outcome_release(out);
        return pw_error_set(err, PW_EINTERRUPTED, "interrupted");
    }
    return status;
}

/* What one probe asks for, and what came of it in words. */
struct probe {
    const char *key;
    const char *label;
    void (*ask)(struct pw_process_spec *spec);
    /** @return static text; NULL when it did not come to that */
    const char *(*tell)(const struct pw_process_outcome *outcome);
};

static void ask_counters(struct pw_process_spec *spec)
{
    spec->wants_counters = true;
}

static const char *tell_counters(const struct pw_process_outcome *outcome)
{
    if (outcome->counters.has_instructions) {
        return "usable";
    }
    return outcome->counters.reason != NULL ? outcome->counters.reason : "not usable";
}

static void ask_memory(struct pw_process_spec *spec)
{
    spec->memory_limit_bytes = PROBE_MEMORY;
}

static const char *tell_memory(const struct pw_process_outcome *outcome)
{
    return outcome->memory_method;
}

static void ask_processors(struct pw_process_spec *spec)
{
    spec->cpu_limit = 1;
}

static const char *tell_processors(const struct pw_process_outcome *outcome)
{
    return outcome->cpu_method;
}

static void ask_network(struct pw_process_spec *spec)
{
    spec->isolate_network = true;
}

static const char *tell_network(const struct pw_process_outcome *outcome)
{
    return outcome->has_network ? "possible" : NULL;
}

static void ask_ending(struct pw_process_spec *spec)
{
    (void)spec;
}

static const char *tell_ending(const struct pw_process_outcome *outcome)
{
    return outcome->ending_method;
}

static const struct probe PROBES[] = {
    {"counters", "processor's counters", ask_counters, tell_counters},
    {"ending", "processes ended by", ask_ending, tell_ending},
    {"memory_limit", "memory limits kept by", ask_memory, tell_memory},
    {"cpu_limit", "processor limits kept by", ask_processors, tell_processors},
    {"network_isolation", "network isolation", ask_network, tell_network},
};

static int add_outcome(struct pw_doctor_machine *machine, const struct probe *probe,
                       const struct pw_process_outcome *outcome, struct pw_error *err)
{
    struct pw_strbuf text = PW_STRBUF_INIT;
    const char *told = outcome->end == PW_PROCESS_NOT_STARTED ? NULL : probe->tell(outcome);
    if (told != NULL) {
        pw_strbuf_puts(&text, told);
    } else {
        pw_strbuf_printf(&text, "not possible%s%s%s%s", outcome->failed_what == NULL ? "" : ": ",
                         outcome->failed_what == NULL ? "" : outcome->failed_what,
                         outcome->failed_remedy == NULL ? "" : "; ",
                         outcome->failed_remedy == NULL ? "" : outcome->failed_remedy);
    }
    const int status = add_copy(machine, probe->key, probe->label, &text, (double)NAN, err);
    pw_strbuf_release(&text);
    return status;
}

static int probe_all(struct pw_cli *cli, struct pw_doctor_machine *machine, struct pw_error *err)
{
    struct pw_strbuf program = PW_STRBUF_INIT;
    int status = pw_own_program(&program, err);
    const char *const argv[] = {pw_strbuf_text(&program), "version", NULL};
    for (size_t i = 0; status == PW_OK && i < PW_COUNT(PROBES); i++) {
        struct pw_process_outcome outcome = {0};
        struct pw_process_spec spec = {
            .argv = argv,
            .envp = (const char *const *)environ,
            .cwd = "/",
            .timeout_ns = TOOL_TIMEOUT_NS,
            .output_max_bytes = 1024,
            .interrupted = cli->interrupted,
        };
        PROBES[i].ask(&spec);
        status = execute(cli, &spec, &outcome, err);
        if (status == PW_OK) {
            status = add_outcome(machine, &PROBES[i], &outcome, err);
            machine->has_counters = machine->has_counters || outcome.counters.has_instructions;
            pw_process_outcome_release(&outcome);
        }
    }
    pw_strbuf_release(&program);
    return status;
}

/* ---- Tools ---- */

static const struct pw_doctor_tool TOOLS[PW_DOCTOR_TOOLS] = {
    {"git", "paired checks, fetching and pushing baselines", NULL},
    {"perf", "flame graphs of what a program does", NULL},
    {"valgrind", "counts of instructions where the processor's counters cannot be had", NULL},
    {"rsvg-convert", "pictures for places that show no SVG", NULL},
    {"cc", "building projects in C", NULL},
};

static int find_tool(struct pw_cli *cli, struct pw_doctor_machine *machine,
                     struct pw_doctor_tool *tool, struct pw_error *err)
{
    const char *const argv[] = {tool->name, "--version", NULL};
    const struct pw_process_spec spec = {
        .argv = argv,
        .envp = (const char *const *)environ,
        .cwd = "/",
        .timeout_ns = TOOL_TIMEOUT_NS,
        .output_max_bytes = 4096,
        .interrupted = cli->interrupted,
    };
    struct pw_process_outcome outcome = {0};
    const int status = execute(cli, &spec, &outcome, err);
    if (status != PW_OK) {
        return status;
    }
    if (outcome.end == PW_PROCESS_EXITED && outcome.exit_status == 0 &&
        outcome.standard_output.data != NULL) {
        const char *text = outcome.standard_output.data;
        size_t length = strcspn(text, "\r\n");
        length = length > TOOL_VERSION_MAX ? TOOL_VERSION_MAX : length;
        tool->version = pw_arena_strndup(&machine->result.arena, text, length);
    }
    const bool is_short_of_memory = tool->version == NULL && outcome.end == PW_PROCESS_EXITED &&
                                    outcome.exit_status == 0 &&
                                    outcome.standard_output.data != NULL;
    pw_process_outcome_release(&outcome);
    return is_short_of_memory ? pw_error_set_no_memory(err) : PW_OK;
}

static int find_tools(struct pw_cli *cli, struct pw_doctor_machine *machine, struct pw_error *err)
{
    int status = PW_OK;
    memcpy(machine->tools, TOOLS, sizeof(TOOLS));
    for (size_t i = 0; status == PW_OK && i < PW_DOCTOR_TOOLS; i++) {
        status = find_tool(cli, machine, &machine->tools[i], err);
    }
    return status;
}

/* ---- All of it ---- */

int pw_doctor_examine(struct pw_cli *cli, struct pw_doctor_machine *out, struct pw_error *err)
{
    if (cli->executor == NULL) {
        return pw_error_set(err, PW_EIO, "the launcher process could not be started");
    }
    int status = pw_result_init(&out->result, err);
    if (status == PW_OK) {
        status = pw_environment_detect(&out->result, err);
    }
    if (status == PW_OK) {
        status = pw_run_machine_state("", WATCH_NS, &out->state, err);
    }
    if (status != PW_OK) {
        return status;
    }
    add_processor(out);
    status = add_state(out, err);
    for (size_t i = 0; status == PW_OK && i < PW_COUNT(SYSTEM_FACTS); i++) {
        (void)add_fact(out, SYSTEM_FACTS[i].environment, SYSTEM_FACTS[i].label,
                       pw_doctor_environment(out, SYSTEM_FACTS[i].environment));
    }
    status = status == PW_OK ? probe_all(cli, out, err) : status;
    status = status == PW_OK ? add_library(out, err) : status;
    status = status == PW_OK ? find_tools(cli, out, err) : status;
    (void)add_fact(out, "environment", "environment id", out->result.environment.id);
    return status == PW_OK ? pw_doctor_warn(out, err) : status;
}

void pw_doctor_machine_release(struct pw_doctor_machine *machine)
{
    pw_result_release(&machine->result);
    *machine = (struct pw_doctor_machine){0};
}

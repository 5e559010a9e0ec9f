/*
 * doctor --selftest: whole gates on this machine, decided as `check --mode paired` decides, of a
 * suite whose truth is known: nothing changed, or one workload of head does so much more work.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "doctor.h"
#include "doctor_load.h"
#include "doctor_tally.h"
#include "measure.h"
#include "perfwarden/util/clock.h"

#define GATES_DEFAULT 10u

/* The suite: a threshold that all but the smallest injected slowdowns reach or pass. */
static const char SUITE[] = "version: 1\n"
                            "defaults:\n"
                            "  runs: {min: 7, max: 60}\n"
                            "  metrics: [wall_time]\n"
                            "  thresholds: {wall_time: 5%}\n"
                            "benchmarks:\n";

/** A self-test under way. */
struct selftest {
    struct pw_cli *cli;
    const struct pw_arguments *arguments;
    struct pw_calibration calibrations[PW_TALLY_WORKLOADS_MAX];
    size_t workload_count;
    uint64_t seed;
    struct pw_tally tallies[PW_TALLY_LEVELS];
};

/** One gate of it. */
struct gate {
    struct selftest *test;
    struct pw_config config;
    struct pw_result results[2];
    struct pw_gate_pairs *pairs;
};

static int wants_pair(void *judge, const struct pw_benchmark *benchmark, bool *wanted,
                      struct pw_error *err)
{
    const struct gate *gate = judge;
    return pw_gate_pairs_want(gate->pairs, benchmark->id, wanted, err);
}

static int configure(const struct selftest *test, size_t slower, double slowdown_ratio,
                     struct pw_config *out, struct pw_error *err)
{
    struct pw_strbuf yaml = PW_STRBUF_INIT;
    struct pw_diagnostics mistakes = {0};
    int status = PW_OK;
    pw_strbuf_puts(&yaml, SUITE);
    for (size_t i = 0; status == PW_OK && i < test->workload_count; i++) {
        status = pw_calibration_put(&test->calibrations[i], i == slower ? slowdown_ratio : 0, &yaml,
                                    err);
    }
    if (status == PW_OK) {
        status = pw_strbuf_check(&yaml, err);
    }
    if (status == PW_OK) {
        status =
            pw_config_parse(pw_strbuf_text(&yaml), yaml.length, "selftest", "/", out, &mistakes);
        if (mistakes.count > 0) {
            pw_error_move(err, &mistakes.items[0]);
        }
    }
    pw_diagnostics_release(&mistakes);
    pw_strbuf_release(&yaml);
    return status;
}

static int measure(struct gate *gate, struct pw_error *err)
{
    struct selftest *test = gate->test;
    const struct pw_pair_side base = {&gate->config, &gate->results[0]};
    const struct pw_pair_side head = {&gate->config, &gate->results[1]};
    const struct pw_pair_options options = {
        .run = {.runs_min = test->arguments->runs_min,
                .runs_max = test->arguments->runs_max,
                .machine_root = "",
                .interrupted = test->cli->interrupted},
        .seed = test->seed++,
        .wants_pair = wants_pair,
        .judge = gate,
    };
    return pw_run_pairs(&base, &head, &options, test->cli->executor, err);
}

/* @param[out] comparison  released by the caller */
static int decide(struct gate *gate, struct pw_comparison *comparison, struct pw_error *err)
{
    const struct pw_gate_options options = {
        .config = &gate->config,
        .runs_min = gate->test->arguments->runs_min,
    };
    int status = PW_OK;
    for (int side = 0; status == PW_OK && side < 2; side++) {
        status = pw_result_init(&gate->results[side], err);
    }
    if (status == PW_OK) {
        status =
            pw_gate_pairs_begin(&options, &gate->results[0], &gate->results[1], &gate->pairs, err);
    }
    if (status == PW_OK) {
        status = measure(gate, err);
    }
    if (status == PW_OK) {
        const struct pw_side base = pw_side_of(&gate->results[0]);
        const struct pw_side head = pw_side_of(&gate->results[1]);
        status = pw_gate_pairs_finish(gate->pairs, &base, &head, comparison, err);
    }
    pw_gate_pairs_free(gate->pairs);
    pw_result_release(&gate->results[0]);
    pw_result_release(&gate->results[1]);
    return status;
}

/* One gate, and what it says about the truth. */
static int run_gate(struct selftest *test, size_t level, unsigned number, struct pw_error *err)
{
    struct gate gate = {.test = test};
    struct pw_comparison comparison = {0};
    struct pw_tally *tally = &test->tallies[level];
    const size_t slower = number % test->workload_count;
    const uint64_t started_ns = pw_clock_monotonic_ns();
    int status = configure(test, slower, tally->slowdown_ratio, &gate.config, err);
    if (status != PW_OK) {
        return status;
    }
    status = decide(&gate, &comparison, err);
    if (status == PW_OK) {
        const char *name =
            tally->slowdown_ratio > 0 ? test->calibrations[slower].workload->name : NULL;
        status = pw_tally_add(tally, &comparison, name, pw_clock_monotonic_ns() - started_ns, err);
    }
    pw_comparison_release(&comparison);
    pw_config_release(&gate.config);
    return status;
}

static void tell_progress(const struct selftest *test, size_t level, unsigned number,
                          unsigned gates)
{
    const struct pw_arguments *arguments = test->arguments;
    if (!arguments->is_quiet && arguments->progress != PW_WHEN_NEVER) {
        fprintf(test->cli->err, "selftest: injected %.0f %%, gate %u of %u\n",
                100 * test->tallies[level].slowdown_ratio, number + 1, gates);
        fflush(test->cli->err);
    }
}

/* Levels by turns, so that a machine whose noise changes is the same for all of them. */
static int run_gates(struct selftest *test, struct pw_error *err)
{
    const unsigned gates = test->arguments->gates == 0 ? GATES_DEFAULT : test->arguments->gates;
    int status = PW_OK;
    for (unsigned number = 0; status == PW_OK && number < gates; number++) {
        for (size_t level = 0; status == PW_OK && level < PW_TALLY_LEVELS; level++) {
            tell_progress(test, level, number, gates);
            status = run_gate(test, level, number, err);
        }
    }
    return status;
}

static int calibrate(struct selftest *test, struct pw_error *err)
{
    size_t count = 0;
    const struct pw_workload *workloads = pw_workload_table(&count);
    int status = PW_OK;
    for (size_t i = 0; status == PW_OK && i < count && i < PW_TALLY_WORKLOADS_MAX; i++) {
        status = pw_calibrate(test->cli, &workloads[i], &test->calibrations[i], err);
        test->workload_count += status == PW_OK;
    }
    return status;
}

static int run(struct selftest *test, struct pw_error *err)
{
    struct pw_load load = {0};
    int status = calibrate(test, err);
    if (status == PW_OK && test->arguments->has_load) {
        status = pw_load_start(&load, err);
    }
    if (status == PW_OK) {
        status = run_gates(test, err);
    }
    pw_load_stop(&load);
    return status;
}

static int tell(const struct selftest *test)
{
    struct pw_strbuf text = PW_STRBUF_INIT;
    struct pw_error err = PW_ERROR_INIT;
    int code = PW_EXIT_PASS;
    if (test->arguments->is_json) {
        pw_tally_write_json(test->tallies, test->arguments->has_load, &text);
    } else {
        pw_tally_write_text(test->tallies, &text);
    }
    if (pw_strbuf_check(&text, &err) == PW_OK) {
        fputs(pw_strbuf_text(&text), test->cli->out);
    } else {
        code = pw_cli_fail(test->cli, &err);
    }
    pw_strbuf_release(&text);
    return code;
}

int pw_doctor_selftest(struct pw_cli *cli, const struct pw_arguments *arguments)
{
    struct selftest test = {
        .cli = cli,
        .arguments = arguments,
        .seed = arguments->has_seed ? arguments->seed : pw_clock_monotonic_ns(),
    };
    struct pw_error err = PW_ERROR_INIT;
    pw_tally_init(test.tallies);
    const int status = run(&test, &err);
    int code = PW_EXIT_PASS;
    if (status == PW_EINTERRUPTED) {
        pw_cli_print_error(cli, &err);
        pw_error_release(&err);
        code = pw_measure_signal_code(cli);
    } else if (status != PW_OK) {
        code = pw_cli_fail(cli, &err);
    }
    if (test.tallies[0].gates > 0) { /* what was done before the end is told */
        code = pw_exit_worst(code, tell(&test));
    }
    pw_tally_release(test.tallies);
    return code;
}

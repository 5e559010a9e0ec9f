/* How noisy the machine is: a workload in pairs with itself, measured as `check` would. */
#include <math.h>
#include <string.h>

#include "doctor.h"
#include "pair_progress.h"
#include "perfwarden/util/clock.h"

#define NOISE_PAIRS 40

/* Simulated gates for each slowdown, and how long they may go on. */
#define SIMULATIONS 400
#define PAIRS_MAX   200

static const double SLOWDOWNS[PW_DOCTOR_DETECTIONS] = {0.01, 0.02, 0.05, 0.10, 0.20};

/** The two results of a paired measurement of one configuration. */
struct listening {
    struct pw_config config;
    bool is_parsed;
    struct pw_result results[2];
};

static int want_always(void *context, const struct pw_benchmark *benchmark, bool *wanted,
                       struct pw_error *err)
{
    (void)context;
    (void)benchmark;
    (void)err;
    *wanted = true;
    return PW_OK;
}

static int configure(struct pw_cli *cli, struct listening *listening, struct pw_error *err)
{
    struct pw_strbuf yaml = PW_STRBUF_INIT;
    struct pw_diagnostics mistakes = {0};
    struct pw_calibration calibration;
    size_t count = 0;
    int status = pw_calibrate(cli, &pw_workload_table(&count)[0], &calibration, err);
    if (status == PW_OK) {
        pw_strbuf_printf(&yaml,
                         "version: 1\ndefaults:\n  runs: %d\n  metrics: [wall_time]\n"
                         "benchmarks:\n",
                         NOISE_PAIRS);
        status = pw_calibration_put(&calibration, 0, &yaml, err);
    }
    if (status == PW_OK) {
        status = pw_strbuf_check(&yaml, err);
    }
    if (status == PW_OK) {
        status = pw_config_parse(pw_strbuf_text(&yaml), yaml.length, "doctor", "/",
                                 &listening->config, &mistakes);
        listening->is_parsed = status == PW_OK;
        if (mistakes.count > 0) {
            pw_error_move(err, &mistakes.items[0]);
        }
    }
    pw_diagnostics_release(&mistakes);
    pw_strbuf_release(&yaml);
    return status;
}

static int run_pairs(struct pw_cli *cli, const struct pw_arguments *arguments,
                     struct listening *listening, struct pw_error *err)
{
    struct pw_pair_progress progress;
    int status = PW_OK;
    for (int side = 0; status == PW_OK && side < 2; side++) {
        status = pw_result_init(&listening->results[side], err);
    }
    if (status != PW_OK) {
        return status;
    }
    const struct pw_pair_side base = {&listening->config, &listening->results[0]};
    const struct pw_pair_side head = {&listening->config, &listening->results[1]};
    const struct pw_pair_watched watched = {&listening->config, NULL, 0};
    status = pw_pair_progress_init(&progress, cli->err, arguments, &watched, err);
    if (status != PW_OK) {
        return status;
    }
    const struct pw_pair_options options = {
        .run = {.machine_root = "",
                .observer = &progress.observer,
                .interrupted = cli->interrupted},
        .seed = arguments->has_seed ? arguments->seed : pw_clock_monotonic_ns(),
        .wants_pair = want_always,
    };
    status = pw_run_pairs(&base, &head, &options, cli->executor, err);
    pw_pair_progress_finish(&progress);
    return status;
}

/* The series of one side. @return NULL, with an error that tells why there is none */
static const struct pw_series *find_series(const struct pw_result *result, struct pw_error *err)
{
    if (result->benchmark_count == 0) {
        (void)pw_error_set(err, PW_EBUILD, "the built-in workload was not measured");
        return NULL;
    }
    const struct pw_result_benchmark *entry = &result->benchmarks[0];
    const struct pw_series *series = pw_result_benchmark_series(entry, "wall_time");
    if (entry->status != PW_MEASURED_OK || series == NULL) {
        (void)pw_error_set(err, PW_EBUILD, "the built-in workload could not be measured: %s",
                           entry->error == NULL ? "no reason is known" : entry->error);
        return NULL;
    }
    return series;
}

static int simulate(const double *base, const double *head, const struct pw_gate_config *gate,
                    struct pw_doctor_noise *noise, struct pw_error *err)
{
    int status = PW_OK;
    for (size_t i = 0; status == PW_OK && i < PW_DOCTOR_DETECTIONS; i++) {
        struct pw_doctor_detection *detection = &noise->detections[i];
        detection->slowdown_ratio = SLOWDOWNS[i];
        detection->threshold_ratio = SLOWDOWNS[i] / 2;
        const struct pw_gate_power_options options = {
            .slowdown_ratio = detection->slowdown_ratio,
            .increase_ratio = detection->threshold_ratio,
            .alpha = gate->alpha,
            .beta = gate->beta,
            .pairs_min = 1,
            .pairs_max = PAIRS_MAX,
            .repetitions = SIMULATIONS,
            .seed = i + 1,
        };
        status = pw_gate_power(base, head, noise->pairs, &options, &detection->power, err);
    }
    return status;
}

static int evaluate(const struct listening *listening, const struct pw_gate_config *wanted,
                    uint64_t elapsed_ns, struct pw_doctor_noise *out, struct pw_error *err)
{
    const struct pw_gate_config *gate = wanted != NULL ? wanted : &listening->config.gate;
    struct pw_doctor_noise noise = {.alpha = gate->alpha, .beta = gate->beta};
    const struct pw_series *base = find_series(&listening->results[0], err);
    const struct pw_series *head = base == NULL ? NULL : find_series(&listening->results[1], err);
    if (base == NULL || head == NULL) {
        return PW_EBUILD;
    }
    noise.pairs = base->count < head->count ? base->count : head->count;
    int status = pw_gate_noise(base->samples, head->samples, noise.pairs, &noise.noise, err);
    if (status == PW_OK) {
        status = simulate(base->samples, head->samples, gate, &noise, err);
    }
    if (status == PW_OK) {
        double sum_ns = 0;
        for (size_t i = 0; i < noise.pairs; i++) {
            sum_ns += base->samples[i] + head->samples[i];
        }
        noise.overhead_ns =
            fmax(0, ((double)elapsed_ns - sum_ns) / (2.0 * (double)(noise.pairs + 1)));
        noise.is_measured = true;
        *out = noise;
    }
    return status;
}

int pw_doctor_listen(struct pw_cli *cli, const struct pw_arguments *arguments,
                     const struct pw_gate_config *gate, struct pw_doctor_noise *out,
                     struct pw_error *err)
{
    struct listening listening = {0};
    int status = configure(cli, &listening, err);
    const uint64_t started_ns = pw_clock_monotonic_ns();
    if (status == PW_OK) {
        status = run_pairs(cli, arguments, &listening, err);
    }
    if (status == PW_OK) {
        status = evaluate(&listening, gate, pw_clock_monotonic_ns() - started_ns, out, err);
    }
    pw_result_release(&listening.results[0]);
    pw_result_release(&listening.results[1]);
    if (listening.is_parsed) {
        pw_config_release(&listening.config);
    }
    return status;
}

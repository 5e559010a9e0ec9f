/*
 * What `perfwarden doctor` finds out, in the order it does: the machine, how noisy it is, and with
 * --selftest how often whole gates are right on it.
 */
#ifndef PERFWARDEN_CLI_DOCTOR_H
#define PERFWARDEN_CLI_DOCTOR_H

#include "cli.h"
#include "perfwarden/gate.h"
#include "perfwarden/result.h"

/* ---- Workloads: real work of a known amount ---- */

/** Something that keeps a processor busy, in units of a fixed amount of work. */
struct pw_workload {
    const char *name;
    const char *summary;     /**< one phrase, no full stop */
    unsigned long units_few; /**< enough for a time that can be told from that of starting */
    uint64_t (*run)(unsigned long units); /**< @return a checksum of all that was done */
};

/** All of them; the first is what the noise is measured with. @param[out] count how many */
const struct pw_workload *pw_workload_table(size_t *count);

/**
 * Be a workload: what a child process of doctor does.
 *
 * @param text  "NAME:UNITS" or "NAME:UNITS:EXTRA"; where PERFWARDEN_SIDE is "head", EXTRA units are
 * done besides
 * @return the exit code
 */
int pw_workload_main(struct pw_cli *cli, const char *text);

/** A workload of a known length on this machine. */
struct pw_calibration {
    const struct pw_workload *workload;
    unsigned long units; /**< take about PW_WORKLOAD_NS with the start of the process */
    double unit_ns;      /**< each */
    double start_ns;     /**< of a process that does none */
};

#define PW_WORKLOAD_NS 10e6

/** Find how many units of a workload take PW_WORKLOAD_NS. @return 0; PW_EBUILD when it cannot be
 * run, saying why; PW_EINTERRUPTED; PW_EIO; PW_ENOMEM */
int pw_calibrate(struct pw_cli *cli, const struct pw_workload *workload, struct pw_calibration *out,
                 struct pw_error *err) PW_MUST_CHECK;

/** How many more units make it slower by a ratio as a whole. */
unsigned long pw_calibration_extra(const struct pw_calibration *calibration, double slowdown_ratio);

/**
 * Append one benchmark to the text of a configuration.
 *
 * @param slowdown_ratio  by how much head is slower; 0 for not at all
 * @return 0; PW_EIO; PW_ENOMEM
 */
int pw_calibration_put(const struct pw_calibration *calibration, double slowdown_ratio,
                       struct pw_strbuf *yaml, struct pw_error *err) PW_MUST_CHECK;

/** What executes perfwarden itself: an absolute path. @return 0; PW_EIO; PW_ENOMEM */
int pw_own_program(struct pw_strbuf *out, struct pw_error *err) PW_MUST_CHECK;

/* ---- The machine ---- */

/** One thing known about the machine. */
struct pw_doctor_fact {
    const char *key;   /**< in JSON; static */
    const char *label; /**< for people; static */
    const char *text;  /**< for people; NULL when not known */
    double number;     /**< for JSON instead of the text, in base units, unless NAN */
};

#define PW_DOCTOR_FACTS_MAX    40
#define PW_DOCTOR_WARNINGS_MAX 24

/** A program that may be found. */
struct pw_doctor_tool {
    const char *name;
    const char *purpose; /**< what is lost without it */
    const char *version; /**< first line of what --version says; NULL when there is none */
};

#define PW_DOCTOR_TOOLS 5

/** Everything about the machine. Zero-initialised is valid; texts live in the result's arena. */
struct pw_doctor_machine {
    struct pw_result result; /**< its environment is the machine's */
    struct pw_machine_state state;
    bool has_counters;
    struct pw_doctor_fact facts[PW_DOCTOR_FACTS_MAX];
    size_t fact_count;
    struct pw_doctor_tool tools[PW_DOCTOR_TOOLS];
    const char *warnings[PW_DOCTOR_WARNINGS_MAX];
    size_t warning_count;
};

/** Look at the machine. @param[out] out released by pw_doctor_machine_release() in any case
 * @return 0; PW_EIO; PW_ENOMEM */
int pw_doctor_examine(struct pw_cli *cli, struct pw_doctor_machine *out,
                      struct pw_error *err) PW_MUST_CHECK;
void pw_doctor_machine_release(struct pw_doctor_machine *machine);

/** The value of an environment fact; NULL when it is not known. */
const char *pw_doctor_environment(const struct pw_doctor_machine *machine, const char *name);
/** Warn of all that makes measuring worse. @return 0; PW_ENOMEM */
int pw_doctor_warn(struct pw_doctor_machine *machine, struct pw_error *err) PW_MUST_CHECK;

/* ---- Its noise ---- */

/** What it takes to see one slowdown. */
struct pw_doctor_detection {
    double slowdown_ratio;
    double threshold_ratio;
    struct pw_gate_power power;
};

#define PW_DOCTOR_DETECTIONS 5

struct pw_doctor_noise {
    bool is_measured;
    size_t pairs;
    struct pw_gate_noise noise;
    double overhead_ns; /**< of a run beside its own time */
    double alpha;
    double beta;
    struct pw_doctor_detection detections[PW_DOCTOR_DETECTIONS];
};

/**
 * Measure the first workload in pairs against itself, and simulate gates with what was seen.
 *
 * @param gate  whose alpha and beta count; NULL for the documented defaults
 * @return 0; PW_EBUILD when it could not be measured, saying why; PW_EINTERRUPTED; PW_EIO;
 * PW_ENOMEM
 */
int pw_doctor_listen(struct pw_cli *cli, const struct pw_arguments *arguments,
                     const struct pw_gate_config *gate, struct pw_doctor_noise *out,
                     struct pw_error *err) PW_MUST_CHECK;

/* ---- What is told ---- */

void pw_doctor_write_text(const struct pw_doctor_machine *machine,
                          const struct pw_doctor_noise *noise, struct pw_strbuf *out);
void pw_doctor_write_json(const struct pw_doctor_machine *machine,
                          const struct pw_doctor_noise *noise, struct pw_strbuf *out);

/** doctor --selftest. @return the exit code */
int pw_doctor_selftest(struct pw_cli *cli, const struct pw_arguments *arguments);

#endif

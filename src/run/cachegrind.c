/*
 * Two counted runs, each in a directory of its own for cachegrind's files: one for each process of
 * the tree, whose sums are the count.
 *
 * What moves counts without the program having changed is pinned: the environment (3 kB of it are
 * 0.14 %), libc's choice of code by processor (4 %), the sizes of caches it tunes copying by, and
 * the addresses.
 */
#include "linux_features.h"

#include "cachegrind.h"

#include <string.h>

#include "failure.h"
#include "hooks.h"
#include "metrics.h"
#include "scratch.h"

enum { COUNTED_RUNS = 2, OUTPUT_BYTES = 1 << 16 };
/** cachegrind is about 9 times slower than the program, and starts in a second on a slow machine.
 */
static const uint64_t SLOWDOWN = 30;
static const uint64_t START_NS = UINT64_C(10000000000);

static const char NOT_INSTALLED[] = "valgrind is not installed; apt install valgrind";

/**
 * Code for the oldest x86-64 only, and the sizes of one processor's caches. Names that a libc does
 * not know it ignores, so that one text serves all versions and processors. The list ends with a
 * comma because glibc 2.36 reads on behind one that does not, into whatever lies there.
 */
static const struct pw_name_value PINNED[] = {
    {"GLIBC_TUNABLES",
     "glibc.cpu.hwcaps=-AVX,-AVX2,-AVX512F,-AVX512VL,-AVX512BW,-AVX512CD,-AVX512DQ,-AVX512ER,"
     "-BMI1,-BMI2,-ERMS,-FMA,-FMA4,-FSRM,-FSRS,-LZCNT,-MOVBE,-POPCNT,-RTM,-SSE3,-SSSE3,-SSE4_1,"
     "-SSE4_2,-XSAVE,-XSAVEC,-Fast_Unaligned_Copy,-AVX_Fast_Unaligned_Load,-AVX2_Usable,"
     "-AVX512F_Usable,"
     ":glibc.cpu.x86_data_cache_size=32768:glibc.cpu.x86_shared_cache_size=1048576"
     ":glibc.cpu.x86_non_temporal_threshold=3145728:glibc.cpu.x86_rep_movsb_threshold=2048"
     ":glibc.cpu.x86_rep_stosb_threshold=2048"},
    /* Where valgrind is started by a shell script, as Debian's is, the shell would put in the
     * directory's own name, whose length moves counts. This one it takes for right and leaves. */
    {"PWD", "/proc/self/cwd"}};

/** What the counted runs of a benchmark share. */
struct counting {
    struct pw_run_session *session;
    struct pw_run_environment environment;
    const char *source;      /**< "cachegrind 3.19.0" */
    const char *null_reason; /**< why there is no count; static or of the result's arena */
};

static struct pw_arena *result_arena(const struct counting *counting)
{
    return &counting->session->suite->result->arena;
}

/** Execute words in the benchmark's directory. */
static int execute(struct counting *counting, const char *const *words,
                   struct pw_process_outcome *outcome, struct pw_error *err)
{
    const struct pw_run_suite_state *suite = counting->session->suite;
    const struct pw_benchmark *benchmark = counting->session->benchmark;
    struct pw_process_spec spec;

    memset(&spec, 0, sizeof(spec));
    spec.argv = words;
    spec.envp = counting->environment.variables;
    spec.cwd = benchmark->cwd;
    if (benchmark->timeout_ns != 0 && benchmark->timeout_ns < (UINT64_MAX - START_NS) / SLOWDOWN) {
        spec.timeout_ns = benchmark->timeout_ns * SLOWDOWN + START_NS;
    }
    spec.fixed_addresses = true;
    spec.isolate_network = benchmark->isolate_network;
    spec.stdin_path = benchmark->stdin_path;
    spec.output_max_bytes = OUTPUT_BYTES;
    spec.interrupted = suite->options->interrupted;
    memset(outcome, 0, sizeof(*outcome));
    return suite->executor->execute(suite->executor, &spec, outcome, err);
}

/** Interrupted while counting: the benchmark is over, and what was measured stays. */
static int interrupt(struct counting *counting, struct pw_error *err)
{
    counting->null_reason = "interrupted while instructions were counted";
    return pw_run_session_fail(counting->session, PW_MEASURED_INTERRUPTED,
                               "interrupted while its instructions were counted", err);
}

/** "valgrind-3.19.0\n" as "cachegrind 3.19.0". */
static int take_version(struct counting *counting, const char *text, struct pw_error *err)
{
    static const char PREFIX[] = "valgrind-";
    size_t prefix_length = sizeof(PREFIX) - 1;
    const char *version = text + prefix_length;
    size_t length;

    if (strncmp(text, PREFIX, prefix_length) != 0 || version[0] == '\n' || version[0] == '\0') {
        counting->null_reason = "'valgrind --version' does not print a version";
        return 0;
    }
    length = strcspn(version, "\r\n");
    counting->source =
        pw_arena_printf(result_arena(counting), "cachegrind %.*s", (int)length, version);
    if (counting->source == NULL) {
        return pw_error_set_no_memory(err);
    }
    return pw_environment_note(counting->session->suite->result, "valgrind",
                               counting->source + strlen("cachegrind "), err);
}

/** Ask for valgrind's version, which also tells whether it is there. */
static int find_valgrind(struct counting *counting, struct pw_error *err)
{
    static const char *const WORDS[] = {"valgrind", "--version", NULL};
    struct pw_process_outcome outcome;
    int status = execute(counting, WORDS, &outcome, err);

    if (status != 0) {
        return status;
    }
    if (outcome.end == PW_PROCESS_INTERRUPTED) {
        status = interrupt(counting, err);
    } else if (outcome.end == PW_PROCESS_NOT_STARTED && outcome.failed_step == PW_START_EXEC) {
        counting->null_reason = NOT_INSTALLED;
    } else if (outcome.end != PW_PROCESS_EXITED || outcome.exit_status != 0) {
        counting->null_reason = "'valgrind --version' failed: valgrind does not work here";
    } else {
        status = take_version(counting, outcome.standard_output.data, err);
    }
    pw_process_outcome_release(&outcome);
    return status;
}

/** valgrind's words and the benchmark's. @return NULL when out of memory */
static const char **counted_words(const struct counting *counting, const char *directory)
{
    const struct pw_run_session *session = counting->session;
    const struct pw_result_benchmark *entry = pw_run_session_entry(session);
    struct pw_arena *arena = &counting->session->arena;
    const char *options[] = {
        "valgrind",
        "--tool=cachegrind",
        "--cache-sim=no",
        "--trace-children=yes",
        "--quiet",
        pw_arena_printf(arena, "--cachegrind-out-file=%s/%%p", directory),
        "--",
    };
    const char **words =
        pw_arena_array(arena, PW_COUNT(options) + entry->command_count + 1, sizeof(*words));

    if (words == NULL || options[5] == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < PW_COUNT(options); i++) {
        words[i] = options[i];
    }
    for (size_t i = 0; i < entry->command_count; i++) {
        words[PW_COUNT(options) + i] = entry->command[i];
    }
    return words;
}

/** A counted run that failed: the words of any other failure. */
static int explain_failure(struct counting *counting, const struct pw_process_outcome *outcome,
                           struct pw_error *err)
{
    struct pw_strbuf text = PW_STRBUF_INIT;
    int status;

    pw_strbuf_puts(&text, "under valgrind: ");
    pw_run_describe_failure(counting->session->benchmark, outcome, NULL, &text);
    status = pw_strbuf_check(&text, err);
    if (status == 0) {
        counting->null_reason = pw_arena_strdup(result_arena(counting), pw_strbuf_text(&text));
        status = counting->null_reason != NULL ? 0 : pw_error_set_no_memory(err);
    }
    pw_strbuf_release(&text);
    return status;
}

/** Take the count of a run that succeeded. */
static int add_sample(struct counting *counting, struct pw_series *series, const char *directory,
                      struct pw_error *err)
{
    uint64_t instructions = 0;
    unsigned files = 0;
    int status = pw_run_cachegrind_sum(directory, &instructions, &files, err);

    if (status != 0) {
        return status;
    }
    if (files == 0) {
        counting->null_reason = "valgrind wrote no count: the program may run as another user";
        return 0;
    }
    return pw_series_add(counting->session->suite->result, series, (double)instructions, err);
}

static int count_into(struct counting *counting, struct pw_series *series, const char *directory,
                      struct pw_error *err)
{
    const char **words = counted_words(counting, directory);
    struct pw_process_outcome outcome;
    int status;

    if (words == NULL) {
        return pw_error_set_no_memory(err);
    }
    status = execute(counting, words, &outcome, err);
    if (status != 0) {
        return status;
    }
    if (outcome.end == PW_PROCESS_INTERRUPTED) {
        status = interrupt(counting, err);
    } else if (pw_run_judge(counting->session->benchmark, &outcome) != PW_MEASURED_OK) {
        status = explain_failure(counting, &outcome, err);
    } else {
        status = add_sample(counting, series, directory, err);
    }
    pw_process_outcome_release(&outcome);
    return status;
}

/** One counted run in a directory that is removed afterwards. */
static int count_once(struct counting *counting, struct pw_series *series, struct pw_error *err)
{
    struct pw_run_session *session = counting->session;
    struct pw_run_scratch scratch;
    int status = pw_run_hook(session, "prepare", &session->benchmark->prepare, "before counting ",
                             NULL, err);

    if (status != 0 || session->is_over) {
        counting->null_reason = "'prepare' failed";
        return status;
    }
    status = pw_run_scratch_make(pw_run_scratch_parent(), &session->arena, &scratch, err);
    if (status != 0) {
        return status;
    }
    status = count_into(counting, series, scratch.path, err);
    pw_run_scratch_remove(&scratch);
    if (status == 0) {
        status = pw_run_hook(session, "conclude", &session->benchmark->conclude, "after counting ",
                             NULL, err);
    }
    return status;
}

/** Whether valgrind is to count: it is asked for, and nobody has counted yet. */
static bool is_wanted(const struct pw_run_session *session)
{
    const struct pw_benchmark *benchmark = session->benchmark;
    const struct pw_series *series =
        pw_result_benchmark_series(pw_run_session_entry(session), "instructions");

    return !session->is_over && session->runs_done > 0 && series != NULL && series->count == 0 &&
           pw_run_metrics_has(benchmark, "instructions") &&
           (benchmark->counter_source == PW_COUNTERS_AUTO ||
            benchmark->counter_source == PW_COUNTERS_VALGRIND);
}

/** The counted runs. One that fails takes the count of the other along. */
static int count(struct counting *counting, struct pw_series *series, struct pw_error *err)
{
    int status = find_valgrind(counting, err);

    pw_run_scratch_sweep(pw_run_scratch_parent());
    for (int i = 0; status == 0 && counting->null_reason == NULL && i < COUNTED_RUNS; i++) {
        status = count_once(counting, series, err);
    }
    if (status != 0) {
        return status;
    }
    if (counting->null_reason != NULL) {
        series->count = 0;
        series->null_reason = counting->null_reason;
        return 0;
    }
    series->source = counting->source;
    series->null_reason = NULL;
    return 0;
}

int pw_run_cachegrind_count(struct pw_run_session *session, struct pw_error *err)
{
    struct counting counting;
    const struct pw_metric_info *info = pw_metric_find("instructions");
    struct pw_series *series;
    int status;

    if (!is_wanted(session)) {
        return 0;
    }
    memset(&counting, 0, sizeof(counting));
    counting.session = session;
    series = pw_result_series(session->suite->result, pw_run_session_entry(session), "instructions",
                              info->unit, info->better, NULL);
    if (series == NULL) {
        return pw_error_set_no_memory(err);
    }
    status = pw_run_environment_build_counted(&counting.environment, &session->arena,
                                              session->benchmark, PINNED, PW_COUNT(PINNED), err);
    return status != 0 ? status : count(&counting, series, err);
}

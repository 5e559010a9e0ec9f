/*
 * `store_speed`: what tests/bench/store_speed times that no command shows alone, and the results it
 * stores.
 *
 *     store_speed results BENCHMARKS          what `git fast-import` reads, from lines on standard
 *                                             input: <commit> here|elsewhere full|shared
 *     store_speed find DIRECTORY FROM N       the N nearest sessions
 *     store_speed list DIRECTORY              everything stored
 *     store_speed add DIRECTORY BENCHMARKS    one result more for HEAD
 *     store_speed gate DIRECTORY FROM N       the gate and the text report on N sessions
 *     store_speed run COMMAND…                a whole process, whose output is thrown away
 *     store_speed fsync FILE                  to sync a new file of 4 KiB
 *
 * All but the first print milliseconds, those of the processor among them, the largest resident set
 * in MiB, and how many were found, of a process its exit status.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "perfwarden/config.h"
#include "perfwarden/gate.h"
#include "perfwarden/report.h"
#include "perfwarden/store.h"
#include "perfwarden/util/clock.h"
#include "perfwarden/util/file.h"

#define REF "refs/perfwarden/baselines"

enum { SAMPLES = 10 };

static const struct {
    const char *name;
    const char *unit;
    const char *source;
    double typical;
    double spread;
} metrics[] = {
    {"wall_time", "ns", "clock", 1.2e7, 4e5},
    {"user_time", "ns", "rusage", 9e6, 3e5},
    {"system_time", "ns", "rusage", 2e6, 1e5},
    {"max_rss", "bytes", "rusage", 4096 * 1024, 64 * 1024},
    {"page_faults_minor", "count", "rusage", 310, 4},
};

static void require(int status, const struct pw_error *err)
{
    if (status != 0) {
        fprintf(stderr, "store_speed: %s\n", pw_error_message(err));
        exit(1);
    }
}

static void *need(void *memory)
{
    if (memory == NULL) {
        fprintf(stderr, "store_speed: out of memory\n");
        exit(1);
    }
    return memory;
}

/* Numerical Recipes' linear congruential generator: the same numbers everywhere. */
static double next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (double)(*state >> 11) / 9007199254740992.0;
}

static void add_benchmark(struct pw_result *result, unsigned number, uint64_t *seed,
                          struct pw_error *err)
{
    static const struct pw_context context = {.load_before = 0.12, .load_after = 0.5};
    char id[32];
    (void)snprintf(id, sizeof(id), "bench%u", number);
    struct pw_result_benchmark *benchmark = pw_result_add_benchmark(result, id, id, id);
    need(benchmark);
    benchmark->command = need(pw_arena_array(&result->arena, 2, sizeof(*benchmark->command)));
    benchmark->command[0] = "./build/bench";
    benchmark->command[1] = need(pw_arena_printf(&result->arena, "--workload=%u", number));
    benchmark->command_count = 2;
    benchmark->methods = (struct pw_result_methods){.ending = "subreaper"};
    benchmark->context = &context;
    for (size_t m = 0; m < PW_COUNT(metrics); m++) {
        struct pw_series *series =
            pw_result_series(result, benchmark, metrics[m].name, metrics[m].unit, PW_BETTER_LOWER,
                             metrics[m].source);
        need(series);
        for (int i = 0; i < SAMPLES; i++) {
            const double value = metrics[m].typical + metrics[m].spread * next_random(seed);
            require(pw_series_add(result, series, (double)(long)value, err), err);
        }
    }
}

static void make_result(struct pw_result *result, const char *commit, unsigned benchmarks)
{
    struct pw_error err = PW_ERROR_INIT;
    require(pw_result_init(result, &err), &err);
    require(pw_environment_detect(result, &err), &err);
    result->commit = need(pw_arena_strdup(&result->arena, commit));
    result->branch = "main";
    result->config_hash = "0123456789abcdef";
    uint64_t seed = (uint64_t)strtoull(result->run_id + 16, NULL, 32);
    for (unsigned i = 1; i <= benchmarks; i++) {
        add_benchmark(result, i, &seed, &err);
    }
}

static void put_file(const char *line, const struct pw_result *here, unsigned benchmarks)
{
    char commit[PW_OID_SIZE];
    char where[16];
    char what[16];
    struct pw_result result = {0};
    struct pw_strbuf text = PW_STRBUF_INIT;
    if (sscanf(line, "%40s %15s %15s", commit, where, what) != 3) {
        fprintf(stderr, "store_speed: cannot read '%s'\n", line);
        exit(1);
    }
    const bool is_full = strcmp(what, "full") == 0;
    char run_id[PW_RUN_ID_SIZE];
    struct pw_error err = PW_ERROR_INIT;
    require(pw_run_id_new(run_id, &err), &err);
    printf("M 100644 %s %.2s/%s/%s/%s.json\n", is_full ? "inline" : ":1", commit, commit,
           strcmp(where, "here") == 0 ? here->environment.id : "00000000e15e", run_id);
    if (is_full) {
        make_result(&result, commit, benchmarks);
        memcpy(result.run_id, run_id, sizeof(run_id));
        pw_result_write(&result, &text);
        printf("data %zu\n%s\n", text.length, pw_strbuf_text(&text));
    }
    pw_strbuf_release(&text);
    pw_result_release(&result);
}

static int put_results(char **arguments)
{
    char line[128];
    struct pw_result here;
    make_result(&here, "", 0);
    puts("blob\nmark :1\ndata 15\nnot read by us\n");
    puts("commit " REF "\ncommitter perfwarden <perfwarden@localhost> 1790000000 +0000\n"
         "data 3\nadd");
    while (fgets(line, sizeof(line), stdin) != NULL) {
        put_file(line, &here, (unsigned)strtoul(arguments[0], NULL, 10));
    }
    puts("done");
    pw_result_release(&here);
    return fflush(stdout) == 0 && !ferror(stdin) ? 0 : 1;
}

/* A repository with its configuration and its store. */
struct scene {
    struct pw_git *git;
    struct pw_config config;
    struct pw_store *store;
    struct pw_error err;
};

static void open_scene(struct scene *scene, const char *directory)
{
    struct pw_strbuf path = PW_STRBUF_INIT;
    struct pw_diagnostics mistakes = {0};
    memset(scene, 0, sizeof(*scene));
    pw_path_join(&path, directory, PW_CONFIG_DEFAULT_PATH);
    if (pw_config_load(pw_strbuf_text(&path), &scene->config, &mistakes) != 0) {
        fprintf(stderr, "store_speed: cannot load '%s'\n", pw_strbuf_text(&path));
        exit(1);
    }
    require(pw_git_open(directory, &scene->git, &scene->err), &scene->err);
    require(pw_store_open(&scene->config.baseline, scene->git, &scene->store, &scene->err),
            &scene->err);
    pw_strbuf_release(&path);
}

static void close_scene(struct scene *scene)
{
    pw_store_free(scene->store);
    pw_git_free(scene->git);
    pw_config_release(&scene->config);
}

/* When a measurement began. */
struct moment {
    uint64_t wall_ns;
    double processor_ms;
};

static double processor_ms(const struct rusage *usage)
{
    return (double)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * 1e3 +
           (double)(usage->ru_utime.tv_usec + usage->ru_stime.tv_usec) / 1e3;
}

static struct moment now(void)
{
    struct rusage usage;
    (void)getrusage(RUSAGE_SELF, &usage);
    return (struct moment){pw_clock_monotonic_ns(), processor_ms(&usage)};
}

static void put_usage(const struct moment *start, int whose, size_t found)
{
    const double elapsed_ms = (double)(pw_clock_monotonic_ns() - start->wall_ns) / 1e6;
    struct rusage usage;
    (void)getrusage(whose, &usage);
    printf("%.3f %.3f %.1f %zu\n", elapsed_ms, processor_ms(&usage) - start->processor_ms,
           (double)usage.ru_maxrss / 1024, found);
}

static void put_figures(const struct moment *start, size_t found)
{
    put_usage(start, RUSAGE_SELF, found);
}

static void find(struct scene *scene, char **arguments, struct pw_store_search *out)
{
    struct pw_result here;
    make_result(&here, arguments[0], 0);
    require(pw_store_find(scene->store, arguments[0], here.environment.id,
                          (size_t)strtoul(arguments[1], NULL, 10), out, &scene->err),
            &scene->err);
    pw_result_release(&here);
}

static int time_find(char **arguments)
{
    struct scene scene;
    struct pw_store_search found;
    open_scene(&scene, arguments[0]);
    const struct moment start = now();
    find(&scene, arguments + 1, &found);
    put_figures(&start, found.session_count);
    pw_store_search_release(&found);
    close_scene(&scene);
    return 0;
}

static int time_list(char **arguments)
{
    struct scene scene;
    struct pw_store_listing listing;
    open_scene(&scene, arguments[0]);
    const struct moment start = now();
    require(pw_store_list(scene.store, &listing, &scene.err), &scene.err);
    put_figures(&start, listing.count);
    pw_store_listing_release(&listing);
    close_scene(&scene);
    return 0;
}

static int time_add(char **arguments)
{
    struct scene scene;
    struct pw_result result;
    char head[PW_OID_SIZE];
    open_scene(&scene, arguments[0]);
    require(pw_git_resolve(scene.git, "HEAD", head, &scene.err), &scene.err);
    make_result(&result, head, (unsigned)strtoul(arguments[1], NULL, 10));
    const struct moment start = now();
    require(pw_store_add(scene.store, &result, &scene.err), &scene.err);
    put_figures(&start, 1);
    pw_result_release(&result);
    close_scene(&scene);
    return 0;
}

/* The nearest session, in the place of a head that was just measured. */
static int time_gate(char **arguments)
{
    struct scene scene;
    struct pw_store_search found;
    struct pw_comparison comparison = {0};
    struct pw_strbuf text = PW_STRBUF_INIT;
    const struct pw_report_options plain = {0};
    open_scene(&scene, arguments[0]);
    find(&scene, arguments + 1, &found);
    const struct pw_gate_options options = {.config = &scene.config};
    const struct pw_side base = {.commit = found.commit, .sessions = found.session_count};
    const struct moment start = now();
    require(pw_gate_stored(&options, found.sessions, found.session_count, NULL, &base,
                           &found.sessions[0], &comparison, &scene.err),
            &scene.err);
    size_t count = 0;
    const struct pw_reporter *reporters = pw_reporter_table(&count);
    require(reporters[0].comparison(&comparison, &plain, &text, &scene.err), &scene.err);
    put_figures(&start, comparison.row_count);
    pw_strbuf_release(&text);
    pw_comparison_release(&comparison);
    pw_store_search_release(&found);
    close_scene(&scene);
    return 0;
}

static int time_run(char **arguments)
{
    int ended = 0;
    /* children start from nothing */
    const struct moment start = {.wall_ns = pw_clock_monotonic_ns()};
    const pid_t child = fork();
    if (child == 0) {
        const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
        if (nowhere < 0 || dup2(nowhere, STDOUT_FILENO) < 0 || dup2(nowhere, STDERR_FILENO) < 0) {
            _exit(126);
        }
        (void)execvp(arguments[0], arguments);
        _exit(127);
    }
    if (child < 0 || waitpid(child, &ended, 0) != child || !WIFEXITED(ended)) {
        fprintf(stderr, "store_speed: '%s' did not end by itself\n", arguments[0]);
        return 1;
    }
    put_usage(&start, RUSAGE_CHILDREN, (size_t)WEXITSTATUS(ended));
    return WEXITSTATUS(ended);
}

static int time_fsync(char **arguments)
{
    const char page[4096] = "";
    const int fd = open(arguments[0], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0 || write(fd, page, sizeof(page)) != (ssize_t)sizeof(page)) {
        fprintf(stderr, "store_speed: cannot write '%s'\n", arguments[0]);
        return 1;
    }
    const struct moment start = now();
    const int status = fsync(fd);
    put_figures(&start, 1);
    return close(fd) == 0 && status == 0 ? 0 : 1;
}

static const struct {
    const char *name;
    int arguments; /**< -1 for one or more */
    int (*run)(char **arguments);
} commands[] = {
    {"results", 1, put_results}, {"find", 3, time_find}, {"list", 1, time_list},
    {"add", 2, time_add},        {"gate", 3, time_gate}, {"run", -1, time_run},
    {"fsync", 1, time_fsync},
};

int main(int argc, char **argv)
{
    for (size_t i = 0; argc > 1 && i < PW_COUNT(commands); i++) {
        const int given = argc - 2;
        const int wanted = commands[i].arguments;
        if (strcmp(argv[1], commands[i].name) == 0 && (wanted < 0 ? given > 0 : given == wanted)) {
            return commands[i].run(argv + 2);
        }
    }
    fprintf(stderr, "usage: store_speed results BENCHMARKS | find DIRECTORY FROM N | list "
                    "DIRECTORY | add DIRECTORY BENCHMARKS | gate DIRECTORY FROM N | run COMMAND... "
                    "| fsync FILE\n");
    return 2;
}

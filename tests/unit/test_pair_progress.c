/* What is told of a paired measurement where there is no terminal: lines, seldom enough. What a
 * terminal is shown is tested in tests/terminal. */
#include "../../src/cli/pair_progress.h"
#include "pair_fixture.h"

static const struct pw_threshold time_5[] = {{"wall_time", 0.05, NAN, NAN}};

/** A measurement of three benchmarks, one of which is decided before. */
struct watched {
    struct pair_scene scene;
    struct pw_pair_progress progress;
    FILE *stream;
};

static void start(struct watched *watched, const struct pw_arguments *arguments)
{
    static const char *const ids[] = {"a\033[2J", "b", "same"};
    pair_start(&watched->scene, 1);
    for (size_t i = 0; i < 3; i++) {
        pair_declare(&watched->scene, ids[i], time_5, 1, 1.0, 0.01);
        watched->scene.benchmarks[i].runs_max = 60;
        watched->scene.benchmarks[i].budget_ns = UINT64_C(120000000000);
    }
    pair_open(&watched->scene);
    assert_int_equal(pw_gate_pairs_exempt(watched->scene.pairs, "same", PW_VERDICT_PASS,
                                          "identical", "nothing differs", NULL),
                     0);
    watched->stream = tmpfile();
    assert_non_null(watched->stream);
    const struct pw_pair_watched what = {&watched->scene.config, watched->scene.pairs, 0};
    assert_int_equal(
        pw_pair_progress_init(&watched->progress, watched->stream, arguments, &what, NULL), 0);
}

static void begin(struct watched *watched, size_t which)
{
    watched->progress.observer.benchmark_started(&watched->progress,
                                                 &watched->scene.benchmarks[which], which, 2);
}

static void measure(struct watched *watched, size_t which)
{
    const char *id = watched->scene.benchmarks[which].id;
    assert_true(pair_wants(&watched->scene, id));
    pair_measure(&watched->scene, which);
    watched->progress.observer.run_ended(&watched->progress, &watched->scene.benchmarks[which],
                                         (unsigned)pair_made(&watched->scene, id), 60, 20000000);
}

static void end(struct watched *watched, size_t which)
{
    const struct pw_benchmark *benchmark = &watched->scene.benchmarks[which];
    watched->progress.observer.benchmark_ended(&watched->progress, benchmark,
                                               pw_result_find(&watched->scene.head, benchmark->id));
}

/* @return all that was written; freed by the caller */
static char *stop(struct watched *watched)
{
    pw_pair_progress_finish(&watched->progress);
    const size_t length = (size_t)ftell(watched->stream);
    char *text = calloc(1, length + 1);
    assert_non_null(text);
    rewind(watched->stream);
    assert_int_equal(fread(text, 1, length, watched->stream), length);
    fclose(watched->stream);
    pair_end(&watched->scene);
    return text;
}

static char *run(const struct pw_arguments *arguments, uint64_t silence_ns)
{
    struct watched watched;
    start(&watched, arguments);
    begin(&watched, 0);
    begin(&watched, 1);
    measure(&watched, 0);
    watched.progress.line.heartbeat.spoken_ns -= silence_ns;
    measure(&watched, 1);
    measure(&watched, 1);
    end(&watched, 1);
    return stop(&watched);
}

static void test_heartbeat(void **state)
{
    const struct pw_arguments arguments = {0};
    (void)state;
    char *text = run(&arguments, 0);
    assert_string_equal(text, "");
    free(text);
    text = run(&arguments, PW_HEARTBEAT_NS);
    assert_ptr_equal(strstr(text, "paired: 1 of 3 decided, 2 pairs, at most "), text);
    assert_string_equal(text + strlen(text) - strlen(" left\n"), " left\n");
    assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
    free(text);
}

static void test_quiet(void **state)
{
    static const struct pw_arguments silent[] = {
        {.is_quiet = true}, {.progress = PW_WHEN_NEVER}, {.shows_output = true}};
    (void)state;
    for (size_t i = 0; i < PW_COUNT(silent); i++) {
        char *text = run(&silent[i], PW_HEARTBEAT_NS);
        assert_string_equal(text, "");
        free(text);
    }
}

static void test_lines(void **state)
{
    const struct pw_arguments arguments = {.is_verbose = true};
    (void)state;
    char *text = run(&arguments, 0);
    assert_string_equal(text, "2/3 b: ok, 2 pairs\n");
    free(text);
}

/* What is not a terminal gets one line, drawn again and again, when it is asked for. */
static void test_one_line(void **state)
{
    const struct pw_arguments arguments = {.progress = PW_WHEN_ALWAYS};
    (void)state;
    char *text = run(&arguments, 0);
    assert_non_null(strstr(text, "1/3  a\\x1b[2J  0 pairs"));
    assert_null(strstr(text, "\033[2J"));
    assert_null(strchr(text, '\n'));
    assert_string_equal(text + strlen(text) - 4, "\r\033[K");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_heartbeat),
        cmocka_unit_test(test_quiet),
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_one_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

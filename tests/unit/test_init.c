/*
 * What init writes: whatever the executables are called, the configuration module reads the file
 * back and finds exactly them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../src/cli/init.h"
#include "perfwarden/config.h"

static void parse(const struct pw_survey *survey, struct pw_config *config)
{
    struct pw_strbuf text = PW_STRBUF_INIT;
    struct pw_diagnostics mistakes = {0};

    pw_init_write_config(&text, survey);
    assert_false(pw_strbuf_failed(&text));
    if (pw_config_parse(pw_strbuf_text(&text), text.length, "perfwarden.yml", "/tmp", config,
                        &mistakes) != PW_OK) {
        fail_msg("line %u: %s\n%s", mistakes.items[0].line, pw_error_message(&mistakes.items[0]),
                 pw_strbuf_text(&text));
    }
    pw_diagnostics_release(&mistakes);
    pw_strbuf_release(&text);
}

static void assert_threshold(const struct pw_benchmark *benchmark, const char *metric, double ratio)
{
    const struct pw_threshold *threshold = pw_benchmark_threshold(benchmark, metric);

    assert_non_null(threshold);
    assert_true(threshold->increase_ratio > ratio - 1e-9);
    assert_true(threshold->increase_ratio < ratio + 1e-9);
}

static void test_empty_survey_gives_an_example(void **state)
{
    const struct pw_survey survey = {0};
    struct pw_config config = {0};
    (void)state;

    parse(&survey, &config);
    assert_int_equal(config.benchmark_count, 1);
    assert_string_equal(config.benchmarks[0].name, "example");
    assert_threshold(&config.benchmarks[0], "wall_time", 0.20);
    assert_threshold(&config.benchmarks[0], "max_rss", 0.30);
    assert_int_equal(config.build.count, 0);
    pw_config_release(&config);
}

static void test_hostile_names_are_read_back(void **state)
{
    static const char *const paths[] = {
        "bench",
        "build/bench",
        "other/bench",
        "build/bench quoted \"x\" 'y' \\ \\n",
        "build/bench\nline\r\ttab",
        "build/bench\033[31m\001\177",
        "build/bench: - &a *b !c %d @e `f` # g, [h] {i} | > ? ~",
        "build/gr\xc3\xb6\xc3\x9ft-bench",
        "build/bench\xc2\x85\xe2\x80\xa8\xe2\x80\xae\xef\xbb\xbf",
        "build/bench\xf0\x9f\x9a\x80",
        "-bench",
        "--bench=",
        "...bench",
        "null.bench",
        "{size}/bench{size}",
        "$(id)bench`id`",
    };
    struct pw_candidate candidates[PW_COUNT(paths)] = {{0}};
    const struct pw_survey survey = {.candidates = candidates, .count = PW_COUNT(paths)};
    struct pw_config config = {0};
    (void)state;

    for (size_t i = 0; i < PW_COUNT(paths); i++) {
        candidates[i].path = paths[i];
    }
    parse(&survey, &config);
    assert_int_equal(config.benchmark_count, PW_COUNT(paths));
    for (size_t i = 0; i < PW_COUNT(paths); i++) {
        assert_int_equal(config.benchmarks[i].command.count, 1);
        assert_memory_equal(config.benchmarks[i].command.items[0], "./", 2);
        assert_string_equal(config.benchmarks[i].command.items[0] + 2, paths[i]);
        assert_false(config.benchmarks[i].is_shell);
    }
    pw_config_release(&config);
}

static void test_google_benchmarks_get_their_format(void **state)
{
    struct pw_candidate candidate = {.path = "build/b", .is_google_benchmark = true};
    const struct pw_survey survey = {.candidates = &candidate, .count = 1};
    struct pw_config config = {0};
    (void)state;

    parse(&survey, &config);
    assert_string_equal(config.benchmarks[0].format, "google-benchmark");
    assert_int_equal(config.benchmarks[0].command.count, 2);
    assert_string_equal(config.benchmarks[0].command.items[1], "--benchmark_format=json");
    assert_threshold(&config.benchmarks[0], "real_time", 0.20);
    pw_config_release(&config);
}

static void test_long_lists_are_cut_and_names_stay_unique(void **state)
{
    struct pw_candidate candidates[3 * PW_INIT_MAX_LISTED] = {{0}};
    const struct pw_survey survey = {.candidates = candidates, .count = PW_COUNT(candidates)};
    struct pw_config config = {0};
    (void)state;

    /* Three names that are the same once they are cleaned. */
    for (size_t i = 0; i < PW_COUNT(candidates); i++) {
        static const char *const paths[] = {"a/bench x", "a/bench:x", "a/bench*x"};
        candidates[i].path = paths[i % 3];
    }
    parse(&survey, &config);
    assert_int_equal(config.benchmark_count, PW_INIT_MAX_LISTED);
    pw_config_release(&config);
}

static void test_build_steps_are_kept(void **state)
{
    static const char *const steps[] = {"cmake -B build", "cmake --build build", NULL};
    const struct pw_survey survey = {.build_system = "CMake", .build_steps = steps};
    struct pw_config config = {0};
    (void)state;

    parse(&survey, &config);
    assert_int_equal(config.build.count, 2);
    assert_string_equal(config.build.items[1], "cmake --build build");
    pw_config_release(&config);
}

static void make_file(const char *path, const char *content, mode_t mode)
{
    const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, content, strlen(content)), (ssize_t)strlen(content));
    assert_int_equal(fchmod(fd, mode), 0);
    assert_int_equal(close(fd), 0);
}

/* The mark that tells Google Benchmark lies across the end of what is read at once. */
static void make_straddling_file(const char *path)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    (void)fputs("\177ELF", file);
    for (size_t i = 4; i < 65536 + 4 - 8; i++) {
        (void)fputc('b', file);
    }
    (void)fputs("benchmark_format", file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, 0755), 0);
}

static void test_a_directory_is_looked_through(void **state)
{
    char directory[] = "/tmp/perfwarden-test-XXXXXX";
    struct pw_survey survey = {0};
    struct pw_error err = PW_ERROR_INIT;
    const int here = open(".", O_RDONLY | O_DIRECTORY);
    (void)state;

    assert_non_null(mkdtemp(directory));
    assert_int_equal(chdir(directory), 0);
    make_file("b_BENCH", "#!/bin/sh\n", 0755);
    make_file("bench_text", "text", 0755);
    make_file("bench_plain", "#!/bin/sh\n", 0644);
    make_file("meson.build", "", 0644);
    make_straddling_file("a_perf");
    assert_int_equal(pw_survey_directory(".", &survey, &err), PW_OK);
    assert_int_equal(survey.count, 2);
    assert_string_equal(survey.candidates[0].path, "a_perf");
    assert_true(survey.candidates[0].is_google_benchmark);
    assert_string_equal(survey.candidates[1].path, "b_BENCH");
    assert_false(survey.candidates[1].is_google_benchmark);
    assert_string_equal(survey.build_system, "Meson");
    assert_false(survey.is_cut);
    pw_survey_release(&survey);

    assert_int_equal(unlink("b_BENCH") | unlink("bench_text") | unlink("bench_plain") |
                         unlink("meson.build") | unlink("a_perf"),
                     0);
    assert_int_equal(fchdir(here), 0);
    assert_int_equal(rmdir(directory), 0);
    assert_int_equal(close(here), 0);
    assert_int_equal(pw_survey_directory(directory, &survey, &err), PW_ENOTFOUND);
    pw_error_release(&err);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_empty_survey_gives_an_example),
        cmocka_unit_test(test_hostile_names_are_read_back),
        cmocka_unit_test(test_google_benchmarks_get_their_format),
        cmocka_unit_test(test_long_lists_are_cut_and_names_stay_unique),
        cmocka_unit_test(test_build_steps_are_kept),
        cmocka_unit_test(test_a_directory_is_looked_through),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

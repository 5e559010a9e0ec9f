/* What the tests of the configuration share: reading a text, looking at its mistakes. */
#ifndef TEST_CONFIG_SUPPORT_H
#define TEST_CONFIG_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "perfwarden/config.h"

#define DIRECTORY "/project"

/* The shortest valid file, to which a test adds what it is about. */
#define MINIMAL "version: 1\nbenchmarks:\n  - name: a\n    command: [./a]\n"

static inline int parse(const char *text, size_t length, struct pw_config *config,
                        struct pw_diagnostics *mistakes)
{
    return pw_config_parse(text, length, "perfwarden.yml", DIRECTORY, config, mistakes);
}

/* Parse a text that must be right; its mistakes are printed when it is not. */
static inline struct pw_config parse_valid(const char *text)
{
    struct pw_config config = {0};
    struct pw_diagnostics mistakes = {0};
    const int status = parse(text, strlen(text), &config, &mistakes);
    for (size_t i = 0; i < mistakes.count; i++) {
        print_error("%u:%u: %s\n", mistakes.items[i].line, mistakes.items[i].column,
                    pw_error_message(&mistakes.items[i]));
    }
    pw_diagnostics_release(&mistakes);
    assert_int_equal(status, PW_OK);
    return config;
}

/* What must hold for every input: a configuration and no mistakes, or no configuration and some. */
static inline bool parse_anything(const char *text, size_t length)
{
    struct pw_config config = {0};
    struct pw_diagnostics mistakes = {0};
    const int status = parse(text, length, &config, &mistakes);
    if (status == PW_OK) {
        assert_int_equal(mistakes.count, 0);
        assert_true(config.benchmark_count > 0);
        assert_int_equal(strlen(config.hash), 16);
    } else {
        assert_int_equal(status, PW_ECONFIG);
        assert_true(mistakes.count > 0);
        assert_null(config.benchmarks);
        for (size_t i = 0; i < mistakes.count; i++) {
            assert_true(mistakes.items[i].line > 0);
            assert_true(mistakes.items[i].column > 0);
            assert_string_equal(mistakes.items[i].file, "perfwarden.yml");
        }
    }
    pw_config_release(&config);
    pw_diagnostics_release(&mistakes);
    return status == PW_OK;
}

#endif

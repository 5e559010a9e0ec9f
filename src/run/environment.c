/*
 * Builds a benchmark's environment. What the caller has is passed on, for programs need PATH, HOME
 * and library paths; locale and time zone are fixed, for they change what programs do and how long
 * it takes.
 */
#include "environment.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/** POSIX leaves the declaration to the program. */
extern char **environ;

#define PARAM_PREFIX "PERFWARDEN_PARAM_"

/** The slot of a variable, or the count of all when there is none. */
static size_t find_variable(const struct pw_run_environment *environment, const char *name,
                            size_t name_length)
{
    size_t i = 0;

    while (i < environment->count && (strncmp(environment->variables[i], name, name_length) != 0 ||
                                      environment->variables[i][name_length] != '=')) {
        i++;
    }
    return i;
}

/** Put "NAME=value" in its slot; the text is the arena's or outlives it. */
static int put(struct pw_run_environment *environment, struct pw_arena *arena, const char *variable,
               struct pw_error *err)
{
    size_t slot = find_variable(environment, variable, strcspn(variable, "="));
    const char **grown;

    if (slot < environment->count) {
        environment->variables[slot] = variable;
        return 0;
    }
    /* Room for one more, and for the NULL behind it. */
    grown = pw_arena_grow(arena, (void *)environment->variables,
                          environment->capacity == 0 ? 0 : environment->count + 1,
                          &environment->capacity, sizeof(*grown));
    if (grown == NULL) {
        return pw_error_set_no_memory(err);
    }
    environment->variables = grown;
    grown[environment->count++] = variable;
    grown[environment->count] = NULL;
    return 0;
}

int pw_run_environment_set(struct pw_run_environment *environment, struct pw_arena *arena,
                           const char *name, const char *value, struct pw_error *err)
{
    const char *variable = pw_arena_printf(arena, "%s=%s", name, value);

    if (variable == NULL) {
        return pw_error_set_no_memory(err);
    }
    return put(environment, arena, variable, err);
}

/** What stands for a character in a variable's name: ASCII only, whatever the locale is. */
static char variable_character(char c)
{
    static const char LOWER[] = "abcdefghijklmnopqrstuvwxyz";
    static const char UPPER[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    const char *found = strchr(LOWER, c);

    if (found != NULL) {
        return UPPER[found - LOWER];
    }
    if (strchr(UPPER, c) != NULL || (c >= '0' && c <= '9')) {
        return c;
    }
    return '_';
}

/** PERFWARDEN_PARAM_<NAME>: upper case, and '_' for what a shell could not name. */
static int set_param(struct pw_run_environment *environment, struct pw_arena *arena,
                     const struct pw_name_value *param, struct pw_error *err)
{
    char *name = pw_arena_printf(arena, PARAM_PREFIX "%s", param->name);

    if (name == NULL) {
        return pw_error_set_no_memory(err);
    }
    for (char *c = name + strlen(PARAM_PREFIX); *c != '\0'; c++) {
        *c = variable_character(*c);
    }
    return pw_run_environment_set(environment, arena, name, param->value, err);
}

/** Locale and time zone, `env:`, and the PERFWARDEN_ variables, in this order. */
static int put_layers(struct pw_run_environment *environment, struct pw_arena *arena,
                      const struct pw_benchmark *benchmark, const char *run_id,
                      struct pw_error *err)
{
    const struct pw_name_value fixed[] = {{"LC_ALL", "C"}, {"TZ", "UTC"}};
    const struct pw_name_value own[] = {{"PERFWARDEN_RUN_ID", run_id},
                                        {"PERFWARDEN_BENCHMARK", benchmark->id},
                                        {"PERFWARDEN_SIDE", "head"}};
    const struct {
        const struct pw_name_value *items;
        size_t count;
    } layers[] = {
        {fixed, PW_COUNT(fixed)}, {benchmark->env, benchmark->env_count}, {own, PW_COUNT(own)}};
    int status = 0;

    for (size_t layer = 0; layer < PW_COUNT(layers); layer++) {
        for (size_t i = 0; status == 0 && i < layers[layer].count; i++) {
            status = pw_run_environment_set(environment, arena, layers[layer].items[i].name,
                                            layers[layer].items[i].value, err);
        }
    }
    for (size_t i = 0; status == 0 && i < benchmark->param_count; i++) {
        status = set_param(environment, arena, &benchmark->params[i], err);
    }
    return status;
}

int pw_run_environment_build(struct pw_run_environment *environment, struct pw_arena *arena,
                             const struct pw_benchmark *benchmark, const char *run_id,
                             struct pw_error *err)
{
    int status = 0;

    for (char **variable = environ; status == 0 && variable != NULL && *variable != NULL;
         variable++) {
        status = put(environment, arena, *variable, err);
    }
    return status != 0 ? status : put_layers(environment, arena, benchmark, run_id, err);
}

int pw_run_environment_build_counted(struct pw_run_environment *environment, struct pw_arena *arena,
                                     const struct pw_benchmark *benchmark,
                                     const struct pw_name_value *pinned, size_t pinned_count,
                                     struct pw_error *err)
{
    /* As long as a real one: the length of the environment alone moves counts. */
    static const char RUN_ID[] = "00000000000000000000000000";
    static const char *const PASSED_ON[] = {"PATH", "HOME"};
    int status = 0;

    for (size_t i = 0; status == 0 && i < PW_COUNT(PASSED_ON); i++) {
        const char *value = getenv(PASSED_ON[i]);

        if (value != NULL) {
            status = pw_run_environment_set(environment, arena, PASSED_ON[i], value, err);
        }
    }
    for (size_t i = 0; status == 0 && i < pinned_count; i++) {
        status = pw_run_environment_set(environment, arena, pinned[i].name, pinned[i].value, err);
    }
    if (status == 0) {
        status = put_layers(environment, arena, benchmark, RUN_ID, err);
    }
    return status != 0 ? status : pw_run_environment_set_iteration(environment, arena, 1, err);
}

int pw_run_environment_set_iteration(struct pw_run_environment *environment, struct pw_arena *arena,
                                     unsigned iteration, struct pw_error *err)
{
    enum { VARIABLE_BYTES = 32 };
    char *variable = environment->iteration;

    if (variable == NULL) {
        variable = pw_arena_alloc(arena, VARIABLE_BYTES);
    }
    if (variable == NULL) {
        return pw_error_set_no_memory(err);
    }
    (void)snprintf(variable, VARIABLE_BYTES, "PERFWARDEN_ITERATION=%u", iteration);
    if (environment->iteration == NULL) {
        int status = put(environment, arena, variable, err);

        if (status != 0) {
            return status;
        }
        environment->iteration = variable;
    }
    return 0;
}

/** Leave out a variable, if there is one of this name. */
static void drop(struct pw_run_environment *environment, const char *name)
{
    size_t slot = find_variable(environment, name, strlen(name));

    if (slot < environment->count) {
        /* With the NULL behind the last. */
        memmove((void *)&environment->variables[slot], (void *)&environment->variables[slot + 1],
                (environment->count - slot) * sizeof(*environment->variables));
        environment->count--;
    }
}

static bool is_configured(const struct pw_benchmark *benchmark, const char *name)
{
    for (size_t i = 0; i < benchmark->env_count; i++) {
        if (strcmp(benchmark->env[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

int pw_run_environment_pair(struct pw_run_environment *environment, struct pw_arena *arena,
                            const struct pw_benchmark *benchmark,
                            const struct pw_run_pairing *pairing, struct pw_error *err)
{
    static const char DIRECTORY[] = "PWD";
    int status = pw_run_environment_set(environment, arena, "PERFWARDEN_SIDE", pairing->side, err);

    if (status == 0 && !is_configured(benchmark, DIRECTORY)) {
        /* The caller's own would name a tree that is neither side's. */
        drop(environment, DIRECTORY);
        if (pairing->names_directory) {
            status = pw_run_environment_set(environment, arena, DIRECTORY, benchmark->cwd, err);
        }
    }
    return status != 0 ? status : put(environment, arena, pairing->padding, err);
}

size_t pw_run_environment_bytes(const struct pw_run_environment *environment)
{
    size_t bytes = 0;

    for (size_t i = 0; i < environment->count; i++) {
        bytes += strlen(environment->variables[i]) + 1;
    }
    return bytes;
}

/* Which shard this is: the command line, else what a CI system's variables say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../src/cli/shard.h"

/* "NAME=VALUE" texts, ended by NULL; what getenv() is in these tests. */
static const char *const *variables;

static const char *get_variable(const char *name)
{
    const size_t length = strlen(name);

    for (size_t i = 0; variables[i] != NULL; i++) {
        if (strncmp(variables[i], name, length) == 0 && variables[i][length] == '=') {
            return variables[i] + length + 1;
        }
    }
    return NULL;
}

struct choice_case {
    const char *word;
    const char *variables[6];
    unsigned index;
    unsigned count;
    const char *refusal; /* a part of the message */
};

static const struct choice_case cases[] = {
    {NULL, {NULL}, 0, 0, NULL},
    {"2/4", {NULL}, 2, 4, NULL},
    {"10000/10000", {NULL}, 10000, 10000, NULL},
    {"1/1", {NULL}, 0, 0, NULL},
    {"0/4", {NULL}, 0, 0, "'0/4' is not K/N"},
    {"5/4", {NULL}, 0, 0, "'5/4' is not K/N"},
    {"1/10001", {NULL}, 0, 0, "10000"},
    {"1/18446744073709551617", {NULL}, 0, 0, "K/N"},
    {"/4", {NULL}, 0, 0, "K/N"},
    {"1/", {NULL}, 0, 0, "K/N"},
    {"1", {NULL}, 0, 0, "K/N"},
    {"+1/2", {NULL}, 0, 0, "K/N"},
    {"1/2/3", {NULL}, 0, 0, "K/N"},
    {"1 /2", {NULL}, 0, 0, "K/N"},
    /* GitLab says that there is one where it numbers none. */
    {NULL, {"CI_NODE_TOTAL=1"}, 0, 0, NULL},
    {NULL, {"CI_NODE_TOTAL=3", "CI_NODE_INDEX=3"}, 3, 3, NULL},
    {"auto", {"CI_NODE_TOTAL=3", "CI_NODE_INDEX=1"}, 1, 3, NULL},
    {"none", {"CI_NODE_TOTAL=3", "CI_NODE_INDEX=1"}, 0, 0, NULL},
    {"2/2", {"CI_NODE_TOTAL=3", "CI_NODE_INDEX=1"}, 2, 2, NULL},
    {"2/2", {"CI_NODE_TOTAL=x"}, 2, 2, NULL},
    {NULL, {"CI_NODE_TOTAL=3"}, 0, 0, "'CI_NODE_INDEX' is not set"},
    {NULL, {"CI_NODE_INDEX=3"}, 0, 0, "'CI_NODE_TOTAL' is not set"},
    {NULL, {"CI_NODE_TOTAL=3", "CI_NODE_INDEX=0"}, 0, 0, "'CI_NODE_INDEX' is 0"},
    {NULL, {"CI_NODE_TOTAL=3", "CI_NODE_INDEX=4"}, 0, 0, "'CI_NODE_INDEX' is 4"},
    {NULL, {"CI_NODE_TOTAL=0", "CI_NODE_INDEX=0"}, 0, 0, "'CI_NODE_TOTAL' is 0"},
    {NULL, {"CI_NODE_TOTAL=10001", "CI_NODE_INDEX=1"}, 0, 0, "'CI_NODE_TOTAL' is 10001"},
    {NULL, {"CI_NODE_TOTAL=three", "CI_NODE_INDEX=1"}, 0, 0, "'CI_NODE_TOTAL' is 'three'"},
    {NULL, {"CI_NODE_TOTAL=3", "CI_NODE_INDEX=-1"}, 0, 0, "'CI_NODE_INDEX' is '-1'"},
    {NULL, {"CI_NODE_TOTAL=", "CI_NODE_INDEX="}, 0, 0, NULL},
    {NULL, {"BUILDKITE_PARALLEL_JOB=0", "BUILDKITE_PARALLEL_JOB_COUNT=5"}, 1, 5, NULL},
    {NULL, {"BUILDKITE_PARALLEL_JOB=4", "BUILDKITE_PARALLEL_JOB_COUNT=5"}, 5, 5, NULL},
    {NULL, {"BUILDKITE_PARALLEL_JOB=5", "BUILDKITE_PARALLEL_JOB_COUNT=5"}, 0, 0, "from 0 to 4"},
    {NULL, {"BUILDKITE_PARALLEL_JOB_COUNT=1"}, 0, 0, "'BUILDKITE_PARALLEL_JOB' is not set"},
    {NULL, {"CIRCLE_NODE_INDEX=0", "CIRCLE_NODE_TOTAL=1"}, 0, 0, NULL},
    {NULL, {"CIRCLE_NODE_INDEX=1", "CIRCLE_NODE_TOTAL=2"}, 2, 2, NULL},
    /* one job of GitLab's, in which an array runs */
    {NULL,
     {"CI_NODE_TOTAL=1", "SLURM_ARRAY_TASK_ID=7", "SLURM_ARRAY_TASK_MIN=5",
      "SLURM_ARRAY_TASK_MAX=9", "SLURM_ARRAY_TASK_COUNT=3"},
     2,
     3,
     NULL},
    {NULL,
     {"SLURM_ARRAY_TASK_ID=0", "SLURM_ARRAY_TASK_MIN=0", "SLURM_ARRAY_TASK_MAX=3",
      "SLURM_ARRAY_TASK_COUNT=4"},
     1,
     4,
     NULL},
    {NULL,
     {"SLURM_ARRAY_TASK_ID=7", "SLURM_ARRAY_TASK_MIN=7", "SLURM_ARRAY_TASK_MAX=7",
      "SLURM_ARRAY_TASK_COUNT=1"},
     0,
     0,
     NULL},
    {NULL,
     {"SLURM_ARRAY_TASK_ID=3", "SLURM_ARRAY_TASK_MIN=1", "SLURM_ARRAY_TASK_MAX=7",
      "SLURM_ARRAY_TASK_COUNT=3"},
     0,
     0,
     "not evenly spaced"},
    {NULL,
     {"SLURM_ARRAY_TASK_ID=2", "SLURM_ARRAY_TASK_MIN=1", "SLURM_ARRAY_TASK_MAX=2",
      "SLURM_ARRAY_TASK_COUNT=3"},
     0,
     0,
     "not evenly spaced"},
    {NULL,
     {"SLURM_ARRAY_TASK_ID=9", "SLURM_ARRAY_TASK_MIN=1", "SLURM_ARRAY_TASK_MAX=7",
      "SLURM_ARRAY_TASK_COUNT=3"},
     0,
     0,
     "'SLURM_ARRAY_TASK_ID' is 9"},
    {NULL,
     {"SLURM_ARRAY_TASK_ID=9", "SLURM_ARRAY_TASK_COUNT=3"},
     0,
     0,
     "'SLURM_ARRAY_TASK_MIN' is not set"},
    {NULL,
     {"SLURM_ARRAY_TASK_ID=18446744073709551615", "SLURM_ARRAY_TASK_MIN=0",
      "SLURM_ARRAY_TASK_MAX=18446744073709551615", "SLURM_ARRAY_TASK_COUNT=2"},
     2,
     2,
     NULL},
};

static void the_shard_is_what_they_say(void **state)
{
    (void)state;
    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        const struct choice_case *wanted = &cases[i];
        struct pw_shard_choice choice = {0, 0, NULL};
        struct pw_error err = PW_ERROR_INIT;
        variables = wanted->variables;
        const int status = pw_shard_choose(wanted->word, get_variable, &choice, &err);
        if (wanted->refusal != NULL) {
            assert_int_equal(status, PW_EUSAGE);
            if (strstr(pw_error_message(&err), wanted->refusal) == NULL) {
                fail_msg("case %zu: '%s' does not say '%s'", i, pw_error_message(&err),
                         wanted->refusal);
            }
        } else if (status != 0 || choice.index != wanted->index || choice.count != wanted->count) {
            fail_msg("case %zu: %d, shard %u of %u: %s", i, status, choice.index, choice.count,
                     pw_error_message(&err));
        }
        pw_error_release(&err);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_shard_is_what_they_say)};
    return cmocka_run_group_tests_name("shard_choice", tests, NULL, NULL);
}

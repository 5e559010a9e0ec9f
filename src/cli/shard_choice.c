/* --shard K/N, and the variables by which CI systems number the jobs of one step. */
#include "shard.h"

#include <string.h>

/** How a system tells a job which of how many it is. */
struct numbering {
    const char *system;
    const char *index;
    const char *count;
    const char *first; /**< the variable with the first index; NULL: it is `first_index` */
    const char *last;  /**< with `first`: the variable with the last index */
    uint64_t first_index;
    bool is_count_alone; /**< the count may stand alone, saying 1 */
};

static const struct numbering NUMBERINGS[] = {
    {"GitLab", "CI_NODE_INDEX", "CI_NODE_TOTAL", NULL, NULL, 1, true},
    {"Buildkite", "BUILDKITE_PARALLEL_JOB", "BUILDKITE_PARALLEL_JOB_COUNT", NULL, NULL, 0, false},
    {"CircleCI", "CIRCLE_NODE_INDEX", "CIRCLE_NODE_TOTAL", NULL, NULL, 0, false},
    {"Slurm", "SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT", "SLURM_ARRAY_TASK_MIN",
     "SLURM_ARRAY_TASK_MAX", 0, false},
};

static const char REMEDY[] = "pass --shard K/N, or --shard none for all benchmarks";

static const char *read_variable(pw_getenv_fn variable, const char *name)
{
    const char *text = variable(name);

    return text != NULL && text[0] != '\0' ? text : NULL;
}

static int read_number(pw_getenv_fn variable, const char *name, uint64_t *out, struct pw_error *err)
{
    const char *text = read_variable(variable, name);

    if (text == NULL) {
        return pw_error_set(err, PW_EUSAGE, "the variable '%s' is not set; %s", name, REMEDY);
    }
    if (pw_parse_uint64(text, out) != 0) {
        return pw_error_set(err, PW_EUSAGE, "the variable '%s' is '%s', which is no number; %s",
                            name, text, REMEDY);
    }
    return 0;
}

static int fail_range(const char *name, uint64_t value, uint64_t first, uint64_t last,
                      struct pw_error *err)
{
    return pw_error_set(
        err, PW_EUSAGE, "the variable '%s' is %llu, which is not from %llu to %llu; %s", name,
        (unsigned long long)value, (unsigned long long)first, (unsigned long long)last, REMEDY);
}

/* The ids of an array are what the user wrote: evenly spaced, as by a step, they can be counted. */
static int read_place(const struct numbering *numbering, pw_getenv_fn variable, uint64_t count,
                      uint64_t *place, struct pw_error *err)
{
    uint64_t first = numbering->first_index;
    uint64_t last = first + count - 1;
    uint64_t index = 0;
    int status = read_number(variable, numbering->index, &index, err);

    if (status == 0 && numbering->first != NULL) {
        status = read_number(variable, numbering->first, &first, err);
        if (status == 0) {
            status = read_number(variable, numbering->last, &last, err);
        }
    }
    if (status != 0) {
        return status;
    }
    if (last < first || index < first || index > last) {
        return fail_range(numbering->index, index, first, last, err);
    }
    const uint64_t steps = count > 1 ? count - 1 : 1;
    const uint64_t step = count > 1 ? (last - first) / steps : 1;
    if (step == 0 || (last - first) % steps != 0 || (index - first) % step != 0) {
        return pw_error_set(err, PW_EUSAGE,
                            "the variable '%s' is %llu, one of %llu numbers from %llu to %llu that "
                            "are not evenly spaced; %s",
                            numbering->index, (unsigned long long)index, (unsigned long long)count,
                            (unsigned long long)first, (unsigned long long)last, REMEDY);
    }
    *place = (index - first) / step;
    return 0;
}

static int read_numbering(const struct numbering *numbering, pw_getenv_fn variable,
                          struct pw_shard_choice *out, struct pw_error *err)
{
    const bool has_index = read_variable(variable, numbering->index) != NULL;
    const bool has_count = read_variable(variable, numbering->count) != NULL;
    uint64_t count = 0;
    uint64_t place = 0;
    int status;

    if (!has_index && !has_count) {
        return 0;
    }
    status = read_number(variable, numbering->count, &count, err);
    if (status == 0 && (count < 1 || count > PW_SHARDS_MAX)) {
        status = fail_range(numbering->count, count, 1, PW_SHARDS_MAX, err);
    }
    if (status != 0 || (count == 1 && !has_index && numbering->is_count_alone)) {
        return status;
    }
    status = read_place(numbering, variable, count, &place, err);
    if (status == 0 && count > 1) {
        *out = (struct pw_shard_choice){(unsigned)place + 1, (unsigned)count, numbering->system};
    }
    return status;
}

static bool parse_part(const char *text, size_t length, unsigned *out)
{
    unsigned value = 0;

    for (size_t i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return false;
        }
        value = value * 10 + (unsigned)(text[i] - '0');
        if (value > PW_SHARDS_MAX) {
            return false;
        }
    }
    *out = value;
    return value > 0;
}

static int parse_word(const char *word, struct pw_shard_choice *out, struct pw_error *err)
{
    const char *slash = strchr(word, '/');
    unsigned index = 0;
    unsigned count = 0;

    if (slash == NULL || !parse_part(word, (size_t)(slash - word), &index) ||
        !parse_part(slash + 1, strlen(slash + 1), &count) || index > count) {
        return pw_error_set(err, PW_EUSAGE,
                            "option '--shard': '%s' is not K/N with 1 <= K <= N <= %u, auto or "
                            "none",
                            word, PW_SHARDS_MAX);
    }
    if (count > 1) {
        *out = (struct pw_shard_choice){index, count, NULL};
    }
    return 0;
}

int pw_shard_choose(const char *word, pw_getenv_fn variable, struct pw_shard_choice *out,
                    struct pw_error *err)
{
    struct pw_shard_choice choice = {0, 0, NULL};
    int status = 0;

    if (word == NULL || strcmp(word, "auto") == 0) {
        for (size_t i = 0; status == 0 && choice.count == 0 && i < PW_COUNT(NUMBERINGS); i++) {
            status = read_numbering(&NUMBERINGS[i], variable, &choice, err);
        }
    } else if (strcmp(word, "none") != 0) {
        status = parse_word(word, &choice, err);
    }
    if (status == 0) {
        *out = choice;
    }
    return status;
}

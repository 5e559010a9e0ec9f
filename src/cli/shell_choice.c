/* Turns command lines for the shell into words, before anything else sees them. */
#include "shell_choice.h"

#include <string.h>

static int split(struct pw_arena *arena, struct pw_benchmark *benchmark, struct pw_error *err)
{
    struct pw_error cause = PW_ERROR_INIT;
    const char *text = benchmark->command.items[benchmark->command.count - 1];
    int status = pw_run_split_command(arena, text, &benchmark->command, &cause);
    if (status == PW_OK) {
        benchmark->is_shell = false;
        return PW_OK;
    }
    if (status == PW_EUSAGE) {
        status =
            pw_error_set(err, PW_EUSAGE, "with --shell=none the command of '%s' cannot be run: %s",
                         benchmark->id, pw_error_message(&cause));
        pw_error_release(&cause);
        return status;
    }
    pw_error_move(err, &cause);
    return status;
}

int pw_shell_choice_apply(const struct pw_arguments *arguments, struct pw_arena *arena,
                          struct pw_config *config, struct pw_error *err)
{
    if (arguments->shell == NULL || strcmp(arguments->shell, "none") != 0) {
        return PW_OK;
    }
    struct pw_benchmark *benchmarks =
        pw_arena_array(arena, config->benchmark_count, sizeof(*benchmarks));
    if (benchmarks == NULL) {
        return pw_error_set_no_memory(err);
    }
    for (size_t i = 0; i < config->benchmark_count; i++) {
        benchmarks[i] = config->benchmarks[i];
        if (!benchmarks[i].is_shell ||
            !pw_benchmark_is_selected(&benchmarks[i], arguments->filters.items,
                                      arguments->filters.count)) {
            continue;
        }
        const int status = split(arena, &benchmarks[i], err);
        if (status != PW_OK) {
            return status;
        }
    }
    config->benchmarks = benchmarks;
    return PW_OK;
}

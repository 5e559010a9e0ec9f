/*
 * perfwarden import FORMAT FILE...: a result from what a harness printed. Each file is what one
 * process printed, and so one run. Nothing is measured.
 */
#include "cli.h"

#include <string.h>

#include "measure.h"
#include "outputs.h"
#include "perfwarden/adapter.h"
#include "project.h"

/** An import under way. */
struct import {
    struct pw_cli *cli;
    const struct pw_arguments *arguments;
    struct pw_project project;
    struct pw_result result;
    const struct pw_benchmark *benchmark; /**< that --as names in the configuration, if it does */
    struct pw_adapter_settings settings;
};

static int fail_format(const char *name, struct pw_error *err)
{
    struct pw_strbuf known = PW_STRBUF_INIT;
    size_t count = 0;
    const struct pw_adapter *table = pw_adapter_table(&count);
    for (size_t i = 0; i < count; i++) {
        pw_strbuf_printf(&known, "%s, ", table[i].name);
    }
    const int status = pw_error_set(err, PW_EUSAGE, "unknown format '%s'; known are %sauto", name,
                                    pw_strbuf_text(&known));
    pw_strbuf_release(&known);
    return status;
}

/* What the words of the command line mean, and whether they go together. */
static int check_line(struct import *import, struct pw_error *err)
{
    const char *format = import->arguments->operands.items[0];
    const char *as = import->arguments->as;
    const struct pw_adapter *adapter = pw_adapter_find(format);
    if (adapter == NULL && strcmp(format, "auto") != 0) {
        return fail_format(format, err);
    }
    if (as != NULL && import->project.has_config) {
        import->benchmark = pw_config_find(&import->project.config, as);
    }
    if (adapter == NULL || adapter->check == NULL) {
        return PW_OK;
    }
    if (import->benchmark == NULL || import->benchmark->value_count == 0) {
        return pw_error_set(err, PW_EUSAGE,
                            "format '%s' has to be told where values stand; name a benchmark of "
                            "perfwarden.yml with 'values' by --as",
                            format);
    }
    import->settings =
        (struct pw_adapter_settings){import->benchmark->values, import->benchmark->value_count};
    return adapter->check(&import->settings, err);
}

/* The entry of an inner benchmark: as `run` would call it, or by its own name without --as. */
static int find_entry(struct import *import, const char *inner, struct pw_result_benchmark **out,
                      struct pw_error *err)
{
    const char *as = import->arguments->as;
    struct pw_arena *arena = &import->result.arena;
    if (as == NULL && *inner == '\0') {
        return pw_error_set(err, PW_EUSAGE,
                            "the output does not name its benchmark; give it a name with --as");
    }
    const char *id = as == NULL       ? inner
                     : *inner == '\0' ? as
                                      : pw_arena_printf(arena, "%s/%s", as, inner);
    const char *declared = as == NULL ? inner : as;
    const char *name = import->benchmark == NULL ? declared : import->benchmark->name;
    *out = id == NULL ? NULL : pw_result_find(&import->result, id);
    if (id != NULL && *out == NULL) {
        *out = pw_result_add_benchmark(&import->result, id, name, declared);
    }
    return *out == NULL ? pw_error_set_no_memory(err) : PW_OK;
}

static int add_value(struct import *import, const struct pw_adapter_value *value,
                     struct pw_error *err)
{
    struct pw_result_benchmark *entry = NULL;
    const int status = find_entry(import, value->benchmark, &entry, err);
    if (status != PW_OK) {
        return status;
    }
    struct pw_series *series = pw_result_series(&import->result, entry, value->metric, value->unit,
                                                value->better, "adapter");
    if (series == NULL) {
        return pw_error_set_no_memory(err);
    }
    return pw_series_add(&import->result, series, value->value, err);
}

static int add_failure(struct import *import, const struct pw_adapter_failure *failure,
                       struct pw_error *err)
{
    struct pw_result_benchmark *entry = NULL;
    const int status = find_entry(import, failure->benchmark, &entry, err);
    if (status != PW_OK) {
        return status;
    }
    entry->status = PW_MEASURED_FAILED;
    entry->error = pw_arena_strdup(&import->result.arena, failure->message);
    return entry->error == NULL ? pw_error_set_no_memory(err) : PW_OK;
}

static int parse(const struct import *import, const struct pw_strbuf *text,
                 struct pw_adapter_output *out, struct pw_error *err)
{
    const size_t most = (size_t)64 << 10;
    const struct pw_adapter *adapter = pw_adapter_find(import->arguments->operands.items[0]);
    int status = PW_OK;
    if (adapter == NULL) {
        status = pw_adapter_recognise(pw_strbuf_text(text),
                                      text->length < most ? text->length : most, &adapter, err);
    }
    return status == PW_OK
               ? adapter->parse(pw_strbuf_text(text), text->length, &import->settings, out, err)
               : status;
}

static int import_text(struct import *import, const struct pw_strbuf *text, struct pw_error *err)
{
    struct pw_adapter_output output = {.values = NULL};
    int status = parse(import, text, &output, err);
    for (size_t i = 0; status == PW_OK && i < output.count; i++) {
        status = add_value(import, &output.values[i], err);
    }
    for (size_t i = 0; status == PW_OK && i < output.failure_count; i++) {
        status = add_failure(import, &output.failures[i], err);
    }
    pw_adapter_output_release(&output);
    return status;
}

/* A file that is not there or is of another format is a mistake of the command line. */
static int import_file(struct import *import, const char *word, struct pw_error *err)
{
    const bool is_stdin = strcmp(word, "-") == 0;
    struct pw_strbuf text;
    pw_strbuf_init(&text, PW_RESULT_MAX_BYTES + 1);
    int status = pw_file_read(is_stdin ? "/dev/stdin" : word, PW_RESULT_MAX_BYTES, &text, err);
    if (status == PW_OK) {
        status = import_text(import, &text, err);
        if (status == PW_EFORMAT || status == PW_EUSAGE) {
            (void)pw_error_prefix(err, "'%s': ", is_stdin ? "standard input" : word);
        }
    }
    pw_strbuf_release(&text);
    if (status == PW_ENOTFOUND || status == PW_EIO || status == PW_EFORMAT) {
        status = PW_EUSAGE;
        err->status = PW_EUSAGE;
    }
    return status;
}

/* A run that lacks a value has measured something else. */
static int warn_about_gaps(struct import *import, size_t files, struct pw_error *err)
{
    struct pw_result *result = &import->result;
    int status = PW_OK;
    for (size_t i = 0; status == PW_OK && i < result->benchmark_count; i++) {
        struct pw_result_benchmark *entry = &result->benchmarks[i];
        for (size_t s = 0; status == PW_OK && s < entry->series_count; s++) {
            const struct pw_series *series = &entry->series[s];
            const char *text =
                series->count == files
                    ? NULL
                    : pw_arena_printf(&result->arena, "'%s' has %zu values in %zu files",
                                      series->metric, series->count, files);
            if (text != NULL) {
                status = pw_result_add_warning(result, entry, text, err);
            }
        }
    }
    return status;
}

static int read_files(struct import *import, struct pw_error *err)
{
    const struct pw_words *words = &import->arguments->operands;
    int status = check_line(import, err);
    if (status == PW_OK) {
        status = pw_measure_begin(&import->project, &import->result, err);
    }
    for (size_t i = 1; status == PW_OK && i < words->count; i++) {
        status = import_file(import, words->items[i], err);
    }
    return status == PW_OK ? warn_about_gaps(import, words->count - 1, err) : status;
}

/* Outside a repository the result has no commit, and says nothing of it. */
static void open_git_if_any(struct pw_project *project)
{
    if (pw_project_open_git(project, NULL) != PW_OK) {
        pw_git_free(project->git);
        project->git = NULL;
    }
}

int pw_cmd_import(struct pw_cli *cli, const struct pw_arguments *arguments)
{
    struct import import = {.cli = cli, .arguments = arguments};
    struct pw_error err = PW_ERROR_INIT;
    int code = pw_project_load_config(cli, arguments, PW_OPTIONAL, &import.project);
    if (code == PW_EXIT_PASS) {
        open_git_if_any(&import.project);
        if (pw_outputs_check(arguments, NULL, &err) != PW_OK ||
            read_files(&import, &err) != PW_OK) {
            code = pw_cli_fail(cli, &err);
        } else {
            const struct pw_subject subject = {.result = &import.result};
            code = pw_exit_worst(pw_outputs_write(cli, arguments, NULL, subject),
                                 pw_measure_exit_code(&import.result));
        }
    }
    pw_result_release(&import.result);
    pw_project_release(&import.project);
    return code;
}

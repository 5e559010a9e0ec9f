/* perfwarden merge FILE...: the outputs of all shards of a suite, joined. Nothing is measured. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

#include "measure.h"
#include "outputs.h"
#include "perfwarden/gate/merge.h"
#include "perfwarden/result/merge.h"

/** What was read: results or comparisons, never both. */
struct inputs {
    struct pw_result *results;
    struct pw_comparison *comparisons;
    const char **names;
    size_t result_count;
    size_t comparison_count;
};

static void release(struct inputs *inputs)
{
    for (size_t i = 0; i < inputs->result_count; i++) {
        pw_result_release(&inputs->results[i]);
    }
    for (size_t i = 0; i < inputs->comparison_count; i++) {
        pw_comparison_release(&inputs->comparisons[i]);
    }
    free(inputs->results);
    free(inputs->comparisons);
    free(inputs->names);
}

/* Which kind a document is stands in its "schema". Looked for in the text, for a document of many
 * rows takes long to parse; what is neither is read as a result, whose reader says what is wrong.
 */
static bool is_comparison(const struct pw_strbuf *text)
{
    static const char member[] = "\"schema\"";
    static const char kind[] = "\"perfwarden/comparison/";
    const char *at = strstr(pw_strbuf_text(text), member);

    if (at == NULL) {
        return false;
    }
    at += sizeof member - 1;
    at += strspn(at, " \t\r\n:");
    return strncmp(at, kind, sizeof kind - 1) == 0;
}

static int parse(struct inputs *inputs, const char *name, const struct pw_strbuf *text,
                 struct pw_error *err)
{
    const char *bytes = pw_strbuf_text(text);
    int status;

    if (is_comparison(text)) {
        struct pw_comparison *out = &inputs->comparisons[inputs->comparison_count];
        status = pw_comparison_read(bytes, text->length, name, out, err);
        inputs->names[inputs->comparison_count] = name;
        inputs->comparison_count += status == PW_OK;
    } else {
        struct pw_result *out = &inputs->results[inputs->result_count];
        status = pw_result_read(bytes, text->length, name, out, err);
        inputs->names[inputs->result_count] = name;
        inputs->result_count += status == PW_OK;
    }
    if (status == PW_OK && inputs->result_count > 0 && inputs->comparison_count > 0) {
        return pw_error_set(err, PW_EUSAGE,
                            "'%s' is a %s, and the files before it are not; join results with "
                            "results, and comparisons with comparisons",
                            name, is_comparison(text) ? "comparison" : "result");
    }
    return status;
}

static int read_one(struct inputs *inputs, const char *word, struct pw_error *err)
{
    const bool is_stdin = strcmp(word, "-") == 0;
    struct pw_strbuf text;
    int status;

    pw_strbuf_init(&text, PW_RESULT_MAX_BYTES + 1);
    status = pw_file_read(is_stdin ? "/dev/stdin" : word, PW_RESULT_MAX_BYTES, &text, err);
    if (status == PW_OK) {
        status = parse(inputs, is_stdin ? "standard input" : word, &text, err);
    }
    pw_strbuf_release(&text);
    return status;
}

static int read_all(struct inputs *inputs, const struct pw_words *words, struct pw_error *err)
{
    int status = PW_OK;

    inputs->results = calloc(words->count + 1, sizeof *inputs->results);
    inputs->comparisons = calloc(words->count + 1, sizeof *inputs->comparisons);
    inputs->names = calloc(words->count + 1, sizeof(char *));
    if (inputs->results == NULL || inputs->comparisons == NULL || inputs->names == NULL) {
        return pw_error_set_no_memory(err);
    }
    for (size_t i = 0; i < words->count && status == PW_OK; i++) {
        status = read_one(inputs, words->items[i], err);
        /* A file that is not there or is none of ours is a mistake of the command line. */
        if (status == PW_ENOTFOUND || status == PW_EFORMAT || status == PW_EIO) {
            status = PW_EUSAGE;
            err->status = PW_EUSAGE;
        }
    }
    return status;
}

static int merge_comparisons(struct pw_cli *cli, const struct pw_arguments *arguments,
                             struct inputs *inputs, struct pw_error *err, int *code)
{
    struct pw_gate_part *parts = calloc(inputs->comparison_count + 1, sizeof *parts);
    struct pw_comparison joined = {0};
    int status;

    if (parts == NULL) {
        return pw_error_set_no_memory(err);
    }
    for (size_t i = 0; i < inputs->comparison_count; i++) {
        parts[i] = (struct pw_gate_part){inputs->names[i], &inputs->comparisons[i]};
    }
    status = pw_gate_merge(parts, inputs->comparison_count, &joined, err);
    if (status == PW_OK) {
        const struct pw_subject subject = {.comparison = &joined};
        *code = pw_exit_worst(pw_outputs_write(cli, arguments, NULL, subject), joined.exit_code);
    }
    pw_comparison_release(&joined);
    free(parts);
    return status;
}

static int merge_results(struct pw_cli *cli, const struct pw_arguments *arguments,
                         struct inputs *inputs, struct pw_error *err, int *code)
{
    struct pw_result_part *parts = calloc(inputs->result_count + 1, sizeof *parts);
    struct pw_result joined = {0};
    int status;

    if (parts == NULL) {
        return pw_error_set_no_memory(err);
    }
    for (size_t i = 0; i < inputs->result_count; i++) {
        parts[i] = (struct pw_result_part){inputs->names[i], &inputs->results[i]};
    }
    status = pw_result_merge(parts, inputs->result_count, &joined, err);
    if (status == PW_OK) {
        const struct pw_subject subject = {.result = &joined};
        *code = pw_exit_worst(pw_outputs_write(cli, arguments, NULL, subject),
                              pw_measure_exit_code(&joined));
    }
    pw_result_release(&joined);
    free(parts);
    return status;
}

/* A shard that is missing is a part of the suite that was not measured. */
static int fail(struct pw_cli *cli, struct pw_error *err)
{
    if (err->status != PW_ENOTFOUND) {
        return pw_cli_fail(cli, err);
    }
    pw_cli_print_error(cli, err);
    pw_error_release(err);
    return PW_EXIT_UNMEASURED;
}

int pw_cmd_merge(struct pw_cli *cli, const struct pw_arguments *arguments)
{
    struct pw_error err = PW_ERROR_INIT;
    struct inputs inputs = {0};
    int code = PW_EXIT_PASS;
    int status = pw_outputs_check(arguments, NULL, &err);

    for (size_t i = 0; status == PW_OK && i < arguments->operands.count; i++) {
        status = pw_outputs_check_input(arguments, arguments->operands.items[i], &err);
    }
    if (status == PW_OK) {
        status = read_all(&inputs, &arguments->operands, &err);
    }
    if (status == PW_OK && inputs.comparison_count > 0) {
        status = merge_comparisons(cli, arguments, &inputs, &err, &code);
    } else if (status == PW_OK) {
        status = merge_results(cli, arguments, &inputs, &err, &code);
    }
    if (status != PW_OK) {
        code = fail(cli, &err);
    }
    release(&inputs);
    return code;
}

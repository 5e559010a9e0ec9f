/*
 * hyperfine's JSON (--export-json). A benchmark is called by its command, or the name given to it,
 * with its parameters behind it: "make -j4 (jobs=4)". "time" is the median of the runs, which are
 * its samples; "time/user" and "time/system" are means, as hyperfine gives them.
 *
 * A run that exited with anything but 0 (which hyperfine goes past only when told to) or was killed
 * makes its command a failure: the time to an error is no measurement.
 */
#include <string.h>

#include "json_members.h"

#define FORMAT "hyperfine"

static const struct pw_adapter_member members[] = {
    {"mean", "time/mean", "s"}, {"stddev", "time/stddev", "s"}, {"min", "time/min", "s"},
    {"max", "time/max", "s"},   {"user", "time/user", "s"},     {"system", "time/system", "s"},
};

static int name_result(const struct pw_json *result, struct pw_strbuf *name, struct pw_error *err)
{
    const struct pw_json *parameters = pw_json_get(result, "parameters");
    const char *command = pw_adapter_member_text(result, "command");
    const char *separator = " (";
    if (command == NULL || *command == '\0') {
        return pw_adapter_fail(err, FORMAT, 0, "a result has no 'command'");
    }
    pw_strbuf_puts(name, command);
    for (const struct pw_json *item = pw_json_first(parameters); item != NULL;
         item = pw_json_next(item)) {
        if (pw_json_key(item) == NULL || pw_json_string(item) == NULL) {
            return pw_adapter_fail(err, FORMAT, 0, "'parameters' of '%s' are not texts by name",
                                   command);
        }
        pw_strbuf_printf(name, "%s%s=%s", separator, pw_json_key(item), pw_json_string(item));
        separator = ", ";
    }
    pw_strbuf_puts(name, *separator == ',' ? ")" : "");
    return pw_strbuf_check(name, err);
}

/** What the exit codes of a command come to. */
struct exits {
    size_t runs;
    size_t failed;
    const struct pw_json *first; /**< code of the first that failed; null for a killed one */
};

static int add_exit_failure(const struct exits *exits, const char *name,
                            struct pw_adapter_output *output, struct pw_error *err)
{
    struct pw_strbuf message = PW_STRBUF_INIT;
    double code = 0;
    pw_strbuf_printf(&message, "%zu of %zu runs failed, the first ", exits->failed, exits->runs);
    if (pw_json_number(exits->first, &code)) {
        pw_strbuf_printf(&message, "with exit code %.0f", code);
    } else {
        pw_strbuf_puts(&message, "was killed by a signal");
    }
    int status = pw_strbuf_check(&message, err);
    if (status == 0) {
        status = pw_adapter_add_failure(output, name, pw_strbuf_text(&message), err);
    }
    pw_strbuf_release(&message);
    return status;
}

static struct exits look_at_exits(const struct pw_json *codes)
{
    struct exits exits = {0, 0, NULL};
    if (codes == NULL || pw_json_type(codes) != PW_JSON_ARRAY) {
        return exits;
    }
    for (const struct pw_json *item = pw_json_first(codes); item != NULL;
         item = pw_json_next(item)) {
        double code = 0;
        exits.runs++;
        if (!pw_json_number(item, &code) || code != 0) {
            exits.first = exits.failed++ == 0 ? item : exits.first;
        }
    }
    return exits;
}

static int add_memory(const struct pw_json *result, const char *name,
                      struct pw_adapter_output *output, struct pw_error *err)
{
    const struct pw_json *memory = pw_json_get(result, "memory_usage_byte");
    const struct pw_adapter_centre centre = {
        .metric = "max_memory", .unit = "bytes", .samples = memory};
    if (memory == NULL || pw_json_first(memory) == NULL) {
        return 0;
    }
    return pw_adapter_add_centre(output, FORMAT, name, &centre, err);
}

static int add_result(const struct pw_json *result, struct pw_strbuf *name,
                      struct pw_adapter_output *output, struct pw_error *err)
{
    pw_strbuf_clear(name);
    int status = name_result(result, name, err);
    if (status < 0) {
        return status;
    }
    const char *benchmark = pw_strbuf_text(name);
    const struct exits exits = look_at_exits(pw_json_get(result, "exit_codes"));
    if (exits.failed > 0) {
        return add_exit_failure(&exits, benchmark, output, err);
    }
    const struct pw_adapter_centre centre = {
        .metric = "time",
        .unit = "s",
        .median = pw_json_get(result, "median"),
        .mean = pw_json_get(result, "mean"),
        .samples = pw_json_get(result, "times"),
    };
    status = pw_adapter_add_centre(output, FORMAT, benchmark, &centre, err);
    if (status == 0) {
        status = pw_adapter_add_members(output, FORMAT, benchmark, result, members,
                                        PW_COUNT(members), err);
    }
    return status == 0 ? add_memory(result, benchmark, output, err) : status;
}

static int read_document(const struct pw_json *document, struct pw_adapter_output *output,
                         struct pw_error *err)
{
    struct pw_strbuf name = PW_STRBUF_INIT;
    const struct pw_json *list = NULL;
    int status = pw_adapter_member_list(FORMAT, document, "results", "the document", &list, err);
    const struct pw_json *item = status == 0 ? pw_json_first(list) : NULL;
    for (; status == 0 && item != NULL; item = pw_json_next(item)) {
        status = add_result(item, &name, output, err);
    }
    pw_strbuf_release(&name);
    return status;
}

bool pw_adapter_recognise_hyperfine(const char *text, size_t length)
{
    return pw_adapter_has_member(text, length, '{', "results") &&
           pw_adapter_has_member(text, length, '{', "command") &&
           pw_adapter_has_member(text, length, '{', "stddev");
}

int pw_adapter_parse_hyperfine(const char *text, size_t length,
                               const struct pw_adapter_settings *settings,
                               struct pw_adapter_output *out, struct pw_error *err)
{
    (void)settings;
    return pw_adapter_parse_document(FORMAT, text, length, read_document, out, err);
}

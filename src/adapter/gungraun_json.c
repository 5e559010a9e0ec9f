/*
 * gungraun's and iai-callgrind's JSON: --output-format=json prints one object a benchmark and line,
 * pretty-json one over several lines; what libtest and cargo print around them is left out.
 *
 * The name is that of the text output: the path of the module and the id, with its details behind a
 * colon. Values are the totals over all parts of a run (threads, subprocesses); metrics have the
 * names of events.c. Comparisons with an earlier run are left out; a regression that gungraun finds
 * by limits of its own is no failure of the measurement.
 *
 * Each benchmark is a whole object; between two of them a cut is not noticed.
 */
#include <string.h>

#include "events.h"
#include "pass.h"

#define FORMAT "gungraun-json"

struct state {
    struct pw_strbuf object; /**< the lines of one so far; "" outside */
    unsigned first_line;
};

/* {"Int": 5} or {"Float": 0.5} */
static bool read_metric(const struct pw_json *metric, double *value)
{
    return pw_json_number(pw_json_get(metric, "Int"), value) ||
           pw_json_number(pw_json_get(metric, "Float"), value);
}

/* {"Left": new}, {"Both": [new, old]}, {"Right": old} @param[out] is_new there is a new one */
static bool read_metrics(const struct pw_json *metrics, double *value, bool *is_new)
{
    const struct pw_json *both = pw_json_get(metrics, "Both");
    const struct pw_json *left = pw_json_get(metrics, "Left");
    *is_new = both != NULL || left != NULL;
    if (!*is_new) {
        return read_metric(pw_json_get(metrics, "Right"), value);
    }
    return read_metric(both != NULL ? pw_json_first(both) : left, value);
}

static int add_event(struct pw_adapter_pass *pass, const char *name, const char *tool,
                     const struct pw_json *member)
{
    const char *key = pw_json_key(member);
    const struct pw_adapter_event *event = pw_adapter_find_event(key, strlen(key));
    double value = 0;
    bool is_new = false;
    if (!read_metrics(pw_json_get(member, "metrics"), &value, &is_new)) {
        return pw_adapter_fail(pass->err, FORMAT, pass->line,
                               "expected 'metrics' with an 'Int' or a 'Float' in '%s' of '%s'", key,
                               name);
    }
    if (!is_new) {
        return 0;
    }
    struct pw_strbuf metric = PW_STRBUF_INIT;
    pw_adapter_put_tool(&metric, tool);
    if (event != NULL) {
        pw_strbuf_puts(&metric, event->metric);
        value = strcmp(event->unit, "ratio") == 0 ? value / 100 : value;
    } else {
        pw_adapter_put_snake(&metric, key, strlen(key));
    }
    int status = pw_strbuf_check(&metric, pass->err);
    if (status == 0) {
        status = pw_adapter_pass_add(pass, name, pw_strbuf_text(&metric),
                                     event != NULL ? event->unit : "count",
                                     event != NULL ? event->better : PW_BETTER_LOWER, value);
    }
    pw_strbuf_release(&metric);
    return status;
}

/* {"tool": "Callgrind", "summaries": {"total": {"summary": {"Callgrind": {events}}}}} */
static int add_profile(struct pw_adapter_pass *pass, const char *name,
                       const struct pw_json *profile)
{
    const char *tool = pw_json_string(pw_json_get(profile, "tool"));
    const struct pw_json *total = pw_json_get(pw_json_get(profile, "summaries"), "total");
    const struct pw_json *summary = pw_json_get(total, "summary");
    int status = 0;
    if (tool == NULL || summary == NULL) {
        return pw_adapter_fail(pass->err, FORMAT, pass->line,
                               "a profile of '%s' has no 'tool' or no total", name);
    }
    const struct pw_json *events = pw_json_first(summary); /* none where summary is "None" */
    for (const struct pw_json *event = pw_json_first(events); status == 0 && event != NULL;
         event = pw_json_next(event)) {
        if (pw_json_key(event) != NULL) {
            status = add_event(pass, name, tool, event);
        }
    }
    return status;
}

static int put_name(struct pw_adapter_pass *pass, const struct pw_json *object,
                    struct pw_strbuf *name)
{
    const char *path = pw_json_string(pw_json_get(object, "module_path"));
    const char *id = pw_json_string(pw_json_get(object, "id"));
    const char *details = pw_json_string(pw_json_get(object, "details"));
    if (path == NULL) {
        return pw_adapter_pass_fail(pass, "expected a 'module_path'");
    }
    pw_strbuf_puts(name, path);
    if (id != NULL) {
        pw_strbuf_printf(name, " %s", id);
    }
    if (id != NULL && details != NULL) {
        pw_strbuf_printf(name, ":%s", details);
    }
    return pw_strbuf_check(name, pass->err);
}

static int take_object(struct pw_adapter_pass *pass, const struct pw_json *object)
{
    const struct pw_json *profiles = pw_json_get(object, "profiles");
    struct pw_strbuf name = PW_STRBUF_INIT;
    if (profiles == NULL) {
        return 0; /* another program's */
    }
    int status = put_name(pass, object, &name);
    if (status == 0 && pw_json_type(profiles) != PW_JSON_ARRAY) {
        status = pw_adapter_pass_fail(pass, "expected an array 'profiles'");
    }
    for (const struct pw_json *profile = pw_json_first(profiles); status == 0 && profile != NULL;
         profile = pw_json_next(profile)) {
        status = add_profile(pass, pw_strbuf_text(&name), profile);
    }
    pw_strbuf_release(&name);
    return status;
}

static int take_text(struct pw_adapter_pass *pass, const char *text, size_t length, unsigned line)
{
    struct pw_json *document = NULL;
    int status = pw_adapter_parse_json_part(pass, text, length, line, &document);
    if (status == 0) {
        pass->has_taken = true;
        status = take_object(pass, document);
    }
    pw_json_free(document);
    return status;
}

static int take(struct pw_adapter_pass *pass, char *line)
{
    struct state *state = pass->state;
    struct pw_strbuf *object = &state->object;
    if (object->length == 0 && *line != '{') {
        return 0;
    }
    if (object->length == 0 && line[1] != '\0') {
        return take_text(pass, line, strlen(line), pass->line);
    }
    if (object->length == 0) {
        state->first_line = pass->line;
    }
    pw_strbuf_puts(object, line);
    pw_strbuf_putc(object, '\n');
    int status = pw_strbuf_check(object, pass->err);
    if (status == 0 && strcmp(line, "}") == 0) {
        status = take_text(pass, pw_strbuf_text(object), object->length, state->first_line);
        pw_strbuf_clear(object);
    }
    return status;
}

static int end(struct pw_adapter_pass *pass)
{
    const struct state *state = pass->state;
    if (state->object.length > 0) {
        return pw_adapter_fail(pass->err, FORMAT, state->first_line,
                               "the object that begins here has no end");
    }
    return 0;
}

static bool is_start(const char *line)
{
    return *line == '{' && strstr(line, "\"profiles\":[") != NULL &&
           strstr(line, "\"module_path\":") != NULL;
}

static bool is_pretty_path(const char *line)
{
    return strncmp(line, "  \"module_path\": \"", strlen("  \"module_path\": \"")) == 0;
}

bool pw_adapter_recognise_gungraun_json(const char *text, size_t length)
{
    return pw_adapter_any_line(text, length, is_start) ||
           pw_adapter_any_line(text, length, is_pretty_path);
}

int pw_adapter_parse_gungraun_json(const char *text, size_t length,
                                   const struct pw_adapter_settings *settings,
                                   struct pw_adapter_output *out, struct pw_error *err)
{
    static const struct pw_adapter_line_format format = {FORMAT, take, end, true};
    struct state state = {.first_line = 0};
    (void)settings;
    const int status = pw_adapter_pass_over(&format, &state, text, length, out, err);
    pw_strbuf_release(&state.object);
    return status;
}

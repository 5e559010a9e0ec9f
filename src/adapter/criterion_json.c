/*
 * Criterion's JSON: the messages of `cargo criterion --message-format=json`, one a line, or one
 * target/criterion/<name>/new/estimates.json.
 *
 * Of a message "benchmark-complete", `time` is the median of the samples, each the time of its
 * iterations divided by their number; of the estimates, the estimate of the median. `time/mean`,
 * `time/slope`, `time/stddev` and `time/median_abs_dev` stand beside it, each with the ends of its
 * confidence interval (`/low`, `/high`). estimates.json does not say which benchmark it is of.
 *
 * Messages are whole lines: between two of them a cut is not noticed. Other messages of cargo, and
 * lines that are no objects, are left out.
 */
#include <string.h>

#include "pass.h"

#define FORMAT "criterion-json"

/** An estimate: its member, and its metric behind "time". */
struct estimate {
    const char *member;
    const char *suffix;
};

static const struct estimate estimates[] = {
    {"median", ""},         {"mean", "/mean"},
    {"slope", "/slope"},    {"median_abs_dev", "/median_abs_dev"},
    {"std_dev", "/stddev"},
};

/** What the values of one benchmark share. */
struct benchmark {
    struct pw_adapter_pass *pass;
    const char *name;
    const char *unit_name;
    const struct pw_adapter_unit *unit; /**< NULL for one of the user's own */
};

static int add(const struct benchmark *benchmark, const char *suffix, const char *end, double value)
{
    const struct pw_adapter_unit *unit = benchmark->unit;
    const char *base = unit == NULL ? benchmark->unit_name : unit->base;
    struct pw_strbuf metric = PW_STRBUF_INIT;
    pw_strbuf_puts(&metric, strcmp(base, "ns") == 0 ? "time" : base);
    pw_strbuf_puts(&metric, suffix);
    pw_strbuf_puts(&metric, end);
    int status = pw_strbuf_check(&metric, benchmark->pass->err);
    if (status == 0) {
        status = pw_adapter_pass_add(benchmark->pass, benchmark->name, pw_strbuf_text(&metric),
                                     base, PW_BETTER_LOWER,
                                     unit == NULL ? value : pw_adapter_to_base(unit, value));
    }
    pw_strbuf_release(&metric);
    return status;
}

static int fail(const struct benchmark *benchmark, const char *member, const char *problem)
{
    struct pw_adapter_pass *pass = benchmark->pass;
    return pw_adapter_fail(pass->err, FORMAT, pass->line, "'%s' of '%s' %s", member,
                           benchmark->name, problem);
}

/* {"estimate": 1, "lower_bound": …} and {"point_estimate": 1, "confidence_interval": {…}}. */
static int add_estimate(const struct benchmark *benchmark, const struct pw_json *object,
                        const struct estimate *estimate, bool has_samples)
{
    const struct pw_json *interval = pw_json_get(object, "confidence_interval");
    const struct pw_json *middle =
        pw_json_get(object, interval == NULL ? "estimate" : "point_estimate");
    double value = 0;
    double low = 0;
    double high = 0;
    interval = interval == NULL ? object : interval;
    if (!pw_json_number(middle, &value) ||
        !pw_json_number(pw_json_get(interval, "lower_bound"), &low) ||
        !pw_json_number(pw_json_get(interval, "upper_bound"), &high)) {
        return fail(benchmark, estimate->member, "is no estimate with its bounds");
    }
    int status = has_samples ? 0 : add(benchmark, estimate->suffix, "", value);
    if (status == 0) {
        status = add(benchmark, estimate->suffix, "/low", low);
    }
    return status == 0 ? add(benchmark, estimate->suffix, "/high", high) : status;
}

static int add_estimates(const struct benchmark *benchmark, const struct pw_json *object,
                         bool has_samples)
{
    int status = 0;
    for (size_t i = 0; status == 0 && i < PW_COUNT(estimates); i++) {
        const struct pw_json *member = pw_json_get(object, estimates[i].member);
        const bool is_median = i == 0;
        if (member != NULL && pw_json_type(member) != PW_JSON_NULL) {
            status = add_estimate(benchmark, member, &estimates[i], is_median && has_samples);
        } else if (is_median) {
            status = fail(benchmark, "median", "is not there");
        }
    }
    return status;
}

/* Each measured value is of so many iterations. @param[out] count of them */
static int add_samples(const struct benchmark *benchmark, const struct pw_json *message,
                       size_t *count)
{
    const struct pw_json *values = pw_json_get(message, "measured_values");
    const struct pw_json *iterations = pw_json_get(message, "iteration_count");
    *count = pw_json_size(values);
    if (*count != pw_json_size(iterations)) {
        return fail(benchmark, "measured_values", "are not as many as its 'iteration_count'");
    }
    values = pw_json_first(values);
    iterations = pw_json_first(iterations);
    int status = 0;
    while (status == 0 && values != NULL) {
        double value = 0;
        double number = 0;
        if (!pw_json_number(values, &value) || !pw_json_number(iterations, &number) ||
            number <= 0) {
            return fail(benchmark, "measured_values", "are not numbers of positive counts");
        }
        status = add(benchmark, "", "", value / number);
        values = pw_json_next(values);
        iterations = pw_json_next(iterations);
    }
    return status;
}

/* What an iteration works through, as a rate at the median time. */
static int add_throughput(const struct benchmark *benchmark, const struct pw_json *message)
{
    int status = 0;
    double time = 0;
    const bool is_time = benchmark->unit != NULL && strcmp(benchmark->unit->base, "ns") == 0;
    const struct pw_json *median = pw_json_get(message, "median");
    if (!is_time || !pw_json_number(pw_json_get(median, "estimate"), &time) || time <= 0) {
        return 0;
    }
    const double time_ns = pw_adapter_to_base(benchmark->unit, time);
    for (const struct pw_json *entry = pw_json_first(pw_json_get(message, "throughput"));
         status == 0 && entry != NULL; entry = pw_json_next(entry)) {
        const char *unit = pw_json_string(pw_json_get(entry, "unit"));
        double per_iteration = 0;
        if (unit == NULL || !pw_json_number(pw_json_get(entry, "per_iteration"), &per_iteration)) {
            return fail(benchmark, "throughput", "has no 'per_iteration' with its 'unit'");
        }
        status = pw_adapter_pass_add(benchmark->pass, benchmark->name, "throughput",
                                     strcmp(unit, "bytes") == 0 ? "bytes/s" : "1/s",
                                     PW_BETTER_HIGHER, per_iteration * 1e9 / time_ns);
    }
    return status;
}

static int take_message(struct pw_adapter_pass *pass, const struct pw_json *message)
{
    const char *reason = pw_json_string(pw_json_get(message, "reason"));
    if (reason == NULL || strcmp(reason, "benchmark-complete") != 0) {
        return 0;
    }
    const char *name = pw_json_string(pw_json_get(message, "id"));
    const char *unit = pw_json_string(pw_json_get(message, "unit"));
    if (name == NULL || unit == NULL) {
        return pw_adapter_pass_fail(pass, "expected an 'id' and a 'unit' in the message");
    }
    const struct benchmark benchmark = {pass, name, unit, pw_adapter_find_unit(unit, strlen(unit))};
    size_t samples = 0;
    int status = add_samples(&benchmark, message, &samples);
    if (status == 0) {
        status = add_estimates(&benchmark, message, samples > 0);
    }
    return status == 0 ? add_throughput(&benchmark, message) : status;
}

static int take(struct pw_adapter_pass *pass, char *line)
{
    struct pw_json *document = NULL;
    line = pw_adapter_trim(line);
    if (*line != '{') {
        return 0;
    }
    int status = pw_adapter_parse_json_part(pass, line, strlen(line), pass->line, &document);
    if (status == 0) {
        pass->has_taken = true;
        status = take_message(pass, document);
    }
    pw_json_free(document);
    return status;
}

static bool is_estimates(const char *text, size_t length)
{
    return pw_adapter_has_member(text, length, '{', "median") &&
           pw_adapter_has_member(text, length, '{', "point_estimate") &&
           pw_adapter_has_member(text, length, '{', "confidence_interval");
}

static bool is_message(const char *line)
{
    return *line == '{' && strstr(line, "\"reason\":\"benchmark-complete\"") != NULL;
}

bool pw_adapter_recognise_criterion_json(const char *text, size_t length)
{
    return is_estimates(text, length) || pw_adapter_any_line(text, length, is_message);
}

static int parse_estimates(const char *text, size_t length, struct pw_adapter_output *out,
                           struct pw_error *err)
{
    struct pw_adapter_pass pass = {.format = FORMAT, .err = err};
    const struct benchmark benchmark = {&pass, "", "ns", pw_adapter_find_unit("ns", 2)};
    struct pw_json *document = NULL;
    int status = pw_adapter_parse_json(text, length, FORMAT, &document, err);
    if (status == 0) {
        status = add_estimates(&benchmark, document, false);
    }
    if (status == 0) {
        status = pw_adapter_samples_summarise(&pass.samples, &pass.output, err);
    }
    pw_json_free(document);
    pw_adapter_samples_release(&pass.samples);
    return pw_adapter_finish(FORMAT, status, &pass.output, out, err);
}

int pw_adapter_parse_criterion_json(const char *text, size_t length,
                                    const struct pw_adapter_settings *settings,
                                    struct pw_adapter_output *out, struct pw_error *err)
{
    static const struct pw_adapter_line_format format = {FORMAT, take, NULL, true};
    (void)settings;
    return is_estimates(text, length) ? parse_estimates(text, length, out, err)
                                      : pw_adapter_pass_over(&format, NULL, text, length, out, err);
}

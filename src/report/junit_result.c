/* A result as JUnit: a test case for each benchmark, an error for each that was not measured. */
#include <string.h>

#include "formats.h"
#include "junit_suite.h"
#include "measured.h"

static const char *fact(const struct pw_environment *environment, const char *name)
{
    for (size_t i = 0; i < environment->fact_count; i++) {
        if (strcmp(environment->facts[i].name, name) == 0) {
            return environment->facts[i].value;
        }
    }
    return NULL;
}

static void add_benchmark(struct pw_junit_suite *suite, const struct pw_result_benchmark *benchmark)
{
    bool is_ok = benchmark->status == PW_MEASURED_OK;
    const char *error = benchmark->error != NULL ? benchmark->error : "could not be measured";
    struct pw_strbuf classname = PW_STRBUF_INIT;
    struct pw_strbuf body = PW_STRBUF_INIT;
    pw_strbuf_printf(&classname, "perfwarden.%s", benchmark->name);
    pw_strbuf_printf(&body, "benchmark %s\nstatus %s\nreason %s\n", benchmark->id,
                     pw_measured_name(benchmark->status), error);
    suite->failed = suite->failed || pw_strbuf_failed(&classname) || pw_strbuf_failed(&body);
    pw_junit_add_case(suite, &(struct pw_junit_case){
                                 .classname = pw_strbuf_text(&classname),
                                 .name = benchmark->id,
                                 .outcome = is_ok ? PW_JUNIT_PASSED : PW_JUNIT_ERROR,
                                 .type = pw_measured_name(benchmark->status),
                                 .message = is_ok ? NULL : error,
                                 .body = is_ok ? NULL : pw_strbuf_text(&body),
                                 .time_ms = pw_junit_milliseconds(pw_report_measured_median(
                                     benchmark, "wall_time", &suite->failed)),
                             });
    pw_strbuf_release(&classname);
    pw_strbuf_release(&body);
}

/* A property for what is known of the run and of the machine; fact names may be anybody's. */
static void add_properties(struct pw_junit_suite *suite, const struct pw_result *result)
{
    pw_junit_add_property(suite, "perfwarden.version", result->tool_version);
    pw_junit_add_property(suite, "perfwarden.run_id", result->run_id);
    pw_junit_add_property(suite, "commit", result->commit);
    pw_junit_add_property(suite, "branch", result->branch);
    pw_junit_add_property(suite, "environment", result->environment.id);
    for (size_t i = 0; i < result->environment.fact_count; i++) {
        const struct pw_environment_fact *known = &result->environment.facts[i];
        struct pw_strbuf name = PW_STRBUF_INIT;
        pw_strbuf_printf(&name, "environment.%s", known->name);
        suite->failed = suite->failed || pw_strbuf_failed(&name);
        pw_junit_add_property(suite, pw_strbuf_text(&name), known->value);
        pw_strbuf_release(&name);
    }
}

static void add_output(struct pw_junit_suite *suite, const struct pw_result *result)
{
    struct pw_strbuf out = PW_STRBUF_INIT;
    struct pw_strbuf err = PW_STRBUF_INIT;
    pw_report_measured_headline(result, &out);
    pw_strbuf_putc(&out, '\n');
    pw_report_measured_origin(result, "commit", &out);
    pw_strbuf_putc(&out, '\n');
    for (size_t i = 0; i < result->benchmark_count; i++) {
        const struct pw_result_benchmark *benchmark = &result->benchmarks[i];
        for (size_t j = 0; j < benchmark->warning_count; j++) {
            pw_strbuf_printf(&err, "warning: %s: %s\n", benchmark->id, benchmark->warnings[j]);
        }
    }
    suite->failed = suite->failed || pw_strbuf_failed(&out) || pw_strbuf_failed(&err);
    pw_junit_set_output(suite, pw_strbuf_text(&out), pw_strbuf_text(&err));
    pw_strbuf_release(&out);
    pw_strbuf_release(&err);
}

int pw_report_junit_result(const struct pw_result *result, const struct pw_report_options *options,
                           struct pw_strbuf *out, struct pw_error *err)
{
    struct pw_junit_suite suite;
    size_t start = out->length;
    (void)options;
    pw_junit_init(&suite, result->started_at, fact(&result->environment, "hostname"));
    add_properties(&suite, result);
    for (size_t i = 0; i < result->benchmark_count; i++) {
        add_benchmark(&suite, &result->benchmarks[i]);
    }
    add_output(&suite, result);
    int status = pw_junit_write(&suite, out, err);
    if (status < 0) {
        pw_strbuf_truncate(out, start);
    }
    pw_junit_release(&suite);
    return status;
}

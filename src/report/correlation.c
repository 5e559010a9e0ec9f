/* The single calls of one correlation id, run by run in the order in which they began. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "palette.h"
#include "perfwarden/report.h"
#include "perfwarden/util/number.h"
#include "table.h"

enum { COLUMNS = 7 };

static const struct pw_table_column columns[COLUMNS] = {
    {false, true, false}, {true, false, true},   {true, false, false}, {true, false, false},
    {false, true, false}, {false, false, false}, {false, true, true},
};
static const char *const titles[COLUMNS] = {"Benchmark", "Run",     "Start",     "Duration",
                                            "Operation", "Outcome", "Attributes"};

/** What a run's calls are counted from: the first of the same id in it. */
static uint64_t first_of_run(const struct pw_result_inside *inside,
                             const struct pw_result_call *call)
{
    uint64_t first_ns = call->start_ns;

    for (size_t i = 0; i < inside->call_count; i++) {
        const struct pw_result_call *other = &inside->calls[i];

        if (other->run == call->run && other->start_ns < first_ns &&
            strcmp(other->correlation, call->correlation) == 0) {
            first_ns = other->start_ns;
        }
    }
    return first_ns;
}

static void add_call(struct pw_table *table, const char *benchmark,
                     const struct pw_result_call *call, uint64_t first_ns)
{
    struct pw_strbuf start = PW_STRBUF_INIT;
    struct pw_strbuf duration = PW_STRBUF_INIT;
    struct pw_strbuf attributes = PW_STRBUF_INIT;
    char run[12];

    (void)snprintf(run, sizeof(run), "%u", call->run);
    pw_format_value(&start, (double)(call->start_ns - first_ns), "ns");
    pw_format_value(&duration, (double)call->duration_ns, "ns");
    for (size_t i = 0; i < call->attribute_count; i++) {
        pw_strbuf_printf(&attributes, "%s%s=%s", i > 0 ? " " : "", call->attributes[i].name,
                         call->attributes[i].value);
    }
    const char *const cells[COLUMNS] = {benchmark,
                                        run,
                                        pw_strbuf_text(&start),
                                        pw_strbuf_text(&duration),
                                        call->op,
                                        call->is_ok           ? "ok"
                                        : call->error != NULL ? call->error
                                                              : "failed",
                                        pw_strbuf_text(&attributes)};
    table->failed = table->failed || pw_strbuf_failed(&start) || pw_strbuf_failed(&duration) ||
                    pw_strbuf_failed(&attributes);
    pw_table_add(table, call->is_ok ? PW_MARK_GOOD : PW_MARK_BAD, PW_COLOR_NONE, cells);
    pw_strbuf_release(&start);
    pw_strbuf_release(&duration);
    pw_strbuf_release(&attributes);
}

int pw_report_correlation(const struct pw_result *result, const char *correlation,
                          const struct pw_report_options *options, struct pw_strbuf *out,
                          struct pw_error *err)
{
    struct pw_table table;
    int status;

    pw_table_init(&table, columns, titles, COLUMNS);
    for (size_t i = 0; i < result->benchmark_count; i++) {
        const struct pw_result_inside *inside = result->benchmarks[i].inside;
        uint64_t first_ns = 0;
        unsigned run = 0;

        for (size_t k = 0; inside != NULL && k < inside->call_count; k++) {
            const struct pw_result_call *call = &inside->calls[k];

            if (strcmp(call->correlation, correlation) == 0) {
                first_ns = call->run == run && run > 0 ? first_ns : first_of_run(inside, call);
                run = call->run;
                add_call(&table, result->benchmarks[i].id, call, first_ns);
            }
        }
    }
    status = table.count == 0 && !table.failed
                 ? pw_error_set(err, PW_ENOTFOUND, "no call with the correlation id '%s' is kept",
                                correlation)
                 : pw_table_render(&table, options->columns, out, err);
    pw_table_release(&table);
    return status;
}

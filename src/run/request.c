/*
 * From a struct pw_process_spec to a request and its payload of strings.
 */
#include "request.h"

#include <errno.h>
#include <string.h>

#include "refusal.h"

static void put_string(struct pw_strbuf *payload, const char *text)
{
    pw_strbuf_append(payload, text, strlen(text) + 1);
}

static uint32_t put_strings(struct pw_strbuf *payload, const char *const *texts)
{
    uint32_t count = 0;

    for (; texts[count] != NULL; count++) {
        put_string(payload, texts[count]);
    }
    return count;
}

/** @return false when a processor has a number beyond all that can be */
static bool put_cpus(const struct pw_process_spec *spec, struct pw_run_request *request)
{
    for (size_t i = 0; i < spec->cpu_count; i++) {
        unsigned cpu = spec->cpus[i];

        if (cpu >= PW_RUN_CPUS_MAX) {
            return false;
        }
        request->cpus[cpu / 64] |= UINT64_C(1) << (cpu % 64);
    }
    return true;
}

static uint32_t flags_of(const struct pw_process_spec *spec)
{
    return (spec->cpu_count > 0 ? PW_RUN_PINNED : 0U) |
           (spec->isolate_network ? PW_RUN_ISOLATE_NETWORK : 0U) |
           (spec->wants_counters ? PW_RUN_WANTS_COUNTERS : 0U) |
           (spec->fixed_addresses ? PW_RUN_FIXED_ADDRESSES : 0U) |
           (spec->wants_io ? PW_RUN_WANTS_IO : 0U);
}

/** Where a variable is that changes from run to run. @param name with its '=' */
static uint32_t find_variable(const char *const *variables, const char *name)
{
    for (uint32_t i = 0; variables[i] != NULL; i++) {
        if (strncmp(variables[i], name, strlen(name)) == 0) {
            return i;
        }
    }
    return PW_RUN_NO_ITERATION;
}

int pw_run_request_write(const struct pw_process_spec *spec, const char *path, unsigned copies,
                         struct pw_run_request *request, struct pw_strbuf *payload,
                         uint32_t *refusal)
{
    memset(request, 0, sizeof(*request));
    request->magic = PW_RUN_MAGIC;
    request->kind = PW_RUN_EXECUTE;
    put_string(payload, spec->cwd);
    put_string(payload, path);
    put_string(payload, spec->stdin_path != NULL ? spec->stdin_path : "");
    request->argc = put_strings(payload, spec->argv);
    request->envc = put_strings(payload, spec->envp);
    request->payload_bytes = payload->length;
    request->timeout_ns = spec->timeout_ns;
    request->memory_limit_bytes = spec->memory_limit_bytes;
    request->cpu_limit = spec->cpu_limit;
    request->copies = copies;
    request->runs = 1;
    request->iteration_index = PW_RUN_NO_ITERATION;
    request->metrics_index = PW_RUN_NO_ITERATION;
    request->flags = flags_of(spec);
    *refusal = PW_RUN_REFUSED_NOTHING;
    if (!put_cpus(spec, request)) {
        *refusal = PW_RUN_REFUSED_CPUS;
        return EINVAL;
    }
    return payload->length > PW_RUN_PAYLOAD_MAX ? E2BIG : 0;
}

void pw_run_request_repeat(struct pw_run_request *request, const struct pw_process_spec *spec,
                           unsigned runs, uint64_t series_ns, unsigned iteration)
{
    request->runs = runs;
    request->series_ns = series_ns;
    request->iteration = iteration;
    request->iteration_index = find_variable(spec->envp, "PERFWARDEN_ITERATION=");
    request->metrics_index = find_variable(spec->envp, "PERFWARDEN_METRICS=");
}

void pw_run_request_follow(struct pw_run_request *first, struct pw_strbuf *payload,
                           const struct pw_run_request *second,
                           const struct pw_strbuf *second_payload)
{
    first->flags |= PW_RUN_FIRST_OF_PAIR;
    pw_strbuf_append(payload, (const char *)second, sizeof(*second));
    pw_strbuf_append(payload, second_payload->data, second_payload->length);
}

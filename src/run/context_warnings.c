/*
 * One table: a value, the threshold over which it is told, and the words. Nothing is dropped and
 * nothing decided here: a warning is for people.
 */
#include "context_warnings.h"

#include <math.h>

#include "perfwarden/util/strbuf.h"

/** What is looked at. */
struct observation {
    const struct pw_context *context;
    unsigned processors;
};

/** Reads a value; NAN when it is not known, which is over no threshold. */
typedef double value_reader(const struct observation *seen);
typedef void value_teller(const struct observation *seen, double value, struct pw_strbuf *out);

static double load_per_processor(const struct observation *seen)
{
    return seen->context->load_before / seen->processors;
}

static void tell_load(const struct observation *seen, double value, struct pw_strbuf *out)
{
    (void)value;
    pw_strbuf_printf(out,
                     "the load average was %.1f on %u processor(s) when this started: other "
                     "programs are running; stop them, or wait until they are done",
                     seen->context->load_before, seen->processors);
}

static double steal(const struct observation *seen)
{
    return seen->context->steal_ratio;
}

static void tell_steal(const struct observation *seen, double value, struct pw_strbuf *out)
{
    (void)seen;
    pw_strbuf_printf(out,
                     "steal time was %.0f %% while this ran: the host is shared; use more runs or "
                     "a dedicated runner",
                     100 * value);
}

static double major_faults(const struct observation *seen)
{
    return seen->context->page_faults_major;
}

static void tell_major_faults(const struct observation *seen, double value, struct pw_strbuf *out)
{
    (void)seen;
    pw_strbuf_printf(out,
                     "the machine had %.0f major page faults while this ran: files were not in "
                     "memory yet, or memory is short; raise 'warmup' or free memory",
                     value);
}

static double swapped_pages(const struct observation *seen)
{
    return seen->context->swap_in_pages + seen->context->swap_out_pages;
}

static void tell_swap(const struct observation *seen, double value, struct pw_strbuf *out)
{
    (void)seen;
    pw_strbuf_printf(out,
                     "the machine swapped %.0f pages while this ran: memory is short; free some, "
                     "or use a larger runner",
                     value);
}

/** How far the frequency moved, as a ratio of the higher one. */
static double frequency_change(const struct observation *seen)
{
    double before = seen->context->frequency_before_khz;
    double after = seen->context->frequency_after_khz;

    return fabs(after - before) / (before > after ? before : after);
}

static void tell_frequency(const struct observation *seen, double value, struct pw_strbuf *out)
{
    (void)value;
    pw_strbuf_printf(out,
                     "the processors' frequency went from %.2f GHz to %.2f GHz while this ran; set "
                     "the frequency governor to 'performance'",
                     seen->context->frequency_before_khz / 1e6,
                     seen->context->frequency_after_khz / 1e6);
}

static double throttle_events(const struct observation *seen)
{
    return seen->context->throttle_events;
}

static void tell_throttling(const struct observation *seen, double value, struct pw_strbuf *out)
{
    (void)seen;
    pw_strbuf_printf(out,
                     "the processor was slowed down %.0f time(s) while this ran, because it was "
                     "hot; cool it, or leave pauses between benchmarks",
                     value);
}

static const struct {
    value_reader *read;
    double above; /**< told when the value is over it */
    value_teller *tell;
} RULES[] = {
    {load_per_processor, 2.0, tell_load},     {steal, 0.05, tell_steal},
    {major_faults, 100, tell_major_faults},   {swapped_pages, 0, tell_swap},
    {frequency_change, 0.25, tell_frequency}, {throttle_events, 0, tell_throttling},
};

int pw_run_context_warn(struct pw_result *result, struct pw_result_benchmark *entry,
                        unsigned processors, struct pw_error *err)
{
    const struct observation seen = {entry->context, processors};
    int status = 0;

    for (size_t i = 0; status == 0 && i < PW_COUNT(RULES); i++) {
        struct pw_strbuf text = PW_STRBUF_INIT;
        double value = RULES[i].read(&seen);

        if (!(value > RULES[i].above)) {
            continue;
        }
        RULES[i].tell(&seen, value, &text);
        status = pw_strbuf_check(&text, err);
        if (status == 0) {
            status = pw_result_add_warning(result, entry, pw_strbuf_text(&text), err);
        }
        pw_strbuf_release(&text);
    }
    return status;
}

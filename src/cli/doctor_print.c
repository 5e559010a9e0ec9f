/* What doctor found, for people and as JSON ("perfwarden/doctor/1"). Foreign text is escaped here.
 */
#include <math.h>

#include "doctor.h"
#include "perfwarden/util/escape.h"
#include "perfwarden/util/json.h"
#include "perfwarden/util/text.h"

#define SCHEMA       "perfwarden/doctor/1"
#define LABEL_COLUMN 27

/* How long the benchmarks are that the last columns are for. */
static const struct {
    double run_ns;
    const char *label;
    const char *key;
} LENGTHS[] = {{10e6, "10 ms", "seconds_10_ms"},
               {100e6, "100 ms", "seconds_100_ms"},
               {1e9, "1 s", "seconds_1_s"}};

static void put_label(struct pw_strbuf *out, const char *label)
{
    const size_t width = pw_text_width(label);
    pw_strbuf_printf(out, "  %s", label);
    pw_strbuf_pad(out, ' ', width < LABEL_COLUMN ? LABEL_COLUMN - width : 1);
}

static void put_right(struct pw_strbuf *out, const char *text, size_t column)
{
    const size_t width = pw_text_width(text);
    pw_strbuf_pad(out, ' ', width < column ? column - width : 1);
    pw_strbuf_puts(out, text);
}

static void put_machine(const struct pw_doctor_machine *machine, struct pw_strbuf *out)
{
    pw_strbuf_puts(out, "This machine\n");
    for (size_t i = 0; i < machine->fact_count; i++) {
        const struct pw_doctor_fact *fact = &machine->facts[i];
        put_label(out, fact->label);
        pw_escape_terminal(out, fact->text == NULL ? "not known" : fact->text);
        pw_strbuf_putc(out, '\n');
    }
    pw_strbuf_puts(out, "\nTools\n");
    for (size_t i = 0; i < PW_DOCTOR_TOOLS; i++) {
        const struct pw_doctor_tool *tool = &machine->tools[i];
        put_label(out, tool->name);
        if (tool->version != NULL) {
            pw_escape_terminal(out, tool->version);
        } else {
            pw_strbuf_printf(out, "not found: needed for %s", tool->purpose);
        }
        pw_strbuf_putc(out, '\n');
    }
    for (size_t i = 0; i < machine->warning_count; i++) {
        pw_strbuf_puts(out, i == 0 ? "\nwarning: " : "warning: ");
        pw_escape_terminal(out, machine->warnings[i]);
        pw_strbuf_putc(out, '\n');
    }
}

static void put_row(struct pw_strbuf *out, const char *label, double value, const char *unit)
{
    put_label(out, label);
    pw_format_value(out, value, unit);
    pw_strbuf_putc(out, '\n');
}

static double seconds_of(const struct pw_doctor_noise *noise, size_t pairs, double run_ns)
{
    return 2.0 * (double)pairs * (run_ns + noise->overhead_ns) / 1e9;
}

static void put_detection(const struct pw_doctor_noise *noise,
                          const struct pw_doctor_detection *detection, struct pw_strbuf *out)
{
    struct pw_strbuf cell = PW_STRBUF_INIT;
    pw_strbuf_printf(&cell, "%.0f %%", 100 * detection->slowdown_ratio);
    put_right(out, pw_strbuf_text(&cell), 10);
    pw_strbuf_clear(&cell);
    pw_strbuf_printf(&cell, "%.1f %%", 100 * detection->threshold_ratio);
    put_right(out, pw_strbuf_text(&cell), 14);
    pw_strbuf_clear(&cell);
    pw_strbuf_printf(&cell, "%.0f %%", 100 * detection->power.found_ratio);
    put_right(out, pw_strbuf_text(&cell), 9);
    pw_strbuf_clear(&cell);
    if (detection->power.pairs == 0) {
        pw_strbuf_puts(&cell, "> 200");
    } else {
        pw_strbuf_printf(&cell, "%zu", detection->power.pairs);
    }
    put_right(out, pw_strbuf_text(&cell), 9);
    for (size_t i = 0; i < PW_COUNT(LENGTHS); i++) {
        pw_strbuf_clear(&cell);
        if (detection->power.pairs == 0) {
            pw_strbuf_puts(&cell, "–");
        } else {
            pw_format_duration(&cell, (uint64_t)(1e9 * seconds_of(noise, detection->power.pairs,
                                                                  LENGTHS[i].run_ns)));
        }
        put_right(out, pw_strbuf_text(&cell), 13);
    }
    pw_strbuf_putc(out, '\n');
    pw_strbuf_release(&cell);
}

static void put_noise(const struct pw_doctor_noise *noise, struct pw_strbuf *out)
{
    pw_strbuf_printf(out, "\nNoise, from %zu pairs of a program that computes\n", noise->pairs);
    put_row(out, "median run", noise->noise.median, "ns");
    put_row(out, "spread of single runs", noise->noise.run_spread_ratio, "ratio");
    put_row(out, "spread of pairs", noise->noise.pair_spread, "ratio");
    put_label(out, "drift meanwhile");
    pw_format_change(out, noise->noise.drift_ratio);
    pw_strbuf_puts(out, noise->noise.drift_p_value < 0.001 ? ", more than chance\n"
                                                           : ", no more than chance\n");
    put_row(out, "cost of a run beside its own", noise->overhead_ns, "ns");
    pw_strbuf_printf(out,
                     "\nWhat a gate can detect here, at alpha %g and beta %g\n"
                     "  slowdown  with threshold    found    pairs       10 ms run   100 ms run"
                     "      1 s run\n",
                     noise->alpha, noise->beta);
    for (size_t i = 0; i < PW_DOCTOR_DETECTIONS; i++) {
        put_detection(noise, &noise->detections[i], out);
    }
}

void pw_doctor_write_text(const struct pw_doctor_machine *machine,
                          const struct pw_doctor_noise *noise, struct pw_strbuf *out)
{
    put_machine(machine, out);
    if (noise->is_measured) {
        put_noise(noise, out);
    }
}

/* ---- JSON ---- */

static void write_machine(const struct pw_doctor_machine *machine, struct pw_json_writer *writer)
{
    pw_json_begin_object(writer, "machine");
    for (size_t i = 0; i < machine->fact_count; i++) {
        const struct pw_doctor_fact *fact = &machine->facts[i];
        if (isnan(fact->number)) {
            pw_json_put_string(writer, fact->key, fact->text);
        } else {
            pw_json_put_double(writer, fact->key, fact->number);
        }
    }
    pw_json_end(writer);
    pw_json_begin_object(writer, "tools");
    for (size_t i = 0; i < PW_DOCTOR_TOOLS; i++) {
        pw_json_put_string(writer, machine->tools[i].name, machine->tools[i].version);
    }
    pw_json_end(writer);
    pw_json_begin_array(writer, "warnings");
    for (size_t i = 0; i < machine->warning_count; i++) {
        pw_json_put_string(writer, NULL, machine->warnings[i]);
    }
    pw_json_end(writer);
}

static void write_detection(const struct pw_doctor_noise *noise,
                            const struct pw_doctor_detection *detection,
                            struct pw_json_writer *writer)
{
    const size_t pairs = detection->power.pairs;
    pw_json_begin_compact_object(writer, NULL);
    pw_json_put_double(writer, "slowdown_ratio", detection->slowdown_ratio);
    pw_json_put_double(writer, "threshold_ratio", detection->threshold_ratio);
    pw_json_put_double(writer, "found_ratio", detection->power.found_ratio);
    pw_json_put_double(writer, "pairs", pairs == 0 ? (double)NAN : (double)pairs);
    for (size_t i = 0; i < PW_COUNT(LENGTHS); i++) {
        pw_json_put_double(writer, LENGTHS[i].key,
                           pairs == 0 ? (double)NAN : seconds_of(noise, pairs, LENGTHS[i].run_ns));
    }
    pw_json_end(writer);
}

static void write_noise(const struct pw_doctor_noise *noise, struct pw_json_writer *writer)
{
    if (!noise->is_measured) {
        pw_json_put_null(writer, "noise");
        return;
    }
    pw_json_begin_object(writer, "noise");
    pw_json_put_uint64(writer, "pairs", noise->pairs);
    pw_json_put_double(writer, "median_ns", noise->noise.median);
    pw_json_put_double(writer, "run_spread_ratio", noise->noise.run_spread_ratio);
    pw_json_put_double(writer, "pair_spread", noise->noise.pair_spread);
    pw_json_put_double(writer, "shift", noise->noise.shift);
    pw_json_put_double(writer, "drift_ratio", noise->noise.drift_ratio);
    pw_json_put_double(writer, "drift_p_value", noise->noise.drift_p_value);
    pw_json_put_double(writer, "overhead_ns", noise->overhead_ns);
    pw_json_put_double(writer, "alpha", noise->alpha);
    pw_json_put_double(writer, "beta", noise->beta);
    pw_json_begin_array(writer, "detectable");
    for (size_t i = 0; i < PW_DOCTOR_DETECTIONS; i++) {
        write_detection(noise, &noise->detections[i], writer);
    }
    pw_json_end(writer);
    pw_json_end(writer);
}

void pw_doctor_write_json(const struct pw_doctor_machine *machine,
                          const struct pw_doctor_noise *noise, struct pw_strbuf *out)
{
    struct pw_json_writer writer;
    pw_json_writer_init(&writer, out);
    pw_json_begin_object(&writer, NULL);
    pw_json_put_string(&writer, "schema", SCHEMA);
    write_machine(machine, &writer);
    write_noise(noise, &writer);
    pw_json_end(&writer);
    pw_json_writer_finish(&writer);
}

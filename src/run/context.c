/* Reads /proc and /sys. A file that is not there leaves its values out; that is no error. */
#include "context.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "context_warnings.h"
#include "perfwarden/util/file.h"
#include "perfwarden/util/number.h"

enum { FILE_MAX_BYTES = 1 << 20, PROCESSORS_MAX = 4096, STAT_FIELDS = 8, STAT_STEAL = 7 };

/** Below this a single tick would be a share that is warned of. */
enum { TICKS_MIN = 50 };

#define CPU_DIRECTORY "/sys/devices/system/cpu/cpu"

/** The state of a reading. Running out of memory is remembered and looked at once, at the end. */
struct machine_reader {
    const char *root;
    struct pw_strbuf text; /**< content of the file read last */
    bool is_out_of_memory;
};

/** A file's text, valid until the next call; NULL when it cannot be read. */
static const char *read_text(struct machine_reader *reader, const char *path)
{
    struct pw_strbuf whole = PW_STRBUF_INIT;
    int status;

    pw_strbuf_puts(&whole, reader->root);
    pw_strbuf_puts(&whole, path);
    pw_strbuf_clear(&reader->text);
    status = pw_strbuf_check(&whole, NULL);
    if (status == 0) {
        status = pw_file_read(pw_strbuf_text(&whole), FILE_MAX_BYTES, &reader->text, NULL);
    }
    pw_strbuf_release(&whole);
    reader->is_out_of_memory = reader->is_out_of_memory || status == PW_ENOMEM;
    return status == 0 ? pw_strbuf_text(&reader->text) : NULL;
}

/** The decimal number that starts here, and where it ends. @return NAN when there is none */
static double take_number(const char **at)
{
    char number[32];
    double value = 0;
    size_t length;

    *at += strspn(*at, " \t");
    length = strspn(*at, "0123456789.");
    if (length == 0 || length >= sizeof(number)) {
        return (double)NAN;
    }
    memcpy(number, *at, length);
    number[length] = '\0';
    *at += length;
    return pw_parse_double(number, &value) == 0 ? value : (double)NAN;
}

static double read_number(struct machine_reader *reader, const char *path)
{
    const char *text = read_text(reader, path);

    return text != NULL ? take_number(&text) : (double)NAN;
}

/** The number behind a name at the start of a line. */
static double find_number(const char *text, const char *name)
{
    size_t length = strlen(name);

    for (const char *line = text; line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, name, length) == 0 && line[length] == ' ') {
            line += length;
            return take_number(&line);
        }
    }
    return (double)NAN;
}

/** "cpu  user nice system idle iowait irq softirq steal guest guest_nice": what a guest took is in
 * user already. */
static void read_ticks(struct machine_reader *reader, struct pw_run_machine *out)
{
    const char *at = read_text(reader, "/proc/stat");
    double total = 0;

    if (at == NULL || strncmp(at, "cpu ", 4) != 0) {
        return;
    }
    at += 4;
    for (int i = 0; i < STAT_FIELDS; i++) {
        double ticks = take_number(&at);

        total += ticks;
        if (i == STAT_STEAL) {
            out->steal_ticks = ticks;
        }
    }
    out->total_ticks = total;
}

static void read_memory_events(struct machine_reader *reader, struct pw_run_machine *out)
{
    const char *text = read_text(reader, "/proc/vmstat");

    if (text != NULL) {
        out->page_faults_major = find_number(text, "pgmajfault");
        out->swap_in_pages = find_number(text, "pswpin");
        out->swap_out_pages = find_number(text, "pswpout");
    }
}

/** A number of one processor. */
static double read_of_processor(struct machine_reader *reader, int processor, const char *name)
{
    char path[96];

    (void)snprintf(path, sizeof(path), CPU_DIRECTORY "%d/%s", processor, name);
    return read_number(reader, path);
}

static bool has_processor(struct machine_reader *reader, int processor)
{
    struct pw_strbuf path = PW_STRBUF_INIT;
    bool exists;

    pw_strbuf_printf(&path, "%s" CPU_DIRECTORY "%d", reader->root, processor);
    exists = pw_path_exists(pw_strbuf_text(&path));
    reader->is_out_of_memory = reader->is_out_of_memory || pw_strbuf_failed(&path);
    pw_strbuf_release(&path);
    return exists;
}

static void read_processors(struct machine_reader *reader, struct pw_run_machine *out)
{
    double frequencies = 0;
    double of_cores = 0;
    double of_package = 0;
    int with_frequency = 0;
    int with_throttling = 0;

    for (int i = 0; i < PROCESSORS_MAX && has_processor(reader, i); i++) {
        double frequency = read_of_processor(reader, i, "cpufreq/scaling_cur_freq");
        double core = read_of_processor(reader, i, "thermal_throttle/core_throttle_count");
        double package = read_of_processor(reader, i, "thermal_throttle/package_throttle_count");

        if (!isnan(frequency)) {
            frequencies += frequency;
            with_frequency++;
        }
        if (!isnan(core)) {
            of_cores += core;
            with_throttling++;
        }
        /* Every processor of a package shows the same event. */
        of_package = fmax(of_package, isnan(package) ? 0 : package);
    }
    if (with_frequency > 0) {
        out->frequency_khz = frequencies / with_frequency;
    }
    if (with_throttling > 0) {
        out->throttle_events = of_cores + of_package;
    }
}

int pw_run_machine_read(const char *root, struct pw_run_machine *out, struct pw_error *err)
{
    const double none = (double)NAN;
    struct machine_reader reader = {root, PW_STRBUF_INIT, false};
    struct pw_run_machine machine = {none, none, none, none, none, none, none, none};

    machine.load = read_number(&reader, "/proc/loadavg");
    read_ticks(&reader, &machine);
    read_memory_events(&reader, &machine);
    read_processors(&reader, &machine);
    pw_strbuf_release(&reader.text);
    if (reader.is_out_of_memory) {
        return pw_error_set_no_memory(err);
    }
    *out = machine;
    return 0;
}

/** How much a counter went up. A processor that went away takes its counts along. */
static double increase(double before, double after)
{
    return after >= before ? after - before : (double)NAN;
}

void pw_run_context_between(const struct pw_run_machine *before, const struct pw_run_machine *after,
                            struct pw_context *out)
{
    double ticks = increase(before->total_ticks, after->total_ticks);

    out->load_before = before->load;
    out->load_after = after->load;
    out->steal_ratio = ticks >= TICKS_MIN
                           ? increase(before->steal_ticks, after->steal_ticks) / ticks
                           : (double)NAN;
    out->page_faults_major = increase(before->page_faults_major, after->page_faults_major);
    out->swap_in_pages = increase(before->swap_in_pages, after->swap_in_pages);
    out->swap_out_pages = increase(before->swap_out_pages, after->swap_out_pages);
    out->frequency_before_khz = before->frequency_khz;
    out->frequency_after_khz = after->frequency_khz;
    out->throttle_events = increase(before->throttle_events, after->throttle_events);
}

int pw_run_context_record(struct pw_result *result, struct pw_result_benchmark *entry,
                          const char *root, const struct pw_run_machine *before,
                          struct pw_error *err)
{
    struct pw_context *context = pw_arena_alloc(&result->arena, sizeof(*context));
    struct pw_run_machine after;
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    int status;

    if (context == NULL) {
        return pw_error_set_no_memory(err);
    }
    memset(&after, 0, sizeof(after));
    status = pw_run_machine_read(root, &after, err);
    if (status != 0) {
        return status;
    }
    pw_run_context_between(before, &after, context);
    entry->context = context;
    return pw_run_context_warn(result, entry, processors > 0 ? (unsigned)processors : 1, err);
}

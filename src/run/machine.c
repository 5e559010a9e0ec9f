/* How the machine is at the moment, for people: what `doctor` prints and warns of. */
#include "linux_features.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "context.h"
#include "perfwarden/run.h"
#include "perfwarden/util/file.h"
#include "perfwarden/util/number.h"

#define MEMINFO_MAX_BYTES ((size_t)1 << 20)
#define BYTES_PER_KIB     1024.0

/* "MemTotal:       16384 kB": the number in bytes, NAN when there is no such line. */
static double find_bytes(const char *text, const char *name)
{
    const size_t length = strlen(name);
    for (const char *line = text; line != NULL; line = strchr(line, '\n')) {
        char number[24];
        uint64_t kib = 0;
        line += *line == '\n';
        if (strncmp(line, name, length) != 0 || line[length] != ':') {
            continue;
        }
        line += length + 1;
        line += strspn(line, " \t");
        const size_t digits = strspn(line, "0123456789");
        if (digits == 0 || digits >= sizeof(number)) {
            break;
        }
        memcpy(number, line, digits);
        number[digits] = '\0';
        return pw_parse_uint64(number, &kib) == PW_OK ? (double)kib * BYTES_PER_KIB : (double)NAN;
    }
    return (double)NAN;
}

static int read_memory(const char *root, struct pw_machine_state *out, struct pw_error *err)
{
    struct pw_strbuf path = PW_STRBUF_INIT;
    struct pw_strbuf text = PW_STRBUF_INIT;
    pw_strbuf_printf(&path, "%s/proc/meminfo", root);
    int status = pw_strbuf_check(&path, err);
    if (status == PW_OK) {
        status = pw_file_read(pw_strbuf_text(&path), MEMINFO_MAX_BYTES, &text, NULL);
        if (status == PW_ENOMEM) {
            status = pw_error_set_no_memory(err);
        } else {
            const char *words = status == PW_OK ? pw_strbuf_text(&text) : "";
            status = PW_OK; /* what cannot be read stays unknown */
            out->memory_bytes = find_bytes(words, "MemTotal");
            out->memory_available_bytes = find_bytes(words, "MemAvailable");
            out->swap_bytes = find_bytes(words, "SwapTotal");
            out->swap_used_bytes = out->swap_bytes - find_bytes(words, "SwapFree");
        }
    }
    pw_strbuf_release(&path);
    pw_strbuf_release(&text);
    return status;
}

static void wait_for(uint64_t wait_ns)
{
    struct timespec left = {.tv_sec = (time_t)(wait_ns / UINT64_C(1000000000)),
                            .tv_nsec = (long)(wait_ns % UINT64_C(1000000000))};
    while (nanosleep(&left, &left) != 0 && errno == EINTR) {
    }
}

int pw_run_machine_state(const char *root, uint64_t watch_ns, struct pw_machine_state *out,
                         struct pw_error *err)
{
    struct pw_run_machine before;
    struct pw_run_machine after;
    struct pw_context between;
    struct pw_machine_state state = {0};
    const long processors = sysconf(_SC_NPROCESSORS_ONLN);
    int status = pw_run_machine_read(root, &before, err);
    if (status == PW_OK) {
        wait_for(watch_ns);
        status = pw_run_machine_read(root, &after, err);
    }
    if (status == PW_OK) {
        status = read_memory(root, &state, err);
    }
    if (status != PW_OK) {
        return status;
    }
    pw_run_context_between(&before, &after, &between);
    state.processors = processors > 0 ? (unsigned)processors : 1;
    state.load = after.load;
    state.steal_ratio = between.steal_ratio;
    state.frequency_khz = after.frequency_khz;
    *out = state;
    return PW_OK;
}

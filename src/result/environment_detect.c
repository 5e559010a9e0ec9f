/*
 * Facts about this machine that change measured times, read from /proc, /sys and the C library.
 *
 * Each fact is stable as long as the machine is: limits instead of current values, whole GiB of
 * memory. What cannot be read is left out; a failure to read is never an error. But it is tried
 * again first: with a fact that a passing failure left out, this would be another environment, and
 * the gate would find no baseline where there is one.
 */
#include "linux_features.h"

#include "detector.h"
#include "environment.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#ifdef __GLIBC__
#include <gnu/libc-version.h>
#endif

#include "perfwarden/util/file.h"
#include "perfwarden/util/number.h"
#include "perfwarden/util/text.h"

#define CPU_DIRECTORY  "/sys/devices/system/cpu/"
#define MAX_FILE_BYTES ((size_t)16 << 20)
#define KIB_PER_GIB    (UINT64_C(1) << 20)

void pw_detector_add(struct pw_detector *d, const char *name, const char *value, bool is_identity)
{
    if (value == NULL || *value == '\0' || d->is_out_of_memory) {
        return;
    }
    if (pw_environment_add(d->result, name, value, is_identity, NULL) < 0) {
        d->is_out_of_memory = true;
    }
}

static void add_identity(struct pw_detector *d, const char *name, const char *value)
{
    pw_detector_add(d, name, value, true);
}

static void add_hash(struct pw_detector *d, const char *name, uint64_t hash)
{
    char text[17];
    snprintf(text, sizeof(text), "%016" PRIx64, hash);
    add_identity(d, name, text);
}

const char *pw_detector_read(struct pw_detector *d, const char *path)
{
    struct pw_strbuf whole = PW_STRBUF_INIT;
    pw_strbuf_puts(&whole, d->root);
    pw_strbuf_puts(&whole, path);
    pw_strbuf_clear(&d->text);
    int rc = pw_strbuf_check(&whole, NULL);
    if (rc == 0) {
        rc = pw_file_read(pw_strbuf_text(&whole), MAX_FILE_BYTES, &d->text, NULL);
    }
    if (rc == PW_EIO) {
        pw_strbuf_clear(&d->text);
        rc = pw_file_read(pw_strbuf_text(&whole), MAX_FILE_BYTES, &d->text, NULL);
    }
    pw_strbuf_release(&whole);
    if (rc == PW_ENOMEM) {
        d->is_out_of_memory = true;
    }
    if (rc < 0) {
        return NULL;
    }
    size_t length = strlen(pw_strbuf_text(&d->text));
    while (length > 0 && strchr(" \t\n", d->text.data[length - 1]) != NULL) {
        length--;
    }
    pw_strbuf_truncate(&d->text, length);
    return pw_strbuf_text(&d->text);
}

/* The value of the first line "key : value" or "key=value", as a copy; NULL when there is none. */
static const char *find_value(struct pw_detector *d, const char *text, const char *key,
                              char separator)
{
    size_t key_length = strlen(key);
    for (const char *line = text; line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, key, key_length) != 0) {
            continue;
        }
        const char *at = line + key_length + strspn(line + key_length, " \t");
        if (*at != separator) {
            continue;
        }
        at++;
        at += strspn(at, " \t");
        const char *copy = pw_arena_strndup(&d->result->arena, at, strcspn(at, "\n"));
        d->is_out_of_memory = d->is_out_of_memory || copy == NULL;
        return copy;
    }
    return NULL;
}

/** A fact of /proc/cpuinfo: the lines it may stand in, by architecture, the first found counts. */
struct cpu_line {
    const char *fact;
    const char *keys[4];
};

static const struct cpu_line cpu_lines[] = {
    {"cpu_model", {"model name", "cpu model", "cpu", "CPU part"}},
    {"cpu_vendor", {"vendor_id", "CPU implementer"}},
    {"cpu_family", {"cpu family", "CPU architecture"}},
    {"cpu_model_number", {"model", "CPU variant"}},
    {"cpu_stepping", {"stepping", "CPU revision", "revision"}},
    {"microcode", {"microcode"}},
};

static const char *find_any(struct pw_detector *d, const char *text, const char *const keys[4])
{
    const char *value = NULL;
    for (size_t i = 0; i < 4 && keys[i] != NULL && value == NULL; i++) {
        value = find_value(d, text, keys[i], ':');
    }
    return value;
}

static bool has_word(const char *words, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = strstr(words, word); at != NULL; at = strstr(at + 1, word)) {
        if ((at == words || at[-1] == ' ') && (at[length] == '\0' || at[length] == ' ')) {
            return true;
        }
    }
    return false;
}

/* What the machine calls itself, where the processor says that it is a virtual one. */
static void detect_hypervisor(struct pw_detector *d, bool is_virtual)
{
    const char *kind = pw_detector_read(d, "/sys/hypervisor/type");
    if (kind == NULL && is_virtual) {
        kind = pw_detector_read(d, "/sys/class/dmi/id/sys_vendor");
        if (kind == NULL || *kind == '\0') {
            kind = "present";
        }
    }
    add_identity(d, "hypervisor", kind);
}

static void detect_cpu(struct pw_detector *d)
{
    static const char *const flag_keys[4] = {"flags", "Features"};
    const char *text = pw_detector_read(d, "/proc/cpuinfo");
    const char *flags = NULL;
    if (text != NULL) {
        for (size_t i = 0; i < PW_COUNT(cpu_lines); i++) {
            add_identity(d, cpu_lines[i].fact, find_any(d, text, cpu_lines[i].keys));
        }
        flags = find_any(d, text, flag_keys);
    }
    if (flags != NULL) {
        add_hash(d, "cpu_flags_hash", pw_hash_string(PW_HASH_INIT, flags));
    }
    detect_hypervisor(d, flags != NULL && has_word(flags, "hypervisor"));
}

/* Processors this process may use; 0 when the kernel does not say, -1 when memory ran out. */
static int count_usable_cores(void)
{
    /* the kernel refuses a set smaller than its own, whose size it does not tell */
    for (int size = 1024; size <= 1 << 20; size *= 2) {
        cpu_set_t *set = CPU_ALLOC((size_t)size);
        if (set == NULL) {
            return -1;
        }
        size_t bytes = CPU_ALLOC_SIZE((size_t)size);
        int rc = sched_getaffinity(0, bytes, set);
        rc = rc == 0 || errno == EINVAL ? rc : sched_getaffinity(0, bytes, set);
        int error_number = errno;
        int count = rc == 0 ? CPU_COUNT_S(bytes, set) : 0;
        CPU_FREE(set);
        if (rc == 0 || error_number != EINVAL) {
            return count;
        }
    }
    return 0;
}

static void detect_cores(struct pw_detector *d)
{
    char text[16];
    int count = count_usable_cores();
    d->is_out_of_memory = d->is_out_of_memory || count < 0;
    if (count <= 0) {
        return;
    }
    snprintf(text, sizeof(text), "%d", count);
    add_identity(d, "cores", text);
}

/** A file that says "0" or "1". */
struct cpu_switch {
    const char *fact;
    const char *path;
    bool is_inverted;
};

/* Of two files for one fact the first that can be read counts. */
static const struct cpu_switch cpu_switches[] = {
    {"smt", CPU_DIRECTORY "smt/active", false},
    {"turbo", CPU_DIRECTORY "intel_pstate/no_turbo", true},
    {"turbo", CPU_DIRECTORY "cpufreq/boost", false},
};

static void detect_switches(struct pw_detector *d)
{
    const char *known = "";
    for (size_t i = 0; i < PW_COUNT(cpu_switches); i++) {
        const struct cpu_switch *entry = &cpu_switches[i];
        const char *text =
            strcmp(entry->fact, known) == 0 ? NULL : pw_detector_read(d, entry->path);
        if (text == NULL || (strcmp(text, "0") != 0 && strcmp(text, "1") != 0)) {
            continue;
        }
        bool is_on = (*text == '1') != entry->is_inverted;
        add_identity(d, entry->fact, is_on ? "on" : "off");
        known = entry->fact;
    }
}

static void detect_frequency(struct pw_detector *d)
{
    uint64_t khz = 0;
    char text[40];
    add_identity(d, "governor", pw_detector_read(d, CPU_DIRECTORY "cpu0/cpufreq/scaling_governor"));
    const char *limit = pw_detector_read(d, CPU_DIRECTORY "cpu0/cpufreq/cpuinfo_max_freq");
    if (limit == NULL || pw_parse_uint64(limit, &khz) < 0) {
        return;
    }
    snprintf(text, sizeof(text), "%" PRIu64 " kHz", khz);
    add_identity(d, "frequency_max", text);
}

/* Rounded up to whole GiB: the kernel keeps some for itself, how much changes with its version. */
static void detect_memory(struct pw_detector *d)
{
    uint64_t kib = 0;
    char number[24];
    const char *text = pw_detector_read(d, "/proc/meminfo");
    const char *total = text == NULL ? NULL : find_value(d, text, "MemTotal", ':');
    if (total == NULL) {
        return;
    }
    snprintf(number, sizeof(number), "%.*s", (int)strspn(total, "0123456789"), total);
    if (pw_parse_uint64(number, &kib) < 0 || kib == 0 || kib > UINT64_MAX / 2048) {
        return;
    }
    uint64_t gib = (kib + KIB_PER_GIB - 1) / KIB_PER_GIB;
    snprintf(number, sizeof(number), "%" PRIu64, gib * KIB_PER_GIB * 1024);
    add_identity(d, "memory_bytes", number);
}

static int compare_names(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* One hash over what the kernel does against each processor vulnerability. */
static void detect_mitigations(struct pw_detector *d)
{
    static const char directory[] = CPU_DIRECTORY "vulnerabilities";
    struct dirent **entries = NULL;
    struct pw_strbuf path = PW_STRBUF_INIT;
    uint64_t hash = PW_HASH_INIT;
    pw_strbuf_puts(&path, d->root);
    pw_strbuf_puts(&path, directory);
    errno = pw_strbuf_failed(&path) ? ENOMEM : 0;
    int count = errno != 0 ? -1 : scandir(path.data, &entries, is_visible, compare_names);
    if (count < 0 && errno != ENOENT && errno != ENOMEM) {
        count = scandir(path.data, &entries, is_visible, compare_names);
    }
    d->is_out_of_memory = d->is_out_of_memory || (count < 0 && errno == ENOMEM);
    for (int i = 0; i < count; i++) {
        pw_strbuf_clear(&path);
        pw_path_join(&path, directory, entries[i]->d_name);
        d->is_out_of_memory = d->is_out_of_memory || pw_strbuf_failed(&path);
        const char *text = pw_detector_read(d, pw_strbuf_text(&path));
        hash = pw_hash_string(hash, entries[i]->d_name);
        hash = pw_hash_string(hash, text == NULL ? "" : text);
        free(entries[i]);
    }
    free((void *)entries);
    pw_strbuf_release(&path);
    if (count > 0) {
        add_hash(d, "mitigations_hash", hash);
    }
}

static void detect_system(struct pw_detector *d)
{
    struct utsname name;
    if (uname(&name) == 0) {
        add_identity(d, "architecture", name.machine);
        add_identity(d, "kernel", name.release);
        pw_detector_add(d, "hostname", name.nodename, false);
    }
#ifdef __GLIBC__
    char libc[64];
    snprintf(libc, sizeof(libc), "glibc %s", gnu_get_libc_version());
    add_identity(d, "libc", libc);
#endif
}

/* Whose name is quoted in os-release as a shell would. */
static void detect_os_name(struct pw_detector *d)
{
    const char *text = pw_detector_read(d, "/etc/os-release");
    const char *name = text == NULL ? NULL : find_value(d, text, "PRETTY_NAME", '=');
    if (name == NULL) {
        return;
    }
    size_t length = strlen(name);
    if (length >= 2 && name[0] == '"' && name[length - 1] == '"') {
        name = pw_arena_strndup(&d->result->arena, name + 1, length - 2);
    }
    d->is_out_of_memory = d->is_out_of_memory || name == NULL;
    pw_detector_add(d, "os", name, false);
}

int pw_environment_detect_under(struct pw_result *result, const char *root, struct pw_error *err)
{
    struct pw_detector d = {.result = result, .root = root, .text = PW_STRBUF_INIT};
    struct pw_environment before = result->environment;
    memset(&result->environment, 0, sizeof(result->environment));
    detect_cpu(&d);
    detect_cores(&d);
    detect_switches(&d);
    detect_frequency(&d);
    detect_memory(&d);
    detect_mitigations(&d);
    pw_detector_limits(&d);
    detect_system(&d);
    detect_os_name(&d);
    add_identity(&d, "label", getenv("PERFWARDEN_ENVIRONMENT"));
    pw_strbuf_release(&d.text);
    int rc = d.is_out_of_memory ? pw_error_set_no_memory(err)
                                : pw_environment_set_id(&result->environment, err);
    if (rc < 0) {
        result->environment = before;
    }
    return rc;
}

int pw_environment_detect(struct pw_result *result, struct pw_error *err)
{
    return pw_environment_detect_under(result, "", err);
}

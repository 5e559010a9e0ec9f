/* The environment: facts from made-up /proc and /sys trees, an id that is stable. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../src/result/environment.h"
#include "perfwarden/util.h"

struct file {
    const char *path;
    const char *text;
};

/* What a machine shows; entries of the same path in a test's own list come later and win. */
static const struct file machine[] = {
    {"/proc/cpuinfo", "processor\t: 0\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 207\n"
                      "model name\t: Some CPU @ 2.10GHz\nstepping\t: 2\nmicrocode\t: 0x1\n"
                      "cpu MHz\t\t: 2100.000\nflags\t\t: fpu vme hypervisor sse2\n\n"
                      "processor\t: 1\nmodel name\t: Another\n"},
    {"/proc/meminfo", "MemTotal:       24684092 kB\nMemFree:        1 kB\n"},
    {"/proc/self/cgroup", "1:cpu:/x\n0::/ci.slice/job\n"},
    {"/sys/fs/cgroup/ci.slice/job/cpu.max", "max 100000\n"},
    {"/sys/fs/cgroup/ci.slice/cpu.max", "150000 100000\n"},
    {"/sys/fs/cgroup/cpu.max", "800000 100000\n"},
    {"/sys/devices/system/cpu/smt/active", "1\n"},
    {"/sys/devices/system/cpu/intel_pstate/no_turbo", "1\n"},
    {"/sys/devices/system/cpu/cpufreq/boost", "1\n"},
    {"/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "performance\n"},
    {"/sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq", "3600000\n"},
    {"/sys/devices/system/cpu/vulnerabilities/meltdown", "Not affected\n"},
    {"/sys/devices/system/cpu/vulnerabilities/spectre_v2", "Mitigation: IBRS\n"},
    {"/sys/class/dmi/id/sys_vendor", "QEMU\n"},
    {"/etc/os-release", "NAME=\"Debian\"\nPRETTY_NAME=\"Debian GNU/Linux 12\"\n"},
};

/* A root directory that is removed by the test's tear-down. */
static int make_root(void **state)
{
    char path[] = "/tmp/perfwarden-environment-XXXXXX";
    *state = mkdtemp(path) == NULL ? NULL : strdup(path);
    unsetenv("PERFWARDEN_ENVIRONMENT");
    return *state == NULL ? -1 : 0;
}

static int remove_root(void **state)
{
    struct pw_strbuf command = PW_STRBUF_INIT;
    pw_strbuf_printf(&command, "rm -rf '%s'", (const char *)*state);
    int rc = system(pw_strbuf_text(&command));
    pw_strbuf_release(&command);
    free(*state);
    unsetenv("PERFWARDEN_ENVIRONMENT");
    return rc;
}

static void put_file(const char *root, const char *path, const char *text)
{
    struct pw_strbuf whole = PW_STRBUF_INIT;
    pw_strbuf_printf(&whole, "%s%s", root, path);
    char *slash = strrchr(whole.data, '/');
    *slash = '\0';
    assert_int_equal(pw_make_directories(whole.data, NULL), 0);
    *slash = '/';
    assert_int_equal(pw_file_write(whole.data, text, strlen(text), NULL), 0);
    pw_strbuf_release(&whole);
}

static void put_machine(const char *root)
{
    for (size_t i = 0; i < PW_COUNT(machine); i++)
        put_file(root, machine[i].path, machine[i].text);
}

static void detect(const char *root, struct pw_result *out)
{
    assert_int_equal(pw_result_init(out, NULL), 0);
    assert_int_equal(pw_environment_detect_under(out, root, NULL), 0);
    assert_int_equal(strlen(out->environment.id), 12);
    assert_int_equal(strspn(out->environment.id, "0123456789abcdef"), 12);
}

static const struct pw_environment_fact *fact(const struct pw_result *result, const char *name)
{
    for (size_t i = 0; i < result->environment.fact_count; i++) {
        if (strcmp(result->environment.facts[i].name, name) == 0)
            return &result->environment.facts[i];
    }
    return NULL;
}

static void facts_are_read_from_their_files(void **state)
{
    static const struct file expected[] = {
        {"cpu_model", "Some CPU @ 2.10GHz"},
        {"cpu_vendor", "GenuineIntel"},
        {"cpu_family", "6"},
        {"cpu_model_number", "207"},
        {"cpu_stepping", "2"},
        {"microcode", "0x1"},
        {"smt", "on"},
        {"turbo", "off"},
        {"governor", "performance"},
        {"frequency_max", "3600000 kHz"},
        {"memory_bytes", "25769803776"},
        {"cpu_quota", "1.5"},
        {"hypervisor", "QEMU"},
        {"os", "Debian GNU/Linux 12"},
    };
    struct pw_result result;
    put_machine(*state);
    detect(*state, &result);
    for (size_t i = 0; i < PW_COUNT(expected); i++) {
        const struct pw_environment_fact *found = fact(&result, expected[i].path);
        assert_non_null(found);
        assert_string_equal(found->value, expected[i].text);
        assert_true(found->is_identity == (strcmp(found->name, "os") != 0));
    }
    static const char *const present[] = {"cpu_flags_hash", "mitigations_hash", "cores", "kernel",
                                          "architecture"};
    for (size_t i = 0; i < PW_COUNT(present); i++)
        assert_true(fact(&result, present[i])->is_identity);
    assert_false(fact(&result, "hostname")->is_identity);
    assert_null(fact(&result, "label"));
    pw_result_release(&result);
}

static void what_cannot_be_read_is_left_out(void **state)
{
    static const char *const absent[] = {
        "cpu_model",    "cpu_flags_hash", "mitigations_hash", "smt", "turbo",        "governor",
        "memory_bytes", "cpu_quota",      "hypervisor",       "os",  "frequency_max"};
    struct pw_result result;
    detect(*state, &result);
    for (size_t i = 0; i < PW_COUNT(absent); i++)
        assert_null(fact(&result, absent[i]));
    pw_result_release(&result);
}

static void odd_files_are_survived(void **state)
{
    static const struct file odd[] = {
        {"/proc/cpuinfo", ""},
        {"/proc/meminfo", "MemTotal: lots\n"},
        {"/proc/self/cgroup", "0::/../../etc\n"},
        {"/sys/fs/cgroup/cpu.max", ""},
        {"/sys/devices/system/cpu/smt/active", "notimplemented\n"},
        {"/sys/devices/system/cpu/intel_pstate/no_turbo", "\n"},
        {"/sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq", "-5\n"},
        {"/etc/os-release", "PRETTY_NAME=\"\n"},
    };
    struct pw_result result;
    for (size_t i = 0; i < PW_COUNT(odd); i++)
        put_file(*state, odd[i].path, odd[i].text);
    detect(*state, &result);
    assert_null(fact(&result, "memory_bytes"));
    assert_null(fact(&result, "smt"));
    assert_null(fact(&result, "frequency_max"));
    assert_null(fact(&result, "cpu_quota"));
    pw_result_release(&result);
}

static void an_arm_machine_is_named(void **state)
{
    struct pw_result result;
    put_file(*state, "/proc/cpuinfo",
             "processor\t: 0\nFeatures\t: fp asimd\nCPU implementer\t: 0x41\n"
             "CPU architecture: 8\nCPU variant\t: 0x3\nCPU part\t: 0xd0c\nCPU revision\t: 1\n");
    detect(*state, &result);
    assert_string_equal(fact(&result, "cpu_model")->value, "0xd0c");
    assert_string_equal(fact(&result, "cpu_vendor")->value, "0x41");
    assert_string_equal(fact(&result, "cpu_stepping")->value, "1");
    assert_non_null(fact(&result, "cpu_flags_hash"));
    assert_null(fact(&result, "hypervisor"));
    pw_result_release(&result);
}

/* Each of these changes measured times, so the id must change with it, and only then. */
static void the_id_follows_identity_facts_alone(void **state)
{
    static const struct {
        struct file change;
        const char *fact; /* NULL: the id stays */
    } cases[] = {
        {{"/proc/meminfo", "MemTotal:       24680000 kB\n"}, NULL},
        {{"/etc/os-release", "PRETTY_NAME=\"Other\"\n"}, NULL},
        {{"/proc/meminfo", "MemTotal:       16000000 kB\n"}, "memory_bytes"},
        {{"/sys/devices/system/cpu/smt/active", "0\n"}, "smt"},
        {{"/sys/devices/system/cpu/vulnerabilities/meltdown", "Mitigation: PTI\n"},
         "mitigations_hash"},
        {{"/sys/devices/system/cpu/vulnerabilities/new", "Vulnerable\n"}, "mitigations_hash"},
        {{"/sys/fs/cgroup/ci.slice/job/cpu.max", "50000 100000\n"}, "cpu_quota"},
    };
    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        struct pw_result before;
        struct pw_result after;
        struct pw_strbuf names = PW_STRBUF_INIT;
        put_machine(*state);
        detect(*state, &before);
        put_file(*state, cases[i].change.path, cases[i].change.text);
        detect(*state, &after);
        pw_environment_describe_difference(&before.environment, &after.environment, &names);
        bool is_same = strcmp(before.environment.id, after.environment.id) == 0;
        assert_true(is_same == (cases[i].fact == NULL));
        assert_string_equal(pw_strbuf_text(&names), cases[i].fact == NULL ? "" : cases[i].fact);
        pw_strbuf_release(&names);
        pw_result_release(&before);
        pw_result_release(&after);
    }
}

static void a_label_tells_machines_apart(void **state)
{
    struct pw_result plain;
    struct pw_result empty;
    struct pw_result labelled;
    detect(*state, &plain);
    setenv("PERFWARDEN_ENVIRONMENT", "", 1);
    detect(*state, &empty);
    setenv("PERFWARDEN_ENVIRONMENT", "pool-b", 1);
    detect(*state, &labelled);
    assert_string_equal(plain.environment.id, empty.environment.id);
    assert_string_not_equal(plain.environment.id, labelled.environment.id);
    assert_string_equal(fact(&labelled, "label")->value, "pool-b");
    pw_result_release(&plain);
    pw_result_release(&empty);
    pw_result_release(&labelled);
}

static void the_id_ignores_the_order_of_facts(void **state)
{
    (void)state;
    struct pw_result a;
    struct pw_result b;
    assert_int_equal(pw_result_init(&a, NULL), 0);
    assert_int_equal(pw_result_init(&b, NULL), 0);
    assert_string_equal(a.environment.id, b.environment.id);
    assert_int_equal(pw_environment_add(&a, "x", "1", true, NULL), 0);
    assert_int_equal(pw_environment_add(&a, "y", "2", true, NULL), 0);
    assert_int_equal(pw_environment_add(&b, "y", "2", true, NULL), 0);
    assert_int_equal(pw_environment_add(&b, "note", "n", false, NULL), 0);
    assert_int_equal(pw_environment_add(&b, "x", "1", true, NULL), 0);
    assert_int_equal(pw_environment_set_id(&a.environment, NULL), 0);
    assert_int_equal(pw_environment_set_id(&b.environment, NULL), 0);
    assert_string_equal(a.environment.id, b.environment.id);
    pw_result_release(&a);
    pw_result_release(&b);
}

static void differences_are_named_once(void **state)
{
    (void)state;
    struct pw_result a;
    struct pw_result b;
    struct pw_strbuf names = PW_STRBUF_INIT;
    assert_int_equal(pw_result_init(&a, NULL), 0);
    assert_int_equal(pw_result_init(&b, NULL), 0);
    assert_int_equal(pw_environment_add(&a, "cpu_model", "x", true, NULL), 0);
    assert_int_equal(pw_environment_add(&a, "smt", "on", true, NULL), 0);
    assert_int_equal(pw_environment_add(&a, "hostname", "h", false, NULL), 0);
    assert_int_equal(pw_environment_add(&a, "kernel", "6.1", true, NULL), 0);
    assert_int_equal(pw_environment_add(&b, "kernel", "6.2", true, NULL), 0);
    assert_int_equal(pw_environment_add(&b, "smt", "on", true, NULL), 0);
    assert_int_equal(pw_environment_add(&b, "label", "l", true, NULL), 0);
    pw_strbuf_puts(&names, "differ in ");
    pw_environment_describe_difference(&a.environment, &b.environment, &names);
    assert_string_equal(pw_strbuf_text(&names), "differ in cpu_model, kernel, label");
    pw_strbuf_release(&names);
    pw_result_release(&a);
    pw_result_release(&b);
}

/* This machine: detected twice it is the same, and it survives being written and read. */
static void the_real_machine_is_stable(void **state)
{
    (void)state;
    struct pw_result first;
    struct pw_result second;
    struct pw_result back;
    struct pw_strbuf text = PW_STRBUF_INIT;
    assert_int_equal(pw_result_init(&first, NULL), 0);
    assert_int_equal(pw_result_init(&second, NULL), 0);
    assert_int_equal(pw_environment_detect(&first, NULL), 0);
    assert_int_equal(pw_environment_detect(&second, NULL), 0);
    assert_string_equal(first.environment.id, second.environment.id);
    assert_non_null(fact(&first, "kernel"));
    assert_non_null(fact(&first, "cores"));
    pw_result_write(&first, &text);
    assert_int_equal(pw_result_read(text.data, text.length, "r", &back, NULL), 0);
    assert_int_equal(back.environment.fact_count, first.environment.fact_count);
    pw_strbuf_clear(&text);
    pw_environment_describe_difference(&first.environment, &back.environment, &text);
    assert_string_equal(pw_strbuf_text(&text), "");
    assert_int_equal(pw_environment_set_id(&back.environment, NULL), 0);
    assert_string_equal(back.environment.id, first.environment.id);
    pw_strbuf_release(&text);
    pw_result_release(&first);
    pw_result_release(&second);
    pw_result_release(&back);
}

/* Control groups of version 1, of both versions at once, and what is no limit. */
static void limits_of_either_version_count(void **state)
{
    static const struct {
        struct file files[5];
        const char *quota; /* NULL for none */
    } cases[] = {
        {{{"/proc/self/cgroup", "5:memory:/m\n4:cpu,cpuacct:/job\n0::/\n"},
          {"/sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_quota_us", "250000\n"},
          {"/sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_period_us", "100000\n"}},
         "2.5"},
        {{{"/proc/self/cgroup", "4:cpuset:/no\n3:cpuacct,cpu:/a/b\n"},
          {"/sys/fs/cgroup/cpu/a/b/cpu.cfs_quota_us", "-1\n"},
          {"/sys/fs/cgroup/cpu/a/b/cpu.cfs_period_us", "100000\n"},
          {"/sys/fs/cgroup/cpu/a/cpu.cfs_quota_us", "50000\n"},
          {"/sys/fs/cgroup/cpu/a/cpu.cfs_period_us", "100000\n"}},
         "0.5"},
        /* a container sees its own group at the mount, under a name it does not have there */
        {{{"/proc/self/cgroup", "1:cpu:/docker/0123\n"},
          {"/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "75000\n"},
          {"/sys/fs/cgroup/cpu/cpu.cfs_period_us", "50000\n"}},
         "1.5"},
        {{{"/proc/self/cgroup", "1:cpu:/x\n0::/y\n"},
          {"/sys/fs/cgroup/unified/y/cpu.max", "30000 100000\n"},
          {"/sys/fs/cgroup/cpu/x/cpu.cfs_quota_us", "90000\n"},
          {"/sys/fs/cgroup/cpu/x/cpu.cfs_period_us", "100000\n"}},
         "0.3"},
        {{{"/proc/self/cgroup", "1:cpu:/x\n"},
          {"/sys/fs/cgroup/cpu/x/cpu.cfs_quota_us", "90000\n"}},
         NULL},
        {{{"/proc/self/cgroup", "cpu\n1:cpu\n:\n::\n"}}, NULL},
    };
    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        struct pw_strbuf root = PW_STRBUF_INIT;
        struct pw_result result;
        pw_strbuf_printf(&root, "%s/%zu", (const char *)*state, i);
        for (size_t f = 0; f < 5 && cases[i].files[f].path != NULL; f++)
            put_file(pw_strbuf_text(&root), cases[i].files[f].path, cases[i].files[f].text);
        detect(pw_strbuf_text(&root), &result);
        const struct pw_environment_fact *quota = fact(&result, "cpu_quota");
        if (cases[i].quota == NULL) {
            assert_null(quota);
        } else {
            assert_non_null(quota);
            assert_string_equal(quota->value, cases[i].quota);
        }
        pw_result_release(&result);
        pw_strbuf_release(&root);
    }
}

/* Notes are for people: they do not change the id, and a later one replaces an earlier one. */
static void a_note_does_not_change_the_id(void **state)
{
    struct pw_result result;
    char id[PW_ENVIRONMENT_ID_SIZE];
    put_machine(*state);
    detect(*state, &result);
    memcpy(id, result.environment.id, sizeof(id));
    size_t count = result.environment.fact_count;
    assert_int_equal(pw_environment_note(&result, "valgrind", "3.18.1", NULL), 0);
    assert_int_equal(pw_environment_note(&result, "valgrind", "3.19.0", NULL), 0);
    assert_int_equal(result.environment.fact_count, count + 1);
    assert_string_equal(fact(&result, "valgrind")->value, "3.19.0");
    assert_false(fact(&result, "valgrind")->is_identity);
    assert_int_equal(pw_environment_set_id(&result.environment, NULL), 0);
    assert_string_equal(result.environment.id, id);
    pw_result_release(&result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(facts_are_read_from_their_files, make_root, remove_root),
        cmocka_unit_test_setup_teardown(what_cannot_be_read_is_left_out, make_root, remove_root),
        cmocka_unit_test_setup_teardown(odd_files_are_survived, make_root, remove_root),
        cmocka_unit_test_setup_teardown(an_arm_machine_is_named, make_root, remove_root),
        cmocka_unit_test_setup_teardown(the_id_follows_identity_facts_alone, make_root,
                                        remove_root),
        cmocka_unit_test_setup_teardown(a_label_tells_machines_apart, make_root, remove_root),
        cmocka_unit_test_setup_teardown(limits_of_either_version_count, make_root, remove_root),
        cmocka_unit_test_setup_teardown(a_note_does_not_change_the_id, make_root, remove_root),
        cmocka_unit_test(the_id_ignores_the_order_of_facts),
        cmocka_unit_test(differences_are_named_once),
        cmocka_unit_test(the_real_machine_is_stable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Every recorded output is recognised by its own format and by no other. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "perfwarden/adapter.h"
#include "perfwarden/util.h"

#define FOLDER PERFWARDEN_SHARED_DATA "/adapters"

/** Which format an output is in. */
static const struct {
    const char *file;
    const char *format;
} files[] = {
    {"bencher_cpp_catch2_four.txt", "catch2"},
    {"bencher_dart_benchmark_harness_one.txt", "dart"},
    {"bencher_js_time_four.txt", "console-time"},
    {"bencher_json_report_dhat.json", "bmf"},
    {"bencher_json_report_latency.json", "bmf"},
    {"bencher_ruby_benchmark_two.txt", "ruby-benchmark"},
    {"bencher_rust_criterion_many.txt", "criterion"},
    {"bencher_rust_gungraun_callgrind-all.txt", "gungraun"},
    {"bencher_rust_gungraun_json_one_callgrind_all_metrics.txt", "gungraun-json"},
    {"bencher_rust_gungraun_with-dhat.txt", "gungraun"},
    {"bencher_rust_iai_two.txt", "iai"},
    {"benchmarkjs_output.txt", "benchmarkjs"},
    {"benchmarkluau_output.txt", "luau"},
    {"cargo_output.txt", "libtest"},
    {"cargo_output_units.txt", "libtest"},
    {"catch2_output_v3.txt", "catch2"},
    {"criterion_output.txt", "libtest"},
    {"go_fiber_output.txt", "go-bench"},
    {"go_output.txt", "go-bench"},
    {"googlecpp_output.json", "google-benchmark"},
};

static const char *find_format(const char *file)
{
    for (size_t i = 0; i < PW_COUNT(files); i++) {
        if (strcmp(files[i].file, file) == 0)
            return files[i].format;
    }
    return NULL;
}

/* As `format: auto` reads it: the beginning alone. */
static void check_recognised(const char *file, const char *format)
{
    struct pw_strbuf path = PW_STRBUF_INIT;
    struct pw_strbuf text = PW_STRBUF_INIT;
    size_t count = 0;
    const struct pw_adapter *table = pw_adapter_table(&count);
    const char *found = NULL;
    pw_path_join(&path, FOLDER, file);
    assert_int_equal(pw_file_read(pw_strbuf_text(&path), (size_t)1 << 20, &text, NULL), 0);
    pw_strbuf_truncate(&text, (size_t)64 << 10);
    for (size_t i = 0; i < count; i++) {
        if (table[i].recognise == NULL || !table[i].recognise(pw_strbuf_text(&text), text.length))
            continue;
        if (found != NULL)
            fail_msg("'%s' is recognised as '%s' and '%s'", file, found, table[i].name);
        found = table[i].name;
    }
    if (format != NULL && (found == NULL || strcmp(found, format) != 0))
        fail_msg("'%s' is recognised as '%s'", file, found == NULL ? "nothing" : found);
    pw_strbuf_release(&text);
    pw_strbuf_release(&path);
}

static void each_file_has_one_format(void **state)
{
    (void)state;
    DIR *folder = opendir(FOLDER);
    if (folder == NULL) {
        print_message("the reference data are not there\n");
        skip();
    }
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (*entry->d_name != '.')
            check_recognised(entry->d_name, find_format(entry->d_name));
    }
    closedir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_file_has_one_format),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

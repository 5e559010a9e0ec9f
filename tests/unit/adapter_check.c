/* Comparing an adapter's output with the values read from it by eye. */
#include "adapter_check.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "perfwarden/adapter.h"
#include "perfwarden/util.h"

void check_values(const char *format, const char *text, size_t length,
                  const struct expected *expected, size_t count)
{
    struct pw_adapter_output output;
    struct pw_error err = PW_ERROR_INIT;
    const struct pw_adapter *adapter = pw_adapter_find(format);
    assert_non_null(adapter);
    int rc = adapter->parse(text, length, NULL, &output, &err);
    if (rc != 0)
        fail_msg("%s", pw_error_message(&err));
    assert_int_equal(output.count, count);
    for (size_t i = 0; i < count; i++) {
        const struct pw_adapter_value *value = &output.values[i];
        assert_string_equal(value->benchmark, expected[i].benchmark);
        assert_string_equal(value->metric, expected[i].metric);
        assert_string_equal(value->unit, expected[i].unit);
        assert_int_equal(value->better, expected[i].better);
        if (fabs(value->value - expected[i].value) > 1e-12 * fabs(expected[i].value))
            fail_msg("%s %s: %.17g", value->benchmark, value->metric, value->value);
    }
    pw_adapter_output_release(&output);
}

bool check_file(const char *format, const char *name, const struct expected *expected, size_t count)
{
    struct pw_strbuf path = PW_STRBUF_INIT;
    struct pw_strbuf text = PW_STRBUF_INIT;
    pw_path_join(&path, PERFWARDEN_SHARED_DATA, name);
    int rc = pw_file_read(pw_strbuf_text(&path), (size_t)1 << 20, &text, NULL);
    if (rc == 0)
        check_values(format, pw_strbuf_text(&text), text.length, expected, count);
    else
        print_message("the reference file '%s' is not there\n", pw_strbuf_text(&path));
    pw_strbuf_release(&text);
    pw_strbuf_release(&path);
    return rc == 0;
}

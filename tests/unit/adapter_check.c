/* Comparing an adapter's output with the values read from it by eye. */
#include "adapter_check.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "perfwarden/adapter.h"
#include "perfwarden/util.h"

static void parse(const char *format, const struct pw_adapter_settings *settings, const char *text,
                  size_t length, struct pw_adapter_output *out)
{
    struct pw_error err = PW_ERROR_INIT;
    const struct pw_adapter *adapter = pw_adapter_find(format);
    assert_non_null(adapter);
    if (adapter->parse(text, length, settings, out, &err) != 0)
        fail_msg("%s", pw_error_message(&err));
}

static void compare_values(const struct pw_adapter_output *output, const struct expected *expected,
                           size_t count)
{
    for (size_t i = 0; i < count && i < output->count; i++) {
        const struct pw_adapter_value *value = &output->values[i];
        assert_string_equal(value->benchmark, expected[i].benchmark);
        assert_string_equal(value->metric, expected[i].metric);
        assert_string_equal(value->unit, expected[i].unit);
        assert_int_equal(value->better, expected[i].better);
        if (fabs(value->value - expected[i].value) > 1e-12 * fabs(expected[i].value))
            fail_msg("%s %s: %.17g", value->benchmark, value->metric, value->value);
    }
    assert_int_equal(output->count, count);
}

void check_values(const char *format, const char *text, size_t length,
                  const struct expected *expected, size_t count)
{
    struct pw_adapter_output output;
    parse(format, NULL, text, length, &output);
    compare_values(&output, expected, count);
    pw_adapter_output_release(&output);
}

void check_told(const char *format, const struct pw_adapter_settings *settings, const char *text,
                const struct expected *expected, size_t count)
{
    struct pw_adapter_output output;
    parse(format, settings, text, strlen(text), &output);
    compare_values(&output, expected, count);
    pw_adapter_output_release(&output);
}

void check_failures(const char *format, const char *text, const char *const *expected, size_t count)
{
    struct pw_adapter_output output;
    parse(format, NULL, text, strlen(text), &output);
    for (size_t i = 0; i < count && i < output.failure_count; i++) {
        struct pw_strbuf line = PW_STRBUF_INIT;
        pw_strbuf_printf(&line, "%s: %s", output.failures[i].benchmark, output.failures[i].message);
        assert_string_equal(pw_strbuf_text(&line), expected[i]);
        pw_strbuf_release(&line);
    }
    assert_int_equal(output.failure_count, count);
    pw_adapter_output_release(&output);
}

void check_refused(const char *format, const struct pw_adapter_settings *settings, const char *text,
                   const char *message)
{
    struct pw_adapter_output output;
    struct pw_error err = PW_ERROR_INIT;
    const int status = pw_adapter_find(format)->parse(text, strlen(text), settings, &output, &err);
    const char *said = pw_error_message(&err);
    assert_int_equal(status, PW_EFORMAT);
    if (strlen(said) < strlen(message) ||
        strcmp(said + strlen(said) - strlen(message), message) != 0)
        fail_msg("'%s' does not end in '%s'", said, message);
    pw_error_release(&err);
}

void check_every_prefix_is_refused(const char *format, const char *text, size_t complete)
{
    for (size_t length = 0; length < complete; length++) {
        struct pw_adapter_output output;
        char *copy = malloc(length + 1); /* exact, so that reading beyond it is noticed */
        assert_non_null(copy);
        memcpy(copy, text, length);
        copy[length] = '\0';
        if (pw_adapter_find(format)->parse(copy, length, NULL, &output, NULL) == 0) {
            fail_msg("the first %zu bytes are taken for the whole", length);
        }
        free(copy);
    }
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

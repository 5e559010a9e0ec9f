/* The JUnit model: copies, totals, times and unique names. Knows no XML but its character set. */
#include "junit_suite.h"

#include <string.h>

#include "junit_unique.h"
#include "junit_xml.h"
#include "perfwarden/util/escape.h"

#define EPOCH "1970-01-01T00:00:00"
/** A test's time is not shown longer: some 30 years. */
#define LONGEST_MS 1e12

static unsigned number_at(const char *text, size_t digits)
{
    unsigned value = 0;
    for (size_t i = 0; i < digits; i++) {
        value = value * 10 + (unsigned)(text[i] - '0');
    }
    return value;
}

/* True for a date and time that exists, in the schemas' form; the zone behind it is dropped. */
static bool is_timestamp(const char *text)
{
    static const char form[] = "0000-00-00T00:00:00";
    static const unsigned days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    for (size_t i = 0; form[i] != '\0'; i++) {
        bool is_digit = text[i] >= '0' && text[i] <= '9';
        if (form[i] == '0' ? !is_digit : text[i] != form[i]) {
            return false;
        }
    }
    unsigned year = number_at(text, 4);
    unsigned month = number_at(text + 5, 2);
    unsigned day = number_at(text + 8, 2);
    bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1] &&
           (month != 2 || day < 29 || is_leap) && number_at(text + 11, 2) < 24 &&
           number_at(text + 14, 2) < 60 && number_at(text + 17, 2) < 60;
}

/* A copy in the arena that holds only what XML can express. NULL stays NULL. */
static const char *copy_text(struct pw_junit_suite *suite, const char *text)
{
    struct pw_strbuf filtered = PW_STRBUF_INIT;
    const char *copy = NULL;
    if (text == NULL) {
        return NULL;
    }
    pw_escape_xml_characters(&filtered, text);
    if (!pw_strbuf_failed(&filtered)) {
        copy = pw_arena_strdup(&suite->arena, pw_strbuf_text(&filtered));
    }
    suite->failed = suite->failed || copy == NULL;
    pw_strbuf_release(&filtered);
    return copy;
}

void pw_junit_init(struct pw_junit_suite *suite, const char *started_at, const char *hostname)
{
    *suite = (struct pw_junit_suite){.system_out = "", .system_err = ""};
    bool has_time = started_at != NULL && is_timestamp(started_at);
    memcpy(suite->timestamp, has_time ? started_at : EPOCH, PW_JUNIT_TIME_SIZE - 1);
    bool has_name = hostname != NULL && hostname[strspn(hostname, " \t\r\n")] != '\0';
    suite->hostname = copy_text(suite, has_name ? hostname : "localhost");
}

void pw_junit_release(struct pw_junit_suite *suite)
{
    pw_arena_release(&suite->arena);
    *suite = (struct pw_junit_suite){.system_out = "", .system_err = ""};
}

void pw_junit_add_property(struct pw_junit_suite *suite, const char *name, const char *value)
{
    if (value == NULL) {
        return;
    }
    struct pw_junit_property *properties =
        pw_arena_grow(&suite->arena, suite->properties, suite->property_count,
                      &suite->property_capacity, sizeof *properties);
    if (properties == NULL) {
        suite->failed = true;
        return;
    }
    suite->properties = properties;
    properties[suite->property_count++] =
        (struct pw_junit_property){copy_text(suite, name), copy_text(suite, value)};
}

void pw_junit_add_case(struct pw_junit_suite *suite, const struct pw_junit_case *test_case)
{
    struct pw_junit_case *cases = pw_arena_grow(&suite->arena, suite->cases, suite->case_count,
                                                &suite->case_capacity, sizeof *cases);
    if (cases == NULL) {
        suite->failed = true;
        return;
    }
    suite->cases = cases;
    struct pw_junit_case *added = &cases[suite->case_count++];
    *added = *test_case;
    added->classname = copy_text(suite, test_case->classname);
    added->name = copy_text(suite, test_case->name);
    added->type = copy_text(suite, test_case->type);
    added->message = copy_text(suite, test_case->message);
    added->body = copy_text(suite, test_case->body);
    suite->outcomes[test_case->outcome]++;
    suite->time_ms += test_case->time_ms;
}

void pw_junit_set_output(struct pw_junit_suite *suite, const char *out, const char *err)
{
    suite->system_out = copy_text(suite, out);
    suite->system_err = copy_text(suite, err);
}

uint64_t pw_junit_milliseconds(double ns)
{
    double ms = ns / 1e6;
    if (!(ms > 0)) { /* NaN is not */
        return 0;
    }
    return (uint64_t)((ms < LONGEST_MS ? ms : LONGEST_MS) + 0.5);
}

int pw_junit_write(struct pw_junit_suite *suite, struct pw_strbuf *out, struct pw_error *err)
{
    int status = suite->failed ? pw_error_set_no_memory(err) : pw_junit_make_unique(suite, err);
    return status < 0 ? status : pw_junit_write_xml(suite, out, err);
}

/* Readers of the values that are more than a word, and the words that a value may be. */
#include "option_values.h"

#include <limits.h>
#include <stdint.h>
#include <string.h>

#include "init.h"
#include "perfwarden/report.h"

/* What the configuration accepts, too. */
#define RUNS_MAX 100000u

static const char *pick(const char *const *values, size_t count, size_t index)
{
    return index < count ? values[index] : NULL;
}

const char *pw_option_when_choice(size_t index)
{
    static const char *const values[] = {
        [PW_WHEN_AUTO] = "auto", [PW_WHEN_ALWAYS] = "always", [PW_WHEN_NEVER] = "never"};
    return pick(values, PW_COUNT(values), index);
}

const char *pw_option_mode_choice(size_t index)
{
    static const char *const values[] = {"auto", "stored", "paired"};
    return pick(values, PW_COUNT(values), index);
}

const char *pw_option_shell_choice(size_t index)
{
    static const char *const values[] = {"sh", "none"};
    return pick(values, PW_COUNT(values), index);
}

const char *pw_option_ci_choice(size_t index)
{
    const struct pw_recipe *recipe = pw_recipe_at(index);
    return recipe != NULL ? recipe->system : NULL;
}

const char *pw_option_annotations_choice(size_t index)
{
    static const char *const values[] = {"auto", "github", "azure", "none"};
    return pick(values, PW_COUNT(values), index);
}

const char *pw_option_format_choice(size_t index)
{
    size_t count = 0;
    const struct pw_reporter *table = pw_reporter_table(&count);
    return index < count ? table[index].name : NULL;
}

const char *pw_option_chart_choice(size_t index)
{
    return pw_report_chart_name(index);
}

/* The verdicts a gate can fail on, in the order the documentation lists them. */
static const enum pw_verdict FAILING[] = {PW_VERDICT_REGRESSION, PW_VERDICT_ERROR,
                                          PW_VERDICT_MISSING, PW_VERDICT_INCONCLUSIVE,
                                          PW_VERDICT_NO_BASELINE};

const char *pw_option_verdict_choice(size_t index)
{
    return index < PW_COUNT(FAILING) ? pw_verdict_name(FAILING[index]) : NULL;
}

static int parse_runs_bound(const char *text, size_t length, unsigned *out)
{
    unsigned value = 0;
    if (length == 0) {
        return PW_EUSAGE;
    }
    for (size_t i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return PW_EUSAGE;
        }
        value = value * 10 + (unsigned)(text[i] - '0');
        if (value > RUNS_MAX) {
            return PW_EUSAGE;
        }
    }
    *out = value;
    return PW_OK;
}

int pw_option_parse_runs(const char *value, struct pw_arguments *arguments, struct pw_error *err)
{
    const char *dots = strstr(value, "..");
    const size_t first = dots == NULL ? strlen(value) : (size_t)(dots - value);
    const char *second = dots == NULL ? value : dots + 2;
    unsigned min = 0;
    unsigned max = 0;

    if (parse_runs_bound(value, first, &min) != PW_OK ||
        parse_runs_bound(second, strlen(second), &max) != PW_OK || min == 0 || max < min) {
        return pw_error_set(err, PW_EUSAGE,
                            "'%s' is not MIN or MIN..MAX with 1 <= MIN <= MAX <= %u", value,
                            RUNS_MAX);
    }
    arguments->runs_min = min;
    arguments->runs_max = max;
    return PW_OK;
}

int pw_option_parse_seed(const char *value, struct pw_arguments *arguments, struct pw_error *err)
{
    uint64_t seed = 0;
    bool is_number = value[0] != '\0';
    for (const char *digit = value; *digit != '\0' && is_number; digit++) {
        const uint64_t next = (uint64_t)(*digit - '0');
        is_number = *digit >= '0' && *digit <= '9' && seed <= (UINT64_MAX - next) / 10;
        seed = is_number ? seed * 10 + next : seed;
    }
    if (!is_number) {
        return pw_error_set(err, PW_EUSAGE, "'%s' is not an integer from 0 to 2^64-1", value);
    }
    arguments->seed = seed;
    arguments->has_seed = true;
    return PW_OK;
}

int pw_option_parse_gates(const char *value, struct pw_arguments *arguments, struct pw_error *err)
{
    unsigned gates = 0;
    if (parse_runs_bound(value, strlen(value), &gates) != PW_OK || gates == 0) {
        return pw_error_set(err, PW_EUSAGE, "'%s' is not an integer from 1 to %u", value, RUNS_MAX);
    }
    arguments->gates = gates;
    return PW_OK;
}

static int parse_duration(const char *value, uint64_t *out, struct pw_error *err)
{
    double ns = 0;
    enum pw_quantity quantity = PW_QUANTITY_COUNT;

    /* 2^63 keeps later sums of durations inside 64 bits. */
    if (pw_parse_quantity(value, &ns, &quantity, NULL) != PW_OK ||
        quantity != PW_QUANTITY_DURATION || ns < 1 || ns >= 9223372036854775808.0) {
        return pw_error_set(err, PW_EUSAGE, "'%s' is not a duration such as 90s or 5min", value);
    }
    *out = (uint64_t)ns;
    return PW_OK;
}

int pw_option_parse_budget(const char *value, struct pw_arguments *arguments, struct pw_error *err)
{
    return parse_duration(value, &arguments->budget_ns, err);
}

int pw_option_parse_timeout(const char *value, struct pw_arguments *arguments, struct pw_error *err)
{
    return parse_duration(value, &arguments->timeout_ns, err);
}

int pw_option_parse_max_bytes(const char *value, struct pw_arguments *arguments,
                              struct pw_error *err)
{
    double bytes = 0;
    enum pw_quantity quantity = PW_QUANTITY_COUNT;
    const bool is_number = pw_parse_quantity(value, &bytes, &quantity, NULL) == PW_OK &&
                           (quantity == PW_QUANTITY_COUNT || quantity == PW_QUANTITY_BYTES);
    if (!is_number || bytes < PW_REPORT_MIN_BYTES || bytes > PW_REPORT_MAX_BYTES) {
        return pw_error_set(err, PW_EUSAGE, "'%s' is not a size from %d to %d bytes", value,
                            PW_REPORT_MIN_BYTES, PW_REPORT_MAX_BYTES);
    }
    arguments->max_bytes = (size_t)bytes;
    return PW_OK;
}

int pw_option_parse_fail_on(const char *value, struct pw_arguments *arguments, struct pw_error *err)
{
    unsigned set = 0;
    const char *word = value;

    for (;;) {
        const size_t length = strcspn(word, ",");
        const int index = pw_choice_index(pw_option_verdict_choice, word, length);
        if (index < 0) {
            struct pw_strbuf allowed = PW_STRBUF_INIT;
            pw_choice_join(&allowed, pw_option_verdict_choice, ", ");
            (void)pw_error_set(err, PW_EUSAGE, "'%.*s' is not one of %s",
                               length > INT_MAX ? INT_MAX : (int)length, word,
                               pw_strbuf_text(&allowed));
            pw_strbuf_release(&allowed);
            return PW_EUSAGE;
        }
        set |= PW_VERDICT_BIT(FAILING[index]);
        if (word[length] == '\0') {
            break;
        }
        word += length + 1;
    }
    arguments->fail_on = set;
    return PW_OK;
}

/*
 * Any text, by Perl-compatible regular expressions with named groups. Every rule is looked for in
 * every line, as often as it is there. The only code that knows PCRE2.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

#include "formats.h"

#define FORMAT "regex"

/* A pattern that goes back and forth more often over a line is a mistake, or an attack. */
#define MOST_STEPS 1000000

enum group { GROUP_NAME, GROUP_METRIC, GROUP_VALUE, GROUP_UNIT, GROUP_COUNT };

static const char *const group_names[GROUP_COUNT] = {"name", "metric", "value", "unit"};

/** A rule ready to be looked for. */
struct matcher {
    const struct pw_value_rule *rule;
    pcre2_code *code;
    pcre2_match_data *match;
    int groups[GROUP_COUNT]; /**< numbers; negative for one that the pattern has not */
};

/** All rules, and what they find. */
struct search {
    struct matcher *matchers;
    size_t count;
    pcre2_match_context *context;
    struct pw_adapter_samples samples;
    struct pw_strbuf groups[GROUP_COUNT];
    const char *line;
    unsigned number; /**< of the line */
};

static int fail_pattern(struct pw_error *err, const char *pattern, int code, size_t at)
{
    PCRE2_UCHAR text[128] = "";
    (void)pcre2_get_error_message(code, text, sizeof(text));
    return pw_error_set(err, PW_ECONFIG, "the pattern '%s' is wrong at character %zu: %s", pattern,
                        at + 1, (const char *)text);
}

/* A PCRE2 that is told that UTF-8 may be broken finds what stands around it. */
static int compile(const struct pw_value_rule *rule, pcre2_code **out, struct pw_error *err)
{
    int code = 0;
    PCRE2_SIZE at = 0;
    pcre2_code *compiled = pcre2_compile((PCRE2_SPTR)rule->pattern, PCRE2_ZERO_TERMINATED,
                                         PCRE2_UTF | PCRE2_MATCH_INVALID_UTF, &code, &at, NULL);
    if (compiled == NULL) {
        return code == PCRE2_ERROR_NOMEMORY ? pw_error_set_no_memory(err)
                                            : fail_pattern(err, rule->pattern, code, at);
    }
    if (pcre2_substring_number_from_name(compiled, (PCRE2_SPTR)group_names[GROUP_VALUE]) < 0) {
        pcre2_code_free(compiled);
        return pw_error_set(err, PW_ECONFIG,
                            "the pattern '%s' has no group 'value'; write (?<value>[0-9.]+)",
                            rule->pattern);
    }
    (void)pcre2_jit_compile(compiled, PCRE2_JIT_COMPLETE); /* slower without, that is all */
    *out = compiled;
    return 0;
}

int pw_adapter_check_regex(const struct pw_adapter_settings *settings, struct pw_error *err)
{
    int status = 0;
    for (size_t i = 0; status == 0 && i < settings->rule_count; i++) {
        pcre2_code *code = NULL;
        status = compile(&settings->rules[i], &code, err);
        pcre2_code_free(code);
    }
    return status;
}

static void end_search(struct search *search)
{
    for (size_t i = 0; i < search->count; i++) {
        pcre2_match_data_free(search->matchers[i].match);
        pcre2_code_free(search->matchers[i].code);
    }
    for (size_t i = 0; i < GROUP_COUNT; i++) {
        pw_strbuf_release(&search->groups[i]);
    }
    free(search->matchers);
    pcre2_match_context_free(search->context);
    pw_adapter_samples_release(&search->samples);
}

static int begin_matcher(struct matcher *matcher, const struct pw_value_rule *rule,
                         struct pw_error *err)
{
    int status = compile(rule, &matcher->code, err);
    matcher->rule = rule;
    if (status == 0) {
        matcher->match = pcre2_match_data_create_from_pattern(matcher->code, NULL);
        status = matcher->match == NULL ? pw_error_set_no_memory(err) : 0;
    }
    for (size_t i = 0; status == 0 && i < GROUP_COUNT; i++) {
        matcher->groups[i] =
            pcre2_substring_number_from_name(matcher->code, (PCRE2_SPTR)group_names[i]);
    }
    return status;
}

static int begin_search(struct search *search, const struct pw_adapter_settings *settings,
                        struct pw_error *err)
{
    *search = (struct search){.count = settings->rule_count};
    search->matchers = calloc(search->count + 1, sizeof(*search->matchers));
    search->context = pcre2_match_context_create(NULL);
    if (search->matchers == NULL || search->context == NULL) {
        search->count = 0;
        (void)pw_error_set_no_memory(err);
        return PW_ENOMEM;
    }
    (void)pcre2_set_match_limit(search->context, MOST_STEPS);
    int status = 0;
    for (size_t i = 0; status == 0 && i < search->count; i++) {
        status = begin_matcher(&search->matchers[i], &settings->rules[i], err);
    }
    return status;
}

/* What a group stands for in the match; NULL where it has no part in it. */
static const char *group_of(struct search *search, const struct matcher *matcher, enum group group)
{
    struct pw_strbuf *text = &search->groups[group];
    const int number = matcher->groups[group];
    if (number < 0) {
        return NULL;
    }
    const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(matcher->match) + 2 * (size_t)number;
    if (ends[0] == PCRE2_UNSET) {
        return NULL;
    }
    pw_strbuf_clear(text);
    pw_strbuf_append(text, search->line + ends[0], ends[1] - ends[0]);
    return pw_strbuf_text(text);
}

static int take_match(struct search *search, const struct matcher *matcher, struct pw_error *err)
{
    const char *number = group_of(search, matcher, GROUP_VALUE);
    const char *name = group_of(search, matcher, GROUP_NAME);
    const char *metric = group_of(search, matcher, GROUP_METRIC);
    const char *unit = group_of(search, matcher, GROUP_UNIT);
    const char *at = number;
    double value = 0;
    if (number == NULL || !pw_adapter_read_number(&at, &value) || *at != '\0') {
        return pw_adapter_fail(err, FORMAT, search->number,
                               "expected a number as the group 'value', not '%s'",
                               number == NULL ? "" : number);
    }
    for (size_t i = 0; i < GROUP_COUNT; i++) {
        if (pw_strbuf_failed(&search->groups[i])) {
            return pw_error_set_no_memory(err);
        }
    }
    return pw_adapter_add_by_rule(&search->samples, matcher->rule, name == NULL ? "" : name, metric,
                                  unit, value, err);
}

static int match_line(struct search *search, const struct matcher *matcher, size_t length,
                      struct pw_error *err)
{
    PCRE2_SIZE start = 0;
    int status = 0;
    while (status == 0 && start <= length) {
        const int found = pcre2_match(matcher->code, (PCRE2_SPTR)search->line, length, start, 0,
                                      matcher->match, search->context);
        if (found == PCRE2_ERROR_NOMATCH) {
            break;
        }
        if (found < 0) {
            return found == PCRE2_ERROR_NOMEMORY
                       ? pw_error_set_no_memory(err)
                       : pw_adapter_fail(err, FORMAT, search->number,
                                         "the pattern '%s' takes too long on it",
                                         matcher->rule->pattern);
        }
        const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(matcher->match);
        start = ends[1] > start ? ends[1] : start + 1;
        status = take_match(search, matcher, err);
    }
    return status;
}

static int search_lines(struct search *search, const char *text, size_t length,
                        struct pw_error *err)
{
    struct pw_adapter_lines lines;
    int status = 0;
    pw_adapter_lines_init(&lines, text, length);
    while (status == 0 && (search->line = pw_adapter_next_line(&lines)) != NULL) {
        search->number = lines.number;
        for (size_t i = 0; status == 0 && i < search->count; i++) {
            status = match_line(search, &search->matchers[i], strlen(search->line), err);
        }
    }
    return pw_adapter_lines_finish(&lines, status, err);
}

int pw_adapter_parse_regex(const char *text, size_t length,
                           const struct pw_adapter_settings *settings,
                           struct pw_adapter_output *out, struct pw_error *err)
{
    static const struct pw_adapter_settings none = {NULL, 0};
    struct pw_adapter_output output = {.values = NULL};
    struct search search;
    int status = begin_search(&search, settings == NULL ? &none : settings, err);
    if (status == 0) {
        status = search_lines(&search, text, length, err);
    }
    if (status == 0 && search.samples.count == 0) {
        status = pw_adapter_fail(err, FORMAT, 0, "no line matches a pattern of 'values'");
    }
    if (status == 0) {
        status = pw_adapter_samples_summarise(&search.samples, &output, err);
    }
    end_search(&search);
    return pw_adapter_finish(FORMAT, status, &output, out, err);
}

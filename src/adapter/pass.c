/* One pass over the lines of a text format, and the small things its lines are made of. */
#include "pass.h"

#include <string.h>

static int take_lines(const struct pw_adapter_line_format *format, struct pw_adapter_pass *pass,
                      const char *text, size_t length)
{
    struct pw_adapter_lines lines;
    bool is_cut = false;
    int status = 0;
    pw_adapter_lines_init(&lines, text, length);
    for (char *line; status == 0 && (line = pw_adapter_next_line(&lines)) != NULL;) {
        pass->line = lines.number;
        pass->is_ended = lines.at > 0 && (text[lines.at - 1] == '\n' || text[lines.at - 1] == '\r');
        pass->has_taken = false;
        is_cut = !pass->is_ended && *pw_adapter_skip_blanks(line) != '\0';
        status = format->take(pass, line);
    }
    if (status == 0 && is_cut && format->is_open_ended && !pass->has_taken) {
        status = pw_adapter_pass_fail(pass, "the output ends within a line");
    }
    status = pw_adapter_lines_finish(&lines, status, pass->err);
    pass->line = 0;
    return status == 0 && format->end != NULL ? format->end(pass) : status;
}

int pw_adapter_pass_over(const struct pw_adapter_line_format *format, void *state, const char *text,
                         size_t length, struct pw_adapter_output *out, struct pw_error *err)
{
    struct pw_adapter_pass pass = {.format = format->name, .state = state, .err = err};
    int status = take_lines(format, &pass, text, length);
    if (status == 0) {
        status = pw_adapter_samples_summarise(&pass.samples, &pass.output, err);
    }
    pw_adapter_samples_release(&pass.samples);
    return pw_adapter_finish(format->name, status, &pass.output, out, err);
}

int pw_adapter_pass_add(struct pw_adapter_pass *pass, const char *benchmark, const char *metric,
                        const char *unit, enum pw_better better, double value)
{
    const struct pw_adapter_value sample = {
        .benchmark = benchmark, .metric = metric, .unit = unit, .better = better, .value = value};
    return pw_adapter_samples_add(&pass->samples, &sample, pass->err);
}

int pw_adapter_pass_add_in(struct pw_adapter_pass *pass, const char *benchmark, const char *metric,
                           const struct pw_adapter_unit *unit, double value)
{
    return pw_adapter_pass_add(pass, benchmark, metric, unit->base, unit->better,
                               pw_adapter_to_base(unit, value));
}

int pw_adapter_pass_fail(struct pw_adapter_pass *pass, const char *what)
{
    return pw_adapter_fail(pass->err, pass->format, pass->line, "%s", what);
}

int pw_adapter_pass_add_failure(struct pw_adapter_pass *pass, const char *benchmark,
                                const char *message)
{
    return pw_adapter_add_failure(&pass->output, benchmark, message, pass->err);
}

int pw_adapter_keep(struct pw_adapter_pass *pass, struct pw_strbuf *kept, const char *text)
{
    pw_strbuf_clear(kept);
    pw_strbuf_puts(kept, text);
    return pw_strbuf_check(kept, pass->err);
}

int pw_adapter_parse_json_part(struct pw_adapter_pass *pass, const char *text, size_t length,
                               unsigned line, struct pw_json **out)
{
    struct pw_error cause = PW_ERROR_INIT;
    int status = pw_json_parse(text, length, pass->format, PW_JSON_DEFAULT, out, &cause);
    if (status == PW_EFORMAT) {
        const unsigned below = cause.line > 0 ? cause.line - 1 : 0;
        status = pw_adapter_fail(pass->err, pass->format, line + below, "column %u: %s",
                                 cause.column, pw_error_message(&cause));
    } else if (status < 0) {
        status = pw_error_set_no_memory(pass->err);
    }
    pw_error_release(&cause);
    return status;
}

char *pw_adapter_trim(char *text)
{
    size_t length = strlen(text);
    while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\t')) {
        length--;
    }
    text[length] = '\0';
    return text + strspn(text, " \t");
}

char pw_adapter_lower(char c)
{
    if (c >= 'A' && c <= 'Z') {
        return "abcdefghijklmnopqrstuvwxyz"[c - 'A'];
    }
    return c;
}

bool pw_adapter_skip_word(const char **at, const char *word)
{
    const size_t length = strlen(word);
    if (strncmp(*at, word, length) != 0) {
        return false;
    }
    *at += length;
    return true;
}

bool pw_adapter_read_quantity(const char **at, double *value, const struct pw_adapter_unit **unit)
{
    const char *from = *at;
    double number = 0;
    if (!pw_adapter_read_number(&from, &number)) {
        return false;
    }
    from = pw_adapter_skip_blanks(from);
    const size_t length = strcspn(from, " \t()[],;");
    const struct pw_adapter_unit *found = pw_adapter_find_unit(from, length);
    if (found == NULL) {
        return false;
    }
    *value = number;
    *unit = found;
    *at = from + length;
    return true;
}

bool pw_adapter_read_clock(const char **at, double *seconds)
{
    const char *from = *at;
    double total = 0;
    size_t parts = 0;
    for (;;) {
        const size_t digits = strspn(from, "0123456789");
        double part = 0;
        const char *number = from;
        if (digits == 0 || parts == 3 || (parts > 0 && digits != 2) ||
            !pw_adapter_read_number(&number, &part) || (parts > 0 && part >= 60 + 1)) {
            return false; /* a minute may have 61 seconds */
        }
        total = total * 60 + part;
        parts++;
        from += digits;
        if (*from != ':') {
            *at = number;
            *seconds = total;
            return parts > 1;
        }
        from++;
    }
}

/*
 * Benchmark.js, what String(event.target) makes of a benchmark:
 *
 *   fib(10) x 1,431,759 ops/sec ±0.74% (93 runs sampled)
 *
 * Its central value is a rate, so the metric is `throughput`; `throughput/margin` is the relative
 * margin of error. How the library prints an error cannot be told from any other text, so failures
 * show in the exit code alone. There is no end mark: a cut at a line end is not noticed.
 */
#include <string.h>

#include "pass.h"

#define FORMAT "benchmarkjs"

/** What a line says. */
struct row {
    char *name_end;
    double rate;
    double margin_percent;
};

enum found { FOUND_NOTHING, FOUND_ROW, FOUND_BROKEN_ROW };

/* " ±0.74% (93 runs sampled)"; other programs write "+-" or "+/-" where there is no UTF-8 */
static bool read_tail(const char *at, struct row *row)
{
    double runs = 0;
    at = pw_adapter_skip_blanks(at);
    if (!pw_adapter_skip_word(&at, "\xC2\xB1") && !pw_adapter_skip_word(&at, "+-") &&
        !pw_adapter_skip_word(&at, "+/-")) {
        return false;
    }
    if (!pw_adapter_read_number(&at, &row->margin_percent) || row->margin_percent < 0 ||
        !pw_adapter_skip_word(&at, "% (") || !pw_adapter_read_number(&at, &runs) ||
        !pw_adapter_skip_word(&at, " run")) {
        return false;
    }
    (void)pw_adapter_skip_word(&at, "s");
    return pw_adapter_skip_word(&at, " sampled)") && *pw_adapter_skip_blanks(at) == '\0';
}

/* The last " x " before a number: a name may hold others. */
static enum found read_row(char *line, struct row *row)
{
    enum found found = FOUND_NOTHING;
    for (char *from = line; (from = strstr(from, " x ")) != NULL; from++) {
        const char *at = from + 3;
        if (!pw_adapter_read_number(&at, &row->rate) || !pw_adapter_skip_word(&at, " ops/sec")) {
            continue;
        }
        found = FOUND_BROKEN_ROW;
        if (read_tail(at, row) && row->rate > 0) {
            row->name_end = from;
            return FOUND_ROW;
        }
    }
    return found;
}

static int take(struct pw_adapter_pass *pass, char *line)
{
    struct row row = {.name_end = NULL};
    const enum found found = read_row(line, &row);
    if (found == FOUND_BROKEN_ROW) {
        return pw_adapter_pass_fail(
            pass, "expected 'x <number> ops/sec \xC2\xB1<number>% (<number> runs sampled)'");
    }
    if (found == FOUND_NOTHING) {
        return 0;
    }
    pass->has_taken = true;
    *row.name_end = '\0';
    const char *name = pw_adapter_trim(line);
    int status = pw_adapter_pass_add(pass, name, "throughput", "1/s", PW_BETTER_HIGHER, row.rate);
    if (status == 0) {
        status = pw_adapter_pass_add(pass, name, "throughput/margin", "ratio", PW_BETTER_LOWER,
                                     row.margin_percent / 100);
    }
    return status;
}

static bool is_row(const char *line)
{
    const char *at = strstr(line, " ops/sec ");
    return at != NULL && strstr(line, " x ") != NULL && strstr(at, "sampled)") != NULL;
}

bool pw_adapter_recognise_benchmarkjs(const char *text, size_t length)
{
    return pw_adapter_any_line(text, length, is_row);
}

int pw_adapter_parse_benchmarkjs(const char *text, size_t length,
                                 const struct pw_adapter_settings *settings,
                                 struct pw_adapter_output *out, struct pw_error *err)
{
    static const struct pw_adapter_line_format format = {FORMAT, take, NULL, true};
    (void)settings;
    return pw_adapter_pass_over(&format, NULL, text, length, out, err);
}

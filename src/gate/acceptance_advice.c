/*
 * The trailer that would accept a row. The bound has room for the next measurement, which will
 * differ, and is rounded up to a number that people would write.
 */
#include "acceptance.h"

#include <math.h>
#include <string.h>

/** Room for rounding where a number is a whole step already. */
#define ROUNDING 1e-9

/** Steps that a bound in percent is rounded up to, by its size. */
static const struct {
    double below;
    double step;
} percent_steps[] = {{1.0, 0.1}, {20.0, 1.0}, {100.0, 5.0}, {1000.0, 50.0}};

/** Units that a bound is written in, the largest first. */
static const struct {
    const char *unit;
    const char *name;
    double factor;
} scales[] = {
    {"ns", "s", 1e9},         {"ns", "ms", 1e6},        {"ns", "us", 1e3},
    {"ns", "ns", 1.0},        {"bytes", "GiB", 0x1p30}, {"bytes", "MiB", 0x1p20},
    {"bytes", "KiB", 1024.0}, {"bytes", "B", 1.0},
};

static double up_to_step(double value, double step)
{
    return ceil(value / step - ROUNDING) * step;
}

/* Two digits that count, rounded up. */
static double up_to_digits(double value)
{
    return up_to_step(value, pow(10.0, floor(log10(value)) - 1.0));
}

static double round_percent(double percent)
{
    for (size_t i = 0; i < PW_COUNT(percent_steps); i++) {
        if (percent < percent_steps[i].below) {
            return up_to_step(percent, percent_steps[i].step);
        }
    }
    return up_to_digits(percent);
}

/* A bound of 100 % would accept that nothing is left. Where something is, so must it be in what is
 * offered: at most 99 %, or as many nines as the measured loss has.
 *
 * @param likely  room for noise included; @param measured  the loss itself; both in percent */
static double round_loss(double likely, double measured)
{
    const double rounded = round_percent(likely);
    double left;
    double step;

    if (rounded < 100.0 || measured >= 100.0) {
        return fmin(rounded, 100.0);
    }
    left = 100.0 - (likely < 100.0 ? likely : measured);
    if (left >= 1.0) {
        return 99.0;
    }
    step = pow(10.0, floor(log10(left)));
    return 100.0 - floor(left / step + ROUNDING) * step;
}

/* Fifteen digits hide what binary fractions cannot hold: 0.3, not 0.30000000000000004. */
static void put_number(struct pw_strbuf *out, double value)
{
    char text[PW_DOUBLE_TEXT_SIZE];

    pw_format_double(round(value * 1e6) / 1e6, text);
    pw_strbuf_puts(out, text);
}

/* The end of the interval, where it is not much more than the estimate. Where it is, as few pairs
 * leave it, the interval's other half is how far the next measurement may be from this one. */
static double likely_ratio(const struct pw_comparison_row *row)
{
    const bool is_lower = row->better == PW_BETTER_LOWER;
    const double ratio = is_lower ? row->ratio - 1.0 : 1.0 - row->ratio;
    const double end = is_lower ? row->interval.high - 1.0 : 1.0 - row->interval.low;
    const double start = is_lower ? row->interval.low - 1.0 : 1.0 - row->interval.high;

    if (end > 2.0 * ratio && start > 0.0 && start < ratio) {
        return 2.0 * ratio - start;
    }
    return end > ratio && end <= 2.0 * ratio ? end : ratio;
}

static bool put_relative(struct pw_strbuf *out, const struct pw_comparison_row *row)
{
    const bool is_lower = row->better == PW_BETTER_LOWER;
    double percent;

    if (!(row->base > 0.0) || !isfinite(row->ratio) || !(likely_ratio(row) > 0.0)) {
        return false;
    }
    percent = 100.0 * likely_ratio(row);
    percent = is_lower ? round_percent(percent) : round_loss(percent, 100.0 * (1.0 - row->ratio));
    pw_strbuf_putc(out, is_lower ? '+' : '-');
    put_number(out, percent);
    pw_strbuf_putc(out, '%');
    return true;
}

static bool put_absolute(struct pw_strbuf *out, const struct pw_comparison_row *row)
{
    const bool is_lower = row->better == PW_BETTER_LOWER;
    const double amount = is_lower ? row->head - row->base : row->base - row->head;
    const char *unit = row->unit != NULL ? row->unit : "";

    if (!isfinite(amount) || !(amount > 0.0)) {
        return false;
    }
    pw_strbuf_putc(out, is_lower ? '+' : '-');
    for (size_t i = 0; i < PW_COUNT(scales); i++) {
        if (strcmp(scales[i].unit, unit) == 0 &&
            (amount >= scales[i].factor || scales[i].factor <= 1.0)) {
            put_number(out, up_to_digits(amount / scales[i].factor));
            pw_strbuf_puts(out, scales[i].name);
            return true;
        }
    }
    put_number(out, up_to_digits(amount));
    return true;
}

/* A word that means this id and no other: what a pattern would take otherwise is escaped. */
static void put_word(struct pw_strbuf *out, const char *word)
{
    const bool is_quoted = word[0] == '\0' || strpbrk(word, " \t\"") != NULL;

    if (is_quoted) {
        pw_strbuf_putc(out, '"');
    }
    for (const char *at = word; *at != '\0'; at++) {
        if (strchr("*?[\\\"", *at) != NULL) {
            pw_strbuf_putc(out, '\\');
        }
        pw_strbuf_putc(out, *at);
    }
    if (is_quoted) {
        pw_strbuf_putc(out, '"');
    }
}

void pw_acceptance_advise(const struct pw_comparison_row *row, struct pw_strbuf *out)
{
    const size_t start = out->length;
    const bool is_regression = row->verdict == PW_VERDICT_REGRESSION && row->metric != NULL &&
                               !pw_acceptance_breaks_limit(row);
    const bool is_missing = row->verdict == PW_VERDICT_MISSING && row->metric == NULL;

    if (!is_regression && !is_missing) {
        return;
    }
    pw_strbuf_puts(out, PW_ACCEPT_TRAILER ": ");
    put_word(out, row->benchmark);
    if (is_missing) {
        pw_strbuf_puts(out, " removed <reason>");
        return;
    }
    pw_strbuf_putc(out, ' ');
    put_word(out, row->metric);
    pw_strbuf_putc(out, ' ');
    if (!put_relative(out, row) && !put_absolute(out, row)) {
        pw_strbuf_truncate(out, start);
        return;
    }
    pw_strbuf_puts(out, " <reason>");
}

/*
 * Reasons in words. Every number a verdict rests on is named, so that the line stands alone.
 */
#include "reason.h"

#include <math.h>
#include <string.h>

/** How a change is called. */
struct words {
    const char *up;
    const char *down;
};

static struct words words_of(const struct pw_series *series)
{
    static const struct words of_times = {"slower", "faster"};
    static const struct words of_rates = {"higher", "lower"};
    static const struct words of_amounts = {"more", "less"};

    if (series->better == PW_BETTER_HIGHER) {
        return of_rates;
    }
    return strcmp(series->unit, "ns") == 0 ? of_times : of_amounts;
}

/* A ratio as a percentage without a sign. */
static void put_percentage(struct pw_strbuf *out, double ratio)
{
    const size_t start = out->length;

    pw_format_change(out, fabs(ratio));
    if (!pw_strbuf_failed(out) && out->length > start && out->data[start] == '+') {
        memmove(out->data + start, out->data + start + 1, out->length - start - 1);
        pw_strbuf_truncate(out, out->length - 1);
    }
}

static void put_signed(struct pw_strbuf *out, enum pw_scale scale, double value, const char *unit)
{
    if (scale == PW_SCALE_LOG) {
        pw_format_change(out, expm1(value));
        return;
    }
    if (value != 0.0) {
        pw_strbuf_putc(out, value > 0.0 ? '+' : '-');
    }
    pw_format_value(out, fabs(value), unit);
}

static void put_change(struct pw_strbuf *out, const struct pw_series *head,
                       const struct pw_estimate *estimate)
{
    const struct words words = words_of(head);

    if (estimate->shift == 0.0) {
        pw_strbuf_puts(out, "no change");
        return;
    }
    if (estimate->scale == PW_SCALE_LOG) {
        put_percentage(out, expm1(estimate->shift));
    } else {
        pw_format_value(out, fabs(estimate->shift), head->unit);
    }
    pw_strbuf_printf(out, " %s", estimate->shift > 0.0 ? words.up : words.down);
}

static void put_interval(struct pw_strbuf *out, const struct pw_series *head,
                         const struct pw_estimate *estimate)
{
    if (estimate->is_exact) {
        pw_strbuf_puts(out, ", counted without noise");
        return;
    }
    if (isinf(estimate->interval.low) && isinf(estimate->interval.high)) {
        pw_strbuf_puts(out, ", no interval yet");
        return;
    }
    pw_strbuf_puts(out, ", interval ");
    put_signed(out, estimate->scale, estimate->interval.low, head->unit);
    pw_strbuf_puts(out, " \xE2\x80\xA6 ");
    put_signed(out, estimate->scale, estimate->interval.high, head->unit);
}

void pw_reason_of_pairs(size_t pairs, size_t recorded, struct pw_strbuf *out)
{
    if (pairs == 0) {
        return;
    }
    pw_strbuf_printf(out, ", %zu ", pairs);
    if (recorded > pairs) {
        pw_strbuf_printf(out, "of %zu ", recorded);
    }
    pw_strbuf_puts(out, recorded > pairs || pairs != 1 ? "pairs" : "pair");
}

void pw_reason_of_change(const struct pw_series *head, const struct pw_threshold *threshold,
                         const struct pw_estimate *estimate, const struct pw_decision *decision,
                         struct pw_strbuf *out)
{
    struct pw_threshold change = *threshold;

    change.limit = NAN;
    put_change(out, head, estimate);
    put_interval(out, head, estimate);
    pw_strbuf_puts(out, ", limit ");
    pw_threshold_describe(&change, head->unit, head->better, out);
    pw_reason_of_pairs(estimate->pairs, estimate->recorded, out);
    if (decision->verdict == PW_VERDICT_INCONCLUSIVE && isfinite(decision->detectable)) {
        pw_strbuf_puts(out, ": could not have seen less than ");
        put_percentage(out, decision->detectable);
    }
    if (estimate->note != NULL) {
        pw_strbuf_printf(out, "; %s", estimate->note);
    }
}

void pw_reason_of_limit(const struct pw_series *head, const struct pw_threshold *threshold,
                        double value, bool is_over, struct pw_strbuf *out)
{
    struct pw_threshold ceiling = *threshold;
    const bool is_lower = head->better == PW_BETTER_LOWER;

    ceiling.increase_ratio = ceiling.at_least = NAN;
    pw_format_value(out, value, head->unit);
    pw_strbuf_puts(out, !is_over   ? ", within the limit "
                        : is_lower ? " is over the limit "
                                   : " is under the limit ");
    pw_threshold_describe(&ceiling, head->unit, head->better, out);
}

/* What a paired measurement says of its own bounds: too few pairs allowed, a budget that ended it.
 */
#include "paired_warnings.h"

#include <string.h>

static unsigned most_pairs(const struct pw_arguments *arguments,
                           const struct pw_benchmark *benchmark)
{
    return arguments->runs_max != 0 ? arguments->runs_max : benchmark->runs_max;
}

static void put_subjects(struct pw_strbuf *text, const char *first, size_t count)
{
    pw_strbuf_printf(text, "'%s'", first);
    if (count > 1) {
        pw_strbuf_printf(text, " and %zu more", count - 1);
    }
}

void pw_paired_warn_about_few(struct pw_cli *cli, const struct pw_arguments *arguments,
                              const struct pw_config *config)
{
    const size_t least = pw_gate_least_pairs(config);
    const struct pw_benchmark *first = NULL;
    struct pw_strbuf text = PW_STRBUF_INIT;
    char alpha[PW_DOUBLE_TEXT_SIZE];
    size_t count = 0;
    for (size_t i = 0; i < config->benchmark_count; i++) {
        const struct pw_benchmark *benchmark = &config->benchmarks[i];
        if (benchmark->threshold_count > 0 && most_pairs(arguments, benchmark) < least) {
            first = first != NULL ? first : benchmark;
            count++;
        }
    }
    if (first == NULL) {
        return;
    }
    pw_format_double(config->gate.alpha, alpha);
    pw_strbuf_printf(&text,
                     "at most %u pairs cannot show a regression at alpha %s, which takes %zu "
                     "at least (",
                     most_pairs(arguments, first), alpha, least);
    put_subjects(&text, first->id, count);
    pw_strbuf_puts(&text, "): raise --runs, or 'runs' in the configuration");
    if (!pw_strbuf_failed(&text)) {
        pw_cli_print_warning(cli, pw_strbuf_text(&text));
    }
    pw_strbuf_release(&text);
}

/* Of what is undecided, only a budget ends the pairs before there are as many as allowed. */
static bool was_ended(const struct pw_arguments *arguments, const struct pw_config *config,
                      uint64_t budget_ns, const struct pw_comparison_row *row, bool *is_own)
{
    const struct pw_benchmark *benchmark = pw_config_find(config, row->declared);
    if (benchmark == NULL || row->verdict != PW_VERDICT_INCONCLUSIVE || row->pairs == 0 ||
        row->pairs >= most_pairs(arguments, benchmark)) {
        return false;
    }
    *is_own = benchmark->budget_ns != 0;
    return *is_own || budget_ns != 0;
}

int pw_paired_warn_about_budget(const struct pw_arguments *arguments,
                                const struct pw_config *config, uint64_t budget_ns,
                                struct pw_comparison *comparison, struct pw_error *err)
{
    const struct pw_comparison_row *first = NULL;
    struct pw_strbuf text = PW_STRBUF_INIT;
    bool has_own = false;
    size_t count = 0;
    for (size_t i = 0; i < comparison->row_count; i++) {
        const struct pw_comparison_row *row = &comparison->rows[i];
        bool is_own = false;
        if (was_ended(arguments, config, budget_ns, row, &is_own)) {
            first = first != NULL ? first : row;
            has_own = has_own || is_own;
            count++;
        }
    }
    if (first == NULL) {
        return PW_OK;
    }
    pw_strbuf_printf(&text, "the time allowed by %s ended the pairs of ",
                     budget_ns == 0 ? "'budget'"
                     : has_own      ? "'budget' or --budget"
                                    : "--budget");
    put_subjects(&text, first->declared, count);
    pw_strbuf_printf(&text, " (%s: %zu) before they decided", first->metric, first->pairs);
    int status = pw_strbuf_check(&text, err);
    if (status == PW_OK) {
        status = pw_comparison_warn(comparison, pw_strbuf_text(&text), err);
    }
    pw_strbuf_release(&text);
    return status;
}

/* The sentences about a comparison as a whole, one source for all formats. */
#include "summary.h"

#include <string.h>

/** How many digits of a commit id are shown; enough to be unique in any repository. */
#define SHORT_ID_DIGITS 12

static const struct {
    const char *word;
    const char *one;
    const char *many;
} verdict_phrases[PW_VERDICT_COUNT] = {
    [PW_VERDICT_PASS] = {"PASS", "is within its limit", "are within their limits"},
    [PW_VERDICT_IMPROVEMENT] = {"IMPROVEMENT", "is better than before", "are better than before"},
    [PW_VERDICT_ACCEPTED] = {"ACCEPTED", "is worse, and accepted", "are worse, and accepted"},
    [PW_VERDICT_SKIPPED] = {"SKIPPED", "was skipped", "were skipped"},
    [PW_VERDICT_NO_BASELINE] = {"NO BASELINE", "has nothing to be compared with",
                                "have nothing to be compared with"},
    [PW_VERDICT_INCONCLUSIVE] = {"INCONCLUSIVE", "could not be decided", "could not be decided"},
    [PW_VERDICT_REGRESSION] = {"REGRESSION", "is worse than allowed", "are worse than allowed"},
    [PW_VERDICT_MISSING] = {"MISSING", "has vanished since the base",
                            "have vanished since the base"},
    [PW_VERDICT_ERROR] = {"ERROR", "could not be measured", "could not be measured"},
};

static const struct {
    int code;
    const char *word; /* the headline when rows do not explain the code, else NULL */
    const char *meaning;
} exit_phrases[] = {
    {PW_EXIT_PASS, NULL, "nothing that the gate fails on"},
    {PW_EXIT_REGRESSION, NULL, "at least one regression"},
    {PW_EXIT_USAGE, "USAGE ERROR", "wrong usage or configuration"},
    {PW_EXIT_UNDECIDED, NULL, "could not decide, and the policy says that this fails"},
    {PW_EXIT_UNMEASURED, NULL, "a benchmark could not be measured or has vanished"},
    {PW_EXIT_INTERNAL, "INTERNAL ERROR", "perfwarden itself failed; see its messages"},
    {PW_EXIT_SIGINT, "INTERRUPTED", "interrupted by SIGINT; this report is partial"},
    {PW_EXIT_SIGTERM, "INTERRUPTED", "interrupted by SIGTERM; this report is partial"},
};

const char *pw_report_exit_meaning(int exit_code)
{
    for (size_t i = 0; i < PW_COUNT(exit_phrases); i++) {
        if (exit_phrases[i].code == exit_code) {
            return exit_phrases[i].meaning;
        }
    }
    return "unknown";
}

static const char *exit_word(int exit_code)
{
    for (size_t i = 0; i < PW_COUNT(exit_phrases); i++) {
        if (exit_phrases[i].code == exit_code) {
            return exit_phrases[i].word;
        }
    }
    return NULL;
}

bool pw_report_is_broken(const struct pw_comparison *comparison)
{
    return exit_word(comparison->exit_code) != NULL;
}

void pw_report_plural(struct pw_strbuf *out, size_t count, const char *noun)
{
    pw_strbuf_printf(out, "%zu %s%s", count, noun, count == 1 ? "" : "s");
}

static const char *phrase_for(enum pw_verdict verdict, size_t count)
{
    return count == 1 ? verdict_phrases[verdict].one : verdict_phrases[verdict].many;
}

/* What else fails beside the most serious: a crash must not hide a regression. */
static void put_further_failures(const struct pw_comparison *comparison, struct pw_strbuf *out)
{
    for (size_t i = comparison->verdict; i-- > PW_VERDICT_REGRESSION;) {
        enum pw_verdict verdict = (enum pw_verdict)i;
        size_t count = comparison->counts[verdict];
        if (count > 0 && (comparison->fail_on & PW_VERDICT_BIT(verdict)) != 0) {
            pw_strbuf_printf(out, ", %zu %s", count, phrase_for(verdict, count));
        }
    }
}

void pw_report_headline(const struct pw_comparison *comparison, struct pw_strbuf *out)
{
    enum pw_verdict verdict = comparison->verdict;
    const char *word = exit_word(comparison->exit_code);
    size_t count = comparison->counts[verdict];
    if (word != NULL) {
        pw_strbuf_printf(out, "%s: %s", word, pw_report_exit_meaning(comparison->exit_code));
        return;
    }
    pw_strbuf_printf(out, "%s: ", verdict_phrases[verdict].word);
    if (comparison->row_count == 0) {
        pw_strbuf_puts(out, "nothing was compared");
        return;
    }
    pw_strbuf_printf(out, "%zu of ", count);
    pw_report_plural(out, comparison->row_count, "comparison");
    pw_strbuf_printf(out, " %s", phrase_for(verdict, count));
    put_further_failures(comparison, out);
    if (comparison->exit_code == PW_EXIT_PASS && verdict >= PW_VERDICT_NO_BASELINE) {
        pw_strbuf_puts(out, ", which does not fail the gate");
    }
}

void pw_report_counts(const struct pw_comparison *comparison, struct pw_strbuf *out)
{
    const char *separator = ": ";
    pw_report_plural(out, comparison->row_count, "comparison");
    for (size_t i = PW_VERDICT_COUNT; i-- > 0;) {
        if (comparison->counts[i] == 0) {
            continue;
        }
        pw_strbuf_printf(out, "%s%zu %s", separator, comparison->counts[i],
                         pw_verdict_name((enum pw_verdict)i));
        separator = ", ";
    }
}

void pw_report_short_id(const char *commit, const char *source, struct pw_strbuf *out)
{
    if (commit != NULL) {
        size_t hexadecimal = strspn(commit, "0123456789abcdef");
        size_t length = strlen(commit);
        pw_strbuf_append(out, commit, hexadecimal > SHORT_ID_DIGITS ? SHORT_ID_DIGITS : length);
    } else {
        pw_strbuf_puts(out, source != NULL ? source : "unknown");
    }
}

void pw_report_side_details(const struct pw_side *side, struct pw_strbuf *out)
{
    size_t start = out->length;
    if (side->branch != NULL) {
        pw_strbuf_printf(out, " (%s", side->branch);
    }
    if (side->is_dirty) {
        pw_strbuf_printf(out, "%swith uncommitted changes", out->length == start ? " (" : ", ");
    }
    if (side->source != NULL && side->commit != NULL) {
        pw_strbuf_printf(out, "%sfrom %s", out->length == start ? " (" : ", ", side->source);
    }
    if (out->length > start) {
        pw_strbuf_putc(out, ')');
    }
}

static bool is_mode(const struct pw_comparison *comparison, const char *mode)
{
    return comparison->mode != NULL && strcmp(comparison->mode, mode) == 0;
}

bool pw_report_is_plain_base(const struct pw_comparison *comparison)
{
    static const char plain[] = "merge base with ";
    const struct pw_side *base = &comparison->base;
    return base->reason != NULL && strncmp(base->reason, plain, sizeof plain - 1) == 0 &&
           base->distance == 0;
}

void pw_report_merged_commit(const struct pw_comparison *comparison, struct pw_strbuf *out)
{
    static const char phrase[] = "merge commit of "; /* as the search for a base words it */
    const char *reason = comparison->base.reason;
    const char *found = reason == NULL ? NULL : strstr(reason, phrase);
    const char *commit = found == NULL ? "" : found + sizeof phrase - 1;
    if (strspn(commit, "0123456789abcdef") == SHORT_ID_DIGITS && commit[SHORT_ID_DIGITS] == '\0') {
        pw_strbuf_puts(out, commit);
    }
}

void pw_report_base_choice(const struct pw_comparison *comparison, struct pw_strbuf *out)
{
    const struct pw_side *base = &comparison->base;
    const char *unnamed = base->commit == NULL ? "none" : "not recorded";
    pw_strbuf_puts(out, base->reason != NULL ? base->reason : unnamed);
    if (base->distance > 0) {
        pw_strbuf_puts(out, "; measured ");
        pw_report_plural(out, base->distance, "commit");
        pw_strbuf_puts(out, " before it");
    }
    if (base->sessions > 0 && !is_mode(comparison, "paired")) {
        pw_strbuf_puts(out, "; ");
        pw_report_plural(out, base->sessions, "session");
    }
    if (base->environment_id != NULL) {
        pw_strbuf_printf(out, "; environment %s", base->environment_id);
    }
}

void pw_report_anchor_choice(const struct pw_comparison *comparison, struct pw_strbuf *out)
{
    const struct pw_anchor *anchor = &comparison->anchor;
    if (anchor->label == NULL) {
        return;
    }
    pw_report_short_id(anchor->side.commit, anchor->label, out);
    pw_strbuf_printf(out, " (%s), ",
                     anchor->side.reason != NULL ? anchor->side.reason : anchor->label);
    pw_report_plural(out, anchor->commits, "commit");
    pw_strbuf_puts(out, " before the base");
    if (anchor->side.distance > 0) {
        pw_strbuf_puts(out, "; measured ");
        pw_report_plural(out, anchor->side.distance, "commit");
        pw_strbuf_puts(out, " before it");
    }
    if (anchor->side.sessions > 0) {
        pw_strbuf_puts(out, "; ");
        pw_report_plural(out, anchor->side.sessions, "session");
    }
}

/** How rows were decided, as `method` spells it. */
static const struct {
    const char *method;
    const char *phrase;
} methods[] = {
    {"stored", "by stored sessions"},
    {"unpaired", "by independent runs"},
    {"paired", "by pairs"},
    {"exact", "by exact counts"},
    {"identical", "by identical executables"},
};

static size_t count_method(const struct pw_comparison *comparison, const char *method)
{
    size_t count = 0;
    for (size_t i = 0; i < comparison->row_count; i++) {
        const struct pw_comparison_row *row = &comparison->rows[i];
        count += row->method != NULL && strcmp(row->method, method) == 0 &&
                 row->verdict != PW_VERDICT_INCONCLUSIVE;
    }
    return count;
}

/* "shard 2 of 4, which runs 3 of 10 benchmarks". @return what comes before anything else */
static const char *put_shard(const struct pw_comparison *comparison, struct pw_strbuf *out)
{
    if (comparison->merged_from > 0) {
        pw_strbuf_printf(out, "joined from %zu shards", comparison->merged_from);
    }
    if (comparison->shard != NULL) {
        pw_report_shard(comparison->shard, out);
    }
    return comparison->merged_from > 0 || comparison->shard != NULL ? "; " : "";
}

void pw_report_shard(const struct pw_shard *shard, struct pw_strbuf *out)
{
    pw_strbuf_printf(out, "shard %u of %u, which runs %zu of ", shard->index, shard->count,
                     pw_shard_own(shard));
    pw_report_plural(out, shard->size, "benchmark");
}

void pw_report_mode(const struct pw_comparison *comparison, struct pw_strbuf *out)
{
    const char *separator = "; decided ";
    const char *before = put_shard(comparison, out);
    if (!is_mode(comparison, "paired") && !is_mode(comparison, "auto")) {
        return;
    }
    pw_strbuf_puts(out, before);
    if (is_mode(comparison, "paired")) {
        pw_strbuf_puts(out, "pairs of runs, base and head in turns");
    } else {
        pw_strbuf_puts(out, "stored sessions, then pairs where they were not clear");
    }
    for (size_t i = 0; i < PW_COUNT(methods); i++) {
        const size_t count = count_method(comparison, methods[i].method);
        if (count > 0) {
            pw_strbuf_printf(out, "%s%zu %s", separator, count, methods[i].phrase);
            separator = ", ";
        }
    }
    if (comparison->mode_reason != NULL) {
        pw_strbuf_printf(out, "; %s", comparison->mode_reason);
    }
}

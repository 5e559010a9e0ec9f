/* What was stored and is not compared with yet: telling it at once saves a search for the reason.
 */
#include "baseline.h"

#include <string.h>

#include "perfwarden/gate.h"

/* STATISTICS: a stored verdict rests on up to this many sessions among the ancestors. */
#define MAX_SESSIONS 20
/* How many comparisons the message names. */
#define NAMED 3

/* "2 comparisons of what was stored are better … ('a' wall_time by 67 %, …): …" */
static void describe(const struct pw_quarantined *items, size_t count, struct pw_strbuf *out)
{
    const char *plural = count == 1 ? "" : "s";
    pw_strbuf_printf(out,
                     "%zu value%s of what was stored %s too much better than before to be "
                     "believed at once (",
                     count, plural, count == 1 ? "is" : "are");
    for (size_t i = 0; i < count && i < NAMED; i++) {
        pw_strbuf_printf(out, "%s'%s' %s ", i > 0 ? ", " : "", items[i].benchmark, items[i].metric);
        pw_format_change(out, items[i].ratio - 1);
    }
    pw_strbuf_printf(out,
                     "%s): quarantined, not compared with until a second session confirms it; "
                     "check that the benchmark still does its work, then run 'perfwarden baseline "
                     "update' again",
                     count > NAMED ? ", \xE2\x80\xA6" : "");
}

/* The newest of the commit must be the one that was stored, or another writer was there meanwhile
 * and has told it. */
static int find(const struct pw_project *project, const struct pw_store_search *search,
                const struct pw_result *stored, struct pw_arena *arena, struct pw_strbuf *out,
                struct pw_error *err)
{
    struct pw_quarantined *items = NULL;
    size_t count = 0;
    if (search->session_count == 0 || strcmp(search->sessions[0].run_id, stored->run_id) != 0) {
        return PW_OK;
    }
    const int status = pw_gate_find_quarantined(&project->config, search->sessions,
                                                search->session_count, arena, &items, &count, err);
    if (status == PW_OK && count > 0) {
        describe(items, count, out);
    }
    return status == PW_OK ? pw_strbuf_check(out, err) : status;
}

int pw_baseline_tell_quarantine(struct pw_cli *cli, const struct pw_project *project,
                                const struct pw_result *stored)
{
    struct pw_store_search search = {0};
    struct pw_strbuf text = PW_STRBUF_INIT;
    struct pw_arena arena = {0};
    struct pw_error err = PW_ERROR_INIT;
    int code = PW_EXIT_PASS;
    if (!project->has_config || project->config.baseline.quarantine_ratio <= 0) {
        return PW_EXIT_PASS;
    }
    int status = pw_store_find(project->store, stored->commit, stored->environment.id, MAX_SESSIONS,
                               &search, &err);
    if (status == PW_OK) {
        status = find(project, &search, stored, &arena, &text, &err);
    }
    if (status != PW_OK) {
        code = pw_cli_fail(cli, &err);
    } else if (text.length > 0) {
        pw_cli_print_warning(cli, pw_strbuf_text(&text));
    }
    pw_strbuf_release(&text);
    pw_arena_release(&arena);
    pw_store_search_release(&search);
    return code;
}

/*
 * One session at a time: which entry is the head's, whether it is still valid. Renamed benchmarks
 * and accepted changes are known here.
 */
#include "stored_series.h"

#include <string.h>

#include "acceptance.h"
#include "perfwarden/util/text.h"

/* What an id has behind that of its benchmark: "" or "/…" of a value that an adapter named. */
static const char *suffix_of(const char *id, const char *declared)
{
    const size_t length = strlen(declared);

    return strncmp(id, declared, length) == 0 ? id + length : "";
}

const struct pw_result_benchmark *pw_stored_entry(const struct pw_entries *session,
                                                  const struct pw_benchmark *benchmark,
                                                  const char *id)
{
    const struct pw_result_benchmark *found = pw_entries_find(session, id);
    const bool is_known = pw_entries_group(session, benchmark->id).count > 0;

    for (size_t i = 0; i < benchmark->renamed_from.count && found == NULL && !is_known; i++) {
        struct pw_strbuf former = PW_STRBUF_INIT;
        pw_strbuf_puts(&former, benchmark->renamed_from.items[i]);
        pw_strbuf_puts(&former, suffix_of(id, benchmark->id));
        if (!pw_strbuf_failed(&former)) {
            found = pw_entries_find(session, pw_strbuf_text(&former));
        }
        pw_strbuf_release(&former);
    }
    return found;
}

const char *pw_stored_id_today(struct pw_arena *arena, const struct pw_benchmark *benchmark,
                               const struct pw_result_benchmark *entry)
{
    return pw_arena_printf(arena, "%s%s", benchmark->id, suffix_of(entry->id, entry->declared));
}

const struct pw_acceptance *pw_stored_cut(const struct pw_gate_options *options, size_t session,
                                          const struct pw_benchmark *benchmark,
                                          const struct pw_result_benchmark *entry,
                                          const struct pw_series *series)
{
    const struct pw_acceptances *past = options->past;

    for (size_t i = 0; past != NULL && i < past->count; i++) {
        const struct pw_acceptance *item = &past->items[i];
        if ((item->older & (UINT32_C(1) << session)) != 0 && item->metric != NULL &&
            pw_glob_match(item->metric, series->metric) &&
            pw_acceptance_means(item, benchmark, entry->id, entry->declared) &&
            pw_acceptance_misfit(item, series->unit, series->better) == NULL) {
            return item;
        }
    }
    return NULL;
}

/* What was agreed to, as a check sees it: in the configuration of its head, since its base, and
 * between the sessions that are stored. */
#include "check.h"

#include <string.h>

/* The file counts as the configuration does: that of the commit which is measured, where that has a
 * configuration, else the one that lies there. */
int pw_check_read_accepted(struct pw_check *check, struct pw_error *err)
{
    const bool is_of_head = check->mode == PW_CHECK_PAIRED && check->config_text.length > 0;
    return pw_agreements_read(&check->agreements, check->cli, &check->project, &check->arena,
                              is_of_head ? check->head_commit : NULL, err);
}

int pw_check_find_acceptances(struct pw_check *check, const char *base, const char *head,
                              struct pw_acceptances *out, struct pw_error *err)
{
    return pw_agreements_find(&check->agreements, base, head, out, err);
}

/* The sessions of one commit as a set. */
static uint32_t sessions_of(const struct pw_store_search *search, const char *commit)
{
    uint32_t set = 0;
    for (size_t i = 0; i < search->session_count && i < 32; i++) {
        if (strcmp(search->sessions[i].commit, commit) == 0) {
            set |= UINT32_C(1) << i;
        }
    }
    return set;
}

/* Most histories have no trailer: looking from the farthest session tells that at once. */
int pw_check_find_past(struct pw_check *check, const struct pw_store_search *search,
                       struct pw_acceptances *out, struct pw_error *err)
{
    const char *before = search->commit;
    if (search->session_count < 2) {
        return PW_OK;
    }
    int status =
        pw_agreements_add_trailers(&check->agreements, search->commit,
                                   search->sessions[search->session_count - 1].commit, out, err);
    const bool is_any = out->count > 0;
    pw_acceptances_release(out);
    for (size_t i = 0; status == PW_OK && is_any && i < search->session_count; i++) {
        const char *commit = search->sessions[i].commit;
        const size_t count = out->count;
        if (strcmp(commit, before) == 0) {
            continue;
        }
        before = commit;
        status = pw_agreements_add_trailers(&check->agreements, search->commit, commit, out, err);
        for (size_t k = count; k < out->count; k++) {
            out->items[k].older = sessions_of(search, commit);
        }
    }
    return status;
}

int pw_check_warn_about_messages(struct pw_check *check, struct pw_error *err)
{
    return pw_agreements_warn(&check->agreements, &check->comparison, err);
}

/*
 * Which benchmarks the first word of an agreement means. One that was made before a benchmark was
 * renamed, or with the renaming, has its former name.
 */
#include <string.h>

#include "acceptance.h"
#include "perfwarden/util/text.h"

/* Whether a pattern means the name of an id with parameters: what stands before the '/' of the
 * first of them. No look-up in the configuration, which may have thousands and not this one. */
static bool means_name(const char *pattern, const char *id)
{
    const size_t first_value = strcspn(id, "=");
    size_t length = id[first_value] == '=' ? first_value : 0;
    struct pw_strbuf name = PW_STRBUF_INIT;
    bool is_meant = false;

    while (length > 0 && id[length] != '/') {
        length--;
    }
    if (length > 0) {
        pw_strbuf_append(&name, id, length);
        is_meant = !pw_strbuf_failed(&name) && pw_glob_match(pattern, pw_strbuf_text(&name));
    }
    pw_strbuf_release(&name);
    return is_meant;
}

static bool means(const char *pattern, const char *id, const char *declared)
{
    return pw_glob_match(pattern, id) || pw_glob_match(pattern, declared) ||
           means_name(pattern, declared);
}

bool pw_acceptance_means(const struct pw_acceptance *item, const struct pw_benchmark *benchmark,
                         const char *id, const char *declared)
{
    const size_t count = benchmark != NULL ? benchmark->renamed_from.count : 0;
    const size_t length = strlen(declared);
    const char *suffix = strncmp(id, declared, length) == 0 ? id + length : "";
    bool is_meant = means(item->benchmark, id, declared);

    for (size_t i = 0; i < count && !is_meant; i++) {
        const char *before = benchmark->renamed_from.items[i];
        struct pw_strbuf former = PW_STRBUF_INIT;
        pw_strbuf_printf(&former, "%s%s", before, suffix);
        is_meant =
            !pw_strbuf_failed(&former) && means(item->benchmark, pw_strbuf_text(&former), before);
        pw_strbuf_release(&former);
    }
    return is_meant;
}

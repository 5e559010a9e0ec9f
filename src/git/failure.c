/*
 * From libgit2's error codes and ids to perfwarden's. The only place that reads git_error_last().
 */
#include "internal.h"

#include <stdarg.h>
#include <string.h>

int pw_git_fail(struct pw_error *err, int code, const char *format, ...)
{
    const git_error *last = git_error_last();
    const char *reason = last != NULL && last->message != NULL ? last->message : "unknown reason";
    struct pw_strbuf text = PW_STRBUF_INIT;
    va_list args;
    int status;

    if (last != NULL && last->klass == GIT_ERROR_NOMEMORY) {
        return pw_error_set_no_memory(err);
    }
    va_start(args, format);
    pw_strbuf_vprintf(&text, format, args);
    va_end(args);
    if (pw_strbuf_failed(&text)) {
        status = pw_error_set_no_memory(err);
    } else {
        status = pw_error_set(err, PW_EGIT, "%s: %s (libgit2 error %d)", pw_strbuf_text(&text),
                              reason, code);
    }
    pw_strbuf_release(&text);
    return status;
}

void pw_git_shorten(const git_oid *id, char out[PW_SHORT_ID_SIZE])
{
    git_oid_tostr(out, PW_SHORT_ID_SIZE, id);
}

int pw_git_parse_id(const char *text, git_oid *out, struct pw_error *err)
{
    git_oid id;

    if (strlen(text) != PW_OID_SIZE - 1 || git_oid_fromstr(&id, text) != 0) {
        return pw_error_set(err, PW_EINVAL, "'%s' is not a full commit id", text);
    }
    *out = id;
    return 0;
}

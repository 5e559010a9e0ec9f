/*
 * From libgit2's error codes and ids to perfwarden's. The only place that reads git_error_last().
 */
#include "internal.h"

#include <stdarg.h>
#include <string.h>

/* @param remedy  behind the reason; "" for none */
PW_PRINTF(4, 0)
static int fail(struct pw_error *err, int code, const char *remedy, const char *format,
                va_list args)
{
    const git_error *last = git_error_last();
    const char *reason = last != NULL && last->message != NULL ? last->message : "unknown reason";
    struct pw_strbuf text = PW_STRBUF_INIT;
    int status;

    if (last != NULL && last->klass == GIT_ERROR_NOMEMORY) {
        return pw_error_set_no_memory(err);
    }
    pw_strbuf_vprintf(&text, format, args);
    if (pw_strbuf_failed(&text)) {
        status = pw_error_set_no_memory(err);
    } else {
        status = pw_error_set(err, PW_EGIT, "%s: %s (libgit2 error %d)%s", pw_strbuf_text(&text),
                              reason, code, remedy);
    }
    pw_strbuf_release(&text);
    return status;
}

int pw_git_fail(struct pw_error *err, int code, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    const int status = fail(err, code, "", format, args);
    va_end(args);
    return status;
}

int pw_git_fail_damage(struct pw_error *err, int code, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    const int status = fail(err, code, "; run 'git fsck' to see what is damaged", format, args);
    va_end(args);
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

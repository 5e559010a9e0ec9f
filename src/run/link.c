/*
 * What becomes of the launcher when it ends, asked to or not. Starting it is executor.c's.
 */
#include "linux_features.h"

#include "link.h"

#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

#include "orphans.h"
#include "perfwarden/util/strbuf.h"

void pw_run_link_end(struct pw_run_link *link)
{
    if (link->socket >= 0) {
        (void)close(link->socket);
        link->socket = -1;
    }
    while (!link->is_reaped && waitpid(link->launcher, &link->wait_status, 0) < 0 &&
           errno == EINTR) {
    }
    link->is_reaped = true;
}

/** The launcher's end is a failure of ours. */
static int say_it_is_lost(const struct pw_run_link *link, struct pw_error *err)
{
    struct pw_strbuf text = PW_STRBUF_INIT;
    int status;

    pw_strbuf_printf(&text, "the launcher of the benchmarks, process '%ld', ",
                     (long)link->launcher);
    if (WIFSIGNALED(link->wait_status)) {
        pw_strbuf_printf(&text, "was killed by signal %d", WTERMSIG(link->wait_status));
    } else {
        pw_strbuf_puts(&text, "has ended");
    }
    if (link->left_alive > 0) {
        pw_strbuf_printf(&text,
                         ", and %u process(es) that it had started could not be ended: they hang "
                         "in the kernel or belong to another user",
                         (unsigned)link->left_alive);
    } else {
        pw_strbuf_puts(&text, ", and what it had started was ended");
    }
    pw_strbuf_puts(&text, "; if the system is short of memory, its out-of-memory killer may have "
                          "chosen it");
    status = pw_strbuf_check(&text, err);
    if (status == 0) {
        status = pw_error_set(err, PW_EIO, "%s", pw_strbuf_text(&text));
    }
    pw_strbuf_release(&text);
    return status;
}

int pw_run_link_is_lost(struct pw_run_link *link, struct pw_error *err)
{
    if (!link->is_reaped) {
        pw_run_link_end(link);
        link->left_alive = pw_run_orphans_end(&link->not_ours);
    }
    return say_it_is_lost(link, err);
}

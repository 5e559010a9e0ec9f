/*
 * Baselines between clones: a fetch is a union, a push is a union that the remote takes if nobody
 * was faster, else another one.
 *
 *      ask ──► fetch into a scratch ref ──► unite with ours ──► push if theirs is still what it was
 *       ▲                                                                   │ rejected
 *       └────────────── wait, longer each time, a random part ◄─────────────┘
 */
#include "transport.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

#include "perfwarden/util/clock.h"
#include "ref_move.h"
#include "ref_tree.h"
#include "ref_union.h"

/** The longest first wait, and the longest of all. */
#define WAIT_FIRST_NS UINT64_C(100000000)
#define WAIT_MOST_NS  UINT64_C(4000000000)
/** How long an interruption may go unseen. */
#define WAIT_STEP_NS UINT64_C(50000000)
/** How many failures in a row that are no answer are taken for passing ones. */
enum { PASSING_FAILURES = 2 };

/* One push under way. */
struct push {
    struct pw_transport *transport;
    struct pw_git_exchange exchange;
    git_oid theirs; /**< what the remote's ref points to; zeros for absent */
    git_oid ours;
    uint64_t wait_ns;
    uint64_t random;
    unsigned failures; /**< in a row, without an answer */
};

/* Bring what the remote has into our ref. @param[out] theirs zeros for absent */
static int synchronise(struct pw_transport *transport, git_oid *theirs,
                       struct pw_git_exchange *exchange, struct pw_error *err)
{
    const char *ref = transport->remote->ref;
    struct pw_ref_union outcome = {.is_created = false};
    bool is_known = false;
    int status = pw_transport_ask(transport, theirs, err);

    if (status != PW_OK) {
        return status;
    }
    exchange->is_absent = git_oid_is_zero(theirs);
    if (exchange->is_absent) {
        return PW_OK;
    }
    status = pw_git_ref_has(transport->git, ref, theirs, &is_known, err);
    if (status != PW_OK || is_known) {
        return status;
    }
    status = pw_transport_fetch(transport, theirs, err);
    if (status == PW_OK) {
        status = pw_git_ref_unite(transport->git, ref, theirs, transport->shown, &outcome, err);
    }
    if (status == PW_OK) {
        exchange->is_created = exchange->is_created || outcome.is_created;
        exchange->received += outcome.added;
        exchange->removed += outcome.removed;
    }
    return status;
}

int pw_git_remote_fetch(struct pw_git *git, const struct pw_git_remote *remote,
                        struct pw_git_exchange *out, struct pw_error *err)
{
    struct pw_git_exchange exchange = {.is_absent = false};
    struct pw_transport transport = {.git = git};
    git_oid theirs;
    int status = pw_git_ref_check(git, remote->ref, err);

    if (status != PW_OK) {
        return status;
    }
    status = pw_transport_open(&transport, git, remote, err);
    if (status == PW_OK) {
        status = synchronise(&transport, &theirs, &exchange, err);
    }
    if (status == PW_OK) {
        *out = exchange;
    }
    pw_transport_close(&transport);
    return status;
}

/* How many files the remote lacks, and how many it has that were removed here. */
static int count_changes(struct push *push, struct pw_error *err)
{
    struct pw_git *git = push->transport->git;
    git_commit *commits[2] = {NULL, NULL};
    git_tree *trees[2] = {NULL, NULL};
    const git_oid *const ids[2] = {&push->ours, &push->theirs};
    int status = PW_OK;
    int code = 0;

    for (int i = 0; i < 2 && code == 0; i++) {
        if (!git_oid_is_zero(ids[i])) {
            code = git_commit_lookup(&commits[i], git->repository, ids[i]);
            code = code == 0 ? git_commit_tree(&trees[i], commits[i]) : code;
        }
    }
    status = code == 0 ? pw_git_count_new_files(git, trees[1], trees[0], &push->exchange.sent, err)
                       : pw_git_fail(err, code, "cannot read '%s'", push->transport->remote->ref);
    push->exchange.withdrawn = 0;
    if (status == PW_OK && trees[1] != NULL) {
        status = pw_git_count_new_files(git, trees[0], trees[1], &push->exchange.withdrawn, err);
    }
    for (int i = 0; i < 2; i++) {
        git_tree_free(trees[i]);
        git_commit_free(commits[i]);
    }
    return status;
}

/* Unite, then push what results. @param[out] is_rejected as pw_transport_push() */
static int attempt(struct push *push, bool *is_rejected, struct pw_error *err)
{
    struct pw_transport *transport = push->transport;
    const char *ref = transport->remote->ref;

    *is_rejected = false;
    int status = synchronise(transport, &push->theirs, &push->exchange, err);
    if (status != PW_OK) {
        return status;
    }
    const int code = git_reference_name_to_id(&push->ours, transport->git->repository, ref);
    if (code == GIT_ENOTFOUND) {
        return pw_error_set(err, PW_ENOTFOUND,
                            "neither this clone nor '%s' has '%s'; 'perfwarden baseline update' "
                            "stores a baseline",
                            transport->shown, ref);
    }
    if (code != 0) {
        return pw_git_fail(err, code, "cannot read ref '%s'", ref);
    }
    if (git_oid_equal(&push->ours, &push->theirs)) {
        return PW_OK;
    }
    status = count_changes(push, err);
    if (status == PW_OK) {
        push->exchange.attempts++;
        status = pw_transport_push(transport, &push->ours, &push->theirs, is_rejected, err);
        push->exchange.is_pushed = status == PW_OK;
    }
    return status;
}

/* xorshift64; Marsaglia, Journal of Statistical Software 8 (14), 2003 */
static uint64_t draw(struct push *push)
{
    push->random ^= push->random << 13;
    push->random ^= push->random >> 7;
    push->random ^= push->random << 17;
    return push->random;
}

/* @return false when the time is over, or a signal arrived */
static bool wait_a_while(struct push *push)
{
    const volatile int *interrupted = push->transport->remote->interrupted;
    const uint64_t until_ns =
        pw_clock_monotonic_ns() + push->wait_ns / 4 + draw(push) % (push->wait_ns * 3 / 4);

    if (until_ns >= push->transport->deadline_ns) {
        return false;
    }
    push->wait_ns = push->wait_ns * 2 < WAIT_MOST_NS ? push->wait_ns * 2 : WAIT_MOST_NS;
    for (uint64_t now_ns = pw_clock_monotonic_ns(); now_ns < until_ns;
         now_ns = pw_clock_monotonic_ns()) {
        const uint64_t left_ns = until_ns - now_ns;
        const struct timespec step = {.tv_nsec =
                                          (long)(left_ns < WAIT_STEP_NS ? left_ns : WAIT_STEP_NS)};
        if (interrupted != NULL && *interrupted != 0) {
            return false;
        }
        (void)nanosleep(&step, NULL);
    }
    return true;
}

static bool is_worth_another(struct push *push, int status, bool is_rejected)
{
    push->failures = is_rejected ? 0 : push->failures + 1;
    return status == PW_EGIT && push->failures <= PASSING_FAILURES;
}

/* @param last  why the last attempt failed; becomes why there is no further one */
static int give_up(const struct push *push, struct pw_error *last)
{
    const volatile int *interrupted = push->transport->remote->interrupted;

    if (interrupted != NULL && *interrupted != 0) {
        return pw_error_set(last, PW_EINTERRUPTED, "interrupted while waiting to push again");
    }
    if (push->exchange.attempts > 0) {
        const char *too_late = push->transport->too_late;
        const unsigned attempts = push->exchange.attempts;
        struct pw_error reason = PW_ERROR_INIT;
        pw_error_move(&reason, last);
        /* that the last attempt took too long says how long, too */
        const bool is_said = strstr(pw_error_message(&reason), too_late) != NULL;
        (void)pw_error_set(last, PW_EGIT, "%s (tried %u time%s%s%s)", pw_error_message(&reason),
                           attempts, attempts == 1 ? "" : "s", is_said ? "" : " ",
                           is_said ? "" : too_late);
        pw_error_release(&reason);
    }
    return PW_EGIT;
}

/* That an attempt took too long says less than why an earlier one was in vain. */
static void keep_reason(const struct push *push, bool is_rejected, struct pw_error *last,
                        struct pw_error *failure)
{
    const bool is_cut_short = failure->status == PW_EGIT && !is_rejected &&
                              pw_clock_monotonic_ns() >= push->transport->deadline_ns;

    if (is_cut_short && last->message != NULL) {
        pw_error_release(failure);
    } else {
        pw_error_move(last, failure);
    }
}

static int push_until_taken(struct push *push, struct pw_error *err)
{
    struct pw_error last = PW_ERROR_INIT;
    int status;

    for (;;) {
        struct pw_error failure = PW_ERROR_INIT;
        bool is_rejected = false;
        status = attempt(push, &is_rejected, &failure);
        if (status == PW_OK) {
            break;
        }
        keep_reason(push, is_rejected, &last, &failure);
        if (is_worth_another(push, status, is_rejected)) {
            if (wait_a_while(push)) {
                continue;
            }
            status = give_up(push, &last);
        }
        pw_error_move(err, &last);
        break;
    }
    pw_error_release(&last);
    return status;
}

/* git takes no other from outside, and says so in the words of a rejection. */
static int check_pushable(const char *ref, struct pw_error *err)
{
    const char *slash = strchr(ref, '/');

    if (slash == NULL || strchr(slash + 1, '/') == NULL) {
        return pw_error_set(err, PW_EINVAL,
                            "'%s' cannot be pushed: a ref needs three parts, such as "
                            "'refs/perfwarden/baselines'",
                            ref);
    }
    return PW_OK;
}

int pw_git_remote_push(struct pw_git *git, const struct pw_git_remote *remote,
                       struct pw_git_exchange *out, struct pw_error *err)
{
    struct pw_transport transport = {.git = git};
    struct push push = {
        .transport = &transport,
        .wait_ns = WAIT_FIRST_NS,
        /* differs between processes, which is all that jitter needs */
        .random = (pw_clock_monotonic_ns() ^ ((uint64_t)getpid() << 32)) | 1,
    };
    int status = pw_git_ref_check(git, remote->ref, err);

    if (status == PW_OK) {
        status = check_pushable(remote->ref, err);
    }
    if (status != PW_OK) {
        return status;
    }
    status = pw_transport_open(&transport, git, remote, err);
    if (status == PW_OK) {
        status = pw_transport_turn_to_push(&transport, err);
    }
    if (status == PW_OK) {
        status = push_until_taken(&push, err);
    }
    if (status == PW_OK) {
        *out = push.exchange;
    }
    pw_transport_close(&transport);
    return status;
}

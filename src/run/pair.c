/*
 * Two sessions in step. Whatever one side cannot do ends both, and a pair of which only one half
 * was measured leaves no trace.
 */
#include "pair.h"

#include <stdio.h>
#include <string.h>

#include "runs.h"

bool pw_run_pair_is_over(const struct pw_run_pair *pair)
{
    return pair->sessions[PW_RUN_BASE].is_over || pair->sessions[PW_RUN_HEAD].is_over;
}

unsigned pw_run_pair_count(const struct pw_run_pair *pair)
{
    return pair->sessions[PW_RUN_HEAD].runs_done;
}

const struct pw_result_benchmark *pw_run_pair_entry(const struct pw_run_pair *pair)
{
    const struct pw_run_session *base = &pair->sessions[PW_RUN_BASE];
    const struct pw_run_session *head = &pair->sessions[PW_RUN_HEAD];
    const bool shows_base = base->entry_count > 0 && base->is_over && !head->is_over;

    if (head->entry_count == 0 && !shows_base) {
        return NULL;
    }
    return pw_run_session_entry(shows_base ? base : head);
}

/** What the two sides' programs see: all the same but the name of the side and of its directory. */
static void fill_pairing(struct pw_run_pair *pair, const struct pw_run_pair_suite *suite)
{
    static const char *const NAMES[] = {"base", "head"};
    const bool are_equally_long =
        strlen(pair->benchmarks[PW_RUN_BASE]->cwd) == strlen(pair->benchmarks[PW_RUN_HEAD]->cwd);

    for (size_t i = 0; i < PW_RUN_SIDES; i++) {
        pair->pairing[i].side = NAMES[i];
        pair->pairing[i].run_id = suite->sides[PW_RUN_HEAD].result->run_id;
        pair->pairing[i].padding = suite->padding.variable;
        pair->pairing[i].names_directory = are_equally_long;
    }
}

/** The size of the environment alone moves times: where it differs nothing can be compared. */
static int check_environments(struct pw_run_pair *pair, struct pw_error *err)
{
    struct pw_run_session *head = &pair->sessions[PW_RUN_HEAD];
    size_t of_base = pw_run_environment_bytes(&pair->sessions[PW_RUN_BASE].environment);
    size_t of_head = pw_run_environment_bytes(&head->environment);
    const char *message;

    if (of_base == of_head) {
        return 0;
    }
    message = pw_arena_printf(&head->kept,
                              "its environment has %zu bytes on base and %zu on head, which alone "
                              "changes times; give both sides variables of equal length",
                              of_base, of_head);
    return message == NULL ? pw_error_set_no_memory(err)
                           : pw_run_session_fail(head, PW_MEASURED_START, message, err);
}

/** One run a side, in an order that a coin decides, in environments of one new size. The second is
 * not made when the first fails. */
static int run_both(struct pw_run_pair *pair, struct pw_run_pair_suite *suite,
                    const struct pw_run_number *number, uint64_t *wall_ns, struct pw_error *err)
{
    const size_t first = pw_run_random_coin(&suite->random) ? PW_RUN_HEAD : PW_RUN_BASE;
    struct pw_run_session *const sessions[] = {&pair->sessions[first],
                                               &pair->sessions[PW_RUN_HEAD - first]};

    pw_run_padding_set(&suite->padding,
                       (size_t)pw_run_random_below(&suite->random, PW_RUN_PADDING_MAX + 1));
    return pw_run_two(sessions, number, wall_ns, err);
}

static int warm_up(struct pw_run_pair *pair, struct pw_run_pair_suite *suite, struct pw_error *err)
{
    const unsigned asked = pair->benchmarks[PW_RUN_HEAD]->warmup;
    const unsigned total = asked > 1 ? asked : 1;
    int status = 0;

    for (unsigned i = 1; status == 0 && i <= total && !pw_run_pair_is_over(pair); i++) {
        struct pw_run_number number = {.is_warmup = true, .number = i, .total = total};
        uint64_t wall_ns = 0;

        status = run_both(pair, suite, &number, &wall_ns, err);
    }
    return status;
}

int pw_run_pair_open(struct pw_run_pair *pair, struct pw_run_pair_suite *suite,
                     struct pw_error *err)
{
    int status = 0;

    pair->is_open = true;
    pw_run_padding_set(&suite->padding, 0);
    fill_pairing(pair, suite);
    for (size_t i = 0; status == 0 && i < PW_RUN_SIDES; i++) {
        /* Nothing more is set up once a signal arrived; what was is cleaned up. */
        if (i > 0 && pw_run_session_is_interrupted(&pair->sessions[0])) {
            return pw_run_pair_interrupt(pair, err);
        }
        status = pw_run_session_open(&pair->sessions[i], &suite->sides[i], pair->benchmarks[i],
                                     &pair->pairing[i], err);
    }
    if (status == 0 && !pw_run_pair_is_over(pair)) {
        status = check_environments(pair, err);
    }
    return status != 0 ? status : warm_up(pair, suite, err);
}

int pw_run_pair_make(struct pw_run_pair *pair, struct pw_run_pair_suite *suite, uint64_t *wall_ns,
                     struct pw_error *err)
{
    struct pw_run_session *base = &pair->sessions[PW_RUN_BASE];
    struct pw_run_session *head = &pair->sessions[PW_RUN_HEAD];
    struct pw_run_number number = {.number = pw_run_pair_count(pair) + 1};
    int status = pw_run_mark_set(&suite->marks[PW_RUN_BASE], base, err);

    if (status == 0) {
        status = pw_run_mark_set(&suite->marks[PW_RUN_HEAD], head, err);
    }
    if (status != 0) {
        return status;
    }
    number.total = number.number <= head->runs_min ? head->runs_min : head->runs_max;
    status = run_both(pair, suite, &number, wall_ns, err);
    if (base->runs_done == number.number && head->runs_done == number.number) {
        pw_run_mark_match(&suite->marks[PW_RUN_BASE], base, &suite->marks[PW_RUN_HEAD], head);
    } else {
        pw_run_mark_revert(&suite->marks[PW_RUN_BASE], base);
        pw_run_mark_revert(&suite->marks[PW_RUN_HEAD], head);
    }
    return status;
}

int pw_run_pair_interrupt(struct pw_run_pair *pair, struct pw_error *err)
{
    char message[48];
    int status = 0;

    (void)snprintf(message, sizeof(message), "interrupted after %u pair(s)",
                   pw_run_pair_count(pair));
    for (size_t i = 0; status == 0 && i < PW_RUN_SIDES; i++) {
        struct pw_run_session *session = &pair->sessions[i];

        if (session->entry_count > 0 && !session->is_over) {
            status = pw_run_session_fail(session, PW_MEASURED_INTERRUPTED, message, err);
        }
    }
    return status;
}

/** Whether a signal ended it on either side. */
static bool is_interrupted(const struct pw_run_pair *pair)
{
    for (size_t i = 0; i < PW_RUN_SIDES; i++) {
        const struct pw_run_session *session = &pair->sessions[i];

        if (session->entry_count > 0 &&
            pw_run_session_entry(session)->status == PW_MEASURED_INTERRUPTED) {
            return true;
        }
    }
    return false;
}

/** End one side. perfwarden's own failure comes before an interruption, else the first counts. */
static int close_side(struct pw_run_session *session, int status, struct pw_error *err)
{
    struct pw_error failure = PW_ERROR_INIT;
    const bool is_own_failure = status != 0 && status != PW_EINTERRUPTED;
    int closed;

    if (session->suite == NULL) {
        return status;
    }
    if (is_own_failure) {
        return pw_run_session_close(session, status, err);
    }
    closed = pw_run_session_close(session, 0, &failure);
    if (closed == 0 || (closed == PW_EINTERRUPTED && status != 0)) {
        pw_error_release(&failure);
        return status;
    }
    pw_error_move(err, &failure);
    return closed;
}

int pw_run_pair_close(struct pw_run_pair *pair, int status, struct pw_error *err)
{
    if (status == 0 && is_interrupted(pair)) {
        status = pw_run_pair_interrupt(pair, err);
    }
    for (size_t i = 0; i < PW_RUN_SIDES; i++) {
        status = close_side(&pair->sessions[i], status, err);
    }
    pair->is_open = false;
    pair->is_closed = true;
    return status;
}

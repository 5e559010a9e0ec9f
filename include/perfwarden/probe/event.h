/*
 * What is recorded besides operations: the work behind the functions of probe.h.
 */
#ifndef PERFWARDEN_PROBE_EVENT_H
#define PERFWARDEN_PROBE_EVENT_H

#include "perfwarden/probe/operation.h"

PERFWARDEN_HOT_ int perfwarden_is_on_(void)
{
    return (perfwarden_mode_() & PERFWARDEN_LEVEL_MASK_) != PERFWARDEN_LEVEL_OFF_;
}

PERFWARDEN_WARM_ void perfwarden_tally_add_(uint16_t type, const char *name, const char *detail,
                                            uint64_t amount, uint64_t misses)
{
    int error = errno;
    struct perfwarden_tally_ *tally = perfwarden_own_tally_(type, name, detail);

    if (tally != NULL) {
        perfwarden_add_(&tally->amount, amount);
        perfwarden_add_(&tally->misses, misses);
        if (type == PERFWARDEN_TYPE_BYTES_) {
            PERFWARDEN_STORE_(&tally->stamp_ns, PERFWARDEN_CLOCK_NS());
        }
    }
    errno = error;
}

/* Neither infinite nor no number, whatever -ffast-math makes of isfinite(). */
PERFWARDEN_HELPER_ int perfwarden_is_finite_(double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof(bits));
    return ((bits >> 52U) & 0x7FFU) != 0x7FFU;
}

PERFWARDEN_WARM_ void perfwarden_set_gauge_(const char *name, double value)
{
    int error = errno;
    struct perfwarden_tally_ *tally = perfwarden_own_tally_(PERFWARDEN_TYPE_GAUGE_, name, NULL);

    if (!perfwarden_is_finite_(value)) {
        perfwarden_drop_(perfwarden_get_core_(), 1);
    } else if (tally != NULL) {
        int is_first = tally->amount == 0U;

        if (is_first || value < tally->min) {
            perfwarden_store_double_(&tally->min, value);
        }
        if (is_first || value > tally->max) {
            perfwarden_store_double_(&tally->max, value);
        }
        perfwarden_store_double_(&tally->value, value);
        PERFWARDEN_STORE_(&tally->stamp_ns, PERFWARDEN_CLOCK_NS());
        perfwarden_add_(&tally->amount, 1U);
    }
    errno = error;
}

/* The kind is kept with the operation; it is counted here, so that a failure without an end still
 * is. */
PERFWARDEN_COLD_ void perfwarden_fail_op_(perfwarden_op *op, const char *kind)
{
    int error = errno;

    if (op->mode == PERFWARDEN_LOAD_(&perfwarden_mode_1_) && op->number != 0U && op->error == 0U) {
        kind = kind != NULL ? kind : "failure";
        op->error = perfwarden_look_up_(perfwarden_get_core_(), PERFWARDEN_TYPE_ERROR_, kind, NULL);
        perfwarden_tally_add_(PERFWARDEN_TYPE_ERROR_, kind, NULL, 1, 0);
    }
    errno = error;
}

/* A note of this thread that is free. NULL when all are taken or without memory. */
PERFWARDEN_COLD_ struct perfwarden_note_ *perfwarden_take_note_(void)
{
    struct perfwarden_thread_ *thread = perfwarden_join_(perfwarden_get_core_());
    uint32_t i;

    for (i = 0; thread != NULL && i < PERFWARDEN_NOTES_; i++) {
        if (PERFWARDEN_SEEN_(&thread->notes[i].taken) == 0U) {
            PERFWARDEN_STORE_(&thread->notes[i].taken, 1U);
            thread->notes[i].used = 0;
            return &thread->notes[i];
        }
    }
    return NULL;
}

PERFWARDEN_COLD_ void perfwarden_attach_(perfwarden_op *op, const char *key, const char *value)
{
    char json[PERFWARDEN_NAME_JSON_BYTES_ + 1];
    struct perfwarden_line_ line;
    int error = errno;

    if (op->number == 0U || op->mode != PERFWARDEN_LOAD_(&perfwarden_mode_1_)) {
        return;
    }
    op->note = op->note != NULL ? op->note : perfwarden_take_note_();
    if (op->note == NULL) {
        return;
    }
    line = perfwarden_new_line_(op->note->text, sizeof(op->note->text));
    line.used = op->note->used;
    (void)perfwarden_escape_(json, key != NULL ? key : "");
    perfwarden_put_(&line, line.used == 0U ? "\"" : ",\"");
    perfwarden_put_(&line, json);
    perfwarden_put_(&line, "\":\"");
    (void)perfwarden_escape_(json, value != NULL ? value : "");
    perfwarden_put_(&line, json);
    perfwarden_put_(&line, "\"");
    if (!line.is_full) {
        op->note->used = (uint32_t)line.used;
    }
    errno = error;
}

PERFWARDEN_COLD_ void perfwarden_correlate_(const char *id)
{
    int error = errno;
    struct perfwarden_thread_ *thread = perfwarden_join_(perfwarden_get_core_());

    if (thread != NULL) {
        thread->has_correlation = id != NULL;
        if (id != NULL) {
            (void)perfwarden_escape_(thread->correlation, id);
        }
    }
    errno = error;
}

/* Adds a line about a name to this thread's. */
PERFWARDEN_COLD_ void perfwarden_append_line_(struct perfwarden_line_ *line)
{
    struct perfwarden_core_ *core = perfwarden_get_core_();
    struct perfwarden_thread_ *thread = perfwarden_join_(core);

    perfwarden_put_(line, "}\n");
    if (thread != NULL) {
        perfwarden_append_(core, thread, line);
    } else {
        perfwarden_drop_(core, 1);
    }
}

PERFWARDEN_WARM_ void perfwarden_append_step_(const char *name, int64_t step, double value)
{
    char json[PERFWARDEN_NAME_JSON_BYTES_ + 1];
    char text[PERFWARDEN_NAME_JSON_BYTES_ + 128];
    struct perfwarden_line_ line = perfwarden_new_line_(text, sizeof(text));
    int error = errno;

    if (perfwarden_is_finite_(value)) {
        (void)perfwarden_escape_(json, name != NULL ? name : "(null)");
        perfwarden_put_(&line, "{\"metric\":\"");
        perfwarden_put_(&line, json);
        perfwarden_put_(&line, "\",\"value\":");
        perfwarden_put_double_(&line, value);
        perfwarden_put_(&line, ",\"unit\":\"1\",\"step\":");
        perfwarden_put_i64_(&line, step);
        perfwarden_append_line_(&line);
    } else {
        perfwarden_drop_(perfwarden_get_core_(), 1);
    }
    errno = error;
}

/* Resident bytes of the process; 0 where /proc does not tell. */
PERFWARDEN_COLD_ uint64_t perfwarden_resident_bytes_(void)
{
    char text[128];
    const char *at = text;
    uint64_t pages = 0;
    ssize_t size;
    int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);

    if (fd < 0) {
        return 0;
    }
    size = read(fd, text, sizeof(text) - 1U);
    (void)close(fd);
    text[size > 0 ? size : 0] = '\0';
    at += strcspn(at, " ");
    at += strspn(at, " ");
    for (; *at >= '0' && *at <= '9'; at++) {
        pages = pages * 10U + (uint64_t)(*at - '0');
    }
    return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

PERFWARDEN_COLD_ void perfwarden_append_memory_(const char *name)
{
    char json[PERFWARDEN_NAME_JSON_BYTES_ + 1];
    char text[PERFWARDEN_NAME_JSON_BYTES_ + 128];
    struct perfwarden_line_ line = perfwarden_new_line_(text, sizeof(text));
    int error = errno;
    uint64_t resident_bytes = perfwarden_resident_bytes_();

    (void)perfwarden_escape_(json, name != NULL ? name : "(null)");
    perfwarden_head_(&line, "memory", "mark", json);
#ifdef PERFWARDEN_HAS_MALLINFO2_
    perfwarden_put_member_(&line, "heap_bytes", (uint64_t)perfwarden_heap_bytes_());
#endif
    if (resident_bytes != 0U) {
        perfwarden_put_member_(&line, "rss_bytes", resident_bytes);
    }
    perfwarden_append_line_(&line);
    errno = error;
}

#endif

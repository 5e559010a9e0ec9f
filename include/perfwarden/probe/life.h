/*
 * The probe from the first use to the last: asking the environment, forks, fatal signals, the end
 * of the process.
 */
#ifndef PERFWARDEN_PROBE_LIFE_H
#define PERFWARDEN_PROBE_LIFE_H

#include "perfwarden/probe/flush_all.h"

PERFWARDEN_HELPER_ uint32_t perfwarden_level_(void)
{
    return PERFWARDEN_LOAD_(&perfwarden_mode_1_) & PERFWARDEN_LEVEL_MASK_;
}

/* A child has nothing of what its parent counted. Only the forking thread lives on in it. */
PERFWARDEN_COLD_ void perfwarden_forget_thread_(struct perfwarden_core_ *core,
                                                struct perfwarden_thread_ *thread)
{
    uint32_t i;

    for (i = 1; i <= core->entry_count; i++) {
        void *cell = thread->cells[i];

        if (cell != NULL && core->entries[i].type == PERFWARDEN_TYPE_OP_) {
            perfwarden_clear_timing_((struct perfwarden_timing_ *)cell);
        } else if (cell != NULL) {
            memset(cell, 0, sizeof(struct perfwarden_tally_));
        }
    }
    for (i = 0; i < PERFWARDEN_NOTES_; i++) {
        thread->notes[i].taken = 0;
    }
    thread->used = 0;
    thread->lock = 0;
    thread->writing = 0;
    thread->taken = thread == perfwarden_self_1_;
}

PERFWARDEN_COLD_ void perfwarden_begin_child_(void)
{
    struct perfwarden_core_ *core = perfwarden_get_core_();
    struct perfwarden_thread_ *thread;
    uint32_t i;

    if (core == NULL) {
        return;
    }
    core->registry_lock = 0;
    core->arena_lock = 0;
    core->flush_lock = 0;
    core->output_lock = 0;
    for (thread = core->threads; thread != NULL; thread = thread->next) {
        perfwarden_forget_thread_(core, thread);
    }
    for (i = 1; i <= core->entry_count; i++) {
        void *written = core->entries[i].written;

        if (written != NULL && core->entries[i].type == PERFWARDEN_TYPE_OP_) {
            perfwarden_clear_timing_((struct perfwarden_timing_ *)written);
        } else if (written != NULL) {
            memset(written, 0, sizeof(struct perfwarden_tally_));
        }
    }
    core->used = 0;
    core->bytes = 0;
    core->dropped = 0;
    core->dropped_told = 0;
    core->torn = 0;
    core->pid = getpid();
    core->start_ns = PERFWARDEN_CLOCK_NS();
    /* An operation that is open belongs to the parent: its mode is another one. */
    PERFWARDEN_STORE_(&perfwarden_mode_1_, perfwarden_mode_1_ + PERFWARDEN_LEVEL_MASK_ + 1U);
}

/* Writes what is counted so far. See perfwarden_flush(). */
PERFWARDEN_COLD_ void perfwarden_flush_now_(void)
{
    struct perfwarden_core_ *core = perfwarden_get_core_();
    struct perfwarden_calm_ calm;

    if (core == NULL || PERFWARDEN_LOAD_(&core->closed) != 0U) {
        return;
    }
    perfwarden_calm_down_(&calm);
    if (core->pid != getpid()) { /* the child of a fork that pthread_atfork did not see */
        perfwarden_begin_child_();
    }
    perfwarden_lock_(&core->flush_lock);
    perfwarden_flush_all_(core);
    perfwarden_unlock_(&core->flush_lock);
    perfwarden_uncalm_(&calm);
}

/*
 * The process is about to die of a signal that it has no handler for. Writes what is there with
 * nothing but system calls, then lets it die of it: a fault by returning to it, anything else by
 * raising it again.
 */
static __attribute__((unused)) void perfwarden_on_signal_(int number, siginfo_t *info,
                                                          void *context)
{
    struct perfwarden_core_ *core = perfwarden_get_core_();
    int error = errno;

    (void)context;
    if (core != NULL && core->pid == getpid() && perfwarden_lock_within_(&core->flush_lock, 2000)) {
        PERFWARDEN_PUBLISH_(&core->closed, 1U); /* the lock is kept: nobody flushes after this */
        perfwarden_flush_all_(core);
    }
    errno = error;
    if (info == NULL || info->si_code <= 0 || number == SIGABRT || number == SIGTERM ||
        number == SIGINT || number == SIGHUP) {
        (void)raise(number);
    }
}

static const int perfwarden_signals_[] = {SIGTERM, SIGINT, SIGHUP, SIGSEGV,
                                          SIGABRT, SIGBUS, SIGFPE, SIGILL};

/* Only where nobody handles or ignores them. */
PERFWARDEN_COLD_ void perfwarden_catch_(struct perfwarden_core_ *core)
{
    struct sigaction ours;
    struct sigaction theirs;
    size_t i;

    memset(&ours, 0, sizeof(ours));
    ours.sa_sigaction = perfwarden_on_signal_;
    ours.sa_flags = SA_SIGINFO | (int)SA_RESETHAND;
#ifdef SA_ONSTACK
    ours.sa_flags |= SA_ONSTACK; /* a stack that overflowed has no room for the handler */
#endif
    (void)sigfillset(&ours.sa_mask);
    for (i = 0; i < sizeof(perfwarden_signals_) / sizeof(perfwarden_signals_[0]); i++) {
        if (sigaction(perfwarden_signals_[i], NULL, &theirs) == 0 &&
            (theirs.sa_flags & SA_SIGINFO) == 0 && theirs.sa_handler == SIG_DFL) {
            (void)sigaction(perfwarden_signals_[i], &ours, NULL);
        }
    }
    core->handler = perfwarden_on_signal_;
}

/* Gives back what this translation unit has installed, before a library that holds it is unloaded.
 */
PERFWARDEN_COLD_ void perfwarden_release_(struct perfwarden_core_ *core)
{
    struct sigaction now;
    size_t i;

    if (core->has_key && core->leave == perfwarden_leave_ && pthread_key_delete(core->key) == 0) {
        core->has_key = 0;
    }
    if (core->handler != perfwarden_on_signal_) {
        return;
    }
    core->handler = NULL;
    for (i = 0; i < sizeof(perfwarden_signals_) / sizeof(perfwarden_signals_[0]); i++) {
        if (sigaction(perfwarden_signals_[i], NULL, &now) == 0 &&
            (now.sa_flags & SA_SIGINFO) != 0 && now.sa_sigaction == perfwarden_on_signal_) {
            memset(&now, 0, sizeof(now));
            now.sa_handler = SIG_DFL;
            (void)sigaction(perfwarden_signals_[i], &now, NULL);
        }
    }
}

/* What $PERFWARDEN_PROBE asks for; basic where it says nothing known. */
PERFWARDEN_COLD_ uint32_t perfwarden_asked_level_(void)
{
    static const char *const words[] = {"off", "basic", "detailed", "profiling"};
    const char *word = getenv("PERFWARDEN_PROBE");
    uint32_t i;

    for (i = 0; word != NULL && i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcmp(word, words[i]) == 0) {
            return PERFWARDEN_LEVEL_OFF_ + i;
        }
    }
    return PERFWARDEN_LEVEL_BASIC_;
}

/* $PERFWARDEN_METRICS as an absolute path; -1 when there is none, or none to trust. */
PERFWARDEN_COLD_ int perfwarden_set_path_(struct perfwarden_core_ *core, const char *path)
{
    size_t used = 0;

    if (path[0] != '/') {
        if (getcwd(core->path, sizeof(core->path)) == NULL) {
            return -1;
        }
        used = strlen(core->path);
        core->path[used++] = '/'; /* over the NUL */
    }
    if (strlen(path) >= sizeof(core->path) - used) {
        return -1;
    }
    memcpy(core->path + used, path, strlen(path) + 1U);
    return 0;
}

PERFWARDEN_COLD_ struct perfwarden_core_ *perfwarden_new_core_(void)
{
    const char *path = getenv("PERFWARDEN_METRICS");
    struct perfwarden_core_ *core;

    if (path == NULL || path[0] == '\0' || perfwarden_asked_level_() == PERFWARDEN_LEVEL_OFF_ ||
        getuid() != geteuid() || getgid() != getegid()) {
        return NULL;
    }
    core = (struct perfwarden_core_ *)perfwarden_pages_(sizeof(*core));
    if (core == NULL) {
        return NULL;
    }
    core->fd = -1;
    core->pid = getpid();
    core->start_ns = PERFWARDEN_CLOCK_NS();
    if (perfwarden_set_path_(core, path) != 0 || perfwarden_open_(core) != 0 ||
        perfwarden_enter_others_(core) != 0) {
        return NULL; /* what it has of pages stays; this happens once */
    }
    return core;
}

/* Decides what is recorded, once per process; returns the mode. */
PERFWARDEN_COLD_ uint32_t perfwarden_start_(void)
{
    static const uint32_t deciding = 1U << 31U;
    uint32_t mode = 0;
    int error = errno;

    if (__atomic_compare_exchange_n(&perfwarden_mode_1_, &mode, deciding, 0, __ATOMIC_ACQUIRE,
                                    __ATOMIC_ACQUIRE)) {
        struct perfwarden_core_ *core = perfwarden_new_core_();

        mode = core == NULL ? (uint32_t)PERFWARDEN_LEVEL_OFF_ : perfwarden_asked_level_();
        PERFWARDEN_PUBLISH_(&perfwarden_core_1_, core);
        if (core != NULL) {
            (void)pthread_atfork(NULL, NULL, perfwarden_begin_child_);
            perfwarden_catch_(core);
        }
        PERFWARDEN_PUBLISH_(&perfwarden_mode_1_, mode);
    }
    while ((mode = PERFWARDEN_SEEN_(&perfwarden_mode_1_)) == deciding) {
        (void)sched_yield();
    }
    errno = error;
    return mode;
}

/* The mode, decided if it was not. */
PERFWARDEN_HELPER_ uint32_t perfwarden_mode_(void)
{
    uint32_t mode = PERFWARDEN_SEEN_(&perfwarden_mode_1_);

    return PERFWARDEN_LIKELY_((mode & PERFWARDEN_LEVEL_MASK_) != 0U) ? mode : perfwarden_start_();
}

/* Before main, so that what comes first is seen and the program's own handlers replace ours. */
static __attribute__((constructor, used)) void perfwarden_load_(void)
{
    (void)perfwarden_mode_();
}

/* After exit's handlers and C++ destructors, once for each translation unit; each writes what is
 * new. */
static __attribute__((destructor, used)) void perfwarden_unload_(void)
{
    if (perfwarden_get_core_() != NULL) {
        perfwarden_flush_now_();
        perfwarden_release_(perfwarden_get_core_());
    }
}

#endif

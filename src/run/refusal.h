/* Why a run was refused before its program started: what could not be had, and what to do. */
#ifndef PERFWARDEN_RUN_REFUSAL_H
#define PERFWARDEN_RUN_REFUSAL_H

#include "perfwarden/run.h"

/** What travels from the child through the launcher to perfwarden. */
enum pw_run_refusal {
    PW_RUN_REFUSED_NOTHING,
    PW_RUN_REFUSED_MEMORY_LIMIT,
    PW_RUN_REFUSED_CPU_LIMIT,
    PW_RUN_REFUSED_GROUP, /**< the control group could not be entered */
    PW_RUN_REFUSED_CPUS,
    PW_RUN_REFUSED_NETWORK,
    PW_RUN_REFUSED_INPUT,
    PW_RUN_REFUSAL_COUNT
};

/** A refusal in words, both static. */
struct pw_run_refusal_text {
    const char *what;
    const char *remedy;
};

/** @return both NULL for PW_RUN_REFUSED_NOTHING and for what is no refusal */
struct pw_run_refusal_text pw_run_refusal_describe(enum pw_run_refusal refusal);

#endif

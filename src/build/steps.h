/* The build steps of one revision. */
#ifndef PERFWARDEN_BUILD_STEPS_H
#define PERFWARDEN_BUILD_STEPS_H

#include "perfwarden/build.h"

/** What is built, and how messages name it. All borrowed. */
struct pw_build_job {
    struct pw_executor *executor;
    const struct pw_build_options *options;
    const struct pw_strings *steps;
    const char *side;  /**< as the steps' environment says it */
    const char *label; /**< as messages say it */
    const char *commit;
    const char *directory; /**< where the steps run */
    const char *place;     /**< of that directory in the tree; "" for its top */
    const char *log;       /**< where their output goes */
    const char *kept_log;  /**< where the caller will keep it should a step fail; for the message */
};

/**
 * Run the steps, one after the other, until one fails.
 *
 * @return 0; PW_EBUILD, naming everything; PW_EINTERRUPTED; PW_EIO; PW_ENOMEM
 */
int pw_build_run_steps(const struct pw_build_job *job, struct pw_error *err) PW_MUST_CHECK;

#endif

/* --show-output: what the benchmarks print, passed on to stderr line by line, harmlessly. */
#ifndef PERFWARDEN_CLI_SHOW_OUTPUT_H
#define PERFWARDEN_CLI_SHOW_OUTPUT_H

#include "cli.h"

/** A line that has not ended yet. */
struct pw_shown_line {
    struct pw_strbuf text; /**< its beginning, raw */
    uint64_t cut_bytes;    /**< of it that are not shown */
};

struct pw_show_output {
    FILE *stream;
    struct pw_shown_line lines[2]; /**< of standard output and standard error */
    char token[PW_RUN_ID_SIZE];    /**< ends the fence */
    bool is_fenced;                /**< GitHub is told to look for no commands */
};

/**
 * Start. Where GitHub Actions reads the log, workflow commands are switched off until
 * pw_show_output_finish(): a benchmark cannot know the word that switches them on again.
 */
int pw_show_output_init(struct pw_show_output *show, FILE *stream,
                        struct pw_error *err) PW_MUST_CHECK;

/** The output_seen of struct pw_run_options, whose output_context is a struct pw_show_output. */
void pw_show_output_seen(void *context, const struct pw_benchmark *benchmark, int fd,
                         const char *data, size_t length);

/** Also after pw_show_output_init() has failed. */
void pw_show_output_finish(struct pw_show_output *show);

#endif

/* One pass over the lines of a text format: what every such parser begins and ends with. Internal
 * to the adapter module. */
#ifndef PERFWARDEN_ADAPTER_PASS_H
#define PERFWARDEN_ADAPTER_PASS_H

#include "formats.h"

/** The state that the functions of a format share. */
struct pw_adapter_pass {
    const char *format;
    unsigned line; /**< number of the line at hand; 0 at the end */
    bool is_ended; /**< the line at hand has a line end: it cannot have been cut */
    struct pw_adapter_samples samples;
    struct pw_adapter_output output; /**< failures; values follow at the end */
    bool has_taken; /**< set by take() when the line at hand was a whole measurement */
    struct pw_error *err;
    void *state; /**< the format's own */
};

/** What makes one format different from another. */
struct pw_adapter_line_format {
    const char *name;
    /** Read one line, which may be changed. @return 0; PW_EFORMAT; PW_ENOMEM */
    int (*take)(struct pw_adapter_pass *pass, char *line);
    /** Look whether what was begun has ended; NULL where nothing is begun. @return as take() */
    int (*end)(struct pw_adapter_pass *pass);
    /** The format has no end mark: text behind the last line end is a line that was cut, unless it
     * is a whole measurement. */
    bool is_open_ended;
};

/** Parse an output: take() each of its lines, then end(), then the medians of the samples.
 * @return as a parse function does */
int pw_adapter_pass_over(const struct pw_adapter_line_format *format, void *state, const char *text,
                         size_t length, struct pw_adapter_output *out,
                         struct pw_error *err) PW_MUST_CHECK;

/** Add one measurement. @return 0; PW_ENOMEM */
int pw_adapter_pass_add(struct pw_adapter_pass *pass, const char *benchmark, const char *metric,
                        const char *unit, enum pw_better better, double value) PW_MUST_CHECK;

/** Add one measurement in the base unit of the unit it was written in. @return 0; PW_ENOMEM */
int pw_adapter_pass_add_in(struct pw_adapter_pass *pass, const char *benchmark, const char *metric,
                           const struct pw_adapter_unit *unit, double value) PW_MUST_CHECK;

/** Refuse the line at hand. @param what "expected …" @return PW_EFORMAT */
int pw_adapter_pass_fail(struct pw_adapter_pass *pass, const char *what);

/** Report a failure of a benchmark. @return 0; PW_ENOMEM */
int pw_adapter_pass_add_failure(struct pw_adapter_pass *pass, const char *benchmark,
                                const char *message) PW_MUST_CHECK;

/**
 * Keep a text beyond its line. For what each line brings anew (the name of the benchmark at hand).
 *
 * @return 0; PW_ENOMEM
 */
int pw_adapter_keep(struct pw_adapter_pass *pass, struct pw_strbuf *kept,
                    const char *text) PW_MUST_CHECK;

/**
 * Parse a line, or lines put together, as JSON.
 *
 * @param line     where it begins, for messages
 * @param[out] out freed by pw_json_free()
 * @return 0; PW_EFORMAT; PW_ENOMEM
 */
int pw_adapter_parse_json_part(struct pw_adapter_pass *pass, const char *text, size_t length,
                               unsigned line, struct pw_json **out) PW_MUST_CHECK;

/** Cut blanks off the end of a text, and @return where those at its beginning end. */
char *pw_adapter_trim(char *text);

/** A to Z in small letters, in no locale. */
char pw_adapter_lower(char c);

/** Whether a text begins so; if it does, move behind it. */
bool pw_adapter_skip_word(const char **at, const char *word);

/**
 * Read a number and its unit: "344 ns", "15.041ms".
 *
 * @param[in,out] at  moved behind the unit on success
 * @param[out] unit   known
 * @return whether both are there
 */
bool pw_adapter_read_quantity(const char **at, double *value, const struct pw_adapter_unit **unit);

/**
 * Read a time of day's form: "0:01.23", "1:00:05", with hours before minutes where there are three.
 *
 * @param[in,out] at  moved behind it on success
 * @return whether there is one
 */
bool pw_adapter_read_clock(const char **at, double *seconds);

#endif

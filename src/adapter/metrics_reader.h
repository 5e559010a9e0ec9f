/* Reading a metrics file: what its files share. Internal to the adapter module. */
#ifndef PERFWARDEN_ADAPTER_METRICS_READER_H
#define PERFWARDEN_ADAPTER_METRICS_READER_H

#include "metrics_line.h"
#include "perfwarden/adapter/metrics.h"
#include "perfwarden/util/strbuf.h"

/** Buckets of a histogram, and how many make a page. */
enum { PW_METRICS_BUCKETS = 3776, PW_METRICS_PAGE = 64 };

/** What an entry is made of. */
enum pw_metrics_kind {
    PW_METRICS_VALUE,
    PW_METRICS_OPERATION,
    PW_METRICS_COUNTER,
    PW_METRICS_GAUGE,
    PW_METRICS_BYTES,
    PW_METRICS_CACHE,
    PW_METRICS_ERROR,
    PW_METRICS_MEMORY
};

struct pw_metrics_operation {
    uint64_t calls;
    uint64_t failures;
    double sum_ns;
    double sum_squares_ns2;
    uint64_t min_ns;
    uint64_t max_ns;
    uint64_t elapsed_ns;
    bool has_memory;
    double memory_bytes;
    uint64_t *pages[PW_METRICS_BUCKETS / PW_METRICS_PAGE]; /**< NULL for an empty one */
};

/** All that lines of one kind and name come to. */
struct pw_metrics_entry {
    enum pw_metrics_kind kind;
    const char *name;
    const char *extra;  /**< the variant of a value, the message of an error; "" for none */
    const char *worker; /**< "" for none */
    uint64_t hash;
    struct pw_metrics_entry *next_worker; /**< of a value without worker: those of the same with */
    bool is_listed;                       /**< is one of those */
    const char *unit;                     /**< of a value or gauge, as it was written */
    const struct pw_adapter_unit *known;  /**< what that is; NULL where it is its own base */
    const char *base;                     /**< likewise, in base units */
    enum pw_better better;
    double *samples;
    size_t sample_count;
    size_t sample_capacity;
    double (*points)[2];
    size_t point_count;
    size_t point_capacity;
    struct pw_metrics_operation *operation;
    double sums[2];   /**< a counter; bytes; hits and misses; occurrences of an error */
    double latest[2]; /**< a gauge; the greatest heap and resident size of a mark; elapsed ns */
    bool has[2];      /**< which of `latest` there are */
};

struct pw_metrics_reader {
    struct pw_metrics out;
    struct pw_arena work; /**< what is not handed out */
    struct pw_metrics_entry **entries;
    size_t count;
    size_t capacity;
    size_t *slots; /**< of a hash table: the number of an entry from 1, 0 for free */
    size_t call_capacity;
    size_t value_capacity;
    size_t worker_capacity;
    size_t steps_capacity;
    size_t error_capacity;
    struct pw_metrics_object line;
    struct pw_metrics_cursor
        cursor; /**< of the line; its scratch memory is used for what is in it */
    struct pw_strbuf variant;
    const char *problem; /**< with the line; of the work arena or static */
    bool is_out_of_memory;
};

/** @return false, so that it can be returned */
bool pw_metrics_refuse(struct pw_metrics_reader *reader, const char *format, ...) PW_PRINTF(2, 3);
bool pw_metrics_fail_memory(struct pw_metrics_reader *reader);

/** Count a bad line and keep what is said of it. @param line 0 for none @return false when out of
 * memory */
bool pw_metrics_count_bad(struct pw_metrics_reader *reader, uint64_t line);

/**
 * The entry of a kind and name, made if there is none.
 *
 * @return NULL when there are too many, or out of memory, either of which is remembered
 */
struct pw_metrics_entry *pw_metrics_entry(struct pw_metrics_reader *reader,
                                          enum pw_metrics_kind kind, struct pw_metrics_text name,
                                          struct pw_metrics_text extra,
                                          struct pw_metrics_text worker);

/* Members of the line; false after a refusal. */

/** A text without control characters. @param is_required and not empty then */
bool pw_metrics_take_text(struct pw_metrics_reader *reader, const char *name, bool is_required,
                          struct pw_metrics_text *out);
bool pw_metrics_take_number(struct pw_metrics_reader *reader, const char *name, double *out);
/** An integer from 0. */
bool pw_metrics_take_count(struct pw_metrics_reader *reader, const char *name, uint64_t *out);

/** The members of an object within the line: all of them texts. @return false after a refusal */
bool pw_metrics_take_texts(struct pw_metrics_reader *reader, const char *name,
                           struct pw_metrics_object *out);

/** Keep a value in base units of an entry that has its unit. @return false when it cannot be one */
bool pw_metrics_add_sample(struct pw_metrics_reader *reader, struct pw_metrics_entry *entry,
                           double value);
bool pw_metrics_add_point(struct pw_metrics_reader *reader, struct pw_metrics_entry *entry,
                          double step, double value);
/** A value in the entry's base unit. @return false when that is not finite */
bool pw_metrics_to_base(struct pw_metrics_reader *reader, const struct pw_metrics_entry *entry,
                        double *value);

/** Give an entry its unit, or see that it is the same. @param better NULL for what the unit says */
bool pw_metrics_set_unit(struct pw_metrics_reader *reader, struct pw_metrics_entry *entry,
                         struct pw_metrics_text unit, const enum pw_better *better);

/** A line with "metric". */
bool pw_metrics_read_value(struct pw_metrics_reader *reader);
/** A line with "record". */
bool pw_metrics_read_record(struct pw_metrics_reader *reader);
/** The record "op". */
bool pw_metrics_read_operation(struct pw_metrics_reader *reader);
/** The record "call". */
bool pw_metrics_read_call(struct pw_metrics_reader *reader);

/** Make metrics of all entries. @return 0; PW_ENOMEM */
int pw_metrics_summarise(struct pw_metrics_reader *reader, struct pw_error *err) PW_MUST_CHECK;
/** Those of the values that programs name themselves. @return false when out of memory */
bool pw_metrics_summarise_values(struct pw_metrics_reader *reader);
/** Those of errors. @return false when out of memory */
bool pw_metrics_summarise_errors(struct pw_metrics_reader *reader);
/** Add a metric to the output; texts are copied. */
bool pw_metrics_emit(struct pw_metrics_reader *reader, const char *variant, const char *metric,
                     const char *unit, enum pw_better better, double value);

#endif

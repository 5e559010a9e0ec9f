/*
 * The schema of perfwarden.yml: one table. Decoding, defaults, messages, the documentation and the
 * JSON Schema all read it, so that none of them can disagree.
 */
#ifndef PERFWARDEN_CONFIG_SCHEMA_H
#define PERFWARDEN_CONFIG_SCHEMA_H

#include "perfwarden/config.h"

/** The mappings that have fixed keys. A key may belong to several of them. */
enum pw_section {
    PW_SECTION_ROOT = 1,
    PW_SECTION_DEFAULTS = 2,
    PW_SECTION_BENCHMARK = 4,
    PW_SECTION_RUNS = 8,
    PW_SECTION_THRESHOLD = 16,
    PW_SECTION_GATE = 32,
    PW_SECTION_BASELINE = 64,
    PW_SECTION_REPORT = 128,
    PW_SECTION_KEEP = 256,
    PW_SECTION_ANCHOR = 512,
    PW_SECTION_ACCEPTED_FILE = 1024, /**< the top of the file of accepted changes */
    PW_SECTION_ACCEPTED = 2048,      /**< one of its entries */
    PW_SECTION_VALUE = 4096
};

/** How the value of a key is read. Values are typed by this, never guessed from their form. */
enum pw_value_type {
    PW_TYPE_NAME,       /**< text without control characters, not empty */
    PW_TYPE_REF,        /**< full name of a git ref */
    PW_TYPE_PATH,       /**< relative to the file's directory; made absolute */
    PW_TYPE_DIRECTORY,  /**< as a path, but may contain parameters: kept as written */
    PW_TYPE_PLACES,     /**< a list of relative paths, which may contain parameters */
    PW_TYPE_INTEGER,    /**< unsigned */
    PW_TYPE_INTEGERS,   /**< one integer or a list of them */
    PW_TYPE_DURATION,   /**< nanoseconds */
    PW_TYPE_BYTES,      /**< or the word "none" for 0 */
    PW_TYPE_NUMBER,     /**< a plain number, or the word "none" for 0 */
    PW_TYPE_CPUS,       /**< numbers and ranges of processors, or the word "all" */
    PW_TYPE_RATIO,      /**< "1%" or "0.01" */
    PW_TYPE_SHARE,      /**< as a ratio, or the word "none" for 0 */
    PW_TYPE_BOUND,      /**< a sign, a number and a unit */
    PW_TYPE_DATE,       /**< a day: "2027-01-31" */
    PW_TYPE_TRUE,       /**< the word "true" */
    PW_TYPE_CHOICE,     /**< one of `words` */
    PW_TYPE_CHOICES,    /**< a list of `words`, or-ed */
    PW_TYPE_TEXTS,      /**< a list of texts */
    PW_TYPE_NAMES,      /**< one name or a list of them */
    PW_TYPE_COMMAND,    /**< a list of words, or a command line for the shell */
    PW_TYPE_RUNS,       /**< an integer, or the section `child` */
    PW_TYPE_METRICS,    /**< a list of built-in metrics */
    PW_TYPE_THRESHOLDS, /**< metric → a scalar, or the section `child` */
    PW_TYPE_QUANTITY,   /**< a threshold's part, read once its metric is known */
    PW_TYPE_ENV,        /**< name → text */
    PW_TYPE_PARAMS,     /**< name → one value or a list of them */
    PW_TYPE_GROUP,      /**< the section `child` */
    PW_TYPE_ANCHOR,     /**< the section `child`, of which one key says which commit */
    PW_TYPE_GROUPS,     /**< a list of the section `child` */
    PW_TYPE_ACCEPTED,   /**< a list of the section `child`, which may be empty */
    PW_TYPE_VALUES,     /**< a list of the section `child`, for the format beside it */
    PW_TYPE_COUNT       /**< how many there are; no type */
};

/** A word and what it stands for. */
struct pw_word {
    const char *name;
    unsigned value;
};

struct pw_words {
    const struct pw_word *items;
    size_t count;
};

/** One key. Members that do not apply are NULL or 0. */
struct pw_schema_key {
    unsigned sections;       /**< set of enum pw_section */
    enum pw_value_type type; /**< how the value is read */
    const char *name;
    size_t offset;                /**< of its value in the struct of its sections */
    const char *min;              /**< as a user would write it */
    const char *max;              /**< as a user would write it */
    const struct pw_words *words; /**< the words of a choice */
    const char *initial;          /**< the default, as YAML */
    const char *without;          /**< what holds when there is neither value nor default */
    const char *summary;          /**< a sentence or more for the documentation */
    const char *example;          /**< a value, as YAML */
    enum pw_section child;        /**< the section of the keys below */
    bool is_required;
    bool is_open_range; /**< min and max themselves are outside */
};

/** A section for the documentation. */
struct pw_schema_section {
    enum pw_section id;
    const char *title;   /**< as headings show it: "defaults" */
    const char *prefix;  /**< before its keys' names in full paths: "defaults." */
    const char *summary; /**< a sentence or more */
};

const struct pw_schema_key *pw_schema_keys(size_t *count);
/** The sections of perfwarden.yml. */
const struct pw_schema_section *pw_schema_sections(size_t *count);
/** The sections of the file of accepted changes. */
const struct pw_schema_section *pw_schema_accepted_sections(size_t *count);
/** True for a section of the file of accepted changes. */
bool pw_schema_is_accepted(enum pw_section section);

/** @return NULL when the section has no such key */
const struct pw_schema_key *pw_schema_find(enum pw_section section, const char *name);

/**
 * The value of a range's end or of any default that is a number with or without a unit.
 * The table's texts are ours: a malformed one asserts.
 */
double pw_schema_number(const char *text);

/** What a key's value must be, as in "expects <an integer from 1 to 100000>". */
void pw_schema_expects(struct pw_strbuf *out, const struct pw_schema_key *key);

/** @return false when no word has this name; *out unchanged */
bool pw_schema_word(const struct pw_words *words, const char *name, unsigned *out);

#endif

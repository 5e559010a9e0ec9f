/*
 * From YAML nodes to the document, driven by the schema table: one decoder per value type.
 *
 * A decoder writes its slot only when the value is right; otherwise it reports why and leaves what
 * was there. So overlaying a benchmark's settings on a copy of the defaults merges them key by key.
 */
#ifndef PERFWARDEN_CONFIG_DECODE_H
#define PERFWARDEN_CONFIG_DECODE_H

#include "document.h"
#include "schema.h"

/** Longest name of a benchmark, format, parameter, variable or metric, in bytes. */
#define PW_DECODE_MAX_NAME 16384
/** Most environment variables, and most thresholds, of one benchmark. */
#define PW_DECODE_MAX_MERGED 256
/** Most parameters of one benchmark. */
#define PW_DECODE_MAX_PARAMS 32

struct pw_decoder {
    struct pw_reading *reading;
    struct pw_document *document; /**< of perfwarden.yml; NULL in another file */
    const char *directory;        /**< absolute: where relative paths start */
    enum pw_level level;          /**< of the settings being decoded */
};

/**
 * Decode a node into a slot.
 *
 * @param path  full path of the key, in the arena
 * @param slot  of the C type that key->type says
 */
typedef void pw_decode_fn(struct pw_decoder *decoder, const struct pw_schema_key *key,
                          const struct pw_yaml_node *node, const char *path, void *slot);

/* One per type; decode.c has the table. */
pw_decode_fn pw_decode_name;
pw_decode_fn pw_decode_ref;
pw_decode_fn pw_decode_path;
pw_decode_fn pw_decode_located;
pw_decode_fn pw_decode_places;
pw_decode_fn pw_decode_integer;
pw_decode_fn pw_decode_integers;
pw_decode_fn pw_decode_quantity;
pw_decode_fn pw_decode_number;
pw_decode_fn pw_decode_cpus;
pw_decode_fn pw_decode_ratio;
pw_decode_fn pw_decode_bound;
pw_decode_fn pw_decode_date;
pw_decode_fn pw_decode_true;
pw_decode_fn pw_decode_accepted;
pw_decode_fn pw_decode_values;
pw_decode_fn pw_decode_choice;
pw_decode_fn pw_decode_choices;
pw_decode_fn pw_decode_texts;
pw_decode_fn pw_decode_names;
pw_decode_fn pw_decode_command;
pw_decode_fn pw_decode_metrics;
pw_decode_fn pw_decode_thresholds;
pw_decode_fn pw_decode_env;
pw_decode_fn pw_decode_params;
pw_decode_fn pw_decode_anchor;

/**
 * Take over the anchor that was decoded, once the benchmarks are known: each of its thresholds must
 * be of a metric that one of them gates.
 *
 * @param config  has its benchmarks; its gate's anchor is written
 */
void pw_anchor_finish(struct pw_reading *reading, const struct pw_declared_anchor *declared,
                      struct pw_config *config);

/** Report keys about the output that do not go with the declaration's format. */
void pw_format_check(struct pw_decoder *decoder, const struct pw_yaml_node *node,
                     const struct pw_declaration *declaration);

/** Fill the document with the table's defaults; comes before pw_decode_document(). */
void pw_decode_built_in(struct pw_decoder *decoder);

/** Read a whole document. Mistakes are in the decoder's reading. */
void pw_decode_document(struct pw_decoder *decoder, const struct pw_yaml_node *root);

/** Decode the members of a mapping; unknown, repeated and missing keys are mistakes. */
void pw_decode_section(struct pw_decoder *decoder, enum pw_section section,
                       const struct pw_yaml_node *node, const char *path, void *base);

/** Report a file of a newer version: it may have any keys, only the version is worth a message. */
bool pw_decode_is_newer(struct pw_decoder *decoder, const struct pw_yaml_node *root);

/** Report a mistake at a node. */
#define PW_DECODE_MISTAKE(decoder, node, ...)                                                      \
    pw_reading_mistake((decoder)->reading, (node)->line, (node)->column, __VA_ARGS__)

/** Report "'path' expects X, not Y" for the key's type. Always false. */
bool pw_decode_refuse(struct pw_decoder *decoder, const struct pw_schema_key *key,
                      const struct pw_yaml_node *node, const char *path);
/** Report "'path' expects <expected>, not Y". Always false. */
bool pw_decode_refuse_as(struct pw_decoder *decoder, const struct pw_yaml_node *node,
                         const char *path, const char *expected);

/** True for a key with nothing behind it. */
bool pw_decode_has_no_value(const struct pw_yaml_node *node);

/** The text of a scalar; NULL after reporting that it is none or has no value. */
const char *pw_decode_text(struct pw_decoder *decoder, const struct pw_yaml_node *node,
                           const char *path);

/** As pw_decode_text() for a key's value. */
const char *pw_decode_scalar(struct pw_decoder *decoder, const struct pw_schema_key *key,
                             const struct pw_yaml_node *node, const char *path);

/** True for a mapping with at least one member; its repeated keys are reported. */
bool pw_decode_is_map(struct pw_decoder *decoder, const struct pw_schema_key *key,
                      const struct pw_yaml_node *node, const char *path);

/** True for a list with at least one element. */
bool pw_decode_is_list(struct pw_decoder *decoder, const struct pw_schema_key *key,
                       const struct pw_yaml_node *node, const char *path);

/** "path.name", or "name" at the root; never NULL. */
const char *pw_decode_member_path(struct pw_decoder *decoder, const char *path, const char *name);
/** "path[2]"; never NULL. */
const char *pw_decode_element_path(struct pw_decoder *decoder, const char *path, size_t index);

/** Report when a text has control characters or is empty or over PW_DECODE_MAX_NAME bytes. */
bool pw_decode_is_name(struct pw_decoder *decoder, const char *text, unsigned line, unsigned column,
                       const char *path);

/** [A-Za-z_][A-Za-z0-9_]* */
bool pw_decode_is_identifier(const char *text);

/** Report a metric that is not built in, with the nearest one that is. */
void pw_decode_unknown_metric(struct pw_decoder *decoder, const char *name, unsigned line,
                              unsigned column, const char *path, const char *remedy);

/**
 * Check what can only be seen once everything is decoded: thresholds of metrics that are not built
 * in, which need a benchmark with a format.
 */
void pw_thresholds_check(struct pw_decoder *decoder,
                         const struct pw_declared_thresholds *thresholds, enum pw_level level);

#endif

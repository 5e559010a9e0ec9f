/*
 * YAML as a tree of nodes that know their place: the part of YAML that a configuration needs.
 *
 * Owns the only use of libyaml. Refuses what can surprise or explode: aliases, anchors, tags, merge
 * keys, several documents, keys that are no scalars, deep or endless input.
 */
#ifndef PERFWARDEN_CONFIG_YAML_READER_H
#define PERFWARDEN_CONFIG_YAML_READER_H

#include "reading.h"

#define PW_YAML_MAX_BYTES  ((size_t)1 << 20)
#define PW_YAML_MAX_DEPTH  64
#define PW_YAML_MAX_EVENTS 100000

enum pw_yaml_kind {
    PW_YAML_SCALAR,
    PW_YAML_LIST,
    PW_YAML_MAP,
    PW_YAML_BROKEN /**< a refused part, already reported: decoders skip it silently */
};

/** A node, in the arena of its reading; `key` is NULL unless it is a member of a mapping. */
struct pw_yaml_node {
    enum pw_yaml_kind kind;
    bool is_quoted;   /**< a scalar in quotes or a block scalar: may be empty on purpose */
    const char *text; /**< of a scalar */
    unsigned line;
    unsigned column;
    const char *key;
    unsigned key_line;
    unsigned key_column;
    size_t count; /**< elements or members */
    struct pw_yaml_node *first;
    struct pw_yaml_node *last;
    struct pw_yaml_node *next;
};

/**
 * Read one document.
 *
 * @return the root; NULL after a mistake that ended the reading or when memory ran out
 */
const struct pw_yaml_node *pw_yaml_read(struct pw_reading *reading, const char *text,
                                        size_t length) PW_MUST_CHECK;

/** The first member with this key; NULL when there is none. */
const struct pw_yaml_node *pw_yaml_member(const struct pw_yaml_node *map, const char *key);

/** Called with two nodes that have the same key or text, the earlier first. */
typedef void pw_yaml_repetition_fn(struct pw_reading *reading, const char *path,
                                   const struct pw_yaml_node *first,
                                   const struct pw_yaml_node *repeated);

/**
 * Find the nodes under a mapping that repeat an earlier key, or under a list that repeat an earlier
 * scalar. Takes n log n time: a hostile file has tens of thousands of them.
 *
 * @param path  handed on to `found`
 * @return false when memory ran out
 */
bool pw_yaml_each_repetition(struct pw_reading *reading, const struct pw_yaml_node *parent,
                             const char *path, pw_yaml_repetition_fn *found) PW_MUST_CHECK;

#endif

/* Looking things up in a tree of YAML nodes. */
#include <stdlib.h>
#include <string.h>

#include "yaml_reader.h"

const struct pw_yaml_node *pw_yaml_member(const struct pw_yaml_node *map, const char *key)
{
    for (const struct pw_yaml_node *member = map->first; member != NULL; member = member->next) {
        if (strcmp(member->key, key) == 0) {
            return member;
        }
    }
    return NULL;
}

/* A member's key or a list element's text; NULL for an element that is no scalar. */
static const char *label(const struct pw_yaml_node *node)
{
    return node->key != NULL ? node->key : node->kind == PW_YAML_SCALAR ? node->text : NULL;
}

/* By label, then by place, so that of two equal ones the earlier stands first. */
static int by_label(const void *left, const void *right)
{
    const struct pw_yaml_node *a = *(const struct pw_yaml_node *const *)left;
    const struct pw_yaml_node *b = *(const struct pw_yaml_node *const *)right;
    const int order = strcmp(label(a), label(b));
    if (order != 0) {
        return order;
    }
    if (a->line != b->line) {
        return a->line < b->line ? -1 : 1;
    }
    return (a->column > b->column) - (a->column < b->column);
}

bool pw_yaml_each_repetition(struct pw_reading *reading, const struct pw_yaml_node *parent,
                             const char *path, pw_yaml_repetition_fn *found)
{
    if (parent->count < 2) {
        return true;
    }
    const struct pw_yaml_node **nodes =
        pw_arena_array(reading->arena, parent->count, sizeof(const struct pw_yaml_node *));
    if (nodes == NULL) {
        return pw_reading_no_memory(reading);
    }
    size_t count = 0;
    for (const struct pw_yaml_node *node = parent->first; node != NULL; node = node->next) {
        if (label(node) != NULL) {
            nodes[count++] = node;
        }
    }
    qsort(nodes, count, sizeof(const struct pw_yaml_node *), by_label);
    const struct pw_yaml_node *first = NULL;
    for (size_t i = 0; i < count; i++) {
        if (first != NULL && strcmp(label(first), label(nodes[i])) == 0) {
            found(reading, path, first, nodes[i]);
        } else {
            first = nodes[i];
        }
    }
    return true;
}

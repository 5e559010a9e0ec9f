/* Decoder of sets of processors: "0-1,3", one number, or a list of either. */
#include <string.h>

#include "decode.h"

/** Numbers of processors are below this. */
enum { CPUS_MAX = 1024 };

/** Which processors are named. */
struct cpu_set {
    bool has[CPUS_MAX];
    size_t count;
};

/* A number of at most four digits; moves the text on. */
static bool read_number(const char **text, unsigned *out)
{
    unsigned value = 0;
    const char *at = *text;
    while (*at >= '0' && *at <= '9' && at - *text < 5) {
        value = value * 10 + (unsigned)(*at++ - '0');
    }
    if (at == *text || value >= CPUS_MAX) {
        return false;
    }
    *text = at;
    *out = value;
    return true;
}

static void add_range(struct cpu_set *set, unsigned first, unsigned last)
{
    for (unsigned i = first; i <= last; i++) {
        set->count += set->has[i] ? 0 : 1;
        set->has[i] = true;
    }
}

/* "0-1,3", as the kernel writes it. */
static bool add_text(struct cpu_set *set, const char *text)
{
    for (;;) {
        unsigned first = 0;
        unsigned last = 0;
        if (!read_number(&text, &first)) {
            return false;
        }
        last = first;
        if (*text == '-') {
            text++;
            if (!read_number(&text, &last) || last < first) {
                return false;
            }
        }
        add_range(set, first, last);
        if (*text != ',') {
            return *text == '\0';
        }
        text++;
        while (*text == ' ') {
            text++;
        }
    }
}

static bool add_node(struct pw_decoder *decoder, const struct pw_schema_key *key,
                     const struct pw_yaml_node *node, const char *path, struct cpu_set *set)
{
    const char *text = pw_decode_scalar(decoder, key, node, path);
    if (text != NULL && !add_text(set, text)) {
        pw_decode_refuse(decoder, key, node, path);
        return false;
    }
    return text != NULL;
}

static bool add_list(struct pw_decoder *decoder, const struct pw_schema_key *key,
                     const struct pw_yaml_node *node, const char *path, struct cpu_set *set)
{
    bool is_right = pw_decode_is_list(decoder, key, node, path);
    size_t index = 0;
    for (const struct pw_yaml_node *item = node->first; is_right && item != NULL;
         item = item->next) {
        is_right =
            add_node(decoder, key, item, pw_decode_element_path(decoder, path, index++), set);
    }
    return is_right;
}

void pw_decode_cpus(struct pw_decoder *decoder, const struct pw_schema_key *key,
                    const struct pw_yaml_node *node, const char *path, void *slot)
{
    struct cpu_set set = {.count = 0};
    if (node->kind == PW_YAML_SCALAR && strcmp(node->text, "all") == 0) {
        *(struct pw_cpus *)slot = (struct pw_cpus){NULL, 0};
        return;
    }
    if (node->kind == PW_YAML_LIST ? !add_list(decoder, key, node, path, &set)
                                   : !add_node(decoder, key, node, path, &set)) {
        return;
    }
    unsigned *items = pw_arena_array(decoder->reading->arena, set.count, sizeof(*items));
    if (items == NULL) {
        pw_reading_no_memory(decoder->reading);
        return;
    }
    size_t count = 0;
    for (unsigned i = 0; i < CPUS_MAX; i++) {
        if (set.has[i]) {
            items[count++] = i;
        }
    }
    *(struct pw_cpus *)slot = (struct pw_cpus){items, count};
}

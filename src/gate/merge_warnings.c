/*
 * Warnings of many shards: each text once. What all shards say is of the suite; what some say is of
 * these. In the order in which they were first given.
 */
#include <stdlib.h>
#include <string.h>

#include "comparison.h"
#include "merge.h"
#include "policy.h"

/** How many shards a warning names. */
#define NAMED 4

/** A warning as a shard gave it. */
struct given {
    const char *text;
    size_t order;
    unsigned shard;
};

static bool is_remark(const struct pw_comparison *part, const char *text)
{
    for (size_t i = part->remark_start; i < part->remark_start + part->remark_count; i++) {
        if (strcmp(part->warnings[i], text) == 0) {
            return true;
        }
    }
    return false;
}

/* Which warnings were remarks is not written down, but they can be made again from the rows. */
static int drop_remarks(struct pw_comparison *part, struct pw_error *err)
{
    const size_t count = part->warning_count;
    size_t kept = 0;
    const int status = pw_gate_finish(part, err);

    if (status != 0) {
        return status;
    }
    for (size_t i = 0; i < count; i++) {
        if (!is_remark(part, part->warnings[i])) {
            part->warnings[kept++] = part->warnings[i];
        }
    }
    part->warning_count = kept;
    part->remark_start = kept;
    part->remark_count = 0;
    return 0;
}

static int compare_texts(const void *left, const void *right)
{
    const struct given *a = left;
    const struct given *b = right;
    const int order = strcmp(a->text, b->text);

    return order != 0 ? order : (a->order > b->order) - (a->order < b->order);
}

static int compare_orders(const void *left, const void *right)
{
    const struct given *const *a = left;
    const struct given *const *b = right;

    return ((*a)->order > (*b)->order) - ((*a)->order < (*b)->order);
}

/* How many in a row have the text of the first. */
static size_t group_size(const struct given *first, const struct given *end)
{
    size_t size = 1;

    while (first + size < end && strcmp(first[size].text, first->text) == 0) {
        size++;
    }
    return size;
}

/* Entries of a group come by shard, so that equal ones lie side by side. */
static size_t count_shards(const struct given *group, size_t size)
{
    size_t count = 1;

    for (size_t i = 1; i < size; i++) {
        count += group[i].shard != group[i - 1].shard;
    }
    return count;
}

/* "shard 2: …", "shards 1, 3: …", or the text alone when all gave it. */
static int add_group(const struct given *group, size_t size, size_t parts,
                     struct pw_comparison *out, struct pw_error *err)
{
    const size_t shards = count_shards(group, size);
    struct pw_strbuf text = PW_STRBUF_INIT;
    size_t named = 0;
    int status;

    if (shards == parts) {
        return pw_comparison_warn(out, group->text, err);
    }
    pw_strbuf_puts(&text, shards == 1 ? "shard " : "shards ");
    for (size_t i = 0; i < size && named < NAMED; i++) {
        if (i == 0 || group[i].shard != group[i - 1].shard) {
            pw_strbuf_printf(&text, "%s%u", named == 0 ? "" : ", ", group[i].shard);
            named++;
        }
    }
    pw_strbuf_printf(&text, "%s: %s", shards > named ? ", \xE2\x80\xA6" : "", group->text);
    status = pw_strbuf_check(&text, err);
    if (status == 0) {
        status = pw_comparison_warn(out, pw_strbuf_text(&text), err);
    }
    pw_strbuf_release(&text);
    return status;
}

static int add_all(struct given *given, size_t count, size_t parts, struct pw_comparison *out,
                   struct pw_error *err)
{
    const struct given **groups = calloc(count + 1, sizeof(struct given *));
    size_t group_count = 0;
    int status = 0;

    if (groups == NULL) {
        return pw_error_set_no_memory(err);
    }
    qsort(given, count, sizeof *given, compare_texts);
    for (size_t i = 0; i < count; i += group_size(&given[i], given + count)) {
        groups[group_count++] = &given[i];
    }
    qsort(groups, group_count, sizeof(struct given *), compare_orders);
    for (size_t i = 0; i < group_count && status == 0; i++) {
        status = add_group(groups[i], group_size(groups[i], given + count), parts, out, err);
    }
    free(groups);
    return status;
}

int pw_merge_warnings(const struct pw_gate_part *parts, size_t count, struct pw_comparison *out,
                      struct pw_error *err)
{
    struct given *given;
    size_t total = 0;
    size_t found = 0;
    int status = 0;

    for (size_t i = 0; i < count && status == 0; i++) {
        status = drop_remarks(parts[i].comparison, err);
        total += parts[i].comparison->warning_count;
    }
    if (status != 0) {
        return status;
    }
    given = calloc(total + 1, sizeof *given);
    if (given == NULL) {
        return pw_error_set_no_memory(err);
    }
    for (size_t i = 0; i < count; i++) {
        const struct pw_comparison *part = parts[i].comparison;
        for (size_t k = 0; k < part->warning_count; k++) {
            given[found] = (struct given){part->warnings[k], found, part->shard->index};
            found++;
        }
    }
    status = add_all(given, found, count, out, err);
    free(given);
    return status;
}

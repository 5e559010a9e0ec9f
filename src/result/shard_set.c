/*
 * Whether some files are all the shards of one suite. A shard that is missing is told apart from a
 * file that does not belong: the first is a part of the suite that nobody measured.
 */
#include "perfwarden/result/shard.h"

#include <stdlib.h>
#include <string.h>

#include "perfwarden/util/strbuf.h"

/** How many benchmarks of missing shards a message names. */
#define NAMED 5

static bool is_equal(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* What tells two cuts apart, the most telling first. */
static const char *difference(const struct pw_shard *a, const struct pw_shard *b)
{
    if (a->count != b->count) {
        return "they are of different numbers of shards";
    }
    if (!is_equal(a->config_hash, b->config_hash)) {
        return "their configurations measure different things";
    }
    if (!is_equal(a->base, b->base)) {
        return "they were compared with different bases; pass the same --base to all";
    }
    if (a->size != b->size) {
        return "they select different benchmarks; pass the same --filter to all";
    }
    for (size_t i = 0; i < a->size; i++) {
        if (strcmp(a->suite[i], b->suite[i]) != 0) {
            return "they select different benchmarks; pass the same --filter to all";
        }
    }
    for (size_t i = 0; i < a->size; i++) {
        if (a->cut[i] != b->cut[i]) {
            return "they cut the suite differently, for they knew different baselines or had "
                   "other options; fetch the same baselines for all and run them again";
        }
    }
    return NULL;
}

static int check_alike(const struct pw_shard_part *parts, size_t count, struct pw_error *err)
{
    for (size_t i = 0; i < count; i++) {
        const char *fault;
        if (parts[i].shard == NULL) {
            return pw_error_set(err, PW_EUSAGE,
                                "'%s' is not of a shard: it was made without --shard K/N",
                                parts[i].name);
        }
        fault = difference(parts[0].shard, parts[i].shard);
        if (fault != NULL) {
            return pw_error_set(err, PW_EUSAGE, "'%s' and '%s' are not shards of one suite: %s",
                                parts[0].name, parts[i].name, fault);
        }
    }
    return 0;
}

/* Every benchmark of a shard that is not there, as far as a message can name them. */
static void put_lost(const struct pw_shard *shard, const size_t *owner, struct pw_strbuf *out)
{
    size_t lost = 0;

    for (size_t i = 0; i < shard->size; i++) {
        if (owner[shard->cut[i]] != 0) {
            continue;
        }
        if (lost < NAMED) {
            pw_strbuf_printf(out, "%s'%s'", lost == 0 ? "" : ", ", shard->suite[i]);
        }
        lost++;
    }
    if (lost > NAMED) {
        pw_strbuf_printf(out, " and %zu more", lost - NAMED);
    } else if (lost == 0) {
        pw_strbuf_puts(out, "nothing");
    }
}

static int fail_missing(const struct pw_shard *shard, const size_t *owner, size_t missing,
                        struct pw_error *err)
{
    struct pw_strbuf text = PW_STRBUF_INIT;
    size_t named = 0;
    int status;

    pw_strbuf_puts(&text, missing == 1 ? "shard " : "shards ");
    for (unsigned k = 1; k <= shard->count; k++) {
        if (owner[k] == 0 && named < NAMED) {
            pw_strbuf_printf(&text, "%s%u", named == 0 ? "" : ", ", k);
            named++;
        }
    }
    if (missing > named) {
        pw_strbuf_printf(&text, " and %zu more", missing - named);
    }
    pw_strbuf_printf(&text, " of %u %s missing, which would have run ", shard->count,
                     missing == 1 ? "is" : "are");
    put_lost(shard, owner, &text);
    pw_strbuf_puts(&text, "; run what is missing again, and pass all files");
    status = pw_strbuf_check(&text, err);
    if (status == 0) {
        status = pw_error_set(err, PW_ENOTFOUND, "%s", pw_strbuf_text(&text));
    }
    pw_strbuf_release(&text);
    return status;
}

/* @param owner  room for a number per shard, from 1: its part from 1, 0 for none */
static int check_complete(const struct pw_shard_part *parts, size_t count, size_t *owner,
                          struct pw_error *err)
{
    const struct pw_shard *first = parts[0].shard;

    for (size_t i = 0; i < count; i++) {
        const unsigned index = parts[i].shard->index;
        if (owner[index] != 0) {
            const char *other = parts[owner[index] - 1].name;
            const bool is_same_file = strcmp(other, parts[i].name) == 0;
            return is_same_file
                       ? pw_error_set(err, PW_EUSAGE, "'%s' was given twice", other)
                       : pw_error_set(err, PW_EUSAGE,
                                      "'%s' and '%s' are both shard %u of %u; pass one of them",
                                      other, parts[i].name, index, first->count);
        }
        owner[index] = i + 1;
    }
    return count < first->count ? fail_missing(first, owner, first->count - count, err) : 0;
}

int pw_shard_check_set(const struct pw_shard_part *parts, size_t count, struct pw_error *err)
{
    int status = check_alike(parts, count, err);
    size_t *owner;

    if (status != 0 || count == 0) {
        return status;
    }
    owner = calloc((size_t)parts[0].shard->count + 1, sizeof *owner);
    if (owner == NULL) {
        return pw_error_set_no_memory(err);
    }
    status = check_complete(parts, count, owner, err);
    free(owner);
    return status;
}

/* The sorted array holds places, and a comparison function sees two of them only: so the ids are
 * sorted beside them. */
struct named_place {
    const char *id;
    size_t place;
};

static int compare_places(const void *left, const void *right)
{
    const struct named_place *a = left;
    const struct named_place *b = right;
    const int order = strcmp(a->id, b->id);

    return order != 0 ? order : (a->place > b->place) - (a->place < b->place);
}

int pw_shard_index_init(struct pw_shard_index *index, const struct pw_shard *shard,
                        struct pw_error *err)
{
    struct named_place *named = calloc(shard->size + 1, sizeof *named);
    size_t *places = calloc(shard->size + 1, sizeof *places);

    if (named == NULL || places == NULL) {
        free(named);
        free(places);
        return pw_error_set_no_memory(err);
    }
    for (size_t i = 0; i < shard->size; i++) {
        named[i] = (struct named_place){shard->suite[i], i};
    }
    qsort(named, shard->size, sizeof *named, compare_places);
    for (size_t i = 0; i < shard->size; i++) {
        places[i] = named[i].place;
    }
    free(named);
    *index = (struct pw_shard_index){shard, places};
    return 0;
}

void pw_shard_index_release(struct pw_shard_index *index)
{
    free(index->places);
    *index = (struct pw_shard_index){NULL, NULL};
}

size_t pw_shard_index_find(const struct pw_shard_index *index, const char *id)
{
    size_t low = 0;
    size_t high = index->shard->size;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = strcmp(index->shard->suite[index->places[middle]], id);
        if (order == 0) {
            return index->places[middle];
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return index->shard->size;
}

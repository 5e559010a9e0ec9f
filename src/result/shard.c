/*
 * The record of a shard as JSON. Refuses a record that contradicts itself, so that joining need not
 * look again.
 */
#include "perfwarden/result/shard.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "perfwarden/util/text.h"

size_t pw_shard_own(const struct pw_shard *shard)
{
    size_t count = 0;

    for (size_t i = 0; i < shard->size; i++) {
        count += shard->cut[i] == shard->index;
    }
    return count;
}

static uint64_t hash_number(uint64_t hash, size_t number)
{
    char digits[24];

    (void)snprintf(digits, sizeof digits, "%zu", number);
    return pw_hash_string(hash, digits);
}

static uint64_t hash_text(uint64_t hash, const char *text)
{
    return text == NULL ? hash_number(hash, 0) : pw_hash_string(hash_number(hash, 1), text);
}

void pw_shard_digest(const struct pw_shard *shard, char out[PW_SHARD_DIGEST_SIZE])
{
    uint64_t hash = hash_number(PW_HASH_INIT, shard->count);

    hash = hash_text(hash, shard->config_hash);
    hash = hash_text(hash, shard->base);
    for (size_t i = 0; i < shard->size; i++) {
        hash = hash_number(pw_hash_string(hash, shard->suite[i]), shard->cut[i]);
    }
    (void)snprintf(out, PW_SHARD_DIGEST_SIZE, "%016llx", (unsigned long long)hash);
}

void pw_shard_write(const struct pw_shard *shard, struct pw_json_writer *writer)
{
    char digest[PW_SHARD_DIGEST_SIZE];

    if (shard == NULL) {
        return;
    }
    pw_shard_digest(shard, digest);
    pw_json_begin_object(writer, "shard");
    pw_json_put_uint64(writer, "index", shard->index);
    pw_json_put_uint64(writer, "count", shard->count);
    pw_json_put_string(writer, "digest", digest);
    pw_json_put_string(writer, "config_hash", shard->config_hash);
    pw_json_put_string(writer, "base", shard->base);
    pw_json_begin_array(writer, "suite");
    for (size_t i = 0; i < shard->size; i++) {
        pw_json_put_string(writer, NULL, shard->suite[i]);
    }
    pw_json_end(writer);
    pw_json_begin_compact_array(writer, "cut");
    for (size_t i = 0; i < shard->size; i++) {
        pw_json_put_uint64(writer, NULL, shard->cut[i]);
    }
    pw_json_end(writer);
    pw_json_end(writer);
}

/** What reading carries along. */
struct reader {
    const struct pw_json *object;
    const char *name;
    struct pw_arena *arena;
    struct pw_shard *shard;
    struct pw_error *err;
};

static int refuse(const struct reader *reader, const char *key, const char *expected)
{
    return pw_error_set_at(reader->err, PW_EFORMAT, reader->name, 0, 0, "'shard.%s' is not %s", key,
                           expected);
}

static bool to_number(const struct pw_json *value, unsigned lowest, unsigned highest, unsigned *out)
{
    double number = 0.0;

    if (value == NULL || !pw_json_number(value, &number) || number != floor(number) ||
        number < lowest || number > highest) {
        return false;
    }
    *out = (unsigned)number;
    return true;
}

static int read_text(const struct reader *reader, const char *key, const char **out)
{
    const struct pw_json *value = pw_json_get(reader->object, key);

    if (value == NULL || pw_json_type(value) == PW_JSON_NULL) {
        return 0;
    }
    if (pw_json_string(value) == NULL) {
        return refuse(reader, key, "a text");
    }
    *out = pw_arena_strdup(reader->arena, pw_json_string(value));
    return *out == NULL ? pw_error_set_no_memory(reader->err) : 0;
}

static int read_suite(const struct reader *reader)
{
    struct pw_shard *shard = reader->shard;
    const struct pw_json *suite = pw_json_get(reader->object, "suite");
    const struct pw_json *cut = pw_json_get(reader->object, "cut");
    const size_t size = suite == NULL ? 0 : pw_json_size(suite);
    const struct pw_json *place;

    if (suite == NULL || cut == NULL || pw_json_type(suite) != PW_JSON_ARRAY ||
        pw_json_type(cut) != PW_JSON_ARRAY || pw_json_size(cut) != size) {
        return refuse(reader, "suite", "a list of texts, with a list 'cut' as long");
    }
    shard->suite = pw_arena_array(reader->arena, size + 1, sizeof(char *));
    shard->cut = pw_arena_array(reader->arena, size + 1, sizeof *shard->cut);
    if (shard->suite == NULL || shard->cut == NULL) {
        return pw_error_set_no_memory(reader->err);
    }
    place = pw_json_first(cut);
    for (const struct pw_json *item = pw_json_first(suite); item != NULL;
         item = pw_json_next(item), place = pw_json_next(place)) {
        if (pw_json_string(item) == NULL) {
            return refuse(reader, "suite", "a list of texts");
        }
        if (!to_number(place, 1, shard->count, &shard->cut[shard->size])) {
            return refuse(reader, "cut", "a list of shards");
        }
        shard->suite[shard->size] = pw_arena_strdup(reader->arena, pw_json_string(item));
        if (shard->suite[shard->size] == NULL) {
            return pw_error_set_no_memory(reader->err);
        }
        shard->size++;
    }
    return 0;
}

static int read_record(const struct reader *reader)
{
    struct pw_shard *shard = reader->shard;
    const char *digest = NULL;
    char computed[PW_SHARD_DIGEST_SIZE];
    int status;

    if (!to_number(pw_json_get(reader->object, "count"), 2, PW_SHARDS_MAX, &shard->count)) {
        return refuse(reader, "count", "a number of shards");
    }
    if (!to_number(pw_json_get(reader->object, "index"), 1, shard->count, &shard->index)) {
        return refuse(reader, "index", "a number from 1 to 'count'");
    }
    status = read_text(reader, "config_hash", &shard->config_hash);
    if (status == 0) {
        status = read_text(reader, "base", &shard->base);
    }
    if (status == 0) {
        status = read_text(reader, "digest", &digest);
    }
    if (status == 0) {
        status = read_suite(reader);
    }
    if (status == 0) {
        pw_shard_digest(shard, computed);
        if (digest == NULL || strcmp(digest, computed) != 0) {
            status =
                refuse(reader, "digest", "that of the suite and its cut: the file was changed");
        }
    }
    return status;
}

int pw_shard_read(const struct pw_json *document, const char *name, struct pw_arena *arena,
                  const struct pw_shard **out, struct pw_error *err)
{
    struct reader reader = {
        .object = pw_json_get(document, "shard"), .name = name, .arena = arena, .err = err};
    int status;

    if (reader.object == NULL || pw_json_type(reader.object) == PW_JSON_NULL) {
        *out = NULL;
        return 0;
    }
    if (pw_json_type(reader.object) != PW_JSON_OBJECT) {
        return pw_error_set_at(err, PW_EFORMAT, name, 0, 0, "'shard' is not an object");
    }
    reader.shard = pw_arena_alloc(arena, sizeof *reader.shard);
    if (reader.shard == NULL) {
        return pw_error_set_no_memory(err);
    }
    status = read_record(&reader);
    if (status == 0) {
        *out = reader.shard;
    }
    return status;
}

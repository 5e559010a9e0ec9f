/*
 * Adding results by the dozen, all or none: names checked, what is there already passed over, what
 * would contradict it refused before anything is written.
 */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

#include "path.h"

/* An addition and where it goes. */
struct planned {
    const struct pw_store_addition *addition;
    const char *path;
    size_t order; /**< among the additions: the first of two alike counts, and all before a part */
};

/* One call under way. */
struct batch {
    struct pw_store *store;
    struct pw_store_listing listing; /**< what is stored; its arena has the paths, too */
    struct pw_store_entry *by_run;   /**< the same entries, sorted by run id */
    struct planned *planned;         /**< sorted by run id, whole ones first, then by order */
    size_t count;
    struct pw_git_change *files;
    size_t file_count;
    struct pw_store_added added;
    struct pw_error *err;
};

static int compare_run_ids(const void *a, const void *b)
{
    const struct pw_store_entry *first = a;
    const struct pw_store_entry *second = b;

    return strcmp(first->run_id, second->run_id);
}

static int compare_planned(const void *a, const void *b)
{
    const struct planned *first = a;
    const struct planned *second = b;
    int order = strcmp(first->addition->run_id, second->addition->run_id);

    order = order != 0 ? order : first->addition->is_partial - second->addition->is_partial;
    return order != 0 ? order : (first->order > second->order) - (first->order < second->order);
}

static int fail_at(const struct batch *batch, const struct pw_store_addition *addition,
                   const char *problem, const char *where)
{
    return pw_error_set_at(batch->err, PW_EEXISTS, addition->file, addition->line, 0,
                           "run id '%s' %s '%s'; a result is never overwritten, so nothing was "
                           "stored",
                           addition->run_id, problem, where);
}

/* A malformed name in a file is the file's fault. */
static int make_path(struct batch *batch, const struct pw_store_addition *addition,
                     const char **out)
{
    struct pw_strbuf path = PW_STRBUF_INIT;
    struct pw_error failure = PW_ERROR_INIT;
    int status = pw_store_path_build(addition->commit, addition->environment_id, addition->run_id,
                                     &path, &failure);

    if (status == PW_OK) {
        status = pw_strbuf_check(&path, &failure);
    }
    if (status == PW_OK) {
        *out = pw_arena_strdup(&batch->listing.arena, pw_strbuf_text(&path));
        status = *out == NULL ? pw_error_set_no_memory(&failure) : PW_OK;
    }
    if (status == PW_EINVAL && addition->file != NULL) {
        status = pw_error_set_at(batch->err, PW_EFORMAT, addition->file, addition->line, 0, "%s",
                                 pw_error_message(&failure));
    } else if (status != PW_OK) {
        pw_error_move(batch->err, &failure);
    }
    pw_error_release(&failure);
    pw_strbuf_release(&path);
    return status;
}

static int plan(struct batch *batch, const struct pw_store_addition *additions)
{
    struct pw_arena *arena = &batch->listing.arena;

    batch->planned = pw_arena_array(arena, batch->count, sizeof(*batch->planned));
    batch->files = pw_arena_array(arena, batch->count, sizeof(*batch->files));
    batch->by_run = pw_arena_array(arena, batch->listing.count + 1, sizeof(*batch->by_run));
    if (batch->planned == NULL || batch->files == NULL || batch->by_run == NULL) {
        return pw_error_set_no_memory(batch->err);
    }
    for (size_t i = 0; i < batch->count; i++) {
        const char *path = NULL;
        const int status = make_path(batch, &additions[i], &path);
        if (status != PW_OK) {
            return status;
        }
        batch->planned[i] = (struct planned){&additions[i], path, i};
    }
    qsort(batch->planned, batch->count, sizeof(*batch->planned), compare_planned);
    if (batch->listing.count > 0) {
        memcpy(batch->by_run, batch->listing.entries,
               batch->listing.count * sizeof(*batch->by_run));
        qsort(batch->by_run, batch->listing.count, sizeof(*batch->by_run), compare_run_ids);
    }
    return PW_OK;
}

/* What a result's text holds, in the form that both sides have: all of it, or what CSV holds. */
static void put_comparable(const struct pw_result *result, bool is_partial, struct pw_strbuf *out)
{
    if (is_partial) {
        pw_portable_put_result(PW_PORTABLE_CSV, result, out);
    } else {
        pw_result_write(result, out);
    }
}

/* @param is_partial  what CSV holds is compared, not everything */
static int compare_results(const struct pw_result *a, const struct pw_result *b, bool is_partial,
                           bool *is_same, struct pw_error *err)
{
    struct pw_strbuf texts[2] = {PW_STRBUF_INIT, PW_STRBUF_INIT};

    put_comparable(a, is_partial, &texts[0]);
    put_comparable(b, is_partial, &texts[1]);
    int status = pw_strbuf_check(&texts[0], err);
    if (status == PW_OK) {
        status = pw_strbuf_check(&texts[1], err);
    }
    if (status == PW_OK) {
        *is_same =
            texts[0].length == texts[1].length &&
            memcmp(pw_strbuf_text(&texts[0]), pw_strbuf_text(&texts[1]), texts[0].length) == 0;
    }
    pw_strbuf_release(&texts[0]);
    pw_strbuf_release(&texts[1]);
    return status;
}

static int read_addition(const struct pw_store_addition *addition, struct pw_result *out,
                         struct pw_error *err)
{
    return pw_result_read(addition->text, addition->length, "the result to add", out, err);
}

/* Formatting may differ between versions: what is read is compared, not the bytes. */
static int compare_stored(struct batch *batch, const struct pw_store_entry *entry,
                          const struct pw_store_addition *addition, bool *is_same)
{
    struct pw_result stored = {0};
    struct pw_result added = {0};
    int status = pw_store_read(batch->store, entry, &stored, batch->err);

    if (status == PW_OK) {
        status = read_addition(addition, &added, batch->err);
    }
    if (status == PW_OK) {
        status = compare_results(&stored, &added, addition->is_partial, is_same, batch->err);
    }
    pw_result_release(&added);
    pw_result_release(&stored);
    return status;
}

/* @param[out] is_there  stored already, with the same content */
static int look_up(struct batch *batch, const struct planned *planned, bool *is_there)
{
    const struct pw_store_entry key = {.run_id = planned->addition->run_id};
    const struct pw_store_entry *found =
        batch->listing.count == 0
            ? NULL
            : bsearch(&key, batch->by_run, batch->listing.count, sizeof(key), compare_run_ids);
    bool is_same = false;

    *is_there = false;
    if (found == NULL) {
        return PW_OK;
    }
    if (strcmp(found->path, planned->path) != 0) {
        return fail_at(batch, planned->addition, "is stored already under another name,",
                       found->path);
    }
    const int status = compare_stored(batch, found, planned->addition, &is_same);
    if (status == PW_OK && !is_same) {
        return fail_at(batch, planned->addition, "is stored already with other content, in",
                       pw_store_location(batch->store));
    }
    *is_there = status == PW_OK;
    return status;
}

/* Two of one run id; of the second there may be only a part. */
static int compare_twins(struct batch *batch, const struct planned *first,
                         const struct planned *second, bool *is_alike)
{
    const struct pw_store_addition *whole = first->addition;
    const struct pw_store_addition *other = second->addition;
    struct pw_result first_result = {0};
    struct pw_result second_result = {0};
    int status = PW_OK;

    if (strcmp(first->path, second->path) != 0 || whole->is_partial == other->is_partial) {
        *is_alike = strcmp(first->path, second->path) == 0 && whole->length == other->length &&
                    memcmp(whole->text, other->text, whole->length) == 0;
        return PW_OK;
    }
    status = read_addition(whole, &first_result, batch->err);
    if (status == PW_OK) {
        status = read_addition(other, &second_result, batch->err);
    }
    if (status == PW_OK) {
        status = compare_results(&first_result, &second_result, true, is_alike, batch->err);
    }
    pw_result_release(&first_result);
    pw_result_release(&second_result);
    return status;
}

static int take(struct batch *batch, size_t index)
{
    const struct planned *planned = &batch->planned[index];
    const struct planned *last = index == 0 ? NULL : planned - 1;
    bool is_there = false;
    int status = pw_store_check_interrupt(batch->store, batch->err);

    if (status != PW_OK) {
        return status;
    }
    if (last != NULL && strcmp(last->addition->run_id, planned->addition->run_id) == 0) {
        bool is_alike = false;
        status = compare_twins(batch, last, planned, &is_alike);
        if (status != PW_OK) {
            return status;
        }
        if (!is_alike) {
            return fail_at(batch, planned->addition, "comes twice with different content, first in",
                           last->addition->file == NULL ? "the same call" : last->addition->file);
        }
        batch->added.present++;
        return PW_OK;
    }
    status = look_up(batch, planned, &is_there);
    if (status != PW_OK || is_there) {
        batch->added.present += status == PW_OK;
        return status;
    }
    batch->files[batch->file_count++] = (struct pw_git_change){
        .path = planned->path,
        .data = planned->addition->text,
        .length = planned->addition->length,
    };
    return PW_OK;
}

int pw_store_add_many(struct pw_store *store, const struct pw_store_addition *additions,
                      size_t count, struct pw_store_added *out, struct pw_error *err)
{
    struct batch batch = {.store = store, .count = count, .err = err};
    int status = pw_store_list(store, &batch.listing, err);

    if (status == PW_OK && count > 0) {
        status = plan(&batch, additions);
    }
    for (size_t i = 0; i < count && status == PW_OK; i++) {
        status = take(&batch, i);
    }
    if (status == PW_OK && batch.file_count > 0) {
        status = store->home->add_many(store, batch.files, batch.file_count, err);
        batch.added.stored = batch.file_count;
    }
    if (status == PW_OK) {
        *out = batch.added;
    }
    pw_store_listing_release(&batch.listing);
    return status;
}

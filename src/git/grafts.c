/*
 * Reading shallow, info/grafts and refs/replace.
 *
 *      shallow        <40>\n …                         a commit whose parents are not here
 *      info/grafts    <40>[ <40>]…\n, # comment        a commit and its other parents
 *      refs/replace/<40>                               a commit and what is read in its place
 *
 * GIT_NO_REPLACE_OBJECTS and GIT_GRAFT_FILE are not looked at: the git program that checks out is
 * not told of them either.
 */
#include "grafts.h"

#include <stdlib.h>
#include <string.h>

#include "perfwarden/util/file.h"

/** A clone cut at a million places is none. */
#define MAX_FILE_BYTES ((size_t)64 << 20)
/** As git's MAXREPLACEDEPTH. */
enum { MAX_REPLACEMENTS = 5 };
enum { ID_DIGITS = PW_OID_SIZE - 1 };

/** Reading under way: items are neither sorted nor joined yet. */
struct reading {
    struct pw_git *git;
    struct pw_git_grafts *grafts;
    size_t capacity;
    int status; /**< a callback of libgit2 can stop but not fail: why it stopped */
    struct pw_error *err;
};

static struct pw_git_graft *add(struct reading *reading, const git_oid *commit)
{
    struct pw_git_grafts *grafts = reading->grafts;
    struct pw_git_graft *grown = pw_arena_grow(&grafts->arena, grafts->items, grafts->count,
                                               &reading->capacity, sizeof(*grown));

    if (grown == NULL) {
        (void)pw_error_set_no_memory(reading->err);
        return NULL;
    }
    grafts->items = grown;
    grown += grafts->count++;
    *grown = (struct pw_git_graft){.commit = *commit};
    return grown;
}

/* A line's ids, one space between them. @return how many; 0 when it is malformed */
static size_t read_ids(const char *line, size_t length, git_oid *out, size_t most)
{
    size_t count = 0;

    for (size_t at = 0; at < length; at += ID_DIGITS + 1) {
        const bool is_separated = at + ID_DIGITS == length || line[at + ID_DIGITS] == ' ';
        if (length - at < ID_DIGITS || !is_separated || count == most ||
            git_oid_fromstrn(&out[count++], line + at, ID_DIGITS) != 0) {
            return 0;
        }
    }
    return count;
}

static int take_line(struct reading *reading, const char *line, size_t length, bool is_boundary)
{
    const size_t most = length / (ID_DIGITS + 1) + 1;
    git_oid *ids = pw_arena_array(&reading->grafts->arena, most, sizeof(*ids));

    if (ids == NULL) {
        return pw_error_set_no_memory(reading->err);
    }
    const size_t count = read_ids(line, length, ids, most);
    if (count == 0 || (is_boundary && count > 1)) {
        return pw_error_set(reading->err, PW_EFORMAT, "malformed line");
    }
    struct pw_git_graft *graft = add(reading, &ids[0]);
    if (graft == NULL) {
        return PW_ENOMEM;
    }
    graft->is_boundary = is_boundary;
    graft->has_parents = !is_boundary;
    graft->parents = ids + 1;
    graft->parent_count = count - 1;
    reading->grafts->is_altered = reading->grafts->is_altered || !is_boundary;
    return PW_OK;
}

static int take_lines(struct reading *reading, const struct pw_strbuf *text, bool is_boundary)
{
    int status = PW_OK;

    for (size_t at = 0; at < text->length && status == PW_OK;) {
        const char *line = text->data + at;
        const char *end = memchr(line, '\n', text->length - at);
        size_t length = end != NULL ? (size_t)(end - line) : text->length - at;
        at += length + 1;
        while (length > 0 && (line[length - 1] == ' ' || line[length - 1] == '\r')) {
            length--;
        }
        if (length > 0 && line[0] != '#') {
            status = take_line(reading, line, length, is_boundary);
        }
    }
    return status;
}

/* git may take the file away at any moment: a file that is not there is an empty one. */
static int read_if_there(const char *path, size_t most, struct pw_strbuf *out, struct pw_error *err)
{
    struct pw_error reason = PW_ERROR_INIT;
    int status = pw_file_read(path, most, out, &reason);

    if (status == PW_ENOTFOUND) {
        status = PW_OK;
    } else if (status != PW_OK) {
        pw_error_move(err, &reason);
    }
    pw_error_release(&reason);
    return status;
}

static int read_lines(struct reading *reading, const char *name, bool is_boundary)
{
    struct pw_strbuf path = PW_STRBUF_INIT;
    struct pw_strbuf text = PW_STRBUF_INIT;
    struct pw_error *err = reading->err;

    pw_path_join(&path, reading->git->common, name);
    int status = pw_strbuf_check(&path, err);
    if (status == PW_OK) {
        status = read_if_there(pw_strbuf_text(&path), MAX_FILE_BYTES, &text, err);
    }
    if (status == PW_OK) {
        status = take_lines(reading, &text, is_boundary);
    }
    if (status == PW_EFORMAT) {
        status =
            pw_error_set(err, PW_EGIT, "'%s' is damaged; run 'git fsck' to see what git says of it",
                         pw_strbuf_text(&path));
    }
    pw_strbuf_release(&text);
    pw_strbuf_release(&path);
    return status;
}

/* Called for each name under refs/replace; what is no commit id is passed over, as by git. */
static int take_replacement(const char *name, void *context)
{
    struct reading *reading = context;
    const char *digits = strrchr(name, '/');
    git_oid commit;
    git_oid replacement;

    if (digits == NULL || strlen(digits + 1) != ID_DIGITS ||
        git_oid_fromstr(&commit, digits + 1) != 0 ||
        git_reference_name_to_id(&replacement, reading->git->repository, name) != 0) {
        return 0;
    }
    struct pw_git_graft *graft = add(reading, &commit);
    if (graft == NULL) {
        reading->status = PW_ENOMEM;
        return -1;
    }
    graft->is_replaced = true;
    graft->replacement = replacement;
    reading->grafts->is_altered = true;
    return 0;
}

static bool uses_replacements(struct pw_git *git)
{
    git_config *config = NULL;
    int value = 1;

    if (git_repository_config_snapshot(&config, git->repository) == 0 &&
        git_config_get_bool(&value, config, "core.useReplaceRefs") != 0) {
        value = 1;
    }
    git_config_free(config);
    return value != 0;
}

static int read_replacements(struct reading *reading)
{
    if (!reading->git->has_replacements) {
        return PW_OK;
    }
    const size_t before = reading->grafts->count;
    const bool was_altered = reading->grafts->is_altered;
    const int code = git_reference_foreach_glob(reading->git->repository, "refs/replace/*",
                                                take_replacement, reading);

    if (reading->status != PW_OK) {
        return reading->status;
    }
    if (code != 0) {
        return pw_git_fail_damage(reading->err, code, "cannot read 'refs/replace'");
    }
    if (reading->grafts->count > before && !uses_replacements(reading->git)) {
        reading->grafts->count = before;
        reading->grafts->is_altered = was_altered;
    }
    return PW_OK;
}

static int compare(const void *a, const void *b)
{
    return git_oid_cmp(&((const struct pw_git_graft *)a)->commit,
                       &((const struct pw_git_graft *)b)->commit);
}

/* One commit may be in all three. */
static void join(struct pw_git_grafts *grafts)
{
    size_t kept = 0;

    if (grafts->count == 0) {
        return;
    }
    qsort(grafts->items, grafts->count, sizeof(*grafts->items), compare);
    for (size_t i = 1; i < grafts->count; i++) {
        struct pw_git_graft *last = &grafts->items[kept];
        const struct pw_git_graft *next = &grafts->items[i];
        if (!git_oid_equal(&last->commit, &next->commit)) {
            grafts->items[++kept] = *next;
            continue;
        }
        last->is_boundary = last->is_boundary || next->is_boundary;
        if (next->has_parents) {
            last->has_parents = true;
            last->parents = next->parents;
            last->parent_count = next->parent_count;
        }
        if (next->is_replaced) {
            last->is_replaced = true;
            last->replacement = next->replacement;
        }
    }
    grafts->count = kept + 1;
}

/*
 * "# header", "<40> name", "^<40>" below an annotated tag. git refuses to work with any other line;
 * libgit2 may not come across it.
 */
static int check_packed_refs(const struct pw_strbuf *text, const char *path, struct pw_error *err)
{
    unsigned line_number = 0;

    for (size_t at = 0; at < text->length; line_number++) {
        const char *line = text->data + at;
        const char *end = memchr(line, '\n', text->length - at);
        const size_t length = end != NULL ? (size_t)(end - line) : text->length - at;
        const bool is_ref = length > ID_DIGITS + 1 && line[ID_DIGITS] == ' ';
        if (!is_ref && line[0] != '#' && line[0] != '^') {
            return pw_error_set(err, PW_EGIT,
                                "line %u of '%s' is damaged; run 'git fsck' to see what git says "
                                "of it",
                                line_number + 1, path);
        }
        at += length + 1;
    }
    return PW_OK;
}

int pw_git_find_replacements(struct pw_git *git, struct pw_error *err)
{
    struct pw_strbuf path = PW_STRBUF_INIT;
    struct pw_strbuf text = PW_STRBUF_INIT;

    pw_path_join(&path, git->common, "refs/replace");
    git->has_replacements = pw_path_exists(pw_strbuf_text(&path));
    pw_strbuf_clear(&path);
    pw_path_join(&path, git->common, "packed-refs");
    int status = pw_strbuf_check(&path, err);
    if (status == PW_OK) {
        status = read_if_there(pw_strbuf_text(&path), PW_STRBUF_DEFAULT_CAP, &text, err);
    }
    if (status == PW_OK) {
        status = check_packed_refs(&text, pw_strbuf_text(&path), err);
    }
    git->has_replacements =
        git->has_replacements || strstr(pw_strbuf_text(&text), " refs/replace/") != NULL;
    pw_strbuf_release(&text);
    pw_strbuf_release(&path);
    return status;
}

int pw_git_grafts_read(struct pw_git *git, struct pw_git_grafts *out, struct pw_error *err)
{
    struct pw_git_grafts grafts = {.count = 0};
    struct reading reading = {.git = git, .grafts = &grafts, .err = err};
    int status = read_lines(&reading, "shallow", true);

    if (status == PW_OK) {
        status = read_lines(&reading, "info/grafts", false);
    }
    if (status == PW_OK) {
        status = read_replacements(&reading);
    }
    if (status != PW_OK) {
        pw_git_grafts_release(&grafts);
        return status;
    }
    join(&grafts);
    *out = grafts;
    return PW_OK;
}

void pw_git_grafts_release(struct pw_git_grafts *grafts)
{
    pw_arena_release(&grafts->arena);
    memset(grafts, 0, sizeof(*grafts));
}

const struct pw_git_graft *pw_git_grafts_find(const struct pw_git_grafts *grafts,
                                              const git_oid *commit)
{
    const struct pw_git_graft key = {.commit = *commit};

    if (grafts == NULL || grafts->count == 0) {
        return NULL;
    }
    return bsearch(&key, grafts->items, grafts->count, sizeof(key), compare);
}

const git_oid *pw_git_grafts_resolve(const struct pw_git_grafts *grafts, const git_oid *commit)
{
    for (int i = 0; i < MAX_REPLACEMENTS; i++) {
        const struct pw_git_graft *graft = pw_git_grafts_find(grafts, commit);
        if (graft == NULL || !graft->is_replaced) {
            break;
        }
        commit = &graft->replacement;
    }
    return commit;
}

/*
 * Syncing many files at the price of one: asked for at the same time, they share a commit of the
 * file system's journal and a flush of the disk's cache.
 */
#include "written.h"

#include <aio.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "perfwarden/util/file.h"

/** Requests at a time: as many threads as glibc's aio has. */
#define BATCH 20
/** Directories below objects/, one per first byte of an id. */
#define FANS 256

void pw_written_begin(struct pw_written *written, struct pw_git *git)
{
    git->written = written;
    (void)git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 0);
}

void pw_written_end(struct pw_written *written, struct pw_git *git)
{
    (void)git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1);
    git->written = NULL;
    pw_arena_release(&written->arena);
    memset(written, 0, sizeof(*written));
}

int pw_written_add(struct pw_git *git, const git_oid *id, struct pw_error *err)
{
    struct pw_written *written = git->written;

    if (written == NULL) {
        return PW_OK;
    }
    git_oid *ids = pw_arena_grow(&written->arena, written->ids, written->count, &written->capacity,
                                 sizeof(*ids));
    if (ids == NULL) {
        return pw_error_set_no_memory(err);
    }
    written->ids = ids;
    ids[written->count++] = *id;
    return PW_OK;
}

/* One file or directory that is being synced. */
struct request {
    struct aiocb control;
    struct pw_strbuf path;
    bool is_directory;
    bool is_queued; /**< else it was synced at once */
    int errnum;
};

/* Some that are being synced together. */
struct batch {
    struct request requests[BATCH];
    size_t count;
};

/* Without a thread to be had it is done here and now. */
static void start_request(struct request *request)
{
    request->control.aio_sigevent.sigev_notify = SIGEV_NONE;
    request->is_queued = aio_fsync(O_SYNC, &request->control) == 0;
    if (!request->is_queued && fsync(request->control.aio_fildes) != 0) {
        request->errnum = errno;
    }
}

static void wait_for_request(struct request *request)
{
    const struct aiocb *const list[] = {&request->control};

    if (request->is_queued) {
        while (aio_error(&request->control) == EINPROGRESS) {
            (void)aio_suspend(list, 1, NULL);
        }
        request->errnum = aio_error(&request->control);
        (void)aio_return(&request->control);
    }
    close(request->control.aio_fildes);
    /* a file system that cannot sync a directory has no other way to keep the name either */
    if (request->is_directory && request->errnum == EINVAL) {
        request->errnum = 0;
    }
}

/* Wait for all of a batch, which is empty then. The first failure is told. */
static int finish_batch(struct batch *batch, struct pw_error *err)
{
    int status = PW_OK;

    for (size_t i = 0; i < batch->count; i++) {
        struct request *request = &batch->requests[i];
        wait_for_request(request);
        if (request->errnum != 0 && status == PW_OK) {
            status = pw_error_set_errno(err, request->errnum, "cannot sync '%s'",
                                        pw_strbuf_text(&request->path));
        }
        pw_strbuf_release(&request->path);
    }
    memset(batch, 0, sizeof(*batch));
    return status;
}

/* Takes the path over. What is not there lies in a pack. */
static int add_path(struct batch *batch, struct pw_strbuf *path, bool is_directory,
                    struct pw_error *err)
{
    struct request *request = &batch->requests[batch->count];
    int status = pw_strbuf_check(path, err);

    if (status != PW_OK) {
        pw_strbuf_release(path);
        return status;
    }
    const int fd = open(pw_strbuf_text(path), O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        if (errno != ENOENT) {
            status = pw_error_set_errno(err, errno, "cannot sync '%s'", pw_strbuf_text(path));
        }
        pw_strbuf_release(path);
        return status;
    }
    request->control.aio_fildes = fd;
    request->path = *path;
    request->is_directory = is_directory;
    batch->count++;
    start_request(request);
    return batch->count == BATCH ? finish_batch(batch, err) : PW_OK;
}

/* objects/2f/1c…, of which the first `digits` of the id are given */
static int add_object(struct batch *batch, const struct pw_git *git, const git_oid *id,
                      size_t digits, struct pw_error *err)
{
    struct pw_strbuf path = PW_STRBUF_INIT;
    char name[PW_OID_SIZE];

    git_oid_tostr(name, sizeof(name), id);
    name[digits] = '\0';
    pw_path_join(&path, git->common, "objects");
    pw_strbuf_printf(&path, "/%.2s%s%s", name, digits > 2 ? "/" : "", digits > 2 ? name + 2 : "");
    return add_path(batch, &path, digits == 2, err);
}

static int add_all(struct batch *batch, const struct pw_git *git, const struct pw_written *written,
                   struct pw_error *err)
{
    bool is_fan_added[FANS] = {false};
    struct pw_strbuf top = PW_STRBUF_INIT;
    int status = PW_OK;

    for (size_t i = 0; i < written->count && status == PW_OK; i++) {
        const git_oid *id = &written->ids[i];
        status = add_object(batch, git, id, PW_OID_SIZE - 1, err);
        if (status == PW_OK && !is_fan_added[id->id[0]]) {
            is_fan_added[id->id[0]] = true;
            status = add_object(batch, git, id, 2, err);
        }
    }
    if (status == PW_OK) {
        pw_path_join(&top, git->common, "objects");
        status = add_path(batch, &top, true, err);
    }
    return status;
}

int pw_written_sync(struct pw_git *git, struct pw_error *err)
{
    struct batch batch = {.count = 0};
    struct pw_error failure = PW_ERROR_INIT;
    int status = git->written->count == 0 ? PW_OK : add_all(&batch, git, git->written, err);
    const int finished = finish_batch(&batch, &failure);

    if (status == PW_OK && finished != PW_OK) {
        status = finished;
        if (err != NULL) {
            pw_error_move(err, &failure);
        }
    }
    pw_error_release(&failure);
    if (status == PW_OK) {
        git->written->count = 0;
    }
    return status;
}

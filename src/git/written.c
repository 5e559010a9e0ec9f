/*
 * Syncing many files at the price of one: asked for at the same time, they share a commit of the
 * file system's journal and a flush of the disk's cache.
 */
#include "written.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "perfwarden/util/file.h"

/** Requests at a time, and so threads. */
#define BATCH 16
/** Of a thread, which calls fsync. glibc keeps such small ones, and gives none back before the end.
 */
#define STACK_BYTES ((size_t)128 << 10)
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

/* One file or directory to be synced. */
struct request {
    struct pw_strbuf path;
    int fd;
    bool is_directory;
    int errnum;
};

/* Some that are synced together. */
struct batch {
    struct request requests[BATCH];
    size_t count;
    atomic_size_t next; /**< of them, which nobody has taken yet */
};

static void sync_request(struct request *request)
{
    int code;

    do {
        code = fsync(request->fd);
    } while (code != 0 && errno == EINTR);
    request->errnum = code == 0 ? 0 : errno;
    /* a file system that cannot sync a directory has no other way to keep the name either */
    if (request->is_directory && request->errnum == EINVAL) {
        request->errnum = 0;
    }
}

/* Sync what nobody has taken. Several do so at once. */
static void *sync_requests(void *data)
{
    struct batch *batch = data;
    size_t at;

    while ((at = atomic_fetch_add(&batch->next, 1)) < batch->count) {
        sync_request(&batch->requests[at]);
    }
    return NULL;
}

/* Not by POSIX aio: glibc's hangs in a process that was forked from one which has used it. Signals
 * stay with the thread that waits for them; without a thread to be had, this one does it all. */
static void sync_together(struct batch *batch)
{
    pthread_t threads[BATCH];
    pthread_attr_t small;
    size_t started = 0;
    sigset_t all;
    sigset_t before;

    if (pthread_attr_init(&small) == 0) {
        (void)pthread_attr_setstacksize(&small, STACK_BYTES);
        (void)sigfillset(&all);
        (void)pthread_sigmask(SIG_SETMASK, &all, &before);
        while (started + 1 < batch->count &&
               pthread_create(&threads[started], &small, sync_requests, batch) == 0) {
            started++;
        }
        (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
        (void)pthread_attr_destroy(&small);
    }
    (void)sync_requests(batch);
    while (started > 0) {
        (void)pthread_join(threads[--started], NULL);
    }
}

/* Sync a batch, which is empty then. The first failure is told. */
static int finish_batch(struct batch *batch, struct pw_error *err)
{
    int status = PW_OK;

    sync_together(batch);
    for (size_t i = 0; i < batch->count; i++) {
        struct request *request = &batch->requests[i];
        if (request->errnum != 0 && status == PW_OK) {
            status = pw_error_set_errno(err, request->errnum, "cannot sync '%s'",
                                        pw_strbuf_text(&request->path));
        }
        close(request->fd);
        pw_strbuf_release(&request->path);
    }
    batch->count = 0;
    atomic_store(&batch->next, 0);
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
    *request = (struct request){.path = *path, .fd = fd, .is_directory = is_directory};
    batch->count++;
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
        status = pw_git_check_interrupt(git, err);
        if (status == PW_OK) {
            status = add_object(batch, git, id, PW_OID_SIZE - 1, err);
        }
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

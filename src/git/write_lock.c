/*
 * A flock on a file of our own in the repository's common directory. The kernel releases it when
 * its holder dies, however it dies.
 */
#include "write_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "perfwarden/util/clock.h"
#include "perfwarden/util/file.h"

/* A live git command holds a ref's lock for milliseconds. */
#define STALE_AFTER_NS UINT64_C(2000000000)
#define WAIT_LEAST_NS  UINT64_C(500000)
#define WAIT_SPREAD_NS UINT64_C(4000000)

void pw_backoff_init(struct pw_backoff *backoff)
{
    const uint64_t now_ns = pw_clock_monotonic_ns();

    backoff->deadline_ns = now_ns + PW_WRITE_DEADLINE_NS;
    /* differs between processes, which is all that jitter needs */
    backoff->random = (now_ns ^ ((uint64_t)getpid() << 32)) | 1;
}

bool pw_backoff_wait(struct pw_backoff *backoff)
{
    if (pw_clock_monotonic_ns() >= backoff->deadline_ns) {
        return false;
    }
    /* xorshift64; Marsaglia, Journal of Statistical Software 8 (14), 2003 */
    backoff->random ^= backoff->random << 13;
    backoff->random ^= backoff->random >> 7;
    backoff->random ^= backoff->random << 17;
    const struct timespec pause = {
        .tv_nsec = (long)(WAIT_LEAST_NS + backoff->random % WAIT_SPREAD_NS),
    };
    (void)nanosleep(&pause, NULL);
    return true;
}

static int open_lock(const char *path, int *out, struct pw_error *err)
{
    const int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);

    if (fd < 0) {
        return pw_error_set_errno(err, errno, "cannot open the lock '%s'", path);
    }
    *out = fd;
    return PW_OK;
}

/* Some network file systems know no locks: compare-and-swap must do there. */
static bool is_unsupported(int errnum)
{
    return errnum == ENOLCK || errnum == EOPNOTSUPP || errnum == EINVAL || errnum == ENOSYS;
}

static int wait_for_lock(int *fd, const char *path, struct pw_backoff *backoff,
                         struct pw_error *err)
{
    while (flock(*fd, LOCK_EX | LOCK_NB) != 0) {
        if (is_unsupported(errno)) {
            close(*fd);
            *fd = -1;
            return PW_OK;
        }
        if (errno != EWOULDBLOCK && errno != EINTR) {
            return pw_error_set_errno(err, errno, "cannot lock '%s'", path);
        }
        if (!pw_backoff_wait(backoff)) {
            return pw_error_set(err, PW_EGIT,
                                "another perfwarden has kept '%s' locked for %d s; end it or try "
                                "again",
                                path, (int)(PW_WRITE_DEADLINE_NS / UINT64_C(1000000000)));
        }
    }
    return PW_OK;
}

int pw_write_lock_take(struct pw_write_lock *lock, struct pw_git *git, const char *ref,
                       struct pw_backoff *backoff, struct pw_error *err)
{
    const char *directory = git_repository_commondir(git->repository);
    struct pw_write_lock taken = {.fd = -1};
    struct pw_strbuf path = PW_STRBUF_INIT;

    pw_path_join(&path, directory, "perfwarden.lock");
    pw_path_join(&taken.ref_lock, directory, ref);
    pw_strbuf_puts(&taken.ref_lock, ".lock");
    int status = pw_strbuf_check(&path, err);
    if (status == PW_OK) {
        status = pw_strbuf_check(&taken.ref_lock, err);
    }
    if (status == PW_OK) {
        status = open_lock(pw_strbuf_text(&path), &taken.fd, err);
    }
    if (status == PW_OK) {
        status = wait_for_lock(&taken.fd, pw_strbuf_text(&path), backoff, err);
    }
    pw_strbuf_release(&path);
    if (status != PW_OK) {
        pw_write_lock_release(&taken);
        return status;
    }
    *lock = taken;
    return PW_OK;
}

void pw_write_lock_release(struct pw_write_lock *lock)
{
    if (lock->fd >= 0) {
        close(lock->fd);
    }
    pw_strbuf_release(&lock->ref_lock);
    memset(lock, 0, sizeof(*lock));
    lock->fd = -1;
}

static bool is_same_file(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
           a->st_ctim.tv_sec == b->st_ctim.tv_sec && a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

/*
 * Its age is how long it was watched here, on the monotonic clock: a time stamp may come from
 * another machine's clock, or from before a step of ours.
 */
void pw_write_lock_clear_stale(struct pw_write_lock *lock)
{
    const char *path = pw_strbuf_text(&lock->ref_lock);
    const uint64_t now_ns = pw_clock_monotonic_ns();
    struct stat info;

    if (lock->fd < 0 || lstat(path, &info) != 0) {
        lock->seen_ns = 0;
    } else if (lock->seen_ns == 0 || !is_same_file(&info, &lock->seen)) {
        lock->seen = info;
        lock->seen_ns = now_ns;
    } else if (now_ns - lock->seen_ns >= STALE_AFTER_NS) {
        (void)unlink(path);
        lock->seen_ns = 0;
    }
}

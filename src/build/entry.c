/*
 * Locking of entries. The kernel drops a lock with its holder, however that ends: an entry that is
 * neither complete nor locked is what a killed perfwarden left.
 *
 * The lock file goes when its entry does, so a lock counts only while the file that is locked is
 * still the one with the name.
 */
#include "entry.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "fingerprint.h"
#include "perfwarden/util/compiler.h"
#include "perfwarden/util/file.h"
#include "remove.h"

/** How often a lock that another process holds is tried. */
#define RETRY_NS 50000000L
/** An entry may vanish between two steps of ours this often in a row. */
enum { VANISHED_MAX = 100 };
/** Longest key text; longer ones were not written by us. */
enum { KEY_MAX = 4 << 20 };

int pw_build_entry_name(const struct pw_build_cache *cache, const char *name,
                        struct pw_arena *arena, struct pw_build_entry *out, struct pw_error *err)
{
    struct pw_build_entry entry = {.lock_fd = -1};
    const struct {
        const char **path;
        const char *name;
    } files[] = {{&entry.lock, "/lock"},         {&entry.key, "/key"},
                 {&entry.tree, "/tree"},         {&entry.log, "/build.log"},
                 {&entry.complete, "/complete"}, {&entry.directory, ""}};

    for (size_t i = 0; i < PW_COUNT(files); i++) {
        *files[i].path = pw_arena_printf(arena, "%s/%s%s", cache->builds, name, files[i].name);
        if (*files[i].path == NULL) {
            return pw_error_set_no_memory(err);
        }
    }
    *out = entry;
    return PW_OK;
}

bool pw_build_entry_is_complete(const struct pw_build_entry *entry, const struct pw_build_key *key)
{
    struct pw_strbuf text = PW_STRBUF_INIT;
    struct stat info;
    const bool is_complete = pw_path_exists(entry->complete) && lstat(entry->tree, &info) == 0 &&
                             S_ISDIR(info.st_mode) &&
                             pw_file_read(entry->key, KEY_MAX, &text, NULL) == PW_OK &&
                             strcmp(pw_strbuf_text(&text), key->text) == 0;

    pw_strbuf_release(&text);
    return is_complete;
}

int pw_build_entry_complete(const struct pw_build_entry *entry, struct pw_error *err)
{
    char fingerprint[PW_BUILD_FINGERPRINT_SIZE] = "";
    int status = pw_build_fingerprint(entry->tree, fingerprint, err);

    /* one without a fingerprint serves whoever built it, and the next one builds anew */
    if (status == PW_EFORMAT) {
        pw_error_release(err);
        status = PW_OK;
    }
    return status == PW_OK ? pw_file_write(entry->complete, fingerprint, strlen(fingerprint), err)
                           : status;
}

/* What cannot be told counts as changed. */
static bool is_unchanged(const struct pw_build_entry *entry)
{
    char fingerprint[PW_BUILD_FINGERPRINT_SIZE];
    struct pw_strbuf recorded = PW_STRBUF_INIT;
    const bool is_same =
        pw_file_read(entry->complete, PW_BUILD_FINGERPRINT_SIZE, &recorded, NULL) == PW_OK &&
        pw_build_fingerprint(entry->tree, fingerprint, NULL) == PW_OK &&
        strcmp(pw_strbuf_text(&recorded), fingerprint) == 0;

    pw_strbuf_release(&recorded);
    return is_same;
}

/* @param may_create  make the entry where it is missing @return 0 or an errno */
static int open_lock(struct pw_build_entry *entry, bool may_create)
{
    if (may_create && mkdir(entry->directory, S_IRWXU) != 0 && errno != EEXIST) {
        return errno;
    }
    entry->lock_fd = open(entry->lock, O_RDWR | (may_create ? O_CREAT : 0) | O_CLOEXEC | O_NOFOLLOW,
                          S_IRUSR | S_IWUSR);
    return entry->lock_fd < 0 ? errno : 0;
}

static bool is_current(const struct pw_build_entry *entry)
{
    struct stat locked;
    struct stat named;

    return fstat(entry->lock_fd, &locked) == 0 && lstat(entry->lock, &named) == 0 &&
           locked.st_dev == named.st_dev && locked.st_ino == named.st_ino;
}

static bool try_lock(const struct pw_build_entry *entry, int kind)
{
    return flock(entry->lock_fd, kind | LOCK_NB) == 0 && is_current(entry);
}

void pw_build_entry_unlock(struct pw_build_entry *entry)
{
    if (entry->lock_fd >= 0) {
        (void)close(entry->lock_fd);
    }
    entry->lock_fd = -1;
}

bool pw_build_entry_seize(struct pw_build_entry *entry)
{
    if (open_lock(entry, false) == 0 && try_lock(entry, LOCK_EX)) {
        return true;
    }
    pw_build_entry_unlock(entry);
    return false;
}

enum attempt { ATTEMPT_BUSY, ATTEMPT_READY, ATTEMPT_OURS };

/* Of an entry that is exclusively locked. */
static bool is_to_build(const struct pw_build_entry *entry, const struct pw_build_key *key,
                        enum pw_build_trust trust, const struct pw_build_wait *wait)
{
    if (trust == PW_BUILD_TRUST_NOTHING || !pw_build_entry_is_complete(entry, key)) {
        return true;
    }
    if (trust == PW_BUILD_TRUST_COMPLETE || is_unchanged(entry)) {
        return false;
    }
    if (wait->changed != NULL) {
        wait->changed(wait->context);
    }
    return true;
}

/* The lock is dropped for a moment between exclusive and shared: what was seen is looked at again.
 */
static enum attempt try_entry(struct pw_build_entry *entry, const struct pw_build_key *key,
                              enum pw_build_trust trust, const struct pw_build_wait *wait)
{
    if (try_lock(entry, LOCK_EX) && is_to_build(entry, key, trust, wait)) {
        return ATTEMPT_OURS;
    }
    if (try_lock(entry, LOCK_SH) && pw_build_entry_is_complete(entry, key)) {
        (void)futimens(entry->lock_fd, NULL);
        return ATTEMPT_READY;
    }
    return ATTEMPT_BUSY;
}

static int wait_a_little(const struct pw_build_wait *wait, bool is_first, struct pw_error *err)
{
    const struct timespec pause = {.tv_nsec = RETRY_NS};

    if (is_first && wait->waiting != NULL) {
        wait->waiting(wait->context);
    }
    if (wait->interrupted == NULL || *wait->interrupted == 0) {
        (void)nanosleep(&pause, NULL);
    }
    if (wait->interrupted != NULL && *wait->interrupted != 0) {
        return pw_error_set(err, PW_EINTERRUPTED, "interrupted while waiting for another build");
    }
    return PW_OK;
}

static int fail_lock(const struct pw_build_entry *entry, int errnum, struct pw_error *err)
{
    if (errnum == ENOMEM) {
        return pw_error_set_no_memory(err);
    }
    return pw_error_set(err, PW_EIO,
                        "cannot lock '%s': %s; set PERFWARDEN_CACHE to a directory of your own on "
                        "a local disk",
                        entry->lock, strerror(errnum));
}

/* Network file systems without locks answer so; waiting would not end. */
static bool is_refused(const struct pw_build_entry *entry, int *errnum)
{
    if (flock(entry->lock_fd, LOCK_SH | LOCK_NB) == 0) {
        return false;
    }
    *errnum = errno;
    return errno != EWOULDBLOCK && errno != EINTR;
}

int pw_build_entry_acquire(struct pw_build_entry *entry, const struct pw_build_key *key,
                           enum pw_build_trust trust, const struct pw_build_wait *wait,
                           bool *is_ours, struct pw_error *err)
{
    bool has_waited = false;
    unsigned vanished = 0;

    for (;;) {
        int errnum = open_lock(entry, true);
        if (errnum == ENOENT && ++vanished < VANISHED_MAX) {
            continue;
        }
        if (errnum != 0 || is_refused(entry, &errnum)) {
            pw_build_entry_unlock(entry);
            return fail_lock(entry, errnum, err);
        }
        const enum attempt attempt = try_entry(entry, key, trust, wait);
        if (attempt != ATTEMPT_BUSY) {
            *is_ours = attempt == ATTEMPT_OURS;
            return PW_OK;
        }
        pw_build_entry_unlock(entry);
        const int status = wait_a_little(wait, !has_waited, err);
        if (status != PW_OK) {
            return status;
        }
        has_waited = true;
    }
}

int pw_build_entry_clear(const struct pw_build_entry *entry, struct pw_git *git,
                         struct pw_error *err)
{
    const char *const files[] = {entry->complete, entry->tree, entry->log, entry->key};
    int status = PW_OK;

    /* `complete` first: half a tree must not count; `key` last: it says whose the rest is */
    for (size_t i = 0; i < PW_COUNT(files) && status == PW_OK; i++) {
        if (files[i] == entry->tree && git != NULL) {
            status = pw_git_worktree_forget(git, entry->tree, err);
        }
        if (status == PW_OK) {
            status = pw_build_remove(files[i], err);
        }
    }
    return status;
}

int pw_build_entry_drop(struct pw_build_entry *entry, struct pw_git *git, struct pw_error *err)
{
    const int status = pw_build_entry_clear(entry, git, err);

    if (status == PW_OK) {
        (void)unlink(entry->lock);
        (void)rmdir(entry->directory); /* not when somebody has made it his already */
    }
    pw_build_entry_unlock(entry);
    return status;
}

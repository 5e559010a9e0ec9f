/*
 * The work tree as a commit that no branch knows.
 *
 * git itself says what belongs to it (ignored files, filters, modes, submodules), through a copy of
 * the user's index, whose time stamp is copied too: git takes a file that is as old as the index
 * for perhaps changed, and a newer copy would hide such a change. Author, dates and message are
 * fixed, so that the same content is the same commit.
 */
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "perfwarden/util/file.h"
#include "program.h"

static const char MESSAGE[] = "The work tree as perfwarden found it\n";

static int copy_content(int from, int to)
{
    char chunk[65536];
    ssize_t got;

    while ((got = read(from, chunk, sizeof(chunk))) != 0) {
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return -1;
        }
        for (ssize_t done = 0; done < got;) {
            const ssize_t put = write(to, chunk + done, (size_t)(got - done));
            if (put < 0 && errno != EINTR) {
                return -1;
            }
            done += put > 0 ? put : 0;
        }
    }
    return 0;
}

/* @param is_absent  an index that is not there is an empty one: nothing is copied */
static int copy_index(const char *from, int to, bool *is_absent, struct pw_error *err)
{
    struct stat info;
    int status = PW_OK;
    const int fd = open(from, O_RDONLY | O_CLOEXEC);

    *is_absent = fd < 0 && errno == ENOENT;
    if (*is_absent) {
        return PW_OK;
    }
    if (fd < 0) {
        return pw_error_set_errno(err, errno, "cannot read '%s'", from);
    }
    if (fstat(fd, &info) != 0 || copy_content(fd, to) != 0) {
        status = pw_error_set_errno(err, errno, "cannot copy '%s'", from);
    } else {
        const struct timespec times[2] = {info.st_atim, info.st_mtim};
        if (futimens(to, times) != 0) {
            status = pw_error_set_errno(err, errno, "cannot copy the time of '%s'", from);
        }
    }
    (void)close(fd);
    return status;
}

/* @param[out] path  of the copy; the caller removes it, whatever is returned */
static int make_index(struct pw_git *git, struct pw_strbuf *path, struct pw_error *err)
{
    const char *gitdir = git_repository_path(git->repository);
    struct pw_strbuf original = PW_STRBUF_INIT;
    bool is_absent = false;
    int status;
    int fd = -1;

    pw_path_join(&original, gitdir, "index");
    pw_path_join(path, gitdir, "perfwarden-index-XXXXXX");
    if (pw_strbuf_failed(&original) || pw_strbuf_failed(path)) {
        status = pw_error_set_no_memory(err);
        goto out;
    }
    fd = mkstemp(path->data);
    if (fd < 0) {
        status = pw_error_set_errno(err, errno, "cannot make a file in '%s'", gitdir);
        pw_strbuf_clear(path);
        goto out;
    }
    status = copy_index(pw_strbuf_text(&original), fd, &is_absent, err);
    if (status == PW_OK && is_absent) {
        (void)unlink(path->data);
    }
out:
    if (fd >= 0) {
        (void)close(fd);
    }
    pw_strbuf_release(&original);
    return status;
}

static void remove_index(struct pw_strbuf *path)
{
    if (path->length > 0) {
        (void)unlink(path->data);
        pw_strbuf_puts(path, ".lock"); /* of a git that was killed */
        if (!pw_strbuf_failed(path)) {
            (void)unlink(path->data);
        }
    }
}

static int write_tree(struct pw_git *git, const char *index, git_oid *out, struct pw_error *err)
{
    static const char *const settings[] = {"core.safecrlf=false", "core.splitIndex=false",
                                           "add.ignoreErrors=false", "advice.addEmbeddedRepo=false",
                                           NULL};
    static const char *const add[] = {"add", "--all", NULL};
    static const char *const write[] = {"write-tree", NULL};
    struct pw_strbuf text = PW_STRBUF_INIT;
    struct pw_git_program program = {
        .directory = git->workdir,
        .arguments = add,
        .settings = settings,
        .index_file = index,
    };
    int status = pw_git_program_run(&program, err);

    if (status == PW_OK) {
        program.arguments = write;
        program.output = &text;
        status = pw_git_program_run(&program, err);
    }
    if (status == PW_OK &&
        (text.length < PW_OID_SIZE - 1 || git_oid_fromstrn(out, text.data, PW_OID_SIZE - 1) != 0)) {
        status = pw_error_set(err, PW_EGIT, "'git write-tree' says no tree id");
    }
    pw_strbuf_release(&text);
    return status;
}

static int write_commit(struct pw_git *git, const git_commit *head, const git_oid *tree_id,
                        git_oid *out, struct pw_error *err)
{
    git_signature *someone = NULL;
    git_tree *tree = NULL;
    const git_commit *parents[] = {head};
    int code = git_tree_lookup(&tree, git->repository, tree_id);

    if (code == 0) {
        code =
            git_signature_new(&someone, PW_GIT_OWN_NAME, PW_GIT_OWN_MAIL, git_commit_time(head), 0);
    }
    if (code == 0) {
        code = git_commit_create(out, git->repository, NULL, someone, someone, NULL, MESSAGE, tree,
                                 1, parents);
    }
    git_signature_free(someone);
    git_tree_free(tree);
    return code == 0 ? PW_OK : pw_git_fail(err, code, "cannot commit the work tree");
}

static int find_head_commit(struct pw_git *git, git_commit **out, struct pw_error *err)
{
    struct pw_arena arena = {NULL};
    struct pw_git_head head = {0};
    git_oid id;
    int status = pw_git_read_head(git, &arena, &head, err);

    if (status == PW_OK) {
        status = pw_git_parse_id(head.commit, &id, err);
    }
    if (status == PW_OK) {
        const int code = git_commit_lookup(out, git->repository, &id);
        status = code == 0 ? PW_OK : pw_git_fail(err, code, "cannot read HEAD");
    }
    pw_arena_release(&arena);
    return status;
}

int pw_git_snapshot(struct pw_git *git, char out[PW_OID_SIZE], struct pw_error *err)
{
    struct pw_strbuf index = PW_STRBUF_INIT;
    git_commit *head = NULL;
    git_oid tree;
    git_oid commit;
    int status;

    if (git->workdir == NULL) {
        return pw_error_set(err, PW_EGIT, "'%s' is a bare repository, it has no work tree",
                            git->common);
    }
    status = find_head_commit(git, &head, err);
    if (status != PW_OK) {
        return status;
    }
    status = make_index(git, &index, err);
    if (status == PW_OK) {
        status = write_tree(git, pw_strbuf_text(&index), &tree, err);
        if (status != PW_OK && status != PW_EINTERRUPTED) {
            (void)pw_error_prefix(err,
                                  "cannot take the work tree of '%s' as it is: ", git->workdir);
        }
    }
    if (status == PW_OK) {
        commit = *git_commit_id(head);
        if (!git_oid_equal(&tree, git_commit_tree_id(head))) {
            status = write_commit(git, head, &tree, &commit, err);
        }
    }
    if (status == PW_OK) {
        git_oid_tostr(out, PW_OID_SIZE, &commit);
    }
    remove_index(&index);
    git_commit_free(head);
    pw_strbuf_release(&index);
    return status;
}

/*
 * Writers of the store, without measuring: `add_results DIRECTORY git|directory WRITERS COUNT`.
 *
 * Each of WRITERS processes adds COUNT results, each under a run id of its own, to the repository
 * in DIRECTORY, and says on standard output which paths were acknowledged.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "perfwarden/store.h"
#include "perfwarden/util.h"

#define ENVIRONMENT "0123456789ab"

static int add_one(struct pw_store *store, unsigned writer, struct pw_error *err)
{
    struct pw_result result = {0};
    int status = pw_result_init(&result, err);

    if (status != PW_OK) {
        return status;
    }
    /* a commit of each writer's own, as in CI; the first two digits, and so the trees, are shared
     */
    result.commit = pw_arena_printf(&result.arena, "2f%038x", writer);
    if (result.commit == NULL) {
        pw_result_release(&result);
        return pw_error_set_no_memory(err);
    }
    result.started_at = "2026-11-20T10:00:00Z";
    result.branch = pw_arena_printf(&result.arena, "writer-%u", writer);
    memcpy(result.environment.id, ENVIRONMENT, sizeof(ENVIRONMENT));
    status = pw_store_add(store, &result, err);
    if (status == PW_OK) {
        /* one write: the lines of several processes do not mix */
        char line[PW_RUN_ID_SIZE + 1];
        const int length = snprintf(line, sizeof(line), "%s\n", result.run_id);
        if (length < 0 || write(STDOUT_FILENO, line, (size_t)length) != length) {
            status = pw_error_set(err, PW_EIO, "cannot write what was added");
        }
    }
    pw_result_release(&result);
    return status;
}

static int add_all(const char *directory, enum pw_store_kind kind, unsigned writer, unsigned count,
                   struct pw_error *err)
{
    struct pw_baseline_config config = {.store = kind, .ref = "refs/perfwarden/baselines"};
    struct pw_strbuf path = PW_STRBUF_INIT;
    struct pw_store *store = NULL;
    struct pw_git *git = NULL;

    pw_path_join(&path, directory, "baselines");
    int status = pw_strbuf_check(&path, err);
    config.path = pw_strbuf_text(&path);
    if (status == PW_OK) {
        status = pw_git_open(directory, &git, err);
    }
    if (status == PW_OK) {
        status = pw_store_open(&config, git, &store, err);
    }
    for (unsigned i = 0; i < count && status == PW_OK; i++) {
        status = add_one(store, writer, err);
    }
    pw_store_free(store);
    pw_git_free(git);
    pw_strbuf_release(&path);
    return status;
}

/* In a child. Never returns. */
static void run_writer(const char *directory, enum pw_store_kind kind, unsigned writer,
                       unsigned count)
{
    struct pw_error err = PW_ERROR_INIT;
    const int status = add_all(directory, kind, writer, count, &err);

    if (status != PW_OK) {
        (void)fprintf(stderr, "writer %u: %s\n", writer, pw_error_message(&err));
    }
    pw_error_release(&err);
    _exit(status == PW_OK ? 0 : 1);
}

static int run_writers(const char *directory, enum pw_store_kind kind, unsigned writers,
                       unsigned count)
{
    int code = 0;

    for (unsigned i = 0; i < writers; i++) {
        const pid_t child = fork();
        if (child < 0) {
            perror("fork");
            code = 1;
            break;
        }
        if (child == 0) {
            run_writer(directory, kind, i, count);
        }
    }
    for (int ended = 0; wait(&ended) > 0;) {
        code = ended == 0 ? code : 1;
    }
    return code;
}

int main(int argc, char **argv)
{
    uint64_t writers = 0;
    uint64_t count = 0;

    if (argc != 5 || pw_parse_uint64(argv[3], &writers) != 0 ||
        pw_parse_uint64(argv[4], &count) != 0 || writers > 1000 || count > 1000000) {
        (void)fprintf(stderr, "usage: add_results DIRECTORY git|directory WRITERS COUNT\n");
        return 2;
    }
    const bool is_git = strcmp(argv[2], "git") == 0;
    return run_writers(argv[1], is_git ? PW_STORE_GIT : PW_STORE_DIRECTORY, (unsigned)writers,
                       (unsigned)count);
}

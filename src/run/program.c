/*
 * PATH lookup, done in perfwarden so that nothing but exec itself happens in the forked child.
 * Whether the file can be executed in the end is for exec to say.
 */
#include "program.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "perfwarden/util/file.h"

/** Searched when the environment has no PATH, as execvp does. */
static const char DEFAULT_PATH[] = "/bin:/usr/bin";

static const char *search_path(const char *const *envp)
{
    for (; *envp != NULL; envp++) {
        if (strncmp(*envp, "PATH=", 5) == 0) {
            return *envp + 5;
        }
    }
    return DEFAULT_PATH;
}

/** 0 when this is a file that may be executed, else an errno. */
static int check_candidate(const char *path)
{
    struct stat status;

    if (stat(path, &status) != 0) {
        return ENOENT;
    }
    if (!S_ISREG(status.st_mode) || access(path, X_OK) != 0) {
        return EACCES;
    }
    return 0;
}

/** Write "<cwd>/<entry>/<name>"; an empty entry means cwd. */
static void name_candidate(struct pw_strbuf *candidate, const char *cwd, const char *entry,
                           size_t length, const char *name)
{
    struct pw_strbuf directory = PW_STRBUF_INIT;

    pw_strbuf_append(&directory, entry, length);
    pw_strbuf_clear(candidate);
    pw_path_join(candidate, cwd, length > 0 ? pw_strbuf_text(&directory) : ".");
    pw_strbuf_putc(candidate, '/');
    pw_strbuf_puts(candidate, name);
    if (pw_strbuf_failed(&directory)) {
        candidate->failed = true;
    }
    pw_strbuf_release(&directory);
}

int pw_run_program_find(const struct pw_process_spec *spec, struct pw_strbuf *path)
{
    struct pw_strbuf candidate = PW_STRBUF_INIT;
    const char *name = spec->argv[0];
    const char *entry = search_path(spec->envp);
    int error_number = ENOENT;

    if (name[0] == '\0') {
        return ENOENT;
    }
    if (strchr(name, '/') != NULL) {
        pw_strbuf_puts(path, name);
        return 0;
    }
    for (;;) {
        size_t length = strcspn(entry, ":");
        int found;

        name_candidate(&candidate, spec->cwd, entry, length, name);
        found = check_candidate(pw_strbuf_text(&candidate));
        if (found == 0) {
            pw_strbuf_puts(path, pw_strbuf_text(&candidate));
            error_number = 0;
        } else if (found == EACCES) {
            error_number = EACCES;
        }
        if (found == 0 || entry[length] == '\0') {
            break;
        }
        entry += length + 1;
    }
    if (pw_strbuf_failed(&candidate)) {
        path->failed = true;
    }
    pw_strbuf_release(&candidate);
    return error_number;
}

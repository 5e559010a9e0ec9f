/*
 * Whether a repository is the one that git would use here, and whether git would use it at all:
 * safe.directory, safe.bareRepository, GIT_DIR and its like.
 */
#include "internal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "program.h"

/* An empty value takes back what stood before it, as in git. */
static int read_trusted(const git_config_entry *entry, void *context)
{
    bool *trusts_all = context;

    if (strcmp(entry->value, "*") == 0) {
        *trusts_all = true;
    } else if (entry->value[0] == '\0') {
        *trusts_all = false;
    }
    return 0;
}

/* Whether the user's own settings say that repositories of any owner may be opened. */
static bool trusts_all_owners(void)
{
    git_config *config = NULL;
    bool trusts_all = false;

    if (git_config_open_default(&config) == 0) {
        (void)git_config_get_multivar_foreach(config, "safe.directory", NULL, read_trusted,
                                              &trusts_all);
    }
    git_config_free(config);
    return trusts_all;
}

/*
 * git is asked: what safe.directory may hold differs between versions ('*', 'path/' + '*'), and it
 * may be set by GIT_CONFIG_COUNT, which libgit2 does not read. Where there is no git, the '*' that
 * containers are set up with is looked for, which libgit2 1.5 does not know.
 */
bool pw_git_is_trusted(const char *directory)
{
    static const char *const arguments[] = {"rev-parse", "--git-dir", NULL};
    const struct pw_git_program program = {.directory = directory, .arguments = arguments};

    return pw_git_program_run(&program, NULL) == PW_OK || trusts_all_owners();
}

/* "explicit": a bare repository may lie in what somebody else has sent, with settings that run
 * programs. Only the user's own settings are asked. */
static bool forbids_bare(void)
{
    git_config *config = NULL;
    git_buf value = {0};
    const bool forbids = git_config_open_default(&config) == 0 &&
                         git_config_get_string_buf(&value, config, "safe.bareRepository") == 0 &&
                         strcmp(value.ptr, "explicit") == 0;

    git_buf_dispose(&value);
    git_config_free(config);
    return forbids;
}

static bool is_same_file(const char *a, const char *b)
{
    struct stat first;
    struct stat second;

    return stat(a, &first) == 0 && stat(b, &second) == 0 && first.st_dev == second.st_dev &&
           first.st_ino == second.st_ino;
}

/*
 * perfwarden goes by the directory. Variables that name another repository, which git would use
 * instead, must not be passed over in silence.
 */
int pw_git_check_variables(const struct pw_git *git, const char *directory, struct pw_error *err)
{
    const struct {
        const char *name;
        const char *expected;
    } variables[] = {
        {"GIT_DIR", git_repository_path(git->repository)},
        {"GIT_COMMON_DIR", git->common},
        {"GIT_WORK_TREE", git->workdir},
    };

    if (git->workdir == NULL && getenv("GIT_DIR") == NULL && forbids_bare()) {
        return pw_error_set(err, PW_EGIT,
                            "'%s' is a bare repository, which safe.bareRepository forbids to use "
                            "unless GIT_DIR names it",
                            git->common);
    }
    for (size_t i = 0; i < PW_COUNT(variables); i++) {
        const char *value = getenv(variables[i].name);
        const char *expected = variables[i].expected;
        if (value == NULL || value[0] == '\0' ||
            (expected != NULL && is_same_file(value, expected))) {
            continue;
        }
        return pw_error_set(err, PW_EGIT,
                            "%s is '%s', but '%s' is in the repository '%s'; unset %s, or pass -C "
                            "with a directory of the repository that is meant",
                            variables[i].name, value, directory, git->common, variables[i].name);
    }
    return PW_OK;
}

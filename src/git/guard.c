/* All guards of a repository's objects, in one call for whoever opens one. */
#include "guard.h"

#include <string.h>

#include "loose_guard.h"
#include "pack_guard.h"

int pw_git_guard(git_repository *repository, struct pw_error *err)
{
    git_buf objects = {0};
    const int code = git_repository_item_path(&objects, repository, GIT_REPOSITORY_ITEM_OBJECTS);

    if (code != 0) {
        return pw_git_fail(err, code, "cannot tell where the repository's objects are");
    }
    /* libgit2 ends its directories in a slash, messages read better without */
    const size_t length = strlen(objects.ptr);
    if (length > 1 && objects.ptr[length - 1] == '/') {
        objects.ptr[length - 1] = '\0';
    }
    int status = pw_git_guard_loose(repository, objects.ptr, err);
    if (status == PW_OK) {
        status = pw_git_guard_packs(objects.ptr, err);
    }
    git_buf_dispose(&objects);
    return status;
}

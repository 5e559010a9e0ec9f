/* Which libgit2 this process runs with, which need not be the one it was compiled for. */
#include <stdio.h>

#include "internal.h"

void pw_git_library_version(char out[PW_GIT_VERSION_SIZE])
{
    int major = 0;
    int minor = 0;
    int revision = 0;
    (void)git_libgit2_version(&major, &minor, &revision);
    (void)snprintf(out, PW_GIT_VERSION_SIZE, "%d.%d.%d", major, minor, revision);
}

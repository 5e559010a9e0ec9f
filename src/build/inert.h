/* Names of files that cannot matter to a program that runs. */
#ifndef PERFWARDEN_BUILD_INERT_H
#define PERFWARDEN_BUILD_INERT_H

#include <stdbool.h>

/** Whether a file is by its name what programs are made of, documentation or a build system's own.
 * @param path  in the tree or absolute: what precedes the name is looked at, too */
bool pw_build_file_is_inert(const char *path);

/** The same of a folder, and so of all that is in it. */
bool pw_build_folder_is_inert(const char *path);

#endif

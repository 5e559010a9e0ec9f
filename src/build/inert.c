/*
 * The table of names. Scripts (.py, .sh, .pl) are not in it, for they may run, nor is anything
 * whose use is unknown.
 */
#include "inert.h"

#include <fnmatch.h>
#include <stddef.h>
#include <string.h>

#include "perfwarden/util/compiler.h"

enum kind { KIND_FILE = 1, KIND_FOLDER = 2, KIND_ANY = KIND_FILE | KIND_FOLDER };

/** A pattern with slashes is one of the last folders as well, as many as it has. */
static const struct {
    const char *pattern;
    enum kind kind;
} names[] = {
    /* sources and headers */
    {"*.c", KIND_FILE},
    {"*.h", KIND_FILE},
    {"*.cc", KIND_FILE},
    {"*.cpp", KIND_FILE},
    {"*.cxx", KIND_FILE},
    {"*.hh", KIND_FILE},
    {"*.hpp", KIND_FILE},
    {"*.hxx", KIND_FILE},
    {"*.inc", KIND_FILE},
    {"*.inl", KIND_FILE},
    {"*.s", KIND_FILE},
    {"*.S", KIND_FILE},
    {"*.rs", KIND_FILE},
    {"*.go", KIND_FILE},
    {"*.zig", KIND_FILE},
    {"*.f", KIND_FILE},
    {"*.f90", KIND_FILE},
    {"*.swift", KIND_FILE},
    {"*.m", KIND_FILE},
    {"*.mm", KIND_FILE},
    {"*.d", KIND_FILE},
    {"*.java", KIND_FILE},
    {"*.kt", KIND_FILE},
    {"*.cs", KIND_FILE},
    /* documentation */
    {"*.md", KIND_FILE},
    {"*.rst", KIND_FILE},
    {"*.adoc", KIND_FILE},
    {"LICENSE*", KIND_FILE},
    {"CHANGELOG*", KIND_FILE},
    {"README*", KIND_FILE},
    /* object files and archives */
    {"*.o", KIND_FILE},
    {"*.obj", KIND_FILE},
    {"*.a", KIND_FILE},
    {"*.lo", KIND_FILE},
    {"*.la", KIND_FILE},
    {"*.rlib", KIND_FILE},
    {"*.rmeta", KIND_FILE},
    {"*.gch", KIND_FILE},
    {"*.pch", KIND_FILE},
    /* build systems' own */
    {"CMakeCache.txt", KIND_FILE},
    {"CMakeFiles", KIND_FOLDER},
    {"*.cmake", KIND_FILE},
    {"CMakeLists.txt", KIND_FILE},
    {"build.ninja", KIND_FILE},
    {".ninja_deps", KIND_FILE},
    {".ninja_log", KIND_FILE},
    {"Makefile", KIND_FILE},
    {"GNUmakefile", KIND_FILE},
    {"*.mk", KIND_FILE},
    {"configure*", KIND_FILE},
    {"config.log", KIND_FILE},
    {"config.status", KIND_FILE},
    {"config.h.in", KIND_FILE},
    {"compile_commands.json", KIND_FILE},
    {"meson*", KIND_FILE},
    {"meson-info", KIND_FOLDER},
    {"meson-logs", KIND_FOLDER},
    {"meson-private", KIND_FOLDER},
    {"*.log", KIND_FILE},
    {"Cargo.toml", KIND_FILE},
    {"Cargo.lock", KIND_FILE},
    {"target/*/deps", KIND_FOLDER},
    {"target/*/build", KIND_FOLDER},
    {"target/*/incremental", KIND_FOLDER},
    {"target/*/.fingerprint", KIND_FOLDER},
    {".git*", KIND_ANY},
};

/* The end of a path that has as many slashes as a pattern. @return NULL where it is shorter */
static const char *comparable(const char *path, const char *pattern)
{
    const char *start = path + strlen(path);
    size_t slashes = 1;

    for (; *pattern != '\0'; pattern++) {
        slashes += *pattern == '/' ? 1 : 0;
    }
    while (start > path && (start[-1] != '/' || --slashes > 0)) {
        start--;
    }
    return slashes <= 1 ? start : NULL;
}

static bool is_inert(const char *path, enum kind kind)
{
    for (size_t i = 0; i < PW_COUNT(names); i++) {
        const char *name = (names[i].kind & kind) != 0 ? comparable(path, names[i].pattern) : NULL;
        if (name != NULL && fnmatch(names[i].pattern, name, FNM_PATHNAME) == 0) {
            return true;
        }
    }
    return false;
}

bool pw_build_file_is_inert(const char *path)
{
    return is_inert(path, KIND_FILE);
}

bool pw_build_folder_is_inert(const char *path)
{
    return is_inert(path, KIND_FOLDER);
}

/* Telling programs and libraries from other files. */
#ifndef PERFWARDEN_BUILD_ELF_H
#define PERFWARDEN_BUILD_ELF_H

/** What a file is to the loader. */
enum pw_elf_kind {
    PW_ELF_NONE,    /**< no ELF file: a script, data, or not readable */
    PW_ELF_PROGRAM, /**< an executable, position-independent or not */
    PW_ELF_LIBRARY, /**< a shared library, or what cannot be told from one */
    PW_ELF_OTHER    /**< an object file, a core file */
};

/** Look at a regular file; links are followed. */
enum pw_elf_kind pw_elf_kind_of(const char *path);

#endif

/*
 * libgit2 reads and parses every certificate of the system when it starts, where it was built with
 * mbedTLS: 15 ms of each command, for connections that perfwarden never makes through it (the git
 * program does, see transport.c). The program's own definitions come before those of the library.
 */
#include "internal.h"

/* As mbedTLS declares them, but for the type of the chain, which nothing is done with. */
int mbedtls_x509_crt_parse_file(void *chain, const char *path);
int mbedtls_x509_crt_parse_path(void *chain, const char *path);

int mbedtls_x509_crt_parse_file(void *chain, const char *path)
{
    (void)chain;
    (void)path;
    return 0;
}

int mbedtls_x509_crt_parse_path(void *chain, const char *path)
{
    (void)chain;
    (void)path;
    return 0;
}

int pw_git_start_library(void)
{
    return git_libgit2_init();
}

/* Compiler attributes, each with a plain name, empty where the compiler has none. */
#ifndef PERFWARDEN_UTIL_COMPILER_H
#define PERFWARDEN_UTIL_COMPILER_H

#include <stddef.h>

#if defined(__GNUC__) || defined(__clang__)
#define PW_PRINTF(text, first) __attribute__((__format__(__printf__, text, first)))
#define PW_MUST_CHECK          __attribute__((warn_unused_result))
#else
#define PW_PRINTF(text, first)
#define PW_MUST_CHECK
#endif

/** Number of elements of an array (not of a pointer). */
#define PW_COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif

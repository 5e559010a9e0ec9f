/*
 * What the probe needs of compiler and system: attributes, atomic access, the clock, pages of
 * memory. Memory comes in pages of its own, never from malloc, so that the heap that is measured is
 * the program's and a program that replaces malloc may be probed.
 */
#ifndef PERFWARDEN_PROBE_PLATFORM_H
#define PERFWARDEN_PROBE_PLATFORM_H

#if !defined(__GNUC__)
#error "perfwarden/probe.h needs gcc or clang; define PERFWARDEN_DISABLE to compile it out"
#endif

/* Strict C99 hides POSIX. This helps when the header is the first one included. */
#if defined(__STRICT_ANSI__) && !defined(_POSIX_C_SOURCE) && !defined(_XOPEN_SOURCE) &&            \
    !defined(_GNU_SOURCE) && !defined(_DEFAULT_SOURCE)
#define _POSIX_C_SOURCE 200809L
#endif

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#if !defined(CLOCK_MONOTONIC) || !defined(SA_RESETHAND) || !defined(O_CLOEXEC)
#error "perfwarden/probe.h needs POSIX: include it first, or compile with -D_POSIX_C_SOURCE=200809L"
#endif

#if defined(__GLIBC__) && defined(__GLIBC_PREREQ)
#if __GLIBC_PREREQ(2, 33)
#define PERFWARDEN_HAS_MALLINFO2_ 1
#include <malloc.h>
#endif
#endif

/* What every translation unit and shared library of a process has in common. */
#define PERFWARDEN_SHARED_ __attribute__((weak, visibility("default")))
/* What is seldom called: kept out of the caller's way. */
#define PERFWARDEN_COLD_ static __attribute__((unused, noinline, cold))
/* What is called often, but is too long to repeat. */
#define PERFWARDEN_WARM_   static __attribute__((unused, noinline))
#define PERFWARDEN_HELPER_ static __inline__ __attribute__((unused))
/* What a block costs: never a call. */
#define PERFWARDEN_HOT_         static __inline__ __attribute__((unused, always_inline))
#define PERFWARDEN_LIKELY_(x)   __builtin_expect(!!(x), 1)
#define PERFWARDEN_UNLIKELY_(x) __builtin_expect(!!(x), 0)

/* One thread writes, others read what is there: plain moves, but defined ones. */
#define PERFWARDEN_LOAD_(place)           __atomic_load_n((place), __ATOMIC_RELAXED)
#define PERFWARDEN_STORE_(place, value)   __atomic_store_n((place), (value), __ATOMIC_RELAXED)
#define PERFWARDEN_SEEN_(place)           __atomic_load_n((place), __ATOMIC_ACQUIRE)
#define PERFWARDEN_PUBLISH_(place, value) __atomic_store_n((place), (value), __ATOMIC_RELEASE)

PERFWARDEN_HELPER_ double perfwarden_load_double_(const double *place)
{
    double value;
    __atomic_load(place, &value, __ATOMIC_RELAXED);
    return value;
}

PERFWARDEN_HELPER_ void perfwarden_store_double_(double *place, double value)
{
    __atomic_store(place, &value, __ATOMIC_RELAXED);
}

/* A lock of slow paths. Waiting is no cancellation point, so that nobody is cancelled holding
 * another one. */
PERFWARDEN_HELPER_ void perfwarden_lock_(uint32_t *lock)
{
    while (__atomic_exchange_n(lock, 1U, __ATOMIC_ACQUIRE) != 0U) {
        (void)sched_yield();
    }
}

PERFWARDEN_HELPER_ void perfwarden_unlock_(uint32_t *lock)
{
    PERFWARDEN_PUBLISH_(lock, 0U);
}

/* For a signal's handler: whoever holds the lock may be the interrupted code itself, so wait no
 * longer than that. */
PERFWARDEN_HELPER_ int perfwarden_lock_within_(uint32_t *lock, int milliseconds)
{
    struct timespec pause;

    pause.tv_sec = 0;
    pause.tv_nsec = 1000000;
    while (__atomic_exchange_n(lock, 1U, __ATOMIC_ACQUIRE) != 0U) {
        if (milliseconds-- <= 0) {
            return 0;
        }
        (void)nanosleep(&pause, NULL);
    }
    return 1;
}

/* Nanoseconds of a clock that never goes back. A program may define it before including the header.
 */
#ifndef PERFWARDEN_CLOCK_NS
#define PERFWARDEN_CLOCK_NS() perfwarden_clock_ns_()
#endif

PERFWARDEN_HOT_ uint64_t perfwarden_clock_ns_(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec;
}

/* MAP_ANONYMOUS is no POSIX; where the headers hide it, most Linux machines agree on its value. */
#if defined(MAP_ANONYMOUS)
#define PERFWARDEN_MAP_ANONYMOUS_ MAP_ANONYMOUS
#elif defined(MAP_ANON)
#define PERFWARDEN_MAP_ANONYMOUS_ MAP_ANON
#elif defined(__linux__) && !defined(__mips__) && !defined(__alpha__) && !defined(__xtensa__) &&   \
    !defined(__hppa__)
#define PERFWARDEN_MAP_ANONYMOUS_ 0x20
#endif

/* size bytes of zeros in pages of their own, NULL when there are none. Never given back. */
PERFWARDEN_COLD_ void *perfwarden_pages_(size_t size)
{
    int error = errno;
    void *pages;
#ifdef PERFWARDEN_MAP_ANONYMOUS_
    pages =
        mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | PERFWARDEN_MAP_ANONYMOUS_, -1, 0);
#else
    int zero = open("/dev/zero", O_RDWR | O_CLOEXEC);

    if (zero < 0) {
        errno = error;
        return NULL;
    }
    pages = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE, zero, 0);
    (void)close(zero);
#endif
    errno = error;
    return pages == MAP_FAILED ? NULL : pages;
}

/* Bytes of the heap in use by the whole process; 0 when the C library cannot tell. */
PERFWARDEN_HELPER_ int64_t perfwarden_heap_bytes_(void)
{
#ifdef PERFWARDEN_HAS_MALLINFO2_
    struct mallinfo2 heap = mallinfo2();

    return (int64_t)(heap.uordblks + heap.hblkhd);
#else
    return 0;
#endif
}

#endif

/*
 * PERFWARDEN_BLOCK: a statement that is timed, however it is left.
 *
 * It is a loop that runs once, in C and in C++ alike, so that break and continue inside leave the
 * block. In C its end is a cleanup of the compiler's, in C++ a destructor, which also sees that an
 * exception is passing.
 */
#ifndef PERFWARDEN_PROBE_BLOCK_H
#define PERFWARDEN_PROBE_BLOCK_H

#include "perfwarden/probe/event.h"

#define PERFWARDEN_JOIN_2_(a, b)      a##b
#define PERFWARDEN_JOIN_(a, b)        PERFWARDEN_JOIN_2_(a, b)
#define PERFWARDEN_BLOCK_IN_(name, n) PERFWARDEN_BLOCK_AS(PERFWARDEN_JOIN_(perfwarden_op_, n), name)

#ifdef __cplusplus

#include <exception>

#define PERFWARDEN_SITE_(name)                                                                     \
    ([]() -> struct perfwarden_site_ * {                                                           \
        static struct perfwarden_site_ site = {"" name, 0};                                        \
        return &site;                                                                              \
    }())

/* How many exceptions are passing. C++11 only knows whether there is one. */
static inline int perfwarden_exceptions_()
{
#if __cplusplus >= 201703L
    return std::uncaught_exceptions();
#else
    return std::uncaught_exception() ? 1 : 0;
#endif
}

struct perfwarden_block_ : perfwarden_op {
    explicit perfwarden_block_(struct perfwarden_site_ *site)
        : perfwarden_op(perfwarden_begin_site_(site)), is_open(true),
          exceptions(number != 0U ? perfwarden_exceptions_() : 0)
    {
    }

    ~perfwarden_block_()
    {
        if (number != 0U && is_open && perfwarden_exceptions_() > exceptions) {
            perfwarden_fail_op_(this, "exception");
        }
        perfwarden_end_op_(this);
    }

    perfwarden_block_(const perfwarden_block_ &) = delete;
    perfwarden_block_ &operator=(const perfwarden_block_ &) = delete;

    bool is_open; /* not yet left by its end */

  private:
    int exceptions;
};

#define PERFWARDEN_BLOCK_AS(op, name)                                                              \
    for (struct perfwarden_block_ op(PERFWARDEN_SITE_(name)); op.is_open; op.is_open = false)

#else

#define PERFWARDEN_SITE_(name)                                                                     \
    (__extension__({                                                                               \
        static struct perfwarden_site_ perfwarden_site = {"" name, 0};                             \
        &perfwarden_site;                                                                          \
    }))

static __inline__ __attribute__((unused)) void perfwarden_leave_block_(const perfwarden_op *op)
{
    perfwarden_end_op_(op);
}

#define PERFWARDEN_BLOCK_AS(op, name) PERFWARDEN_BLOCK_ONCE_(op, name, __COUNTER__)
#define PERFWARDEN_BLOCK_ONCE_(op, name, n)                                                        \
    PERFWARDEN_BLOCK_LOOP_(op, name, PERFWARDEN_JOIN_(perfwarden_once_, n))
#ifndef PERFWARDEN_NO_CLEANUP
#define PERFWARDEN_BLOCK_LOOP_(op, name, once)                                                     \
    for (perfwarden_op op __attribute__((cleanup(perfwarden_leave_block_))) =                      \
             perfwarden_begin_site_(PERFWARDEN_SITE_(name)),                                       \
                          *once = &op;                                                             \
         once != NULL; once = NULL)
#else
#define PERFWARDEN_BLOCK_LOOP_(op, name, once)                                                     \
    for (perfwarden_op op = perfwarden_begin_site_(PERFWARDEN_SITE_(name)), *once = &op;           \
         once != NULL; perfwarden_end_op_(&op), once = NULL)
#endif

#endif

#endif

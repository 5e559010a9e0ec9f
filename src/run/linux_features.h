/*
 * Turns on the Linux interfaces this module is built on: close_range, pipe2, ppoll, signalfd,
 * wait4, prctl. Included first, before any system header, by the files that need one of them.
 */
#ifndef PERFWARDEN_RUN_LINUX_FEATURES_H
#define PERFWARDEN_RUN_LINUX_FEATURES_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1 /* NOLINT(bugprone-reserved-identifier): the name glibc reads */
#endif

#endif

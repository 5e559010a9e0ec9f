/* The Linux interfaces beyond POSIX that this module needs; included before any other header. */
#ifndef PERFWARDEN_RESULT_LINUX_FEATURES_H
#define PERFWARDEN_RESULT_LINUX_FEATURES_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* sched_getaffinity, CPU_ALLOC */
#endif

#endif

/* Where this process's control groups are, from the kernel's own words. */
#ifndef PERFWARDEN_RUN_CGROUP_FIND_H
#define PERFWARDEN_RUN_CGROUP_FIND_H

#include "perfwarden/util/strbuf.h"

/**
 * Name the directory of a process's own control group.
 *
 * @param groups      contents of /proc/<pid>/cgroup
 * @param mounts      contents of /proc/<pid>/mountinfo
 * @param controller  a version 1 controller such as "memory"; NULL for the version 2 hierarchy
 * @param[in,out] out the directory is appended; memory failure is remembered by the buffer
 * @return false when there is none, or when it lies outside of what is mounted
 */
bool pw_run_cgroup_find(const char *groups, const char *mounts, const char *controller,
                        struct pw_strbuf *out);

#endif

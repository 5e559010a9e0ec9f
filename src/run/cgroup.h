/* One control group of our own: a directory that is made, written to, read and removed. */
#ifndef PERFWARDEN_RUN_CGROUP_H
#define PERFWARDEN_RUN_CGROUP_H

#include <stdbool.h>
#include <stdint.h>

/** Room for "perfwarden-<pid>-<serial>". */
enum { PW_RUN_CGROUP_NAME_SIZE = 64 };

/** A group below `parent`. Empty is all zero with both descriptors −1: PW_RUN_CGROUP_EMPTY. */
struct pw_run_cgroup {
    const char *parent; /**< directory, borrowed */
    char name[PW_RUN_CGROUP_NAME_SIZE];
    int directory_fd; /**< locked while the group is ours; −1 for no group */
    int procs_fd;     /**< cgroup.procs, for a child to enter by; −1 once closed */
};

/* clang-format off */
#define PW_RUN_CGROUP_EMPTY {NULL, "", -1, -1}
/* clang-format on */

/**
 * Make a group.
 *
 * @param serial  another one for every group of this process
 * @return false with errno when that is not allowed
 */
bool pw_run_cgroup_make(struct pw_run_cgroup *group, const char *parent, unsigned serial);

/** True when there is a group. */
bool pw_run_cgroup_exists(const struct pw_run_cgroup *group);

/** Write a text to a file of the group. @return false with errno */
bool pw_run_cgroup_write(const struct pw_run_cgroup *group, const char *file, const char *text);

/** Write a number to a file of the group. @return false with errno */
bool pw_run_cgroup_write_number(const struct pw_run_cgroup *group, const char *file,
                                uint64_t number);

/**
 * Read a number from a file of the group.
 *
 * @param label  in front of the number; "" for the first one of the file
 */
bool pw_run_cgroup_read(const struct pw_run_cgroup *group, const char *file, const char *label,
                        uint64_t *out);

/** True when the group has a file of this name that may be written. */
bool pw_run_cgroup_offers(const struct pw_run_cgroup *group, const char *file);

/** For the child: enter the group. Makes one system call. @return false with errno */
bool pw_run_cgroup_enter(const struct pw_run_cgroup *group);

/**
 * Move the processes of the group's parent into the group, where they are this process and its own
 * parent and nobody else: version 2 lets no group with processes hand its controllers down.
 *
 * @return false with errno when somebody else is there, or it is not allowed
 */
bool pw_run_cgroup_take_in(const struct pw_run_cgroup *group);

/** Kill all that is in the group, at once where the kernel can. */
void pw_run_cgroup_kill(const struct pw_run_cgroup *group);

/** Remove the group, whose processes have been reaped, and make it empty. */
void pw_run_cgroup_remove(struct pw_run_cgroup *group);

/** End and remove the groups that launchers left behind which were killed themselves. */
void pw_run_cgroup_sweep(const char *parent);

#endif

/*
 * The cores' worth of processor time that control groups grant this process: the smallest limit of
 * its group and the groups around it, of version 2, of version 1, or of both where both are
 * mounted.
 */
#include <stdio.h>
#include <string.h>

#include "detector.h"
#include "perfwarden/util/number.h"

/** A place where groups are mounted, and how their limit is written. */
struct hierarchy {
    const char *mount;
    bool is_version_1;
};

static const struct hierarchy hierarchies[] = {
    {"/sys/fs/cgroup", false},
    {"/sys/fs/cgroup/unified", false},
    {"/sys/fs/cgroup/cpu", true},
    {"/sys/fs/cgroup/cpu,cpuacct", true},
};

static double ratio(const char *quota, const char *period)
{
    uint64_t quota_us = 0;
    uint64_t period_us = 0;
    if (pw_parse_uint64(quota, &quota_us) < 0 || pw_parse_uint64(period, &period_us) < 0) {
        return 0; /* "max" and "-1" are no limits */
    }
    return period_us == 0 ? 0 : (double)quota_us / (double)period_us;
}

/* The text of a group's file; NULL when there is none. */
static const char *read_file(struct pw_detector *d, const char *group, const char *name)
{
    struct pw_strbuf path = PW_STRBUF_INIT;
    const char *text = NULL;
    pw_strbuf_printf(&path, "%s/%s", group, name);
    if (pw_strbuf_failed(&path)) {
        d->is_out_of_memory = true;
    } else {
        text = pw_detector_read(d, pw_strbuf_text(&path));
    }
    pw_strbuf_release(&path);
    return text;
}

/* "150000 100000". @return 0 when it sets no limit or cannot be read */
static double read_version_2(struct pw_detector *d, const char *group)
{
    const char *text = read_file(d, group, "cpu.max");
    char *blank = text == NULL ? NULL : strchr(d->text.data, ' ');
    if (blank == NULL) {
        return 0;
    }
    *blank = '\0';
    return ratio(text, blank + 1);
}

/* Quota and period in two files. @return as above */
static double read_version_1(struct pw_detector *d, const char *group)
{
    char quota[24];
    const char *text = read_file(d, group, "cpu.cfs_quota_us");
    if (text == NULL || strlen(text) >= sizeof(quota)) {
        return 0;
    }
    memcpy(quota, text, strlen(text) + 1);
    text = read_file(d, group, "cpu.cfs_period_us");
    return text == NULL ? 0 : ratio(quota, text);
}

/* True when a line's list of controllers is what is looked for: none, or one with "cpu". */
static bool is_line_of(const char *controllers, size_t length, bool is_version_1)
{
    if (!is_version_1) {
        return length == 0;
    }
    for (const char *at = controllers; at < controllers + length;) {
        size_t word = strcspn(at, ",:");
        if (word == 3 && strncmp(at, "cpu", 3) == 0) {
            return true;
        }
        at += word + 1;
    }
    return false;
}

/* This process's group, from "4:cpu,cpuacct:/path" and "0::/path". */
static void find_group(struct pw_detector *d, bool is_version_1, struct pw_strbuf *out)
{
    const char *line = pw_detector_read(d, "/proc/self/cgroup");
    while (line != NULL && *line != '\0') {
        size_t length = strcspn(line, "\n");
        const char *controllers = strchr(line, ':');
        const char *group = controllers == NULL ? NULL : strchr(controllers + 1, ':');
        if (group != NULL && group < line + length &&
            is_line_of(controllers + 1, (size_t)(group - controllers - 1), is_version_1)) {
            pw_strbuf_append(out, group + 1, (size_t)(line + length - group - 1));
            return;
        }
        line += length;
        line += *line == '\n';
    }
}

/* The smallest limit from a group up to the mount. @return 0 for none */
static double read_hierarchy(struct pw_detector *d, const struct hierarchy *hierarchy)
{
    struct pw_strbuf group = PW_STRBUF_INIT;
    struct pw_strbuf path = PW_STRBUF_INIT;
    size_t mount_length = strlen(hierarchy->mount);
    double smallest = 0;
    find_group(d, hierarchy->is_version_1, &group);
    pw_strbuf_puts(&path, hierarchy->mount);
    /* A container may see the name that its group has outside. */
    if (strstr(pw_strbuf_text(&group), "..") == NULL && group.length > 1) {
        pw_strbuf_puts(&path, pw_strbuf_text(&group));
    }
    while (path.length >= mount_length && !pw_strbuf_failed(&path)) {
        size_t length = path.length;
        double quota = hierarchy->is_version_1 ? read_version_1(d, pw_strbuf_text(&path))
                                               : read_version_2(d, pw_strbuf_text(&path));
        if (quota > 0 && (smallest == 0 || quota < smallest)) {
            smallest = quota;
        }
        while (length > 0 && path.data[length - 1] != '/') {
            length--;
        }
        pw_strbuf_truncate(&path, length == 0 ? 0 : length - 1);
    }
    d->is_out_of_memory =
        d->is_out_of_memory || pw_strbuf_failed(&path) || pw_strbuf_failed(&group);
    pw_strbuf_release(&path);
    pw_strbuf_release(&group);
    return smallest;
}

void pw_detector_limits(struct pw_detector *d)
{
    double smallest = 0;
    for (size_t i = 0; i < PW_COUNT(hierarchies); i++) {
        double quota = read_hierarchy(d, &hierarchies[i]);
        if (quota > 0 && (smallest == 0 || quota < smallest)) {
            smallest = quota;
        }
    }
    if (smallest > 0) {
        char number[PW_DOUBLE_TEXT_SIZE];
        pw_format_double(smallest, number);
        pw_detector_add(d, "cpu_quota", number, true);
    }
}

/* The files that cachegrind leaves: one per process, the count in a line of its own. */
#include "linux_features.h"

#include "cachegrind.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>

#include "perfwarden/util/file.h"
#include "perfwarden/util/number.h"

/** A file holds a line for each source line that was executed. */
static const size_t FILE_MAX_BYTES = (size_t)256 << 20;

/** The number of a file's "summary: N" line. */
static bool find_summary(const char *text, uint64_t *instructions)
{
    static const char KEY[] = "\nsummary: ";
    const char *at = strstr(text, KEY);
    char number[24];
    size_t length;

    if (at == NULL) {
        return false;
    }
    at += sizeof(KEY) - 1;
    length = strspn(at, "0123456789");
    if (length == 0 || length >= sizeof(number)) {
        return false;
    }
    memcpy(number, at, length);
    number[length] = '\0';
    return pw_parse_uint64(number, instructions) == 0;
}

static int add_file(const char *path, uint64_t *sum, struct pw_error *err)
{
    struct pw_strbuf text;
    uint64_t instructions = 0;
    int status;

    pw_strbuf_init(&text, FILE_MAX_BYTES + 1);
    status = pw_file_read(path, FILE_MAX_BYTES, &text, err);
    if (status == 0 && !find_summary(pw_strbuf_text(&text), &instructions)) {
        status = pw_error_set(err, PW_EFORMAT, "cachegrind's file '%s' has no summary", path);
    }
    *sum += instructions;
    pw_strbuf_release(&text);
    return status;
}

int pw_run_cachegrind_sum(const char *directory, uint64_t *instructions, unsigned *files,
                          struct pw_error *err)
{
    DIR *entries = opendir(directory);
    uint64_t sum = 0;
    unsigned count = 0;
    int status = 0;

    if (entries == NULL) {
        return pw_error_set_errno(err, errno, "cannot read the directory '%s'", directory);
    }
    for (struct dirent *entry = readdir(entries); status == 0 && entry != NULL;
         entry = readdir(entries)) {
        struct pw_strbuf path = PW_STRBUF_INIT;

        if (entry->d_name[0] == '.') {
            continue;
        }
        pw_path_join(&path, directory, entry->d_name);
        status = pw_strbuf_check(&path, err);
        if (status == 0) {
            status = add_file(pw_strbuf_text(&path), &sum, err);
        }
        pw_strbuf_release(&path);
        count++;
    }
    (void)closedir(entries);
    if (status == 0) {
        *instructions = sum;
        *files = count;
    }
    return status;
}

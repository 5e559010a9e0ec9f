/* Files: bounded reads, whole writes, nothing left behind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include "perfwarden/util.h"

static int enter_directory(void **state)
{
    char *name = strdup("/tmp/perfwarden-test-XXXXXX");
    if (name == NULL || mkdtemp(name) == NULL || chdir(name) != 0) {
        return -1;
    }
    *state = name;
    return 0;
}

static int leave_directory(void **state)
{
    struct pw_strbuf command = PW_STRBUF_INIT;
    pw_strbuf_printf(&command, "rm -rf '%s'", (const char *)*state);
    const int status = chdir("/") == 0 ? system(pw_strbuf_text(&command)) : -1;
    pw_strbuf_release(&command);
    free(*state);
    return status;
}

static size_t entries(void)
{
    size_t count = 0;
    DIR *here = opendir(".");
    assert_non_null(here);
    while (readdir(here) != NULL) {
        count++;
    }
    closedir(here);
    return count - 2;
}

static void assert_content(const char *path, const char *expected)
{
    struct pw_strbuf content = PW_STRBUF_INIT;
    struct pw_error err = PW_ERROR_INIT;
    assert_int_equal(pw_file_read(path, 1000, &content, &err), 0);
    assert_string_equal(pw_strbuf_text(&content), expected);
    pw_strbuf_release(&content);
}

static void writes_replace_and_leave_nothing_behind(void **state)
{
    (void)state;
    struct pw_error err = PW_ERROR_INIT;
    assert_int_equal(pw_file_write("a", "one", 3, &err), 0);
    assert_content("a", "one");
    assert_int_equal(chmod("a", 0640), 0);
    assert_int_equal(pw_file_write("a", "two", 3, &err), 0);
    assert_content("a", "two");
    struct stat written;
    assert_int_equal(stat("a", &written), 0);
    assert_int_equal(written.st_mode & 0777, 0640);
    assert_int_equal(entries(), 1);
}

static void create_never_overwrites(void **state)
{
    (void)state;
    struct pw_error err = PW_ERROR_INIT;
    assert_int_equal(pw_file_create("a", "one", 3, &err), 0);
    assert_int_equal(pw_file_create("a", "two", 3, &err), PW_EEXISTS);
    assert_string_equal(pw_error_message(&err), "cannot write 'a': File exists");
    assert_content("a", "one");
    assert_int_equal(entries(), 1);
    pw_error_release(&err);
}

static void writes_follow_symbolic_links(void **state)
{
    (void)state;
    struct pw_error err = PW_ERROR_INIT;
    assert_int_equal(pw_file_write("a", "one", 3, &err), 0);
    assert_int_equal(symlink("a", "link"), 0);
    assert_int_equal(pw_file_write("link", "two", 3, &err), 0);
    assert_content("a", "two");
    struct stat link;
    assert_int_equal(lstat("link", &link), 0);
    assert_true(S_ISLNK(link.st_mode));
}

static void unwritable_paths_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        int status;
        const char *message;
    } cases[] = {
        {"no/such/file", PW_ENOTFOUND, "cannot write 'no/such/file': No such file or directory"},
        {".", PW_EIO, "cannot write '.': Is a directory"},
        {"/proc/x", PW_ENOTFOUND, "cannot write '/proc/x': No such file or directory"},
    };
    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        struct pw_error err = PW_ERROR_INIT;
        assert_int_equal(pw_file_write(cases[i].path, "x", 1, &err), cases[i].status);
        assert_string_equal(pw_error_message(&err), cases[i].message);
        pw_error_release(&err);
        assert_int_equal(pw_file_check_writable(cases[i].path, &err), cases[i].status);
        assert_string_equal(pw_error_message(&err), cases[i].message);
        pw_error_release(&err);
    }
    struct pw_error err = PW_ERROR_INIT;
    assert_int_equal(pw_file_write("/dev/full", "x", 1, &err), PW_EIO);
    assert_string_equal(pw_error_message(&err),
                        "cannot write '/dev/full': No space left on device");
    pw_error_release(&err);
    assert_int_equal(pw_file_write("/dev/null", "x", 1, &err), 0);
    assert_int_equal(pw_file_check_writable("new", &err), 0);
    assert_int_equal(entries(), 0);
}

static void reads_are_bounded(void **state)
{
    (void)state;
    struct pw_error err = PW_ERROR_INIT;
    struct pw_strbuf content = PW_STRBUF_INIT;
    assert_int_equal(pw_file_write("a", "12345", 5, &err), 0);
    assert_int_equal(pw_file_read("a", 4, &content, &err), PW_EFORMAT);
    assert_string_equal(pw_error_message(&err), "'a' is larger than 4 bytes");
    assert_int_equal(pw_file_read("/dev/zero", 1000, &content, &err), PW_EFORMAT);
    assert_int_equal(pw_file_read("absent", 4, &content, &err), PW_ENOTFOUND);
    assert_int_equal(pw_file_read(".", 4, &content, &err), PW_EIO);
    pw_error_release(&err);
    pw_strbuf_release(&content);
}

static void directories_and_paths(void **state)
{
    (void)state;
    struct pw_error err = PW_ERROR_INIT;
    assert_int_equal(pw_make_directories("x/y/z", &err), 0);
    assert_int_equal(pw_make_directories("x/y/z/", &err), 0);
    assert_true(pw_path_exists("x/y/z"));
    assert_int_equal(pw_file_write("x/file", "", 0, &err), 0);
    assert_int_equal(pw_make_directories("x/file/y", &err), PW_EIO);
    pw_error_release(&err);
    struct pw_strbuf path = PW_STRBUF_INIT;
    pw_path_join(&path, "/a/", "b");
    pw_strbuf_putc(&path, ' ');
    pw_path_join(&path, "/a", "b");
    pw_strbuf_putc(&path, ' ');
    pw_path_join(&path, "/a", "/b");
    pw_strbuf_putc(&path, ' ');
    pw_path_join(&path, "", "b");
    assert_string_equal(pw_strbuf_text(&path), "/a/b /a/b /b b");
    pw_strbuf_release(&path);
}

static void write_to(int fd, const char *text)
{
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    assert_int_equal(close(fd), 0);
}

/* The old content is there until the new is complete; a failure leaves nothing behind. */
static void pieces_take_their_place_when_complete(void **state)
{
    (void)state;
    struct pw_error err = PW_ERROR_INIT;
    struct pw_strbuf temporary = PW_STRBUF_INIT;
    int fd = -1;
    assert_int_equal(pw_file_write("file", "old", 3, &err), 0);
    assert_int_equal(chmod("file", 0640), 0);
    assert_int_equal(pw_file_begin("file", &temporary, &fd, &err), 0);
    write_to(fd, "new");
    assert_content("file", "old");
    assert_int_equal(pw_file_finish("file", &temporary, &err), 0);
    assert_content("file", "new");
    struct stat info;
    assert_int_equal(stat("file", &info), 0);
    assert_int_equal(info.st_mode & 0777, 0640);
    assert_int_equal(entries(), 1);
    pw_strbuf_clear(&temporary);
    assert_int_equal(pw_file_begin("file", &temporary, &fd, &err), 0);
    write_to(fd, "half");
    pw_file_abandon(&temporary);
    assert_content("file", "new");
    assert_int_equal(entries(), 1);
    pw_strbuf_clear(&temporary);
    assert_int_equal(pw_file_begin("/dev/null", &temporary, &fd, &err), 0);
    assert_int_equal(temporary.length, 0);
    write_to(fd, "x");
    assert_int_equal(pw_file_finish("/dev/null", &temporary, &err), 0);
    assert_int_equal(pw_file_begin("none/file", &temporary, &fd, &err), PW_ENOTFOUND);
    pw_error_release(&err);
    assert_int_equal(pw_file_begin(".", &temporary, &fd, &err), PW_EIO);
    pw_error_release(&err);
    pw_strbuf_release(&temporary);
}

#define IN_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, enter_directory, leave_directory)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_DIRECTORY(writes_replace_and_leave_nothing_behind),
        IN_DIRECTORY(create_never_overwrites),
        IN_DIRECTORY(writes_follow_symbolic_links),
        IN_DIRECTORY(unwritable_paths_are_named),
        IN_DIRECTORY(reads_are_bounded),
        IN_DIRECTORY(directories_and_paths),
        IN_DIRECTORY(pieces_take_their_place_when_complete),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Searching for the base of a row. */
#include "git_base_rows.h"

#include <stdlib.h>
#include <string.h>

static const struct base_row *current_row;
static char *event_path;
static char *feature; /* branch feature's commit */
static char *head;    /* HEAD's */

static const char *read_variable(const char *name)
{
    for (size_t i = 0; i < MAX_VARIABLES; i++) {
        const char *const *variable = current_row->variables[i];
        if (variable[0] == NULL || strcmp(variable[0], name) != 0) {
            continue;
        }
        if (strcmp(name, "GITHUB_EVENT_PATH") == 0) {
            return event_path;
        }
        if (strcmp(variable[1], "HEAD") == 0) {
            return head;
        }
        return strcmp(variable[1], "@") == 0 ? feature : variable[1];
    }
    return NULL;
}

/* The expected reason, with the commit of "feature" in the place of '@'. */
static char *expected_reason(const char *text)
{
    struct pw_strbuf out = PW_STRBUF_INIT;
    const size_t length = strcspn(text, "@");

    pw_strbuf_append(&out, text, length);
    if (text[length] == '@') {
        pw_strbuf_append(&out, feature, 12);
        pw_strbuf_puts(&out, text + length + 1);
    }
    char *reason = pw_strbuf_detach(&out);
    assert_non_null(reason);
    return reason;
}

static void check_row(const struct base_row *row)
{
    struct pw_error err = PW_ERROR_INIT;
    struct pw_arena arena = {0};
    struct pw_git_base base = {.reason = "untouched"};

    print_message("%s\n", row->name);
    current_row = row;
    fixture_do("rm -rf r s b w event.json; %s", row->script);
    feature = fixture_run("git -C r rev-parse --quiet --verify feature || echo none");
    head = fixture_run("git -C r rev-parse --quiet --verify HEAD || echo none");
    struct pw_git *git = fixture_open(row->directory == NULL ? "r" : row->directory);
    const int status = pw_git_find_base(git, row->revision, read_variable, &arena, &base, &err);
    if (row->commit == NULL) {
        fixture_assert_error(status, row->status, &err, row->text);
        assert_string_equal(base.reason, "untouched");
    } else {
        fixture_assert_ok(status, &err);
        char *reason = expected_reason(row->text);
        assert_string_equal(base.reason, reason);
        char *expected = fixture_run("git -C r rev-parse '%s^{commit}'", row->commit);
        assert_string_equal(base.commit, expected);
        free(expected);
        free(reason);
    }
    pw_git_free(git);
    pw_arena_release(&arena);
    free(feature);
    free(head);
    feature = NULL;
    head = NULL;
}

void base_rows_check(const struct base_row *rows, size_t count)
{
    event_path = fixture_path("event.json");
    for (size_t i = 0; i < count; i++) {
        check_row(&rows[i]);
    }
    free(event_path);
    event_path = NULL;
}

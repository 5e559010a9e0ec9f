/* Damaged objects that libgit2 by itself would overrun a buffer with, or wait for without end. */
#include "git_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#define REF     "refs/perfwarden/baselines"
#define CONTENT "forty bytes of content that is not JSON."

/* A test that loops is ended: the signal fails it. */
#define PATIENCE_S 60

/* A blob that is stored and then replaced by something else. */
static const struct {
    const char *name;
    const char *head; /**< what is deflated in place of "blob 40", with its NUL */
    size_t head_length;
    size_t kept;         /**< deflated bytes that are left; 0 for all */
    const char *message; /**< NULL when it can be read */
} objects[] = {
    {"as it was", "blob 40", sizeof("blob 40"), 0, NULL},
    {"longer than it says", "blob 3", sizeof("blob 3"), 0, "longer than it says"},
    {"empty, it says", "blob 0", sizeof("blob 0"), 0, "longer than it says"},
    {"one byte too long", "blob 39", sizeof("blob 39"), 0, "longer than it says"},
    {"shorter than it says", "blob 400", sizeof("blob 400"), 0, "shorter than it says"},
    {"cut", "blob 40", sizeof("blob 40"), 20, "ends too early"},
    {"cut in its header", "blob 40", sizeof("blob 40"), 4, "ends too early"},
    {"of no type", "blub 40", sizeof("blub 40"), 0, "no known type"},
    {"of a long type", "blobblobblob 40", sizeof("blobblobblob 40"), 0, "header is malformed"},
    {"of no length", "blob ", sizeof("blob "), 0, "header is malformed"},
    {"of no number", "blob 4x", sizeof("blob 4x"), 0, "length is malformed"},
    {"without an end of the header", "blob 40", sizeof("blob 40") - 1, 0, "header is malformed"},
    {"of a length that is too large", "blob 99999999999999999999999",
     sizeof("blob 99999999999999999999999"), 0, "length is malformed"},
};

static void write_object(const char *path, size_t row)
{
    unsigned char plain[128];
    unsigned char deflated[256];
    uLongf length = sizeof(deflated);
    const size_t head = objects[row].head_length;

    memcpy(plain, objects[row].head, head);
    memcpy(plain + head, CONTENT, sizeof(CONTENT) - 1);
    assert_int_equal(compress(deflated, &length, plain, (uLong)(head + sizeof(CONTENT) - 1)), Z_OK);
    if (objects[row].kept > 0) {
        length = objects[row].kept;
    }
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(deflated, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

static void reads_loose_objects_with_care(void **state)
{
    (void)state;
    const struct pw_git_change change = {"a", CONTENT, sizeof(CONTENT) - 1};
    struct pw_error err = PW_ERROR_INIT;

    fixture_do("new r");
    struct pw_git *git = fixture_open("r");
    fixture_assert_ok(pw_git_ref_update(git, REF, &change, 1, "add", &err), &err);
    pw_git_free(git);
    char *path = fixture_run("cd r; id=$(git rev-parse " REF ":a); p=.git/objects/$(echo $id | "
                             "cut -c 1-2)/$(echo $id | cut -c 3-); chmod u+w $p; echo $PWD/$p");
    (void)alarm(PATIENCE_S);
    for (size_t i = 0; i < PW_COUNT(objects); i++) {
        struct pw_strbuf text = PW_STRBUF_INIT;
        print_message("%s\n", objects[i].name);
        write_object(path, i);
        git = fixture_open("r");
        const int status = pw_git_ref_read(git, REF, "a", &text, &err);
        if (objects[i].message == NULL) {
            fixture_assert_ok(status, &err);
            assert_string_equal(pw_strbuf_text(&text), CONTENT);
        } else {
            fixture_assert_error(status, PW_EGIT, &err, objects[i].message);
        }
        pw_strbuf_release(&text);
        pw_git_free(git);
    }
    (void)alarm(0);
    free(path);
}

/* The first byte of an offset leads into a table that this index does not have, the second and the
 * third beyond the end of the pack. */
static void refuses_a_damaged_pack_index(void **state)
{
    (void)state;

    for (unsigned byte = 0; byte < 3; byte++) {
        struct pw_error err = PW_ERROR_INIT;
        struct pw_git *git = NULL;
        fixture_do("rm -rf r; new r; c one; c two; git repack -adq; git fsck >/dev/null 2>&1");
        git = fixture_open("r");
        pw_git_free(git);
        git = NULL;
        fixture_do("cd r; f=$(ls .git/objects/pack/*.idx); chmod u+w $f; "
                   "n=$(git show-index <$f | wc -l); printf '\\377' | "
                   "dd of=$f bs=1 seek=$((1032 + n * 24 + %u)) conv=notrunc 2>/dev/null",
                   byte);
        char *path = fixture_path("r");
        fixture_assert_error(pw_git_open(path, &git, &err), PW_EGIT, &err, ".idx' is damaged");
        free(path);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reads_loose_objects_with_care, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(refuses_a_damaged_pack_index, fixture_setup,
                                        fixture_teardown),
    };

    return cmocka_run_group_tests_name("git_damage", tests, NULL, NULL);
}

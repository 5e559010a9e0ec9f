/* Clones that exchange a ref. */
#include "transport_scene.h"

#include <stdlib.h>
#include <string.h>

int scene_setup(void **state)
{
    const int failed = fixture_setup(state);

    fixture_do("git init -q --bare -b main r.git; new a; c one; git remote add origin ../r.git; "
               "git push -q -u origin main; git clone -q ../r.git ../b");
    return failed;
}

void scene_store(const char *repository, const char *path, const char *text)
{
    const struct pw_git_change change = {path, text, text == NULL ? 0 : strlen(text)};
    struct pw_error err = PW_ERROR_INIT;
    struct pw_git *git = fixture_open(repository);

    fixture_assert_ok(pw_git_ref_update(git, REF, &change, 1, path, &err), &err);
    pw_git_free(git);
}

int scene_exchange(const char *repository, scene_exchange_fn exchange, struct pw_git_exchange *out,
                   struct pw_error *err)
{
    const struct pw_git_remote remote = {
        .name = "origin", .ref = REF, .timeout_ns = UINT64_C(20000000000)};
    struct pw_git *git = fixture_open(repository);
    const int status = exchange(git, &remote, out, err);

    pw_git_free(git);
    return status;
}

struct pw_git_exchange scene_do(const char *repository, scene_exchange_fn exchange)
{
    struct pw_error err = PW_ERROR_INIT;
    struct pw_git_exchange out = {.is_absent = true};

    fixture_assert_ok(scene_exchange(repository, exchange, &out, &err), &err);
    return out;
}

void scene_assert_files(const char *repository, const char *files)
{
    char *listing =
        fixture_run("git -C %s ls-tree -r --name-only " REF " | tr '\\n' ' '", repository);
    char *report = fixture_run(
        "cd %s; git fsck --strict 2>&1 | grep -v '^dangling\\|^notice' || true; "
        "git for-each-ref --format='%%(refname)' refs/perfwarden refs/perfwarden-fetch | "
        "grep -vx " REF " || true",
        repository);
    const size_t length = strlen(listing);

    if (length > 0) {
        listing[length - 1] = '\0';
    }
    assert_string_equal(listing, files);
    assert_string_equal(report, "");
    free(listing);
    free(report);
}

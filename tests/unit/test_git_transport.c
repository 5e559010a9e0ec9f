/* Fetching: what comes of our ref and a remote's, whatever has become of both. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "transport_scene.h"

static char *tip(const char *repository)
{
    return fixture_run("git -C %s rev-parse -q --verify " REF " || true", repository);
}

/* Read without git, which would fetch what is not there. */
static void assert_content(const char *repository, const char *path, const char *expected)
{
    struct pw_error err = PW_ERROR_INIT;
    struct pw_strbuf content = PW_STRBUF_INIT;
    struct pw_git *git = fixture_open(repository);

    fixture_assert_ok(pw_git_ref_read(git, REF, path, &content, &err), &err);
    assert_string_equal(pw_strbuf_text(&content), expected);
    pw_strbuf_release(&content);
    pw_git_free(git);
}

static void follows_the_remote(void **state)
{
    (void)state;
    struct pw_git_exchange done = scene_do("a", pw_git_remote_fetch);

    assert_true(done.is_absent);
    scene_store("r.git", "2f/x", "1");
    scene_store("r.git", "30/y", "2");
    done = scene_do("a", pw_git_remote_fetch);
    assert_false(done.is_absent);
    assert_true(done.is_created);
    assert_int_equal(done.received, 2);
    scene_assert_files("a", "2f/x 30/y");

    done = scene_do("a", pw_git_remote_fetch);
    assert_false(done.is_created);
    assert_int_equal(done.received, 0);

    scene_store("r.git", "2f/z", "3");
    done = scene_do("a", pw_git_remote_fetch);
    assert_int_equal(done.received, 1);
    char *ours = tip("a");
    char *theirs = tip("r.git");
    assert_string_equal(ours, theirs);
    free(theirs);

    scene_store("a", "2f/local", "4");
    theirs = tip("a");
    done = scene_do("a", pw_git_remote_fetch);
    assert_int_equal(done.received, 0);
    char *after = tip("a");
    assert_string_equal(after, theirs);
    free(ours);
    free(theirs);
    free(after);
}

static void unites_what_has_diverged(void **state)
{
    (void)state;
    scene_store("r.git", "2f/base", "1");
    (void)scene_do("a", pw_git_remote_fetch);
    scene_store("r.git", "2f/theirs", "2");
    scene_store("r.git", "40/both", "same");
    scene_store("a", "2f/ours", "3");
    scene_store("a", "40/both", "same");
    scene_store("a", "top", "4");
    const struct pw_git_exchange done = scene_do("a", pw_git_remote_fetch);
    assert_int_equal(done.received, 1);
    assert_int_equal(done.removed, 0);
    scene_assert_files("a", "2f/base 2f/ours 2f/theirs 40/both top");
    fixture_do("cd a; test $(git rev-list --parents -n 1 " REF " | wc -w) = 3; "
               "git merge-base --is-ancestor $(git -C ../r.git rev-parse " REF ") " REF);
    fixture_do("test \"$(git -C a show " REF ":top)\" = 4");
}

static void unites_unrelated_histories(void **state)
{
    (void)state;
    scene_store("r.git", "2f/theirs", "1");
    scene_store("r.git", "2f/same", "2");
    scene_store("a", "2f/ours", "3");
    scene_store("a", "2f/same", "2");
    const struct pw_git_exchange done = scene_do("a", pw_git_remote_fetch);
    assert_int_equal(done.received, 1);
    scene_assert_files("a", "2f/ours 2f/same 2f/theirs");
}

static void lets_removals_be(void **state)
{
    (void)state;
    static const char *const paths[] = {"2f/a", "2f/b", "30/c", "30/d", "40/e"};

    for (size_t i = 0; i < PW_COUNT(paths); i++) {
        scene_store("r.git", paths[i], paths[i]);
    }
    (void)scene_do("a", pw_git_remote_fetch);
    scene_store("r.git", "2f/a", NULL);
    scene_store("r.git", "30/c", NULL);
    scene_store("r.git", "30/d", NULL);
    scene_store("r.git", "50/new", "1");
    scene_store("a", "2f/b", NULL);
    scene_store("a", "40/e", NULL);
    scene_store("a", "30/f", "2");
    const struct pw_git_exchange done = scene_do("a", pw_git_remote_fetch);
    assert_int_equal(done.received, 1);
    assert_int_equal(done.removed, 3);
    scene_assert_files("a", "30/f 50/new");
}

static void refuses_two_contents_of_one_path(void **state)
{
    (void)state;
    static const char *const paths[][2] = {
        {"2f/x/run.json", "2f/x/run.json"}, {"2f/x", "2f/x/run.json"}, {"2f/x/run.json", "2f/x"}};

    for (size_t i = 0; i < PW_COUNT(paths); i++) {
        struct pw_error err = PW_ERROR_INIT;
        struct pw_git_exchange done = {.received = 7};
        fixture_do("git -C r.git update-ref -d " REF "; git -C a update-ref -d " REF);
        scene_store("r.git", paths[i][0], "theirs");
        scene_store("a", paths[i][1], "ours");
        char *before = tip("a");
        fixture_assert_error(scene_exchange("a", pw_git_remote_fetch, &done, &err), PW_EEXISTS,
                             &err, i == 0 ? "'2f/x/run.json'" : "'2f/x'");
        char *after = tip("a");
        assert_string_equal(before, after);
        assert_int_equal(done.received, 7);
        free(before);
        free(after);
    }
}

/* Refs that are kept another way than in a file of their own, or are more than a commit's id. */
static void reads_refs_of_any_kind(void **state)
{
    (void)state;
    struct pw_error err = PW_ERROR_INIT;
    struct pw_git_exchange done;

    scene_store("r.git", "2f/x", "1");
    scene_store("a", "2f/y", "2");
    fixture_do("git -C r.git pack-refs --all; git -C a pack-refs --all");
    assert_int_equal(scene_do("a", pw_git_remote_fetch).received, 1);
    scene_assert_files("a", "2f/x 2f/y");

    fixture_do("cd r.git; git update-ref refs/real " REF "; git symbolic-ref " REF " refs/real");
    assert_true(scene_do("b", pw_git_remote_fetch).is_created);
    scene_assert_files("b", "2f/x");
    scene_store("b", "2f/z", "3");
    assert_true(scene_do("b", pw_git_remote_push).is_pushed);
    fixture_do("test $(git -C r.git rev-parse refs/real) = $(git -C b rev-parse " REF ")");

    fixture_do("cd r.git; git symbolic-ref -d " REF "; git tag -a -m t annotated main; "
               "git update-ref " REF " $(git rev-parse annotated)");
    fixture_assert_error(scene_exchange("a", pw_git_remote_fetch, &done, &err), PW_EGIT, &err,
                         "is a tag, not a commit");
    fixture_assert_error(scene_exchange("a", pw_git_remote_push, &done, &err), PW_EGIT, &err,
                         "is a tag, not a commit");
    scene_assert_files("a", "2f/x 2f/y");
}

/* A clone without its history, without its files, without a work tree, beside another one; one
 * that follows every ref of the remote. */
static void works_in_clones_of_any_kind(void **state)
{
    (void)state;
    static const char *const kinds[] = {
        "git clone -q --depth 1 \"file://$PWD/r.git\" k",
        "git -C r.git config uploadpack.allowFilter true; "
        "git clone -q --filter=blob:none \"file://$PWD/r.git\" k",
        "git clone -q --bare r.git k",
        "git -C a worktree add -q --detach ../k",
        "git clone -q --mirror r.git k; git -C k config fetch.prune true; "
        "git -C k update-ref -d " REF,
    };

    scene_store("r.git", "2f/theirs", "1");
    fixture_do("cd a; c two; git push -q");
    for (size_t i = 0; i < PW_COUNT(kinds); i++) {
        /* a commit of the same second and content would be the same commit */
        char path[] = "2f/ours-0";
        path[sizeof(path) - 2] = (char)('0' + i);
        char *both = fixture_run("printf '%s 2f/theirs'", path);
        fixture_do("rm -rf k; %s", kinds[i]);
        scene_store("k", path, "2");
        assert_int_equal(scene_do("k", pw_git_remote_fetch).received, 1);
        scene_assert_files("k", both);
        assert_content("k", "2f/theirs", "1");
        assert_int_equal(scene_do("k", pw_git_remote_push).sent, 1);
        scene_assert_files("r.git", both);
        scene_store("r.git", path, NULL);
        free(both);
    }
}

/* Where the ref's own history was cut off, too: `git fetch --depth 1 origin REF:REF`. */
static void goes_on_from_a_cut_history(void **state)
{
    (void)state;
    scene_store("r.git", "2f/a", "1");
    scene_store("r.git", "2f/b", "2");
    scene_store("r.git", "2f/c", "3");
    fixture_do("git clone -q --depth 1 \"file://$PWD/r.git\" k; cd k; "
               "git fetch -q --depth 1 origin " REF ":" REF);
    assert_int_equal(scene_do("k", pw_git_remote_fetch).received, 0);
    scene_store("k", "2f/ours", "4");
    scene_store("r.git", "2f/theirs", "5");
    scene_store("r.git", "2f/a", NULL);
    const struct pw_git_exchange done = scene_do("k", pw_git_remote_fetch);
    assert_int_equal(done.received, 1);
    assert_int_equal(done.removed, 1);
    scene_assert_files("k", "2f/b 2f/c 2f/ours 2f/theirs");
    assert_int_equal(scene_do("k", pw_git_remote_push).sent, 1);
    scene_assert_files("r.git", "2f/b 2f/c 2f/ours 2f/theirs");
}

static void takes_any_name_of_a_ref(void **state)
{
    (void)state;
    static const char *const names[] = {"refs/odd/a$b;c&d'é\"|-", "refs/perfwarden/fetch",
                                        "refs/heads/-x", "refs/perfwarden"};
    const struct pw_git_change change = {"2f/x", "1", 1};

    for (size_t i = 0; i < PW_COUNT(names); i++) {
        struct pw_error err = PW_ERROR_INIT;
        struct pw_git_exchange done;
        const struct pw_git_remote remote = {
            .name = "origin", .ref = names[i], .timeout_ns = UINT64_C(20000000000)};
        struct pw_git *a = fixture_open("a");
        struct pw_git *b = fixture_open("b");
        fixture_assert_ok(pw_git_ref_update(a, names[i], &change, 1, "x", &err), &err);
        if (strcmp(names[i], "refs/perfwarden") == 0) {
            fixture_assert_error(pw_git_remote_push(a, &remote, &done, &err), PW_EINVAL, &err,
                                 "three parts");
            fixture_do("git -C r.git fetch -q ../a refs/perfwarden:refs/perfwarden");
        } else {
            fixture_assert_ok(pw_git_remote_push(a, &remote, &done, &err), &err);
        }
        fixture_assert_ok(pw_git_remote_fetch(b, &remote, &done, &err), &err);
        assert_int_equal(done.received, 1);
        pw_git_free(a);
        pw_git_free(b);
        fixture_do("for d in a b r.git; do for r in $(git -C $d for-each-ref "
                   "--format='%%(refname)' refs/odd refs/perfwarden refs/heads/-x); do "
                   "git -C $d update-ref -d \"$r\"; done; done");
    }
}

static void says_why_it_cannot_fetch(void **state)
{
    (void)state;
    static const struct {
        const char *scene;
        const char *name;
        const char *ref;
        int status;
        const char *text;
    } cases[] = {
        {"true", "nowhere", REF, PW_EGIT, "'nowhere' does not appear to be a git repository"},
        {"printf '#!/bin/sh\\necho \"fatal: not https://u:secret@h/x\" >&2; exit 1\\n' >say; "
         "chmod +x say; git -C a config remote.origin.uploadpack $PWD/say",
         "origin", REF, PW_EGIT, "not https://h/x"},
        {"git -C a config --unset remote.origin.uploadpack; rm -rf r.git", "origin", REF, PW_EGIT,
         "cannot ask 'origin' for '" REF "'"},
        {"true", "https://u:secret@127.0.0.1:1/x", REF, PW_EGIT, "'https://127.0.0.1:1/x'"},
        {"true", "origin", "refs/heads/main", PW_EINVAL, "checked out"},
        {"true", "origin", "main", PW_EINVAL, "full name"},
    };

    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        struct pw_error err = PW_ERROR_INIT;
        struct pw_git_exchange done;
        const struct pw_git_remote remote = {
            .name = cases[i].name, .ref = cases[i].ref, .timeout_ns = UINT64_C(20000000000)};
        fixture_do("%s", cases[i].scene);
        struct pw_git *git = fixture_open("a");
        const int status = pw_git_remote_fetch(git, &remote, &done, &err);
        assert_null(strstr(pw_error_message(&err), "secret"));
        fixture_assert_error(status, cases[i].status, &err, cases[i].text);
        pw_git_free(git);
    }
}

/* The scratch ref is gone afterwards, and what a killed process left long ago. */
static void leaves_no_scratch_behind(void **state)
{
    (void)state;
    scene_store("r.git", "2f/x", "1");
    fixture_do("cd a; git update-ref refs/perfwarden/fetch/01ARZ3NDEKTSV4RRFFQ69G5FAV HEAD; "
               "git update-ref refs/perfwarden/fetch/mine HEAD; "
               "git config --add remote.origin.fetch '+refs/perfwarden/*:refs/followed/*'");
    (void)scene_do("a", pw_git_remote_fetch);
    char *left = fixture_run("git -C a for-each-ref --format='%%(refname)' refs/perfwarden/fetch");
    assert_string_equal(left, "refs/perfwarden/fetch/mine");
    fixture_do("cd a; test ! -e .git/FETCH_HEAD; test -z \"$(git for-each-ref refs/followed)\"");
    free(left);
}

static void hides_what_is_secret_in_a_url(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"origin", "origin"},
        {"https://host/x.git", "https://host/x.git"},
        {"https://user:pass@host/x@y", "https://host/x@y"},
        {"https://to:k@n@host", "https://host"},
        {"ssh://git@host:22/x and http://a:b@c", "ssh://host:22/x and http://c"},
        {"git@host:x", "git@host:x"},
        {"://@", "://"},
    };

    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        struct pw_strbuf out = PW_STRBUF_INIT;
        pw_git_remote_show(&out, cases[i][0]);
        assert_string_equal(pw_strbuf_text(&out), cases[i][1]);
        pw_strbuf_release(&out);
    }
}

static void chooses_the_remote(void **state)
{
    (void)state;
    static const struct {
        const char *scene;
        const char *wanted;
        int status;
        const char *text; /* the remote, or a part of the message */
    } cases[] = {
        {"new n; c one", NULL, PW_ENOTFOUND, "has no remote"},
        {"cd n; git remote add only x", NULL, PW_OK, "only"},
        {"cd n; git config --add remote.only.url y", NULL, PW_OK, "only"},
        {"cd n; git remote add other.x y", NULL, PW_ENOTFOUND, "several remotes"},
        {"cd n; git remote add origin z", NULL, PW_OK, "origin"},
        {"cd n; git config branch.main.remote other.x", NULL, PW_OK, "other.x"},
        {"cd n; git config branch.main.remote .", NULL, PW_OK, "origin"},
        {"cd n; git config branch.main.remote only; git checkout -q --detach", NULL, PW_OK,
         "origin"},
        {"true", "wanted", PW_OK, "wanted"},
        {"true", "--upload-pack=x", PW_EINVAL, "'--upload-pack=x' is no remote"},
        {"true", "", PW_EINVAL, "'' is no remote"},
    };

    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        struct pw_error err = PW_ERROR_INIT;
        struct pw_strbuf out = PW_STRBUF_INIT;
        fixture_do("%s", cases[i].scene);
        struct pw_git *git = fixture_open("n");
        const int status = pw_git_remote_choose(git, cases[i].wanted, &out, &err);
        if (cases[i].status == PW_OK) {
            fixture_assert_ok(status, &err);
            assert_string_equal(pw_strbuf_text(&out), cases[i].text);
        } else {
            fixture_assert_error(status, cases[i].status, &err, cases[i].text);
        }
        pw_strbuf_release(&out);
        pw_git_free(git);
    }
}

#define WITH_SCENE(test) cmocka_unit_test_setup_teardown(test, scene_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_SCENE(follows_the_remote),
        WITH_SCENE(unites_what_has_diverged),
        WITH_SCENE(unites_unrelated_histories),
        WITH_SCENE(lets_removals_be),
        WITH_SCENE(refuses_two_contents_of_one_path),
        WITH_SCENE(reads_refs_of_any_kind),
        WITH_SCENE(works_in_clones_of_any_kind),
        WITH_SCENE(goes_on_from_a_cut_history),
        WITH_SCENE(takes_any_name_of_a_ref),
        WITH_SCENE(says_why_it_cannot_fetch),
        WITH_SCENE(leaves_no_scratch_behind),
        WITH_SCENE(hides_what_is_secret_in_a_url),
        WITH_SCENE(chooses_the_remote),
    };

    return cmocka_run_group_tests_name("git_transport", tests, NULL, NULL);
}

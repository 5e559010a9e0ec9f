/* Pushing: to remotes that others write to, that refuse, that do not answer. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "transport_scene.h"

static void brings_both_together(void **state)
{
    (void)state;
    struct pw_error err = PW_ERROR_INIT;
    struct pw_git_exchange done;

    fixture_assert_error(scene_exchange("a", pw_git_remote_push, &done, &err), PW_ENOTFOUND, &err,
                         "neither this clone nor 'origin' has '" REF "'");
    scene_store("a", "2f/a", "1");
    done = scene_do("a", pw_git_remote_push);
    assert_true(done.is_absent);
    assert_true(done.is_pushed);
    assert_int_equal(done.sent, 1);
    assert_int_equal(done.withdrawn, 0);
    assert_int_equal(done.attempts, 1);

    done = scene_do("a", pw_git_remote_push);
    assert_false(done.is_pushed);
    assert_int_equal(done.attempts, 0);

    scene_store("b", "2f/b", "2");
    scene_store("b", "2f/c", "3");
    done = scene_do("b", pw_git_remote_push);
    assert_int_equal(done.sent, 2);
    assert_int_equal(done.received, 1);
    assert_int_equal(done.attempts, 1);
    scene_assert_files("b", "2f/a 2f/b 2f/c");
    scene_assert_files("r.git", "2f/a 2f/b 2f/c");

    /* nothing of its own: a push is a fetch */
    done = scene_do("a", pw_git_remote_push);
    assert_false(done.is_pushed);
    assert_int_equal(done.received, 2);
    scene_assert_files("a", "2f/a 2f/b 2f/c");
}

static void takes_a_removal_along(void **state)
{
    (void)state;
    scene_store("a", "2f/a", "1");
    scene_store("a", "2f/b", "2");
    (void)scene_do("a", pw_git_remote_push);
    scene_store("a", "2f/a", NULL);
    const struct pw_git_exchange done = scene_do("a", pw_git_remote_push);
    assert_true(done.is_pushed);
    assert_int_equal(done.sent, 0);
    assert_int_equal(done.withdrawn, 1);
    scene_assert_files("r.git", "2f/b");
}

/* A remote that is pushed to elsewhere: its other repository is the one that is asked. */
static void goes_where_git_pushes(void **state)
{
    (void)state;
    static const char *const ways[] = {
        "git -C a remote set-url --push origin ../push.git",
        "git -C a config --unset remote.origin.pushurl; "
        "git -C a config url.../push.git.pushInsteadOf ../r.git",
    };

    fixture_do("git init -q --bare -b main push.git");
    scene_store("r.git", "2f/other", "1");
    scene_store("push.git", "2f/theirs", "2");
    for (size_t i = 0; i < PW_COUNT(ways); i++) {
        char path[] = "2f/a0";
        path[sizeof(path) - 2] = (char)('0' + i);
        fixture_do("%s", ways[i]);
        scene_store("a", path, path);
        const struct pw_git_exchange done = scene_do("a", pw_git_remote_push);
        assert_true(done.is_pushed);
        assert_int_equal(done.attempts, 1);
        assert_int_equal(done.received, i == 0 ? 1 : 0);
    }
    scene_assert_files("push.git", "2f/a0 2f/a1 2f/theirs");
    scene_assert_files("r.git", "2f/other");
    /* a fetch is one from where git fetches */
    assert_int_equal(scene_do("a", pw_git_remote_fetch).received, 1);
    scene_assert_files("a", "2f/a0 2f/a1 2f/other 2f/theirs");
}

/* Someone else is faster, three times: the remote moves between our question and our push. */
static void is_not_first(void **state)
{
    (void)state;
    scene_store("a", "2f/a", "1");
    scene_store("b", "2f/b", "2");
    (void)scene_do("b", pw_git_remote_push);
    fixture_do("cat >faster <<'E'\n#!/bin/sh\n"
               "n=$(cat \"$0.count\" 2>/dev/null || echo 0); echo $((n + 1)) >\"$0.count\"\n"
               "if [ $n -lt 3 ]; then (cd \"$1\"; o=$(git rev-parse " REF ")\n"
               "b=$(echo $n | git hash-object -w --stdin)\n"
               "t=$( (git ls-tree $o; printf \"100644 blob $b\\tf$n\\n\") | git mktree)\n"
               "git update-ref " REF " $(git commit-tree -p $o -m faster $t)); fi\n"
               "exec git-receive-pack \"$@\"\nE\n"
               "chmod +x faster; git -C a config remote.origin.receivepack $PWD/faster");
    const struct pw_git_exchange done = scene_do("a", pw_git_remote_push);
    assert_true(done.is_pushed);
    assert_int_equal(done.attempts, 4);
    scene_assert_files("r.git", "2f/a 2f/b f0 f1 f2");
    scene_assert_files("a", "2f/a 2f/b f0 f1 f2");
}

/* A hook of the remote, as an opaque reason for a while. */
static void goes_on_while_it_is_rejected(void **state)
{
    (void)state;
    scene_store("a", "2f/a", "1");
    fixture_do("cd r.git; printf '#!/bin/sh\\nn=$(cat n 2>/dev/null || echo 0); "
               "echo $((n + 1)) >n; test $n -ge 4\\n' >hooks/pre-receive; "
               "chmod +x hooks/pre-receive");
    const struct pw_git_exchange done = scene_do("a", pw_git_remote_push);
    assert_int_equal(done.attempts, 5);
    scene_assert_files("r.git", "2f/a");
}

static int push_within(const char *repository, uint64_t timeout_ns, const volatile int *interrupted,
                       struct pw_git_exchange *out, struct pw_error *err)
{
    const struct pw_git_remote remote = {.name = "origin",
                                         .ref = REF,
                                         .timeout_ns = timeout_ns,
                                         .remedy = "wait longer",
                                         .interrupted = interrupted};
    struct pw_git *git = fixture_open(repository);
    const int status = pw_git_remote_push(git, &remote, out, err);

    pw_git_free(git);
    return status;
}

static void gives_up_in_the_end(void **state)
{
    (void)state;
    struct pw_error err = PW_ERROR_INIT;
    struct pw_git_exchange done = {.sent = 7};

    scene_store("a", "2f/a", "1");
    fixture_do("cd r.git; printf '#!/bin/sh\\necho \"not today, https://u:secret@h\" >&2; exit "
               "1\\n' >hooks/update; "
               "chmod +x hooks/update");
    const int status = push_within("a", UINT64_C(4000000000), NULL, &done, &err);
    assert_non_null(strstr(pw_error_message(&err), "not today, https://h"));
    assert_non_null(strstr(pw_error_message(&err), "hook declined"));
    fixture_assert_error(status, PW_EGIT, &err, "within 4 s; wait longer)");
    assert_int_equal(done.sent, 7);
    scene_assert_files("a", "2f/a");
}

/* What services say to a job that may only read, as a hook says it. */
static void knows_a_denial(void **state)
{
    (void)state;
    static const char *const words[] = {
        "error: GH006: Protected branch update failed for refs/perfwarden/baselines",
        "error: GH013: Repository rule violations found for refs/perfwarden/baselines",
        "Permission to owner/name.git denied to github-actions[bot]",
        "Write access to repository not granted",
        "This repository was archived so it is read-only",
        "GitLab: You are not allowed to push code to this project",
        "error: insufficient permission for adding an object to repository database ./objects",
        "TF401027: You need the Git 'GenericContribute' permission to perform this action",
    };

    scene_store("a", "2f/a", "1");
    for (size_t i = 0; i < PW_COUNT(words); i++) {
        struct pw_error err = PW_ERROR_INIT;
        struct pw_git_exchange done;
        fixture_do("cd r.git; cat >words <<'E'\n%s\nE\n"
                   "printf '#!/bin/sh\\necho x >>tries; cat words >&2; exit 1\\n' "
                   ">hooks/pre-receive; chmod +x hooks/pre-receive; rm -f tries",
                   words[i]);
        fixture_assert_error(scene_exchange("a", pw_git_remote_push, &done, &err), PW_EDENIED, &err,
                             words[i]);
        fixture_do("test $(wc -l <r.git/tries) = 1");
    }
    scene_assert_files("a", "2f/a");
}

/* A repository or a hook whose name sounds like a denial is none. */
static void takes_no_name_for_a_denial(void **state)
{
    (void)state;
    struct pw_error err = PW_ERROR_INIT;
    struct pw_git_exchange done;

    scene_store("a", "2f/a", "1");
    fixture_do("mv r.git access-denied.git; git -C a remote set-url origin ../access-denied.git; "
               "cd access-denied.git; printf '#!/bin/sh\\ntest -e n && exit 0; : >n; exit 1\\n' "
               ">hooks/pre-receive; chmod +x hooks/pre-receive");
    fixture_assert_ok(scene_exchange("a", pw_git_remote_push, &done, &err), &err);
    assert_int_equal(done.attempts, 2);
}

/* Neither kindness nor its helpers keep a git that takes too long. */
static void does_not_wait_forever(void **state)
{
    (void)state;
    struct pw_error err = PW_ERROR_INIT;
    struct pw_git_exchange done;

    scene_store("a", "2f/a", "1");
    fixture_do("printf '#!/bin/sh\\ntrap : TERM; echo $$ >%s/pid; while :; do sleep 1; done\\n' "
               ">slow; chmod +x slow; git -C a config remote.origin.uploadpack $PWD/slow",
               fixture_root());
    fixture_assert_error(push_within("a", UINT64_C(300000000), NULL, &done, &err), PW_EGIT, &err,
                         "'git ls-remote' did not end within 300 ms; wait longer");
    /* gone, or waiting for whoever is init here to notice */
    fixture_do("for i in $(seq 50); do s=/proc/$(cat pid)/status; test -e $s || exit 0; "
               "grep -q 'State:.Z' $s && exit 0; sleep 0.1; done; exit 1");
}

/* A remote that takes no push in time: the remedy is said once. */
static void says_once_what_to_do(void **state)
{
    (void)state;
    struct pw_error err = PW_ERROR_INIT;
    struct pw_git_exchange done;

    scene_store("a", "2f/a", "1");
    fixture_do("printf '#!/bin/sh\nexec sleep 60\n' >slow; chmod +x slow; "
               "git -C a config remote.origin.receivepack $PWD/slow");
    const int status = push_within("a", UINT64_C(2000000000), NULL, &done, &err);
    const char *remedy = strstr(pw_error_message(&err), "wait longer");
    assert_non_null(remedy);
    assert_null(strstr(remedy + 1, "wait longer"));
    fixture_assert_error(status, PW_EGIT, &err, "did not end within 2 s");
}

static void ends_when_it_is_told(void **state)
{
    (void)state;
    const volatile int interrupted = SIGINT;
    struct pw_error err = PW_ERROR_INIT;
    struct pw_git_exchange done;

    scene_store("a", "2f/a", "1");
    fixture_do("printf '#!/bin/sh\\nsleep 60\\n' >slow; chmod +x slow; "
               "git -C a config remote.origin.uploadpack $PWD/slow");
    fixture_assert_error(push_within("a", UINT64_C(20000000000), &interrupted, &done, &err),
                         PW_EINTERRUPTED, &err, "interrupted");
}

/* No hook of the user's runs, no agent of git asks, and what the user chose for ssh stays. */
static void asks_nobody(void **state)
{
    (void)state;
    static const struct {
        const char *scene;
        const char *expected;
    } cases[] = {
        {"true", "GIT_ASKPASS= GIT_SSH_COMMAND=ssh -oBatchMode=yes GIT_TERMINAL_PROMPT=0 "
                 "SSH_ASKPASS= SSH_ASKPASS_REQUIRE=never "},
        {"git -C a config core.sshCommand mine",
         "GIT_ASKPASS= GIT_TERMINAL_PROMPT=0 SSH_ASKPASS= SSH_ASKPASS_REQUIRE=never "},
    };

    assert_int_equal(unsetenv("CI") | unsetenv("JENKINS_URL") | unsetenv("TF_BUILD"), 0);
    assert_int_equal(setenv("GIT_ASKPASS", "/bin/false", 1), 0);
    assert_int_equal(unsetenv("GIT_SSH_COMMAND") | unsetenv("GIT_SSH"), 0);
    scene_store("a", "2f/a", "1");
    scene_store("r.git", "2f/theirs", "2");
    fixture_do("printf '#!/bin/sh\\nenv >%s/env; exec git-upload-pack \"$@\"\\n' >spy; "
               "chmod +x spy; git -C a config remote.origin.uploadpack $PWD/spy; "
               "printf '#!/bin/sh\\n: >%s/hooked\\n' >a/.git/hooks/pre-push; "
               "chmod +x a/.git/hooks/pre-push; cp a/.git/hooks/pre-push "
               "a/.git/hooks/reference-transaction",
               fixture_root(), fixture_root());
    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        fixture_do("%s", cases[i].scene);
        (void)scene_do("a", pw_git_remote_push);
        char *seen = fixture_run("grep 'ASKPASS\\|^GIT_SSH\\|PROMPT' env | LC_ALL=C sort | tr "
                                 "'\\n' ' '");
        assert_string_equal(seen, cases[i].expected);
        free(seen);
    }
    fixture_do("test ! -e hooked");
    assert_int_equal(unsetenv("GIT_ASKPASS"), 0);
}

#define WITH_SCENE(test) cmocka_unit_test_setup_teardown(test, scene_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_SCENE(brings_both_together),
        WITH_SCENE(takes_a_removal_along),
        WITH_SCENE(goes_where_git_pushes),
        WITH_SCENE(is_not_first),
        WITH_SCENE(goes_on_while_it_is_rejected),
        WITH_SCENE(gives_up_in_the_end),
        WITH_SCENE(knows_a_denial),
        WITH_SCENE(takes_no_name_for_a_denial),
        WITH_SCENE(does_not_wait_forever),
        WITH_SCENE(says_once_what_to_do),
        WITH_SCENE(ends_when_it_is_told),
        WITH_SCENE(asks_nobody),
    };

    return cmocka_run_group_tests_name("git_push", tests, NULL, NULL);
}

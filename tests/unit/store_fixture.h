/* Stores in both homes for tests, beside a small repository. */
#ifndef PERFWARDEN_TESTS_STORE_FIXTURE_H
#define PERFWARDEN_TESTS_STORE_FIXTURE_H

#include "git_fixture.h"

#include "perfwarden/store.h"

#define REF   "refs/perfwarden/baselines"
#define HERE  "0123456789ab"
#define THERE "ba9876543210"

/** One home and a repository "r" of six commits: m0 … m4 on main, f1 on a branch that m3 merges. */
struct store_fixture {
    enum pw_store_kind kind;
    char *directory;
    struct pw_git *git;
    struct pw_baseline_config config;
    struct pw_store *store;
};

int store_fixture_setup_git(void **state);
int store_fixture_setup_directory(void **state);
int store_fixture_teardown(void **state);

/** The id of a commit of "r"; freed by the caller. */
char *store_fixture_commit(const char *revision);
/** A run id whose place in time is that of a small number. */
void store_fixture_run_id(char out[PW_RUN_ID_SIZE], unsigned number);
/** The path of a result; freed by the caller. */
char *store_fixture_path(const char *revision, const char *environment, unsigned run);
/** A result of no benchmarks with one fact about its environment. */
void store_fixture_result(struct pw_result *result, const char *commit, const char *environment,
                          unsigned run);
/** Add such a result and assert that this works. */
void store_fixture_add(struct store_fixture *home, const char *revision, const char *environment,
                       unsigned run);
/** Put any content under any name, past the store. */
void store_fixture_put(struct store_fixture *home, const char *path, const char *text);

/** A test run once in each home. */
#define IN_BOTH_HOMES(test)                                                                        \
    {"git: " #test, test, store_fixture_setup_git, store_fixture_teardown, NULL},                  \
    {                                                                                              \
        "directory: " #test, test, store_fixture_setup_directory, store_fixture_teardown, NULL     \
    }

#endif

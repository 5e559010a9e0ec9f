/* Stores for tests. Run ids and times are fixed, so that equal names mean equal content. */
#include "store_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int setup_home(void **state, enum pw_store_kind kind)
{
    struct pw_error err = PW_ERROR_INIT;
    struct store_fixture *home = calloc(1, sizeof(*home));

    assert_non_null(home);
    fixture_setup(NULL);
    fixture_do("new r; c m0; git tag m0; c m1; git tag m1; git checkout -q -b f; c f1; git tag f1; "
               "git checkout -q main; c m2; git tag m2; m f; git tag m3; c m4; git tag m4");
    home->kind = kind;
    home->directory = fixture_path("r/baselines");
    home->git = fixture_open("r");
    home->config = (struct pw_baseline_config){.store = kind, .ref = REF, .path = home->directory};
    fixture_assert_ok(pw_store_open(&home->config, home->git, &home->store, &err), &err);
    *state = home;
    return 0;
}

int store_fixture_setup_git(void **state)
{
    return setup_home(state, PW_STORE_GIT);
}

int store_fixture_setup_directory(void **state)
{
    return setup_home(state, PW_STORE_DIRECTORY);
}

int store_fixture_teardown(void **state)
{
    struct store_fixture *home = *state;

    pw_store_free(home->store);
    pw_git_free(home->git);
    free(home->directory);
    free(home);
    return fixture_teardown(NULL);
}

char *store_fixture_commit(const char *revision)
{
    return fixture_run("git -C r rev-parse '%s^{commit}'", revision);
}

void store_fixture_run_id(char out[PW_RUN_ID_SIZE], unsigned number)
{
    (void)snprintf(out, PW_RUN_ID_SIZE, "01JD3Z6W6QK1V6K9M2T8%06u", number % 1000000U);
}

void store_fixture_result(struct pw_result *result, const char *commit, const char *environment,
                          unsigned run)
{
    struct pw_error err = PW_ERROR_INIT;

    fixture_assert_ok(pw_result_init(result, &err), &err);
    result->commit = pw_arena_strdup(&result->arena, commit);
    assert_non_null(result->commit);
    store_fixture_run_id(result->run_id, run);
    memcpy(result->environment.id, environment, PW_ENVIRONMENT_ID_SIZE);
    result->environment.facts =
        pw_arena_array(&result->arena, 1, sizeof(*result->environment.facts));
    assert_non_null(result->environment.facts);
    result->environment.facts[0] = (struct pw_environment_fact){
        .name = "cpu_model", .value = environment, .is_identity = true};
    result->environment.fact_count = 1;
    /* the same moment for all, so that equal names mean equal content */
    result->started_at = "2026-11-20T10:00:00Z";
    result->config_hash = "0123456789abcdef";
}

void store_fixture_add(struct store_fixture *home, const char *revision, const char *environment,
                       unsigned run)
{
    struct pw_error err = PW_ERROR_INIT;
    struct pw_result result;
    char *commit = store_fixture_commit(revision);

    store_fixture_result(&result, commit, environment, run);
    fixture_assert_ok(pw_store_add(home->store, &result, &err), &err);
    pw_result_release(&result);
    free(commit);
}

void store_fixture_put(struct store_fixture *home, const char *path, const char *text)
{
    struct pw_error err = PW_ERROR_INIT;

    if (home->kind == PW_STORE_DIRECTORY) {
        fixture_do(
            "cd r; mkdir -p \"$(dirname 'baselines/%s')\"; printf '%%s' '%s' >'baselines/%s'", path,
            text, path);
        return;
    }
    const struct pw_git_change change = {path, text, strlen(text)};
    fixture_assert_ok(pw_git_ref_update(home->git, REF, &change, 1, "raw", &err), &err);
}

char *store_fixture_path(const char *revision, const char *environment, unsigned run)
{
    char id[PW_RUN_ID_SIZE];

    store_fixture_run_id(id, run);
    return fixture_run("c=$(git -C r rev-parse '%s^{commit}'); "
                       "echo $(echo $c | cut -c 1-2)/$c/%s/%s.json",
                       revision, environment, id);
}

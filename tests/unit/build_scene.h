/* What the tests of building share: a repository, a cache and a configuration of a test's own. */
#ifndef PERFWARDEN_TESTS_BUILD_SCENE_H
#define PERFWARDEN_TESTS_BUILD_SCENE_H

#include "git_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "perfwarden/build.h"

/** Set by main(). */
static struct pw_executor *executor;

#define IN_FIXTURE(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

/** What a build needs; zero-initialised is empty. */
struct scene {
    struct pw_git *git;
    struct pw_config config;
    struct pw_build_options options;
    struct pw_strbuf told; /**< "side: step" lines */
    struct pw_strbuf seen; /**< the steps' output */
    char *cache;
};

static inline void hear_step(void *context, const char *side, const char *step)
{
    struct scene *scene = context;

    pw_strbuf_printf(&scene->told, "%s: %s\n", side, step);
}

static inline void hear_output(void *context, int fd, const char *data, size_t length)
{
    struct scene *scene = context;

    assert_in_range(fd, 1, 2);
    pw_strbuf_append(&scene->seen, data, length);
}

/** Read a configuration as if it lay in a directory. */
static inline struct pw_config configure(const char *directory, const char *text)
{
    struct pw_config config = {0};
    struct pw_diagnostics mistakes = {0};

    if (pw_config_parse(text, strlen(text), "perfwarden.yml", directory, &config, &mistakes) !=
        PW_OK) {
        fail_msg("%s", pw_error_message(&mistakes.items[0]));
    }
    return config;
}

/** Open repository "r" with a configuration in one of its directories. */
static inline void open_scene(struct scene *scene, const char *directory, const char *text)
{
    char *path = fixture_path(directory);

    *scene = (struct scene){.git = fixture_open("r"), .cache = fixture_path("cache")};
    scene->config = configure(path, text);
    scene->options = (struct pw_build_options){
        .cache = scene->cache,
        .step_started = hear_step,
        .context = scene,
        .output_seen = hear_output,
        .output_context = scene,
    };
    free(path);
}

static inline void close_scene(struct scene *scene)
{
    pw_strbuf_release(&scene->told);
    pw_strbuf_release(&scene->seen);
    pw_config_release(&scene->config);
    pw_git_free(scene->git);
    free(scene->cache);
}

static inline int try_build(struct scene *scene, const char *side, const char *commit,
                            struct pw_build *out, struct pw_error *err)
{
    return pw_build_revision(scene->git, executor, side, commit, &scene->config, &scene->options,
                             out, err);
}

static inline struct pw_build build(struct scene *scene, const char *side, const char *commit)
{
    struct pw_build made = {0};
    struct pw_error err = PW_ERROR_INIT;

    fixture_assert_ok(try_build(scene, side, commit, &made, &err), &err);
    return made;
}

/** Assert what a script in the temporary directory prints. */
static inline void expect(const char *script, const char *printed)
{
    char *output = fixture_run("%s", script);

    assert_string_equal(output, printed);
    free(output);
}

#endif

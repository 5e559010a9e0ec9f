/* Clones that exchange a ref, for tests. Include git_fixture.h's headers through this one. */
#ifndef PERFWARDEN_TESTS_TRANSPORT_SCENE_H
#define PERFWARDEN_TESTS_TRANSPORT_SCENE_H

#include "git_fixture.h"

#define REF "refs/perfwarden/baselines"

/** pw_git_remote_fetch() or pw_git_remote_push(). */
typedef int (*scene_exchange_fn)(struct pw_git *git, const struct pw_git_remote *remote,
                                 struct pw_git_exchange *out, struct pw_error *err);

/** fixture_setup(), then r.git, which is bare, and its clones a and b with a commit each. */
int scene_setup(void **state);

/** Store a file in a repository's ref; NULL removes it. */
void scene_store(const char *repository, const char *path, const char *text);

/** Exchange REF with origin within 20 s. @return what the exchange returned */
int scene_exchange(const char *repository, scene_exchange_fn exchange, struct pw_git_exchange *out,
                   struct pw_error *err);

/** Exchange REF with origin and assert that it succeeds. */
struct pw_git_exchange scene_do(const char *repository, scene_exchange_fn exchange);

/** Assert that a repository's ref has just these files ("a b/c"), that it is sound, and that no
 * other ref is left. */
void scene_assert_files(const char *repository, const char *files);

#endif

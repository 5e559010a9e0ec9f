/*
 * The files of docs/ci that init can write, as texts. The build makes their definitions out of
 * those files.
 */
#ifndef PERFWARDEN_CLI_RECIPES_H
#define PERFWARDEN_CLI_RECIPES_H

extern const char pw_recipe_github_text[];
extern const char pw_recipe_gitlab_text[];
extern const char pw_recipe_azure_text[];
extern const char pw_recipe_buildkite_text[];
extern const char pw_recipe_circleci_text[];
extern const char pw_recipe_jenkins_text[];

#endif

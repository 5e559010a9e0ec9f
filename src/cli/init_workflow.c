/*
 * The workflows for CI systems. Each is a file of docs/ci, which the build puts into the program
 * (CMakeLists.txt): what init writes and what the documentation shows cannot differ. Only the line
 * that builds the benchmarks is replaced, by the steps that were found for this project.
 */
#include "init.h"

#include <string.h>

#include "recipes.h"

/* What a recipe says to build the benchmarks, up to the end of the line. */
#define BUILD_LINE "make benchmarks"

/* clang-format off */
static const struct pw_recipe recipes[] = {
    {"github", ".github/workflows/perfwarden.yml", ".github/workflows", pw_recipe_github_text},
    {"gitlab", ".gitlab/perfwarden.yml", ".gitlab", pw_recipe_gitlab_text},
    {"azure", "azure-pipelines.yml", NULL, pw_recipe_azure_text},
    {"buildkite", ".buildkite/pipeline.yml", ".buildkite", pw_recipe_buildkite_text},
    {"circleci", ".circleci/config.yml", ".circleci", pw_recipe_circleci_text},
    {"jenkins", "Jenkinsfile", NULL, pw_recipe_jenkins_text},
};
/* clang-format on */

const struct pw_recipe *pw_recipe_at(size_t index)
{
    return index < PW_COUNT(recipes) ? &recipes[index] : NULL;
}

const struct pw_recipe *pw_recipe_find(const char *system)
{
    for (size_t i = 0; i < PW_COUNT(recipes); i++) {
        if (strcmp(recipes[i].system, system) == 0) {
            return &recipes[i];
        }
    }
    return NULL;
}

/* @return where the command begins in a line that builds the benchmarks, else NULL */
static const char *find_build_command(const char *line, size_t length)
{
    size_t indent = strspn(line, " ");

    if (strncmp(line + indent, "- ", 2) == 0) {
        indent += 2;
    }
    return indent + strlen(BUILD_LINE) <= length &&
                   strncmp(line + indent, BUILD_LINE, strlen(BUILD_LINE)) == 0
               ? line + indent
               : NULL;
}

/* The steps found, each with what stands before the command; without any, a line to fill in. */
static void put_build_steps(struct pw_strbuf *out, const struct pw_survey *survey, const char *line,
                            size_t length, const char *command)
{
    const size_t before = (size_t)(command - line);

    if (survey->build_steps == NULL) {
        const size_t indent = strspn(line, " ");
        pw_strbuf_append(out, line, indent);
        pw_strbuf_puts(out, "# ");
        pw_strbuf_append(out, line + indent, length - indent);
        pw_strbuf_putc(out, '\n');
        return;
    }
    for (const char *const *step = survey->build_steps; *step != NULL; step++) {
        pw_strbuf_append(out, line, before);
        pw_strbuf_printf(out, "%s\n", *step);
    }
}

void pw_init_write_workflow(struct pw_strbuf *out, const struct pw_survey *survey,
                            const struct pw_recipe *recipe)
{
    for (const char *line = recipe->text; *line != '\0';) {
        const size_t length = strcspn(line, "\n");
        const char *command = find_build_command(line, length);

        if (command != NULL) {
            put_build_steps(out, survey, line, length, command);
        } else {
            pw_strbuf_append(out, line, length);
            pw_strbuf_putc(out, '\n');
        }
        line += length + (line[length] == '\n' ? 1 : 0);
    }
}

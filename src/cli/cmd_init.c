/*
 * perfwarden init: a starter perfwarden.yml, and with --ci a workflow. Refuses before it writes:
 * either all files are written or none.
 */
#include <string.h>

#include "cli.h"
#include "init.h"
#include "perfwarden/config.h"
#include "perfwarden/git.h"

/* A file to write, or to leave as it is. */
struct output {
    const char *path;
    const char *directory;          /* made if it is missing; NULL for the current one */
    const struct pw_recipe *recipe; /* what to write there; NULL for the configuration */
    bool is_wanted;
    bool may_replace;
};

static int refuse_existing(const struct output *outputs, size_t count, struct pw_error *err)
{
    for (size_t i = 0; i < count; i++) {
        if (outputs[i].is_wanted && !outputs[i].may_replace && pw_path_exists(outputs[i].path)) {
            return pw_error_set(err, PW_EUSAGE, "'%s' exists already; use --force to overwrite it",
                                outputs[i].path);
        }
    }
    return PW_OK;
}

static int write_output(const struct output *output, const struct pw_survey *survey,
                        struct pw_error *err)
{
    struct pw_strbuf text = PW_STRBUF_INIT;
    int status;

    if (output->recipe != NULL) {
        pw_init_write_workflow(&text, survey, output->recipe);
    } else {
        pw_init_write_config(&text, survey);
    }
    status = pw_strbuf_check(&text, err);
    if (status == PW_OK && output->directory != NULL) {
        status = pw_make_directories(output->directory, err);
    }
    if (status == PW_OK && output->may_replace) {
        status = pw_file_write(output->path, pw_strbuf_text(&text), text.length, err);
    } else if (status == PW_OK) {
        status = pw_file_create(output->path, pw_strbuf_text(&text), text.length, err);
    }
    pw_strbuf_release(&text);
    return status;
}

static void print_path(FILE *stream, const char *path)
{
    struct pw_strbuf line = PW_STRBUF_INIT;

    pw_escape_terminal(&line, path);
    (void)fputs(pw_strbuf_text(&line), stream);
    pw_strbuf_release(&line);
}

static void print_candidates(struct pw_cli *cli, const struct pw_survey *survey)
{
    const size_t listed = survey->count < PW_INIT_MAX_LISTED ? survey->count : PW_INIT_MAX_LISTED;

    if (survey->count == 0) {
        (void)fputs("no likely benchmark found\n", cli->out);
        return;
    }
    (void)fprintf(cli->out, "found %zu likely benchmark%s:\n", survey->count,
                  survey->count == 1 ? "" : "s");
    for (size_t i = 0; i < listed; i++) {
        (void)fputs("  ", cli->out);
        print_path(cli->out, survey->candidates[i].path);
        (void)fputs(survey->candidates[i].is_google_benchmark ? " (Google Benchmark)\n" : "\n",
                    cli->out);
    }
    if (survey->count > listed) {
        (void)fprintf(cli->out, "  and %zu more, not listed in the file\n", survey->count - listed);
    }
}

static void print_survey(struct pw_cli *cli, const struct pw_survey *survey)
{
    print_candidates(cli, survey);
    if (survey->build_system != NULL) {
        (void)fprintf(cli->out, "found a build with %s\n", survey->build_system);
    }
    if (survey->unnamable > 0) {
        pw_cli_print_warning(cli, "left out executables whose names are not UTF-8; a "
                                  "configuration cannot name them");
    }
    if (survey->is_cut) {
        pw_cli_print_warning(cli, "this directory is too large to be looked through as a whole; "
                                  "there may be more benchmarks");
    }
}

static void print_next_steps(struct pw_cli *cli, const struct pw_survey *survey,
                             const struct pw_recipe *recipe, bool keeps_config)
{
    const bool is_example = survey->count == 0;
    unsigned step = 1;

    (void)fputs("\nnext:\n", cli->out);
    if (!keeps_config) {
        (void)fprintf(cli->out, "  %u. %s " PW_CONFIG_DEFAULT_PATH "%s\n", step++,
                      is_example ? "put a benchmark into" : "look through",
                      is_example ? ", where the example is" : "");
    }
    if (recipe != NULL) {
        (void)fprintf(cli->out, "  %u. set PERFWARDEN_SOURCE in %s; its head says what it needs\n",
                      step++, recipe->path);
    }
    (void)fprintf(cli->out,
                  "  %u. perfwarden baseline update   measure this commit\n"
                  "  %u. perfwarden check             compare with it after a change\n",
                  step, step + 1);
}

/* CI systems look for their files at the top of a repository only. */
static void warn_below_top(struct pw_cli *cli, const struct pw_recipe *recipe)
{
    struct pw_error ignored = PW_ERROR_INIT;
    struct pw_git *git = NULL;

    if (recipe == NULL || pw_path_exists(".git")) {
        return;
    }
    if (pw_git_open(".", &git, &ignored) == PW_OK && pw_git_workdir(git) != NULL) {
        pw_cli_print_warning(cli, "this is not the top of the repository, where alone a CI system "
                                  "looks for its file: move it there, and let it work in this "
                                  "directory");
    }
    pw_git_free(git);
    pw_error_release(&ignored);
}

static int write_all(struct pw_cli *cli, const struct output *outputs, size_t count,
                     const struct pw_survey *survey, struct pw_error *err)
{
    for (size_t i = 0; i < count; i++) {
        if (outputs[i].is_wanted) {
            const int status = write_output(&outputs[i], survey, err);
            if (status != PW_OK) {
                return status;
            }
            (void)fprintf(cli->out, "wrote %s\n", outputs[i].path);
        }
    }
    return PW_OK;
}

int pw_cmd_init(struct pw_cli *cli, const struct pw_arguments *arguments)
{
    const struct pw_recipe *recipe = arguments->ci != NULL ? pw_recipe_find(arguments->ci) : NULL;
    const bool keeps_config = recipe != NULL && pw_path_exists(PW_CONFIG_DEFAULT_PATH);
    const struct output outputs[] = {
        {PW_CONFIG_DEFAULT_PATH, NULL, NULL, !keeps_config, arguments->is_force},
        {recipe != NULL ? recipe->path : "", recipe != NULL ? recipe->directory : NULL, recipe,
         recipe != NULL, arguments->is_force},
    };
    struct pw_survey survey = {0};
    struct pw_error err = PW_ERROR_INIT;
    int code = PW_EXIT_PASS;

    if (refuse_existing(outputs, PW_COUNT(outputs), &err) != PW_OK ||
        pw_survey_directory(".", &survey, &err) != PW_OK) {
        return pw_cli_fail(cli, &err);
    }
    if (!keeps_config) {
        print_survey(cli, &survey);
    } else {
        (void)fputs("kept " PW_CONFIG_DEFAULT_PATH "\n", cli->out);
    }
    if (write_all(cli, outputs, PW_COUNT(outputs), &survey, &err) != PW_OK) {
        code = pw_cli_fail(cli, &err);
    } else {
        warn_below_top(cli, recipe);
        print_next_steps(cli, &survey, recipe, keeps_config);
    }
    pw_survey_release(&survey);
    return code;
}

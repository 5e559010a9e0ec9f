/* perfwarden baseline import: results out of files, all of them or none. */
#include "baseline.h"

#include <string.h>

/* The choice table has checked the word. */
static enum pw_portable find_format(const char *name)
{
    for (int i = 0; name != NULL && i < PW_PORTABLE_COUNT; i++) {
        if (strcmp(name, pw_portable_name((size_t)i)) == 0) {
            return (enum pw_portable)i;
        }
    }
    return PW_PORTABLE_COUNT;
}

void pw_baseline_warn_unknown(struct pw_cli *cli, struct pw_project *project,
                              const struct pw_import *import)
{
    struct pw_strbuf text = PW_STRBUF_INIT;
    const char *first = NULL;
    size_t count = 0;
    /* what is stored is stored: the rest of the warning is not waited for */
    for (size_t i = 0;
         i < import->count && (import->interrupted == NULL || *import->interrupted == 0); i++) {
        struct pw_strbuf subject = PW_STRBUF_INIT;
        if (pw_git_subject(project->git, import->items[i].commit, &subject, NULL) == PW_ENOTFOUND) {
            first = first == NULL ? import->items[i].commit : first;
            count++;
        }
        pw_strbuf_release(&subject);
    }
    if (count > 0) {
        pw_strbuf_printf(&text,
                         "%zu result%s of a commit that is not in this clone, such as '%.12s': "
                         "nothing here is compared with %s",
                         count, count == 1 ? " is" : "s are", first, count == 1 ? "it" : "them");
        pw_cli_print_warning(cli, pw_strbuf_text(&text));
    }
    pw_strbuf_release(&text);
}

static int read_files(const struct pw_words *operands, enum pw_portable format,
                      struct pw_import *import, struct pw_error *err)
{
    int status = PW_OK;
    for (size_t i = 0; i < operands->count && status == PW_OK; i++) {
        status = pw_import_read(import, format, operands->items[i], err);
    }
    return status;
}

static int store(struct pw_cli *cli, const struct pw_arguments *arguments,
                 struct pw_project *project, const struct pw_import *import, struct pw_error *err)
{
    struct pw_store_added added = {0};
    const int status = pw_store_add_many(project->store, import->items, import->count, &added, err);
    if (status != PW_OK) {
        return status;
    }
    pw_baseline_warn_unknown(cli, project, import);
    if (!arguments->is_quiet) {
        fprintf(cli->err, "perfwarden: imported %zu result%s into %s, %zu were there already\n",
                added.stored, added.stored == 1 ? "" : "s", pw_store_location(project->store),
                added.present);
    }
    return PW_OK;
}

int pw_baseline_import(struct pw_cli *cli, const struct pw_arguments *arguments,
                       struct pw_project *project, const struct pw_words *operands)
{
    struct pw_import import = {.interrupted = cli->interrupted};
    struct pw_error err = PW_ERROR_INIT;
    if (operands->count == 0) {
        (void)pw_error_set(&err, PW_EUSAGE,
                           "'baseline import' needs a file that 'perfwarden baseline export' "
                           "wrote; - is standard input");
        return pw_cli_fail(cli, &err);
    }
    int status = pw_store_check_writable(project->store, &err);
    if (status == PW_OK) {
        status = read_files(operands, find_format(arguments->portable), &import, &err);
    }
    if (status == PW_OK) {
        status = store(cli, arguments, project, &import, &err);
    }
    pw_import_release(&import);
    return status == PW_OK ? PW_EXIT_PASS : pw_baseline_fail_store(cli, &err);
}

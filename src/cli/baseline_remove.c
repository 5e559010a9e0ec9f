/* perfwarden baseline remove: forget stored results that were named one by one. */
#include "baseline.h"
#include "stored.h"

/* Removing is the one way to lose a measurement, so a revision that stands for several must be
 * meant. */
static int remove_word(struct pw_cli *cli, const struct pw_arguments *arguments,
                       struct pw_project *project, struct pw_store_listing *listing,
                       const char *word)
{
    struct pw_error err = PW_ERROR_INIT;
    struct pw_stored_selection selection = {0};
    int status = pw_stored_select(project, listing, word, arguments->environment, &selection, &err);
    if (status == PW_OK && selection.count == 0) {
        status = pw_error_set(&err, PW_EUSAGE, "nothing is stored for '%s' in '%s'", word,
                              pw_store_location(project->store));
    }
    if (status == PW_OK && selection.count > 1 && !arguments->is_all) {
        status =
            pw_error_set(&err, PW_EUSAGE,
                         "%zu results are stored for '%s'; name one by its run id, or pass --all",
                         selection.count, word);
    }
    if (status == PW_OK) {
        status = pw_store_remove(project->store, selection.entries, selection.count, &err);
    }
    if (status != PW_OK) {
        return pw_baseline_fail_word(cli, &err);
    }
    for (size_t i = 0; i < selection.count; i++) {
        fprintf(cli->err, "perfwarden: removed %s\n", selection.entries[i].path);
    }
    return PW_EXIT_PASS;
}

int pw_baseline_remove(struct pw_cli *cli, const struct pw_arguments *arguments,
                       struct pw_project *project, const struct pw_words *operands)
{
    struct pw_error err = PW_ERROR_INIT;
    struct pw_store_listing listing = {0};
    if (operands->count == 0) {
        (void)pw_error_set(&err, PW_EUSAGE,
                           "'baseline remove' needs a revision or run id; 'perfwarden baseline "
                           "list' shows them");
        return pw_cli_fail(cli, &err);
    }
    if (pw_store_list(project->store, &listing, &err) != PW_OK) {
        return pw_cli_fail(cli, &err);
    }
    int code = PW_EXIT_PASS;
    for (size_t i = 0; i < operands->count; i++) {
        code =
            pw_exit_worst(code, remove_word(cli, arguments, project, &listing, operands->items[i]));
    }
    pw_store_listing_release(&listing);
    return code;
}

/* Which perfwarden.yml a paired check goes by: that of the head which is measured. */
#include "check.h"

#include <string.h>

/* Larger than any configuration that is read. */
#define CONFIG_MAX_BYTES ((size_t)1 << 20)

/* Head's file in place of the one that lies there; every mistake of it is told. */
static int replace(struct pw_check *check, const struct pw_strbuf *text, struct pw_error *err)
{
    struct pw_project *project = &check->project;
    struct pw_diagnostics mistakes = {0};
    struct pw_config config;
    int status = pw_config_parse(pw_strbuf_text(text), text->length, project->config.path,
                                 project->config.directory, &config, &mistakes);
    if (status == PW_OK) {
        const char *path = pw_arena_strdup(&config.arena, project->config.path);
        if (path == NULL) {
            pw_config_release(&config);
            return pw_error_set_no_memory(err);
        }
        config.path = path;
        pw_config_release(&project->config);
        project->config = config;
        return PW_OK;
    }
    status = mistakes.count > 0 ? (int)mistakes.items[0].status : PW_ENOMEM;
    (void)pw_error_set(err, (enum pw_status)status, "'%s' as of %.12s is not valid: %s",
                       project->config.path, check->head_commit,
                       mistakes.count > 0 ? pw_error_message(&mistakes.items[0]) : "out of memory");
    pw_diagnostics_release(&mistakes);
    return status;
}

int pw_check_use_head_config(struct pw_check *check, struct pw_error *err)
{
    struct pw_strbuf place = PW_STRBUF_INIT;
    struct pw_strbuf here = PW_STRBUF_INIT;
    const bool is_inside = pw_project_config_place(&check->project, &place);
    int status = pw_strbuf_check(&place, err);
    if (status == PW_OK && is_inside) {
        status = pw_git_read_file(check->project.git, check->head_commit, pw_strbuf_text(&place),
                                  &check->config_text, err);
        if (status == PW_ENOTFOUND) { /* not committed: the one that lies there is all there is */
            pw_error_release(err);
            pw_strbuf_clear(&check->config_text);
            status = PW_OK;
            goto out;
        }
        if (status == PW_OK) {
            status = pw_file_read(check->project.config.path, CONFIG_MAX_BYTES, &here, err);
        }
        const bool is_same =
            here.length == check->config_text.length &&
            memcmp(pw_strbuf_text(&here), pw_strbuf_text(&check->config_text), here.length) == 0;
        if (status == PW_OK && !is_same) {
            check->has_other_config = true;
            status = replace(check, &check->config_text, err);
        }
    }
out:
    pw_strbuf_release(&here);
    pw_strbuf_release(&place);
    return status;
}

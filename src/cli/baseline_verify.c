/* perfwarden baseline verify: everything stored is read, and each thing that is wrong named with
 * its remedy. */
#include "baseline.h"

static const char *const fault_names[] = {
    [PW_FAULT_RESULT] = "damaged",
    [PW_FAULT_TREE] = "unreadable",
    [PW_FAULT_STRAY] = "stray",
};

/* Where another clone has the object, git gets it from there once the damaged file is gone. */
static void put_refetch(const struct pw_project *project, const char *object, struct pw_strbuf *out)
{
    struct pw_strbuf file = PW_STRBUF_INIT;
    struct pw_strbuf remote = PW_STRBUF_INIT;
    if (object != NULL) {
        pw_strbuf_printf(&file, "%s/objects/%.2s/%s", pw_git_common_directory(project->git), object,
                         object + 2);
        pw_strbuf_puts(out, "rm -f ");
        pw_escape_shell(out, pw_strbuf_text(&file));
        pw_strbuf_puts(out, "; ");
    }
    /* where none can be chosen, the name is that of most remotes */
    const bool is_chosen =
        pw_git_remote_choose(project->git, project->config.baseline.remote, &remote, NULL) == PW_OK;
    pw_strbuf_puts(out, "git fetch --refetch ");
    pw_escape_shell(out, is_chosen ? pw_strbuf_text(&remote) : "origin");
    pw_strbuf_putc(out, ' ');
    pw_escape_shell(out, project->config.baseline.ref);
    out->failed = out->failed || pw_strbuf_failed(&file) || pw_strbuf_failed(&remote);
    pw_strbuf_release(&remote);
    pw_strbuf_release(&file);
}

/* What mends it; nothing for what harms nobody. */
static void put_remedy(const struct pw_project *project, const struct pw_store_finding *finding,
                       struct pw_strbuf *out)
{
    const bool is_git = project->config.baseline.store == PW_STORE_GIT;
    if (finding->object != NULL || (finding->fault == PW_FAULT_TREE && is_git)) {
        put_refetch(project, finding->object, out);
    } else if (finding->fault == PW_FAULT_TREE) {
        pw_strbuf_puts(out, "chmod -R u+rX ");
        pw_escape_shell(out, project->config.baseline.path);
    } else if (finding->fault == PW_FAULT_RESULT) {
        pw_strbuf_puts(out, "perfwarden baseline remove ");
        pw_escape_shell(out, finding->is_ambiguous ? finding->path : finding->run_id);
    }
}

/* What helps when no other clone has it. */
static void put_otherwise(const struct pw_store_finding *finding, struct pw_strbuf *out)
{
    if (finding->object != NULL && finding->fault == PW_FAULT_RESULT) {
        pw_strbuf_puts(out, "perfwarden baseline remove ");
        pw_escape_shell(out, finding->is_ambiguous ? finding->path : finding->run_id);
    }
}

static void put_text_or_null(struct pw_json_writer *writer, const char *key,
                             const struct pw_strbuf *text)
{
    pw_json_put_string(writer, key, text->length == 0 ? NULL : pw_strbuf_text(text));
}

static void put_json_finding(const struct pw_project *project,
                             const struct pw_store_finding *finding, struct pw_json_writer *writer)
{
    struct pw_strbuf remedy = PW_STRBUF_INIT;
    struct pw_strbuf otherwise = PW_STRBUF_INIT;
    put_remedy(project, finding, &remedy);
    put_otherwise(finding, &otherwise);
    pw_json_begin_compact_object(writer, NULL);
    pw_json_put_string(writer, "fault", fault_names[finding->fault]);
    pw_json_put_string(writer, "path", finding->path);
    pw_json_put_string(writer, "message", finding->message);
    pw_json_put_string(writer, "run_id", finding->run_id);
    pw_json_put_string(writer, "object", finding->object);
    put_text_or_null(writer, "remedy", &remedy);
    put_text_or_null(writer, "otherwise", &otherwise);
    pw_json_end(writer);
    pw_strbuf_release(&otherwise);
    pw_strbuf_release(&remedy);
}

static void put_json(const struct pw_project *project,
                     const struct pw_store_verification *verification, struct pw_strbuf *out)
{
    struct pw_json_writer writer;
    pw_json_writer_init(&writer, out);
    pw_json_begin_object(&writer, NULL);
    pw_json_put_string(&writer, "schema", "perfwarden/verification/1");
    pw_json_put_string(&writer, "store", pw_store_location(project->store));
    pw_json_put_uint64(&writer, "results", verification->result_count);
    pw_json_put_uint64(&writer, "damaged", verification->damaged_count);
    pw_json_put_uint64(&writer, "strays", verification->count - verification->damaged_count);
    pw_json_begin_array(&writer, "findings");
    for (size_t i = 0; i < verification->count; i++) {
        put_json_finding(project, &verification->findings[i], &writer);
    }
    pw_json_end(&writer);
    pw_json_end(&writer);
    pw_json_writer_finish(&writer);
}

static void put_line(struct pw_strbuf *out, const char *word, struct pw_strbuf *text)
{
    if (text->length > 0) {
        pw_strbuf_printf(out, "  %s: ", word);
        pw_escape_terminal(out, pw_strbuf_text(text));
        pw_strbuf_putc(out, '\n');
    }
    out->failed = out->failed || pw_strbuf_failed(text);
    pw_strbuf_clear(text);
}

static void put_finding(const struct pw_project *project, const struct pw_store_finding *finding,
                        struct pw_strbuf *out)
{
    struct pw_strbuf remedy = PW_STRBUF_INIT;
    pw_strbuf_printf(out, "%s: ", fault_names[finding->fault]);
    pw_escape_terminal(out, finding->path[0] == '\0' ? pw_store_location(project->store)
                                                     : finding->path);
    pw_strbuf_puts(out, ": ");
    pw_escape_terminal(out, finding->message);
    pw_strbuf_putc(out, '\n');
    put_remedy(project, finding, &remedy);
    put_line(out, "remedy", &remedy);
    put_otherwise(finding, &remedy);
    put_line(out, "otherwise", &remedy);
    pw_strbuf_release(&remedy);
}

static void put_text(const struct pw_project *project,
                     const struct pw_store_verification *verification, bool is_quiet,
                     struct pw_strbuf *out)
{
    const size_t strays = verification->count - verification->damaged_count;
    for (size_t i = 0; i < verification->count; i++) {
        put_finding(project, &verification->findings[i], out);
    }
    if (!is_quiet) {
        pw_strbuf_printf(out, "%zu result%s, %zu damaged, %zu stray\n", verification->result_count,
                         verification->result_count == 1 ? "" : "s", verification->damaged_count,
                         strays);
    }
}

int pw_baseline_verify(struct pw_cli *cli, const struct pw_arguments *arguments,
                       struct pw_project *project, const struct pw_words *operands)
{
    struct pw_store_verification verification = {0};
    struct pw_strbuf text = PW_STRBUF_INIT;
    struct pw_error err = PW_ERROR_INIT;
    const int refused = pw_baseline_refuse_operands(cli, "verify", operands);
    if (refused != PW_EXIT_PASS) {
        return refused;
    }
    int status = pw_store_verify(project->store, &verification, &err);
    if (status == PW_OK && arguments->is_json) {
        put_json(project, &verification, &text);
    } else if (status == PW_OK) {
        put_text(project, &verification, arguments->is_quiet, &text);
    }
    if (status == PW_OK) {
        status = pw_strbuf_check(&text, &err);
    }
    if (status == PW_OK) {
        fputs(pw_strbuf_text(&text), cli->out);
    }
    if (status == PW_OK && verification.damaged_count > 0) {
        status = pw_error_set(&err, PW_EFORMAT, "'%s' has %zu damaged result%s or director%s",
                              pw_store_location(project->store), verification.damaged_count,
                              verification.damaged_count == 1 ? "" : "s",
                              verification.damaged_count == 1 ? "y" : "ies");
    }
    pw_store_verification_release(&verification);
    pw_strbuf_release(&text);
    return status == PW_OK ? PW_EXIT_PASS : pw_baseline_fail_store(cli, &err);
}

/* perfwarden baseline verify: everything stored is read, and each thing that is wrong named with
 * its remedy. */
#include "baseline.h"

static const char *const fault_names[] = {
    [PW_FAULT_RESULT] = "damaged",
    [PW_FAULT_TREE] = "unreadable",
    [PW_FAULT_STRAY] = "stray",
};

/* What mends it; empty for what harms nobody. */
static void put_remedy(const struct pw_project *project, const struct pw_store_finding *finding,
                       struct pw_strbuf *out)
{
    switch (finding->fault) {
    case PW_FAULT_RESULT:
        pw_strbuf_puts(out, "perfwarden baseline remove ");
        pw_escape_shell(out, finding->is_ambiguous ? finding->path : finding->run_id);
        break;
    case PW_FAULT_TREE:
        if (project->config.baseline.store == PW_STORE_GIT) {
            pw_strbuf_puts(out, "git fetch --refetch origin ");
            pw_escape_shell(out, project->config.baseline.ref);
        } else {
            pw_strbuf_puts(out, "chmod -R u+rX ");
            pw_escape_shell(out, project->config.baseline.path);
        }
        break;
    case PW_FAULT_STRAY:
        break;
    }
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
        const struct pw_store_finding *finding = &verification->findings[i];
        struct pw_strbuf remedy = PW_STRBUF_INIT;
        put_remedy(project, finding, &remedy);
        pw_json_begin_compact_object(&writer, NULL);
        pw_json_put_string(&writer, "fault", fault_names[finding->fault]);
        pw_json_put_string(&writer, "path", finding->path);
        pw_json_put_string(&writer, "message", finding->message);
        pw_json_put_string(&writer, "run_id", finding->run_id);
        pw_json_put_string(&writer, "remedy", remedy.length == 0 ? NULL : pw_strbuf_text(&remedy));
        pw_json_end(&writer);
        pw_strbuf_release(&remedy);
    }
    pw_json_end(&writer);
    pw_json_end(&writer);
    pw_json_writer_finish(&writer);
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
    if (remedy.length > 0) {
        pw_strbuf_puts(out, "  remedy: ");
        pw_escape_terminal(out, pw_strbuf_text(&remedy));
        pw_strbuf_putc(out, '\n');
    }
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
        status = pw_error_set(&err, PW_EFORMAT, "%zu of what is stored in '%s' is damaged",
                              verification.damaged_count, pw_store_location(project->store));
    }
    pw_store_verification_release(&verification);
    pw_strbuf_release(&text);
    return status == PW_OK ? PW_EXIT_PASS : pw_baseline_fail_store(cli, &err);
}

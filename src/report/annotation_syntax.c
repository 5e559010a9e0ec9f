/*
 * Workflow commands of GitHub Actions ("::error file=…::…") and logging commands of Azure Pipelines
 * ("##vso[task.logissue …]…"): a line each, whose parts are escaped by the function of their place.
 */
#include "annotations.h"
#include "perfwarden/util/escape.h"

static void put_github(struct pw_strbuf *out, const struct pw_annotation *annotation)
{
    static const char *const commands[] = {[PW_ANNOTATION_ERROR] = "error",
                                           [PW_ANNOTATION_WARNING] = "warning",
                                           [PW_ANNOTATION_NOTICE] = "notice"};
    pw_strbuf_printf(out, "::%s ", commands[annotation->level]);
    if (annotation->file != NULL) {
        pw_strbuf_puts(out, "file=");
        pw_escape_workflow_property(out, annotation->file);
        pw_strbuf_putc(out, ',');
        if (annotation->line > 0) {
            pw_strbuf_printf(out, "line=%u,", annotation->line);
        }
    }
    pw_strbuf_puts(out, "title=perfwarden");
    if (annotation->title != NULL) {
        pw_escape_workflow_property(out, ": ");
        pw_escape_workflow_property(out, annotation->title);
    }
    pw_strbuf_puts(out, "::");
    pw_escape_workflow_data(out, annotation->text);
    pw_strbuf_putc(out, '\n');
}

const struct pw_annotation_syntax pw_annotations_github = {.has_notice = true, .put = put_github};

static void put_azure(struct pw_strbuf *out, const struct pw_annotation *annotation)
{
    pw_strbuf_printf(out, "##vso[task.logissue type=%s;",
                     annotation->level == PW_ANNOTATION_ERROR ? "error" : "warning");
    if (annotation->file != NULL) {
        pw_strbuf_puts(out, "sourcepath=");
        pw_escape_azure_property(out, annotation->file);
        pw_strbuf_putc(out, ';');
        if (annotation->line > 0) {
            pw_strbuf_printf(out, "linenumber=%u;", annotation->line);
        }
    }
    pw_strbuf_puts(out, "]perfwarden: ");
    if (annotation->title != NULL) {
        pw_escape_azure_data(out, annotation->title);
        pw_strbuf_puts(out, ": ");
    }
    pw_escape_azure_data(out, annotation->text);
    pw_strbuf_putc(out, '\n');
}

const struct pw_annotation_syntax pw_annotations_azure = {.has_notice = false, .put = put_azure};

/* Head and foot of a page. The policy allows no request at all, and of scripts the page's own. */
#include "html.h"

#include "chart.h"
#include "perfwarden/util/escape.h"

void pw_html_open(struct pw_strbuf *out, const char *title)
{
    pw_strbuf_printf(out,
                     "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                     "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                     "style-src 'unsafe-inline'; script-src 'sha256-%s'; base-uri 'none'; "
                     "form-action 'none'\">\n"
                     "<meta name=\"viewport\" content=\"width=device-width\">\n<title>",
                     pw_html_script_hash);
    pw_escape_html(out, title);
    pw_strbuf_puts(out, "</title>\n<style>");
    pw_strbuf_puts(out, pw_html_styles);
    pw_chart_styles(out);
    pw_strbuf_puts(out, "</style>\n</head>\n<body>\n<main>\n");
}

void pw_html_close(struct pw_strbuf *out)
{
    pw_strbuf_puts(out, "</main>\n<script>");
    pw_strbuf_puts(out, pw_html_script);
    pw_strbuf_puts(out, "</script>\n</body>\n</html>\n");
}

void pw_html_element(struct pw_strbuf *out, const char *tag, const char *class, const char *text)
{
    pw_strbuf_printf(out, "<%s", tag);
    if (class != NULL) {
        pw_strbuf_printf(out, " class=\"%s\"", class);
    }
    pw_strbuf_putc(out, '>');
    pw_escape_html(out, text);
    pw_strbuf_printf(out, "</%s>\n", tag);
}

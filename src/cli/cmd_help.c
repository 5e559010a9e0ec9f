/* perfwarden help: a command, a topic, or the summary of all. */
#include <string.h>

#include "help.h"
#include "perfwarden/config.h"
#include "perfwarden/report.h"

static const struct pw_help_topic TOPICS[] = {
    {"config", "every key of perfwarden.yml", pw_config_describe_text},
    {"config-markdown", "the same as markdown", pw_config_describe_markdown},
    {"config-schema", "the same as a JSON Schema for editors", pw_config_describe_json_schema},
    {"environment", "the variables perfwarden reads", pw_help_environment},
    {"exit-codes", "what each exit status means", pw_help_exit_codes},
    {"prometheus-rules", "alert rules for the gauges of --prometheus, as YAML",
     pw_report_prometheus_rules},
    {"man", "the manual page perfwarden.1, in roff", pw_help_manpage},
};

const struct pw_help_topic *pw_help_topics(size_t *count)
{
    *count = PW_COUNT(TOPICS);
    return TOPICS;
}

static void write_subject(struct pw_strbuf *out, const char *name)
{
    const struct pw_command *command = pw_command_find(name);

    if (command != NULL) {
        pw_help_command(out, command);
        return;
    }
    for (size_t i = 0; i < PW_COUNT(TOPICS); i++) {
        if (strcmp(TOPICS[i].name, name) == 0) {
            TOPICS[i].write(out);
        }
    }
}

int pw_cmd_help(struct pw_cli *cli, const struct pw_arguments *arguments)
{
    struct pw_strbuf text = PW_STRBUF_INIT;
    struct pw_error err = PW_ERROR_INIT;
    int code = PW_EXIT_PASS;

    if (arguments->operands.count == 0) {
        pw_help_overview(&text);
    } else {
        write_subject(&text, arguments->operands.items[0]);
    }
    if (pw_strbuf_check(&text, &err) != PW_OK) {
        code = pw_cli_fail(cli, &err);
    } else {
        (void)fwrite(pw_strbuf_text(&text), 1, text.length, cli->out);
    }
    pw_strbuf_release(&text);
    return code;
}

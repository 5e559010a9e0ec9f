/* perfwarden baseline list: what is stored, as a table or as JSON. */
#include "baseline.h"
#include "perfwarden/util/clock.h"
#include "perfwarden/util/json.h"
#include "stored.h"

/* Called for each selected entry. */
typedef void (*entry_fn)(void *context, const struct pw_store_entry *entry);

/* Run over what the operands name; no operands name everything. */
static int for_each_selected(struct pw_cli *cli, const struct pw_arguments *arguments,
                             struct pw_project *project, const struct pw_words *operands,
                             entry_fn visit, void *context)
{
    struct pw_store_listing listing = {0};
    struct pw_error err = PW_ERROR_INIT;
    int status = pw_store_list(project->store, &listing, &err);
    const size_t words = operands->count == 0 ? 1 : operands->count;
    for (size_t w = 0; status == PW_OK && w < words; w++) {
        struct pw_stored_selection selection = {0};
        status =
            pw_stored_select(project, &listing, operands->count == 0 ? NULL : operands->items[w],
                             arguments->environment, &selection, &err);
        for (size_t i = 0; status == PW_OK && i < selection.count; i++) {
            visit(context, &selection.entries[i]);
        }
    }
    pw_store_listing_release(&listing);
    return status == PW_OK ? PW_EXIT_PASS : pw_baseline_fail_word(cli, &err);
}

struct table {
    struct pw_strbuf text;
    size_t rows;
};

static void add_table_row(void *context, const struct pw_store_entry *entry)
{
    struct table *table = context;
    char recorded[PW_TIME_TEXT_SIZE];
    pw_clock_format_utc(pw_run_id_wall_s(entry->run_id), recorded);
    pw_strbuf_printf(&table->text, "%.12s  %s  %s  %s\n", entry->commit, recorded,
                     entry->environment_id, entry->run_id);
    table->rows++;
}

static void add_json_row(void *context, const struct pw_store_entry *entry)
{
    struct pw_json_writer *writer = context;
    char recorded[PW_TIME_TEXT_SIZE];
    pw_clock_format_utc(pw_run_id_wall_s(entry->run_id), recorded);
    pw_json_begin_compact_object(writer, NULL);
    pw_json_put_string(writer, "commit", entry->commit);
    pw_json_put_string(writer, "recorded_at", recorded);
    pw_json_put_string(writer, "environment", entry->environment_id);
    pw_json_put_string(writer, "run_id", entry->run_id);
    pw_json_put_string(writer, "path", entry->path);
    pw_json_end(writer);
}

static int list_as_json(struct pw_cli *cli, const struct pw_arguments *arguments,
                        struct pw_project *project, const struct pw_words *operands)
{
    struct pw_strbuf text = PW_STRBUF_INIT;
    struct pw_json_writer writer;
    pw_json_writer_init(&writer, &text);
    pw_json_begin_object(&writer, NULL);
    pw_json_put_string(&writer, "schema", "perfwarden/baselines/1");
    pw_json_put_string(&writer, "store", pw_store_location(project->store));
    pw_json_begin_array(&writer, "baselines");
    const int code = for_each_selected(cli, arguments, project, operands, add_json_row, &writer);
    pw_json_end(&writer);
    pw_json_end(&writer);
    pw_json_writer_finish(&writer);
    if (code == PW_EXIT_PASS) {
        fputs(pw_strbuf_text(&text), cli->out);
    }
    pw_strbuf_release(&text);
    return code;
}

int pw_baseline_list(struct pw_cli *cli, const struct pw_arguments *arguments,
                     struct pw_project *project, const struct pw_words *operands)
{
    if (arguments->is_json) {
        return list_as_json(cli, arguments, project, operands);
    }
    struct table table = {.text = PW_STRBUF_INIT};
    pw_strbuf_puts(&table.text, "COMMIT        RECORDED              ENVIRONMENT   RUN ID\n");
    const int code = for_each_selected(cli, arguments, project, operands, add_table_row, &table);
    if (code == PW_EXIT_PASS && table.rows > 0) {
        fputs(pw_strbuf_text(&table.text), cli->out);
    } else if (code == PW_EXIT_PASS) {
        fprintf(
            cli->err,
            "perfwarden: nothing matches in %s; 'perfwarden baseline update' stores a baseline\n",
            pw_store_location(project->store));
    }
    pw_strbuf_release(&table.text);
    return code;
}

/* Results in formats that others read, too: which there are, and a result on one line. */
#include "portable.h"

#include "perfwarden/util/json.h"

const char *pw_portable_name(size_t index)
{
    static const char *const names[PW_PORTABLE_COUNT] = {
        [PW_PORTABLE_JSONL] = "jsonl",
        [PW_PORTABLE_CSV] = "csv",
        [PW_PORTABLE_SQLITE] = "sqlite",
    };
    return index < PW_COUNT(names) ? names[index] : NULL;
}

/* A result that was read is written from its document: no member is lost, none moves. */
static void put_document(const struct pw_json *document, struct pw_strbuf *out)
{
    struct pw_json_writer writer;

    pw_json_writer_init(&writer, out);
    pw_json_begin_compact_object(&writer, NULL);
    for (const struct pw_json *member = pw_json_first(document); member != NULL;
         member = pw_json_next(member)) {
        pw_json_put_value(&writer, pw_json_key(member), member);
    }
    pw_json_end(&writer);
    pw_json_writer_finish(&writer);
}

void pw_jsonl_put_result(const struct pw_result *result, struct pw_strbuf *out)
{
    struct pw_strbuf text = PW_STRBUF_INIT;
    struct pw_result read = {0};

    if (result->document != NULL) {
        put_document(result->document, out);
        return;
    }
    pw_strbuf_init(&text, PW_RESULT_MAX_BYTES);
    pw_result_write(result, &text);
    if (pw_strbuf_failed(&text) ||
        pw_result_read(pw_strbuf_text(&text), text.length, "", &read, NULL) != PW_OK) {
        out->failed = true;
    } else {
        put_document(read.document, out);
        pw_result_release(&read);
    }
    pw_strbuf_release(&text);
}

/* A literal of SQL: doubled quotes are all it needs. */
static void put_sql_text(struct pw_strbuf *out, const char *text, size_t length)
{
    pw_strbuf_putc(out, '\'');
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '\'') {
            pw_strbuf_putc(out, '\'');
        }
        pw_strbuf_putc(out, text[i]);
    }
    pw_strbuf_putc(out, '\'');
}

static void put_sql_string(struct pw_strbuf *out, const char *text)
{
    if (text == NULL) {
        pw_strbuf_puts(out, "NULL");
    } else {
        /* as JSON, so that a line end in it cannot be taken for one of the script's */
        struct pw_strbuf quoted = PW_STRBUF_INIT;
        struct pw_json_writer writer;
        pw_json_writer_init(&writer, &quoted);
        pw_json_begin_compact_array(&writer, NULL);
        pw_json_put_string(&writer, NULL, text);
        pw_json_end(&writer);
        pw_strbuf_puts(out, "json_extract(");
        put_sql_text(out, pw_strbuf_text(&quoted), quoted.length);
        pw_strbuf_puts(out, ", '$[0]')");
        out->failed = out->failed || pw_strbuf_failed(&quoted);
        pw_strbuf_release(&quoted);
    }
}

static void put_sql_begin(struct pw_strbuf *out)
{
    static const char tables[] =
        "BEGIN;\n"
        "CREATE TABLE result (\n"
        "  run_id TEXT PRIMARY KEY,\n"
        "  commit_id TEXT NOT NULL,\n"
        "  environment TEXT NOT NULL,\n"
        "  recorded_at TEXT NOT NULL,\n"
        "  branch TEXT,\n"
        "  dirty INTEGER NOT NULL,\n"
        "  json TEXT NOT NULL);\n"
        "CREATE TABLE series (\n"
        "  id INTEGER PRIMARY KEY,\n"
        "  run_id TEXT NOT NULL REFERENCES result (run_id),\n"
        "  benchmark TEXT NOT NULL,\n"
        "  params TEXT NOT NULL,\n"
        "  status TEXT NOT NULL,\n"
        "  metric TEXT NOT NULL,\n"
        "  unit TEXT NOT NULL,\n"
        "  better TEXT,\n"
        "  source TEXT);\n"
        "CREATE TABLE sample (\n"
        "  series_id INTEGER NOT NULL REFERENCES series (id),\n"
        "  position INTEGER NOT NULL,\n"
        "  value REAL NOT NULL,\n"
        "  PRIMARY KEY (series_id, position)) WITHOUT ROWID;\n"
        "CREATE VIEW measurement AS\n"
        "  SELECT commit_id, environment, run_id, recorded_at, branch, dirty, benchmark, params,\n"
        "         metric, unit, better, source, position, value\n"
        "  FROM sample JOIN series ON series.id = series_id JOIN result USING (run_id)\n"
        "  WHERE status = 'ok';\n";
    pw_strbuf_puts(out, tables);
}

/* Series and samples come out of the result's own text: the database cannot disagree with it. */
static void put_sql_result(const struct pw_result *result, struct pw_strbuf *out)
{
    struct pw_strbuf line = PW_STRBUF_INIT;

    pw_strbuf_init(&line, PW_RESULT_MAX_BYTES);
    pw_jsonl_put_result(result, &line);
    pw_strbuf_printf(out, "INSERT INTO result VALUES ('%s', '%s', '%s', ", result->run_id,
                     result->commit == NULL ? "" : result->commit, result->environment.id);
    put_sql_string(out, result->started_at);
    pw_strbuf_puts(out, ", ");
    put_sql_string(out, result->branch);
    pw_strbuf_printf(out, ", %d, ", result->is_dirty);
    put_sql_text(out, pw_strbuf_text(&line), line.length == 0 ? 0 : line.length - 1);
    pw_strbuf_puts(out, ");\n");
    out->failed = out->failed || pw_strbuf_failed(&line);
    pw_strbuf_release(&line);
}

static void put_sql_end(struct pw_strbuf *out)
{
    static const char statements[] =
        "INSERT INTO series (run_id, benchmark, params, status, metric, unit, better, source)\n"
        "  SELECT result.run_id, json_extract(b.value, '$.id'),\n"
        "         coalesce(json_extract(b.value, '$.params'), '{}'),\n"
        "         json_extract(b.value, '$.status'), m.key, json_extract(m.value, '$.unit'),\n"
        "         json_extract(m.value, '$.better'), json_extract(m.value, '$.source')\n"
        "  FROM result, json_each(result.json, '$.benchmarks') AS b,\n"
        "       json_each(b.value, '$.metrics') AS m\n"
        "  ORDER BY result.run_id, b.key, m.id;\n"
        "INSERT INTO sample (series_id, position, value)\n"
        "  SELECT series.id, s.key, s.value\n"
        "  FROM result, json_each(result.json, '$.benchmarks') AS b,\n"
        "       json_each(b.value, '$.metrics') AS m, json_each(m.value, '$.samples') AS s\n"
        "  JOIN series ON series.run_id = result.run_id\n"
        "    AND series.benchmark = json_extract(b.value, '$.id') AND series.metric = m.key;\n"
        "CREATE INDEX series_by_benchmark ON series (benchmark, metric);\n"
        "CREATE INDEX result_by_commit ON result (commit_id);\n"
        "COMMIT;\n";
    /* for the join above, and for whoever asks by run */
    pw_strbuf_puts(out,
                   "CREATE UNIQUE INDEX series_by_run ON series (run_id, benchmark, metric);\n");
    pw_strbuf_puts(out, statements);
}

void pw_portable_put_begin(enum pw_portable format, struct pw_strbuf *out)
{
    if (format == PW_PORTABLE_CSV) {
        pw_csv_put_header(out);
    } else if (format == PW_PORTABLE_SQLITE) {
        put_sql_begin(out);
    }
}

void pw_portable_put_result(enum pw_portable format, const struct pw_result *result,
                            struct pw_strbuf *out)
{
    static void (*const writers[PW_PORTABLE_COUNT])(const struct pw_result *,
                                                    struct pw_strbuf *) = {
        [PW_PORTABLE_JSONL] = pw_jsonl_put_result,
        [PW_PORTABLE_CSV] = pw_csv_put_result,
        [PW_PORTABLE_SQLITE] = put_sql_result,
    };
    writers[format](result, out);
}

void pw_portable_put_end(enum pw_portable format, struct pw_strbuf *out)
{
    if (format == PW_PORTABLE_SQLITE) {
        put_sql_end(out);
    }
}

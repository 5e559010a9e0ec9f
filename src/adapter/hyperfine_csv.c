/*
 * hyperfine's CSV (--export-csv). Names and metrics are those of its JSON (see hyperfine.c),
 * without samples, exit codes and memory, which are not in it: prefer that. The format has no end
 * mark: one that is cut between two rows is taken for whole, in the middle of a row it is refused.
 */
#include <string.h>

#include "json_members.h"
#include "perfwarden/util/number.h"

#define FORMAT "hyperfine-csv"
#define HEADER "command,mean,stddev,median,user,system,min,max"

/** Most columns: those of hyperfine and its parameters. */
#define MOST_COLUMNS 64

/** Columns of numbers, in their order behind the command. */
static const char *const metrics[] = {"time/mean",   "time/stddev", "time",    "time/user",
                                      "time/system", "time/min",    "time/max"};

/** Columns that are no parameters. */
#define OWN_COLUMNS (1 + PW_COUNT(metrics))

/** A row, its fields one after the other with a NUL behind each. */
struct row {
    struct pw_strbuf text;
    size_t at[MOST_COLUMNS];
    size_t count;
};

/** The text as it is read. */
struct csv {
    const char *at;
    const char *end;
    unsigned line;
};

static int fail_row(const struct csv *csv, const char *problem, struct pw_error *err)
{
    return pw_adapter_fail(err, FORMAT, csv->line, "%s", problem);
}

/* A NUL would end the field. */
static void put_byte(struct pw_strbuf *out, char byte)
{
    static const char blank = ' ';
    pw_strbuf_append(out, byte == '\0' ? &blank : &byte, 1);
}

static bool ends_field(char byte)
{
    return byte == ',' || byte == '\r' || byte == '\n';
}

/* A field in quotes, in which two quotes are one; line ends belong to it. */
static int read_quoted(struct csv *csv, struct pw_strbuf *out, struct pw_error *err)
{
    for (csv->at++; csv->at < csv->end; csv->at++) {
        if (*csv->at == '"' && (csv->at + 1 == csv->end || csv->at[1] != '"')) {
            csv->at++;
            return 0;
        }
        csv->at += *csv->at == '"';
        csv->line += *csv->at == '\n';
        put_byte(out, *csv->at);
    }
    return fail_row(csv, "the output ends inside quotes", err);
}

static void read_plain(struct csv *csv, struct pw_strbuf *out)
{
    for (; csv->at < csv->end && !ends_field(*csv->at); csv->at++) {
        put_byte(out, *csv->at);
    }
}

/* Up to the end of a line, which has to be there: without it the last number may have been cut. */
static int read_row(struct csv *csv, struct row *row, struct pw_error *err)
{
    pw_strbuf_clear(&row->text);
    row->count = 0;
    for (;;) {
        if (row->count == MOST_COLUMNS) {
            return fail_row(csv, "more columns than hyperfine writes", err);
        }
        row->at[row->count++] = row->text.length;
        if (csv->at < csv->end && *csv->at == '"') {
            const int status = read_quoted(csv, &row->text, err);
            if (status != 0) {
                return status;
            }
        } else {
            read_plain(csv, &row->text);
        }
        pw_strbuf_putc(&row->text, '\0');
        if (csv->at < csv->end && *csv->at == ',') {
            csv->at++;
            continue;
        }
        csv->at += csv->at < csv->end && *csv->at == '\r';
        if (csv->at == csv->end || *csv->at != '\n') {
            return fail_row(csv, "expected a comma or the end of the line behind a field", err);
        }
        csv->at++;
        csv->line++;
        return pw_strbuf_check(&row->text, err);
    }
}

static const char *field(const struct row *row, size_t index)
{
    return pw_strbuf_text(&row->text) + row->at[index];
}

static int read_header(struct csv *csv, struct row *header, struct pw_error *err)
{
    if ((size_t)(csv->end - csv->at) < strlen(HEADER) ||
        memcmp(csv->at, HEADER, strlen(HEADER)) != 0) {
        return pw_adapter_fail(err, FORMAT, 1, "expected '" HEADER "'");
    }
    const int status = read_row(csv, header, err);
    return status == 0 && header->count < OWN_COLUMNS
               ? pw_adapter_fail(err, FORMAT, 1, "expected '" HEADER "'")
               : status;
}

/* "parameter_jobs" is jobs. */
static void name_row(const struct row *header, const struct row *row, struct pw_strbuf *name)
{
    static const char prefix[] = "parameter_";
    pw_strbuf_clear(name);
    pw_strbuf_puts(name, field(row, 0));
    for (size_t i = OWN_COLUMNS; i < row->count; i++) {
        const char *parameter = field(header, i);
        parameter += strncmp(parameter, prefix, strlen(prefix)) == 0 ? strlen(prefix) : 0;
        pw_strbuf_printf(name, "%s%s=%s", i == OWN_COLUMNS ? " (" : ", ", parameter, field(row, i));
    }
    pw_strbuf_puts(name, row->count > OWN_COLUMNS ? ")" : "");
}

/* @param line  of the row */
static int add_row(const struct row *row, const char *name, unsigned line,
                   struct pw_adapter_output *output, struct pw_error *err)
{
    int status = 0;
    for (size_t i = 0; status == 0 && i < PW_COUNT(metrics); i++) {
        const char *text = field(row, i + 1);
        double seconds = 0;
        if (*text == '\0') { /* a single run has no deviation */
            continue;
        }
        if (pw_parse_double(text, &seconds) != 0 || seconds < 0) {
            return pw_adapter_fail(err, FORMAT, line, "'%s' of '%s' is not a number of seconds",
                                   text, name);
        }
        status = pw_adapter_add_number(output, name, metrics[i], "s", seconds, err);
    }
    return status;
}

static int read_rows(struct csv *csv, struct pw_adapter_output *output, struct pw_error *err)
{
    struct row header = {.count = 0};
    struct row row = {.count = 0};
    struct pw_strbuf name = PW_STRBUF_INIT;
    int status = read_header(csv, &header, err);
    while (status == 0 && csv->at < csv->end) {
        const unsigned line = csv->line;
        status = read_row(csv, &row, err);
        if (status == 0 && (row.count != header.count || *field(&row, 0) == '\0')) {
            status = pw_adapter_fail(err, FORMAT, line,
                                     "expected a command and as many fields as "
                                     "in the first line");
        }
        if (status == 0) {
            name_row(&header, &row, &name);
            status = pw_strbuf_check(&name, err);
        }
        if (status == 0) {
            status = add_row(&row, pw_strbuf_text(&name), line, output, err);
        }
    }
    pw_strbuf_release(&name);
    pw_strbuf_release(&row.text);
    pw_strbuf_release(&header.text);
    return status;
}

bool pw_adapter_recognise_hyperfine_csv(const char *text, size_t length)
{
    return length > strlen(HEADER) && memcmp(text, HEADER, strlen(HEADER)) == 0;
}

int pw_adapter_parse_hyperfine_csv(const char *text, size_t length,
                                   const struct pw_adapter_settings *settings,
                                   struct pw_adapter_output *out, struct pw_error *err)
{
    struct pw_adapter_output output = {.values = NULL};
    struct csv csv = {.at = text, .end = text + length, .line = 1};
    (void)settings;
    int status = read_rows(&csv, &output, err);
    if (status == 0) {
        status = pw_adapter_merge_repeated(&output, err);
    }
    return pw_adapter_finish(FORMAT, status, &output, out, err);
}

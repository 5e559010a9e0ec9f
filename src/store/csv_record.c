/* Splitting CSV into records, strictly: what RFC 4180 does not allow is damage, not a dialect. */
#include "csv_record.h"

#include <string.h>

#include "perfwarden/util/text.h"

/* Where in a record the reading is. */
enum place { FIELD_START, BARE, QUOTED, QUOTE_SEEN };

/* One record being read. */
struct reading {
    struct pw_input *input;
    struct pw_csv_record *record;
    enum place place;
    bool is_done;
    bool is_ended; /**< the end of the input was seen */
    struct pw_error *err;
};

void pw_csv_record_release(struct pw_csv_record *record)
{
    pw_strbuf_release(&record->text);
    record->count = 0;
}

char *pw_csv_record_field(struct pw_csv_record *record, size_t index)
{
    return index < record->count ? record->text.data + record->starts[index] : record->none;
}

static int fail(const struct reading *reading, const char *problem)
{
    return pw_error_set_at(reading->err, PW_EFORMAT, reading->input->name, reading->record->line, 0,
                           "%s", problem);
}

static int begin_field(struct reading *reading)
{
    struct pw_csv_record *record = reading->record;

    if (record->count == PW_CSV_FIELDS_MAX) {
        return fail(reading, "the record has too many fields");
    }
    record->starts[record->count++] = record->text.length;
    reading->place = FIELD_START;
    return PW_OK;
}

static int end_field(struct reading *reading)
{
    const struct pw_csv_record *record = reading->record;
    const size_t start = record->starts[record->count - 1];
    const size_t length = record->text.length - start;

    if (pw_strbuf_failed(&record->text)) {
        return fail(reading, "the record is too long");
    }
    if (length > 0 && !pw_utf8_is_valid(record->text.data + start, length)) {
        return fail(reading, "the record is not UTF-8");
    }
    pw_strbuf_putc(&reading->record->text, '\0');
    return PW_OK;
}

/* The end of a line, of which `byte` is the first: CR must be followed by LF. */
static int end_record(struct reading *reading, int byte)
{
    const bool is_nothing = reading->place == FIELD_START && reading->record->count == 1;
    int next = byte;

    if (byte == '\r') {
        const int status = pw_input_byte(reading->input, &next, reading->err);
        if (status != PW_OK) {
            return status;
        }
        if (next != '\n') {
            return fail(reading, "a carriage return does not end a line");
        }
    }
    /* RFC 4180 lets the last line end nowhere; then one that was cut short would look whole */
    if (next == -1 && !is_nothing) {
        return fail(reading, "the last line has no end, so it may be cut short");
    }
    reading->is_done = true;
    reading->is_ended = next == -1;
    return end_field(reading);
}

static int take_plain(struct reading *reading, int byte)
{
    int status;

    switch (byte) {
    case ',':
        status = end_field(reading);
        return status == PW_OK ? begin_field(reading) : status;
    case '\r':
    case '\n':
    case -1:
        return end_record(reading, byte);
    case '"':
        if (reading->place == FIELD_START) {
            reading->place = QUOTED;
            return PW_OK;
        }
        return fail(reading, reading->place == BARE
                                 ? "a quote stands inside a field that is not quoted"
                                 : "a quoted field goes on behind its end");
    default:
        if (reading->place == QUOTE_SEEN) {
            return fail(reading, "a quoted field goes on behind its end");
        }
        reading->place = BARE;
        pw_strbuf_putc(&reading->record->text, (char)byte);
        return PW_OK;
    }
}

static int take(struct reading *reading, int byte)
{
    if (byte == 0) {
        return fail(reading, "the record has a NUL");
    }
    if (reading->place == QUOTED && byte == -1) {
        return fail(reading, "the quoted field that begins here is cut short");
    }
    if (reading->place == QUOTED && byte != '"') {
        pw_strbuf_putc(&reading->record->text, (char)byte);
        return PW_OK;
    }
    if (reading->place == QUOTED) {
        reading->place = QUOTE_SEEN;
        return PW_OK;
    }
    if (reading->place == QUOTE_SEEN && byte == '"') {
        pw_strbuf_putc(&reading->record->text, '"');
        reading->place = QUOTED;
        return PW_OK;
    }
    return take_plain(reading, byte);
}

static int read_one(struct reading *reading)
{
    int status;

    pw_strbuf_clear(&reading->record->text);
    reading->record->count = 0;
    reading->record->line = reading->input->line;
    reading->is_done = false;
    status = begin_field(reading);
    while (status == PW_OK && !reading->is_done) {
        int byte = -1;
        status = pw_input_byte(reading->input, &byte, reading->err);
        if (status == PW_OK) {
            status = take(reading, byte);
        }
        if (status == PW_OK && pw_strbuf_failed(&reading->record->text)) {
            status = fail(reading, "the record is too long");
        }
    }
    return status;
}

static bool is_empty(struct pw_csv_record *record)
{
    return record->count == 1 && pw_csv_record_field(record, 0)[0] == '\0';
}

int pw_csv_record_read(struct pw_input *input, struct pw_csv_record *record, bool *has_one,
                       struct pw_error *err)
{
    struct reading reading = {.input = input, .record = record, .err = err};
    int status = PW_OK;

    record->text.cap = PW_RESULT_MAX_BYTES;
    do {
        status = read_one(&reading);
    } while (status == PW_OK && is_empty(record) && !reading.is_ended);
    if (status == PW_OK) {
        *has_one = !is_empty(record);
    }
    return status;
}

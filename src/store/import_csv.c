/*
 * Results rebuilt from CSV: what the file holds, and nothing guessed beyond it. The rows of a
 * result may stand anywhere; each result passes the same checks as one read from JSON.
 */
#include <stdlib.h>
#include <string.h>

#include "csv_row.h"

/* A position that no record has: a column that is not in the file. */
#define ABSENT PW_CSV_FIELDS_MAX

/* A result under construction. */
struct run {
    struct pw_result result;
    unsigned line; /**< of its first row */
};

/* One file being read. */
struct csv {
    struct pw_csv_row row; /**< the one at hand */
    struct pw_import *import;
    struct pw_input *input;
    size_t column_count;
    struct run **runs; /**< sorted by run id */
    size_t run_count;
    size_t run_capacity;
    struct pw_error *err;
};

static int fail(const struct csv *csv, enum pw_csv_column column, const char *problem)
{
    return pw_csv_row_fail(&csv->row, column, problem);
}

static char *field(struct csv *csv, enum pw_csv_column column)
{
    return pw_csv_row_field(&csv->row, column);
}

static int find_column(const struct csv *csv, const char *name, size_t *out)
{
    for (size_t i = 0; i < PW_CSV_COLUMNS; i++) {
        if (strcmp(pw_csv_column_name(i), name) == 0) {
            *out = i;
            return PW_OK;
        }
    }
    return pw_error_set_at(csv->err, PW_EFORMAT, csv->input->name, csv->row.record.line, 0,
                           "no results: there is no column '%s' in what 'perfwarden baseline "
                           "export' writes",
                           name);
}

static int read_header(struct csv *csv)
{
    static const enum pw_csv_column needed[] = {
        PW_CSV_COMMIT,    PW_CSV_ENVIRONMENT, PW_CSV_RUN_ID, PW_CSV_RECORDED_AT,
        PW_CSV_BENCHMARK, PW_CSV_METRIC,      PW_CSV_UNIT,   PW_CSV_SAMPLES,
    };
    bool has_one = false;
    int status = pw_csv_record_read(csv->input, &csv->row.record, &has_one, csv->err);

    for (size_t i = 0; i < PW_CSV_COLUMNS; i++) {
        csv->row.positions[i] = ABSENT;
    }
    csv->column_count = csv->row.record.count;
    for (size_t i = 0; status == PW_OK && i < csv->row.record.count; i++) {
        size_t column = 0;
        status = find_column(csv, pw_csv_record_field(&csv->row.record, i), &column);
        if (status == PW_OK && csv->row.positions[column] != ABSENT) {
            status = fail(csv, (enum pw_csv_column)column, "is there twice");
        }
        if (status == PW_OK) {
            csv->row.positions[column] = i;
        }
    }
    for (size_t i = 0; status == PW_OK && i < PW_COUNT(needed); i++) {
        if (csv->row.positions[needed[i]] == ABSENT) {
            status = fail(csv, needed[i], "is missing");
        }
    }
    return status;
}

/* @return where a run is, or belongs */
static size_t find_run(const struct csv *csv, const char *run_id, bool *is_there)
{
    size_t low = 0;
    size_t high = csv->run_count;

    *is_there = false;
    while (low < high && !*is_there) {
        const size_t middle = low + (high - low) / 2;
        const int order = strcmp(csv->runs[middle]->result.run_id, run_id);
        if (order == 0) {
            *is_there = true;
            low = middle;
        } else if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool fill_run(struct csv *csv, struct pw_result *result)
{
    struct pw_arena *arena = &result->arena;
    const char *branch = field(csv, PW_CSV_BRANCH);

    result->commit = pw_arena_strdup(arena, field(csv, PW_CSV_COMMIT));
    result->started_at = pw_arena_strdup(arena, field(csv, PW_CSV_RECORDED_AT));
    result->branch = branch[0] == '\0' ? NULL : pw_arena_strdup(arena, branch);
    result->is_dirty = strcmp(field(csv, PW_CSV_DIRTY), "true") == 0;
    memcpy(result->run_id, field(csv, PW_CSV_RUN_ID), PW_RUN_ID_SIZE);
    memcpy(result->environment.id, field(csv, PW_CSV_ENVIRONMENT), PW_ENVIRONMENT_ID_SIZE);
    return result->commit != NULL && result->started_at != NULL &&
           (branch[0] == '\0' || result->branch != NULL);
}

static int insert_run(struct csv *csv, size_t at, struct run **out)
{
    struct run *run = calloc(1, sizeof(*run));
    struct run **runs = csv->runs;

    if (csv->run_count == csv->run_capacity) {
        const size_t capacity = csv->run_capacity == 0 ? 64 : csv->run_capacity * 2;
        runs = realloc(csv->runs, capacity * sizeof(struct run *));
        if (runs != NULL) {
            csv->runs = runs;
            csv->run_capacity = capacity;
        }
    }
    if (run == NULL || runs == NULL || !fill_run(csv, &run->result)) {
        if (run != NULL) {
            pw_result_release(&run->result);
        }
        free(run);
        return pw_error_set_no_memory(csv->err);
    }
    run->line = csv->row.record.line;
    memmove(&runs[at + 1], &runs[at], (csv->run_count - at) * sizeof(struct run *));
    runs[at] = run;
    csv->run_count++;
    *out = run;
    return PW_OK;
}

/* The rows of a result must agree on what it is. */
static int check_run(struct csv *csv, const struct pw_result *result)
{
    const struct {
        enum pw_csv_column column;
        const char *first;
    } identity[] = {
        {PW_CSV_COMMIT, result->commit},
        {PW_CSV_ENVIRONMENT, result->environment.id},
        {PW_CSV_RECORDED_AT, result->started_at},
        {PW_CSV_BRANCH, result->branch == NULL ? "" : result->branch},
    };

    for (size_t i = 0; i < PW_COUNT(identity); i++) {
        if (strcmp(identity[i].first, field(csv, identity[i].column)) != 0) {
            return fail(csv, identity[i].column, "differs from that of an earlier row of this run");
        }
    }
    if (result->is_dirty != (strcmp(field(csv, PW_CSV_DIRTY), "true") == 0)) {
        return fail(csv, PW_CSV_DIRTY, "differs from that of an earlier row of this run");
    }
    return PW_OK;
}

/* As pw_clock_format_utc() writes it, each part within its bounds. */
static bool is_time(const char *text)
{
    static const char pattern[] = "dddd-dd-ddTdd:dd:ddZ";
    static const struct {
        size_t at;
        int least;
        int most;
    } parts[] = {{5, 1, 12}, {8, 1, 31}, {11, 0, 23}, {14, 0, 59}, {17, 0, 60}};

    for (size_t i = 0; i < sizeof(pattern); i++) {
        const bool is_digit = text[i] >= '0' && text[i] <= '9';
        if (pattern[i] == 'd' ? !is_digit : text[i] != pattern[i]) {
            return false;
        }
    }
    for (size_t i = 0; i < PW_COUNT(parts); i++) {
        const int value = (text[parts[i].at] - '0') * 10 + (text[parts[i].at + 1] - '0');
        if (value < parts[i].least || value > parts[i].most) {
            return false;
        }
    }
    return true;
}

static int take_run(struct csv *csv, struct run **out)
{
    const char *dirty = field(csv, PW_CSV_DIRTY);
    bool is_there = false;

    if (strlen(field(csv, PW_CSV_RUN_ID)) != PW_RUN_ID_SIZE - 1) {
        return fail(csv, PW_CSV_RUN_ID, "is not 26 letters and digits");
    }
    if (strlen(field(csv, PW_CSV_ENVIRONMENT)) != PW_ENVIRONMENT_ID_SIZE - 1) {
        return fail(csv, PW_CSV_ENVIRONMENT, "is not 12 hexadecimal digits");
    }
    if (dirty[0] != '\0' && strcmp(dirty, "true") != 0 && strcmp(dirty, "false") != 0) {
        return fail(csv, PW_CSV_DIRTY, "is neither 'true' nor 'false'");
    }
    if (!is_time(field(csv, PW_CSV_RECORDED_AT))) {
        return fail(csv, PW_CSV_RECORDED_AT, "is not a time such as '2026-11-20T10:00:00Z'");
    }
    const size_t at = find_run(csv, field(csv, PW_CSV_RUN_ID), &is_there);
    if (!is_there) {
        return insert_run(csv, at, out);
    }
    *out = csv->runs[at];
    return check_run(csv, &csv->runs[at]->result);
}

static int take_row(struct csv *csv)
{
    struct run *run = NULL;

    if (csv->row.record.count != csv->column_count) {
        return pw_error_set_at(csv->err, PW_EFORMAT, csv->input->name, csv->row.record.line, 0,
                               "the record has %zu fields, not %zu as the first one",
                               csv->row.record.count, csv->column_count);
    }
    for (size_t i = 0; i < csv->row.record.count; i++) {
        pw_csv_restore(pw_csv_record_field(&csv->row.record, i));
    }
    const int status = take_run(csv, &run);
    return status == PW_OK ? pw_csv_row_take(&csv->row, &run->result) : status;
}

/* Written and read once: what JSON would be refused for is refused here. */
static int add_run(struct csv *csv, const struct run *run)
{
    struct pw_strbuf text = PW_STRBUF_INIT;
    struct pw_error failure = PW_ERROR_INIT;
    struct pw_result checked = {0};

    pw_strbuf_init(&text, PW_RESULT_MAX_BYTES);
    pw_result_write(&run->result, &text);
    int status = pw_strbuf_check(&text, csv->err);
    if (status == PW_OK) {
        status = pw_result_read(pw_strbuf_text(&text), text.length, csv->input->name, &checked,
                                &failure);
    }
    if (failure.status != PW_OK) {
        status = pw_error_set_at(csv->err, failure.status, csv->input->name, run->line, 0,
                                 "the run that begins here: %s", pw_error_message(&failure));
    }
    if (status == PW_OK) {
        status = pw_import_add(csv->import, &checked, true, csv->input->name, run->line, csv->err);
        if (status == PW_OK) {
            status = pw_import_check(&checked, csv->input->name, run->line, csv->err);
        }
        pw_result_release(&checked);
    }
    pw_error_release(&failure);
    pw_strbuf_release(&text);
    return status;
}

int pw_import_csv(struct pw_import *import, struct pw_input *input, struct pw_error *err)
{
    struct csv csv = {
        .row = {.name = input->name, .err = err}, .import = import, .input = input, .err = err};
    bool has_one = true;
    int status = read_header(&csv);

    while (status == PW_OK && has_one) {
        status = pw_csv_record_read(input, &csv.row.record, &has_one, err);
        if (status == PW_OK && has_one) {
            status = take_row(&csv);
        }
    }
    for (size_t i = 0; i < csv.run_count; i++) {
        if (status == PW_OK) {
            status = add_run(&csv, csv.runs[i]);
        }
        pw_result_release(&csv.runs[i]->result);
        free(csv.runs[i]);
    }
    free(csv.runs);
    pw_csv_record_release(&csv.row.record);
    return status;
}

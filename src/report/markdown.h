/*
 * What the two markdown reports share: GitHub drops a whole summary over 1 MiB, so blocks are added
 * as long as they fit, a table ends at a row, and what is left out is counted and said.
 */
#ifndef PERFWARDEN_REPORT_MARKDOWN_H
#define PERFWARDEN_REPORT_MARKDOWN_H

#include <stdbool.h>
#include <stddef.h>

#include "perfwarden/report.h"
#include "perfwarden/util/error.h"
#include "perfwarden/util/strbuf.h"

/** For headings, table heads, folds and notes, which are added whatever the limit. */
#define PW_MARKDOWN_FRAME_BYTES 4096

/** A report under way. */
struct pw_markdown {
    struct pw_strbuf *out;
    struct pw_strbuf block; /**< what pw_markdown_commit() adds next */
    struct pw_strbuf plain; /**< for a caller's text before it is escaped */
    struct pw_strbuf shortened;
    size_t start;     /**< where the report starts in `out` */
    size_t max_bytes; /**< of the whole report */
    size_t limit;     /**< blocks may fill this many bytes */
    size_t left_out;  /**< blocks left out since pw_markdown_note_left_out() */
    bool is_full;     /**< one did not fit, so all that follow are left out */
};

/**
 * @param max_bytes  the report is never longer; 0 for PW_REPORT_MAX_BYTES; at least
 *                   PW_REPORT_MIN_BYTES
 * @param reserve    bytes to keep for a known end of the report
 */
void pw_markdown_init(struct pw_markdown *markdown, struct pw_strbuf *out, size_t max_bytes,
                      size_t reserve);

/**
 * End a report.
 *
 * @param status  of the rendering so far
 * @return the status, or PW_ENOMEM when text was lost; on failure `out` is as it was
 */
int pw_markdown_finish(struct pw_markdown *markdown, int status, struct pw_error *err);

/** Add the block, and start an empty one. @return false when it was left out */
bool pw_markdown_commit(struct pw_markdown *markdown);

/** Say how many blocks were left out since the last time, if any. @param what "row", takes an s */
void pw_markdown_note_left_out(struct pw_markdown *markdown, const char *what);

/** Say that a whole part was left out. @param title own words @param count of its rows */
void pw_markdown_leave_out(struct pw_markdown *markdown, const char *title, size_t count);

/** Open a part of the report: a heading, or a closed <details>. @param title own words */
void pw_markdown_open(struct pw_markdown *markdown, const char *title, size_t count,
                      bool is_folded);
void pw_markdown_close(struct pw_markdown *markdown, bool is_folded);

/** The head of a table. @param alignment 'l' or 'r' for each column */
void pw_markdown_table_head(struct pw_markdown *markdown, const char *const *titles,
                            const char *alignment);

/* Foreign text, shortened and escaped into the block. */
void pw_markdown_code(struct pw_markdown *markdown, const char *text);
void pw_markdown_text(struct pw_markdown *markdown, const char *text);

/** A cell of the block's row: foreign text and the closing bar. */
void pw_markdown_cell(struct pw_markdown *markdown, const char *text);

/** Escape what was collected in `plain` into the block, and clear it. */
void pw_markdown_flush_plain(struct pw_markdown *markdown);
/** The same as code. */
void pw_markdown_flush_code(struct pw_markdown *markdown);

#endif

/* Which verdict looks how. */
#include "palette.h"

static const struct {
    const char *mark;
    const char *color;
} looks[PW_VERDICT_COUNT] = {
    [PW_VERDICT_PASS] = {PW_MARK_GOOD, PW_COLOR_GOOD},
    [PW_VERDICT_IMPROVEMENT] = {PW_MARK_GOOD, PW_COLOR_GOOD},
    [PW_VERDICT_ACCEPTED] = {PW_MARK_GOOD, PW_COLOR_GOOD},
    [PW_VERDICT_SKIPPED] = {PW_MARK_OPEN, PW_COLOR_NONE},
    [PW_VERDICT_NO_BASELINE] = {PW_MARK_OPEN, PW_COLOR_OPEN},
    [PW_VERDICT_INCONCLUSIVE] = {PW_MARK_OPEN, PW_COLOR_OPEN},
    [PW_VERDICT_REGRESSION] = {PW_MARK_BAD, PW_COLOR_BAD},
    [PW_VERDICT_MISSING] = {PW_MARK_BAD, PW_COLOR_BAD},
    [PW_VERDICT_ERROR] = {PW_MARK_BAD, PW_COLOR_BAD},
};

const char *pw_report_mark(enum pw_verdict verdict)
{
    return looks[verdict].mark;
}

const char *pw_report_color(enum pw_verdict verdict)
{
    return looks[verdict].color;
}

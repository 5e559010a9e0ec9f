/*
 * Bounds of accepted changes: "+12%", "-200us". The sign is required, for it says which way the
 * change goes, and a reader must not have to know which way is worse.
 */
#include <math.h>
#include <string.h>

#include "perfwarden/config/accepted.h"

int pw_bound_parse(const char *text, struct pw_bound *out, struct pw_error *err)
{
    enum pw_quantity quantity = PW_QUANTITY_COUNT;
    double value = 0;
    const bool is_signed = text[0] == '+' || text[0] == '-';

    if (pw_parse_quantity(text, &value, &quantity, NULL) != PW_OK || !isfinite(value)) {
        return pw_error_set(err, PW_EINVAL,
                            "'%.60s' is no bound such as +12%%, +200us, +4MiB or -12%%", text);
    }
    if (!is_signed) {
        return pw_error_set(err, PW_EINVAL,
                            "'%.60s' has no sign: write '+%.60s', or '-%.60s' for a metric of "
                            "which more is better",
                            text, text, text);
    }
    if (value == 0.0) {
        return pw_error_set(err, PW_EINVAL, "'%.60s' is 0", text);
    }
    *out = (struct pw_bound){text, fabs(value), quantity, text[0] == '-'};
    return PW_OK;
}

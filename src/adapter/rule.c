/* What a rule of the configuration makes of a number that it found. */
#include <string.h>

#include "formats.h"

int pw_adapter_add_by_rule(struct pw_adapter_samples *samples, const struct pw_value_rule *rule,
                           const char *benchmark, const char *metric, const char *unit,
                           double value, struct pw_error *err)
{
    static const struct pw_adapter_unit plain = {"count", "count", 1, PW_BETTER_LOWER, false};
    const char *name = unit != NULL && *unit != '\0' ? unit : rule->unit;
    const struct pw_adapter_unit *known =
        name == NULL ? &plain : pw_adapter_find_unit(name, strlen(name));
    struct pw_adapter_value found = {.benchmark = benchmark, .value = value};
    found.metric = metric != NULL && *metric != '\0' ? metric : rule->metric;
    found.metric = found.metric == NULL ? "value" : found.metric;
    found.unit = known == NULL ? name : known->base;
    found.better = known == NULL ? PW_BETTER_LOWER : known->better;
    if (rule->better > 0) {
        found.better = (enum pw_better)(rule->better - 1);
    }
    if (known != NULL) {
        found.value = pw_adapter_to_base(known, value);
    }
    return pw_adapter_samples_add(samples, &found, err);
}

/*
 * The tables behind the comparison's JSON, shared so that writer and reader cannot drift apart.
 */
#include "comparison_json.h"

#include <string.h>

#include "perfwarden/util/json.h"

static const struct pw_side_member side_members[] = {
    {"commit", offsetof(struct pw_side, commit)},
    {"branch", offsetof(struct pw_side, branch)},
    {"reason", offsetof(struct pw_side, reason)},
    {"environment", offsetof(struct pw_side, environment_id)},
    {"started_at", offsetof(struct pw_side, started_at)},
    {"run_id", offsetof(struct pw_side, run_id)},
    {"source", offsetof(struct pw_side, source)},
    {"hostname", offsetof(struct pw_side, hostname)},
};

static const struct pw_row_member row_members[] = {
    {"base", offsetof(struct pw_comparison_row, base)},
    {"head", offsetof(struct pw_comparison_row, head)},
    {"ratio", offsetof(struct pw_comparison_row, ratio)},
    {"e_value", offsetof(struct pw_comparison_row, e_value)},
    {"p_value", offsetof(struct pw_comparison_row, p_value)},
    {"detectable", offsetof(struct pw_comparison_row, detectable)},
    {"noise", offsetof(struct pw_comparison_row, noise)},
};

static const struct pw_agreement_member agreement_members[] = {
    {"by", offsetof(struct pw_agreement, by)},
    {"reason", offsetof(struct pw_agreement, reason)},
    {"bound", offsetof(struct pw_agreement, bound)},
    {"expires", offsetof(struct pw_agreement, expires)},
    {"where", offsetof(struct pw_agreement, where)},
};

static const char *const policy_names[] = {
    [PW_POLICY_PASS] = "pass",
    [PW_POLICY_WARN] = "warn",
    [PW_POLICY_FAIL] = "fail",
    [PW_POLICY_REMEASURE] = "warn", /* all that is left of it once a comparison is made */
};

const struct pw_side_member *pw_comparison_side_members(size_t *count)
{
    *count = PW_COUNT(side_members);
    return side_members;
}

const struct pw_row_member *pw_comparison_row_members(size_t *count)
{
    *count = PW_COUNT(row_members);
    return row_members;
}

const struct pw_agreement_member *pw_comparison_agreement_members(size_t *count)
{
    *count = PW_COUNT(agreement_members);
    return agreement_members;
}

const char *pw_policy_name(enum pw_policy policy)
{
    return policy_names[policy];
}

bool pw_policy_from_name(const char *name, enum pw_policy *out)
{
    for (size_t i = 0; i < PW_COUNT(policy_names); i++) {
        if (strcmp(name, policy_names[i]) == 0) {
            *out = (enum pw_policy)i;
            return true;
        }
    }
    return false;
}

int pw_comparison_check_schema(const struct pw_json *document, const char *name,
                               struct pw_error *err)
{
    static const char family[] = "perfwarden/comparison/";
    const char *schema = pw_json_string(pw_json_get(document, "schema"));

    if (schema != NULL && strcmp(schema, PW_COMPARISON_SCHEMA) == 0) {
        return 0;
    }
    if (schema != NULL && strncmp(schema, family, sizeof family - 1) == 0) {
        return pw_error_set_at(
            err, PW_EFORMAT, name, 0, 0,
            "schema '%s' is not known to this version, which reads '%s': update perfwarden", schema,
            PW_COMPARISON_SCHEMA);
    }
    return pw_error_set_at(err, PW_EFORMAT, name, 0, 0, "not a comparison: 'schema' is not '%s'",
                           PW_COMPARISON_SCHEMA);
}

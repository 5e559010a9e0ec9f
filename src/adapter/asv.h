/* What the two formats of airspeed velocity share. */
#ifndef PERFWARDEN_ADAPTER_ASV_H
#define PERFWARDEN_ADAPTER_ASV_H

/** What the name of a benchmark says it measures. */
struct pw_asv_kind {
    const char *prefix;       /**< of a function */
    const char *class_prefix; /**< of a class */
    const char *metric;
    const char *error_metric; /**< of what stands behind ± */
    const char *unit;
};

/** Never NULL: a name that says nothing is that of a value without unit. */
const struct pw_asv_kind *pw_asv_find_kind(const char *benchmark);

#endif

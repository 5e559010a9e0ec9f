/*
 * The built-in workloads: each does real work whose amount is given in units, none of which can be
 * left out, for all of it goes into a checksum that is printed. They stand for what programs do:
 * compute, wait for memory, allocate, sort, look through text.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "doctor.h"
#include "perfwarden/util/number.h"

/* More units than any machine does within a run's time limit. */
#define UNITS_MAX UINT64_C(1000000000)

/* xorshift64 (Marsaglia 2003). */
static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static uint64_t compute(unsigned long units)
{
    uint64_t random = UINT64_C(88172645463325252);
    uint64_t sum = 0;
    for (unsigned long unit = 0; unit < units; unit++) {
        for (int i = 0; i < 4000; i++) {
            sum += next_random(&random);
        }
    }
    return sum;
}

/* A walk from place to place through more memory than the near caches hold, where each step waits
 * for the one before. */
static uint64_t walk(unsigned long units)
{
    enum { PLACES = 1 << 19 };
    uint32_t *next = malloc(PLACES * sizeof(*next));
    uint32_t at = 0;
    if (next == NULL) {
        return 0;
    }
    for (uint32_t i = 0; i < PLACES; i++) {
        /* a full cycle: odd increment, multiplier 1 modulo 4 (Hull and Dobell 1962) */
        next[i] = (i * UINT32_C(1664525) + UINT32_C(1013904223)) % PLACES;
    }
    for (unsigned long unit = 0; unit < units; unit++) {
        for (int i = 0; i < 400; i++) {
            at = next[at];
        }
    }
    free(next);
    return at + 1;
}

/* Blocks of changing sizes, some of which live long. */
static uint64_t allocate(unsigned long units)
{
    enum { KEPT = 512 };
    char *kept[KEPT] = {NULL};
    uint64_t random = 1;
    uint64_t sum = 1;
    bool is_complete = true;
    for (unsigned long unit = 0; unit < units; unit++) {
        for (int i = 0; i < 50; i++) {
            const uint64_t draw = next_random(&random);
            const size_t size = 16 + (size_t)(draw >> 40) % 2000;
            char **slot = &kept[draw % KEPT];
            free(*slot);
            *slot = malloc(size);
            is_complete = is_complete && *slot != NULL;
            if (*slot != NULL) {
                memset(*slot, (int)(draw & 0x7f), size);
                sum += (uint64_t)(*slot)[size / 2];
            }
        }
    }
    for (size_t i = 0; i < KEPT; i++) {
        free(kept[i]);
    }
    return is_complete ? sum : 0;
}

static int compare_numbers(const void *a, const void *b)
{
    const uint64_t *x = a;
    const uint64_t *y = b;
    return (*x > *y) - (*x < *y);
}

static uint64_t sort_numbers(unsigned long units)
{
    enum { NUMBERS = 256 };
    uint64_t numbers[NUMBERS];
    uint64_t random = 7;
    uint64_t sum = 1;
    for (unsigned long unit = 0; unit < units; unit++) {
        for (size_t i = 0; i < NUMBERS; i++) {
            numbers[i] = next_random(&random);
        }
        qsort(numbers, NUMBERS, sizeof(numbers[0]), compare_numbers);
        sum += numbers[NUMBERS / 2];
    }
    return sum;
}

/* Lines are made and looked through for a word. */
static uint64_t search_text(unsigned long units)
{
    char line[256];
    uint64_t random = 3;
    uint64_t found = 1;
    for (unsigned long unit = 0; unit < units; unit++) {
        for (int i = 0; i < 20; i++) {
            for (size_t at = 0; at < sizeof(line) - 1; at++) {
                line[at] = (char)('a' + next_random(&random) % 26);
            }
            line[sizeof(line) - 1] = '\0';
            for (const char *at = strstr(line, "be"); at != NULL; at = strstr(at + 1, "be")) {
                found++;
            }
        }
    }
    return found;
}

static const struct pw_workload WORKLOADS[] = {
    {"cpu", "arithmetic in registers", 200, compute},
    {"memory", "reads that wait for one another", 200, walk},
    {"allocation", "blocks of memory taken and given back", 200, allocate},
    {"sorting", "short arrays sorted", 100, sort_numbers},
    {"text", "lines written and searched", 100, search_text},
};

const struct pw_workload *pw_workload_table(size_t *count)
{
    *count = PW_COUNT(WORKLOADS);
    return WORKLOADS;
}

static const struct pw_workload *find(const char *name, size_t length)
{
    for (size_t i = 0; i < PW_COUNT(WORKLOADS); i++) {
        if (strlen(WORKLOADS[i].name) == length && memcmp(WORKLOADS[i].name, name, length) == 0) {
            return &WORKLOADS[i];
        }
    }
    return NULL;
}

/* The decimal number up to a colon or the end. @param[in,out] at then behind the colon, or NULL */
static bool take_units(const char **at, uint64_t *out)
{
    char digits[16];
    const size_t length = strcspn(*at, ":");
    if (length >= sizeof(digits)) {
        return false;
    }
    memcpy(digits, *at, length);
    digits[length] = '\0';
    *at = (*at)[length] == ':' ? *at + length + 1 : NULL;
    return pw_parse_uint64(digits, out) == PW_OK && *out <= UNITS_MAX;
}

static int refuse(struct pw_cli *cli, const char *text)
{
    struct pw_error err = PW_ERROR_INIT;
    (void)pw_error_set(&err, PW_EUSAGE,
                       "'%s' is no built-in workload; it takes NAME:UNITS or NAME:UNITS:EXTRA",
                       text);
    return pw_cli_fail(cli, &err);
}

int pw_workload_main(struct pw_cli *cli, const char *text)
{
    const char *at = strchr(text, ':');
    const struct pw_workload *workload = at == NULL ? NULL : find(text, (size_t)(at - text));
    const char *side = getenv("PERFWARDEN_SIDE");
    uint64_t units = 0;
    uint64_t extra = 0;
    if (workload == NULL) {
        return refuse(cli, text);
    }
    at++;
    if (!take_units(&at, &units) || (at != NULL && !take_units(&at, &extra)) || at != NULL) {
        return refuse(cli, text);
    }
    const bool is_slower = side != NULL && strcmp(side, "head") == 0;
    const uint64_t checksum = workload->run((unsigned long)(units + (is_slower ? extra : 0)));
    if (checksum == 0) {
        struct pw_error err = PW_ERROR_INIT;
        (void)pw_error_set_no_memory(&err);
        return pw_cli_fail(cli, &err);
    }
    fprintf(cli->out, "%" PRIu64 "\n", checksum);
    return PW_EXIT_PASS;
}

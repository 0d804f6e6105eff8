/* unit.c - one table of units: text, kind, and size in the kind's first unit. */
#include "base/unit.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

enum { MAX_UNIT = 63 }; /* longest unit text that can be known */

static const double nats_per_bit = 0.69314718055994530942; /* ln 2 */

typedef enum kind {
    LOSS_PER_TOKEN,
    LOSS_PER_BYTE,
    PARAMETERS,
    TOKENS,
    BYTES,
    FLOP,
    STEPS,
    SAMPLES,
    SECONDS,
    DIMENSIONLESS
} kind;

typedef struct unit {
    const char *text; /* canonical */
    kind kind;
    double factor;        /* in the first unit of its kind */
    const char *synonyms; /* "a|b", normalised as normalise() does; NULL if none */
} unit;

#define COUNTED(kind, name, synonyms)                                                  \
    {name, kind, 1, synonyms}, {"thousand " name, kind, 1e3, NULL},                    \
        {"million " name, kind, 1e6, NULL}, {"billion " name, kind, 1e9, NULL},        \
    {                                                                                  \
        "trillion " name, kind, 1e12, NULL                                             \
    }

static const unit units[] = {
    {"nats per token", LOSS_PER_TOKEN, 1, "nats|nat per token"},
    {"bits per token", LOSS_PER_TOKEN, nats_per_bit, "bits|bit per token"},
    {"nats per byte", LOSS_PER_BYTE, 1, "nat per byte"},
    {"bits per byte", LOSS_PER_BYTE, nats_per_bit, "bpb|bit per byte"},
    COUNTED(PARAMETERS, "parameters", "parameter|params|param"),
    COUNTED(TOKENS, "tokens", "token"),
    COUNTED(BYTES, "bytes", "byte"),
    COUNTED(STEPS, "steps", "step"),
    COUNTED(SAMPLES, "samples", "sample"),
    {"FLOP", FLOP, 1, "flops"},
    {"GFLOP", FLOP, 1e9, "gflops"},
    {"TFLOP", FLOP, 1e12, "tflops"},
    {"PFLOP", FLOP, 1e15, "pflops"},
    {"EFLOP", FLOP, 1e18, "eflops"},
    {"ZFLOP", FLOP, 1e21, "zflops"},
    {"PFLOP/s-days", FLOP, 8.64e19, "pflop/s-day|pf-days|pf-day|petaflop/s-days"},
    {"seconds", SECONDS, 1, "second|s"},
    {"minutes", SECONDS, 60, "minute|min"},
    {"hours", SECONDS, 3600, "hour|h"},
    {"days", SECONDS, 86400, "day"},
    {"1", DIMENSIONLESS, 1, "dimensionless|none|fraction"},
    {"percent", DIMENSIONLESS, 0.01, "%"},
};

enum { N_UNITS = sizeof units / sizeof *units };

static const char known_units[] =
    "nats or bits per token or byte; parameters, tokens, bytes, steps, samples (also "
    "thousand, million, billion, trillion ...); FLOP, GFLOP to ZFLOP, PFLOP/s-days; "
    "seconds, minutes, hours, days; percent, 1";

/* Lower case, single blanks, "per" for a slash. False if too long to be a unit. */
static bool normalise(char out[MAX_UNIT + 1], const char *text)
{
    const bool slash_is_per = !strstr(text, "/s-"); /* PFLOP/s-days is one word */
    size_t n = 0;
    for (; *text; text++) {
        if (n + 5 > MAX_UNIT) return false;
        if (*text == '/' && slash_is_per) {
            if (n && out[n - 1] == ' ') n--;
            memcpy(out + n, " per ", 5);
            n += 5;
        } else if (!isspace((unsigned char)*text)) {
            out[n++] = (char)tolower((unsigned char)*text);
        } else if (n && out[n - 1] != ' ') {
            out[n++] = ' ';
        }
    }
    while (n && out[n - 1] == ' ') n--;
    out[n] = '\0';
    return n > 0;
}

static bool is_synonym(const char *list, const char *text)
{
    const size_t n = strlen(text);
    while (list) {
        const char *end = strchr(list, '|');
        const size_t length = end ? (size_t)(end - list) : strlen(list);
        if (length == n && !memcmp(list, text, n)) return true;
        list = end ? end + 1 : NULL;
    }
    return false;
}

static const unit *find(const char *text)
{
    char wanted[MAX_UNIT + 1], known[MAX_UNIT + 1];
    if (!text || !normalise(wanted, text)) return NULL;
    for (size_t i = 0; i < N_UNITS; i++) {
        normalise(known, units[i].text);
        if (!strcmp(wanted, known) || is_synonym(units[i].synonyms, wanted))
            return &units[i];
    }
    return NULL;
}

const char *kl_unit_canonical(const char *text)
{
    const unit *u = find(text);
    return u ? u->text : NULL;
}

kl_status kl_unit_require(const char **canonical, const char *text, kl_error *err)
{
    *canonical = kl_unit_canonical(text);
    if (*canonical) return KL_OK;
    return kl_fail(err, KL_E_UNIT, "unknown unit '%.60s' (known: %s)", text ? text : "",
                   known_units);
}

kl_status kl_unit_convert_factor(double *factor, const char *from, const char *to,
                                 kl_error *err)
{
    *factor = 0;
    const char *canonical;
    kl_status status = kl_unit_require(&canonical, from, err);
    if (!status) status = kl_unit_require(&canonical, to, err);
    if (status) return status;
    const unit *a = find(from), *b = find(to);
    if (a->kind != b->kind) {
        const bool losses = a->kind <= LOSS_PER_BYTE && b->kind <= LOSS_PER_BYTE;
        const bool sizes = (a->kind == TOKENS && b->kind == BYTES) ||
                           (a->kind == BYTES && b->kind == TOKENS);
        return kl_fail(err, KL_E_UNIT, "cannot turn %s into %s%s", a->text, b->text,
                       losses || sizes ? ": that needs the tokeniser's bytes per token"
                                       : "");
    }
    *factor = a == b ? 1 : a->factor / b->factor;
    return KL_OK;
}

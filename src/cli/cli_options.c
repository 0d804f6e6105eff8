/* cli_options.c - option tables that several commands share, and how to read one. */
#include "cli/cli_args.h"

#include "base/number.h"

#include <float.h>
#include <math.h>
#include <string.h>

static const kl_option table_options[] = {
    {.name = "map",
     .kind = KL_OPTION_COMMA,
     .field = KL_FIELD(table.map),
     .argument = "NEW=OLD,...",
     .about = "rename columns, e.g. N=params,D=tokens"},
    {.name = "let",
     .kind = KL_OPTION_LIST,
     .field = KL_FIELD(let),
     .argument = "'NAME = FORMULA'",
     .about = "add a column computed from others (repeatable)"},
    {.name = "where",
     .kind = KL_OPTION_LIST,
     .field = KL_FIELD(where),
     .argument = "CONDITION",
     .about = "keep the rows where it holds (repeatable)"},
    {.name = "drop-worst",
     .kind = KL_OPTION_COUNT,
     .field = KL_FIELD(drop_worst),
     .argument = "K",
     .hi = 1e9,
     .about = "drop the K rows with the largest target"},
    {.name = "na",
     .kind = KL_OPTION_COMMA,
     .field = KL_FIELD(table.na),
     .argument = "TEXT,...",
     .about = "texts that mean a missing value, besides an empty cell"},
    {.name = "unit",
     .kind = KL_OPTION_COMMA,
     .field = KL_FIELD(table.units),
     .argument = "COLUMN=UNIT,...",
     .about = "units of columns, e.g. loss='bits per token'"},
    {.name = "table",
     .kind = KL_OPTION_TEXT,
     .field = KL_FIELD(table.table),
     .argument = "NAME",
     .about = "SQLite: the table to read (default: the only one)"},
    {.name = "query",
     .kind = KL_OPTION_TEXT,
     .field = KL_FIELD(table.query),
     .argument = "SELECT",
     .about = "SQLite: read what this query gives"},
    {.name = "input-format",
     .kind = KL_OPTION_TEXT,
     .field = KL_FIELD(table.format),
     .argument = "csv|tsv|jsonl|sqlite",
     .about = "format of the table (default: from its name and first bytes)"},
    {.name = "max-line",
     .kind = KL_OPTION_COUNT,
     .field = KL_FIELD(table.max_line_bytes),
     .argument = "BYTES",
     .lo = 1024,
     .hi = 1e12,
     .about = "longest line accepted"},
};
const kl_option_group kl_group_table = {"Reading the table", table_options,
                                        KL_COUNT_OF(table_options)};

static const kl_option law_options[] = {
    {.name = "law",
     .letter = 'l',
     .kind = KL_OPTION_TEXT,
     .field = KL_FIELD(law),
     .argument = "LAW",
     .about = "a name (see 'kleiber laws'), NAME@SOURCE, a YAML file or a formula"},
    {.name = "target",
     .kind = KL_OPTION_TEXT,
     .field = KL_FIELD(target),
     .argument = "COLUMN",
     .about = "what the law explains (default: the law's own, loss)"},
};
const kl_option_group kl_group_law = {"Law", law_options, KL_COUNT_OF(law_options)};

static const kl_option fix_options[] = {
    {.name = "fix",
     .kind = KL_OPTION_COMMA,
     .field = KL_FIELD(fix),
     .argument = "NAME=VALUE,...",
     .about = "hold parameters at values, e.g. alpha=0.34"},
};
const kl_option_group kl_group_fix = {"Parameters", fix_options,
                                      KL_COUNT_OF(fix_options)};

static const kl_option format_options[] = {
    {.name = "json",
     .kind = KL_OPTION_SET,
     .field = KL_FIELD(format),
     .value = KL_FORMAT_JSON,
     .about = "same as --format json"},
    {.name = "csv",
     .kind = KL_OPTION_SET,
     .field = KL_FIELD(format),
     .value = KL_FORMAT_CSV,
     .about = "same as --format csv"},
    {.name = "format",
     .kind = KL_OPTION_CHOICE,
     .field = KL_FIELD(format),
     .argument = "text|json|csv",
     .words = "text|json|csv",
     .about = "form of the answer"},
    {.name = "quiet",
     .letter = 'q',
     .kind = KL_OPTION_FLAG,
     .field = KL_FIELD(quiet),
     .about = "no text and no progress: only files, --json, --csv and the exit status"},
    {.name = "color",
     .kind = KL_OPTION_CHOICE,
     .field = KL_FIELD(color),
     .argument = "auto|always|never",
     .words = "auto|always|never",
     .about = "bold headings; auto: on a terminal, unless NO_COLOR is set"},
};
const kl_option_group kl_group_format = {"Answer", format_options,
                                         KL_COUNT_OF(format_options)};

static const kl_option output_options[] = {
    {.name = "output",
     .letter = 'o',
     .kind = KL_OPTION_TEXT,
     .field = KL_FIELD(output),
     .argument = "FILE",
     .about = "write the answer here instead of standard output"},
};
const kl_option_group kl_group_output = {NULL, output_options,
                                         KL_COUNT_OF(output_options)};

static const kl_option long_work_options[] = {
    {.name = "threads",
     .letter = 'j',
     .kind = KL_OPTION_INT,
     .field = KL_FIELD(fit.threads),
     .argument = "N",
     .hi = 4096,
     .about = "threads, 0 = all cores; never changes the result"},
    {.name = "progress",
     .kind = KL_OPTION_SET,
     .field = KL_FIELD(progress),
     .value = KL_WHEN_ALWAYS,
     .about = "show progress even if stderr is no terminal"},
    {.name = "no-progress",
     .kind = KL_OPTION_SET,
     .field = KL_FIELD(progress),
     .value = KL_WHEN_NEVER,
     .about = "show no progress"},
};
const kl_option_group kl_group_long_work = {"Long work", long_work_options,
                                            KL_COUNT_OF(long_work_options)};

static const kl_option plan_options[] = {
    {.name = "budget",
     .kind = KL_OPTION_NUMBER,
     .field = KL_FIELD(budget),
     .argument = "FLOPS",
     .lo = DBL_MIN,
     .hi = DBL_MAX,
     .about = "short for --subject '6*N*D <= FLOPS' --over N,D (the law's own cost)"},
    {.name = "minimise",
     .kind = KL_OPTION_TEXT,
     .field = KL_FIELD(minimise),
     .argument = "FORMULA",
     .about = "what to make small (default: the law's target)"},
    {.name = "minimize",
     .kind = KL_OPTION_TEXT,
     .field = KL_FIELD(minimise),
     .argument = "FORMULA",
     .about = "same as --minimise",
     .hidden = true},
    {.name = "subject",
     .letter = 's',
     .kind = KL_OPTION_LIST,
     .field = KL_FIELD(subject),
     .argument = "'F <= G'",
     .about = "a constraint: <=, >= or == (repeatable)"},
    {.name = "over",
     .kind = KL_OPTION_COMMA,
     .field = KL_FIELD(over),
     .argument = "NAME[=LO:HI],...",
     .about = "variables to choose, with their bounds"},
    {.name = "set",
     .kind = KL_OPTION_COMMA,
     .field = KL_FIELD(set),
     .argument = "NAME=VALUE,...",
     .about = "values of other names, e.g. Dinf=5T"},
    {.name = "max-draws",
     .kind = KL_OPTION_COUNT,
     .field = KL_FIELD(max_draws),
     .argument = "N",
     .hi = 1e9,
     .about = "bootstrap draws planned again, 0 = all"},
};
const kl_option_group kl_group_plan = {"Plan", plan_options, KL_COUNT_OF(plan_options)};

static const kl_option level_options[] = {
    {.name = "level",
     .kind = KL_OPTION_NUMBER,
     .field = KL_FIELD(level),
     .argument = "P",
     .lo = 0.5,
     .hi = 0.999,
     .about = "level of the intervals (default: the fit's)"},
};
const kl_option_group kl_group_level = {"Intervals", level_options,
                                        KL_COUNT_OF(level_options)};

static const kl_option general_options[] = {
    {.name = "help",
     .letter = 'h',
     .kind = KL_OPTION_FLAG,
     .field = KL_FIELD(help),
     .about = "show this page"},
};
const kl_option_group kl_group_general = {"General", general_options,
                                          KL_COUNT_OF(general_options)};

const kl_option *kl_verb_get_option(const kl_verb *verb, size_t i)
{
    for (size_t g = 0; g < KL_VERB_GROUPS && verb->options[g]; g++) {
        if (i < verb->options[g]->n) return &verb->options[g]->options[i];
        i -= verb->options[g]->n;
    }
    return NULL;
}

bool kl_option_word(char *buf, size_t n, const char *words, size_t i)
{
    const char *start = words;
    for (; start && i; i--) {
        start = strchr(start, '|');
        if (start) start++;
    }
    if (!start) return false;
    size_t length = strcspn(start, "|");
    if (length >= n) length = n - 1;
    memcpy(buf, start, length);
    buf[length] = '\0';
    return true;
}

char *kl_option_default(char *buf, const kl_option *o)
{
    kl_args args;
    kl_args_default(&args);
    const void *field = (const char *)&args + o->field;
    buf[0] = '\0';
    if (o->kind == KL_OPTION_NUMBER && isfinite(*(const double *)field))
        kl_number_format_plain(buf, *(const double *)field, 6);
    else if (o->kind == KL_OPTION_COUNT)
        kl_number_format_plain(buf, (double)*(const size_t *)field, 15);
    else if (o->kind == KL_OPTION_INT)
        kl_number_format_plain(buf, *(const int *)field, 10);
    else if (o->kind == KL_OPTION_CHOICE)
        kl_option_word(buf, 64, o->words, (size_t) * (const int *)field);
    return buf;
}

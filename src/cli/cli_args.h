/*
 * cli_args.h - what the command line said: options described once in tables, a verb per
 * command, and the one parser of them all.
 *
 * An option's entry names the field of kl_args it fills. The parser, `--help`, the man
 * page and the completion scripts read the same entries; its default is whatever
 * kl_args_default() holds in that field, which comes from the library's own defaults.
 */
#ifndef KL_CLI_ARGS_H
#define KL_CLI_ARGS_H

#include "base/arena.h"
#include "base/text.h"

#include <kleiber/kleiber.h>

typedef struct kl_words {
    const char **items;
    size_t n;
} kl_words;

typedef enum kl_format { KL_FORMAT_TEXT, KL_FORMAT_JSON, KL_FORMAT_CSV } kl_format;

/* When to do what only suits a terminal. */
typedef enum kl_when { KL_WHEN_AUTO, KL_WHEN_ALWAYS, KL_WHEN_NEVER } kl_when;

enum { KL_MAN_PAGES = 1, KL_OPTION_NAMES = 2 }; /* kl_args.help_as; 0: the help page */

#define KL_COUNT_WORD SIZE_MAX /* a count option's value when its word was given */

typedef struct kl_args {
    kl_arena arena;
    const struct kl_verb *verb;
    kl_words operands;
    bool help;

    /* reading tables */
    kl_table_options table;
    kl_words let, where;
    size_t drop_worst;

    /* the law */
    const char *law, *target;
    const char *fix; /* "alpha=0.34,beta=0.28" */

    /* the answer */
    int format;   /* kl_format */
    int color;    /* kl_when; after parsing only ALWAYS or NEVER */
    int progress; /* kl_when */
    const char *output;
    bool quiet;

    /* fit */
    kl_fit_options fit;
    int objective, residual, solver;
    size_t seed;
    kl_words hide;

    /* predict, plan, report */
    double level; /* NaN: the fit's */
    double far;
    const char *points;
    double budget; /* NaN: none */
    const char *minimise;
    kl_words subject;
    const char *over, *set;
    size_t max_draws;
    const char *figures, *title, *report;

    /* laws, diff, help */
    bool yaml;
    double tolerance;
    int help_as;
} kl_args;

typedef enum kl_option_kind {
    KL_OPTION_FLAG,   /* bool, made true */
    KL_OPTION_UNFLAG, /* bool, made false */
    KL_OPTION_SET,    /* int, made `value` */
    KL_OPTION_TEXT,   /* const char *; the last one counts */
    KL_OPTION_COMMA,  /* const char *; several are joined by commas */
    KL_OPTION_LIST,   /* kl_words; each one counts */
    KL_OPTION_NUMBER, /* double from lo to hi */
    KL_OPTION_COUNT,  /* size_t from lo to hi, or the one word in `words` */
    KL_OPTION_INT,    /* int from lo to hi */
    KL_OPTION_CHOICE  /* int, place among `words` */
} kl_option_kind;

typedef struct kl_option {
    const char *name; /* without the dashes */
    char letter;      /* 0: none */
    kl_option_kind kind;
    size_t field;         /* offset in kl_args */
    const char *argument; /* name of the value in help; NULL: takes none */
    const char *words;    /* "text|json|csv" */
    double lo, hi;
    int value;
    const char *about; /* one phrase, no full stop */
    bool hidden;       /* left out of help, man pages and completion */
} kl_option;

#define KL_FIELD(name) offsetof(kl_args, name)
#define KL_COUNT_OF(array) (sizeof(array) / sizeof *(array))

typedef struct kl_option_group {
    const char *title; /* "Reading the table" */
    const kl_option *options;
    size_t n;
} kl_option_group;

typedef struct kl_example {
    const char *command, *says;
} kl_example;

enum { KL_VERB_GROUPS = 8 };

/* One command. Its file cmd_<verb>.c holds the only instance. */
typedef struct kl_verb {
    const char *name;
    const char *summary; /* lower case, no full stop */
    const char *usage;   /* its operands: "RUNS" */
    size_t min_operands, max_operands;
    const kl_option_group *options[KL_VERB_GROUPS]; /* up to the first NULL */
    kl_status (*run)(kl_args *args, kl_text *out, kl_error *err);
    bool keeps_output; /* uses -o itself; else main writes the answer there */
    bool reads_stdin;  /* without operands it would wait for a terminal: show help */
    const kl_example *examples;
    size_t n_examples;
    const char *about; /* paragraphs for the man page, parted by an empty line */
} kl_verb;

/** All commands, in the order of the story. */
size_t kl_verbs_get_n(void);
const kl_verb *kl_verbs_get(size_t i);

/** The command of that name; fails with the most similar one. */
kl_status kl_verbs_find(const kl_verb **out, const char *name, kl_error *err);

/* Groups that several commands share (cli_options.c). */
extern const kl_option_group kl_group_table, kl_group_law, kl_group_fix,
    kl_group_format, kl_group_output, kl_group_long_work, kl_group_plan, kl_group_level,
    kl_group_general;

/** Option `i` of a command over all its groups; NULL past the last. */
const kl_option *kl_verb_get_option(const kl_verb *verb, size_t i);

/** Everything at its default. */
void kl_args_default(kl_args *args);

/**
 * Parse the words after the command's name. Options may stand anywhere, written
 * `--name=value`, `--name value`, `-j2` or `-j 2`; `--` ends them.
 * @return KL_OK; KL_E_USAGE; KL_E_NOMEM.
 */
kl_status kl_args_parse(kl_args *args, const kl_verb *verb, int argc, char **argv,
                        kl_error *err);

void kl_args_free(kl_args *args);

/** The default of an option as text for help, "" if it has none worth showing.
 * @param buf at least 64 bytes @return buf */
char *kl_option_default(char *buf, const kl_option *o);

/** Text at `n` bytes of a '|' list, word i copied into buf; false past the last. */
bool kl_option_word(char *buf, size_t n, const char *words, size_t i);

/**
 * Cut "a=1,b=2" at its commas (not within (), [] or back-quotes) and each part at its
 * first '='. Parts without '=' get a NULL value.
 * @param[out] names, values n entries in the arena
 */
kl_status kl_args_pairs(const char ***names, const char ***values, size_t *n,
                        const char *text, const char *option, kl_args *args,
                        kl_error *err);

/** A number with an optional suffix; `what` names it in the message. */
kl_status kl_args_number(double *out, const char *text, const char *what,
                         kl_error *err);

#endif

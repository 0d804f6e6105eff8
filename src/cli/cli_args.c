/* cli_args.c - the parser of the command line. */
#include "cli/cli_args.h"

#include "base/number.h"

#include <math.h>
#include <string.h>

void kl_args_default(kl_args *args)
{
    memset(args, 0, sizeof *args);
    args->table = kl_table_options_default();
    args->fit = kl_fit_options_default();
    args->objective = (int)args->fit.objective;
    args->residual = (int)args->fit.residual;
    args->solver = (int)args->fit.solver;
    args->seed = (size_t)args->fit.seed;
    args->level = NAN;
    args->far = kl_predict_options_default().far;
    args->budget = NAN;
    args->max_draws = kl_plan_options_default().max_draws;
    args->tolerance = 1e-9;
}

void kl_args_free(kl_args *args)
{
    kl_arena_free(&args->arena);
}

/* Fails for an option that does not exist, with the nearest that does. */
static kl_status unknown_option(const kl_verb *verb, const char *word, size_t length,
                                kl_error *err)
{
    const char *names[128];
    size_t n = 0;
    const kl_option *o;
    for (size_t i = 0; n < 128 && (o = kl_verb_get_option(verb, i)); i++)
        if (!o->hidden) names[n++] = o->name;
    char name[64];
    const size_t dashes = word[1] == '-' ? 2 : 1;
    const size_t room =
        length - dashes < sizeof name ? length - dashes : sizeof name - 1;
    memcpy(name, word + dashes, room);
    name[room] = '\0';
    const char *near = dashes == 2 ? kl_text_nearest(name, names, n) : NULL;
    if (near)
        return kl_fail(err, KL_E_USAGE, "unknown option '%.*s'; did you mean '--%s'?",
                       (int)length, word, near);
    return kl_fail(err, KL_E_USAGE, "unknown option '%.*s'", (int)length, word);
}

static const kl_option *find_long(const kl_verb *verb, const char *name, size_t length)
{
    const kl_option *o;
    for (size_t i = 0; (o = kl_verb_get_option(verb, i)); i++)
        if (strlen(o->name) == length && !memcmp(o->name, name, length)) return o;
    return NULL;
}

static const kl_option *find_letter(const kl_verb *verb, char letter)
{
    const kl_option *o;
    for (size_t i = 0; (o = kl_verb_get_option(verb, i)); i++)
        if (o->letter && o->letter == letter) return o;
    return NULL;
}

static kl_status add_word(kl_words *words, const char *item, kl_args *args,
                          kl_error *err)
{
    /* room doubles at each power of two */
    if ((words->n & (words->n - 1)) == 0) {
        const char **more =
            kl_arena_array(&args->arena, words->n ? 2 * words->n : 1, sizeof *more);
        if (!more) return kl_fail_nomem(err);
        if (words->n) memcpy(more, words->items, words->n * sizeof *more);
        words->items = more;
    }
    words->items[words->n++] = item;
    return KL_OK;
}

static kl_status join(const char **field, const char *more, kl_args *args,
                      kl_error *err)
{
    if (!*field) return *field = more, KL_OK;
    const size_t first = strlen(*field), second = strlen(more);
    char *both = kl_arena_alloc(&args->arena, first + second + 2);
    if (!both) return kl_fail_nomem(err);
    memcpy(both, *field, first);
    both[first] = ',';
    memcpy(both + first + 1, more, second + 1);
    *field = both;
    return KL_OK;
}

static kl_status read_number(double *v, const kl_option *o, const char *text,
                             kl_error *err)
{
    if (!kl_number_parse(text, strlen(text), v) || !(*v >= o->lo && *v <= o->hi))
        return kl_fail(err, KL_E_USAGE, "--%s: '%s' is not a number from %g to %g",
                       o->name, text, o->lo, o->hi);
    return KL_OK;
}

static kl_status read_whole(double *v, const kl_option *o, const char *text,
                            kl_error *err)
{
    if (!kl_number_parse(text, strlen(text), v) || !(*v >= o->lo && *v <= o->hi) ||
        *v != floor(*v))
        return kl_fail(err, KL_E_USAGE,
                       "--%s: '%s' is not a whole number from %.0f to %.0f%s%s",
                       o->name, text, o->lo, o->hi, o->words ? " or " : "",
                       o->words ? o->words : "");
    return KL_OK;
}

static kl_status read_choice(int *field, const kl_option *o, const char *text,
                             kl_error *err)
{
    char word[64];
    for (size_t i = 0; kl_option_word(word, sizeof word, o->words, i); i++)
        if (!strcmp(word, text)) return *field = (int)i, KL_OK;
    char list[256] = "";
    for (size_t i = 0; kl_option_word(word, sizeof word, o->words, i); i++) {
        strncat(list, i ? ", " : "", sizeof list - strlen(list) - 1);
        strncat(list, word, sizeof list - strlen(list) - 1);
    }
    return kl_fail(err, KL_E_USAGE, "--%s: '%s' is none of %s", o->name, text, list);
}

static kl_status apply(kl_args *args, const kl_option *o, const char *text,
                       kl_error *err)
{
    void *field = (char *)args + o->field;
    double v = 0;
    kl_status status = KL_OK;
    switch (o->kind) {
    case KL_OPTION_FLAG:
        *(bool *)field = true;
        break;
    case KL_OPTION_UNFLAG:
        *(bool *)field = false;
        break;
    case KL_OPTION_SET:
        *(int *)field = o->value;
        break;
    case KL_OPTION_TEXT:
        *(const char **)field = text;
        break;
    case KL_OPTION_COMMA:
        return join(field, text, args, err);
    case KL_OPTION_LIST:
        return add_word(field, text, args, err);
    case KL_OPTION_NUMBER:
        return read_number(field, o, text, err);
    case KL_OPTION_COUNT:
        if (o->words && !strcmp(text, o->words)) {
            *(size_t *)field = KL_COUNT_WORD;
            break;
        }
        status = read_whole(&v, o, text, err);
        if (!status) *(size_t *)field = (size_t)v;
        break;
    case KL_OPTION_INT:
        status = read_whole(&v, o, text, err);
        if (!status) *(int *)field = (int)v;
        break;
    case KL_OPTION_CHOICE:
        return read_choice(field, o, text, err);
    }
    return status;
}

/* One word that begins with a dash; *i moves past a value that is a word of its own. */
static kl_status parse_option(kl_args *args, int argc, char **argv, int *i,
                              kl_error *err)
{
    const char *word = argv[*i];
    const bool is_long = word[1] == '-';
    const char *value = NULL;
    const kl_option *o;
    size_t length = strlen(word);
    if (is_long) {
        const char *equals = strchr(word, '=');
        if (equals) {
            length = (size_t)(equals - word);
            value = equals + 1;
        }
        o = find_long(args->verb, word + 2, length - 2);
    } else {
        const char *letter = word + 1; /* flags may share a dash: -qj2 */
        while ((o = find_letter(args->verb, *letter)) && !o->argument && letter[1]) {
            const kl_status status = apply(args, o, NULL, err);
            if (status) return status;
            letter++;
        }
        if (o && letter[1]) value = letter + 1;
    }
    if (!o) return unknown_option(args->verb, word, length, err);
    if (!o->argument && value)
        return kl_fail(err, KL_E_USAGE, "option '--%s' takes no value", o->name);
    if (o->argument && !value) {
        if (*i + 1 >= argc)
            return kl_fail(err, KL_E_USAGE, "option '--%s' needs a value: %s", o->name,
                           o->argument);
        value = argv[++*i];
    }
    return apply(args, o, value, err);
}

kl_status kl_args_parse(kl_args *args, const kl_verb *verb, int argc, char **argv,
                        kl_error *err)
{
    bool ended = false;
    args->verb = verb;
    for (int i = 0; i < argc; i++) {
        kl_status status;
        if (!ended && !strcmp(argv[i], "--")) {
            ended = true;
            continue;
        }
        if (!ended && argv[i][0] == '-' && argv[i][1])
            status = parse_option(args, argc, argv, &i, err);
        else
            status = add_word(&args->operands, argv[i], args, err);
        if (status) return status;
    }
    if (args->help) return KL_OK;
    if (args->operands.n > verb->max_operands)
        return kl_fail(err, KL_E_USAGE, "unexpected argument '%s'",
                       args->operands.items[verb->max_operands]);
    if (args->operands.n < verb->min_operands)
        return kl_fail(err, KL_E_USAGE, "missing argument: %s", verb->usage);
    args->table.let = args->let.items;
    args->table.n_let = args->let.n;
    args->table.where = args->where.items;
    args->table.n_where = args->where.n;
    return KL_OK;
}

kl_status kl_args_number(double *out, const char *text, const char *what, kl_error *err)
{
    if (!kl_number_parse(text, strlen(text), out) || !isfinite(*out))
        return kl_fail(err, KL_E_USAGE, "%s: '%s' is not a number", what, text);
    return KL_OK;
}

/* Length of the part at s: up to a comma outside brackets and back-quotes. */
static size_t part_length(const char *s)
{
    int depth = 0;
    bool quoted = false;
    size_t i = 0;
    for (; s[i] && (s[i] != ',' || depth > 0 || quoted); i++) {
        if (s[i] == '`') quoted = !quoted;
        if (s[i] == '(' || s[i] == '[') depth++;
        if (s[i] == ')' || s[i] == ']') depth--;
    }
    return i;
}

/* Copy of s[0..n) without blanks at its ends. */
static const char *trimmed(const char *s, size_t n, kl_args *args)
{
    while (n && (*s == ' ' || *s == '\t')) s++, n--;
    while (n && (s[n - 1] == ' ' || s[n - 1] == '\t')) n--;
    return kl_arena_strndup(&args->arena, s, n);
}

kl_status kl_args_pairs(const char ***names, const char ***values, size_t *n,
                        const char *text, const char *option, kl_args *args,
                        kl_error *err)
{
    const size_t most =
        strlen(text) / 2 + 1; /* each part but the last: a byte, a comma */
    *n = 0;
    *names = kl_arena_array(&args->arena, most, sizeof **names);
    *values = kl_arena_array(&args->arena, most, sizeof **values);
    if (!*names || !*values) return kl_fail_nomem(err);
    for (const char *s = text;;) {
        const size_t length = part_length(s);
        const char *equals = memchr(s, '=', length);
        const size_t name_length = equals ? (size_t)(equals - s) : length;
        const char *name = trimmed(s, name_length, args);
        const char *value =
            equals ? trimmed(equals + 1, length - name_length - 1, args) : "";
        if (!name || !value) return kl_fail_nomem(err);
        if (!*name || (equals && !*value))
            return kl_fail(err, KL_E_USAGE, "%s: '%s' is not NAME=VALUE,...", option,
                           text);
        (*names)[*n] = name;
        (*values)[(*n)++] = equals ? value : NULL;
        if (!s[length]) return KL_OK;
        s += length + 1;
    }
}

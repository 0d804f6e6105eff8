/*
 * problem.c - from a plan's formulas, variables and given values to compiled programs.
 *
 * One symbol table serves all formulas: the law's parameters and the variables are
 * parameters of the programs (so that derivatives exist), given values are inputs of a
 * single row, and the target's name stands for the law's formula.
 */
#include "plan/problem.h"

#include "base/fail.h"
#include "base/text.h"

#include <math.h>
#include <string.h>

static const double default_lo = 1, default_hi = 1e30;

/* What the formulas are compiled against; lives in the problem's arena. */
typedef struct scope {
    kl_symbol *symbols;
    size_t n_symbols;
    bool *used;             /* [n_symbols] occurs in some formula */
    const double **numbers; /* given values, by slot */
    size_t n_numbers;
    const int32_t **codes; /* levels, by index of the law */
} scope;

static const kl_symbol *find_symbol(const scope *s, const char *name)
{
    for (size_t i = 0; i < s->n_symbols; i++)
        if (!strcmp(s->symbols[i].name, name)) return &s->symbols[i];
    return NULL;
}

/* Position of a name among the law's indices; their number if it is none. */
static size_t find_index(const kl_law *law, const char *name)
{
    const size_t n = kl_law_get_n_indices(law);
    size_t k = 0;
    while (k < n && strcmp(kl_law_get_index(law, k), name)) k++;
    return k;
}

/* Refuse a name that means something already. `what`: "variable" or "given value" */
static kl_status check_new_name(const scope *s, const kl_fit *fit, const char *what,
                                const char *name, kl_error *err)
{
    const kl_law *law = kl_fit_get_law(fit);
    if (!name || !*name) return kl_fail(err, KL_E_USAGE, "a %s has no name", what);
    if (!strcmp(name, kl_law_get_target(law)->name))
        return kl_fail(err, KL_E_USAGE, "%s '%s' is the target of the law", what, name);
    for (size_t i = 0; i < kl_law_get_n_parameters(law); i++)
        if (!strcmp(name, kl_law_get_parameter(law, i)->name))
            return kl_fail(err, KL_E_USAGE,
                           "%s '%s' is a parameter of the law, which has "
                           "its fitted value",
                           what, name);
    if (find_symbol(s, name))
        return kl_fail(err, KL_E_USAGE, "%s '%s' is named twice", what, name);
    return KL_OK;
}

static void add_symbol(scope *s, const char *name, kl_symbol_kind kind, size_t slot)
{
    s->symbols[s->n_symbols++] =
        (kl_symbol){.name = name, .kind = kind, .slot = slot, .n_levels = 1};
}

static kl_status add_variables(kl_problem *p, scope *s, const kl_plan_options *opt,
                               kl_error *err)
{
    for (size_t i = 0; i < opt->n_over; i++) {
        const kl_plan_variable *v = &opt->over[i];
        const kl_status status = check_new_name(s, p->fit, "variable", v->name, err);
        if (status) return status;
        if (find_index(kl_fit_get_law(p->fit), v->name) <
            kl_law_get_n_indices(kl_fit_get_law(p->fit)))
            return kl_fail(err, KL_E_USAGE,
                           "variable '%s' is a category: give its level", v->name);
        const bool no_bounds = v->lo == 0 && v->hi == 0;
        const double lo = no_bounds ? default_lo : v->lo;
        const double hi = no_bounds ? default_hi : v->hi;
        if (!(lo > 0 && lo < hi && isfinite(hi)))
            return kl_fail(err, KL_E_USAGE,
                           "variable '%s': bounds %g to %g are not "
                           "positive, finite and ascending",
                           v->name, lo, hi);
        p->names[i] = kl_arena_strdup(&p->arena, v->name);
        if (!p->names[i]) return kl_fail_nomem(err);
        p->x_lo[i] = lo;
        p->x_hi[i] = hi;
        p->lo[i] = log(lo);
        p->hi[i] = log(hi);
        add_symbol(s, p->names[i], KL_SYMBOL_PARAMETER, p->n_theta + i);
    }
    return KL_OK;
}

/* The level of one of the law's indices. */
static kl_status add_level(kl_problem *p, scope *s, size_t k,
                           const kl_plan_given *given, kl_error *err)
{
    if (!given->level)
        return kl_fail(err, KL_E_USAGE,
                       "'%s' is a category: give a level, not a number", given->name);
    if (s->codes[k])
        return kl_fail(err, KL_E_USAGE, "given value '%s' is named twice", given->name);
    int32_t *code = kl_arena_alloc(&p->arena, sizeof *code);
    if (!code) return kl_fail_nomem(err);
    const size_t n = kl_fit_get_n_levels(p->fit, given->name);
    kl_text known = {0};
    for (size_t l = 0; l < n; l++) {
        const char *level = kl_fit_get_level(p->fit, given->name, l);
        if (!strcmp(level, given->level)) {
            *code = (int32_t)l;
            s->codes[k] = code;
        }
        if (known.length < 200) kl_text_addf(&known, "%s%s", l ? ", " : "", level);
    }
    const kl_status status =
        s->codes[k]
            ? KL_OK
            : kl_fail(err, KL_E_USAGE,
                      "'%s': level '%s' was not in the fit "
                      "(known: %s)",
                      given->name, given->level, known.data ? known.data : "none");
    kl_text_free(&known);
    return status;
}

static kl_status add_given(kl_problem *p, scope *s, const kl_plan_options *opt,
                           kl_error *err)
{
    const kl_law *law = kl_fit_get_law(p->fit);
    const size_t n_indices = kl_law_get_n_indices(law);
    for (size_t i = 0; i < opt->n_given; i++) {
        const kl_plan_given *g = &opt->given[i];
        kl_status status = check_new_name(s, p->fit, "given value", g->name, err);
        if (status) return status;
        const size_t k = find_index(law, g->name);
        if (k < n_indices) {
            status = add_level(p, s, k, g, err);
            if (status) return status;
            continue;
        }
        if (g->level)
            return kl_fail(err, KL_E_USAGE,
                           "given value '%s' is no category of the law", g->name);
        if (!isfinite(g->value))
            return kl_fail(err, KL_E_USAGE, "given value '%s' is not finite", g->name);
        const char *name = kl_arena_strdup(&p->arena, g->name);
        double *value = kl_arena_doubles(&p->arena, 1);
        if (!name || !value) return kl_fail_nomem(err);
        *value = g->value;
        s->numbers[s->n_numbers] = value;
        add_symbol(s, name, KL_SYMBOL_INPUT, s->n_numbers++);
    }
    for (size_t k = 0; k < n_indices; k++)
        if (!s->codes[k])
            return kl_fail(err, KL_E_USAGE,
                           "the law is indexed by '%s': give its level",
                           kl_law_get_index(law, k));
    return KL_OK;
}

/* The law's parameters as the fit numbers them, and its target. */
static void add_law(kl_problem *p, scope *s)
{
    size_t n = 0;
    const kl_symbol *symbols = kl_fit_get_symbols(p->fit, &n);
    const kl_law *law = kl_fit_get_law(p->fit);
    for (size_t i = 0; i < n; i++)
        if (symbols[i].kind == KL_SYMBOL_PARAMETER)
            s->symbols[s->n_symbols++] = symbols[i];
    s->symbols[s->n_symbols++] = (kl_symbol){.name = kl_law_get_target(law)->name,
                                             .kind = KL_SYMBOL_FORMULA,
                                             .formula = kl_law_get_formula(law)};
}

static kl_status open_scope(kl_problem *p, scope *s, const kl_plan_options *opt,
                            kl_error *err)
{
    const kl_law *law = kl_fit_get_law(p->fit);
    size_t n_law = 0;
    kl_fit_get_symbols(p->fit, &n_law);
    const size_t room = n_law + opt->n_over + opt->n_given + 1;
    s->symbols = kl_arena_array(&p->arena, room, sizeof *s->symbols);
    s->used = kl_arena_array(&p->arena, room, sizeof *s->used);
    s->numbers = kl_arena_array(&p->arena, opt->n_given, sizeof *s->numbers);
    s->codes = kl_arena_array(&p->arena, kl_law_get_n_indices(law), sizeof *s->codes);
    if (!s->symbols || !s->used || !s->numbers || !s->codes) return kl_fail_nomem(err);
    kl_status status = add_variables(p, s, opt, err);
    if (!status) status = add_given(p, s, opt, err);
    if (!status) add_law(p, s);
    return status;
}

static kl_status fail_unknown_name(const kl_problem *p, const scope *s,
                                   const char *where, const char *name, kl_error *err)
{
    const kl_law *law = kl_fit_get_law(p->fit);
    for (size_t i = 0; i < kl_law_get_n_inputs(law); i++)
        if (!strcmp(name, kl_law_get_input(law, i)->name))
            return kl_fail(err, KL_E_USAGE,
                           "input '%s' of the law is neither a variable "
                           "nor given a value",
                           name);
    size_t nearest = s->n_symbols, edits = 3; /* more is another word */
    for (size_t i = 0; i < s->n_symbols; i++) {
        const size_t d = kl_text_distance(name, s->symbols[i].name);
        if (d < edits && d < strlen(name)) {
            edits = d;
            nearest = i;
        }
    }
    const bool is_near = nearest < s->n_symbols;
    return kl_fail(err, KL_E_USAGE,
                   "%s: '%s' is neither a variable nor given a value%s%s%s", where,
                   name, is_near ? "; did you mean '" : "",
                   is_near ? s->symbols[nearest].name : "", is_near ? "'?" : "");
}

/* Compile one formula over the single row; `where` is what messages call it. */
static kl_status open_term(kl_term *t, kl_problem *p, scope *s, const kl_formula *f,
                           const char *where, kl_error *err)
{
    for (size_t i = 0; i < kl_formula_get_n_names(f); i++) {
        const char *name = kl_formula_get_name(f, i);
        const kl_symbol *symbol = find_symbol(s, name);
        if (!symbol) return fail_unknown_name(p, s, where, name, err);
        s->used[symbol - s->symbols] = true;
    }
    kl_status status = kl_program_new(&t->program, f, s->symbols, s->n_symbols, err);
    if (status) return status;
    const kl_columns row = {.n_rows = 1, .numbers = s->numbers, .codes = s->codes};
    status = kl_frame_new(&t->frame, t->program, &row, err);
    if (status) return status;
    t->n_leaves = kl_program_get_n_leaves(t->program);
    t->variable = kl_arena_array(&p->arena, t->n_leaves, sizeof *t->variable);
    if (!t->variable) return kl_fail_nomem(err);
    for (size_t a = 0; a < t->n_leaves; a++) {
        const size_t slot = kl_program_get_leaf_slot(t->program, a);
        t->variable[a] = slot < p->n_theta ? p->n : slot - p->n_theta;
    }
    return KL_OK;
}

static kl_status open_objective(kl_problem *p, scope *s, const char *text,
                                kl_error *err)
{
    const kl_formula *law = kl_law_get_formula(kl_fit_get_law(p->fit));
    kl_status status = open_term(&p->target, p, s, law, "law", err);
    if (status) return status;
    if (!text) return open_term(&p->objective, p, s, law, "law", err);
    kl_formula *f = NULL;
    status = kl_formula_parse(&f, text, "minimise", err);
    if (!status && kl_formula_get_relation(f) != KL_RELATION_NONE)
        status = kl_fail(err, KL_E_USAGE,
                         "minimise: '%s' is a relation, not a quantity", text);
    if (!status) status = open_term(&p->objective, p, s, f, "minimise", err);
    kl_formula_free(f);
    return status;
}

static kl_status open_limit(kl_limit *limit, kl_problem *p, scope *s, const char *text,
                            kl_error *err)
{
    kl_formula *f = NULL, *lhs = NULL, *rhs = NULL;
    limit->text = text ? kl_arena_strdup(&p->arena, text) : NULL;
    if (!limit->text)
        return text ? kl_fail_nomem(err)
                    : kl_fail(err, KL_E_USAGE, "subject: no formula");
    kl_status status = kl_formula_parse(&f, text, "subject", err);
    if (status) goto out;
    limit->relation = kl_formula_get_relation(f);
    if (limit->relation == KL_RELATION_NONE) {
        status =
            kl_fail(err, KL_E_USAGE, "subject: '%s' has no '<=', '>=' or '=='", text);
        goto out;
    }
    status = kl_formula_sides(&lhs, &rhs, f, err);
    if (!status) status = open_term(&limit->lhs, p, s, lhs, "subject", err);
    if (!status) status = open_term(&limit->rhs, p, s, rhs, "subject", err);
out:
    kl_formula_free(lhs);
    kl_formula_free(rhs);
    kl_formula_free(f);
    return status;
}

static bool reads(const kl_term *t, size_t variable)
{
    for (size_t a = 0; a < t->n_leaves; a++)
        if (t->variable[a] == variable) return true;
    return false;
}

/* Every variable must matter, and every given value be read. */
static kl_status check_used(const kl_problem *p, const scope *s, kl_error *err)
{
    for (size_t i = 0; i < p->n; i++) {
        bool used = reads(&p->objective, i);
        for (size_t j = 0; j < p->m && !used; j++)
            used = reads(&p->limits[j].lhs, i) || reads(&p->limits[j].rhs, i);
        if (!used)
            return kl_fail(err, KL_E_USAGE,
                           "variable '%s' is in neither the minimised "
                           "formula nor a constraint",
                           p->names[i]);
    }
    for (size_t i = 0; i < s->n_symbols; i++)
        if (s->symbols[i].kind == KL_SYMBOL_INPUT && !s->used[i])
            return kl_fail(err, KL_E_USAGE, "given value '%s' is in no formula",
                           s->symbols[i].name);
    return KL_OK;
}

/* Where each input of the law gets its value from. */
static kl_status open_inputs(kl_problem *p, const scope *s, kl_error *err)
{
    const kl_law *law = kl_fit_get_law(p->fit);
    const size_t n_inputs = kl_law_get_n_inputs(law);
    p->inputs = kl_arena_doubles(&p->arena, n_inputs);
    p->input_variable = kl_arena_array(&p->arena, n_inputs, sizeof *p->input_variable);
    if (!p->inputs || !p->input_variable) return kl_fail_nomem(err);
    for (size_t i = 0; i < n_inputs; i++) {
        const kl_symbol *symbol = find_symbol(s, kl_law_get_input(law, i)->name);
        const bool is_given = symbol && symbol->kind == KL_SYMBOL_INPUT;
        const bool is_variable = symbol && symbol->kind == KL_SYMBOL_PARAMETER;
        p->inputs[i] = is_given ? *s->numbers[symbol->slot] : NAN;
        p->input_variable[i] = is_variable ? symbol->slot - p->n_theta : p->n;
    }
    return KL_OK;
}

kl_status kl_problem_open(kl_problem *p, const kl_fit *fit, const kl_plan_options *opt,
                          kl_error *err)
{
    scope s = {0};
    p->fit = fit;
    p->n = opt->n_over;
    p->m = opt->n_subject;
    p->n_theta = kl_fit_get_n_parameters(fit);
    if (p->n == 0) return kl_fail(err, KL_E_USAGE, "a plan needs a variable to choose");
    p->names = kl_arena_array(&p->arena, p->n, sizeof *p->names);
    p->lo = kl_arena_doubles(&p->arena, p->n);
    p->hi = kl_arena_doubles(&p->arena, p->n);
    p->x_lo = kl_arena_doubles(&p->arena, p->n);
    p->x_hi = kl_arena_doubles(&p->arena, p->n);
    p->limits = kl_arena_array(&p->arena, p->m, sizeof *p->limits);
    if (!p->names || !p->lo || !p->hi || !p->x_lo || !p->x_hi || !p->limits)
        return kl_fail_nomem(err);
    kl_status status = open_scope(p, &s, opt, err);
    if (!status) status = open_objective(p, &s, opt->minimise, err);
    for (size_t j = 0; j < p->m && !status; j++)
        status = open_limit(&p->limits[j], p, &s, opt->subject[j], err);
    if (!status) status = check_used(p, &s, err);
    if (!status) status = open_inputs(p, &s, err);
    return status;
}

static void term_free(kl_term *t)
{
    kl_frame_free(t->frame);
    kl_program_free(t->program);
}

void kl_problem_free(kl_problem *p)
{
    term_free(&p->objective);
    term_free(&p->target);
    for (size_t j = 0; p->limits && j < p->m; j++) {
        term_free(&p->limits[j].lhs);
        term_free(&p->limits[j].rhs);
    }
    kl_arena_free(&p->arena);
}

/* formula_case.h - a formula, its program and a frame over a few columns, for tests. */
#ifndef KL_TESTS_FORMULA_CASE_H
#define KL_TESTS_FORMULA_CASE_H

#include "support/check.h"

#include <kleiber/formula.h>

#include <stdbool.h>

enum { CASE_SYMBOLS = 64 };

/* Names in `inputs` are columns; `E[c]` has three levels, coded by `codes`; every other
 * name is a parameter, in order of first use. */
typedef struct formula_case {
    kl_formula *f;
    kl_program *p;
    kl_frame *frame;
    kl_symbol symbols[CASE_SYMBOLS];
    size_t n_symbols, n_theta, n_leaves;
    double *value, *gradient, *hessian, *scratch; /* one block */
} formula_case;

typedef struct case_columns {
    size_t n_inputs, n_rows;
    const char *const *inputs;
    const double *const *numbers;
    const int32_t *codes;
} case_columns;

enum { CASE_LEVELS = 3 };

static inline bool case_symbols(formula_case *c, const case_columns *cols)
{
    c->n_symbols = kl_formula_get_n_names(c->f);
    if (c->n_symbols > CASE_SYMBOLS) return false;
    for (size_t i = 0; i < c->n_symbols; i++) {
        kl_symbol *s = &c->symbols[i];
        *s = (kl_symbol){.name = kl_formula_get_name(c->f, i),
                         .kind = KL_SYMBOL_PARAMETER,
                         .slot = c->n_theta,
                         .n_levels = kl_formula_get_index(c->f, i) ? CASE_LEVELS : 1};
        for (size_t k = 0; k < cols->n_inputs; k++)
            if (!strcmp(cols->inputs[k], s->name)) {
                s->kind = KL_SYMBOL_INPUT;
                s->slot = k;
            }
        if (s->kind == KL_SYMBOL_PARAMETER) c->n_theta += s->n_levels;
    }
    return true;
}

static inline void case_open(formula_case *c, const char *text,
                             const case_columns *cols)
{
    kl_error err = {0};
    memset(c, 0, sizeof *c);
    check_ok(text, kl_formula_parse(&c->f, text, "test", &err), err);
    assert_true(case_symbols(c, cols));
    check_ok(text, kl_program_new(&c->p, c->f, c->symbols, c->n_symbols, &err), err);
    const kl_columns columns = {cols->n_rows, cols->numbers, &cols->codes};
    check_ok(text, kl_frame_new(&c->frame, c->p, &columns, &err), err);
    const size_t k = c->n_leaves = kl_program_get_n_leaves(c->p);
    const size_t bytes = KL_BLOCK * sizeof(double);
    c->value = aligned_alloc(64, bytes);
    c->gradient = aligned_alloc(64, bytes * (k + 1));
    c->hessian = aligned_alloc(64, bytes * (k * (k + 1) / 2 + 1));
    const size_t n = kl_program_get_scratch(c->p, 2) * sizeof(double);
    c->scratch = aligned_alloc(64, (n + 63) / 64 * 64);
    assert_true(c->value && c->gradient && c->hessian && c->scratch);
}

static inline void case_close(formula_case *c)
{
    free(c->value);
    free(c->gradient);
    free(c->hessian);
    free(c->scratch);
    kl_frame_free(c->frame);
    kl_program_free(c->p);
    kl_formula_free(c->f);
}

/* Evaluate n rows from `first` with derivatives up to `order`. */
static inline void case_block(formula_case *c, size_t first, size_t n,
                              const double *theta, int order)
{
    const kl_block_out out = {c->value, order > 0 ? c->gradient : NULL,
                              order > 1 ? c->hessian : NULL};
    kl_frame_block(c->frame, first, n, theta, &out, c->scratch);
}

/* d2f / d leaf j d leaf k of the block's row i. */
static inline double case_second(const formula_case *c, size_t j, size_t k, size_t i)
{
    const size_t row = j > k ? j : k, column = j > k ? k : j;
    return c->hessian[(row * (row + 1) / 2 + column) * KL_BLOCK + i];
}

#endif

/* plan_fixture.h - fits and plans for the tests of plans, in one line each. */
#ifndef KL_TESTS_PLAN_FIXTURE_H
#define KL_TESTS_PLAN_FIXTURE_H

#include "support/check.h"

#include <kleiber/plan.h>

#include <math.h>
#include <stdio.h>

/* The Chinchilla law's constants by name, for closed forms. */
typedef struct chinchilla {
    double E, A, B, alpha, beta;
} chinchilla;

static inline double loss_of(const chinchilla *c, double n, double d)
{
    return c->E + c->A * pow(n, -c->alpha) + c->B * pow(d, -c->beta);
}

/* Parameters of least loss for C = 6 N D FLOPs: N = G (C/6)^(beta/(alpha+beta)) with
 * G = (alpha A / (beta B))^(1/(alpha+beta)) (hoffmann2022, equation 4). */
static inline double best_n_of(const chinchilla *c, double flops)
{
    const double sum = c->alpha + c->beta;
    const double g = pow(c->alpha * c->A / (c->beta * c->B), 1 / sum);
    return g * pow(flops / 6, c->beta / sum);
}

static inline kl_fit *fit_of_law(const char *spec, const double *values)
{
    kl_error err = {0};
    kl_law *law = NULL;
    kl_fit *fit = NULL;
    check_ok(spec, kl_law_open(&law, spec, &err), err);
    check_ok(spec, kl_fit_from_values(&fit, law, values, &err), err);
    kl_law_free(law);
    return fit;
}

/* A fit of a formula with inputs but no parameters of its own need values in order. */
static inline kl_fit *fit_of_formula(const char *formula, const char *const *inputs,
                                     size_t n_inputs, const double *values)
{
    kl_error err = {0};
    kl_law *law = NULL;
    kl_fit *fit = NULL;
    check_ok(formula, kl_law_open(&law, formula, &err), err);
    check_ok(formula, kl_law_resolve(law, inputs, n_inputs, &err), err);
    check_ok(formula, kl_fit_from_values(&fit, law, values, &err), err);
    kl_law_free(law);
    return fit;
}

static inline kl_fit *fit_of_chinchilla(const chinchilla *c)
{
    const double values[] = {c->E, c->A, c->B, c->alpha, c->beta};
    return fit_of_law("chinchilla", values);
}

/* What a test asks of a plan; up to four of each, ended by NULL names. */
typedef struct question {
    const char *minimise;
    const char *subject[4];
    kl_plan_variable over[4];
    kl_plan_given given[4];
} question;

static inline kl_plan_options options_of(const question *q)
{
    kl_plan_options opt = kl_plan_options_default();
    opt.minimise = q->minimise;
    opt.subject = q->subject;
    opt.over = q->over;
    opt.given = q->given;
    while (opt.n_subject < 4 && q->subject[opt.n_subject]) opt.n_subject++;
    while (opt.n_over < 4 && q->over[opt.n_over].name) opt.n_over++;
    while (opt.n_given < 4 && q->given[opt.n_given].name) opt.n_given++;
    return opt;
}

static inline kl_plan *solve(const char *label, const kl_fit *fit, question q)
{
    kl_error err = {0};
    kl_plan *plan = NULL;
    const kl_plan_options opt = options_of(&q);
    check_ok(label, kl_plan_solve(&plan, fit, &opt, &err), err);
    return plan;
}

static inline void check_outcome(const char *label, const kl_plan *plan,
                                 kl_plan_outcome want)
{
    check_text(label, kl_plan_outcome_text(kl_plan_get_outcome(plan)),
               kl_plan_outcome_text(want));
}

#endif

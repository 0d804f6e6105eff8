/*
 * problem.h - a plan as an optimisation problem in the logarithms u of its variables:
 * minimise F(u) subject to h_j(u) <= 0 or h_j(u) = 0 and lo <= u <= hi.
 *
 * Positive quantities are compared by their logarithms: F = ln f, h = ln lhs - ln rhs.
 * A plan made of powers and products is then a geometric program, which is convex. What
 * is not positive is divided by a scale instead. Values carry derivatives in u.
 */
#ifndef KL_PLAN_PROBLEM_H
#define KL_PLAN_PROBLEM_H

#include "base/arena.h"

#include <kleiber/plan.h>

/* A value with its first and second derivatives in u. */
typedef struct kl_jet {
    double value;
    double *gradient; /* [n] */
    double *hessian;  /* [n][n] */
} kl_jet;

/* How a quantity enters the problem. */
typedef struct kl_form {
    bool is_log;
    double scale; /* divides the quantity if not is_log */
} kl_form;

/* One formula over the plan's single row. */
typedef struct kl_term {
    kl_program *program;
    kl_frame *frame;
    size_t n_leaves;
    size_t
        *variable; /* [n_leaves] which variable a leaf is; n: a parameter of the law */
} kl_term;

/* One constraint, h_j <= 0 (or = 0): lhs against rhs, swapped for ">=". */
typedef struct kl_limit {
    const char *text; /* as given */
    kl_relation relation;
    kl_term lhs, rhs;
    kl_form form;
} kl_limit;

typedef struct kl_problem {
    kl_arena arena;
    const kl_fit *fit;   /* borrowed for the call */
    size_t n, m;         /* variables, constraints */
    size_t n_theta;      /* values of the law in theta; the variables follow */
    const char **names;  /* [n] variables */
    double *lo, *hi;     /* [n] bounds of u */
    double *x_lo, *x_hi; /* [n] the same as given, exp(lo) up to rounding */
    kl_term objective, target;
    kl_form form;     /* of the objective */
    kl_limit *limits; /* [m] */
    double *inputs;   /* [law's inputs] values of those given, NaN for variables */
    size_t *input_variable; /* [law's inputs] variable that an input is; n: given */
} kl_problem;

/**
 * Compile the formulas of a plan and check all names.
 * @param[out] p zero-initialised by the caller; kl_problem_free it, also on failure
 * @return as kl_plan_solve
 */
kl_status kl_problem_open(kl_problem *p, const kl_fit *fit, const kl_plan_options *opt,
                          kl_error *err);

void kl_problem_free(kl_problem *p);

/* Memory of one thread for evaluating and solving. Multipliers and active flags count
 * the constraints, then the lower bounds, then the upper ones: m + 2n. */
typedef struct kl_work {
    const kl_problem *problem;
    double *theta;      /* [n_theta + n] the law's values, then exp(u) */
    kl_jet objective;   /* of the last kl_work_evaluate */
    kl_jet *limits;     /* [m] */
    double *multiplier; /* [m + 2n] */
    bool *active;       /* [m + 2n] */
    bool *crossed;   /* [m + 1] limit j, or the objective (m), was not positive at some
                           point although its form is logarithmic; never cleared here */
    kl_jet lhs, rhs; /* sides of one constraint */
    double *value, *gradient, *hessian, *scratch; /* of kl_frame_block */
    double *matrix, *vector, *trial;              /* of the solvers */
} kl_work;

/** Allocate the memory of one thread in `arena`; false if memory is short. */
bool kl_work_open(kl_work *w, kl_arena *arena, const kl_problem *p);

/** Use these values of the law: n_theta of them, copied. */
void kl_work_set_law(kl_work *w, const double *theta);

/** F at u into w->objective. @param order 0 to 2 @return false if not finite */
bool kl_work_objective(kl_work *w, const double *u, int order);

/** h_j at u into w->limits[j]; false if not finite. */
bool kl_work_limit(kl_work *w, size_t j, const double *u, int order);

/** All of them. */
bool kl_work_evaluate(kl_work *w, const double *u, int order);

/** Value of a formula itself at u. */
double kl_work_value(kl_work *w, const kl_term *term, const double *u);

/** h of constraint or bound k < m + 2n, from the last kl_work_evaluate at u. */
double kl_work_excess(const kl_work *w, const double *u, size_t k);

/** g += factor times the gradient of constraint or bound k. */
void kl_work_add_normal(const kl_work *w, size_t k, double factor, double *g);

/** Largest violation of a constraint at u; infinite where one has no value. */
double kl_work_violation(kl_work *w, const double *u);

/** Move u into the bounds. */
void kl_problem_clamp(const kl_problem *p, double *u);

/** True if constraint k must hold with equality. */
bool kl_problem_is_equality(const kl_problem *p, size_t k);

#endif

/*
 * objective.h - the objective of a fit and its derivatives in the coordinates searched.
 *
 *   F(x) = sum over rows of w_i rho(r_i),   r_i = link(f_i(theta(x))) against the
 *   target
 *
 * theta are the law's parameters by slot; x the free ones, by their logarithm where the
 * scale is log. A problem is read-only while it is evaluated: one per table (or
 * resample), shared by threads; each thread has its own kl_work.
 */
#ifndef KL_FIT_OBJECTIVE_H
#define KL_FIT_OBJECTIVE_H

#include "base/arena.h"
#include "fit/loss.h"

#include <kleiber/formula.h>

#include <stdbool.h>
#include <stddef.h>

typedef enum kl_link {
    KL_LINK_LOG,     /* r = ln f - target,        target = ln y */
    KL_LINK_LINEAR,  /* r = f - target,           target = y */
    KL_LINK_RELATIVE /* r = f * exp(-target) - 1, target = ln y: linear in f */
} kl_link;

typedef struct kl_problem {
    const kl_program *program;
    const kl_frame *frame;
    size_t n_rows;
    const double *target; /* n_rows */
    const double *weight; /* n_rows, or NULL: all 1 */
    kl_link link;
    size_t n_theta;
} kl_problem;

/* Which parameters are searched, and how. Arrays have room for n_theta entries. */
typedef struct kl_coords {
    size_t n;        /* coordinates */
    size_t *slot;    /* place in theta */
    bool *is_log;    /* x = ln theta */
    double *lo, *hi; /* bounds of x; infinite where there are none */
    double *theta;   /* n_theta values; those without a coordinate keep theirs */
} kl_coords;

/* Results of an evaluation; NULL members are not wanted. */
typedef struct kl_slopes {
    double *gradient; /* n */
    double *hessian;  /* n x n: exact second derivatives; needs gradient */
    double *gram;     /* n x n: sum of w dr dr^T whatever the loss; needs gradient */
} kl_slopes;

typedef struct kl_work kl_work;

/** Scratch for one thread; lives in `arena`. NULL if memory is short. */
kl_work *kl_work_new(kl_arena *arena, const kl_program *program, size_t n_theta);

/** Coordinates with room for n_theta, all members zero. @return false: no memory */
bool kl_coords_new(kl_coords *c, kl_arena *arena, size_t n_theta);

/** Copy coordinates into others with the same room. */
void kl_coords_copy(kl_coords *to, const kl_coords *from, size_t n_theta);

/** Put coordinate `from` into place `to`: to close the gap of one left out. */
void kl_coords_move(kl_coords *c, size_t to, size_t from);

/** theta(x) into c->theta. */
void kl_coords_theta(const kl_coords *c, const double *x);

/** Coordinates x of the values in c->theta; ln 0 gives -infinity. */
void kl_coords_x(const kl_coords *c, double *x);

/**
 * F at x; +infinity where some row has no finite residual. Sets c->theta.
 * @param slopes NULL: value only
 */
double kl_problem_value(const kl_problem *p, const kl_loss *loss, const kl_coords *c,
                        const double *x, const kl_slopes *slopes, kl_work *work);

/** Residuals of all rows at x into r[n_rows]. Sets c->theta. */
void kl_problem_residuals(const kl_problem *p, const kl_coords *c, const double *x,
                          double *r, kl_work *work);

/** dF/dtheta by slot (n_theta) at the last point evaluated with a gradient: also of
 * values without a coordinate, for optimality at bounds. Borrowed from `work`. */
const double *kl_work_theta_gradient(const kl_work *work);

#endif

/*
 * newton.h - minimise an objective within bounds by a trust region with exact Hessians.
 */
#ifndef KL_FIT_NEWTON_H
#define KL_FIT_NEWTON_H

#include "fit/objective.h"

typedef struct kl_newton_options {
    size_t max_iterations;
    double tolerance; /* stop when Newton's model promises less than this times |F| */
    double radius;    /* first radius: root mean square change of the residuals */
} kl_newton_options;

typedef struct kl_newton_result {
    double value;         /* F at the point reached */
    double gradient_norm; /* of F in the residuals' metric, over gain * first radius *
                             sqrt(rows): 0 to 1 or so, free of units */
    size_t iterations;
    bool converged;
} kl_newton_result;

typedef struct kl_newton kl_newton;

/** Workspace for up to n coordinates; lives in `arena`. NULL if memory is short. */
kl_newton *kl_newton_new(kl_arena *arena, size_t n);

/**
 * Move x to a local minimum of F within the bounds of `c`.
 *
 * Steps solve the quadratic model in the ball |y| <= radius, y = L^T dx with L L^T the
 * Gram matrix of the residuals' slopes: a step of length 1 changes the residuals by
 * about 1, however badly scaled the parameters are. Coordinates at a bound that the
 * gradient pushes against stay there; a step that would cross a bound is cut at it.
 *
 * @param      x in: a point with finite F; out: the best point met
 *
 * Reference: more1983; conn2000, chapters 7 and 12.
 */
kl_newton_result kl_newton_run(kl_newton *space, const kl_problem *p,
                               const kl_loss *loss, const kl_coords *c, double *x,
                               const kl_newton_options *opt, kl_work *work);

#endif

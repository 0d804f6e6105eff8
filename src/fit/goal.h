/*
 * goal.h - what a fit minimises, and the path by which a start gets there.
 *
 * Near-absolute losses have kinks that stop descent methods. So the threshold of the
 * loss begins above the residuals, where the objective is nearly least squares, and is
 * lowered step by step to the one asked for, each optimum being the start of the next.
 */
#ifndef KL_FIT_GOAL_H
#define KL_FIT_GOAL_H

#include "base/arena.h"
#include "base/random.h"
#include "fit/objective.h"

#include <kleiber/fit.h>

/* The objective, without data. */
typedef struct kl_goal {
    kl_objective objective;
    double delta, over_weight, quantile;
    kl_solver_kind solver;
    size_t max_iterations;
} kl_goal;

/* Where a search ended. */
typedef struct kl_arrival {
    double value;     /* objective; +infinity if the start led nowhere */
    double ln_s;      /* huber-mle; else NaN */
    double threshold; /* of the loss at the end, on the residual scale */
    double gradient_norm;
    bool converged;
} kl_arrival;

/* How a search gets from its start to the goal. */
typedef struct kl_path {
    bool warm; /* the start is near an optimum: skip least squares, begin with a
                             threshold only somewhat above the last */
    /* row weights for the first part of the way, so that starts come to the last part
     * from different sides; or NULL */
    const double *detour;
} kl_path;

typedef struct kl_search kl_search;

/** Workspace of one thread for one program; lives in `arena`. NULL if memory is short.
 * @param lo, hi ranges by slot, natural units; borrowed
 * @param max_rows most rows of any problem searched */
kl_search *kl_search_new(kl_arena *arena, const kl_program *program, size_t n_theta,
                         const double *lo, const double *hi, size_t max_rows);

/**
 * Carry a start to an optimum of the goal.
 *
 * @param p      the problem; link LOG or LINEAR
 * @param c      coordinates searched; read
 * @param theta  in: the start, by slot; out: the optimum
 */
kl_arrival kl_search_run(kl_search *s, const kl_goal *goal, const kl_problem *p,
                         const kl_coords *c, double *theta, const kl_path *path);

/** ln of the normalising constant of exp(-h_d): sqrt(2 pi)(1 - 2 Phi(-d)) +
 * (2/d) exp(-d^2/2) (besiroglu2024). */
double kl_huber_ln_z(double delta);

/** The loss of a goal at a threshold (on the residual scale). */
kl_loss kl_goal_loss(const kl_goal *goal, double threshold);

#endif

/*
 * slice.h - the law along lines of constant cost: y from x, the minimum, its interval.
 *
 * For each budget C the other input follows from cost(x, y) = C, so the law is a
 * function of x alone; its minimum over x is the efficient choice at that budget.
 */
#ifndef KL_REPORT_SLICE_H
#define KL_REPORT_SLICE_H

#include "report/study.h"

/* Where the law is least at one budget; NaN if that is outside the x looked at. */
typedef struct kl_optimum {
    double budget;
    double x, y, value;
    double x_lo, x_hi, y_lo, y_hi; /* intervals over the draws; NaN without */
} kl_optimum;

typedef struct kl_slice {
    double budget;
    size_t n;
    double *x, *y, *value; /* y NaN where no y has this cost */
    kl_optimum best;
} kl_slice;

/** x and y along cost = budget; value and best are left alone. */
kl_status kl_slice_line(kl_slice *out, kl_probe *probe, const kl_study *s,
                        double budget, kl_arena *mem, kl_error *err);

/** Law and minimum along cost = budget, over x from far below to far above the data. */
kl_status kl_slice_make(kl_slice *out, const kl_study *s, double budget, kl_arena *mem,
                        kl_error *err);

/** Cost of each point of the data into cost[n_points]. */
kl_status kl_slice_costs(double *cost, const kl_study *s, kl_error *err);

/**
 * At most `room` budgets over the data, ascending: where runs gather (isoFLOP
 * designs), else evenly; without data, a few decades around the usual ranges.
 * @param[out] near the largest |ln(cost/budget)| at which a point belongs to a budget
 */
kl_status kl_slice_budgets(double *budgets, size_t room, size_t *n, double *near,
                           const kl_study *s, kl_error *err);

#endif

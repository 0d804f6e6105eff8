/* bounded_ls.h - a convex quadratic within bounds, for a handful of unknowns. */
#ifndef KL_FIT_BOUNDED_LS_H
#define KL_FIT_BOUNDED_LS_H

#include <stdbool.h>
#include <stddef.h>

/**
 * Minimise g.d + d.A.d/2 over d with lo <= c + d <= hi, by an active set.
 *
 * @param[in,out] c    in: a point within the bounds; out: the minimiser
 * @param         a    n x n, positive semidefinite; read
 * @param         g    gradient at c on entry; read
 * @param         lo, hi bounds of c, infinite where there are none
 * @param[out]    inside n flags: true where c is strictly between its bounds
 * @param         scratch n * (n + 4) doubles
 * @return decrease of the quadratic, >= 0 up to rounding
 *
 * Reference: stark1995 (bounded-variable least squares), on the normal equations.
 */
double kl_bounded_ls(double *c, size_t n, const double *a, const double *g,
                     const double *lo, const double *hi, bool *inside, double *scratch);

#endif

/*
 * dense.h - small symmetric matrices, row-major n x n, n from 1 to a few dozen.
 *
 * Own code, not LAPACK: a 5 x 5 factorisation takes less time than a call into a
 * library that locks and tunes for 5000, and the fitting library stays free of BLAS
 * (bench/).
 */
#ifndef KL_FIT_DENSE_H
#define KL_FIT_DENSE_H

#include <stdbool.h>
#include <stddef.h>

/** Lower Cholesky factor in place (upper part untouched). @return false if a pivot is
 * not above `floor` times its diagonal entry. */
bool kl_dense_cholesky(double *a, size_t n, double floor);

/** Solve L y = b in place, L^T y = b in place, for a factor L. */
void kl_dense_forward(const double *l, size_t n, double *b);
void kl_dense_backward(const double *l, size_t n, double *b);

/** Eigenvalues ascending into w, eigenvectors into the columns of v (cyclic Jacobi).
 * `a` is destroyed. */
void kl_dense_eigen(double *a, size_t n, double *w, double *v);

/** a <- L^-1 a L^-T for symmetric a. */
void kl_dense_congruence(const double *l, size_t n, double *a);

/** Inverse of a positive definite matrix into `inverse`; false if it is singular to
 * rounding. `a` is destroyed. */
bool kl_dense_inverse(double *a, size_t n, double *inverse);

#endif

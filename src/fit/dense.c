/* dense.c - Cholesky and Jacobi for matrices the size of a law's parameters. */
#include "fit/dense.h"

#include <float.h>
#include <math.h>
#include <string.h>

bool kl_dense_cholesky(double *a, size_t n, double floor)
{
    for (size_t j = 0; j < n; j++) {
        double *row_j = a + j * n;
        const double diagonal = row_j[j];
        double pivot = diagonal;
        for (size_t k = 0; k < j; k++) pivot -= row_j[k] * row_j[k];
        if (!(pivot > floor * diagonal) || !(pivot > 0)) return false;
        const double root = sqrt(pivot);
        row_j[j] = root;
        for (size_t i = j + 1; i < n; i++) {
            double *row_i = a + i * n;
            double s = row_i[j];
            for (size_t k = 0; k < j; k++) s -= row_i[k] * row_j[k];
            row_i[j] = s / root;
        }
    }
    return true;
}

void kl_dense_forward(const double *l, size_t n, double *b)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < i; k++) b[i] -= l[i * n + k] * b[k];
        b[i] /= l[i * n + i];
    }
}

void kl_dense_backward(const double *l, size_t n, double *b)
{
    for (size_t i = n; i-- > 0;) {
        for (size_t k = i + 1; k < n; k++) b[i] -= l[k * n + i] * b[k];
        b[i] /= l[i * n + i];
    }
}

/* One Jacobi rotation that zeroes a[p][q], applied to a and to the columns of v. */
static void rotate(double *a, double *v, size_t n, size_t p, size_t q)
{
    const double apq = a[p * n + q];
    const double theta = (a[q * n + q] - a[p * n + p]) / (2 * apq);
    const double t = (theta < 0 ? -1 : 1) / (fabs(theta) + sqrt(theta * theta + 1));
    const double c = 1 / sqrt(t * t + 1), s = t * c;
    for (size_t k = 0; k < n; k++) {
        const double akp = a[k * n + p], akq = a[k * n + q];
        a[k * n + p] = c * akp - s * akq;
        a[k * n + q] = s * akp + c * akq;
    }
    for (size_t k = 0; k < n; k++) {
        const double apk = a[p * n + k], aqk = a[q * n + k];
        a[p * n + k] = c * apk - s * aqk;
        a[q * n + k] = s * apk + c * aqk;
        const double vkp = v[k * n + p], vkq = v[k * n + q];
        v[k * n + p] = c * vkp - s * vkq;
        v[k * n + q] = s * vkp + c * vkq;
    }
    a[p * n + q] = a[q * n + p] = 0;
}

static void sort_ascending(double *w, double *v, size_t n)
{
    for (size_t i = 1; i < n; i++)
        for (size_t j = i; j > 0 && w[j] < w[j - 1]; j--) {
            const double value = w[j];
            w[j] = w[j - 1];
            w[j - 1] = value;
            for (size_t k = 0; k < n; k++) {
                const double x = v[k * n + j];
                v[k * n + j] = v[k * n + j - 1];
                v[k * n + j - 1] = x;
            }
        }
}

void kl_dense_eigen(double *a, size_t n, double *w, double *v)
{
    enum { MAX_SWEEPS = 60 }; /* quadratic convergence: about 6 in practice */
    memset(v, 0, n * n * sizeof *v);
    for (size_t i = 0; i < n; i++) v[i * n + i] = 1;
    for (int sweep = 0; sweep < MAX_SWEEPS; sweep++) {
        bool rotated = false;
        for (size_t p = 0; p + 1 < n; p++)
            for (size_t q = p + 1; q < n; q++) {
                const double apq = fabs(a[p * n + q]);
                const double size = sqrt(fabs(a[p * n + p])) * sqrt(fabs(a[q * n + q]));
                if (!(apq > DBL_MIN) || apq <= DBL_EPSILON * size) continue;
                rotate(a, v, n, p, q);
                rotated = true;
            }
        if (!rotated) break;
    }
    for (size_t i = 0; i < n; i++) w[i] = a[i * n + i];
    sort_ascending(w, v, n);
}

void kl_dense_congruence(const double *l, size_t n, double *a)
{
    for (size_t i = 0; i < n; i++) kl_dense_forward(l, n, a + i * n); /* a L^-T */
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++) {
            const double x = a[i * n + j];
            a[i * n + j] = a[j * n + i];
            a[j * n + i] = x;
        }
    for (size_t i = 0; i < n; i++) kl_dense_forward(l, n, a + i * n);
}

bool kl_dense_inverse(double *a, size_t n, double *inverse)
{
    if (!kl_dense_cholesky(a, n, 64 * DBL_EPSILON)) return false;
    memset(inverse, 0, n * n * sizeof *inverse);
    for (size_t i = 0; i < n; i++) {
        inverse[i * n + i] = 1;
        kl_dense_forward(a, n, inverse + i * n);
        kl_dense_backward(a, n, inverse + i * n);
    }
    return true;
}

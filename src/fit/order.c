/* order.c - selection, sorting and quantiles. */
#include "fit/order.h"

#include <math.h>
#include <stdlib.h>

static void swap(double *a, double *b)
{
    const double t = *a;
    *a = *b;
    *b = t;
}

/* Put the k-th smallest (0-based) in its place, smaller ones before it (Hoare). */
static double select_nth(double *v, size_t n, size_t k)
{
    size_t lo = 0, hi = n - 1;
    while (lo < hi) {
        const size_t mid = lo + (hi - lo) / 2;
        if (v[mid] < v[lo]) swap(&v[mid], &v[lo]);
        if (v[hi] < v[lo]) swap(&v[hi], &v[lo]);
        if (v[hi] < v[mid]) swap(&v[hi], &v[mid]);
        const double pivot = v[mid];
        size_t i = lo, j = hi;
        for (;;) {
            while (v[i] < pivot) i++;
            while (v[j] > pivot) j--;
            if (i >= j) break;
            swap(&v[i++], &v[j--]);
        }
        if (k <= j)
            hi = j;
        else
            lo = j + 1;
    }
    return v[k];
}

double kl_order_median(double *values, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (isnan(values[i])) return NAN;
    const double upper = select_nth(values, n, n / 2);
    if (n % 2) return upper;
    double lower = values[0]; /* the largest of the half before it */
    for (size_t i = 1; i < n / 2; i++) lower = fmax(lower, values[i]);
    return 0.5 * (lower + upper);
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

void kl_order_sort(double *values, size_t n)
{
    qsort(values, n, sizeof *values, compare);
}

double kl_order_quantile(double *values, size_t n, double q)
{
    const double at = q * (double)(n - 1);
    const size_t i = (size_t)floor(at) < n ? (size_t)floor(at) : n - 1;
    const double lower = select_nth(values, n, i), part = at - (double)i;
    if (!(part > 0) || i + 1 == n) return lower;
    double upper = values[i + 1]; /* the smallest of those after it */
    for (size_t k = i + 2; k < n; k++) upper = fmin(upper, values[k]);
    return upper == lower ? lower : lower + part * (upper - lower);
}

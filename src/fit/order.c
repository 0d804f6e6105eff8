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

double kl_order_quantile(const double *ascending, size_t n, double q)
{
    const double at = q * (double)(n - 1);
    const size_t i = (size_t)floor(at);
    if (i + 1 >= n) return ascending[n - 1];
    const double part = at - (double)i;
    return part > 0 ? ascending[i] + part * (ascending[i + 1] - ascending[i])
                    : ascending[i];
}

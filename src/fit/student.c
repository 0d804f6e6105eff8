/*
 * student.c - Student's quantile by bisection on the incomplete beta function's
 * continued fraction (abramowitz1964, 26.5.8).
 */
#include "fit/student.h"

#include <float.h>
#include <math.h>

/* Regularised incomplete beta function by Lentz's continued fraction, x below the
 * mean. */
static double incomplete_beta(double a, double b, double x)
{
    const double front =
        exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a;
    double c = 1, d = 1 - (a + b) * x / (a + 1);
    d = 1 / (d == 0 ? DBL_MIN : d);
    double h = d;
    for (int m = 1; m <= 500; m++) {
        const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        const double terms[2] = {even, odd};
        double change = 1;
        for (int k = 0; k < 2; k++) {
            d = 1 + terms[k] * d;
            c = 1 + terms[k] / c;
            d = 1 / (d == 0 ? DBL_MIN : d);
            if (c == 0) c = DBL_MIN;
            change = c * d;
            h *= change;
        }
        if (fabs(change - 1) < 1e-15) break;
    }
    return front * h;
}

/* Upper tail of Student's t at t >= 0. */
static double student_tail(double t, double dof)
{
    const double x = dof / (dof + t * t), a = 0.5 * dof;
    if (x < (a + 1) / (a + 2.5)) return 0.5 * incomplete_beta(a, 0.5, x);
    return 0.5 * (1 - incomplete_beta(0.5, a, 1 - x));
}

double kl_student_quantile(double p, double dof)
{
    if (p == 0.5) return 0;
    if (p < 0.5) return -kl_student_quantile(1 - p, dof);
    double lo = 0, hi = 1;
    while (student_tail(hi, dof) > 1 - p && hi < 1e12) hi *= 2;
    for (int i = 0; i < 200 && hi - lo > 1e-14 * hi; i++) {
        const double mid = 0.5 * (lo + hi);
        if (student_tail(mid, dof) > 1 - p)
            lo = mid;
        else
            hi = mid;
    }
    return 0.5 * (lo + hi);
}

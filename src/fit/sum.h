/*
 * sum.h - sums in eight lanes: a fixed order of additions that compilers can vectorise, so
 * that a result neither depends on threads nor waits for one addition after the other.
 */
#ifndef KL_FIT_SUM_H
#define KL_FIT_SUM_H

#include <stddef.h>

enum { KL_LANES = 8 };

/** Number of terms rounded up to whole lanes. */
static inline size_t kl_lanes_round(size_t n)
{
    return (n + KL_LANES - 1) / KL_LANES * KL_LANES;
}

static inline double kl_lanes_total(const double *s)
{
    return ((s[0] + s[1]) + (s[2] + s[3])) + ((s[4] + s[5]) + (s[6] + s[7]));
}

#endif

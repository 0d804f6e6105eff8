/*
 * loss.h - the robust losses of one residual, all members of one family.
 *
 *   rho(r) = side(r) * gain * h_t(r),  h_t(r) = r^2/2 if |r| <= t else t(|r| - t/2)
 *   side(r) = over where r > 0 (the law lies above the run), under elsewhere
 *
 * Squared: t infinite, gain 2. Absolute: t small, gain 1/t. Both sides meet at r = 0
 * with value and slope 0, so rho has one continuous derivative whatever the sides.
 *
 * Reference: huber1964; hoffmann2022, section 3.3.
 */
#ifndef KL_FIT_LOSS_H
#define KL_FIT_LOSS_H

#include <math.h>

typedef struct kl_loss {
    double threshold;   /* t > 0; may be infinite */
    double gain;        /* > 0 */
    double over, under; /* > 0 */
} kl_loss;

static inline double kl_loss_side(const kl_loss *loss, double r)
{
    return (r > 0 ? loss->over : loss->under) * loss->gain;
}

/** rho(r) */
static inline double kl_loss_value(const kl_loss *loss, double r)
{
    const double t = loss->threshold, a = fabs(r);
    return kl_loss_side(loss, r) * (a <= t ? 0.5 * a * a : t * (a - 0.5 * t));
}

/** rho'(r) */
static inline double kl_loss_slope(const kl_loss *loss, double r)
{
    const double t = loss->threshold;
    return kl_loss_side(loss, r) * (r < -t ? -t : r > t ? t : r);
}

/** rho''(r); the value inside at the two kinks */
static inline double kl_loss_curvature(const kl_loss *loss, double r)
{
    return fabs(r) <= loss->threshold ? kl_loss_side(loss, r) : 0.0;
}

#endif

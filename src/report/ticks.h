/* ticks.h - where an axis has its ticks, and what stands beside them. */
#ifndef KL_REPORT_TICKS_H
#define KL_REPORT_TICKS_H

#include "report/rounding.h"

enum { KL_MAX_TICKS = 160 };

typedef struct kl_tick {
    double at;
    bool major; /* labelled */
    kl_label label;
} kl_tick;

/** The 1, 2 or 5 times a power of ten that is nearest to x > 0, in logarithms. */
double kl_tick_step(double x);

/**
 * Ticks of a linear axis from lo to hi > lo: majors at multiples of a 1-2-5 step,
 * about `target` of them (>= 1), minors between. Values beyond 1e5 or all below 1e-3
 * are written in units of 10^power, which belongs into the axis title.
 * @param[out] power 0 if labels are plain
 * @return number of ticks, <= KL_MAX_TICKS
 */
size_t kl_ticks_linear(kl_tick ticks[KL_MAX_TICKS], double lo, double hi, double target,
                       bool count, int *power);

/**
 * Ticks of a logarithmic axis from lo > 0 to hi > lo: every decade or every few,
 * labelled about `target` times, with 2, 3 and 5 where there is room; a linear axis's
 * below three quarters of one.
 */
size_t kl_ticks_log(kl_tick ticks[KL_MAX_TICKS], double lo, double hi, double target,
                    bool count);

#endif

/* ticks.c - ticks at 1-2-5 steps and at decades. */
#include "report/ticks.h"

#include <math.h>
#include <string.h>

double kl_tick_step(double x)
{
    static const double steps[] = {1, 2, 5, 10};
    const double slack = 1 - 1e-9; /* 0.2 / 0.1 is not exactly 2 */
    const double base = pow(10, floor(log10(x)));
    for (size_t i = 0; i < 3; i++)
        if (steps[i] * base >= x * slack) return steps[i] * base;
    return steps[3] * base;
}

static void add(kl_tick *ticks, size_t *n, double at, bool major, kl_label label)
{
    if (*n < KL_MAX_TICKS) ticks[(*n)++] = (kl_tick){at, major, label};
}

/* Minor steps to one major step of 1, 2 or 5 times a power of ten. */
static int minors_of(double step)
{
    const double mantissa = step / pow(10, floor(log10(step * (1 + 1e-9))));
    return mantissa < 1.5 ? 5 : mantissa < 3 ? 4 : 5;
}

/* Digits that tell multiples of `step` apart up to `size`. */
static int digits_for(double size, double step)
{
    const double digits = floor(log10(size) + 1e-9) - floor(log10(step) + 1e-9) + 1;
    return (int)fmin(fmax(digits, 1), 12);
}

size_t kl_ticks_linear(kl_tick ticks[KL_MAX_TICKS], double lo, double hi, int target,
                       bool count, int *power)
{
    const double step = kl_tick_step((hi - lo) / target);
    const double size = fmax(fabs(lo), fabs(hi));
    const int minors = minors_of(step);
    const double slack = 1e-6; /* of a minor step: keep a tick at the very end */
    size_t n = 0;
    *power = 0;
    if (size < 1e-3 || (size >= 1e5 && !count)) *power = (int)floor(log10(size));
    const double unit = pow(10, *power);
    const double first = ceil(lo / step * minors - slack);
    const double last = floor(hi / step * minors + slack);
    if (!(last - first < KL_MAX_TICKS)) return 0; /* lo and hi all but equal */
    for (double k = first; k <= last; k++) {
        kl_label label = {0};
        const bool major = fmod(k, minors) == 0;
        const double at = k / minors * step;
        if (major) label = kl_format_label(at / unit, digits_for(size, step), count);
        add(ticks, &n, at, major, label);
    }
    return n;
}

/* Every `stride`-th decade is labelled; with `fives` also 2 and 5 in each. */
static size_t decades(kl_tick *ticks, double lo, double hi, int stride, bool fives,
                      bool count)
{
    size_t n = 0;
    const double slack = 1e-9;
    const double first = floor(log10(lo) + slack), last = ceil(log10(hi) - slack);
    for (double k = first; k <= last; k++)
        for (int m = 1; m < 10; m++) {
            const double at = m * pow(10, k);
            if (at < lo * (1 - slack) || at > hi * (1 + slack)) continue;
            if (m > 1 && stride > 3) continue; /* too dense to see */
            const bool decade = m == 1 && fmod(k, stride) == 0;
            const bool major = decade || (fives && (m == 1 || m == 2 || m == 5));
            kl_label label = {0};
            if (major) label = kl_format_label(at, 1, count);
            add(ticks, &n, at, major, label);
        }
    return n;
}

size_t kl_ticks_log(kl_tick ticks[KL_MAX_TICKS], double lo, double hi, int target,
                    bool count)
{
    const double span = log10(hi) - log10(lo);
    if (span < 2.0 / 3) {
        int power;
        const size_t n = kl_ticks_linear(ticks, lo, hi, target, count, &power);
        for (size_t i = 0; power && i < n; i++) /* no room for a unit: write it out */
            if (ticks[i].major) ticks[i].label = kl_format_label(ticks[i].at, 3, count);
        return n;
    }
    const bool fives = span < 2 && 3 * span <= target + 1;
    return decades(ticks, lo, hi, (int)fmax(ceil(span / target), 1), fives, count);
}

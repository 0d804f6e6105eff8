/* ticks.c - ticks at 1-2-5 steps and at decades. */
#include "report/ticks.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

double kl_tick_step(double x)
{
    const double base = pow(10, floor(log10(x)));
    const double mantissa = x / base;
    /* boundaries are the geometric means of neighbours */
    if (mantissa < sqrt(2)) return base;
    if (mantissa < sqrt(10)) return 2 * base;
    if (mantissa < sqrt(50)) return 5 * base;
    return 10 * base;
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

/* All labels of a linear axis have the same decimals: 2.0, 2.5, 3.0. */
static kl_label linear_label(double at, double step, bool count)
{
    const double decade = floor(log10(step) + 1e-9);
    if (count && fabs(at) >= 1e3)
        return kl_format_label(
            at, (int)fmax(floor(log10(fabs(at)) + 1e-9) - decade + 1, 1), true);
    kl_label label = {0};
    const int places = (int)fmin(fmax(-decade, 0), 12);
    snprintf(label.head, sizeof label.head, "%s", kl_format_fixed(at, places).s);
    return label;
}

size_t kl_ticks_linear(kl_tick ticks[KL_MAX_TICKS], double lo, double hi, double target,
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
        if (major) label = linear_label(at / unit, step / unit, count);
        add(ticks, &n, at, major, label);
    }
    return n;
}

/* Which of 1 to 9 are labelled in each decade, densest first, and their least gap. */
static const struct {
    const char *digits;
    double gap; /* log10: 5/3, 2/1 */
} sets[] = {{"1235", 0.176}, {"125", 0.301}, {"1", 1}};

/* Every `stride`-th decade is labelled, and in it the digits given. */
static size_t decades(kl_tick *ticks, double lo, double hi, double stride,
                      const char *digits, bool count)
{
    size_t n = 0;
    const double slack = 1e-9;
    const double first = floor(log10(lo) + slack), last = ceil(log10(hi) - slack);
    for (double k = first; k <= last; k++)
        for (int m = 1; m < 10; m++) {
            const double at = m * pow(10, k);
            if (at < lo * (1 - slack) || at > hi * (1 + slack)) continue;
            const bool decade = fmod(k, stride) == 0;
            if ((m > 1 && stride > 3) || (!decade && stride > 9))
                continue; /* too dense */
            const bool major = decade && strchr(digits, '0' + m);
            kl_label label = {0};
            if (major) /* no 10000 beside 10^6 */
                label = !count && hi >= 1e5 && at >= 1e3
                            ? kl_format_power(at, 1)
                            : kl_format_label(at, 1, count);
            add(ticks, &n, at, major, label);
        }
    return n;
}

size_t kl_ticks_log(kl_tick ticks[KL_MAX_TICKS], double lo, double hi, double target,
                    bool count)
{
    const double span = log10(hi) - log10(lo);
    if (span < 0.75) {
        int power;
        const size_t n = kl_ticks_linear(ticks, lo, hi, target, count, &power);
        for (size_t i = 0; power && i < n; i++) /* no room for a unit: write it out */
            if (ticks[i].major) ticks[i].label = kl_format_label(ticks[i].at, 3, count);
        return n;
    }
    size_t set = 0;
    while (sets[set].gap < 1 && sets[set].gap < 0.7 * span / target) set++;
    return decades(ticks, lo, hi, fmax(ceil(span / target), 1), sets[set].digits,
                   count);
}

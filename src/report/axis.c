/* axis.c - panels: frame, ticks, titles, and shapes in data's coordinates. */
#include "report/axis.h"

#include "report/ticks.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

kl_axis kl_axis_around(double lo, double hi, bool log, double air)
{
    kl_axis axis = {.lo = lo, .hi = hi, .log = log, .title = ""};
    if (!isfinite(lo) || !isfinite(hi) || !(lo <= hi) || (log && !(lo > 0))) {
        axis.lo = log ? 1 : 0;
        axis.hi = log ? 10 : 1;
        return axis;
    }
    const double from = log ? log10(lo) : lo, to = log ? log10(hi) : hi;
    double margin = air * (to - from);
    /* narrower than that, ticks could not be told apart */
    const double least = log ? 0.01 : 1e-6 * fmax(fabs(from), fabs(to));
    if (!(to - from > least)) margin = log ? 0.1 : fmax(0.1 * fabs(from), 1e-12);
    /* the last steps before zero and infinity are out of reach */
    axis.lo = log ? pow(10, fmax(from - margin, -300)) : fmax(from - margin, -1e300);
    axis.hi = log ? pow(10, fmin(to + margin, 300)) : fmin(to + margin, 1e300);
    if (!(axis.lo < axis.hi)) return kl_axis_around(NAN, NAN, log, air);
    return axis;
}

double kl_axis_place(const kl_axis *axis, double value)
{
    if (!axis->log) return (value - axis->lo) / (axis->hi - axis->lo);
    if (!(value > 0)) return NAN;
    return log(value / axis->lo) / log(axis->hi / axis->lo);
}

double kl_axis_value(const kl_axis *axis, double place)
{
    if (!axis->log) return axis->lo + place * (axis->hi - axis->lo);
    return axis->lo * exp(place * log(axis->hi / axis->lo));
}

static double near_panel(double place)
{
    return isnan(place) ? place : fmin(fmax(place, -3), 4);
}

kl_xy kl_panel_at(const kl_panel *p, double x, double y)
{
    const double u = near_panel(kl_axis_place(&p->x, x));
    const double v = near_panel(kl_axis_place(&p->y, y));
    return (kl_xy){p->left + u * p->width, p->top + (1 - v) * p->height};
}

enum { PX_PER_X_LABEL = 60, PX_PER_Y_LABEL = 42 };

static size_t ticks_of(kl_tick *ticks, const kl_axis *axis, double pixels,
                       double spacing, int *power)
{
    const double target = fmax(pixels / spacing, 2);
    *power = 0;
    if (axis->bare) return 0;
    if (axis->log) return kl_ticks_log(ticks, axis->lo, axis->hi, target, axis->count);
    return kl_ticks_linear(ticks, axis->lo, axis->hi, target, axis->count, power);
}

/* Title with the unit of ten, if labels are in one: "rise (x 10^-5)". */
static kl_label title_of(const kl_axis *axis, int power)
{
    kl_label title = {0};
    if (!power) {
        snprintf(title.head, sizeof title.head, "%s", axis->title);
        return title;
    }
    snprintf(title.head, sizeof title.head,
             "%.48s (\xc3\x97"
             "10",
             axis->title);
    snprintf(title.power, sizeof title.power, "%.11s", kl_format(power, 3).s);
    snprintf(title.tail, sizeof title.tail, ")");
    return title;
}

/* Titles are longer than a label's head when no power is needed. */
static void draw_title(const kl_panel *p, const kl_axis *axis, int power, kl_xy at,
                       double turn)
{
    const kl_label title = title_of(axis, power);
    if (power)
        kl_svg_label(p->svg, "title", at, KL_ANCHOR_MIDDLE, turn, &title);
    else if (*axis->title)
        kl_svg_text(p->svg, "title", at, KL_ANCHOR_MIDDLE, turn, axis->title);
}

static void draw_x(const kl_panel *p)
{
    kl_tick ticks[KL_MAX_TICKS];
    int power;
    const double bottom = p->top + p->height;
    const size_t n = ticks_of(ticks, &p->x, p->width, PX_PER_X_LABEL, &power);
    for (size_t i = 0; i < n; i++) {
        const double at = kl_panel_at(p, ticks[i].at, p->y.lo).x;
        const double length = ticks[i].major ? 6 : 3;
        if (ticks[i].major)
            kl_svg_line(p->svg, "grid", (kl_xy){at, p->top}, (kl_xy){at, bottom});
        kl_svg_line(p->svg, "tick", (kl_xy){at, bottom}, (kl_xy){at, bottom + length});
        if (ticks[i].major)
            kl_svg_label(p->svg, "number", (kl_xy){at, bottom + 20}, KL_ANCHOR_MIDDLE,
                         0, &ticks[i].label);
    }
    draw_title(p, &p->x, power, (kl_xy){p->left + p->width / 2, bottom + 42}, 0);
}

static void draw_y(const kl_panel *p)
{
    kl_tick ticks[KL_MAX_TICKS];
    int power;
    double widest = 0;
    const size_t n = ticks_of(ticks, &p->y, p->height, PX_PER_Y_LABEL, &power);
    for (size_t i = 0; i < n; i++) {
        const double at = kl_panel_at(p, p->x.lo, ticks[i].at).y;
        const double length = ticks[i].major ? 6 : 3;
        if (ticks[i].major)
            kl_svg_line(p->svg, "grid", (kl_xy){p->left, at},
                        (kl_xy){p->left + p->width, at});
        kl_svg_line(p->svg, "tick", (kl_xy){p->left - length, at},
                    (kl_xy){p->left, at});
        if (!ticks[i].major) continue;
        const double width = kl_svg_text_width(ticks[i].label.head, 12) +
                             kl_svg_text_width(ticks[i].label.power, 10);
        widest = fmax(widest, width);
        kl_svg_label(p->svg, "number", (kl_xy){p->left - 9, at + 4}, KL_ANCHOR_END, 0,
                     &ticks[i].label);
    }
    const kl_xy at = {p->left - 20 - widest, p->top + p->height / 2};
    draw_title(p, &p->y, power, at, -90);
}

void kl_panel_begin(const kl_panel *p)
{
    draw_x(p);
    draw_y(p);
    if (p->head)
        kl_svg_text(p->svg, "head", (kl_xy){p->left, p->top - 9}, KL_ANCHOR_START, 0,
                    p->head);
    kl_svg_clip(p->svg, (kl_xy){p->left, p->top}, (kl_xy){p->width, p->height});
}

void kl_panel_end(const kl_panel *p)
{
    kl_svg_unclip(p->svg);
    kl_svg_rect(p->svg, "frame", (kl_xy){p->left, p->top}, (kl_xy){p->width, p->height},
                KL_NO_COLOUR);
}

void kl_panel_curve(const kl_panel *p, const char *class, uint32_t colour, size_t n,
                    const double *x, const double *y)
{
    bool down = false;
    kl_svg_path_begin(p->svg);
    for (size_t i = 0; i < n; i++)
        kl_svg_path_add(p->svg, kl_panel_at(p, x[i], y[i]), &down);
    kl_svg_path_end(p->svg, class, false, colour);
}

void kl_panel_band(const kl_panel *p, uint32_t colour, size_t n, const double *x,
                   const double *lo, const double *hi)
{
    bool down = false;
    kl_svg_path_begin(p->svg);
    for (size_t i = 0; i < n; i++)
        if (!isnan(lo[i]) && !isnan(hi[i]))
            kl_svg_path_add(p->svg, kl_panel_at(p, x[i], lo[i]), &down);
    for (size_t i = n; i-- > 0;)
        if (!isnan(lo[i]) && !isnan(hi[i]))
            kl_svg_path_add(p->svg, kl_panel_at(p, x[i], hi[i]), &down);
    kl_svg_path_end(p->svg, "band", true, colour);
}

void kl_panel_line(const kl_panel *p, const char *class, kl_xy from, kl_xy to)
{
    kl_svg_line(p->svg, class, kl_panel_at(p, from.x, from.y),
                kl_panel_at(p, to.x, to.y));
}

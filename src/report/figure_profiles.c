/* figure_profiles.c - how the objective rises as each parameter is moved off its optimum,
 * the others following; with the three kinds of interval below. */
#include "report/figure.h"

#include "base/fail.h"
#include "report/format.h"
#include "report/style.h"

#include <math.h>
#include <stdio.h>

enum { COLUMNS = 3, MAX_PANELS = 12, CELL_WIDTH = 250, CELL_HEIGHT = 236, LEGEND = 26 };

static const struct {
    const char *name;
    uint32_t colour;
} kinds[] = {{"bootstrap", KL_BLUE}, {"profile", KL_VERMILION}, {"curvature", KL_GREEN}};

static bool applies(const kl_study *s)
{
    const double *x, *objective;
    for (size_t i = 0; i < kl_fit_get_n_parameters(s->fit); i++)
        if (kl_fit_get_profile(s->fit, i, &x, &objective) > 2) return true;
    return false;
}

static void interval_of(const kl_fit_parameter *p, size_t kind, double *lo, double *hi)
{
    *lo = kind == 0 ? p->bootstrap_lo : kind == 1 ? p->profile_lo : p->curvature_lo;
    *hi = kind == 0 ? p->bootstrap_hi : kind == 1 ? p->profile_hi : p->curvature_hi;
}

/* Bars in the strip below the curve: y from -0.08 to -0.3 of the rise shown. */
static void draw_intervals(const kl_panel *p, const kl_fit_parameter *parameter,
                           double height)
{
    for (size_t kind = 0; kind < 3; kind++) {
        double lo, hi;
        interval_of(parameter, kind, &lo, &hi);
        if (isnan(lo) || isnan(hi)) continue;
        const double y = -height * (0.07 + 0.09 * (double)kind);
        const double ends[2] = {fmax(lo, p->x.lo), fmin(hi, p->x.hi)}, at[2] = {y, y};
        kl_panel_curve(p, "bar", kinds[kind].colour, 2, ends, at);
    }
}

static kl_status draw_one(kl_panel *p, const kl_study *s, size_t i, kl_arena *mem,
                          kl_error *err)
{
    const double *x, *objective;
    const size_t n = kl_fit_get_profile(s->fit, i, &x, &objective);
    const kl_fit_parameter *parameter = kl_fit_get_parameter(s->fit, i);
    double *rise = kl_arena_doubles(mem, n);
    if (!rise) return kl_fail_nomem(err);
    const double least = kl_fit_get_summary(s->fit).value;
    double height = 0;
    for (size_t k = 0; k < n; k++) {
        rise[k] = objective[k] - least;
        if (isfinite(rise[k])) height = fmax(height, rise[k]);
    }
    if (!(height > 0)) height = 1;
    double lo = x[0], hi = x[n - 1];
    for (size_t kind = 0; kind < 3; kind++) { /* room for the other intervals, not too much */
        double from, to;
        interval_of(parameter, kind, &from, &to);
        const double beyond = (x[n - 1] - x[0]) / 2;
        if (isfinite(from)) lo = fmin(lo, fmax(from, x[0] - beyond));
        if (isfinite(to)) hi = fmax(hi, fmin(to, x[n - 1] + beyond));
    }
    p->x = kl_axis_around(lo, hi, false, 0.06);
    p->x.title = parameter->unit ? parameter->unit : "";
    p->y = kl_axis_around(-0.32 * height, 1.05 * height, false, 0);
    p->y.title = p->left < CELL_WIDTH ? "rise" : "";
    p->head = parameter->name;
    kl_panel_begin(p);
    kl_panel_line(p, "zero", (kl_xy){p->x.lo, 0}, (kl_xy){p->x.hi, 0});
    kl_panel_line(p, "guide", (kl_xy){parameter->value, p->y.lo},
                  (kl_xy){parameter->value, p->y.hi});
    if (!isnan(parameter->profile_lo) && !isnan(parameter->profile_hi)) {
        const double ends[2] = {fmax(parameter->profile_lo, p->x.lo),
                                fmin(parameter->profile_hi, p->x.hi)};
        const double from[2] = {0, 0}, to[2] = {p->y.hi, p->y.hi};
        kl_panel_band(p, KL_VERMILION, 2, ends, from, to);
    }
    kl_panel_curve(p, "curve", KL_VERMILION, n, x, rise);
    draw_intervals(p, parameter, height);
    kl_panel_end(p);
    return KL_OK;
}

static void draw_legend(kl_svg *g)
{
    kl_legend legend = {.svg = g, .left = 66};
    for (size_t kind = 0; kind < 3; kind++) {
        legend.top = 16;
        kl_legend_add(&legend, KL_KEY_CURVE, kinds[kind].colour, kinds[kind].name);
        legend.left += 60 + kl_svg_text_width(kinds[kind].name, 12);
    }
}

static kl_status draw(kl_svg *g, const kl_study *s, kl_arena *mem, kl_error *err)
{
    size_t n = 0, left_out = 0;
    const double *x, *objective;
    kl_status status = KL_OK;
    draw_legend(g);
    for (size_t i = 0; i < kl_fit_get_n_parameters(s->fit) && !status; i++) {
        if (kl_fit_get_profile(s->fit, i, &x, &objective) < 3) continue;
        if (n == MAX_PANELS) {
            left_out++;
            continue;
        }
        kl_panel p = {.svg = g,
                      .left = 66 + (double)(n % COLUMNS) * CELL_WIDTH,
                      .top = LEGEND + 26 + (double)(n / COLUMNS) * CELL_HEIGHT,
                      .width = CELL_WIDTH - 78,
                      .height = CELL_HEIGHT - 84};
        n++;
        status = draw_one(&p, s, i, mem, err);
    }
    g->width = COLUMNS * CELL_WIDTH + 10;
    g->height = LEGEND + CELL_HEIGHT * (double)((n + COLUMNS - 1) / COLUMNS) + 6;
    kl_text_addf(&g->about, "The objective's rise over its least value as one parameter is "
                            "held and the others are fitted again. A curve that stays flat "
                            "to one side means that the data do not bound the parameter "
                            "there. Shaded: the profile interval; bars: the three kinds of "
                            "interval at %s %%.",
                 kl_format(100 * kl_fit_get_summary(s->fit).level, 3).s);
    if (left_out) kl_text_addf(&g->about, " %zu more parameters are not drawn.", left_out);
    return status;
}

const kl_figure kl_figure_profiles = {
    .name = "profiles", .title = "Profile curves", .applies = applies, .draw = draw};

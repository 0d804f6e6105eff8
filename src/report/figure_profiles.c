/* figure_profiles.c - how the objective rises as each parameter is moved off its
 * optimum, the others following; with the three kinds of interval below. */
#include "report/figure.h"

#include "base/fail.h"
#include "report/rounding.h"
#include "report/style.h"

#include <math.h>
#include <stdio.h>

enum {
    COLUMNS = 3,
    MAX_PANELS = 12,
    CELL_WIDTH = 250,
    CELL_HEIGHT = 240,
    LEGEND = 26,
    STRIP = 34
};

static const struct {
    const char *name;
    uint32_t colour;
} kinds[] = {
    {"bootstrap", KL_BLUE}, {"profile", KL_VERMILION}, {"curvature", KL_GREEN}};

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

/* The strip below the curve: one bar for each kind of interval. */
static void draw_intervals(const kl_panel *p, const kl_fit_parameter *parameter)
{
    kl_panel_begin(p);
    for (size_t kind = 0; kind < 3; kind++) {
        double lo, hi;
        interval_of(parameter, kind, &lo, &hi);
        if (isnan(lo) || isnan(hi)) continue;
        const double ends[2] = {fmax(lo, p->x.lo), fmin(hi, p->x.hi)};
        const double at[2] = {3 - (double)kind, 3 - (double)kind};
        kl_panel_curve(p, "bar", kinds[kind].colour, 2, ends, at);
    }
    kl_panel_line(p, "guide", (kl_xy){parameter->value, p->y.lo},
                  (kl_xy){parameter->value, p->y.hi});
    kl_panel_end(p);
}

static void draw_curve(const kl_panel *p, const kl_fit_parameter *parameter, size_t n,
                       const double *x, const double *rise)
{
    kl_panel_begin(p);
    if (!isnan(parameter->profile_lo) && !isnan(parameter->profile_hi)) {
        const double ends[2] = {fmax(parameter->profile_lo, p->x.lo),
                                fmin(parameter->profile_hi, p->x.hi)};
        const double from[2] = {0, 0}, to[2] = {p->y.hi, p->y.hi};
        kl_panel_band(p, KL_VERMILION, 2, ends, from, to);
    }
    kl_panel_line(p, "guide", (kl_xy){parameter->value, p->y.lo},
                  (kl_xy){parameter->value, p->y.hi});
    kl_panel_curve(p, "curve", KL_VERMILION, n, x, rise);
    kl_panel_end(p);
}

/* Over the curve, and what of the other intervals is not too far out. */
static kl_axis axis_of(const kl_fit_parameter *parameter, double from, double to)
{
    const double beyond = (to - from) / 2;
    double lo = from, hi = to;
    for (size_t kind = 0; kind < 3; kind++) {
        double end_lo, end_hi;
        interval_of(parameter, kind, &end_lo, &end_hi);
        if (isfinite(end_lo)) lo = fmin(lo, fmax(end_lo, from - beyond));
        if (isfinite(end_hi)) hi = fmax(hi, fmin(end_hi, to + beyond));
    }
    kl_axis axis = kl_axis_around(lo, hi, false, 0.06);
    axis.count = kl_format_is_count(parameter->unit);
    axis.title = parameter->unit ? parameter->unit : "";
    return axis;
}

/* `place` is where the panel stands; curve above, intervals below. */
static kl_status draw_one(const kl_panel *place, const kl_study *s, size_t i,
                          kl_arena *mem, kl_error *err)
{
    const double *x, *objective;
    const size_t n = kl_fit_get_profile(s->fit, i, &x, &objective);
    const kl_fit_parameter *parameter = kl_fit_get_parameter(s->fit, i);
    const double least = kl_fit_get_summary(s->fit).value;
    double *rise = kl_arena_doubles(mem, n), height = 0;
    if (!rise) return kl_fail_nomem(err);
    for (size_t k = 0; k < n; k++) {
        rise[k] = objective[k] - least;
        if (isfinite(rise[k])) height = fmax(height, rise[k]);
    }
    kl_panel curve = *place, strip = *place;
    curve.head = parameter->name;
    curve.height -= STRIP;
    strip.top += curve.height;
    strip.height = STRIP;
    curve.x = strip.x = axis_of(parameter, x[0], x[n - 1]);
    curve.x.bare = true;
    curve.x.title = "";
    curve.y = kl_axis_around(0, height > 0 ? 1.05 * height : 1, false, 0);
    curve.y.title = place->left < CELL_WIDTH ? "rise" : "";
    strip.y = (kl_axis){.lo = 0, .hi = 4, .bare = true, .title = ""};
    draw_curve(&curve, parameter, n, x, rise);
    draw_intervals(&strip, parameter);
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
    kl_text_addf(&g->about,
                 "The objective's rise over its least value as one parameter is "
                 "held and the others are fitted again. A curve that stays flat "
                 "to one side means that the data do not bound the parameter "
                 "there. Shaded: the profile interval; bars: the three kinds of "
                 "interval at %s %%.",
                 kl_format(100 * kl_fit_get_summary(s->fit).level, 3).s);
    if (left_out)
        kl_text_addf(&g->about, " %zu more parameters are not drawn.", left_out);
    return status;
}

const kl_figure kl_figure_profiles = {
    .name = "profiles", .title = "Profile curves", .applies = applies, .draw = draw};

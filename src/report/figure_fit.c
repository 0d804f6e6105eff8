/* figure_fit.c - the data and the fitted curve, with the parameters' uncertainty. */
#include "report/figure.h"

#include "base/fail.h"
#include "report/rounding.h"
#include "report/scatter.h"
#include "report/style.h"

#include <math.h>
#include <stdio.h>

enum { CURVE_POINTS = 121, MAX_CURVES = 5 };

/* One curve: the law along x at a value of the second input or at a level. */
typedef struct curve {
    double y;      /* NaN: the median */
    int32_t level; /* -1: the commonest */
    uint32_t colour;
} curve;

static bool applies(const kl_study *s)
{
    if (!s->n_points) return s->n_inputs == 1;
    return s->n_inputs > 0 && s->inputs[s->x].varies;
}

static kl_status draw_curve(const kl_panel *p, const kl_study *s, const curve *c,
                            kl_arena *mem, kl_error *err)
{
    kl_probe probe;
    kl_band band;
    kl_status status = kl_probe_new(&probe, s, CURVE_POINTS, mem, err);
    if (status) return status;
    double *x = probe.inputs[s->x];
    /* beyond the data only on logarithmic axes: a fraction must not pass 0 or 1 */
    const kl_span *span = &s->inputs[s->x];
    kl_span_fill(x, CURVE_POINTS, p->x.log ? p->x.lo : span->lo,
                 p->x.log ? p->x.hi : span->hi, p->x.log);
    for (size_t i = 0; i < CURVE_POINTS; i++) {
        if (!isnan(c->y)) probe.inputs[s->y][i] = c->y;
        if (c->level >= 0) probe.codes[0][i] = c->level;
    }
    status = kl_probe_band(&band, s, &probe, mem, err);
    if (status) return status;
    if (band.lo) kl_panel_band(p, c->colour, CURVE_POINTS, x, band.lo, band.hi);
    kl_panel_curve(p, "curve", c->colour, CURVE_POINTS, x, band.mid);
    return KL_OK;
}

/* Values of the second input for the curves: all of a few, else spread out. */
static kl_status choose_values(double *values, size_t *n, const kl_study *s,
                               kl_arena *mem, kl_error *err)
{
    double *sorted = kl_arena_array(mem, s->n_points, sizeof *sorted);
    if (!sorted) return kl_fail_nomem(err);
    for (size_t k = 0; k < s->n_points; k++) sorted[k] = kl_study_input(s, k, s->y);
    kl_sort(sorted, s->n_points);
    size_t distinct = 0;
    for (size_t k = 0; k < s->n_points; k++)
        distinct += k == 0 || sorted[k] > sorted[k - 1] * (1 + 1e-9);
    *n = 0;
    for (size_t k = 0; k < s->n_points && distinct <= MAX_CURVES; k++)
        if (k == 0 || sorted[k] > sorted[k - 1] * (1 + 1e-9))
            values[(*n)++] = sorted[k];
    for (size_t i = 0; i < MAX_CURVES && distinct > MAX_CURVES; i++) {
        const double at = 0.05 + 0.9 * (double)i / (MAX_CURVES - 1);
        const double value = sorted[(size_t)(at * (double)(s->n_points - 1))];
        if (!*n || value > values[*n - 1]) values[(*n)++] = value;
    }
    return KL_OK;
}

static kl_status choose_curves(curve **out, size_t *n, const kl_study *s,
                               const kl_scatter *how, kl_arena *mem, kl_error *err)
{
    double values[MAX_CURVES];
    *n = how->by == KL_BY_LEVEL ? how->n_levels : 1;
    if (how->by == KL_BY_SCALE) {
        const kl_status status = choose_values(values, n, s, mem, err);
        if (status) return status;
    }
    curve *curves = *out = kl_arena_array(mem, *n, sizeof *curves);
    if (!curves) return kl_fail_nomem(err);
    for (size_t i = 0; i < *n; i++) {
        curves[i] = (curve){.y = NAN, .level = -1, .colour = KL_BLUE};
        if (how->by == KL_BY_LEVEL) {
            curves[i].level = (int32_t)i;
            curves[i].colour = kl_style_category(i, *n);
        }
        if (how->by == KL_BY_SCALE) {
            curves[i].y = values[i];
            curves[i].colour = kl_style_viridis(kl_axis_place(&how->scale, values[i]));
        }
    }
    return KL_OK;
}

static void draw_legend(kl_svg *g, const kl_panel *p, const kl_study *s,
                        const kl_scatter *how)
{
    kl_legend legend = {.svg = g, .left = p->left + p->width + 22, .top = p->top + 12};
    const bool plain = how->by == KL_BY_NOTHING;
    const uint32_t colour = plain ? KL_BLUE : KL_GREY;
    if (s->n_points)
        kl_legend_add(&legend, KL_KEY_DOT, plain ? 0x333333 : colour, "runs");
    kl_legend_add(&legend, KL_KEY_CURVE, colour, "fitted law");
    if (s->n_draws) kl_legend_add_interval(&legend, KL_KEY_BAND, colour, s->level);
    legend.top += 10;
    kl_scatter_legend(&legend, s, how);
    if (how->by == KL_BY_SCALE) kl_legend_add_scale(&legend, &how->scale, 190);
}

static void describe(kl_text *t, const kl_study *s, const kl_scatter *how,
                     const bool *shown)
{
    const char *x = s->inputs[s->x].name;
    if (s->n_points) kl_text_addf(t, "Runs (%zu dots) and the law", s->n_points);
    if (!s->n_points) kl_text_add(t, "The law");
    kl_text_addf(t, " (%s): %s against %s",
                 how->by == KL_BY_NOTHING ? "curve" : "curves", s->target.name, x);
    if (how->by == KL_BY_SCALE)
        kl_text_addf(t,
                     ", one curve for each of several values of %s, which colours the "
                     "runs too",
                     s->inputs[s->y].name);
    if (how->by == KL_BY_LEVEL)
        kl_text_addf(t, ", coloured by %s", kl_law_get_index(s->law, how->index));
    kl_text_add(t, ".");
    kl_study_tell_hidden(t, s, shown, how->by == KL_BY_LEVEL);
    if (s->n_draws)
        kl_text_addf(t,
                     " Bands hold the law's value in %s %% of %zu bootstrap draws "
                     "(uncertainty of the parameters, without the noise of a run).",
                     kl_format(100 * s->level, 3).s, s->n_draws);
}

/* Around the runs; without any, around the law over its usual range. */
static kl_status make_axes(kl_panel *p, const kl_study *s, const double *y,
                           kl_arena *mem, kl_error *err)
{
    double lo = HUGE_VAL, hi = -HUGE_VAL;
    p->x = kl_span_axis(&s->inputs[s->x], s->has_pair ? 0.05 : 0.12, NAN);
    for (size_t k = 0; k < s->n_points; k++) {
        lo = fmin(lo, y[k]);
        hi = fmax(hi, y[k]);
    }
    p->y = kl_axis_around(lo, hi, s->target.log && lo > 0, 0.08);
    p->y.title = s->target.title;
    if (s->n_points) return KL_OK;
    kl_probe probe;
    kl_band band;
    kl_status status = kl_probe_new(&probe, s, 2, mem, err);
    if (status) return status;
    probe.inputs[s->x][0] = p->x.lo;
    probe.inputs[s->x][1] = p->x.hi;
    status = kl_probe_band(&band, s, &probe, mem, err);
    if (status) return status;
    lo = fmin(band.mid[0], band.mid[1]);
    hi = fmax(band.mid[0], band.mid[1]);
    p->y = kl_axis_around(lo, hi, s->target.log && lo > 0, 0.08);
    p->y.title = s->target.title;
    return KL_OK;
}

static kl_status draw(kl_svg *g, const kl_study *s, kl_arena *mem, kl_error *err)
{
    kl_scatter how = kl_scatter_by_level(s);
    double *x = kl_arena_array(mem, s->n_points, sizeof *x);
    double *y = kl_arena_array(mem, s->n_points, sizeof *y);
    double *second = kl_arena_array(mem, s->n_points, sizeof *second);
    bool *shown = kl_arena_array(mem, s->n_inputs, sizeof *shown);
    if (!x || !y || !second || !shown) return kl_fail_nomem(err);
    for (size_t k = 0; k < s->n_points; k++) {
        x[k] = kl_study_input(s, k, s->x);
        second[k] = kl_study_input(s, k, s->y);
    }
    if (how.by == KL_BY_NOTHING && s->has_pair) {
        how = (kl_scatter){.by = KL_BY_SCALE, .value = second};
        how.scale = kl_span_axis(&s->inputs[s->y], 0, NAN);
    }
    g->width = 760;
    g->height = 440;
    kl_panel p = {.svg = g, .left = 78, .top = 16, .width = 500, .height = 364};
    curve *curves;
    size_t n_curves;
    shown[s->x] = true;
    if (how.by == KL_BY_SCALE) shown[s->y] = true;
    kl_status status = kl_study_adjust(y, s, shown, how.by == KL_BY_LEVEL, err);
    if (!status) status = make_axes(&p, s, y, mem, err);
    if (!status) status = choose_curves(&curves, &n_curves, s, &how, mem, err);
    if (status) return status;
    kl_panel_begin(&p);
    if (how.by == KL_BY_SCALE) kl_scatter_draw(&p, s, &how, x, y);
    for (size_t i = 0; i < n_curves && !status; i++)
        status = draw_curve(&p, s, &curves[i], mem, err);
    if (how.by != KL_BY_SCALE) kl_scatter_draw(&p, s, &how, x, y);
    kl_panel_end(&p);
    draw_legend(g, &p, s, &how);
    describe(&g->about, s, &how, shown);
    return status;
}

const kl_figure kl_figure_fit = {
    .name = "fit", .title = "Data and fitted law", .applies = applies, .draw = draw};

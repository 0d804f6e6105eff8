/* figure_observed.c - each run's observed target against the fitted one. */
#include "report/figure.h"

#include "base/fail.h"
#include "report/rounding.h"
#include "report/scatter.h"

#include <math.h>
#include <stdio.h>

static bool applies(const kl_study *s)
{
    return s->n_points > 0;
}

static kl_axis axis_of(const kl_study *s, const double *a, const double *b)
{
    double lo = HUGE_VAL, hi = -HUGE_VAL;
    for (size_t k = 0; k < s->n_points; k++) {
        lo = fmin(lo, fmin(a[k], b[k]));
        hi = fmax(hi, fmax(a[k], b[k]));
    }
    return kl_axis_around(lo, hi, s->target.log && lo > 0, 0.05);
}

static kl_status draw(kl_svg *g, const kl_study *s, kl_arena *mem, kl_error *err)
{
    kl_scatter how = kl_scatter_by_level(s);
    double *fitted = kl_arena_array(mem, s->n_points, sizeof *fitted);
    double *observed = kl_arena_array(mem, s->n_points, sizeof *observed);
    double *first = kl_arena_array(mem, s->n_points, sizeof *first);
    if (!fitted || !observed || !first) return kl_fail_nomem(err);
    for (size_t k = 0; k < s->n_points; k++) {
        fitted[k] = kl_fit_get_point_fitted(s->fit, k);
        observed[k] = kl_study_target(s, k);
        first[k] = s->n_inputs ? kl_study_input(s, k, s->x) : 0;
    }
    if (how.by == KL_BY_NOTHING && s->n_inputs && s->inputs[s->x].varies) {
        how = (kl_scatter){.by = KL_BY_SCALE, .value = first};
        how.scale = kl_span_axis(&s->inputs[s->x], 0, NAN);
    }
    char x_title[160], y_title[160];
    snprintf(x_title, sizeof x_title, "fitted %.140s", s->target.title);
    snprintf(y_title, sizeof y_title, "observed %.140s", s->target.title);
    g->width = 760;
    g->height = 480;
    kl_panel p = {.svg = g, .left = 78, .top = 16, .width = 404, .height = 404};
    p.x = p.y = axis_of(s, fitted, observed);
    p.x.title = x_title;
    p.y.title = y_title;
    kl_panel_begin(&p);
    kl_panel_line(&p, "zero", (kl_xy){p.x.lo, p.x.lo}, (kl_xy){p.x.hi, p.x.hi});
    kl_scatter_draw(&p, s, &how, fitted, observed);
    kl_panel_end(&p);
    kl_legend legend = {.svg = g, .left = p.left + p.width + 24, .top = p.top + 12};
    kl_scatter_legend(&legend, s, &how);
    if (how.by == KL_BY_SCALE) kl_legend_add_scale(&legend, &how.scale, 190);
    const double sd = kl_fit_get_summary(s->fit).residual_sd;
    kl_text_addf(&g->about,
                 "Observed against fitted %s of %zu runs; on the line they are "
                 "equal. The residuals' standard deviation is %s",
                 s->target.name, s->n_points,
                 kl_format(s->target.log ? 100 * sd : sd, 3).s);
    kl_text_addf(&g->about, "%s.", s->target.log ? " %" : "");
    return KL_OK;
}

const kl_figure kl_figure_observed = {.name = "observed",
                                      .title = "Observed against fitted",
                                      .applies = applies,
                                      .draw = draw};

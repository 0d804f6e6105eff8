/* figure_residuals.c - residuals against the fitted value and each input, and
 * against the quantiles of a normal distribution. */
#include "report/figure.h"

#include "base/fail.h"
#include "report/rounding.h"
#include "report/scatter.h"
#include "report/style.h"

#include <math.h>
#include <stdio.h>

enum { MAX_INPUTS = 4, WIDTH = 760, CELL_HEIGHT = 256 };

static bool applies(const kl_study *s)
{
    return s->n_points > 2;
}

/* Quantile of the standard normal; Acklam's rational form, relative error 1.2e-9. */
static double normal_quantile(double p)
{
    static const double a[] = {-3.969683028665376e+01, 2.209460984245205e+02,
                               -2.759285104469687e+02, 1.383577518672690e+02,
                               -3.066479806614716e+01, 2.506628277459239e+00};
    static const double b[] = {-5.447609879822406e+01, 1.615858368580409e+02,
                               -1.556989798598866e+02, 6.680131188771972e+01,
                               -1.328068155288572e+01};
    static const double c[] = {-7.784894002430293e-03, -3.223964580411365e-01,
                               -2.400758277161838e+00, -2.549732539343734e+00,
                               4.374664141464968e+00,  2.938163982698783e+00};
    static const double d[] = {7.784695709041462e-03, 3.224671290700398e-01,
                               2.445134137142996e+00, 3.754408661907416e+00};
    if (p > 0.5) return -normal_quantile(1 - p);
    if (p < 0.02425) {
        const double q = sqrt(-2 * log(p));
        return (((((c[0] * q + c[1]) * q + c[2]) * q + c[3]) * q + c[4]) * q + c[5]) /
               ((((d[0] * q + d[1]) * q + d[2]) * q + d[3]) * q + 1);
    }
    const double q = p - 0.5, r = q * q;
    return (((((a[0] * r + a[1]) * r + a[2]) * r + a[3]) * r + a[4]) * r + a[5]) * q /
           (((((b[0] * r + b[1]) * r + b[2]) * r + b[3]) * r + b[4]) * r + 1);
}

/* Objective's threshold on the residual scale; 0 if the objective has none. */
static double threshold(const kl_study *s)
{
    const kl_fit_summary sum = kl_fit_get_summary(s->fit);
    if (sum.objective == KL_OBJECTIVE_HUBER_MLE) return sum.delta * exp(sum.ln_s);
    const bool huber =
        sum.objective == KL_OBJECTIVE_HUBER || sum.objective == KL_OBJECTIVE_ASYMMETRIC;
    return huber ? sum.delta : 0;
}

typedef struct residuals {
    double *r; /* in percent on a log scale */
    double largest, threshold;
    size_t n_within; /* the threshold */
    size_t n_panels;
} residuals;

/* Panel i, in two columns or three; only the leftmost have a title beside them. */
static kl_panel cell(kl_svg *g, const kl_study *s, const residuals *res, size_t i)
{
    const size_t n_columns = res->n_panels == 4 ? 2 : 3;
    const double step = 728 / (double)n_columns;
    const size_t row = i / n_columns;
    kl_panel p = {.svg = g,
                  .left = 76 + (double)(i % n_columns) * step,
                  .top = 14 + (double)row * CELL_HEIGHT,
                  .width = step - 62,
                  .height = CELL_HEIGHT - 76};
    p.y = kl_axis_around(-res->largest, res->largest, false, 0.06);
    if (i % n_columns == 0)
        p.y.title = kl_study_is_log(s) ? "ln fitted \xe2\x88\x92 ln observed (%)"
                                       : "fitted \xe2\x88\x92 observed";
    g->width = WIDTH;
    g->height = fmax(g->height, CELL_HEIGHT * (double)(row + 1));
    return p;
}

static void draw_against(const kl_panel *p, const kl_study *s, const residuals *res,
                         const double *x)
{
    const kl_scatter how = kl_scatter_by_level(s);
    kl_panel_begin(p);
    if (res->threshold > 0 && res->threshold < res->largest) {
        const double ends[2] = {p->x.lo, p->x.hi};
        const double lo[2] = {-res->threshold, -res->threshold};
        const double hi[2] = {res->threshold, res->threshold};
        kl_panel_band(p, KL_ORANGE, 2, ends, lo, hi);
    }
    kl_panel_line(p, "zero", (kl_xy){p->x.lo, 0}, (kl_xy){p->x.hi, 0});
    kl_scatter_draw(p, s, &how, x, res->r);
    kl_panel_end(p);
}

static kl_status draw_quantiles(kl_panel *p, const kl_study *s, const residuals *res,
                                kl_arena *mem, kl_error *err)
{
    const size_t n = s->n_points;
    double *sorted = kl_arena_doubles(mem, n);
    if (!sorted) return kl_fail_nomem(err);
    for (size_t k = 0; k < n; k++) sorted[k] = res->r[k];
    kl_sort(sorted, n);
    const double widest = normal_quantile(1 - 0.5 / (double)n);
    /* the line through the quartiles: outliers do not move it */
    const double slope =
        (sorted[3 * n / 4] - sorted[n / 4]) / (2 * normal_quantile(0.75));
    const double middle = sorted[n / 2];
    p->x = kl_axis_around(-widest, widest, false, 0.06);
    p->x.title = "normal quantile";
    kl_panel_begin(p);
    kl_panel_line(p, "zero", (kl_xy){p->x.lo, middle + slope * p->x.lo},
                  (kl_xy){p->x.hi, middle + slope * p->x.hi});
    kl_svg_dots_begin(p->svg);
    for (size_t k = 0; k < n; k++) {
        const double at = normal_quantile(((double)k + 0.5) / (double)n);
        kl_svg_dots_add(p->svg, kl_panel_at(p, at, sorted[k]));
    }
    kl_svg_dots_end(p->svg, "data", n > 1000 ? 3 : 5, KL_BLUE);
    kl_panel_end(p);
    return KL_OK;
}

static kl_status collect(residuals *res, const kl_study *s, kl_arena *mem,
                         kl_error *err)
{
    const bool log = kl_study_is_log(s);
    const double unit = log ? 100 : 1;
    res->r = kl_arena_doubles(mem, s->n_points);
    if (!res->r) return kl_fail_nomem(err);
    res->n_panels = 2; /* against the fitted value, against normal quantiles */
    for (size_t i = 0; i < s->n_inputs && res->n_panels < 2 + MAX_INPUTS; i++)
        res->n_panels += s->inputs[i].varies;
    res->threshold = unit * threshold(s);
    for (size_t k = 0; k < s->n_points; k++) {
        res->r[k] = unit * kl_study_residual(s, k);
        if (fabs(res->r[k]) > res->largest) res->largest = fabs(res->r[k]);
        if (fabs(res->r[k]) <= res->threshold) res->n_within++;
    }
    if (!(res->largest > 0)) res->largest = 1;
    return KL_OK;
}

static void describe(kl_text *t, const kl_study *s, const residuals *res)
{
    kl_text_addf(t,
                 "Residuals of %zu runs against the fitted value, each input and the "
                 "quantiles of a normal distribution (line through the quartiles). A "
                 "pattern along an axis means that the law misses something there.",
                 s->n_points);
    if (res->threshold > 0)
        kl_text_addf(
            t,
            " The objective is quadratic within \xc2\xb1%s%s (shaded if it can "
            "be seen; %zu runs) and linear beyond.",
            kl_format(res->threshold, 2).s, kl_study_is_log(s) ? " %" : "",
            res->n_within);
}

static kl_status draw(kl_svg *g, const kl_study *s, kl_arena *mem, kl_error *err)
{
    residuals res = {0};
    double *x = kl_arena_doubles(mem, s->n_points);
    kl_status status = collect(&res, s, mem, err);
    if (!x) status = kl_fail_nomem(err);
    if (status) return status;
    char title[160];
    snprintf(title, sizeof title, "fitted %.140s", s->target.title);
    kl_panel p = cell(g, s, &res, 0);
    for (size_t k = 0; k < s->n_points; k++) x[k] = kl_fit_get_point_fitted(s->fit, k);
    p.x = kl_span_axis(&s->target, 0.05, NAN);
    p.x.title = title;
    draw_against(&p, s, &res, x);
    for (size_t i = 0, n = 1; n + 1 < res.n_panels; i++) {
        if (!s->inputs[i].varies) continue;
        p = cell(g, s, &res, n++);
        for (size_t k = 0; k < s->n_points; k++) x[k] = kl_study_input(s, k, i);
        p.x = kl_span_axis(&s->inputs[i], 0.05, NAN);
        draw_against(&p, s, &res, x);
    }
    p = cell(g, s, &res, res.n_panels - 1);
    status = draw_quantiles(&p, s, &res, mem, err);
    describe(&g->about, s, &res);
    return status;
}

const kl_figure kl_figure_residuals = {
    .name = "residuals", .title = "Residuals", .applies = applies, .draw = draw};

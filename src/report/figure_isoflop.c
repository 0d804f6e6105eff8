/* figure_isoflop.c - the law along lines of constant cost, with its minima. */
#include "report/figure.h"

#include "base/fail.h"
#include "report/rounding.h"
#include "report/slice.h"
#include "report/style.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { MAX_BUDGETS = 9 };

typedef struct slices {
    size_t n, n_data; /* the plan's is the last, if n > n_data */
    double near;
    kl_slice slice[MAX_BUDGETS + 1];
    double *cost;   /* of each point */
    double *target; /* of each point, for the inputs held */
    bool *shown;    /* inputs: the pair */
} slices;

static bool applies(const kl_study *s)
{
    return s->cost && s->has_pair;
}

static bool is_near(const slices *all, size_t k, const kl_slice *slice)
{
    return fabs(log(all->cost[k] / slice->budget)) <= all->near;
}

static kl_status make_slices(slices *all, const kl_study *s, kl_arena *mem,
                             kl_error *err)
{
    double budgets[MAX_BUDGETS + 1];
    all->cost = kl_arena_array(mem, s->n_points, sizeof *all->cost);
    all->target = kl_arena_array(mem, s->n_points, sizeof *all->target);
    all->shown = kl_arena_array(mem, s->n_inputs, sizeof *all->shown);
    if (!all->cost || !all->target || !all->shown) return kl_fail_nomem(err);
    all->shown[s->x] = all->shown[s->y] = true;
    kl_status status =
        kl_slice_budgets(budgets, MAX_BUDGETS, &all->n_data, &all->near, s, err);
    if (!status) status = kl_slice_costs(all->cost, s, err);
    if (!status) status = kl_study_adjust(all->target, s, all->shown, false, err);
    size_t kept = 0;
    for (size_t i = 0; i < all->n_data;
         i++) /* the plan's own curve stands for its budget */
        if (!(fabs(log(budgets[i] / s->plan_budget)) < all->near))
            budgets[kept++] = budgets[i];
    all->n = all->n_data = kept;
    if (!isnan(s->plan_budget)) budgets[all->n++] = s->plan_budget;
    for (size_t i = 0; i < all->n && !status; i++)
        status = kl_slice_make(&all->slice[i], s, budgets[i], mem, err);
    return status;
}

static void include(double *lo, double *hi, double value)
{
    if (!isfinite(value)) return;
    *lo = fmin(*lo, value);
    *hi = fmax(*hi, value);
}

/* Axes that hold the runs near a budget, the minima and some of each curve's arms. */
static void make_axes(kl_panel *p, const slices *all, const kl_study *s)
{
    double x_lo = HUGE_VAL, x_hi = -HUGE_VAL, y_lo = HUGE_VAL, y_hi = -HUGE_VAL;
    for (size_t i = 0; i < all->n; i++) {
        const kl_optimum *best = &all->slice[i].best;
        include(&x_lo, &x_hi, best->x / 4);
        include(&x_lo, &x_hi, best->x * 4);
        include(&y_lo, &y_hi, best->value);
        include(&y_lo, &y_hi, best->value * (s->target.log ? 1.06 : 1));
        for (size_t k = 0; k < s->n_points; k++) {
            if (i >= all->n_data || !is_near(all, k, &all->slice[i])) continue;
            include(&x_lo, &x_hi, kl_study_input(s, k, s->x));
            include(&y_lo, &y_hi, all->target[k]);
        }
    }
    p->x = kl_axis_around(x_lo, x_hi, true, 0.04);
    p->x.title = s->inputs[s->x].title;
    p->x.count = s->inputs[s->x].count;
    p->y = kl_axis_around(y_lo, y_hi, s->target.log && y_lo > 0, 0.05);
    p->y.title = s->target.title;
}

static uint32_t colour_of(const slices *all, size_t i)
{
    if (i >= all->n_data) return KL_VERMILION;
    return kl_style_viridis(all->n_data > 1 ? (double)i / (double)(all->n_data - 1)
                                            : 0.4);
}

static void draw_points(const kl_panel *p, const slices *all, size_t i,
                        const kl_study *s, bool rim)
{
    size_t n = 0;
    for (size_t k = 0; k < s->n_points; k++) n += is_near(all, k, &all->slice[i]);
    if (!n) return;
    kl_svg_dots_begin(p->svg);
    for (size_t k = 0; k < s->n_points; k++)
        if (is_near(all, k, &all->slice[i]))
            kl_svg_dots_add(p->svg,
                            kl_panel_at(p, kl_study_input(s, k, s->x), all->target[k]));
    kl_svg_dots_end(p->svg, rim ? "rim" : "data", rim ? 7.6 : 6,
                    rim ? KL_NO_COLOUR : colour_of(all, i));
}

static void draw_minimum(const kl_panel *p, const kl_optimum *best, bool plan)
{
    if (isnan(best->x)) return;
    const kl_xy at = kl_panel_at(p, best->x, best->value);
    if (!isnan(best->x_lo)) {
        const kl_xy from = kl_panel_at(p, best->x_lo, best->value);
        const kl_xy to = kl_panel_at(p, best->x_hi, best->value);
        kl_svg_line(p->svg, "interval", from, to);
    }
    kl_svg_mark(p->svg, plan ? KL_MARK_STAR : KL_MARK_DIAMOND, at, plan ? 9 : 5.5,
                plan ? KL_VERMILION : 0x111111);
}

static void draw_legend(kl_svg *g, const kl_panel *p, const slices *all,
                        const kl_study *s)
{
    kl_legend legend = {.svg = g, .left = p->left + p->width + 22, .top = p->top + 12};
    kl_legend_add(&legend, KL_KEY_NONE, 0, "cost (FLOP)");
    for (size_t i = 0; i < all->n; i++) {
        kl_label label =
            kl_format_label(all->slice[i].budget, i < all->n_data ? 2 : 3, false);
        if (i >= all->n_data) snprintf(label.tail, sizeof label.tail, "\xc2\xa0(plan)");
        kl_legend_add_label(&legend, i < all->n_data ? KL_KEY_CURVE : KL_KEY_DASHED,
                            colour_of(all, i), &label);
    }
    legend.top += 10;
    kl_legend_add(&legend, KL_KEY_DIAMOND, 0x111111, "minimum");
    if (all->n > all->n_data) kl_legend_add(&legend, KL_KEY_STAR, KL_VERMILION, "plan");
    if (s->n_points) kl_legend_add(&legend, KL_KEY_DOT, KL_GREY, "runs near a budget");
    if (s->n_draws) kl_legend_add_interval(&legend, KL_KEY_CURVE, 0x111111, s->level);
}

static void describe(kl_text *t, const slices *all, const kl_study *s)
{
    const char *x = s->inputs[s->x].name;
    kl_text_addf(
        t, "Curves of %s against %s at constant cost %s; diamonds mark their minima",
        s->target.name, x, s->cost_text);
    if (s->n_draws)
        kl_text_addf(t,
                     ", bars these minima's %s %% intervals over the bootstrap draws",
                     kl_format(100 * s->level, 3).s);
    kl_text_add(t, ".");
    if (s->n_points)
        kl_text_addf(t, " Runs are shown that cost within %s %% of a budget.",
                     kl_format(100 * (exp(all->near) - 1), 2).s);
    kl_study_tell_hidden(t, s, all->shown, false);
    kl_text_add(t, " Minima:");
    for (size_t i = 0; i < all->n; i++) {
        const kl_optimum *best = &all->slice[i].best;
        if (isnan(best->x)) continue;
        kl_text_addf(t, "%s %s = %s at %s", i ? ";" : "", x,
                     kl_format_count(best->x, 3).s, kl_format(best->budget, 3).s);
    }
    kl_text_add(t, ".");
}

static kl_status draw(kl_svg *g, const kl_study *s, kl_arena *mem, kl_error *err)
{
    slices *all = kl_arena_alloc(mem, sizeof *all);
    if (!all) return kl_fail_nomem(err);
    const kl_status status = make_slices(all, s, mem, err);
    if (status) return status;
    g->width = 760;
    g->height = 480;
    kl_panel p = {.svg = g, .left = 78, .top = 16, .width = 500, .height = 404};
    make_axes(&p, all, s);
    kl_panel_begin(&p);
    for (size_t i = 0; i < all->n; i++)
        kl_panel_curve(&p, i < all->n_data ? "curve" : "dashed", colour_of(all, i),
                       all->slice[i].n, all->slice[i].x, all->slice[i].value);
    for (size_t i = 0; i < all->n_data; i++) {
        draw_points(&p, all, i, s, true);
        draw_points(&p, all, i, s, false);
    }
    for (size_t i = 0; i < all->n; i++)
        draw_minimum(&p, &all->slice[i].best, i >= all->n_data);
    kl_panel_end(&p);
    draw_legend(g, &p, all, s);
    describe(&g->about, all, s);
    return KL_OK;
}

const kl_figure kl_figure_isoflop = {.name = "isoflop",
                                     .title = "Slices at constant cost (isoFLOP)",
                                     .applies = applies,
                                     .draw = draw};

/* figure_draws.c - how the parameters vary together over the bootstrap draws. */
#include "report/figure.h"

#include "base/fail.h"
#include "report/rounding.h"
#include "report/style.h"

#include <math.h>
#include <stdio.h>

enum { MAX_SHOWN = 10, MAX_DOTS = 1000 };

typedef struct draws {
    size_t n, n_draws;
    size_t slot[MAX_SHOWN]; /* free parameters whose draws vary */
    double correlation[MAX_SHOWN][MAX_SHOWN];
} draws;

static bool applies(const kl_study *s)
{
    size_t n_free = 0;
    for (size_t i = 0; i < kl_fit_get_n_parameters(s->fit); i++)
        n_free += !kl_fit_get_parameter(s->fit, i)->fixed;
    return n_free > 1 && kl_fit_get_n_draws(s->fit) > 10;
}

static double mean_of(const kl_fit *fit, size_t slot)
{
    const size_t n = kl_fit_get_n_draws(fit);
    double sum = 0;
    for (size_t b = 0; b < n; b++) sum += kl_fit_get_draw(fit, b)[slot];
    return sum / (double)n;
}

/* Covariance over the draws, up to their number. */
static double product_of(const kl_fit *fit, size_t i, size_t j)
{
    const double mean_i = mean_of(fit, i), mean_j = mean_of(fit, j);
    double sum = 0;
    for (size_t b = 0; b < kl_fit_get_n_draws(fit); b++) {
        const double *draw = kl_fit_get_draw(fit, b);
        sum += (draw[i] - mean_i) * (draw[j] - mean_j);
    }
    return sum;
}

static void correlate(draws *d, const kl_study *s)
{
    for (size_t i = 0; i < kl_fit_get_n_parameters(s->fit) && d->n < MAX_SHOWN; i++) {
        if (kl_fit_get_parameter(s->fit, i)->fixed) continue;
        if (product_of(s->fit, i, i) > 0) d->slot[d->n++] = i;
    }
    for (size_t i = 0; i < d->n; i++)
        for (size_t j = 0; j < d->n; j++) {
            const size_t a = d->slot[i], b = d->slot[j];
            d->correlation[i][j] =
                product_of(s->fit, a, b) /
                sqrt(product_of(s->fit, a, a) * product_of(s->fit, b, b));
        }
}

static const char *name_of(const draws *d, const kl_study *s, size_t i)
{
    return kl_fit_get_parameter(s->fit, d->slot[i])->name;
}

static void draw_map(kl_svg *g, const draws *d, const kl_study *s, double left)
{
    const double side = 240, cell = side / (double)d->n, top = 24;
    kl_svg_text(g, "head", (kl_xy){left, top - 9}, KL_ANCHOR_START, 0, "Correlation");
    for (size_t i = 0; i < d->n; i++) {
        const double y = top + ((double)i + 0.5) * cell;
        kl_svg_text(g, "number", (kl_xy){left - 6, y + 4}, KL_ANCHOR_END, 0,
                    name_of(d, s, i));
        kl_svg_text(g, "number",
                    (kl_xy){left + ((double)i + 0.5) * cell, top + side + 14},
                    KL_ANCHOR_END, -40, name_of(d, s, i));
        for (size_t j = 0; j < d->n; j++) {
            const double r = d->correlation[i][j], x = left + (double)j * cell;
            kl_svg_rect(g, "cell", (kl_xy){x, y - cell / 2}, (kl_xy){cell, cell},
                        kl_style_diverging(0.75 * r));
            if (cell > 26)
                kl_svg_text(g, "number", (kl_xy){x + cell / 2, y + 4}, KL_ANCHOR_MIDDLE,
                            0, kl_format_fixed(r, cell > 38 ? 2 : 1).s);
        }
    }
}

/* Range that holds all but the outermost hundredth on either side. */
static kl_status axis_of(kl_axis *axis, const draws *d, const kl_study *s, size_t i,
                         kl_arena *mem, kl_error *err)
{
    const size_t n = kl_fit_get_n_draws(s->fit);
    const kl_fit_parameter *p = kl_fit_get_parameter(s->fit, d->slot[i]);
    double *values = kl_arena_doubles(mem, n);
    if (!values) return kl_fail_nomem(err);
    for (size_t b = 0; b < n; b++) values[b] = kl_fit_get_draw(s->fit, b)[d->slot[i]];
    kl_sort(values, n);
    const double lo = fmin(values[n / 100], p->value);
    const double hi = fmax(values[n - 1 - n / 100], p->value);
    *axis = kl_axis_around(lo, hi, lo > 0 && hi > 4 * lo, 0.08);
    axis->title = p->name;
    return KL_OK;
}

static kl_status draw_pair(kl_panel *p, const draws *d, const kl_study *s,
                           const size_t pair[2], kl_arena *mem, kl_error *err)
{
    const size_t i = d->slot[pair[0]], j = d->slot[pair[1]];
    kl_status status = axis_of(&p->x, d, s, pair[0], mem, err);
    if (!status) status = axis_of(&p->y, d, s, pair[1], mem, err);
    if (status) return status;
    const size_t n = kl_fit_get_n_draws(s->fit), stride = n / MAX_DOTS + 1;
    const double *theta = kl_fit_get_theta(s->fit);
    kl_panel_begin(p);
    kl_svg_dots_begin(p->svg);
    for (size_t b = 0; b < n; b += stride) {
        const double *draw = kl_fit_get_draw(s->fit, b);
        kl_svg_dots_add(p->svg, kl_panel_at(p, draw[i], draw[j]));
    }
    kl_svg_dots_end(p->svg, "faint", n > 300 ? 3.5 : 5, KL_BLUE);
    kl_svg_mark(p->svg, KL_MARK_DIAMOND, kl_panel_at(p, theta[i], theta[j]), 6.5,
                0x111111);
    kl_panel_end(p);
    return KL_OK;
}

/* The most correlated pair, then the next with a parameter not yet shown, if any. */
static void choose_pairs(size_t pairs[2][2], size_t *n, const draws *d)
{
    bool shown[MAX_SHOWN] = {false};
    for (*n = 0; *n < 2; ++*n) {
        double best = -1;
        for (size_t i = 0; i < d->n; i++)
            for (size_t j = i + 1; j < d->n; j++) {
                if (shown[i] || shown[j] || fabs(d->correlation[i][j]) <= best)
                    continue;
                best = fabs(d->correlation[i][j]);
                pairs[*n][0] = i;
                pairs[*n][1] = j;
            }
        if (best < 0) return;
        shown[pairs[*n][0]] = shown[pairs[*n][1]] = true;
    }
}

static kl_status draw(kl_svg *g, const kl_study *s, kl_arena *mem, kl_error *err)
{
    draws *d = kl_arena_alloc(mem, sizeof *d);
    if (!d) return kl_fail_nomem(err);
    correlate(d, s);
    if (d->n < 2) return kl_fail(err, KL_E_DOMAIN, "the bootstrap draws do not vary");
    size_t pairs[2][2], n_pairs;
    choose_pairs(pairs, &n_pairs, d);
    kl_status status = KL_OK;
    for (size_t k = 0; k < n_pairs && !status; k++) {
        kl_panel p = {.svg = g,
                      .left = 86,
                      .top = 24 + (double)k * 206,
                      .width = 290,
                      .height = 144};
        status = draw_pair(&p, d, s, pairs[k], mem, err);
    }
    draw_map(g, d, s, 508);
    g->width = 760;
    g->height = n_pairs > 1 ? 430 : 330;
    kl_text_addf(&g->about,
                 "Parameters over %zu bootstrap draws: the most correlated pairs "
                 "(diamond: the fit) and all correlations",
                 kl_fit_get_n_draws(s->fit));
    kl_text_addf(&g->about,
                 "; %s and %s have %s. Parameters that move together are known "
                 "worse singly than the law's values are.",
                 name_of(d, s, pairs[0][0]), name_of(d, s, pairs[0][1]),
                 kl_format(d->correlation[pairs[0][0]][pairs[0][1]], 2).s);
    return status;
}

const kl_figure kl_figure_draws = {
    .name = "draws", .title = "Bootstrap draws", .applies = applies, .draw = draw};

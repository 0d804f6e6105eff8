/* figure_contours.c - lines of equal target over the pair of inputs, and the efficient
 * frontier: at each cost, where the law is least. */
#include "report/figure.h"

#include "base/fail.h"
#include "report/contour.h"
#include "report/rounding.h"
#include "report/frontier.h"
#include "report/place.h"
#include "report/scatter.h"
#include "report/style.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SIDE = 90, MAX_LEVELS = 11, MAX_GUIDES = 8, MAX_AVOIDED = 1000 };

static bool applies(const kl_study *s)
{
    return s->has_pair;
}

static kl_status evaluate(kl_grid *grid, const kl_panel *p, const kl_study *s,
                          kl_arena *mem, kl_error *err)
{
    kl_probe probe;
    kl_frame *frame = NULL;
    double *u = kl_arena_doubles(mem, SIDE), *x = kl_arena_doubles(mem, SIDE);
    double *y = kl_arena_doubles(mem, SIDE), *z = kl_arena_doubles(mem, SIDE * SIDE);
    kl_status status = kl_probe_new(&probe, s, SIDE * SIDE, mem, err);
    if (!u || !x || !y || !z) status = kl_fail_nomem(err);
    if (status) return status;
    kl_span_fill(u, SIDE, 0, 1, false);
    kl_span_fill(x, SIDE, p->x.lo, p->x.hi, p->x.log);
    kl_span_fill(y, SIDE, p->y.lo, p->y.hi, p->y.log);
    for (size_t k = 0; k < SIDE * SIDE; k++) {
        probe.inputs[s->x][k] = x[k % SIDE];
        probe.inputs[s->y][k] = y[k / SIDE];
    }
    *grid = (kl_grid){.nx = SIDE, .ny = SIDE, .x = u, .y = u, .z = z};
    status = kl_probe_frame(&frame, s->program, &probe, err);
    if (!status) status = kl_frame_values(frame, kl_fit_get_theta(s->fit), z, err);
    kl_frame_free(frame);
    return status;
}

/* Decimals that show every level as it is. */
static int places_of(const double *levels, size_t n)
{
    for (int places = 0; places < 6; places++) {
        const double unit = pow(10, -places);
        size_t exact = 0;
        for (size_t i = 0; i < n; i++)
            exact += fabs(levels[i] - round(levels[i] / unit) * unit) < 1e-3 * unit;
        if (exact == n) return places;
    }
    return 6;
}

static kl_status draw_levels(const kl_panel *p, const kl_grid *grid, kl_axis *scale,
                             kl_labels *labels, kl_arena *mem, kl_error *err)
{
    double levels[MAX_LEVELS];
    const size_t n_z = grid->nx * grid->ny;
    double *z = kl_arena_doubles(mem, n_z);
    kl_contour *lines = kl_arena_array(mem, MAX_LEVELS, sizeof *lines);
    if (!z || !lines) return kl_fail_nomem(err);
    memcpy(z, grid->z, n_z * sizeof *z);
    const size_t n = kl_contour_levels(levels, MAX_LEVELS, z, n_z);
    for (size_t i = 0; i < n; i++) {
        const kl_status status = kl_contour_trace(&lines[i], grid, levels[i], mem, err);
        if (status) return status;
        kl_svg_path_begin(p->svg);
        for (size_t l = 0; l < lines[i].n_lines; l++) {
            bool down = false;
            for (size_t k = 0; k < lines[i].lines[l].n; k++)
                kl_svg_path_add(
                    p->svg, kl_labels_pixels(p, lines[i].lines[l].points[k]), &down);
        }
        const double place = kl_axis_place(scale, levels[i]);
        kl_svg_path_end(p->svg, "thin", false, kl_style_viridis(place));
    }
    const int places = places_of(levels, n);
    for (size_t i = 0; i < n; i++) {
        kl_label label = kl_format_label(levels[i], 5, false);
        if (!*label.power)
            snprintf(label.head, sizeof label.head, "%s",
                     kl_format_fixed(levels[i], places).s);
        for (size_t l = 0; l < lines[i].n_lines; l++)
            kl_labels_put(labels, p, &lines[i].lines[l], &label);
    }
    return KL_OK;
}

/* Scale of colours for levels and points: the values over most of the picture. */
static kl_axis colour_scale(const kl_grid *grid, const kl_study *s, kl_arena *mem)
{
    const size_t n = grid->nx * grid->ny;
    double *z = kl_arena_doubles(mem, n);
    kl_axis scale = kl_axis_around(0, 1, false, 0);
    size_t n_finite = 0;
    for (size_t i = 0; z && i < n; i++)
        if (isfinite(grid->z[i])) z[n_finite++] = grid->z[i];
    kl_sort(z, n_finite);
    if (n_finite)
        scale = kl_axis_around(z[n_finite / 50], z[n_finite - 1 - n_finite / 20],
                               s->target.log && z[0] > 0, 0);
    scale.title = s->target.title;
    return scale;
}

/* Lines of equal cost at powers of ten. */
static kl_status draw_guides(const kl_panel *p, const kl_study *s, const kl_frontier *f,
                             kl_labels *labels, kl_arena *mem, kl_error *err)
{
    const double first = ceil(log10(f->lowest)), last = floor(log10(f->highest));
    const double stride = fmax(ceil((last - first + 1) / MAX_GUIDES), 1);
    if (!isfinite(first) || !isfinite(last)) return KL_OK;
    for (double power = first; power <= last; power += stride) {
        kl_slice slice;
        kl_probe probe;
        const double budget = pow(10, power);
        const kl_status status = kl_slice_line(&slice, &probe, s, budget, mem, err);
        if (status) return status;
        kl_panel_curve(p, "guide", KL_NO_COLOUR, slice.n, slice.x, slice.y);
        kl_polyline line = {.points =
                                kl_arena_array(mem, slice.n, sizeof *line.points)};
        if (!line.points) return kl_fail_nomem(err);
        for (size_t i = 0; i < slice.n; i++) {
            const kl_xy at = {kl_axis_place(&p->x, slice.x[i]),
                              kl_axis_place(&p->y, slice.y[i])};
            if (at.x >= 0 && at.x <= 1 && at.y >= 0 && at.y <= 1)
                line.points[line.n++] = at;
        }
        kl_label label = kl_format_label(budget, 1, false);
        snprintf(label.tail, sizeof label.tail,
                 "\xc2\xa0"
                 "FLOP");
        kl_labels_put(labels, p, &line, &label);
    }
    return KL_OK;
}

static void draw_legend(const kl_panel *p, const kl_study *s, const kl_axis *scale)
{
    kl_legend legend = {
        .svg = p->svg, .left = p->left + p->width + 22, .top = p->top + 12};
    kl_legend_add_scale(&legend, scale, 170);
    if (s->n_points) kl_legend_add(&legend, KL_KEY_DOT, KL_GREY, "runs");
    if (s->cost) {
        kl_legend_add(&legend, KL_KEY_CURVE, KL_VERMILION, "efficient frontier");
        if (s->n_points)
            kl_legend_add(&legend, KL_KEY_DASHED, KL_VERMILION, "beyond the data");
        if (s->n_draws)
            kl_legend_add_interval(&legend, KL_KEY_BAND, KL_VERMILION, s->level);
        kl_legend_add(&legend, KL_KEY_GUIDE, 0, "equal cost");
    }
    if (!isnan(s->plan_x)) kl_legend_add(&legend, KL_KEY_STAR, 0x111111, "plan");
}

static void describe(kl_text *t, const kl_study *s, const bool *shown)
{
    const char *x = s->inputs[s->x].name, *y = s->inputs[s->y].name;
    kl_text_addf(t, "Lines of equal %s over %s and %s as the fitted law has them",
                 s->target.name, x, y);
    if (s->n_points)
        kl_text_add(t, "; dots are the runs, coloured by what was observed");
    kl_text_add(t, ".");
    if (s->cost)
        kl_text_addf(t,
                     " The efficient frontier joins the points where %s is least at a "
                     "given cost; grey dashes are lines of equal cost.",
                     s->target.name);
    kl_study_tell_hidden(t, s, shown, false);
    if (!isnan(s->plan_x))
        kl_text_addf(t, " The star is the plan: %s = %s, %s = %s.", x,
                     kl_format_count(s->plan_x, 3).s, y,
                     kl_format_count(s->plan_y, 3).s);
}

/* Labels keep away from runs (unless these are everywhere), plan and frontier. */
static void avoid_all(kl_labels *labels, const kl_panel *p, const kl_study *s,
                      const kl_frontier *f)
{
    for (size_t k = 0; k < s->n_points && s->n_points <= MAX_AVOIDED; k++)
        kl_labels_avoid(labels, kl_panel_at(p, kl_study_input(s, k, s->x),
                                            kl_study_input(s, k, s->y)));
    kl_labels_avoid(labels, kl_panel_at(p, s->plan_x, s->plan_y));
    for (size_t i = 0; f && i < KL_FRONTIER; i++)
        kl_labels_avoid(labels, kl_panel_at(p, f->at[i].x, f->at[i].y));
}

static kl_status draw_runs(const kl_panel *p, const kl_study *s, const kl_axis *scale,
                           const bool *shown, kl_arena *mem, kl_error *err)
{
    double *x = kl_arena_array(mem, s->n_points, sizeof *x);
    double *y = kl_arena_array(mem, s->n_points, sizeof *y);
    double *z = kl_arena_array(mem, s->n_points, sizeof *z);
    if (!x || !y || !z) return kl_fail_nomem(err);
    for (size_t k = 0; k < s->n_points; k++) {
        x[k] = kl_study_input(s, k, s->x);
        y[k] = kl_study_input(s, k, s->y);
    }
    const kl_status status = kl_study_adjust(z, s, shown, false, err);
    if (status) return status;
    const kl_scatter how = {.by = KL_BY_SCALE, .scale = *scale, .value = z};
    kl_scatter_draw(p, s, &how, x, y);
    return KL_OK;
}

static kl_status draw(kl_svg *g, const kl_study *s, kl_arena *mem, kl_error *err)
{
    kl_grid grid;
    kl_labels labels = {0};
    g->width = 760;
    g->height = 480;
    kl_panel p = {.svg = g, .left = 78, .top = 16, .width = 500, .height = 404};
    const kl_span *x = &s->inputs[s->x], *y = &s->inputs[s->y];
    p.x = kl_span_axis(x, x->log ? 0.06 : 0, s->plan_x); /* as in figure_fit.c */
    p.y = kl_span_axis(y, y->log ? 0.06 : 0, s->plan_y);
    kl_status status = evaluate(&grid, &p, s, mem, err);
    if (!status) status = kl_labels_init(&labels, MAX_AVOIDED + KL_FRONTIER, mem, err);
    kl_frontier *f = kl_arena_alloc(mem, sizeof *f);
    bool *shown = kl_arena_array(mem, s->n_inputs, sizeof *shown);
    if ((!f || !shown) && !status) status = kl_fail_nomem(err);
    if (!status && s->cost) status = kl_frontier_find(f, &p, s, mem, err);
    if (status) return status;
    shown[s->x] = shown[s->y] = true;
    avoid_all(&labels, &p, s, s->cost ? f : NULL);
    kl_axis scale = colour_scale(&grid, s, mem);
    const bool many = s->n_points > MAX_AVOIDED; /* lines go over them, not under */
    kl_panel_begin(&p);
    if (many) status = draw_runs(&p, s, &scale, shown, mem, err);
    if (s->cost) kl_frontier_draw(&p, f);
    if (!status) status = draw_levels(&p, &grid, &scale, &labels, mem, err);
    if (!status && s->cost) status = draw_guides(&p, s, f, &labels, mem, err);
    if (!status && !many) status = draw_runs(&p, s, &scale, shown, mem, err);
    kl_labels_finish(&labels, &p);
    kl_svg_mark(g, KL_MARK_STAR, kl_panel_at(&p, s->plan_x, s->plan_y), 11, 0x111111);
    kl_panel_end(&p);
    draw_legend(&p, s, &scale);
    describe(&g->about, s, shown);
    return status;
}

const kl_figure kl_figure_contours = {.name = "contours",
                                      .title = "Contours and the efficient frontier",
                                      .applies = applies,
                                      .draw = draw};

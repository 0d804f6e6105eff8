/* figure_contours.c - lines of equal target over the pair of inputs, and the efficient
 * frontier: at each cost, where the law is least. */
#include "report/figure.h"

#include "base/fail.h"
#include "report/contour.h"
#include "report/format.h"
#include "report/scatter.h"
#include "report/slice.h"
#include "report/style.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SIDE = 90, MAX_LEVELS = 11, FRONTIER = 33, MAX_GUIDES = 8, MAX_AVOIDED = 2000,
       MAX_PLACED = 600 };

typedef struct frontier {
    size_t n_inside; /* of the FRONTIER optima, those within the data's costs */
    double lowest, highest; /* cost shown */
    kl_optimum at[FRONTIER];
} frontier;

/* Labels are drawn last, on top, away from what is in `at` (pixels). */
typedef struct obstacles {
    kl_svg labels;
    size_t n, room;
    kl_xy *at;
} obstacles;

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

/* From the grid's coordinates, 0 to 1 each way, to pixels. */
static kl_xy to_pixels(const kl_panel *p, kl_xy at)
{
    return (kl_xy){p->left + at.x * p->width, p->top + (1 - at.y) * p->height};
}

/* Room around a place: to the nearest obstacle; none closer than `half` to the frame. */
static double clearance(const kl_panel *p, const obstacles *o, kl_xy at, double half)
{
    double room = fmin(fmin(at.x - p->left, p->left + p->width - at.x),
                       fmin(at.y - p->top, p->top + p->height - at.y));
    if (room < half) return 0;
    for (size_t i = 0; i < o->n; i++) room = fmin(room, hypot(at.x - o->at[i].x, at.y - o->at[i].y));
    return room;
}

static void avoid(obstacles *o, kl_xy at)
{
    const bool known = isfinite(at.x) && isfinite(at.y);
    if (known && o->n < o->room) o->at[o->n++] = at;
}

/* The label stands on the line where there is most room, turned along it. */
static void label_line(const kl_panel *p, obstacles *o, const kl_polyline *line,
                       const kl_label *label)
{
    const double pi = 3.14159265358979323846;
    const double half = (kl_svg_text_width(label->head, 11) +
                         kl_svg_text_width(label->power, 10) +
                         kl_svg_text_width(label->tail, 11)) / 2;
    double best = 20; /* pixels */
    size_t best_k = 0;
    for (size_t k = 4; k + 4 < line->n; k++) {
        const double room = clearance(p, o, to_pixels(p, line->points[k]), half);
        if (room <= best) continue;
        best = room;
        best_k = k;
    }
    if (!best_k) return;
    const kl_xy from = to_pixels(p, line->points[best_k - 4]);
    const kl_xy to = to_pixels(p, line->points[best_k + 4]);
    kl_xy at = to_pixels(p, line->points[best_k]);
    double angle = atan2(to.y - from.y, to.x - from.x);
    if (angle > pi / 2) angle -= pi;
    if (angle < -pi / 2) angle += pi; /* never upside down */
    for (int end = -1; end <= 1; end++) /* no other label across this one */
        avoid(o, (kl_xy){at.x + end * half * cos(angle), at.y + end * half * sin(angle)});
    at.x -= 4 * sin(angle); /* from the middle of the letters to their baseline */
    at.y += 4 * cos(angle);
    kl_svg_label(&o->labels, "halo", at, KL_ANCHOR_MIDDLE, angle * 180 / pi, label);
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
                             obstacles *o, kl_arena *mem, kl_error *err)
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
                kl_svg_path_add(p->svg, to_pixels(p, lines[i].lines[l].points[k]), &down);
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
            label_line(p, o, &lines[i].lines[l], &label);
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

/* Optima at costs from below to above the data, and up to the plan. */
static kl_status find_frontier(frontier *f, const kl_panel *p, const kl_study *s,
                               kl_arena *mem, kl_error *err)
{
    double ends[2], highest = HUGE_VAL;
    kl_probe probe;
    kl_frame *frame = NULL;
    double *cost = kl_arena_array(mem, s->n_points, sizeof *cost);
    kl_status status = kl_probe_new(&probe, s, 2, mem, err);
    if (!cost) status = kl_fail_nomem(err);
    if (status) return status;
    for (int end = 0; end < 2; end++) {
        probe.inputs[s->x][end] = end ? p->x.hi : p->x.lo;
        probe.inputs[s->y][end] = end ? p->y.hi : p->y.lo;
    }
    status = kl_probe_frame(&frame, s->cost, &probe, err);
    if (!status) status = kl_frame_values(frame, kl_fit_get_theta(s->fit), ends, err);
    kl_frame_free(frame);
    if (!status) status = kl_slice_costs(cost, s, err);
    if (!status && s->n_points) {
        kl_sort(cost, s->n_points);
        highest = cost[s->n_points - 1];
    }
    f->lowest = ends[0];
    f->highest = ends[1];
    for (size_t i = 0; i < FRONTIER && !status; i++) {
        kl_slice slice;
        const double at = (double)i / (FRONTIER - 1);
        const double budget = ends[0] * exp(at * log(ends[1] / ends[0]));
        status = kl_slice_make(&slice, s, budget, mem, err);
        f->at[i] = slice.best;
        if (budget <= highest) f->n_inside = i + 1;
    }
    return status;
}

static void draw_frontier(const kl_panel *p, const frontier *f)
{
    kl_svg *g = p->svg;
    bool down = false;
    kl_svg_path_begin(g);
    for (size_t i = 0; i < FRONTIER; i++)
        if (!isnan(f->at[i].x_lo) && !isnan(f->at[i].y_hi))
            kl_svg_path_add(g, kl_panel_at(p, f->at[i].x_lo, f->at[i].y_hi), &down);
    for (size_t i = FRONTIER; i-- > 0;)
        if (!isnan(f->at[i].x_lo) && !isnan(f->at[i].y_hi))
            kl_svg_path_add(g, kl_panel_at(p, f->at[i].x_hi, f->at[i].y_lo), &down);
    kl_svg_path_end(g, "band", true, KL_VERMILION);
    for (int beyond = 0; beyond < 2; beyond++) {
        const size_t from = beyond && f->n_inside ? f->n_inside - 1 : 0;
        const size_t to = beyond ? FRONTIER : f->n_inside;
        down = false;
        kl_svg_path_begin(g);
        for (size_t i = from; i < to; i++)
            kl_svg_path_add(g, kl_panel_at(p, f->at[i].x, f->at[i].y), &down);
        kl_svg_path_end(g, beyond ? "dashed" : "curve", false, KL_VERMILION);
    }
}

/* Lines of equal cost at powers of ten. */
static kl_status draw_guides(const kl_panel *p, const kl_study *s, const frontier *f,
                             obstacles *o, kl_arena *mem, kl_error *err)
{
    const double first = ceil(log10(f->lowest)), last = floor(log10(f->highest));
    const double stride = fmax(ceil((last - first + 1) / MAX_GUIDES), 1);
    for (double power = first; power <= last; power += stride) {
        kl_slice slice;
        kl_probe probe;
        const double budget = pow(10, power);
        const kl_status status = kl_slice_line(&slice, &probe, s, budget, mem, err);
        if (status) return status;
        kl_panel_curve(p, "guide", KL_NO_COLOUR, slice.n, slice.x, slice.y);
        kl_polyline line = {.points = kl_arena_array(mem, slice.n, sizeof *line.points)};
        if (!line.points) return kl_fail_nomem(err);
        for (size_t i = 0; i < slice.n; i++) {
            const kl_xy at = {kl_axis_place(&p->x, slice.x[i]),
                              kl_axis_place(&p->y, slice.y[i])};
            if (at.x >= 0 && at.x <= 1 && at.y >= 0 && at.y <= 1)
                line.points[line.n++] = at;
        }
        kl_label label = kl_format_label(budget, 1, false);
        snprintf(label.tail, sizeof label.tail, " FLOP");
        label_line(p, o, &line, &label);
    }
    return KL_OK;
}

static void draw_legend(const kl_panel *p, const kl_study *s, const kl_axis *scale)
{
    kl_legend legend = {.svg = p->svg, .left = p->left + p->width + 22, .top = p->top + 12};
    kl_legend_add_scale(&legend, scale, 170);
    if (s->n_points) kl_legend_add(&legend, KL_KEY_DOT, KL_GREY, "runs");
    if (s->cost) {
        char level[64];
        snprintf(level, sizeof level, "%s %% interval", kl_format(100 * s->level, 3).s);
        kl_legend_add(&legend, KL_KEY_CURVE, KL_VERMILION, "efficient frontier");
        if (s->n_points)
            kl_legend_add(&legend, KL_KEY_DASHED, KL_VERMILION, "beyond the data");
        if (s->n_draws) kl_legend_add(&legend, KL_KEY_BAND, KL_VERMILION, level);
        kl_legend_add(&legend, KL_KEY_GUIDE, 0, "equal cost");
    }
    if (!isnan(s->plan_x)) kl_legend_add(&legend, KL_KEY_STAR, 0x111111, "plan");
}

static void describe(kl_text *t, const kl_study *s, const bool *shown)
{
    const char *x = s->inputs[s->x].name, *y = s->inputs[s->y].name;
    kl_text_addf(t, "Lines of equal %s over %s and %s as the fitted law has them",
                 s->target.name, x, y);
    if (s->n_points) kl_text_add(t, "; dots are the runs, coloured by what was observed");
    kl_text_add(t, ".");
    if (s->cost)
        kl_text_addf(t, " The efficient frontier joins the points where %s is least at a "
                        "given cost; grey dashes are lines of equal cost.", s->target.name);
    kl_study_tell_hidden(t, s, shown, false);
    if (!isnan(s->plan_x))
        kl_text_addf(t, " The star is the plan: %s = %s, %s = %s.", x,
                     kl_format_count(s->plan_x, 3).s, y, kl_format_count(s->plan_y, 3).s);
}

static kl_status init_obstacles(obstacles *o, const kl_panel *p, const kl_study *s,
                                kl_arena *mem, kl_error *err)
{
    o->room = MAX_AVOIDED + FRONTIER + MAX_PLACED;
    o->at = kl_arena_array(mem, o->room, sizeof *o->at);
    if (!o->at) return kl_fail_nomem(err);
    const size_t stride = s->n_points / MAX_AVOIDED + 1;
    for (size_t k = 0; k < s->n_points; k += stride)
        avoid(o, kl_panel_at(p, kl_study_input(s, k, s->x), kl_study_input(s, k, s->y)));
    avoid(o, kl_panel_at(p, s->plan_x, s->plan_y));
    return KL_OK;
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
    obstacles o = {0};
    g->width = 760;
    g->height = 480;
    kl_panel p = {.svg = g, .left = 78, .top = 16, .width = 500, .height = 404};
    p.x = kl_span_axis(&s->inputs[s->x], 0.06, s->plan_x);
    p.y = kl_span_axis(&s->inputs[s->y], 0.06, s->plan_y);
    kl_status status = evaluate(&grid, &p, s, mem, err);
    if (!status) status = init_obstacles(&o, &p, s, mem, err);
    frontier *f = kl_arena_alloc(mem, sizeof *f);
    bool *shown = kl_arena_array(mem, s->n_inputs, sizeof *shown);
    if ((!f || !shown) && !status) status = kl_fail_nomem(err);
    if (!status && s->cost) status = find_frontier(f, &p, s, mem, err);
    if (status) return status;
    shown[s->x] = shown[s->y] = true;
    for (size_t i = 0; s->cost && i < FRONTIER; i++)
        avoid(&o, kl_panel_at(&p, f->at[i].x, f->at[i].y));
    kl_axis scale = colour_scale(&grid, s, mem);
    kl_panel_begin(&p);
    if (s->cost) draw_frontier(&p, f);
    status = draw_levels(&p, &grid, &scale, &o, mem, err);
    if (!status && s->cost) status = draw_guides(&p, s, f, &o, mem, err);
    if (!status) status = draw_runs(&p, s, &scale, shown, mem, err);
    kl_text_add_bytes(&g->body, o.labels.body.data ? o.labels.body.data : "",
                      o.labels.body.length);
    if (o.labels.body.failed) g->body.failed = true;
    kl_svg_free(&o.labels);
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

/* frontier.c - optima at many costs, joined. */
#include "report/frontier.h"

#include "base/fail.h"
#include "report/style.h"

#include <math.h>

/* Cost at the panel's lower left and upper right corner. */
static kl_status corners(double cost[2], const kl_panel *p, const kl_study *s,
                         kl_arena *mem, kl_error *err)
{
    kl_probe probe;
    kl_frame *frame = NULL;
    kl_status status = kl_probe_new(&probe, s, 2, mem, err);
    for (int end = 0; end < 2 && !status; end++) {
        probe.inputs[s->x][end] = end ? p->x.hi : p->x.lo;
        probe.inputs[s->y][end] = end ? p->y.hi : p->y.lo;
    }
    if (!status) status = kl_probe_frame(&frame, s->cost, &probe, err);
    if (!status) status = kl_frame_values(frame, kl_fit_get_theta(s->fit), cost, err);
    kl_frame_free(frame);
    return status;
}

kl_status kl_frontier_find(kl_frontier *f, const kl_panel *p, const kl_study *s,
                           kl_arena *mem, kl_error *err)
{
    double ends[2], highest = HUGE_VAL;
    double *cost = kl_arena_array(mem, s->n_points, sizeof *cost);
    if (!cost) return kl_fail_nomem(err);
    kl_status status = corners(ends, p, s, mem, err);
    if (!status) status = kl_slice_costs(cost, s, err);
    if (status) return status;
    for (size_t k = 0; k < s->n_points; k++)
        highest = k ? fmax(highest, cost[k]) : cost[0];
    f->lowest = ends[0];
    f->highest = ends[1];
    f->n_inside = 0;
    for (size_t i = 0; i < KL_FRONTIER && !status; i++) {
        kl_slice slice;
        const double at = (double)i / (KL_FRONTIER - 1);
        const double budget = ends[0] * exp(at * log(ends[1] / ends[0]));
        status = kl_slice_make(&slice, s, budget, mem, err);
        f->at[i] = slice.best;
        if (budget <= highest) f->n_inside = i + 1;
    }
    return status;
}

void kl_frontier_draw(const kl_panel *p, const kl_frontier *f)
{
    kl_svg *g = p->svg;
    bool down = false;
    kl_svg_path_begin(g);
    for (size_t i = 0; i < KL_FRONTIER; i++)
        if (!isnan(f->at[i].x_lo) && !isnan(f->at[i].y_hi))
            kl_svg_path_add(g, kl_panel_at(p, f->at[i].x_lo, f->at[i].y_hi), &down);
    for (size_t i = KL_FRONTIER; i-- > 0;)
        if (!isnan(f->at[i].x_lo) && !isnan(f->at[i].y_hi))
            kl_svg_path_add(g, kl_panel_at(p, f->at[i].x_hi, f->at[i].y_lo), &down);
    kl_svg_path_end(g, "band", true, KL_VERMILION);
    for (int beyond = 0; beyond < 2; beyond++) {
        const size_t from = beyond && f->n_inside ? f->n_inside - 1 : 0;
        const size_t to = beyond ? KL_FRONTIER : f->n_inside;
        down = false;
        kl_svg_path_begin(g);
        for (size_t i = from; i < to; i++)
            kl_svg_path_add(g, kl_panel_at(p, f->at[i].x, f->at[i].y), &down);
        kl_svg_path_end(g, beyond ? "dashed" : "curve", false, KL_VERMILION);
    }
}

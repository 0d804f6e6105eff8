/*
 * contour.c - marching squares with its segments joined into lines.
 *
 * Grid edges are numbered: those along x first, then those along y. A level crosses an
 * edge at most once, and a crossed edge belongs to at most two segments (one in each
 * of its cells), so segments form paths: first those with loose ends are followed,
 * then loops.
 */
#include "report/contour.h"

#include "report/ticks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NO_EDGE = -1 };

typedef struct tracer {
    const kl_grid *grid;
    double level;
    ptrdiff_t *link; /* [2 * edge + 0/1]: the edge at the other end of a segment */
    size_t n_segments;
} tracer;

static size_t edge_along_x(const kl_grid *g, size_t i, size_t j)
{
    return j * g->nx + i;
}

static size_t edge_along_y(const kl_grid *g, size_t i, size_t j)
{
    return (g->ny + j) * g->nx + i;
}

static void join(tracer *t, size_t a, size_t b)
{
    t->n_segments++;
    t->link[2 * a + (t->link[2 * a] != NO_EDGE)] = (ptrdiff_t)b;
    t->link[2 * b + (t->link[2 * b] != NO_EDGE)] = (ptrdiff_t)a;
}

/* Segments of one cell. Corners a b (below), d c (above), counter-clockwise. */
static void march(tracer *t, size_t i, size_t j)
{
    const kl_grid *g = t->grid;
    const double a = g->z[j * g->nx + i], b = g->z[j * g->nx + i + 1];
    const double d = g->z[(j + 1) * g->nx + i], c = g->z[(j + 1) * g->nx + i + 1];
    if (!isfinite(a) || !isfinite(b) || !isfinite(c) || !isfinite(d)) return;
    const bool above[4] = {a > t->level, b > t->level, c > t->level, d > t->level};
    const size_t edges[4] = {edge_along_x(g, i, j), edge_along_y(g, i + 1, j),
                             edge_along_x(g, i, j + 1), edge_along_y(g, i, j)};
    size_t crossed[4], n = 0;
    for (size_t k = 0; k < 4; k++)
        if (above[k] != above[(k + 1) % 4]) crossed[n++] = edges[k];
    if (n == 2) join(t, crossed[0], crossed[1]);
    if (n < 4) return;
    /* saddle: the middle decides which corners are connected */
    const bool middle = (a + b + c + d) / 4 > t->level;
    const size_t shift = middle == above[0] ? 0 : 1; /* cut off b and d, or a and c */
    join(t, edges[shift], edges[shift + 1]);
    join(t, edges[shift + 2], edges[(shift + 3) % 4]);
}

static kl_xy crossing(const tracer *t, size_t edge)
{
    const kl_grid *g = t->grid;
    const bool along_x = edge < g->nx * g->ny;
    const size_t k = along_x ? edge : edge - g->nx * g->ny;
    const size_t i = k % g->nx, j = k / g->nx;
    const double from = g->z[k], to = g->z[along_x ? k + 1 : k + g->nx];
    const double at = (t->level - from) / (to - from);
    if (along_x) return (kl_xy){g->x[i] + at * (g->x[i + 1] - g->x[i]), g->y[j]};
    return (kl_xy){g->x[i], g->y[j] + at * (g->y[j + 1] - g->y[j])};
}

/* Take the segment between two edges away. */
static void cut(tracer *t, size_t a, size_t b)
{
    t->link[2 * a + (t->link[2 * a] != (ptrdiff_t)b)] = NO_EDGE;
    t->link[2 * b + (t->link[2 * b] != (ptrdiff_t)a)] = NO_EDGE;
}

static ptrdiff_t any_link(const tracer *t, size_t edge)
{
    return t->link[2 * edge] != NO_EDGE ? t->link[2 * edge] : t->link[2 * edge + 1];
}

/* Follow segments from an edge until none is left; points must have room. */
static size_t follow(tracer *t, size_t edge, kl_xy *points)
{
    size_t n = 0;
    points[n++] = crossing(t, edge);
    for (ptrdiff_t next; (next = any_link(t, edge)) != NO_EDGE; edge = (size_t)next) {
        points[n++] = crossing(t, (size_t)next);
        cut(t, edge, (size_t)next);
    }
    return n;
}

static bool is_start(const tracer *t, size_t edge, bool loops)
{
    const bool first = t->link[2 * edge] != NO_EDGE;
    const bool second = t->link[2 * edge + 1] != NO_EDGE;
    return loops ? first || second : first != second;
}

kl_status kl_contour_trace(kl_contour *out, const kl_grid *grid, double level,
                           kl_arena *mem, kl_error *err)
{
    const size_t n_edges = 2 * grid->nx * grid->ny;
    tracer t = {.grid = grid, .level = level};
    *out = (kl_contour){0};
    t.link = kl_arena_array(mem, 2 * n_edges, sizeof *t.link);
    if (!t.link) return kl_fail_nomem(err);
    for (size_t i = 0; i < 2 * n_edges; i++) t.link[i] = NO_EDGE;
    for (size_t j = 0; j + 1 < grid->ny; j++)
        for (size_t i = 0; i + 1 < grid->nx; i++) march(&t, i, j);
    /* every segment is followed once and adds a point; every line one more */
    kl_xy *points = kl_arena_array(mem, 2 * t.n_segments, sizeof *points);
    out->lines = kl_arena_array(mem, t.n_segments, sizeof *out->lines);
    if (!points || !out->lines) return kl_fail_nomem(err);
    for (int loops = 0; loops < 2; loops++)
        for (size_t e = 0; e < n_edges; e++) {
            if (!is_start(&t, e, loops)) continue;
            kl_polyline *line = &out->lines[out->n_lines++];
            line->points = points;
            line->n = follow(&t, e, points);
            points += line->n;
        }
    return KL_OK;
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

size_t kl_contour_levels(double *levels, size_t room, double *z, size_t n_z)
{
    size_t n_finite = 0, n = 0;
    for (size_t i = 0; i < n_z; i++)
        if (isfinite(z[i])) z[n_finite++] = z[i];
    qsort(z, n_finite, sizeof *z, ascending);
    for (size_t k = 1; n_finite && k <= room; k++) {
        const double at = (double)k / (double)(room + 1) * (double)(n_finite - 1);
        const double step = (double)(n_finite - 1) / (double)(room + 1);
        const double value = z[(size_t)at];
        const double gap = z[(size_t)fmin(at + step / 2, (double)(n_finite - 1))] -
                           z[(size_t)fmax(at - step / 2, 0)];
        if (!(gap > 0)) continue;
        const double unit = kl_tick_step(gap / 1.5);
        const double level = round(value / unit) * unit;
        if (!n || level > levels[n - 1] + unit / 2) levels[n++] = level;
    }
    return n;
}

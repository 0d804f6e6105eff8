/* contour.h - lines of equal value of a function on a grid, by marching squares. */
#ifndef KL_REPORT_CONTOUR_H
#define KL_REPORT_CONTOUR_H

#include "base/arena.h"
#include "report/svg.h"

/* z[j*nx + i] at (x[i], y[j]); not finite where unknown. Coordinates should be
 * those in which z is smooth: logarithms, usually. */
typedef struct kl_grid {
    size_t nx, ny; /* 2 or more */
    const double *x, *y, *z;
} kl_grid;

typedef struct kl_polyline {
    size_t n;
    kl_xy *points; /* the first again at the end if closed */
} kl_polyline;

typedef struct kl_contour {
    size_t n_lines;
    kl_polyline *lines;
} kl_contour;

/** Trace one level. Everything in *out lives in `mem`. @return KL_OK; KL_E_NOMEM. */
kl_status kl_contour_trace(kl_contour *out, const kl_grid *grid, double level,
                           kl_arena *mem, kl_error *err);

/** At most `room` well-rounded levels, ascending, so that about equal parts of the
 * values lie between them.
 * @return number of levels; sorts z. */
size_t kl_contour_levels(double *levels, size_t room, double *z, size_t n_z);

#endif

/* scatter.h - the data's points in a panel, coloured by an input or by a category. */
#ifndef KL_REPORT_SCATTER_H
#define KL_REPORT_SCATTER_H

#include "report/study.h"

/* What the points' colours mean. */
typedef enum kl_colour_by { KL_BY_NOTHING, KL_BY_SCALE, KL_BY_LEVEL } kl_colour_by;

typedef struct kl_scatter {
    kl_colour_by by;
    kl_axis scale;          /* KL_BY_SCALE: place gives the colour */
    const double *value;    /* KL_BY_SCALE: one per point */
    size_t index, n_levels; /* KL_BY_LEVEL */
} kl_scatter;

/** Colours by the law's first index, if it has one, else by nothing. */
kl_scatter kl_scatter_by_level(const kl_study *s);

/** All points (x[k], y[k]), n_points of them. */
void kl_scatter_draw(const kl_panel *p, const kl_study *s, const kl_scatter *how,
                     const double *x, const double *y);

/** Keys for the levels. */
void kl_scatter_legend(kl_legend *legend, const kl_study *s, const kl_scatter *how);

#endif

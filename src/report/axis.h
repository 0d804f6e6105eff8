/*
 * axis.h - scales and panels: from data to pixels, with axes, grid and titles.
 *
 *   kl_panel p = {.svg = g, .left = 70, .top = 20, .width = 500, .height = 340,
 *                 .x = {.lo = 1e6, .hi = 1e10, .log = true, .title = "N"}, ...};
 *   kl_panel_begin(&p);                 axes; from here on shapes are clipped
 *   kl_panel_curve(&p, ...);
 *   kl_panel_end(&p);
 */
#ifndef KL_REPORT_AXIS_H
#define KL_REPORT_AXIS_H

#include "report/svg.h"

typedef struct kl_axis {
    double lo, hi; /* lo < hi; positive if log */
    bool log;
    bool count;        /* labels with k, M, B, T */
    bool bare;         /* neither ticks nor labels */
    const char *title; /* "" for none */
} kl_axis;

typedef struct kl_panel {
    kl_svg *svg;
    const char *head;                /* above the panel; NULL for none */
    double left, top, width, height; /* pixels of the frame */
    kl_axis x, y;
} kl_panel;

/** Axis around values lo..hi with some air; equal ends and bad values are mended. */
kl_axis kl_axis_around(double lo, double hi, bool log, double air);

/** Place along the axis: 0 at lo, 1 at hi; NaN where a logarithm fails. */
double kl_axis_place(const kl_axis *axis, double value);

/** Value at a place: the inverse. */
double kl_axis_value(const kl_axis *axis, double place);

/** Pixel of a value; far outside values stop at a few panel widths. */
kl_xy kl_panel_at(const kl_panel *p, double x, double y);

void kl_panel_begin(const kl_panel *p);
void kl_panel_end(const kl_panel *p);

/** Curve through n points; NaN breaks it. */
void kl_panel_curve(const kl_panel *p, const char *class, uint32_t colour, size_t n,
                    const double *x, const double *y);

/** Area between lo and hi over x; points where either is not finite are left out. */
void kl_panel_band(const kl_panel *p, uint32_t colour, size_t n, const double *x,
                   const double *lo, const double *hi);

/** Straight line between two values. */
void kl_panel_line(const kl_panel *p, const char *class, kl_xy from, kl_xy to);

/* Column of keys to the right of a panel. Zero-initialise all but place. */
typedef struct kl_legend {
    kl_svg *svg;
    double left, top; /* of the next line */
} kl_legend;

typedef enum kl_key {
    KL_KEY_CURVE,
    KL_KEY_DASHED,
    KL_KEY_GUIDE,
    KL_KEY_BAND,
    KL_KEY_DOT,
    KL_KEY_DIAMOND,
    KL_KEY_STAR,
    KL_KEY_NONE
} kl_key;

void kl_legend_add(kl_legend *legend, kl_key key, uint32_t colour, const char *text);
void kl_legend_add_label(kl_legend *legend, kl_key key, uint32_t colour,
                         const kl_label *label);

/** Key "90 % interval". */
void kl_legend_add_interval(kl_legend *legend, kl_key key, uint32_t colour,
                            double level);

/** Scale of viridis colours for an axis's values, `height` pixels tall. */
void kl_legend_add_scale(kl_legend *legend, const kl_axis *axis, double height);

#endif

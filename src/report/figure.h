/*
 * figure.h - the figures of a report, in the order of the page.
 *
 * To add one: a file figure_<name>.c with `applies` and `draw`, and a row in figures.c.
 */
#ifndef KL_REPORT_FIGURE_H
#define KL_REPORT_FIGURE_H

#include "report/study.h"

typedef struct kl_figure {
    const char *name;  /* of the file, of ids, of links */
    const char *title; /* heading */
    bool (*applies)(const kl_study *s);
    /* Fills g: size, body and about (which is also the caption). KL_E_DOMAIN: the
     * law has no values there, the figure is left out. */
    kl_status (*draw)(kl_svg *g, const kl_study *s, kl_arena *mem, kl_error *err);
} kl_figure;

extern const kl_figure kl_figure_fit, kl_figure_observed, kl_figure_isoflop,
    kl_figure_contours, kl_figure_residuals, kl_figure_profiles, kl_figure_draws;

/** All figures; NULL ends the list. */
extern const kl_figure *const kl_figures[];

/** Draw a figure into out as SVG text, for inclusion in a page or standalone.
 * @param[out] about the caption, added */
kl_status kl_figure_write(kl_text *out, kl_text *about, const kl_figure *figure,
                          const kl_study *s, bool standalone, kl_error *err);

#endif

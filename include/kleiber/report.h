/* report.h - figures and a self-contained HTML page from a fit and perhaps a plan. */
#ifndef KLEIBER_REPORT_H
#define KLEIBER_REPORT_H

#include <kleiber/fit.h>
#include <kleiber/plan.h>
#include <kleiber/predict.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct kl_report_options {
    const char *title; /* default NULL: from the law and the table */
    double level;      /* of bands (default: 0 = the fit's) */
    size_t max_draws;  /* draws used for bands (default 200) */
} kl_report_options;

kl_report_options kl_report_options_default(void);

/**
 * The report as one HTML page: no network, no script needed.
 * @param[out] html malloc'd, owned by the caller
 * @param      plan may be NULL
 */
kl_status kl_report_to_html(char **html, const kl_fit *fit, const kl_plan *plan,
                            const kl_report_options *opt, kl_error *err);

/** Write the page to a file: to a temporary name first, then renamed. KL_E_IO. */
kl_status kl_report_write_html(const char *path, const kl_fit *fit, const kl_plan *plan,
                               const kl_report_options *opt, kl_error *err);

/** Write each figure as its own SVG file into a folder (made if absent). KL_E_IO. */
kl_status kl_report_write_figures(const char *dir, const kl_fit *fit,
                                  const kl_plan *plan, const kl_report_options *opt,
                                  kl_error *err);

#ifdef __cplusplus
}
#endif
#endif

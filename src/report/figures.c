/* figures.c - the list of figures, and how one becomes a file or a part of the page. */
#include "report/figure.h"

#include "base/fail.h"

const kl_figure *const kl_figures[] = {
    &kl_figure_fit,       &kl_figure_observed, &kl_figure_isoflop, &kl_figure_contours,
    &kl_figure_residuals, &kl_figure_profiles, &kl_figure_draws,   NULL,
};

kl_status kl_figure_write(kl_text *out, kl_text *about, const kl_figure *figure,
                          const kl_study *s, bool standalone, kl_error *err)
{
    kl_arena mem = {0};
    kl_svg g = {.id = figure->name};
    kl_status status = figure->draw(&g, s, &mem, err);
    if (!status) {
        kl_svg_finish(out, &g, figure->title, standalone);
        kl_text_add(about, g.about.data ? g.about.data : "");
        if (out->failed || about->failed) status = kl_fail_nomem(err);
    }
    kl_svg_free(&g);
    kl_arena_free(&mem);
    return status;
}

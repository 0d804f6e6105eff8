/* scatter.c - points drawn colour by colour, so that one path holds all of a colour. */
#include "report/scatter.h"

#include "report/style.h"

#include <math.h>
#include <stdio.h>

enum { SHADES = 32, MAX_KEYS = 16, MAX_RIMMED = 1000 };

kl_scatter kl_scatter_by_level(const kl_study *s)
{
    kl_scatter how = {.by = KL_BY_NOTHING};
    if (!s->n_indices) return how;
    how.by = KL_BY_LEVEL;
    how.n_levels = kl_fit_get_n_levels(s->fit, kl_law_get_index(s->law, 0));
    return how;
}

static size_t n_colours(const kl_scatter *how)
{
    return how->by == KL_BY_SCALE ? SHADES : how->by == KL_BY_LEVEL ? how->n_levels : 1;
}

static size_t colour_index(const kl_scatter *how, const kl_study *s, size_t k)
{
    if (how->by == KL_BY_LEVEL) return (size_t)kl_study_code(s, k, how->index);
    if (how->by == KL_BY_NOTHING) return 0;
    const double at = kl_axis_place(&how->scale, how->value[k]);
    return at > 0 ? (size_t)fmin(at * SHADES, SHADES - 1) : 0;
}

static uint32_t colour_of(const kl_scatter *how, size_t i)
{
    if (how->by == KL_BY_SCALE) return kl_style_viridis((double)i / (SHADES - 1));
    return kl_style_category(i, n_colours(how));
}

/* Many points are smaller. */
static double diameter(size_t n)
{
    return n > 5000 ? 3 : n > 1000 ? 4 : n > 300 ? 5.5 : 7;
}

void kl_scatter_draw(const kl_panel *p, const kl_study *s, const kl_scatter *how,
                     const double *x, const double *y)
{
    const double size = diameter(s->n_points);
    if (!s->n_points) return;
    if (s->n_points <= MAX_RIMMED) {
        kl_svg_dots_begin(p->svg);
        for (size_t k = 0; k < s->n_points; k++)
            kl_svg_dots_add(p->svg, kl_panel_at(p, x[k], y[k]));
        kl_svg_dots_end(p->svg, "rim", size + 1.6, KL_NO_COLOUR);
    }
    for (size_t c = 0; c < n_colours(how); c++) {
        size_t n = 0;
        for (size_t k = 0; k < s->n_points; k++) n += colour_index(how, s, k) == c;
        if (!n) continue;
        kl_svg_dots_begin(p->svg);
        for (size_t k = 0; k < s->n_points; k++)
            if (colour_index(how, s, k) == c)
                kl_svg_dots_add(p->svg, kl_panel_at(p, x[k], y[k]));
        kl_svg_dots_end(p->svg, "data", size, colour_of(how, c));
    }
}

void kl_scatter_legend(kl_legend *legend, const kl_study *s, const kl_scatter *how)
{
    if (how->by != KL_BY_LEVEL) return;
    const char *index = kl_law_get_index(s->law, how->index);
    for (size_t i = 0; i < how->n_levels && i < MAX_KEYS; i++)
        kl_legend_add(legend, KL_KEY_DOT, kl_style_category(i, how->n_levels),
                      kl_fit_get_level(s->fit, index, i));
    if (how->n_levels <= MAX_KEYS) return;
    char more[40];
    snprintf(more, sizeof more, "and %zu more", how->n_levels - MAX_KEYS);
    kl_legend_add(legend, KL_KEY_NONE, 0, more);
}
